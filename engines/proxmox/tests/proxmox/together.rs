//! What if one blueprint says what another of its resources is made from? Whole blueprints, planned by the planner and carried out
//! in its order.

use std::collections::BTreeMap;

use core_model::plan::{Action, Pin, Plan, Problem, Step};
use core_model::resource_type::Registry;
use core_model::state::{AppliedState, DesiredState, ObservedState};
use core_planner::Inputs;
use engine_api::contract::Bench;
use engine_api::{EngineError, ObserveScope, Order, Wanted};
use engine_proxmox::types;

use crate::blueprints::desired;
use crate::contract::ProxmoxSubject;
use crate::rig::bench;
use crate::world::OWNER;

/// A cluster and what the record says of it.
pub(crate) struct Together<'a> {
    pub(crate) bench: Bench<'a>,
    registry: Registry,
    pub(crate) applied: AppliedState,
    base: DesiredState,
}

impl<'a> Together<'a> {
    pub(crate) async fn new(subject: &'a ProxmoxSubject) -> Self {
        let bench = bench(subject).await;
        Self { bench, registry: Registry::new(types()), applied: AppliedState::default(), base: DesiredState::default() }
    }

    pub(crate) async fn plan(&self, blueprint: &str) -> (Plan, DesiredState) {
        let mut merge = desired(blueprint);
        let scope = core_planner::scope(&self.base, &merge);
        for (address, question, asked) in core_planner::questions(&merge.clone(), &self.registry) {
            let answer = self.bench.engine.resolve(&asked.type_name, &asked.text).await.unwrap();
            let pins = BTreeMap::from([(question.path, Pin { question: question.text, answer })]);
            core_planner::pin(merge.resources.get_mut(&address).unwrap(), &self.registry, &pins);
        }
        let mut observed = ObservedState::default();
        for (target, objects) in core_planner::wanted(&[&self.base, &merge], &self.applied, &Default::default()) {
            let wanted = objects.into_iter().map(|(type_name, object)| Wanted { type_name, object }).collect();
            let scope = ObserveScope { owner_id: OWNER.to_owned(), environment: Some("lab".parse().unwrap()), wanted, ..ObserveScope::default() };
            observed.targets.insert(target, self.bench.engine.observe(&scope).await.map_err(|error| error.to_string()));
        }
        let plan = core_planner::plan(&Inputs {
            environment: &"lab".parse().unwrap(),
            owner_id: OWNER,
            scope: &scope,
            base: &self.base,
            merge: &merge,
            applied: &self.applied,
            observed: &observed,
            registry: &self.registry,
            retired: &Default::default(),
        });
        (plan, merge)
    }

    pub(crate) async fn problems(&self, plan: &Plan) -> Vec<Problem> {
        self.bench.engine.preflight(&plan.steps).await.unwrap()
    }

    pub(crate) async fn carry_out(&self, step: &Step) -> Result<(), EngineError> {
        let marker = core_model::Marker { owner_id: OWNER.to_owned(), environment: "lab".parse().unwrap(), address: step.address.clone() };
        let applied = self.applied.resources.get(&step.address).cloned();
        self.bench.carry_out(&Order { step: step.clone(), desired: step.desired.clone(), applied, marker }).await
    }

    /// Plans, checks, carries out and records; then nothing is left to do. Gives the steps in their order.
    pub(crate) async fn apply(&mut self, blueprint: &str) -> Vec<String> {
        let (plan, merge) = self.plan(blueprint).await;
        assert_eq!((&plan.problems[..], &plan.unknown[..]), (&[][..], &[][..]));
        assert_eq!(self.problems(&plan).await, []);
        for step in &plan.steps {
            self.carry_out(step).await.unwrap_or_else(|error| panic!("{}: {error}", step.address));
        }
        for step in plan.steps.iter().filter(|step| matches!(step.action, Action::Delete | Action::Release)) {
            self.applied.resources.remove(&step.address);
        }
        self.applied.resources.extend(plan.after.iter().map(|after| (after.address.clone(), after.clone())));
        self.base = merge;
        let (again, _) = self.plan(blueprint).await;
        assert!(again.is_empty() && again.drift.is_empty() && again.pending.is_empty(), "{again:?}");
        plan.steps.iter().map(|step| format!("{} {}", step.action.word(), step.address.resource)).collect()
    }
}

