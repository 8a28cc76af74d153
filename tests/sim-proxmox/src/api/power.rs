//! How do guests start, stop and restart?
//!
//! Source: qemu-server `src/PVE/API2/Qemu.pm` (`vm_start` and those after it), pve-container `src/PVE/API2/LXC/Status.pm`.

use super::config::apply_pending;
use super::guest::{check_lock, of};
use super::{Call, Outcome};
use crate::job::{Job, Phase, Progress};
use crate::refusal::Refusal;
use crate::verify::parse_properties;
use crate::world::{Guest, GuestKind, Running, World};

/// How long a shutdown waits for the guest. Source: qemu-server `vm_stop` (60 s), pve-container (60 s).
const SHUTDOWN_TIMEOUT_S: u64 = 60;

fn task_name(kind: GuestKind, verb: &str) -> String {
    let prefix = if kind == GuestKind::Qemu { "qm" } else { "vz" };
    format!("{prefix}{verb}")
}

/// A task for a guest, which holds the guest's lock while it runs.
fn power_task(call: &mut Call<'_>, verb: &str, phases: Vec<Phase>) -> Outcome {
    let vmid = call.vmid()?;
    let guest = call.guest()?;
    let (kind, lock) = (guest.kind, guest.lock_key(vmid));
    let job = Job::new(std::iter::once(Phase::lock(lock)).chain(phases));
    call.task(&task_name(kind, verb), &vmid.to_string(), job)
}

/// Where HA manages the guest, the request is a wish to the HA manager: a task that ends at once, and the work comes later.
fn through_ha(call: &mut Call<'_>, wanted: &str) -> Result<Option<super::Reply>, Refusal> {
    let vmid = call.vmid()?;
    let kind = call.guest()?.kind;
    if call.world.ha_state(kind, vmid).is_none() {
        return Ok(None);
    }
    let wanted = wanted.to_owned();
    let verb = if wanted == "started" { "hastart" } else { "hastop" };
    let job = Job::new([Phase::run(move |world, _| {
        super::ha::want(world, kind, vmid, &wanted);
        Ok(())
    })]);
    call.task(verb, &vmid.to_string(), job).map(Some)
}

pub(super) fn start(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let guest = call.guest()?;
    if guest.kind == GuestKind::Lxc && guest.is_running() {
        return Err(Refusal::failed(format!("CT {vmid} already running")));
    }
    if let Some(reply) = through_ha(call, "started")? {
        return Ok(reply);
    }
    power_task(
        call,
        "start",
        vec![Phase::run(move |world, progress| {
            progress.then(start_phases(world, vmid)?);
            Ok(())
        })],
    )
}

/// The checks of a start, and then the start.
pub(super) fn start_phases(world: &World, vmid: u32) -> Result<Vec<Phase>, Refusal> {
    let guest = world.guests.get(&vmid).ok_or_else(|| Refusal::failed(format!("guest {vmid} does not exist")))?;
    check_lock(guest)?;
    if guest.is_template() {
        return Err(Refusal::failed(match guest.kind {
            GuestKind::Qemu => "you can't start a vm if it's a template",
            GuestKind::Lxc => "you can't start a CT if it's a template",
        }));
    }
    if guest.is_running() {
        return Err(Refusal::failed(format!("{} {vmid} already running", guest.kind.label())));
    }
    if let Some(volume) = missing_volume(world, guest) {
        return Err(Refusal::failed(format!("volume '{volume}' does not exist")));
    }
    let node = world.nodes.get(&guest.node).ok_or_else(|| Refusal::failed("no such node"))?;
    let bridges = guest.config.iter().filter(|(option, _)| crate::methods::indexed(option).is_some_and(|(stem, _)| stem == "net"));
    for (_, value) in bridges {
        let bridge = super::net::parts(value).remove("bridge").unwrap_or_default();
        if !bridge.is_empty() && !node.network.contains_key(&bridge) {
            return Err(Refusal::failed(format!("bridge '{bridge}' does not exist")));
        }
    }
    Ok(vec![Phase::Work(world.timing.start_ms), Phase::run(move |world, _| run(world, vmid))])
}

