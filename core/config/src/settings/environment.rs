//! What are the environments, and how are changes to them applied?

use std::collections::BTreeMap;

use core_model::resource_type::Registry;
use core_model::state::DesiredState;
use core_model::tree::{Entry, Node};
use core_model::{Diagnostic, EnvironmentId, Name, Origin, Span, TargetName, units};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::window::Window;
use super::{Origins, by_table, fitted, is_provider, table, unknown_environment};
use crate::report::Report;
use crate::section;

/// An environment of ipr.yaml, with what the commit wants in it.
#[derive(Debug, Clone)]
pub struct Environment {
    pub name: Name,
    pub id: EnvironmentId,
    /// Goes before the name of every object on a target.
    pub prefix: String,
    /// What `${env.key}` stands for, as written.
    pub values: BTreeMap<String, Node>,
    /// The target of each provider, unless a resource names another.
    pub targets: BTreeMap<String, TargetName>,
    pub apply: ApplyMode,
    pub confirm: Vec<Confirm>,
    pub approvals: Approvals,
    pub on_failure: OnFailure,
    /// Whether `ipr apply` may run from a laptop.
    pub local: bool,
    pub after: Option<Name>,
    pub soak: Option<units::Span>,
    /// When runs start, and what interrupts something; at any time where there is none.
    pub windows: Vec<Window>,
    pub drift: Option<Drift>,
    pub notify: Notify,
    pub desired: DesiredState,
    /// Where its name stands in ipr.yaml.
    pub position: Span,
}

/// When a reviewed plan is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplyMode {
    #[default]
    OnMerge,
    BeforeMerge,
    Manual,
}

/// What waits for `/apply <digest>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirm {
    Replace,
    DataLoss,
    Restart,
    Delete,
}

/// Who must approve a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Approvals {
    pub count: u32,
    pub teams: Vec<String>,
}

/// What happens when a step fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    #[default]
    Park,
    Rollback,
}

/// How drift is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    pub check: Option<units::Span>,
    pub repair: Repair,
}

/// Whether drift is repaired without a pull request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    #[default]
    Never,
}

/// Who is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Notify {
    pub failed: Vec<String>,
    pub waiting: Vec<String>,
    pub webhook: Option<String>,
}

/// The canonical values of the table.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    id: Option<EnvironmentId>,
    prefix: String,
    targets: BTreeMap<String, TargetName>,
    apply: ApplyMode,
    confirm: Vec<Confirm>,
    approvals: Approvals,
    on_failure: OnFailure,
    local: bool,
    after: Option<Name>,
    soak: Option<u64>,
    windows: Vec<Window>,
    drift: Option<GivenDrift>,
    notify: Notify,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GivenDrift {
    check: Option<u64>,
    repair: Repair,
}

pub(super) fn read(node: &Node, registry: &Registry, report: &mut Report) -> BTreeMap<Name, Environment> {
    let mut environments = BTreeMap::new();
    let mut afters = Vec::new();
    let mut ids: BTreeMap<EnvironmentId, Span> = BTreeMap::new();
    for entry in section::entries(node, "environments", report) {
        let Some(name) = section::key_name(entry, "environments", report) else { continue };
        let path = format!("environments.{name}");
        let (mut values, origins) = by_table(table::ENVIRONMENT, &entry.node, &path, report);
        without_broken_windows(&mut values);
        let environment = checked(name.clone(), entry, fitted(values));
        later(&path, &environment, &origins, report);
        providers(entry, registry, report);
        if let Some(first) = ids.insert(environment.id.clone(), environment.position.clone()) {
            report.push(
                Diagnostic::error("Id used twice", format!("`{path}` has the id `{}`, as the environment at {first} has.", environment.id))
                    .hint("give each environment an id of its own")
                    .at_origin(origins.get(&format!("{path}.id")).unwrap_or(&entry.key_origin)),
            );
        }
        afters.extend(environment.after.clone().zip(origins.get(&format!("{path}.after")).cloned()).map(|after| (name.clone(), after)));
        environments.insert(name, environment);
    }
    order(&environments, &afters, report);
    environments
}

/// What is wrong with a window is reported, and is no reason to lose the other settings.
fn without_broken_windows(values: &mut Map<String, Value>) {
    if let Some(Value::Array(windows)) = values.get_mut("windows") {
        windows.retain(|window| Window::deserialize(window).is_ok());
    }
}

fn checked(name: Name, entry: &Entry, given: Given) -> Environment {
    let milliseconds = |milliseconds| units::Span { milliseconds };
    let values = entry.node.get("values").and_then(Node::as_map).unwrap_or_default();
    // A missing id is reported; until it is there the name stands for it.
    let id = given.id.or_else(|| name.as_str().parse().ok()).expect("a name is always an environment's id too");
    Environment {
        name,
        id,
        prefix: given.prefix,
        values: values.iter().map(|value| (value.key.clone(), value.node.clone())).collect(),
        targets: given.targets,
        apply: given.apply,
        confirm: given.confirm,
        approvals: given.approvals,
        on_failure: given.on_failure,
        local: given.local,
        after: given.after,
        soak: given.soak.map(milliseconds),
        windows: given.windows,
        drift: given.drift.map(|drift| Drift { check: drift.check.map(milliseconds), repair: drift.repair }),
        notify: given.notify,
        desired: DesiredState::default(),
        position: entry.key_origin.span.clone(),
    }
}

/// What is read, checked and not acted on yet.
pub(super) const LATER: [&str; 4] = ["after", "soak", "approvals.teams", "notify.webhook"];

fn later(path: &str, environment: &Environment, origins: &Origins, report: &mut Report) {
    for key in LATER {
        if let Some(origin) = origins.get(&format!("{path}.{key}")) {
            report.not_yet(format!("`{path}.{key}` is known to the language, but this version does not act on it."), origin);
        }
    }
    if environment.apply == ApplyMode::BeforeMerge
        && let Some(origin) = origins.get(&format!("{path}.apply"))
    {
        report.not_yet(format!("`{path}.apply` is `before-merge`, which this version cannot do."), origin);
    }
}

fn providers(entry: &Entry, registry: &Registry, report: &mut Report) {
    for target in entry.node.get("targets").and_then(Node::as_map).unwrap_or_default() {
        is_provider(&target.key, registry, &target.key_origin, report);
    }
    if let Some(values) = entry.node.get("values") {
        section::entries(values, &format!("environments.{}.values", entry.key), report);
    }
}

/// `after` must name another environment, and must not lead back to where it started.
fn order(environments: &BTreeMap<Name, Environment>, afters: &[(Name, (Name, Origin))], report: &mut Report) {
    for (name, (after, origin)) in afters {
        if !environments.contains_key(after) {
            report.push(unknown_environment(after.as_str(), environments.keys(), origin));
            continue;
        }
        let mut chain = vec![name];
        let mut next = Some(after);
        while let Some(step) = next {
            if chain.contains(&step) {
                break;
            }
            chain.push(step);
            next = environments.get(step).and_then(|environment| environment.after.as_ref());
        }
        // Each environment of the circle would say the same; the first by name does.
        if next == Some(name) && chain.iter().min() == Some(&name) {
            let circle: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
            report.push(
                Diagnostic::error(
                    "Environments wait in circle",
                    format!("{} each wait for the next, and the last for the first.", circle.join(", ")),
                )
                .hint("remove one `after`")
                .at_origin(origin),
            );
        }
    }
}
