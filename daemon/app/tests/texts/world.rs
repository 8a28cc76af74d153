//! A small world of plans, made by hand: what a web shop on a Docker host might ask for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use core_model::plan::{Action, Aside, FieldChange, Inverse, Orphan, PLAN_FORMAT, Plan, Problem, ProblemKind, Risk, Step, Unknown};
use core_model::record::{StepOutcome, StepState};
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};
use core_model::{Address, Diagnostic, EnvironmentId, Hash, Sources, portable};
use daemon_app::comment::{EnvironmentState, EnvironmentView, MARKER, PullView};
use serde_json::{Map, Value, json};

const MOUNT: &[Field] = &[
    Field::new("storage", Kind::Link(&["storage"]), "Storage."),
    Field::new("at", Kind::Text, "Where."),
    Field::new("key", Kind::Text, "Key.").sensitive(),
];
const HEALTH: &[Field] =
    &[Field::new("interval", Kind::Duration, "How often."), Field::new("retries", Kind::Integer { min: 1, max: 99 }, "How many.")];
const COMPUTE_FIELDS: &[Field] = &[
    portable::IMAGE.replace(),
    portable::CPU.restart(),
    portable::MEMORY.restart(),
    portable::ENV.replace(),
    portable::PORTS.replace(),
    portable::COMMAND.replace(),
    Field::new("networks", Kind::Set(&Kind::Link(&["network"])), "Networks."),
    Field::new("mounts", Kind::List(&Kind::Object(MOUNT)), "Mounts.").replace(),
    Field::new("healthcheck", Kind::Object(HEALTH), "Health."),
    Field::new("note", Kind::Text, "Note."),
    Field::new("password", Kind::Text, "Password.").sensitive(),
];
const STORAGE_FIELDS: &[Field] = &[Field::new("storage", Kind::Size, "Size.").replace()];

static COMPUTE: TypeFacts = TypeFacts {
    name: "compute",
    provider: "docker",
    meaning: "A container.",
    specs: COMPUTE_FIELDS,
    metadata: &[Field::new("owner", Kind::Text, "Whose.")],
    ownership: Ownership::Marked,
    naming: Naming::BlueprintAndResource,
    data_bearing: false,
};
static STORAGE: TypeFacts = TypeFacts { name: "storage", meaning: "A volume.", specs: STORAGE_FIELDS, data_bearing: true, ..COMPUTE };
static NETWORK: TypeFacts = TypeFacts { name: "network", meaning: "A network.", specs: &[], ..COMPUTE };

struct Known(&'static TypeFacts);

impl ResourceType for Known {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }
}

static TYPES: [Known; 3] = [Known(&COMPUTE), Known(&STORAGE), Known(&NETWORK)];

pub(crate) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::new(TYPES.iter().map(|known| known as &'static dyn ResourceType)));
pub(crate) static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let mut sources = Sources::default();
    sources.insert(
        "blueprints/shop-app.yaml",
        "version: \"1.0\"\nname: shop-app\nresources:\n  - {type: compute, name: db, provider: docker, specs: {iamge: postgres:16.4}}\n  - {type: compute, name: web, provider: docker, specs: {memory: 512}}\n",
    );
    sources
});

pub(crate) fn address(resource: &str) -> Address {
    if resource.contains('.') { resource.parse().unwrap() } else { format!("shop-app.{resource}").parse().unwrap() }
}

pub(crate) fn digest() -> Hash {
    Hash::of_bytes(b"a digest")
}

/// A step without fields, of the kind its action usually is.
pub(crate) fn step(action: Action, type_name: &str, resource: &str) -> Step {
    let (risk, inverse) = match action {
        Action::Create => (Risk::None, Inverse::DeleteWhatWeMade),
        Action::Update => (Risk::InPlace, Inverse::Exact),
        Action::Restart | Action::Replace | Action::Delete => (Risk::Restart, Inverse::Exact),
        Action::Adopt | Action::Move | Action::Release => (Risk::None, Inverse::Exact),
    };
    let reason = match action {
        Action::Create => "new in the blueprint",
        Action::Delete | Action::Release => "no longer in the blueprint",
        Action::Adopt => "adopted",
        Action::Move => "its address changed",
        Action::Update | Action::Restart | Action::Replace => "the blueprint changed",
    };
    let address = address(resource);
    Step {
        digest: digest(),
        object: format!("{}-{}", address.blueprint, address.resource),
        address,
        type_name: type_name.into(),
        provider: "docker".into(),
        target: "dock-01".parse().unwrap(),
        action,
        moved_from: None,
        changes: Vec::new(),
        desired: Map::new(),
        pins: BTreeMap::new(),
        risk,
        inverse,
        waits_for: BTreeSet::new(),
        reason: reason.into(),
    }
}

