//! How long do loading, observing and planning take, once, in a process that has done none of them before?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use core_config::{Environment, Loaded};
use core_model::plan::{Pin, Plan};
use core_model::record::AppliedResource;
use core_model::resource_type::Registry;
use core_model::seal::{SecretSource, seal};
use core_model::state::{AppliedState, DesiredState, ObservedState, TargetObservation};
use core_model::{Address, FingerprintKey, Secret, TargetName};
use core_planner::Inputs;
use engine_api::{Engine as _, ObserveScope, Wanted};
use engine_fake::{Fake, FakeTarget, types};
use serde_json::json;

use crate::repository;
use crate::stopwatch::{Lap, Stopwatch};

const OWNER_ID: &str = "c0ffee01";
const TARGET: &str = "lab";

/// The repository uses no secret.
struct NoSecrets;

impl SecretSource for NoSecrets {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        Err(format!("there is no secret `{name}`"))
    }
}

/// The times of one measurement.
pub(crate) struct Times {
    /// Text to desired state, for the commit that is planned.
    pub(crate) load: Lap,
    /// Asking the engine, which holds everything in memory.
    pub(crate) observe: Lap,
    /// Scope, pins, sealing and the plan itself.
    pub(crate) plan: Lap,
    /// The commit it is compared with, loaded second.
    pub(crate) load_base: Lap,
}

impl Times {
    pub(crate) fn from_json(text: &str) -> anyhow::Result<Self> {
        let [load, observe, plan, load_base]: [[u64; 2]; 4] = serde_json::from_str(text).with_context(|| format!("a measurement said `{text}`"))?;
        let [load, observe, plan, load_base] = [load, observe, plan, load_base].map(Lap::from_nanoseconds);
        Ok(Self { load, observe, plan, load_base })
    }

    /// What the goals speak of.
    pub(crate) fn total(&self) -> Lap {
        self.load + self.observe + self.plan
    }
}

