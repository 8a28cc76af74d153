//! What is done to the guests of a trial, in which order? Everything while they are off; the start comes last.
//!
//! A machine that has just been made may not know how to shut down yet: what needs it off comes before it is started.

use engine_api::Stage;
use serde_json::{Value, json};

use super::Guest;

/// How far a trial has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Made,
    Changed,
    Moved,
    Started,
}

pub(super) fn stages(machine: &Guest, container: Option<&Guest>) -> Vec<Stage> {
    let both = container.map_or("the machine", |_| "the machine and the container");
    let is_moved = |guest: &Guest| guest.other_node.is_some();
    let moves = is_moved(machine) || container.is_some_and(is_moved);
    let named = [
        Some((Progress::Made, format!("create {both}"))),
        Some((Progress::Changed, format!("change {both}"))),
        moves.then(|| (Progress::Moved, format!("move {both} to another node"))),
        Some((Progress::Started, format!("start {both}"))),
    ];
    let resources = |progress| std::iter::once(of_machine(machine, progress)).chain(container.map(|guest| of_container(guest, progress))).collect();
    named.into_iter().flatten().map(|(progress, title)| Stage { title, resources: resources(progress) }).collect()
}

fn of_machine(guest: &Guest, progress: Progress) -> Value {
    let is_changed = progress >= Progress::Changed;
    let mut specs = json!({
        "cpu": 1,
        "memory": if is_changed { "768MB" } else { "512MB" },
        "power": if progress >= Progress::Started { "on" } else { "off" },
    });
    match &guest.source.os {
        Some(os) => specs["os"] = json!(os),
        None => specs["storage"] = json!("1GB"),
    }
    if let Some(bridge) = &guest.bridge {
        specs["network"] = json!({"bridge": bridge, "connected": false});
    }
    if is_changed {
        // No template is expected to have so high a slot in use.
        specs["disks"] = json!({"scsi9": {"size": "1GB", "storage": guest.storage}});
    }
    resource("compute", guest, progress, specs)
}

fn of_container(guest: &Guest, progress: Progress) -> Value {
    let is_changed = progress >= Progress::Changed;
    let specs = json!({
        "os": guest.source.os,
        "cpu": 1,
        "memory": if is_changed { "384MB" } else { "256MB" },
        "storage": if is_changed { "5GB" } else { "4GB" },
        "mounts": {"rootfs": {"storage": guest.storage}},
        "power": if progress >= Progress::Started { "on" } else { "off" },
    });
    resource("container", guest, progress, specs)
}

fn resource(type_name: &str, guest: &Guest, progress: Progress, specs: Value) -> Value {
    let node = guest.other_node.as_ref().filter(|_| progress >= Progress::Moved).unwrap_or(&guest.node);
    let notes = if progress >= Progress::Changed { "A trial of ipr; changed once." } else { "A trial of ipr; it is removed by itself." };
    json!({
        "type": type_name,
        "name": guest.name,
        "provider": crate::PROVIDER,
        "specs": specs,
        "metadata": {"node": node, "tags": ["trial"], "notes": notes},
        // It holds nothing, and whoever runs the trial removes it.
        "lifecycle": {"protect": false, "on_delete": "destroy"},
    })
}
