//! A repository, a simulated router and the engine between them: blueprints are planned and carried out as the daemon would do it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use core_config::{Files, Loaded, load};
use core_model::plan::{Action, Plan, Step};
use core_model::resource_type::Registry;
use core_model::seal::{SecretSource, seal, unseal};
use core_model::state::{AppliedState, DesiredState, ObservedState};
use core_model::{EnvironmentId, FingerprintKey, Hash, Marker, Secret};
use core_planner::Inputs;
use engine_api::contract::{HeldLease, MemoryJournal};
use engine_api::{Engine, EngineError, Gate, LockDomain, ObserveScope, Order, Wanted};
use engine_mikrotik::{Mikrotik, MikrotikOptions, types};
use test_sim_routeros::{ClockSource, Router, RouterOptions, Version};
use tokio_util::sync::CancellationToken;

use crate::subject::{OWNER, options};

const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  prod: {id: prod, targets: {mikrotik: edge}, values: {domain: acme.example, site: branch-1, core_key: NDZFBBZzCMbYLqBdTkQKbcPGhUPvOWMNJB7zyyYdTjM=}}
secrets:
  ops: {env: OPS}
"#;

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) engine: Arc<Mikrotik>,
    pub(crate) options: MikrotikOptions,
    pub(crate) run_id: &'static str,
    applied: AppliedState,
    base: DesiredState,
    registry: Registry,
    key: FingerprintKey,
    journal: MemoryJournal,
    cancellation: CancellationToken,
}

pub(crate) struct Planned {
    pub(crate) plan: Plan,
    merge: DesiredState,
}

impl Planned {
    /// `create shop.lan`, in the plan's order.
    pub(crate) fn steps(&self) -> Vec<String> {
        self.plan.steps.iter().map(|step| format!("{} {}", step.action.word(), step.address)).collect()
    }
}

struct Ops;

impl SecretSource for Ops {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        if name == "ops" { Ok(Secret::new("canary of ops")) } else { Err(format!("nobody knows `{name}`")) }
    }
}

fn environment() -> EnvironmentId {
    "prod".parse().unwrap()
}

/// A router whose clock runs by itself, so that what it has planned happens.
pub(crate) async fn ticking(version: Version) -> Router {
    let router = Router::start(RouterOptions { version, clock: ClockSource::Runtime, ..RouterOptions::default() }).await.unwrap();
    router.add("/interface/bridge", &[("name", "bridge")]).unwrap();
    router
}

impl World {
    /// A router with a bridge, and an engine that the router waits three seconds for.
    pub(crate) async fn new(version: Version) -> Self {
        Self::on(ticking(version).await)
    }

    pub(crate) fn on(router: Router) -> Self {
        let mut options = options(&router);
        options.timeouts.switch = Duration::from_secs(3);
        options.timeouts.reach = Duration::from_secs(1);
        options.timeouts.connect = Duration::from_secs(1);
        options.timeouts.answer = Duration::from_secs(2);
        Self::with(router, options)
    }

    pub(crate) fn with(router: Router, options: MikrotikOptions) -> Self {
        Self {
            engine: Arc::new(Mikrotik::new(options.clone()).unwrap()),
            router,
            options,
            run_id: "run-1",
            applied: AppliedState::default(),
            base: DesiredState::default(),
            registry: Registry::new(types()),
            key: FingerprintKey::new("k1", Secret::new("key")),
            journal: MemoryJournal::new(),
            cancellation: CancellationToken::new(),
        }
    }

    /// As if the daemon was killed and started again.
    pub(crate) fn kill_daemon(&mut self) {
        self.engine = Arc::new(Mikrotik::new(self.options.clone()).unwrap());
    }

    /// Another environment's run, on the same router and through the same engine.
    pub(crate) fn beside(&self, run_id: &'static str) -> Self {
        Self { engine: self.engine.clone(), run_id, ..Self::with(self.router.clone(), self.options.clone()) }
    }

    /// As if the daemon was told to end.
    pub(crate) fn stop(&self) {
        self.cancellation.cancel();
    }

