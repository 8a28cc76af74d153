//! Do the tables and the facts beside them agree with each other?

use std::collections::{BTreeMap, BTreeSet};

use core_model::Hash;
use core_model::diff::{Sides, compare};
use core_model::plan::{Action, FieldChange, Inverse, Risk, Step};
use core_model::resource_type::ResourceType;
use core_model::schema::{Effect, Field, Kind};
use serde_json::{Map, Value, json};

use super::Compute;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// What a change costs a machine that is `live`, by path.
fn weighed(live: Value, desired: Value) -> BTreeMap<String, (Effect, Risk)> {
    let (live, desired) = (object(json!({"specs": live})), object(json!({"specs": desired})));
    let empty = Map::new();
    let sides = Sides { desired: &desired, applied: &empty, live: &live, defaults: &empty, ignore: &[] };
    let mut changes: Vec<FieldChange> = compare(Compute.facts(), &sides);
    Compute.weigh(&mut changes, &sides);
    changes.into_iter().map(|change| (change.path, (change.effect, change.risk))).collect()
}

const LIVE: (Effect, Risk) = (Effect::InPlace, Risk::InPlace);
const RESTART: (Effect, Risk) = (Effect::Restart, Risk::Restart);

/// A step whose changes were weighed as harmless.
fn step(action: Action, specs: Value, changes: &[(&str, Value, Value)]) -> Step {
    let change = |(path, before, after): &(&str, Value, Value)| FieldChange {
        path: format!("specs.{path}"),
        before: before.clone(),
        after: after.clone(),
        effect: Effect::InPlace,
        risk: Risk::InPlace,
        unset: false,
    };
    Step {
        digest: Hash::of_bytes(b"step"),
        address: "shop.web".parse().expect("an address"),
        type_name: "compute".to_owned(),
        provider: crate::PROVIDER.to_owned(),
        target: "pve".parse().expect("a name"),
        action,
        object: "web".to_owned(),
        moved_from: None,
        changes: changes.iter().map(change).collect(),
        desired: object(json!({"specs": specs})),
        pins: BTreeMap::new(),
        risk: Risk::InPlace,
        inverse: Inverse::Exact,
        waits_for: BTreeSet::new(),
        reason: String::new(),
    }
}

/// What the reviewer of a machine that must not be restarted is told.
#[test]
fn what_will_wait_is_said_in_the_plan() {
    let remarks = |action: Action, specs: Value, changes: &[(&str, Value, Value)]| Compute.remarks(&step(action, specs, changes));
    let memory = ("memory", json!(1), json!(2));
    let (cpu, bios, sata) =
        (("cpu", json!(1_000), json!(2_000)), ("bios", json!("seabios"), json!("ovmf")), ("disks.sata1.size", Value::Null, json!(1)));
    let said = |what: &str| vec![format!("{what} effect at the machine's next restart, which this plan does not make: it has `restart: never`")];
    assert_eq!(remarks(Action::Update, json!({"restart": "never"}), std::slice::from_ref(&memory)), said("`memory` takes"));
    let many = [bios, cpu, sata, ("storage", json!(1), json!(2)), ("disks.scsi1.size", Value::Null, json!(1))];
    let stays = "`specs.storage` stays as it is if the run fails: a disk does not shrink".to_owned();
    let both: Vec<String> = std::iter::once(stays).chain(said("`bios`, `cpu` and `disks.sata1.size` take")).collect();
    assert_eq!(remarks(Action::Update, json!({"restart": "never"}), &many), both);
    for (action, specs) in [
        (Action::Update, json!({})),
        (Action::Create, json!({"restart": "never"})),
        (Action::Update, json!({"restart": "never", "power": "off"})),
        (Action::Update, json!({"restart": "never", "hotplug": ["memory"], "numa": true})),
    ] {
        assert_eq!(remarks(action, specs.clone(), std::slice::from_ref(&memory)), [""; 0], "{action:?} {specs}");
    }
}

