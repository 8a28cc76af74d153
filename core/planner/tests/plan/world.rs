//! A world in memory: what blueprints want, what the record says, what the target shows.

use std::collections::{BTreeMap, BTreeSet};

use core_model::diff::Sides;
use core_model::name::Marker;
use core_model::plan::{Action, FieldChange, Plan, Risk, Step};
use core_model::record::{AppliedResource, Provenance, RECORD_FORMAT};
use core_model::resource_type::{Claim, DependencyEffect, Naming, Ownership, Question, Registry, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};
use core_model::state::{AppliedState, DesiredResource, DesiredState, Gap, Lifecycle, ObservedObject, ObservedState, TargetObservation};
use core_model::{Address, Span};
use core_planner::{Inputs, plan, scope};
use serde_json::{Map, Value, json};

const BOX_FIELDS: &[Field] = &[
    Field::new("name", Kind::Text, "Name.").replace(),
    Field::new("image", Kind::Text, "Image.").replace(),
    Field::new("env", Kind::Map(&Kind::Text), "Environment.").accepts_secret(),
    Field::new("size", Kind::Size, "Size.").restart(),
    Field::new("port", Kind::Integer { min: 1, max: 65535 }, "Port."),
    Field::new("disk", Kind::Link(&["disk"]), "Disk.").replace(),
    Field::new("note", Kind::Text, "Note.").keep_when_unset(),
    Field::new("password", Kind::Text, "Password.").sensitive().write_only(),
];
const DISK_FIELDS: &[Field] = &[Field::new("name", Kind::Text, "Name.").replace(), Field::new("size", Kind::Size, "Size.").replace()];
const BERTH_METADATA: &[Field] = &[Field::new("pier", Kind::Text, "Where it is.").required().replace()];
const SLOT_FIELDS: &[Field] = &[Field::new("size", Kind::Size, "Size."), Field::new("cache", Kind::Text, "Cache.").restart()];
const MACHINE_FIELDS: &[Field] = &[
    Field::new("name", Kind::Text, "Name."),
    Field::new("cpu", Kind::Integer { min: 1, max: 64 }, "Processors.").restart(),
    Field::new("slots", Kind::Map(&Kind::Object(SLOT_FIELDS)), "Disks by slot."),
    Field::new("number", Kind::Integer { min: 1, max: 64 }, "Number.").replace(),
    Field::new("media", Kind::Map(&Kind::Text), "What lies in its drives.").told_when_empty(),
    Field::new("made_from", Kind::Text, "What it is made from.").replace().write_only(),
];

static BOX: TypeFacts = TypeFacts {
    name: "box",
    provider: "test",
    meaning: "A box.",
    specs: BOX_FIELDS,
    metadata: &[],
    ownership: Ownership::Marked,
    naming: Naming::BlueprintAndResource,
    data_bearing: false,
};
static DISK: TypeFacts = TypeFacts { name: "disk", meaning: "A disk.", specs: DISK_FIELDS, data_bearing: true, ..BOX };

static SHELF: TypeFacts = TypeFacts { name: "shelf", meaning: "Where disks lie.", ..DISK };
static MACHINE: TypeFacts = TypeFacts { name: "machine", meaning: "A machine.", specs: MACHINE_FIELDS, ..BOX };
static SERVER: TypeFacts = TypeFacts { name: "server", meaning: "A machine with data.", data_bearing: true, ..MACHINE };

static BERTH: TypeFacts = TypeFacts { name: "berth", meaning: "A berth.", metadata: BERTH_METADATA, naming: Naming::Within("pier"), ..BOX };

struct BoxType;
struct DiskType;
struct ShelfType;
struct MachineType;
struct ServerType;
struct BerthType;

impl ResourceType for BoxType {
    fn facts(&self) -> &'static TypeFacts {
        &BOX
    }

    fn questions(&self, resource: &DesiredResource) -> Vec<Question> {
        resource.spec("image").and_then(Value::as_str).map(|text| Question { path: "specs.image".into(), text: text.into() }).into_iter().collect()
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let port = values.get("specs").and_then(|specs| specs.get("port"));
        port.map(|port| Claim { what: "port", value: port.to_string() }).into_iter().collect()
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let is_resized = step.changes.iter().any(|change| change.path == "specs.size");
        is_resized.then(|| "resizing takes a while".to_owned()).into_iter().collect()
    }

    fn replaced_dependency(&self, dependency_type: &str) -> DependencyEffect {
        if dependency_type == "disk" { DependencyEffect::Replace } else { DependencyEffect::Nothing }
    }

    fn place(&self, values: &Map<String, Value>) -> Option<String> {
        values.get("specs")?.get("note")?.as_str().map(str::to_owned)
    }

    /// By port 22 we come ourselves.
    fn least_risk(&self, _action: Action, values: &Map<String, Value>) -> Risk {
        if values.get("specs").and_then(|specs| specs.get("port")) == Some(&json!(22)) { Risk::MayDisconnect } else { Risk::None }
    }
}

