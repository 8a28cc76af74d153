//! What is planned? A fleet of equal machines over three nodes: its blueprints, its record, and the same on the cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::Context as _;
use core_config::Files;
use core_model::EnvironmentId;
use core_model::plan::{Pin, Plan};
use core_model::resource_type::Registry;
use core_model::state::{AppliedState, DesiredState, ObservedState, TargetObservation};
use core_planner::Inputs;
use engine_api::{Engine, ObserveScope, Wanted};
use engine_proxmox::types;

use super::lab::{Lab, NODES, TEMPLATE_FIRST, template_on};

pub(crate) const OWNER_ID: &str = "c0ffee01";
const ENVIRONMENT: &str = "lab";
const PER_BLUEPRINT: usize = 100;
const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  lab: {id: lab, targets: {proxmox: pve}}
"#;
/// Where the numbers of machines begin that are put on the cluster without a call.
const VMID_FIRST: u32 = 100_000;

/// So many machines; the first `changed` have more processors.
pub(crate) fn desired(machines: usize, changed: usize) -> anyhow::Result<DesiredState> {
    let mut blueprints: BTreeMap<usize, String> = BTreeMap::new();
    for place in 0..machines {
        let blueprint = place / PER_BLUEPRINT;
        let text = blueprints.entry(blueprint).or_insert_with(|| format!("version: \"1.0\"\nname: fleet-{blueprint}\nresources:\n"));
        let (cpu, node) = (if place < changed { 4 } else { 2 }, node_of(place));
        let specs = format!("{{cpu: {cpu}, memory: 2GB, os: {}}}", template_on(node));
        writeln!(text, "  - {{type: compute, name: {}, provider: proxmox, specs: {specs}, metadata: {{node: {node}}}}}", name(place))?;
    }
    let mut files: Files = blueprints.into_iter().map(|(number, text)| (format!("blueprints/fleet-{number}.yaml"), text.into_bytes())).collect();
    files.insert("ipr.yaml".to_owned(), SETTINGS.as_bytes().to_vec());
    let registry = Registry::new(types());
    let mut loaded = core_config::load(&files, &registry);
    anyhow::ensure!(loaded.is_plannable(), "the fleet has mistakes: {:?}", loaded.diagnostics.first());
    let mut state = loaded.repository.environments.pop_first().context("the fleet has no environment")?.1.desired;
    for (address, question, _) in core_planner::questions(&state.clone(), &registry) {
        let number = (TEMPLATE_FIRST..).zip(NODES).find(|(_, node)| question.text == template_on(node)).context("a question of nobody")?.0;
        let pin = Pin { question: question.text, answer: format!("template:{number}") };
        let resource = state.resources.get_mut(&address).context("a question of nobody")?;
        core_planner::pin(resource, &registry, &BTreeMap::from([(question.path, pin)]));
    }
    Ok(state)
}

/// What a plan starts from.
pub(crate) struct Before {
    pub(crate) base: DesiredState,
    pub(crate) applied: AppliedState,
}

impl Before {
    /// Nothing was ever applied.
    pub(crate) fn nothing() -> Self {
        Self { base: DesiredState::default(), applied: AppliedState::default() }
    }

    /// The whole fleet was applied.
    pub(crate) fn all_of(machines: usize) -> anyhow::Result<Self> {
        let base = desired(machines, 0)?;
        let plan = Self::nothing().plan(&base, &nothing_there()?)?;
        let resources = plan.after.into_iter().map(|after| (after.address.clone(), after)).collect();
        Ok(Self { base, applied: AppliedState { resources, targets: plan.targets } })
    }

    /// What the daemon would look at: closely at what may differ, and at the rest with a glance.
    pub(crate) fn scope(&self, merge: &DesiredState) -> anyhow::Result<ObserveScope> {
        let states = [&self.base, merge];
        let closely = core_planner::closely(&core_planner::scope(&self.base, merge), merge, &self.applied);
        let wanted = core_planner::wanted(&states, &self.applied, &BTreeSet::new());
        let shallow = core_planner::shallow(&wanted, &states, &self.applied, &closely);
        let objects = |by_target: BTreeMap<_, BTreeSet<(String, String)>>| {
            by_target.into_values().flatten().map(|(type_name, object)| Wanted { type_name, object })
        };
        Ok(ObserveScope {
            owner_id: OWNER_ID.to_owned(),
            environment: Some(environment()?),
            shallow: objects(shallow).collect(),
            wanted: objects(wanted).collect(),
            ..ObserveScope::default()
        })
    }

    pub(crate) async fn observe(&self, engine: &dyn Engine, merge: &DesiredState) -> anyhow::Result<ObservedState> {
        seen(engine.observe(&self.scope(merge)?).await?)
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
        anyhow::ensure!(
            plan.problems.is_empty() && plan.unknown.is_empty(),
            "the plan has problems: {:?} {:?}",
            plan.problems.first(),
            plan.unknown.first()
        );
        anyhow::ensure!(plan.drift.is_empty() && plan.pending.is_empty(), "the plan shows drift: {:?}", plan.drift.first());
        Ok(plan)
    }
}

/// Puts the fleet on the cluster without a call for each: the engine made one machine, and the others are like it.
pub(crate) fn multiply(lab: &Lab, machines: usize) -> anyhow::Result<()> {
    lab.cluster.change(|world| {
        let pattern = world.guests.iter().find(|(_, guest)| guest.name() == name(0)).map(|(vmid, guest)| (*vmid, guest.clone()));
        let (number, pattern) = pattern.context("the pattern of the fleet was not made")?;
        world.guests.remove(&number);
        for (vmid, place) in (VMID_FIRST..).zip(0..machines) {
            let mut guest = pattern.clone();
            let replaced = |text: &String| {
                let text = text.replace(&format!("fleet-0.{}", name(0)), &format!("fleet-{}.{}", place / PER_BLUEPRINT, name(place)));
                text.replace(&name(0), &name(place)).replace(&number.to_string(), &vmid.to_string())
            };
            guest.config.values_mut().for_each(|text| *text = replaced(text));
            if let Some(running) = &mut guest.running {
                running.config.clone_from(&guest.config);
            }
            node_of(place).clone_into(&mut guest.node);
            world.guests.insert(vmid, guest);
        }
        Ok(())
    })
}

fn node_of(place: usize) -> &'static str {
    NODES[place % NODES.len()]
}

pub(crate) fn name(place: usize) -> String {
    format!("vm-{place:05}")
}

fn environment() -> anyhow::Result<EnvironmentId> {
    ENVIRONMENT.parse().context("the environment's name is no name")
}

/// The cluster without any guest of ours.
pub(crate) fn nothing_there() -> anyhow::Result<ObservedState> {
    seen(TargetObservation { identity: "cluster lab".to_owned(), objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() })
}

/// What was observed on the one target.
pub(crate) fn seen(observation: TargetObservation) -> anyhow::Result<ObservedState> {
    Ok(ObservedState { targets: [("pve".parse().context("the name of the target is no name")?, Ok(observation))].into() })
}