    /// What the lines below `resources:` of the blueprint `shop` say.
    pub(crate) fn desired(&self, resources: &str) -> DesiredState {
        let blueprint = format!("version: \"1.0\"\nname: shop\nresources:\n{resources}\n");
        self.loaded(&blueprint)
    }

    fn load(&self, blueprint: &str) -> Loaded {
        let name = blueprint.lines().find_map(|line| line.strip_prefix("name: ")).unwrap();
        let files =
            Files::from([("ipr.yaml".to_owned(), SETTINGS.as_bytes().to_vec()), (format!("blueprints/{name}.yaml"), blueprint.as_bytes().to_vec())]);
        load(&files, &self.registry)
    }

    /// What is said of a blueprint.
    pub(crate) fn messages(&self, blueprint: &str) -> Vec<String> {
        let loaded = self.load(blueprint);
        loaded.diagnostics.iter().chain(&loaded.not_yet).map(|diagnostic| diagnostic.render(&loaded.sources)).collect()
    }

    pub(crate) fn loaded(&self, blueprint: &str) -> DesiredState {
        assert_eq!(self.messages(blueprint), Vec::<String>::new());
        let mut loaded = self.load(blueprint);
        let (_, environment) = loaded.repository.environments.pop_first().unwrap();
        let mut desired = environment.desired;
        for resource in desired.resources.values_mut() {
            resource.values = seal(&resource.values, &resource.sensitive, &self.key, &Ops).unwrap();
        }
        desired
    }

    pub(crate) async fn plan(&self, resources: &str) -> Planned {
        self.plan_for(self.desired(resources)).await
    }

    pub(crate) async fn plan_for(&self, merge: DesiredState) -> Planned {
        let states = [&self.base, &merge];
        let observed = self.observe(&states).await;
        let scope = core_planner::scope(&self.base, &merge);
        let plan = core_planner::plan(&Inputs {
            environment: &environment(),
            owner_id: OWNER,
            scope: &scope,
            base: &self.base,
            merge: &merge,
            applied: &self.applied,
            observed: &observed,
            registry: &self.registry,
            retired: &Default::default(),
        });
        Planned { plan, merge }
    }

    async fn observe(&self, states: &[&DesiredState]) -> ObservedState {
        let mut observed = ObservedState::default();
        let mut places = core_planner::places(states, &self.applied, &self.registry);
        for (target, objects) in core_planner::wanted(states, &self.applied, &Default::default()) {
            let wanted = |(type_name, object)| Wanted { type_name, object };
            let places = places.remove(&target).unwrap_or_default().into_iter().map(|(object, places)| (wanted(object), places)).collect();
            let wanted = objects.into_iter().map(wanted).collect();
            let scope = ObserveScope { owner_id: OWNER.to_owned(), environment: Some(environment()), wanted, places, shallow: BTreeSet::new() };
            observed.targets.insert(target, self.engine.observe(&scope).await.map_err(|error| error.to_string()));
        }
        core_planner::seal_observed(&mut observed, &core_planner::sensitive_objects(states, &self.applied), &self.key);
        observed
    }

    fn orders(&self, plan: &Plan) -> Vec<Order> {
        let order = |step: &Step| Order {
            step: step.clone(),
            desired: unseal(&step.desired, &self.key, &Ops).unwrap(),
            applied: self.applied.resources.get(step.moved_from.as_ref().unwrap_or(&step.address)).cloned(),
            marker: Marker { owner_id: OWNER.to_owned(), environment: environment(), address: step.address.clone() },
        };
        plan.steps.iter().map(order).collect()
    }

    /// Opens a batch and applies every step; whoever calls confirms, abandons or is killed.
    pub(crate) async fn apply_without_confirming(&self, planned: &Planned) -> Result<(), EngineError> {
        self.open(planned).await?;
        self.apply_steps(planned).await
    }

    pub(crate) async fn open(&self, planned: &Planned) -> Result<(), EngineError> {
        self.engine.open(&domain(), &self.orders(&planned.plan), &self.gate(&planned.plan.digest)).await
    }

