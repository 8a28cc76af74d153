//! When does a guest's cloud-init drive say what its configuration says?
//!
//! Source: qemu-server `QemuServer/Cloudinit.pm`: the drive is made at a start, when it is attached, on request, and by the
//! hot-plug feature `cloudinit`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::guest::of;
use super::{Call, Outcome, Reply, drive};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::world::{DiskSize, Guest, World};

/// What goes onto the drive. Source: `QemuServer.pm` `cloudinit_pending_properties`.
fn is_on_drive(option: &str) -> bool {
    let stem = crate::methods::indexed(option).map_or(option, |(stem, _)| stem);
    matches!(
        stem,
        "cicustom" | "cipassword" | "citype" | "ciupgrade" | "ciuser" | "ipconfig" | "nameserver" | "searchdomain" | "sshkeys" | "name" | "net"
    )
}

fn slot(guest: &Guest) -> Option<String> {
    let mut slots = guest.volume_options().into_iter();
    slots.find(|slot| !slot.starts_with("unused") && drive::is_cloudinit(&guest.config[slot]))
}

/// Makes the drive, where the guest has one.
pub(super) fn made(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    let guest = of(world, vmid)?;
    let Some(slot) = slot(guest) else { return Ok(()) };
    let content: BTreeMap<String, String> =
        guest.config.iter().filter(|(option, _)| is_on_drive(option)).map(|(option, value)| (option.clone(), value.clone())).collect();
    guest.cloudinit_drive = Some(content);
    // The size appears when the drive is first made.
    if let Some(value) = guest.config.get_mut(&slot).filter(|value| !value.contains("size=")) {
        value.push_str(&format!(",size={}", DiskSize(4 << 20)));
    }
    Ok(())
}

/// After a change: a stopped guest's new drive is made, and with the feature a running one's is made again.
pub(super) fn changed(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    let guest = of(world, vmid)?;
    let has_feature = guest.option("hotplug").is_some_and(|features| features.contains("cloudinit"));
    let is_new = slot(guest).is_some() && guest.cloudinit_drive.is_none();
    if is_new || (guest.is_running() && has_feature) {
        return made(world, vmid);
    }
    Ok(())
}

/// `GET cloudinit`: what is on the drive, and what would be.
pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let on_drive = guest.cloudinit_drive.clone().unwrap_or_default();
    let mut options: Vec<&String> = guest.config.keys().chain(on_drive.keys()).filter(|option| is_on_drive(option)).collect();
    options.sort();
    options.dedup();
    let hidden = |option: &str, value: &str| if option == "cipassword" { json!("**********") } else { json!(value) };
    let row = |option: &String| {
        let (old, new) = (on_drive.get(option), guest.config.get(option));
        let mut row = json!({ "key": option });
        if let Some(old) = old {
            row["value"] = hidden(option, old);
        }
        match new {
            Some(new) if old != Some(new) => row["pending"] = hidden(option, new),
            None => row["delete"] = json!(1),
            Some(_) => {}
        }
        row
    };
    Ok(Reply::Data(options.into_iter().map(row).collect()))
}

/// `PUT cloudinit`.
pub(super) fn regenerate(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let lock = call.guest()?.lock_key(vmid);
    let make = Phase::run(move |world, _| {
        super::guest::check_lock(of(world, vmid)?)?;
        made(world, vmid)
    });
    call.wait(Job::new([Phase::lock(lock), make]))
}

/// `GET cloudinit/dump`: one file of the drive. Ours lists the options; the real one writes cloud-config.
pub(super) fn dump(call: &mut Call<'_>) -> Outcome {
    let guest = call.guest()?;
    let kind = call.required("type")?;
    let lines: Vec<String> = guest
        .config
        .iter()
        .filter(|(option, _)| is_on_drive(option) && *option != "cipassword")
        .map(|(option, value)| format!("# {option}: {value}"))
        .collect();
    Ok(Reply::Data(Value::from(format!("#cloud-config\n# {kind}\n{}\n", lines.join("\n")))))
}
