//! A repository with one blueprint, one target and an executor between them: what the tests below begin with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use core_config::{Files, load};
use core_model::plan::{Pin, Plan};
use core_model::record::StepOutcome;
use core_model::resource_type::Registry;
use core_model::seal::{SecretSource, seal};
use core_model::state::{AppliedState, DesiredState, ObservedState};
use core_model::{EnvironmentId, FingerprintKey, Secret, TargetName};
use core_planner::Inputs;
use daemon_executor::{Engines, Executor, RunOrder, state_after, succeeded, undo};
use engine_api::contract::{HeldLease, Interruption, MemoryJournal};
use engine_api::{Engine, EngineError, ErrorKind, Lease, ObserveScope, Wanted};
use engine_fake::{Fake, FakeTarget, types};
use tokio_util::sync::CancellationToken;

const OWNER_ID: &str = "c0ffee01";
const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  prod: {id: prod, targets: {fake: lab}}
secrets:
  door: {env: DOOR}
"#;

/// The engine of the one target, or none.
struct OneEngine(Option<Arc<dyn Engine>>);

impl Engines for OneEngine {
    fn engine(&self, target: &TargetName) -> Result<Arc<dyn Engine>, EngineError> {
        let missing = || EngineError::new(ErrorKind::Rejected, format!("find the target `{target}`"), "nobody knows it");
        self.0.clone().ok_or_else(missing)
    }
}

/// One secret, `door`, whose value can change.
struct Safe(Mutex<String>);

impl SecretSource for Safe {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        assert_eq!(name, "door");
        Ok(Secret::new(self.0.lock().unwrap().as_str()))
    }
}

pub(crate) struct World {
    pub(crate) target: Arc<FakeTarget>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) cancellation: CancellationToken,
    pub(crate) lease: Box<dyn Lease>,
    pub(crate) applied: AppliedState,
    secrets: Arc<Safe>,
    base: DesiredState,
    executor: Executor,
}

/// A plan and what it was made from.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) observed: ObservedState,
    merge: DesiredState,
}

impl World {
    pub(crate) fn new() -> Self {
        let (target, journal) = (FakeTarget::memory(), Arc::new(MemoryJournal::new()));
        let secrets = Arc::new(Safe(Mutex::new("canary".to_owned())));
        let executor = Executor {
            engines: Arc::new(OneEngine(Some(Arc::new(Fake::new(target.clone()))))),
            journal: journal.clone(),
            registry: Arc::new(Registry::new(types())),
            secrets: secrets.clone(),
            fingerprint_key: FingerprintKey::new("k1", Secret::new("key")),
            owner_id: OWNER_ID.to_owned(),
        };
        let (applied, base) = (AppliedState::default(), DesiredState::default());
        Self { target, journal, cancellation: CancellationToken::new(), lease: Box::new(HeldLease), applied, secrets, base, executor }
    }

    /// A world in which a blueprint was applied. What led there is forgotten.
    pub(crate) async fn with(resources: &str) -> Self {
        let mut world = Self::new();
        let planned = world.plan(resources).await;
        let outcomes = world.run(&planned).await;
        assert!(succeeded(&outcomes), "{}", shown(&planned.plan, &outcomes));
        world.record(planned, &outcomes);
        world
    }

    /// Writes down what a run did, as a record would.
    pub(crate) fn record(&mut self, planned: Planned, outcomes: &[StepOutcome]) {
        self.applied.resources = state_after(&self.applied, &planned.plan, outcomes);
        self.applied.targets.clone_from(&planned.plan.targets);
        self.base = planned.merge;
    }

    /// Plans the lines below `resources:` of the blueprint `app`.
    pub(crate) async fn plan(&self, resources: &str) -> Planned {
        let merge = self.sealed(self.pinned(wanted(resources, &self.executor.registry)).await);
        let observed = self.observe(&[&self.base, &merge]).await;
        let scope = core_planner::scope(&self.base, &merge);
        let plan = core_planner::plan(&Inputs {
            environment: &environment(),
            owner_id: OWNER_ID,
            scope: &scope,
            base: &self.base,
            merge: &merge,
            applied: &self.applied,
            observed: &observed,
            registry: &self.executor.registry,
            retired: &Default::default(),
        });
        assert_eq!(plan.problems, [], "the plan has problems");
        Planned { plan, observed, merge }
    }

    pub(crate) async fn run(&self, planned: &Planned) -> Vec<StepOutcome> {
        self.executor.run(&self.order(planned, &planned.observed)).await
    }

    /// Plans, runs and tells what became of each step.
    pub(crate) async fn apply(&self, resources: &str) -> String {
        let planned = self.plan(resources).await;
        shown(&planned.plan, &self.run(&planned).await)
    }

    /// Looks at the target again: what a run that goes on after a crash sees.
    pub(crate) async fn look_again(&self, planned: &mut Planned) {
        planned.observed = self.observe(&[&self.base, &planned.merge]).await;
    }