/// What the record of a repository without changes holds, as JSON.
pub(crate) fn recorded(resources: usize) -> anyhow::Result<String> {
    let registry = Registry::new(types());
    let base = environment(core_config::load(&repository::files(resources, 0), &registry))?;
    let nothing = AppliedState::default();
    let merge = pinned(&base.desired, &registry, &nothing)?;
    let observation = TargetObservation { identity: "fake-memory".to_owned(), objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
    let observed = ObservedState { targets: BTreeMap::from([(target()?, Ok(observation))]) };
    let scope = merge.resources.keys().cloned().collect();
    let plan = planned(&base, &scope, [&DesiredState::default(), &merge], &nothing, &observed);
    anyhow::ensure!(plan.problems.is_empty(), "the plan of the sample has problems: {:?}", plan.problems.first());
    anyhow::ensure!(plan.after.len() == resources, "the sample has {} resources, not {resources}", plan.after.len());
    Ok(serde_json::to_string(&plan.after)?)
}

/// Measures once and prints the times as JSON.
pub(crate) fn measure(resources: usize, recorded: &Path) -> anyhow::Result<()> {
    let registry = Registry::new(types());
    let [merge_files, base_files] = [repository::changed(resources), 0].map(|changed| repository::files(resources, changed));
    let applied = applied(recorded)?;

    let stopwatch = Stopwatch::start();
    let loaded = core_config::load(&merge_files, &registry);
    let load = stopwatch.lap();
    let merge = environment(loaded)?;

    let stopwatch = Stopwatch::start();
    let base = core_config::load(&base_files, &registry);
    let load_base = stopwatch.lap();
    let base = environment(base)?;

    let fake = FakeTarget::memory();
    fake.restore(OWNER_ID, &merge.id, applied.resources.values());
    let runtime = tokio::runtime::Builder::new_current_thread().build().context("could not start a runtime")?;
    let stopwatch = Stopwatch::start();
    let observed = runtime.block_on(observed(&Fake::new(fake), &merge, &applied))?;
    let observe = stopwatch.lap();

    let stopwatch = Stopwatch::start();
    let scope = core_planner::scope(&base.desired, &merge.desired);
    let [wanted_base, wanted] = [sealed(base.desired.clone())?, sealed(pinned(&merge.desired, &registry, &applied)?)?];
    let plan = planned(&merge, &scope, [&wanted_base, &wanted], &applied, &observed);
    let times = [load, observe, stopwatch.lap(), load_base].map(Lap::as_nanoseconds);

    anyhow::ensure!(plan.problems.is_empty() && plan.unknown.is_empty(), "the plan has problems: {:?}", plan.problems.first());
    anyhow::ensure!(plan.drift.is_empty() && plan.pending.is_empty(), "the plan shows drift: {:?}", plan.drift.first());
    anyhow::ensure!(plan.steps.len() == repository::changed(resources), "{resources} resources gave {} steps", plan.steps.len());
    println!("{}", json!(times));
    Ok(())
}

fn target() -> anyhow::Result<TargetName> {
    TARGET.parse().context("the name of the target is no name")
}

fn applied(recorded: &Path) -> anyhow::Result<AppliedState> {
    let text = std::fs::read(recorded).context("could not read the recorded state")?;
    let resources: Vec<AppliedResource> = serde_json::from_slice(&text).context("could not understand the recorded state")?;
    Ok(AppliedState { resources: resources.into_iter().map(|resource| (resource.address.clone(), resource)).collect(), targets: BTreeMap::new() })
}

fn environment(mut loaded: Loaded) -> anyhow::Result<Environment> {
    anyhow::ensure!(loaded.is_plannable(), "the sample has mistakes: {:?}", loaded.diagnostics.first());
    loaded.repository.environments.pop_first().map(|(_, environment)| environment).context("the sample has no environment")
}

async fn observed(engine: &Fake, environment: &Environment, applied: &AppliedState) -> anyhow::Result<ObservedState> {
    let states = [&environment.desired];
    let mut observed = ObservedState::default();
    for (target, objects) in core_planner::wanted(&states, applied, &BTreeSet::new()) {
        let wanted = objects.into_iter().map(|(type_name, object)| Wanted { type_name, object }).collect();
        let scope = ObserveScope { owner_id: OWNER_ID.to_owned(), environment: Some(environment.id.clone()), wanted, ..ObserveScope::default() };
        observed.targets.insert(target, Ok(engine.observe(&scope).await?));
    }
    core_planner::seal_observed(&mut observed, &core_planner::sensitive_objects(&states, applied), &key());
    Ok(observed)
}

fn key() -> FingerprintKey {
    FingerprintKey::new("k1", Secret::new("a key of the benchmark"))
}

fn sealed(mut state: DesiredState) -> anyhow::Result<DesiredState> {
    for resource in state.resources.values_mut().filter(|resource| !resource.sensitive.is_empty()) {
        resource.values = seal(&resource.values, &resource.sensitive, &key(), &NoSecrets).map_err(anyhow::Error::msg)?;
    }
    Ok(state)
}

/// Answers every question: from the record, or with a digest that follows from the text.
fn pinned(state: &DesiredState, registry: &Registry, applied: &AppliedState) -> anyhow::Result<DesiredState> {
    let mut pinned = state.clone();
    for (address, question, _) in core_planner::questions(state, registry) {
        let invented = || format!("sha256:{}", core_model::Hash::of_bytes(question.text.as_bytes()).as_str());
        let answer = core_planner::answered(applied, &address, &question.path, &question.text).unwrap_or_else(invented);
        let resource = pinned.resources.get_mut(&address).context("a question of nobody")?;
        core_planner::pin(resource, registry, &BTreeMap::from([(question.path, Pin { question: question.text, answer })]));
    }
    Ok(pinned)
}

fn planned(
    environment: &Environment,
    scope: &BTreeSet<Address>,
    [base, merge]: [&DesiredState; 2],
    applied: &AppliedState,
    observed: &ObservedState,
) -> Plan {
    core_planner::plan(&Inputs {
        environment: &environment.id,
        owner_id: OWNER_ID,
        scope,
        base,
        merge,
        applied,
        observed,
        registry: &Registry::new(types()),
        retired: &BTreeSet::new(),
    })
}
