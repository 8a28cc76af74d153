//! Do the tables and the facts beside them agree with each other?

use std::collections::BTreeMap;

use core_model::diff::{Sides, compare};
use core_model::plan::{FieldChange, Inverse, Risk};
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