/// The guest runs with what waited until now.
pub(super) fn run(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    super::cloudinit_made(world, vmid)?;
    let (since_ms, pid) = (world.now_ms, 10_000 + world.next_serial());
    let guest = of(world, vmid)?;
    apply_pending(guest);
    guest.running = Some(Running { since_ms, pid, paused: false, config: guest.config.clone() });
    Ok(())
}

/// The guest stops.
pub(super) fn halt(world: &mut World, vmid: u32) -> Result<(), Refusal> {
    let guest = of(world, vmid)?;
    guest.running = None;
    // A container's pending changes wait for its start. Sources: `QemuServer.pm:6232`, pve-container `LXC.pm:3131`.
    if guest.kind == GuestKind::Qemu {
        apply_pending(guest);
    }
    Ok(())
}

/// The guest of a request that needs it running. The word VM is theirs for containers too. Source: `API2/LXC/Status.pm:542`.
fn must_run(call: &Call<'_>, label: &str) -> Result<(), Refusal> {
    let vmid = call.vmid()?;
    if call.guest()?.is_running() { Ok(()) } else { Err(Refusal::failed(format!("{label} {vmid} not running"))) }
}

pub(super) fn stop(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    if call.guest()?.kind == GuestKind::Lxc {
        must_run(call, "CT")?;
    }
    let overrules = call.flag("overrule-shutdown").unwrap_or(false);
    if overrules && call.world.ha_state(call.guest()?.kind, vmid).is_some() {
        return Err(Refusal::parameter("overrule-shutdown", "Not applicable for HA resources."));
    }
    if overrules {
        overrule_shutdown(call, vmid);
    }
    if let Some(reply) = through_ha(call, "stopped")? {
        return Ok(reply);
    }
    let stop_ms = call.world.timing.stop_ms;
    power_task(
        call,
        "stop",
        vec![Phase::run(move |world, progress| {
            let guest = of(world, vmid)?;
            check_lock(guest)?;
            if guest.is_running() {
                progress.then([Phase::Work(stop_ms), Phase::run(move |world, _| halt(world, vmid))]);
            }
            Ok(())
        })],
    )
}

/// Ends shutdowns of the guest that wait for it.
fn overrule_shutdown(call: &mut Call<'_>, vmid: u32) {
    let kinds = ["qmshutdown", "vzshutdown"];
    let id = vmid.to_string();
    let waiting = call.world.tasks.iter().filter(|task| task.is_running() && task.id == id && kinds.contains(&task.kind.as_str()));
    let jobs: Vec<u64> = waiting.map(|task| task.job).collect();
    jobs.into_iter().for_each(|job| call.world.interrupt(job));
}

pub(super) fn shutdown(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let guest = call.guest()?;
    let (is_paused, kind) = (guest.running.as_ref().is_some_and(|running| running.paused), guest.kind);
    let force = call.flag("forceStop").unwrap_or(false);
    if kind == GuestKind::Lxc {
        must_run(call, "CT")?;
    }
    if is_paused && !force {
        return Err(Refusal::failed("VM is paused - cannot shutdown"));
    }
    if let Some(reply) = through_ha(call, "stopped")? {
        return Ok(reply);
    }
    let timeout_s = call.number("timeout");
    let begin = Phase::run(move |world, progress| {
        let guest = of(world, vmid)?;
        check_lock(guest)?;
        // A machine that is off already has nothing to do.
        match guest.is_running() {
            true => shut_down(world, progress, vmid, timeout_s, force, Phase::run(move |world, _| halt(world, vmid))),
            false => Ok(()),
        }
    });
    power_task(call, "shutdown", vec![begin])
}

