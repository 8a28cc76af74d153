//! What does ipr.yaml say? Environments, secrets by name, and targets.

mod environment;
mod secret;
mod table;
mod target;
mod window;

use std::collections::BTreeMap;

use core_model::decode::{self, Findings, LinkProblem, LinkResolver, LinkedResource};
use core_model::resource_type::{LANGUAGE_PROVIDERS, Registry};
use core_model::schema::Field;
use core_model::tree::Node;
use core_model::{Diagnostic, Name, Origin};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

pub use environment::{ApplyMode, Approvals, Confirm, Drift, Environment, Notify, OnFailure, Repair};
pub use secret::{SecretDeclaration, SecretSource};
pub use target::TargetDeclaration;
pub use window::{Window, WindowPurpose};

use crate::report::Report;
use crate::section;

/// What a commit wants, of everything.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// The random id of `ipr init`; a part of every marker.
    pub owner_id: String,
    /// The public keys that may sign records, in SSH's text form.
    pub record_keys: Vec<String>,
    pub environments: BTreeMap<Name, Environment>,
    pub secrets: BTreeMap<String, SecretDeclaration>,
    pub targets: BTreeMap<Name, TargetDeclaration>,
}

/// The tables of what may be written, each under the name of what it describes: for the page of the language.
pub fn tables() -> [(&'static str, &'static [Field]); 4] {
    [("lifecycle", crate::lifecycle::TABLE), ("environments", table::ENVIRONMENT), ("secrets", table::SECRET), ("targets", table::TARGET)]
}

/// What the language knows and this version refuses.
pub fn later() -> impl Iterator<Item = String> {
    let settings = environment::LATER.iter().map(|key| format!("environments.<name>.{key}"));
    settings.chain(["environments.<name>.apply: before-merge", "secrets.<name>.vault", "secrets.<name>.sops"].map(str::to_owned))
}

const KEYS: [&str; 6] = ["version", "owner_id", "records", "environments", "secrets", "targets"];
const OWNER_ID_LENGTH: std::ops::RangeInclusive<usize> = 4..=40;

/// Reads ipr.yaml. Environments and secrets with mistakes are kept by name, so that nothing that names them is reported too.
pub(crate) fn read(root: &Node, registry: &Registry, report: &mut Report) -> Repository {
    if !section::is_map(root, report) {
        return Repository::default();
    }
    section::only(section::entries(root, "", report), &KEYS, "", report);
    section::version(root, report);
    let targets = root.get("targets").map(|node| target::read(node, registry, report)).unwrap_or_default();
    let environments = section::required(root, "environments", "", "It lists the environments by name.", report);
    let environments = environments.map(|node| environment::read(node, registry, report)).unwrap_or_default();
    let names: Vec<&Name> = environments.keys().collect();
    let secrets = root.get("secrets").map(|node| secret::read(node, &names, report)).unwrap_or_default();
    Repository { owner_id: owner_id(root, report).unwrap_or_default(), record_keys: record_keys(root, report), environments, secrets, targets }
}

fn owner_id(root: &Node, report: &mut Report) -> Option<String> {
    let meaning = "It tells the objects of this repository from those of others; `ipr init` makes one.";
    let node = section::required(root, "owner_id", "", meaning, report)?;
    let text = section::text(node, "owner_id", report)?;
    let is_id = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) && OWNER_ID_LENGTH.contains(&text.len());
    if !is_id {
        report.push(
            section::wrong_value("owner_id", text, &"is not made of 4 to 40 lower-case letters and digits", &node.origin)
                .hint("`ipr init` writes one, for example 6f0c2a9e"),
        );
    }
    is_id.then(|| text.to_owned())
}

fn record_keys(root: &Node, report: &mut Report) -> Vec<String> {
    let Some(node) = root.get("records") else { return Vec::new() };
    let (values, _) = by_table(table::RECORDS, node, "records", report);
    values.get("keys").cloned().and_then(|keys| serde_json::from_value(keys).ok()).unwrap_or_default()
}

/// Where the fields of a map of ipr.yaml were set.
struct Origins(Vec<(String, Origin)>);

impl Origins {
    fn get(&self, path: &str) -> Option<&Origin> {
        self.0.iter().find(|(set, _)| set == path).map(|(_, origin)| origin)
    }
}

fn by_table(fields: &[Field], node: &Node, path: &str, report: &mut Report) -> (Map<String, Value>, Origins) {
    let mut findings = Findings::default();
    let values = decode::decode(fields, node, path, &NoLinks, &mut findings);
    report.extend(findings.diagnostics);
    (values, Origins(findings.origins))
}

/// Values of wrong fields are left out of `values`, and reported; what is left always fits, or stands for its default.
fn fitted<T: DeserializeOwned + Default>(values: Map<String, Value>) -> T {
    serde_json::from_value(Value::Object(values)).unwrap_or_default()
}

/// No table of ipr.yaml has a link.
struct NoLinks;

impl LinkResolver for NoLinks {
    fn resolve(&self, _text: &str, _types: &[&str]) -> Result<LinkedResource, LinkProblem> {
        Err(LinkProblem { detail: "No resource can be named here.".to_owned(), hint: None })
    }
}

/// Whether the language knows a provider. Reported if not.
pub(crate) fn is_provider(text: &str, registry: &Registry, origin: &Origin, report: &mut Report) -> bool {
    let mut known = registry.providers();
    known.extend(LANGUAGE_PROVIDERS.iter().filter(|name| !registry.providers().contains(name)));
    if known.contains(&text) {
        return true;
    }
    let hint = match core_model::diagnostic::nearest(text, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known providers: {}", known.join(", ")),
    };
    report.push(Diagnostic::error("Unknown provider", format!("No provider is called `{text}`.")).hint(hint).at_origin(origin));
    false
}

/// The message for a name that is not that of an environment.
pub(crate) fn unknown_environment<'a>(text: &str, known: impl IntoIterator<Item = &'a Name>, origin: &Origin) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().map(Name::as_str).collect();
    let hint = match core_model::diagnostic::nearest(text, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("ipr.yaml lists: {}", known.join(", ")),
    };
    Diagnostic::error("Unknown environment", format!("ipr.yaml has no environment `{text}`.")).hint(hint).at_origin(origin)
}
