//! Do the tables and the facts beside them agree with each other?

use core_model::diff::{Sides, compare};
use core_model::plan::{FieldChange, Risk};
use core_model::resource_type::ResourceType;
use core_model::schema::Effect;
use serde_json::{Map, Value, json};

use super::{Container, Source, split_os};

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// The most that the changes cost a container that is `live`.
fn weighed(live: Value, desired: Value, applied: Value) -> Option<(Effect, Risk)> {
    let (live, desired, applied) = (object(live), object(desired), object(applied));
    let empty = Map::new();
    let sides = Sides { desired: &desired, applied: &applied, live: &live, defaults: &empty, ignore: &[] };
    let mut changes: Vec<FieldChange> = compare(Container.facts(), &sides);
    Container.weigh(&mut changes, &sides);
    changes.into_iter().map(|change| (change.effect, change.risk)).max()
}

const LIVE: (Effect, Risk) = (Effect::InPlace, Risk::InPlace);
const DROPS: (Effect, Risk) = (Effect::InPlace, Risk::MayDisconnect);
const RESTART: (Effect, Risk) = (Effect::Restart, Risk::Restart);

/// pve-container 6.1, `vmconfig_hotplug_pending`, and `move_volume`: the field, before and after, and what is paid by a container
/// that runs, and by one that runs and may not be restarted.
#[test]
fn a_change_costs_what_the_container_at_hand_pays() {
    let mount = |field: &str, value: Value| json!({"mp0": {"path": "/srv", "size": 1_u64 << 30, "storage": "slow", field: value}});
    let rows = [
        ("cpu", json!(2_000), json!(4_000), LIVE, LIVE),
        ("memory", json!(1_u64 << 30), json!(2_u64 << 30), LIVE, LIVE),
        ("swap", json!(0), json!(1_u64 << 30), LIVE, LIVE),
        ("storage", json!(1_u64 << 30), json!(2_u64 << 30), LIVE, LIVE),
        ("onboot", json!(false), json!(true), LIVE, LIVE),
        ("network", json!({"bridge": "vmbr0"}), json!({"bridge": "vmbr1"}), LIVE, LIVE),
        ("network", json!({"mac": "02:00:00:00:00:01"}), json!({"mac": "02:00:00:00:00:02"}), DROPS, DROPS),
        ("networks", json!({}), json!({"net1": {"bridge": "vmbr1"}}), LIVE, LIVE),
        ("features", json!({"nesting": false}), json!({"nesting": true}), RESTART, LIVE),
        ("dns", json!({"domain": "a.example"}), json!({"domain": "b.example"}), RESTART, LIVE),
        ("console", json!({"mode": "tty"}), json!({"mode": "shell"}), RESTART, LIVE),
        ("mounts", mount("size", json!(1_u64 << 30)), mount("size", json!(2_u64 << 30)), LIVE, LIVE),
        ("mounts", mount("path", json!("/srv")), mount("path", json!("/data")), RESTART, LIVE),
        ("mounts", mount("storage", json!("slow")), mount("storage", json!("fast")), RESTART, RESTART),
        ("mounts", json!({}), mount("storage", json!("fast")), LIVE, LIVE),
        ("mounts", json!({"rootfs": {"storage": "slow"}}), json!({"rootfs": {"storage": "fast"}}), RESTART, RESTART),
    ];
    for (field, before, after, running, never) in rows {
        let cost = |power: &str, restart: &str| {
            let live = json!({"specs": {"power": power, field: before}});
            weighed(live, json!({"specs": {field: after, "restart": restart}}), json!({"specs": {"restart": restart}}))
        };
        assert_eq!(cost("on", "when-needed"), Some(running), "{field} from {before} to {after}");
        assert_eq!(cost("on", "never"), Some(never), "{field} from {before} to {after} where it may not restart");
        assert_eq!(cost("off", "when-needed"), Some(LIVE), "{field} from {before} to {after} while it is off");
    }
}

/// A mount point that leaves stays in the container until it starts again.
#[test]
fn what_is_taken_out_of_a_running_container_waits() {
    let with = json!({"specs": {"power": "on", "mounts": {"mp0": {"path": "/srv"}}}});
    assert_eq!(weighed(with.clone(), json!({"specs": {}}), with), Some(RESTART));
}

/// LXC has no live migration.
#[test]
fn a_new_node_is_a_restart_and_a_moved_container_no_drift() {
    let on = |node: &str| json!({"specs": {"power": "on"}, "metadata": {"node": node}});
    let off = json!({"specs": {"power": "off"}, "metadata": {"node": "pve1"}});
    let wanted = |node: &str| json!({"metadata": {"node": node}});
    assert_eq!(weighed(on("pve1"), wanted("pve2"), wanted("pve1")), Some(RESTART));
    assert_eq!(weighed(off, wanted("pve2"), wanted("pve1")), Some(LIVE));
    assert_eq!(weighed(on("pve2"), wanted("pve2"), wanted("pve1")), Some(LIVE), "it is there already");
    assert_eq!(weighed(on("pve3"), wanted("pve1"), wanted("pve1")), None, "moved by hand");
}

#[test]
fn what_only_a_new_container_can_be_is_a_new_container() {
    for (field, before, after) in [("unprivileged", json!(true), json!(false)), ("vmid", json!(100), json!(101))] {
        let cost = weighed(json!({"specs": {"power": "off", field: before}}), json!({"specs": {field: after}}), json!({}));
        assert_eq!(cost.map(|(effect, _)| effect), Some(Effect::Replace), "{field}");
    }
}

#[test]
fn an_answer_is_read_back() {
    let source = |storage: Option<&str>| Source { storage: storage.map(str::to_owned), file: "debian-12_amd64.tar.zst".to_owned() };
    assert_eq!(split_os("debian-12@archive:debian-12_amd64.tar.zst"), Some(("debian-12", source(None))));
    let volume = "local:vztmpl/debian-12_amd64.tar.zst";
    assert_eq!(split_os(&format!("{volume}@archive:{volume}")), Some((volume, source(Some("local")))));
    assert_eq!(split_os("debian-12"), None);
}