/// qemu-server 9.2, `vmconfig_hotplug_pending`: the field, its values before and after, and what a machine of each kind pays.
#[test]
fn a_change_costs_what_the_machine_at_hand_pays() {
    let usual = json!(["disk", "network", "usb"]);
    let rows = [
        ("cpu", json!(2_000), json!(4_000), usual.clone(), false, RESTART),
        ("cpu", json!(1_500), json!(2_000), usual.clone(), false, LIVE),
        ("sockets", json!(1), json!(2), usual.clone(), false, RESTART),
        ("cpu_type", json!("host"), json!("kvm64"), usual.clone(), false, RESTART),
        ("memory", json!(1_u64 << 30), json!(2_u64 << 30), usual.clone(), false, RESTART),
        ("memory", json!(1_u64 << 30), json!(2_u64 << 30), json!(["memory"]), false, RESTART),
        ("memory", json!(1_u64 << 30), json!(2_u64 << 30), json!(["memory"]), true, LIVE),
        ("balloon", json!(1_u64 << 29), json!(1_u64 << 30), usual.clone(), false, LIVE),
        ("balloon", json!(0), json!(1_u64 << 30), usual.clone(), false, RESTART),
        ("bios", json!("seabios"), json!("ovmf"), usual.clone(), false, RESTART),
        ("onboot", json!(false), json!(true), usual.clone(), false, LIVE),
        ("storage", json!(1_u64 << 30), json!(2_u64 << 30), usual.clone(), false, LIVE),
        ("cdrom", json!("local:iso/a.iso"), json!("local:iso/b.iso"), usual.clone(), false, LIVE),
        ("cdrom", json!("local:iso/a.iso"), json!("local:iso/b.iso"), json!([]), false, LIVE),
        ("cdrom", Value::Null, json!("local:iso/b.iso"), usual.clone(), false, RESTART),
        ("network", json!({"bridge": "vmbr0"}), json!({"bridge": "vmbr1"}), json!([]), false, LIVE),
        ("network", json!({"model": "e1000"}), json!({"model": "virtio"}), usual.clone(), false, (Effect::InPlace, Risk::MayDisconnect)),
        ("network", json!({"model": "e1000"}), json!({"model": "virtio"}), json!(["disk"]), false, RESTART),
        ("disks", json!({"scsi1": {"cache": "none"}}), json!({"scsi1": {"cache": "writeback"}}), usual.clone(), false, RESTART),
        ("disks", json!({"scsi1": {"read_mbps": 10}}), json!({"scsi1": {"read_mbps": 20}}), usual.clone(), false, LIVE),
        ("disks", json!({}), json!({"scsi1": {"size": 1_u64 << 30}}), usual.clone(), false, LIVE),
        ("disks", json!({}), json!({"scsi1": {"size": 1_u64 << 30}}), json!(["network"]), false, RESTART),
        ("disks", json!({}), json!({"sata1": {"size": 1_u64 << 30}}), usual.clone(), false, RESTART),
        ("devices", json!({}), json!({"hostpci0": {"mapping": "gpu"}}), usual.clone(), false, RESTART),
        ("devices", json!({}), json!({"usb0": {"mapping": "key"}}), usual.clone(), false, LIVE),
    ];
    for (field, before, after, hotplug, numa, expected) in rows {
        let machine = |power: &str| json!({"power": power, "hotplug": hotplug, "numa": numa, field: before});
        let costs = |live: Value, desired: Value| weighed(live, desired).into_values().max();
        assert_eq!(costs(machine("on"), json!({field: after})), Some(expected), "{field} from {before} to {after} with {hotplug}");
        assert_eq!(costs(machine("off"), json!({field: after})), Some(LIVE), "{field} while it is off");
        let never = costs(machine("on"), json!({field: after, "restart": "never"}));
        assert_ne!(never.map(|(effect, _)| effect), Some(Effect::Restart), "{field} where it may not restart");
    }
}

#[test]
fn power_off_is_told_as_a_restart_and_power_on_is_not() {
    assert_eq!(weighed(json!({"power": "on"}), json!({"power": "off"})).get("specs.power"), Some(&(Effect::InPlace, Risk::Restart)));
    assert_eq!(weighed(json!({"power": "off"}), json!({"power": "on"})).get("specs.power"), Some(&LIVE));
}