impl ResourceType for DiskType {
    fn facts(&self) -> &'static TypeFacts {
        &DISK
    }
}

impl ResourceType for ServerType {
    fn facts(&self) -> &'static TypeFacts {
        &SERVER
    }
}

impl ResourceType for BerthType {
    fn facts(&self) -> &'static TypeFacts {
        &BERTH
    }
}

impl ResourceType for ShelfType {
    fn facts(&self) -> &'static TypeFacts {
        &SHELF
    }

    /// The disks stay when their shelf is no longer known.
    fn removal_loses_data(&self) -> bool {
        false
    }
}

impl ResourceType for MachineType {
    fn facts(&self) -> &'static TypeFacts {
        &MACHINE
    }

    /// A machine that is off needs no restart.
    fn weigh(&self, changes: &mut [FieldChange], sides: &Sides<'_>) {
        if sides.live.get("specs").and_then(|specs| specs.get("off")).is_some() {
            changes.iter_mut().for_each(|change| (change.effect, change.risk) = (Effect::InPlace, Risk::InPlace));
        }
    }
}

pub(crate) fn registry() -> Registry {
    Registry::new([&BoxType as &'static dyn ResourceType, &DiskType, &ShelfType, &MachineType, &ServerType, &BerthType])
}

pub(crate) fn address(text: &str) -> Address {
    format!("app.{text}").parse().unwrap()
}

fn values(specs: Value) -> Map<String, Value> {
    json!({"specs": specs}).as_object().unwrap().clone()
}

pub(crate) fn resource(kind: &str, name: &str, specs: Value) -> DesiredResource {
    let object = specs.get("name").and_then(Value::as_str).map_or_else(|| format!("app-{name}"), str::to_owned);
    let depends_on =
        specs.get("disk").and_then(|disk| disk.get("resource")).and_then(Value::as_str).map(|text| text.parse().unwrap()).into_iter().collect();
    DesiredResource {
        address: address(name),
        type_name: kind.into(),
        provider: "test".into(),
        target: "t1".parse().unwrap(),
        object,
        values: values(specs),
        lifecycle: Lifecycle::default(),
        depends_on,
        pins: BTreeMap::new(),
        sensitive: BTreeSet::new(),
        declared_at: Span::new("blueprints/app.yaml", 1, 1),
        origins: Default::default(),
    }
}

pub(crate) fn disk_link(name: &str) -> Value {
    json!({"resource": format!("app.{name}"), "name": format!("app-{name}")})
}

pub(crate) struct World {
    pub(crate) base: DesiredState,
    pub(crate) merge: DesiredState,
    pub(crate) applied: AppliedState,
    pub(crate) observed: ObservedState,
    pub(crate) retired: BTreeSet<String>,
}

impl World {
    pub(crate) fn empty() -> Self {
        let observation = TargetObservation { identity: "id-1".into(), objects: Vec::new(), gaps: Vec::new(), notes: Vec::new() };
        let observed = ObservedState { targets: BTreeMap::from([("t1".parse().unwrap(), Ok(observation))]) };
        Self { base: DesiredState::default(), merge: DesiredState::default(), applied: AppliedState::default(), observed, retired: BTreeSet::new() }
    }

    /// Everything wanted is applied and there.
    pub(crate) fn settled(resources: Vec<DesiredResource>) -> Self {
        let mut world = Self::empty();
        for resource in resources {
            world.put(&resource);
            world.base.resources.insert(resource.address.clone(), resource.clone());
            world.merge.resources.insert(resource.address.clone(), resource);
        }
        world
    }

    /// Records a resource and shows it on the target.
    pub(crate) fn put(&mut self, resource: &DesiredResource) {
        self.record(resource);
        self.show(resource, Some("owner"));
    }

    pub(crate) fn record(&mut self, resource: &DesiredResource) {
        let data_bearing = matches!(resource.type_name.as_str(), "disk" | "shelf");
        let applied = AppliedResource {
            format: RECORD_FORMAT,
            address: resource.address.clone(),
            type_name: resource.type_name.clone(),
            provider: "test".into(),
            target: resource.target.clone(),
            target_identity: "id-1".into(),
            object: resource.object.clone(),
            ownership: Ownership::Marked,
            values: resource.values.clone(),
            pins: BTreeMap::new(),
            depends_on: resource.depends_on.clone(),
            protect: resource.lifecycle.protect.unwrap_or(data_bearing),
            keep_on_delete: data_bearing,
            sensitive: BTreeSet::new(),
            provenance: Provenance::default(),
            ready: true,
        };
        self.applied.resources.insert(resource.address.clone(), applied);
    }

    pub(crate) fn show(&mut self, resource: &DesiredResource, owner: Option<&str>) {
        let marker = owner.map(|owner| Marker { owner_id: owner.into(), environment: "prod".parse().unwrap(), address: resource.address.clone() });
        self.objects().push(ObservedObject {
            type_name: resource.type_name.clone(),
            name: resource.object.clone(),
            marker,
            values: resource.values.clone(),
            defaults: Map::new(),
            ready: Some(true),
            is_shallow: false,
        });
    }

    pub(crate) fn objects(&mut self) -> &mut Vec<ObservedObject> {
        &mut self.observation().objects
    }

    pub(crate) fn observation(&mut self) -> &mut TargetObservation {
        self.observed.targets.get_mut(&"t1".parse().unwrap()).unwrap().as_mut().unwrap()
    }

    pub(crate) fn object(&mut self, name: &str) -> &mut ObservedObject {
        let name = format!("app-{name}");
        self.objects().iter_mut().find(|object| object.name == name).unwrap()
    }

    pub(crate) fn gap(&mut self, object: &str) {
        let gap = Gap { type_name: None, object: Some(format!("app-{object}")), why: "the target hides it".into() };
        self.objects().retain(|seen| seen.name != format!("app-{object}"));
        self.observation().gaps.push(gap);
    }

    pub(crate) fn want(&mut self, resource: DesiredResource) -> &mut DesiredResource {
        let address = resource.address.clone();
        self.merge.resources.insert(address.clone(), resource);
        self.merge.resources.get_mut(&address).unwrap()
    }

    pub(crate) fn drop(&mut self, name: &str) {
        self.merge.resources.remove(&address(name));
    }

    pub(crate) fn plan(&self) -> Plan {
        let scope = scope(&self.base, &self.merge);
        plan(&Inputs {
            environment: &"prod".parse().unwrap(),
            owner_id: "owner",
            scope: &scope,
            base: &self.base,
            merge: &self.merge,
            applied: &self.applied,
            observed: &self.observed,
            registry: &registry(),
            retired: &self.retired,
        })
    }
}

/// `create app.web; update app.db specs.size`, asides and problems after it: enough to read a plan at a glance.
pub(crate) fn shown(plan: &Plan) -> String {
    let step = |step: &Step| {
        let paths: Vec<&str> = step.changes.iter().map(|change| change.path.as_str()).collect();
        format!("{} {} [{}] {}", step.action.word(), step.address, step.risk.word(), paths.join(" ")).trim_end().to_owned()
    };
    let mut lines: Vec<String> = plan.steps.iter().map(step).collect();
    let aside = |kind: &str, aside: &core_model::plan::Aside| {
        let paths: Vec<&str> = aside.changes.iter().map(|change| change.path.as_str()).collect();
        format!("{kind}: {} {} {}", aside.action.word(), aside.address, paths.join(" ")).trim_end().to_owned()
    };
    lines.extend(plan.pending.iter().map(|pending| aside("pending", pending)));
    lines.extend(plan.drift.iter().map(|drift| aside("drift", drift)));
    lines.extend(plan.unknown.iter().map(|unknown| format!("unknown: {}: {}", unknown.address, unknown.why)));
    lines.extend(plan.orphans.iter().map(|orphan| format!("orphan: {}", orphan.object)));
    lines.extend(plan.problems.iter().map(|problem| format!("problem: {:?} {}", problem.kind, problem.address)));
    lines.join("\n")
}
