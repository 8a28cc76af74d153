//! What is planned? A chain with many rules and a list with many addresses: their blueprints, their record, and the same on the router.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Context as _;
use core_config::Files;
use core_model::EnvironmentId;
use core_model::plan::Plan;
use core_model::resource_type::Registry;
use core_model::state::{AppliedState, DesiredState, ObservedState, TargetObservation};
use core_planner::Inputs;
use engine_api::{Engine, ObserveScope, Wanted};
use engine_mikrotik::types;
use test_sim_routeros::Router;

pub(crate) const OWNER_ID: &str = "c0ffee01";
pub(crate) const RULES: usize = 5_000;
pub(crate) const ADDRESSES: usize = 20_000;
const ENVIRONMENT: &str = "lab";
const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  lab: {id: lab, targets: {mikrotik: edge}}
"#;

fn destination(place: usize) -> String {
    format!("10.{}.{}.{}", place >> 16, (place >> 8) & 0xFF, place & 0xFF)
}

/// The port of a rule; those of the first `changed` are others.
fn port(place: usize, changed: usize) -> usize {
    if place < changed { 8443 } else { 443 }
}

/// An address of the list; the first `changed` are others.
fn listed(place: usize, changed: usize) -> String {
    format!("{}.{}.{}.7", if place < changed { 198 } else { 100 }, place >> 8, place & 0xFF)
}

/// Both lists; the first `changed` entries of each have changed.
pub(crate) fn desired(changed: usize) -> anyhow::Result<DesiredState> {
    let head = |name: &str| format!("version: \"1.0\"\nname: {name}\nresources:\n");
    let mut rules = head("rules");
    writeln!(rules, "  - type: firewall\n    name: guard\n    provider: mikrotik\n    specs:\n      chain: forward\n      rules:")?;
    for place in 0..RULES {
        let (to, port) = (destination(place), port(place, changed));
        writeln!(rules, "        - {{name: r{place:05}, action: accept, protocol: tcp, to: {to}, ports: [{port}]}}")?;
    }
    let mut list = head("lists");
    writeln!(list, "  - type: address-list\n    name: blocked\n    provider: mikrotik\n    specs:\n      addresses:")?;
    for place in 0..ADDRESSES {
        writeln!(list, "        - {}", listed(place, changed))?;
    }
    let files = Files::from([
        ("ipr.yaml".to_owned(), SETTINGS.as_bytes().to_vec()),
        ("blueprints/rules.yaml".to_owned(), rules.into_bytes()),
        ("blueprints/lists.yaml".to_owned(), list.into_bytes()),
    ]);
    let mut loaded = core_config::load(&files, &Registry::new(types()));
    anyhow::ensure!(loaded.is_plannable(), "the lists have mistakes: {:?}", loaded.diagnostics.first());
    Ok(loaded.repository.environments.pop_first().context("the lists have no environment")?.1.desired)
}

/// Puts both lists on the router as the engine would have made them, without a call for each entry.
pub(crate) fn furnish(router: &Router) -> anyhow::Result<()> {
    let rule = |slot: &str, values: &[(&str, &str)]| {
        let comment = format!("ipr:{OWNER_ID}/{ENVIRONMENT}/rules.guard#{slot}");
        router.add("/ip/firewall/filter", &[&[("chain", "forward"), ("comment", comment.as_str())], values].concat()).map(drop)
    };
    rule("<", &[("action", "passthrough"), ("disabled", "yes")])?;
    for place in 0..RULES {
        let (to, port) = (destination(place), port(place, 0).to_string());
        rule(&format!("r{place:05}"), &[("action", "accept"), ("protocol", "tcp"), ("dst-address", &to), ("dst-port", &port)])?;
    }
    rule(">", &[("action", "passthrough"), ("disabled", "yes")])?;
    for place in 0..ADDRESSES {
        let address = listed(place, 0);
        let comment = format!("ipr:{OWNER_ID}/{ENVIRONMENT}/lists.blocked#{address}");
        router.add("/ip/firewall/address-list", &[("list", "blocked"), ("address", &address), ("comment", &comment)])?;
    }
    Ok(())
}

/// What a plan starts from: both lists were applied.
pub(crate) struct Before {
    base: DesiredState,
    applied: AppliedState,
}

impl Before {
    pub(crate) async fn all(engine: &dyn Engine) -> anyhow::Result<Self> {
        let base = desired(0)?;
        let identity = engine.probe().await?.identity;
        let nothing = TargetObservation { identity, objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
        let empty = Self { base: DesiredState::default(), applied: AppliedState::default() };
        let plan = empty.plan(&base, &seen(nothing)?)?;
        let resources = plan.after.into_iter().map(|after| (after.address.clone(), after)).collect();
        Ok(Self { base, applied: AppliedState { resources, targets: plan.targets } })
    }

    /// What the daemon would look at.
    pub(crate) fn scope(&self, merge: &DesiredState) -> anyhow::Result<ObserveScope> {
        let states = [&self.base, merge];
        let wanted = |(type_name, object)| Wanted { type_name, object };
        let mut found = core_planner::wanted(&states, &self.applied, &BTreeSet::new());
        let (target, objects) = found.pop_first().context("no target is wanted")?;
        let places = core_planner::places(&states, &self.applied, &Registry::new(types())).remove(&target).unwrap_or_default();
        Ok(ObserveScope {
            owner_id: OWNER_ID.to_owned(),
            environment: Some(environment()?),
            wanted: objects.into_iter().map(wanted).collect(),
            places: places.into_iter().map(|(object, places)| (wanted(object), places)).collect(),
            shallow: BTreeSet::new(),
        })
    }

    pub(crate) fn plan(&self, merge: &DesiredState, observed: &ObservedState) -> anyhow::Result<Plan> {
        let plan = core_planner::plan(&Inputs {
            environment: &environment()?,
            owner_id: OWNER_ID,
            scope: &core_planner::scope(&self.base, merge),
            base: &self.base,
            merge,
            applied: &self.applied,
            observed,
            registry: &Registry::new(types()),
            retired: &BTreeSet::new(),
        });
        let aside = plan.problems.is_empty() && plan.unknown.is_empty() && plan.drift.is_empty() && plan.pending.is_empty();
        anyhow::ensure!(aside, "the plan has more than what changed: {:?} {:?}", plan.problems.first(), plan.drift.first());
        Ok(plan)
    }
}

fn environment() -> anyhow::Result<EnvironmentId> {
    ENVIRONMENT.parse().context("the environment's name is no name")
}

/// What was observed on the one target.
pub(crate) fn seen(observation: TargetObservation) -> anyhow::Result<ObservedState> {
    let target = "edge".parse().context("the name of the target is no name")?;
    Ok(ObservedState { targets: BTreeMap::from([(target, Ok(observation))]) })
}