/// Waits for the guest, at most so long; then fails, or stops it hard.
fn shut_down(world: &mut World, progress: &mut Progress, vmid: u32, timeout_s: Option<u64>, force: bool, then: Phase) -> Result<(), Refusal> {
    let default_ms = world.timing.shutdown_ms;
    let guest = of(world, vmid)?;
    let takes_ms = guest.shutdown_ms.unwrap_or(Some(default_ms));
    let of_startup = guest.option("startup").and_then(|startup| parse_properties(startup, "order").get("down")?.parse().ok());
    let timeout_ms = timeout_s.or(of_startup).unwrap_or(SHUTDOWN_TIMEOUT_S) * 1000;
    match takes_ms.filter(|takes_ms| *takes_ms <= timeout_ms) {
        Some(takes_ms) => progress.then([Phase::Work(takes_ms), then]),
        None if force => {
            progress.say("VM still running - terminating now with SIGTERM");
            progress.then([Phase::Work(timeout_ms), then]);
        }
        None => {
            let words = Refusal::failed("VM quit/powerdown failed - got timeout");
            progress.then([Phase::Work(timeout_ms), Phase::run(move |_, _| Err(words))]);
        }
    }
    Ok(())
}

/// A shutdown after which something else starts the guest again: the task of a machine ends while it is off, that of a
/// container when it runs. Sources: `QemuServer.pm:6375`, pve-container `LXC.pm` `vm_reboot`.
pub(super) fn reboot(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    let kind = call.guest()?.kind;
    must_run(call, "VM")?;
    let timeout_s = call.number("timeout");
    let again = move |world: &mut World, progress: &mut Progress| {
        halt(world, vmid)?;
        let lock = Phase::lock(of(world, vmid)?.lock_key(vmid));
        let start = Phase::run(move |world, progress| {
            progress.then(start_phases(world, vmid)?);
            Ok(())
        });
        match kind {
            GuestKind::Lxc => progress.then([start]),
            GuestKind::Qemu => _ = world.begin(Job::new([lock, start])),
        }
        Ok(())
    };
    let begin = Phase::run(move |world, progress| {
        check_lock(of(world, vmid)?)?;
        // A container that does not stop in time is killed. Source: pve-container `LXC.pm:3281`, `vm_reboot`.
        shut_down(world, progress, vmid, timeout_s, kind == GuestKind::Lxc, Phase::run(again))
    });
    power_task(call, "reboot", vec![begin])
}

/// A reset keeps the process, so what waits goes on waiting.
pub(super) fn reset(call: &mut Call<'_>) -> Outcome {
    let vmid = call.vmid()?;
    must_run(call, "VM")?;
    power_task(call, "reset", vec![Phase::run(move |world, _| check_lock(of(world, vmid)?))])
}

pub(super) fn suspend(call: &mut Call<'_>) -> Outcome {
    set_paused(call, "suspend", true)
}

pub(super) fn resume(call: &mut Call<'_>) -> Outcome {
    set_paused(call, "resume", false)
}

fn set_paused(call: &mut Call<'_>, verb: &str, paused: bool) -> Outcome {
    let vmid = call.vmid()?;
    must_run(call, "VM")?;
    power_task(
        call,
        verb,
        vec![Phase::run(move |world, _| {
            let guest = of(world, vmid)?;
            check_lock(guest)?;
            if let Some(running) = &mut guest.running {
                running.paused = paused;
            }
            Ok(())
        })],
    )
}

/// A volume that is not there, of the configuration that the start puts into effect: what waits is applied first. Sources:
/// qemu-server `QemuServer.pm` `vm_start`, pve-container `LXC.pm` `vm_start`.
fn missing_volume(world: &World, guest: &Guest) -> Option<String> {
    let slots = guest.config.iter().filter(|(option, _)| !guest.pending.contains_key(*option)).chain(&guest.pending);
    let slots =
        slots.filter(|(option, _)| !guest.pending_delete.contains_key(*option)).filter(|(option, _)| super::drive::is_disk_slot(guest.kind, option));
    let mut volumes = slots.filter_map(|(_, value)| crate::world::volume_of(value));
    volumes.find(|volume| world.volume(&guest.node, volume).is_none()).map(str::to_owned)
}