/// A step that only makes disks larger cannot be undone; one that does more is undone without that.
#[test]
fn a_disk_that_grew_stays_and_the_rest_is_undone() {
    let change = |path: &str, before: Value, after: Value| FieldChange {
        path: path.to_owned(),
        before,
        after,
        effect: Effect::InPlace,
        risk: Risk::InPlace,
        unset: false,
    };
    let grown = change("specs.storage", json!(1), json!(2));
    let new_disk = change("specs.disks.scsi1.size", json!(null), json!(2));
    assert_eq!(Compute.inverse_of(std::slice::from_ref(&grown)), Inverse::None { why: "a disk does not shrink".to_owned() });
    assert_eq!(Compute.inverse_of(&[grown.clone(), new_disk.clone()]), Inverse::Exact);
    assert_eq!((Compute.stays(&grown).is_some(), Compute.stays(&new_disk)), (true, None));
    assert_eq!(Compute.inverse_of(&[change("specs.onboot", json!(false), json!(true))]), Inverse::Exact);
}

/// Its data is in an unused volume: a step back would make an empty disk, and say that all is as it was.
#[test]
fn a_disk_that_leaves_is_not_undone() {
    let specs = |disks: Value| object(json!({"specs": {"onboot": true, "disks": disks}}));
    let live = specs(json!({"scsi0": {"size": 1}, "scsi1": {"size": 2, "cache": "none"}}));
    let inverse = |desired: Value| {
        let (desired, empty) = (specs(desired), Map::new());
        let sides = Sides { desired: &desired, applied: &live, live: &live, defaults: &empty, ignore: &[] };
        Compute.inverse_of(&compare(Compute.facts(), &sides))
    };
    assert!(matches!(inverse(json!({"scsi0": {"size": 1}})), Inverse::None { why } if why.starts_with("the data of `scsi1` stays")));
    assert_eq!(inverse(json!({"scsi0": {"size": 1}, "scsi1": {"size": 2, "cache": "writeback"}})), Inverse::Exact);
}

/// A field of its own number is a machine of its own; no hotplug setting changes that.
#[test]
fn another_number_is_another_machine() {
    assert_eq!(
        weighed(json!({"vmid": 100, "power": "off"}), json!({"vmid": 101})).get("specs.vmid").map(|(effect, _)| *effect),
        Some(Effect::Replace)
    );
}

/// The table of fields and the hotplug table say the same of a machine with the usual setting.
#[test]
fn no_field_is_dearer_in_one_table_than_in_the_other() {
    fn check(fields: &'static [Field], path: &str) {
        for field in fields {
            let path = format!("{path}.{}", field.name);
            match field.kind {
                Kind::Object(inner) => check(inner, &path),
                Kind::Map(Kind::Object(inner)) => check(inner, &format!("{path}.slot0")),
                _ if field.write_only || field.effect == Effect::Replace => {}
                _ => {
                    let is_live = super::hotplug::is_live(&path, field.effect == Effect::InPlace);
                    assert!(is_live || field.effect == Effect::Restart, "{path} is in place in one table and a restart in the other");
                }
            }
        }
    }
    check(Compute.facts().specs, "specs");
}

#[test]
fn a_moved_machine_is_no_drift() {
    let desired = object(json!({"metadata": {"node": "pve1"}}));
    let live = object(json!({"metadata": {"node": "pve2"}}));
    let empty = Map::new();
    let moved_by_hand = compare(Compute.facts(), &Sides { desired: &desired, applied: &desired, live: &live, defaults: &empty, ignore: &[] });
    assert_eq!(moved_by_hand, []);
    let applied = object(json!({"metadata": {"node": "pve3"}}));
    let asked_for = compare(Compute.facts(), &Sides { desired: &desired, applied: &applied, live: &live, defaults: &empty, ignore: &[] });
    assert_eq!(asked_for.iter().map(|change| (change.path.as_str(), change.effect)).collect::<Vec<_>>(), [("metadata.node", Effect::InPlace)]);
}