    pub(crate) async fn apply_steps(&self, planned: &Planned) -> Result<(), EngineError> {
        for order in &self.orders(&planned.plan) {
            self.engine.apply(order, &self.gate(&order.step.digest)).await?;
        }
        Ok(())
    }

    pub(crate) async fn confirm(&self, planned: &Planned) -> Result<(), EngineError> {
        self.engine.confirm(&domain(), &self.gate(&planned.plan.digest)).await
    }

    pub(crate) async fn abandon(&self, planned: &Planned) -> Result<(), EngineError> {
        self.engine.abandon(&domain(), &self.gate(&planned.plan.digest)).await
    }

    /// What the executor does with a batch: what fails is abandoned.
    pub(crate) async fn carry_out(&self, planned: &Planned) -> Result<(), EngineError> {
        let error = match self.apply_without_confirming(planned).await {
            Err(error) => error,
            Ok(()) => match self.confirm(planned).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            },
        };
        self.abandon(planned).await?;
        Err(error)
    }

    /// Plans and carries out, and writes the record.
    pub(crate) async fn apply(&mut self, resources: &str) -> Planned {
        let planned = self.plan(resources).await;
        self.apply_planned(planned).await
    }

    pub(crate) async fn apply_planned(&mut self, planned: Planned) -> Planned {
        assert_eq!(planned.plan.problems, [], "the plan has problems");
        self.carry_out(&planned).await.unwrap_or_else(|error| panic!("{error}"));
        for step in planned.plan.steps.iter().filter(|step| matches!(step.action, Action::Delete | Action::Release)) {
            self.applied.resources.remove(&step.address);
        }
        self.applied.resources.extend(planned.plan.after.iter().map(|after| (after.address.clone(), after.clone())));
        self.applied.targets.clone_from(&planned.plan.targets);
        self.base = planned.merge.clone();
        planned
    }

    /// Changes by somebody else that the base does not want.
    pub(crate) async fn drift(&self) -> Vec<String> {
        let planned = self.plan_for(self.base.clone()).await;
        assert_eq!(planned.plan.unknown, []);
        planned.plan.drift.iter().map(|aside| format!("{} {:?}", aside.address, aside.changes)).collect()
    }

    fn gate<'a>(&'a self, step: &'a Hash) -> Gate<'a> {
        Gate { run_id: self.run_id, step, journal: &self.journal, lease: &HeldLease, cancellation: &self.cancellation }
    }

    pub(crate) fn configuration(&self) -> Configuration {
        configuration(&self.router)
    }

    /// One value of the rows of a menu that are not the router's own.
    pub(crate) fn column(&self, menu: &str, name: &str) -> Vec<String> {
        self.router.column(menu, name)
    }

    /// The writes of the last run, as `add /ip/address`.
    pub(crate) fn writes(&self) -> Vec<String> {
        self.router.writes().iter().map(|call| call.command.clone()).collect()
    }
}

pub(crate) type Configuration = BTreeMap<String, Vec<BTreeMap<String, String>>>;

/// What a router is set to, to compare: whether a value is set or the default makes no difference.
pub(crate) fn configuration(router: &Router) -> Configuration {
    let menus = router.configuration().into_keys();
    let kept = |name: &str| !["running", "invalid", "bytes", "packets", "next-run", "run-count", "creation-time"].contains(&name);
    let values = |entry: test_sim_routeros::Entry| entry.values.into_iter().filter(|(name, _)| kept(name)).collect();
    let rows = |menu: &str| router.entries(menu).into_iter().map(values).collect();
    menus.map(|menu| (menu.clone(), rows(&menu))).filter(|(_, rows): &(_, Vec<_>)| !rows.is_empty()).collect()
}

fn domain() -> LockDomain {
    LockDomain("router".to_owned())
}

/// Moves the engine's clock. The router has its own.
pub(crate) async fn later(milliseconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_millis(milliseconds)).await;
    tokio::time::resume();
}