    /// Undoes a run after a fresh look.
    pub(crate) async fn undo(&self, planned: &Planned, outcomes: &mut [StepOutcome]) {
        let fresh = self.observe(&[&self.base, &planned.merge]).await;
        undo(&self.executor, &self.order(planned, &fresh), outcomes).await;
    }

    /// From now on the journal goes wrong once, as `interruption` says.
    pub(crate) fn interrupt(&mut self, interruption: Interruption) {
        self.journal = Arc::new(MemoryJournal::interrupted(interruption));
        self.executor.journal = self.journal.clone();
    }

    /// Runs until the journal says that the process has ended.
    pub(crate) async fn run_until_it_ends(&self, planned: &Planned) {
        tokio::select! {
            outcomes = self.run(planned) => panic!("it went on: {}", shown(&planned.plan, &outcomes)),
            () = self.journal.stopped() => {}
        }
    }

    fn order<'a>(&'a self, planned: &'a Planned, observed: &'a ObservedState) -> RunOrder<'a> {
        let (applied, lease, cancellation) = (&self.applied, self.lease.as_ref(), &self.cancellation);
        RunOrder { run_id: "run-1", plan: &planned.plan, applied, observed, lease, cancellation }
    }

    pub(crate) fn change_the_secret(&self) {
        *self.secrets.0.lock().unwrap() = "another canary".to_owned();
    }

    /// From now on there is no engine for the target.
    pub(crate) fn lose_the_engine(&mut self) {
        self.executor.engines = Arc::new(OneEngine(None));
    }

    /// Mutating calls since the world began, oldest first.
    pub(crate) fn log(&self) -> Vec<String> {
        self.target.log().iter().map(ToString::to_string).collect()
    }

    fn engine(&self) -> Arc<dyn Engine> {
        self.executor.engines.engine(&"lab".parse().unwrap()).unwrap()
    }

    async fn pinned(&self, mut desired: DesiredState) -> DesiredState {
        for (address, question, asked) in core_planner::questions(&desired, &self.executor.registry) {
            let answer = self.engine().resolve(&asked.type_name, &asked.text).await.unwrap();
            let answers = BTreeMap::from([(question.path, Pin { question: question.text, answer })]);
            core_planner::pin(desired.resources.get_mut(&address).unwrap(), &self.executor.registry, &answers);
        }
        desired
    }

    fn sealed(&self, mut desired: DesiredState) -> DesiredState {
        for resource in desired.resources.values_mut() {
            resource.values = seal(&resource.values, &resource.sensitive, &self.executor.fingerprint_key, self.secrets.as_ref()).unwrap();
        }
        desired
    }

    async fn observe(&self, states: &[&DesiredState]) -> ObservedState {
        let mut observed = ObservedState::default();
        for (target, objects) in core_planner::wanted(states, &self.applied, &Default::default()) {
            let wanted = objects.into_iter().map(|(type_name, object)| Wanted { type_name, object }).collect();
            let scope = ObserveScope { owner_id: OWNER_ID.to_owned(), environment: Some(environment()), wanted, ..ObserveScope::default() };
            let seen = self.engine().observe(&scope).await.map_err(|error| error.to_string());
            observed.targets.insert(target, seen);
        }
        let sensitive = core_planner::sensitive_objects(states, &self.applied);
        core_planner::seal_observed(&mut observed, &sensitive, &self.executor.fingerprint_key);
        observed
    }
}

fn environment() -> EnvironmentId {
    "prod".parse().unwrap()
}

fn wanted(resources: &str, registry: &Registry) -> DesiredState {
    let resources = if resources.is_empty() { " []" } else { resources };
    let blueprint = format!("version: \"1.0\"\nname: app\nresources:\n{resources}");
    let files: [(&str, &str); 2] = [("ipr.yaml", SETTINGS), ("blueprints/app.yaml", &blueprint)];
    let files: Files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
    let mut loaded = load(&files, registry);
    assert!(loaded.is_plannable(), "{:?}", loaded.diagnostics);
    loaded.repository.environments.remove(&"prod".parse().unwrap()).unwrap().desired
}

/// `create lan: Changed, ready; delete web: Failed`, one line each.
pub(crate) fn shown(plan: &Plan, outcomes: &[StepOutcome]) -> String {
    let steps: BTreeMap<_, _> = plan.steps.iter().map(|step| (&step.digest, step)).collect();
    let line = |outcome: &StepOutcome| {
        let ready = match outcome.ready {
            None => "",
            Some(true) => ", ready",
            Some(false) => ", not ready",
        };
        format!("{} {}: {:?}{ready}", steps[&outcome.step].action.word(), outcome.address.resource, outcome.state)
    };
    outcomes.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// The message of the step of a resource.
pub(crate) fn message<'a>(outcomes: &'a [StepOutcome], resource: &str) -> &'a str {
    outcomes.iter().find(|outcome| outcome.address.resource.as_str() == resource).unwrap().message.as_deref().unwrap_or("")
}