const WHOLE: &str = include_str!("stored.yaml");

/// The example of the page: nothing of it is there when the plan is made.
#[tokio::test]
async fn a_storage_a_file_on_it_and_a_machine_from_it_are_one_plan() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    assert_eq!(together.apply(WHOLE).await, ["create nas", "create debian-13", "create web-01"]);
    let disk = subject.world.option("web-01", "scsi0").unwrap_or_default();
    assert!(disk.starts_with("nas:") && disk.contains("size=20G"), "{disk}");
    let image = together.applied.resources.values().find(|applied| applied.type_name == "compute").unwrap().values["specs"]["image"].clone();
    assert_eq!(image, serde_json::json!({"resource": "stored.debian-13", "name": "nas:import/debian-13.qcow2"}));
}

/// A newer file replaces no machine; another image does, and the planner protects what is there.
#[tokio::test]
async fn a_newer_image_is_for_machines_to_come() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    together.apply(WHOLE).await;
    let machine = subject.world.guest("web-01", |vmid, _| vmid);
    let newer = WHOLE.replace("debian-13.qcow2", "debian-14.qcow2");
    assert_eq!(together.apply(&newer).await, ["create debian-13", "update web-01", "delete debian-13"]);
    assert_eq!(subject.world.guest("web-01", |vmid, _| vmid), machine);
    let other = newer.replace("image: debian-13", "image: {external: \"local:import/ubuntu-24.04.qcow2\"}");
    let (plan, _) = together.plan(&other).await;
    let actions: Vec<Action> = plan.steps.iter().map(|step| step.action).collect();
    assert_eq!((actions, plan.problems.len()), (vec![Action::Replace], 1), "{:?}", plan.problems);
}

/// What waits for nobody is told to.
#[tokio::test]
async fn a_file_that_does_not_wait_for_its_storage_is_refused() {
    let subject = ProxmoxSubject::new().await;
    let together = Together::new(&subject).await;
    let (plan, _) = together.plan(&WHOLE.replace("    depends_on: [nas]\n", "")).await;
    let problems = together.problems(&plan).await;
    let hints: Vec<_> = problems.iter().map(|problem| (problem.address.resource.as_str(), problem.hint.as_deref().unwrap_or_default())).collect();
    assert_eq!(hints, [("debian-13", "add `depends_on: [stored.nas]`"), ("web-01", "add `depends_on: [stored.nas]`")]);
}

/// What all of it leaves behind: the machine and the definition are kept, as they hold data; the file can be had again.
#[tokio::test]
async fn taking_everything_out_keeps_what_holds_data() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    together.apply(WHOLE).await;
    let nothing = "version: \"1.0\"\nname: stored\nresources: []\n";
    assert_eq!(together.apply(nothing).await, ["release web-01", "delete debian-13", "release nas"]);
    let left =
        subject.world.cluster.inspect(|world| (world.storages.contains_key("nas"), world.volume("pve1", "nas:import/debian-13.qcow2").is_some()));
    assert_eq!(left, (true, false));
}

/// Destroyed together, the machine goes before the storage that it is on.
#[tokio::test]
async fn a_storage_goes_after_the_machines_that_wait_for_it() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    let unprotected = "    lifecycle: {protect: false, on_delete: destroy}\n";
    let whole = WHOLE.replace("      keep: {last: 3, weekly: 4}\n", &format!("      keep: {{last: 3, weekly: 4}}\n{unprotected}"));
    let whole = format!("{}    depends_on: [nas]\n{unprotected}", whole);
    together.apply(&whole).await;
    let (alone, _) = together.plan(&whole[..whole.find("  - type: storage").unwrap()].replace("resources:\n", "resources: []\n")).await;
    let order: Vec<String> = alone.steps.iter().map(|step| format!("{} {}", step.action.word(), step.address.resource)).collect();
    assert_eq!(order, ["delete web-01", "delete debian-13", "delete nas"]);
    assert_eq!(together.problems(&alone).await, []);
    for step in &alone.steps {
        together.carry_out(step).await.unwrap();
    }
    assert!(subject.world.cluster.inspect(|world| !world.storages.contains_key("nas")));
}