/// A step that loses what a volume holds.
pub(crate) fn losing(action: Action, resource: &str) -> Step {
    Step { risk: Risk::DataLoss, inverse: Inverse::None { why: "its data is gone".into() }, ..step(action, "storage", resource) }
}

pub(crate) trait StepExt {
    fn set(self, path: &str, before: Value, after: Value) -> Self;
    fn after(self, resource: &str) -> Self;
}

impl StepExt for Step {
    /// A field that goes from one value to another; the effect is what the action says.
    fn set(mut self, path: &str, before: Value, after: Value) -> Self {
        let effect = match self.action {
            Action::Replace => Effect::Replace,
            Action::Restart => Effect::Restart,
            _ => Effect::InPlace,
        };
        let change = FieldChange { path: path.into(), before, after, effect, risk: self.risk, unset: false };
        self.changes.push(change);
        self
    }

    fn after(mut self, resource: &str) -> Self {
        self.waits_for.insert(address(resource));
        self
    }
}

pub(crate) fn sealed(fingerprint: &str) -> Value {
    json!({"$sealed": {"fingerprint": fingerprint, "parts": [{"name": "db_password"}]}})
}

pub(crate) fn link(resource: &str) -> Value {
    json!({"resource": format!("shop-app.{resource}"), "name": format!("shop-app-{resource}")})
}

pub(crate) fn plan_in(environment: &str, steps: Vec<Step>) -> Plan {
    let environment: EnvironmentId = environment.parse().unwrap();
    let steps: Vec<Step> = steps.into_iter().map(|step| step.sealed_for(&environment)).collect();
    Plan {
        format: PLAN_FORMAT,
        digest: Plan::compute_digest(&environment, &steps),
        environment,
        steps,
        pending: Vec::new(),
        drift: Vec::new(),
        unknown: Vec::new(),
        orphans: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        after: Vec::new(),
        targets: BTreeMap::new(),
        managed: 12,
    }
}

pub(crate) fn plan(steps: Vec<Step>) -> Plan {
    plan_in("prod", steps)
}

pub(crate) fn problem(kind: ProblemKind, resource: &str, detail: &str, hint: &str) -> Problem {
    Problem { kind, address: address(resource), detail: detail.into(), hint: Some(hint.into()), at: None }
}

pub(crate) fn unknown(resource: &str, in_scope: bool) -> Unknown {
    Unknown { address: address(resource), target: "dock-02".parse().unwrap(), why: "connection refused".into(), in_scope }
}

pub(crate) fn orphan(object: &str) -> Orphan {
    Orphan {
        target: "dock-01".parse().unwrap(),
        type_name: "compute".into(),
        object: object.into(),
        marker: format!("6f0c2a9e/prod/shop-app.{object}"),
    }
}

pub(crate) fn aside(action: Action, resource: &str, changes: Vec<FieldChange>) -> Aside {
    Aside { address: address(resource), type_name: "compute".into(), action, changes }
}

pub(crate) fn change(path: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { path: path.into(), before, after, effect: Effect::InPlace, risk: Risk::InPlace, unset: false }
}

pub(crate) fn planned(name: &str, plan: Plan) -> EnvironmentView {
    let state = match (plan.problems.is_empty(), plan.is_empty()) {
        (false, _) => EnvironmentState::Problems,
        (true, true) => EnvironmentState::NothingToDo,
        (true, false) => EnvironmentState::Planned,
    };
    let next_step = if state == EnvironmentState::Planned { vec!["merge this pull request".to_owned()] } else { Vec::new() };
    EnvironmentView { name: name.into(), plan: Some(Arc::new(plan)), state, next_step, verdict: Default::default(), requirements: Vec::new() }
}

pub(crate) fn pull(environments: Vec<EnvironmentView>) -> PullView<'static> {
    PullView {
        marker: MARKER,
        number: 42,
        head: "9d1f0c3",
        environments,
        diagnostics: Vec::new(),
        sources: &SOURCES,
        judgement: &[],
        rehearsals: &[],
        merge_conflict: None,
        registry: &REGISTRY,
    }
}

pub(crate) fn with_diagnostics(diagnostics: &[Diagnostic]) -> PullView<'_> {
    PullView { diagnostics: diagnostics.iter().collect(), ..pull(Vec::new()) }
}

pub(crate) fn outcome(step: &Step, state: StepState, message: Option<&str>) -> StepOutcome {
    let ready = (state == StepState::Changed).then_some(true);
    StepOutcome { step: step.digest.clone(), address: step.address.clone(), state, ready, message: message.map(str::to_owned) }
}
