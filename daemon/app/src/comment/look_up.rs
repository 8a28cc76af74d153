//! How does an answer from records and blueprints read? One line for each thing, with its link.

use core_model::Address;
use core_model::plan::Action;
use core_model::record::Run;
use core_model::resource_type::Registry;
use core_model::state::DesiredResource;
use serde_json::Value;

use super::markdown::{code, counted, listed, prose};
use super::value::{self, Facts};

const FIELDS_MAX: usize = 8;
const NAMES_MAX: usize = 20;

/// A change that a record tells of.
pub struct Changed<'a> {
    pub environment: &'a str,
    pub address: &'a Address,
    pub action: Action,
    pub fields: Vec<&'a str>,
    /// Who wanted it, as far as anybody knows.
    pub askers: &'a [String],
    pub run: &'a Run,
    pub record: &'a str,
    pub url: &'a str,
}

pub fn changed(view: &Changed<'_>) -> String {
    let fields: Vec<String> = view.fields.iter().take(FIELDS_MAX).map(|field| code(field)).collect();
    let of = if fields.is_empty() || view.action != Action::Update { String::new() } else { format!(" of {}", listed(&fields)) };
    let asked: Vec<String> = view.askers.iter().map(|login| code(login)).collect();
    let asked = if asked.is_empty() { String::new() } else { format!(", asked for by {}", listed(&asked)) };
    let pull = view.run.pull_request.map(|number| format!(" in #{number}")).unwrap_or_default();
    let people: Vec<String> = view.run.approvals.iter().map(|approval| code(&approval.login)).collect();
    let approved = if people.is_empty() { String::new() } else { format!(", approved by {}", listed(&people)) };
    format!(
        "- {} in {}: {}{of}{pull}{asked}{approved}, applied {} ({})",
        code(&view.address.to_string()),
        prose(view.environment),
        view.action.word(),
        code(&view.run.at),
        record_link(view.record, view.url),
    )
}

pub fn never_changed(environment: &str) -> String {
    format!("- {}: the records tell of no such change.", prose(environment))
}

/// How an environment, or one resource of it, stands.
pub struct Standing<'a> {
    pub environment: &'a str,
    pub address: Option<&'a Address>,
    pub is_wanted: bool,
    pub is_applied: bool,
    pub resources: usize,
    pub run: &'a Run,
    pub record: &'a str,
    pub url: &'a str,
}

pub fn standing(view: &Standing<'_>) -> String {
    let waiting = match view.run.parked.len() {
        0 => "nothing waits".to_owned(),
        1 => "1 merge waits for a person".to_owned(),
        count => format!("{count} merges wait for a person"),
    };
    let link = record_link(view.record, view.url);
    let Some(address) = view.address else {
        return format!("- {}: {} applied, {waiting}; the newest record is {link}.", prose(view.environment), counted(view.resources, "resource"));
    };
    let state = match (view.is_wanted, view.is_applied) {
        (true, true) => "applied",
        (true, false) => "in the blueprints and not applied yet",
        (false, true) => "applied, and no longer in the blueprints",
        (false, false) => "neither in the blueprints nor applied",
    };
    format!("- {} in {}: {state}; {waiting} there; the newest record is {link}.", code(&address.to_string()), prose(view.environment))
}

pub fn no_record(environment: &str) -> String {
    format!("- {}: nothing was applied yet; there is no record.", prose(environment))
}

pub fn stopped(environment: &str, why: &str) -> String {
    format!("- {} is stopped: its records are not believed: {}.", prose(environment), prose(why))
}

pub fn not_served_here(environment: &str) -> String {
    format!("- {}: this daemon does not serve it.", prose(environment))
}

/// What the blueprints want of a resource, and where.
pub fn explained(environment: &str, resource: &DesiredResource) -> String {
    let waits: Vec<String> = resource.depends_on.iter().take(NAMES_MAX).map(|address| code(&address.to_string())).collect();
    let after = if waits.is_empty() { String::new() } else { format!(", after {}", listed(&waits)) };
    format!(
        "- {} in {}: a {} of {} on {}{after}, as {} says.",
        code(&resource.address.to_string()),
        prose(environment),
        code(&resource.type_name),
        code(&resource.provider),
        code(resource.target.as_str()),
        code(&format!("{}:{}", resource.declared_at.file, resource.declared_at.line)),
    )
}

/// `None` is a value that is not set, or that is not shown.
pub fn explained_field(environment: &str, resource: &DesiredResource, path: &str, value: Option<&Value>, registry: &Registry) -> String {
    let address = code(&resource.address.to_string());
    let at = resource.origin_of(path).span;
    let Some(value) = value else {
        return format!("- {} of {address} in {}: not set in the blueprints, or a secret.", code(path), prose(environment));
    };
    let shown = value::lines(value, Facts::of_type(registry, &resource.type_name, path)).join(" ");
    format!("- {} of {address} in {}: {}, as {} says.", code(path), prose(environment), code(&shown), code(&format!("{}:{}", at.file, at.line)))
}

pub fn explained_environment<'a>(environment: &str, addresses: impl Iterator<Item = &'a Address>) -> String {
    let names: Vec<String> = addresses.take(NAMES_MAX).map(|address| code(&address.to_string())).collect();
    format!("- {}: {}.", prose(environment), if names.is_empty() { "no resources".to_owned() } else { listed(&names) })
}

fn record_link(record: &str, url: &str) -> String {
    let short: String = record.chars().take(12).collect();
    format!("[{}]({url})", code(&short))
}
