//! What if a reply of the cluster is lost, or the daemon ends at that moment? The result is the one an undisturbed run gives:
//! nothing is there twice, nothing is left behind, and the run ends once.

use test_harness::{MergeMethod, Pull, PveFault, Wish, World};
use test_scenarios::{WEB, machine, machine_with};

/// A change of a machine, and the request that it is about.
struct Change {
    /// What was merged before; nothing for a machine that is made.
    before: Option<String>,
    /// Nothing for a machine that goes.
    after: Option<String>,
    request: &'static str,
}

fn change(request: &'static str, before: String, after: String) -> Change {
    Change { before: Some(before), after: Some(after), request }
}

fn create() -> Change {
    Change { before: None, after: Some(machine().replace("debian-13", "ubuntu-24.04")), request: "POST /qemu" }
}

fn clone() -> Change {
    Change { before: None, after: Some(machine()), request: "POST /clone" }
}

fn start() -> Change {
    Change { before: None, after: Some(machine()), request: "POST /status/start" }
}

fn configure() -> Change {
    change("PUT /config", machine(), machine().replace("memory: 2GB", "memory: 4GB"))
}

fn reboot() -> Change {
    change("POST /status/reboot", machine(), machine().replace("memory: 2GB", "memory: 4GB"))
}

fn resize() -> Change {
    change("PUT /resize", machine(), machine().replace("20GB", "30GB"))
}

fn shift() -> Change {
    let with_disk = |storage: &str| machine_with(&format!("disks: {{scsi1: {{size: 4GB, storage: {storage}}}}}"));
    change("POST /move_disk", with_disk("local-lvm"), with_disk("fast"))
}

fn migrate() -> Change {
    change("POST /migrate", machine(), machine().replace("node: pve1", "node: pve2"))
}

fn delete() -> Change {
    Change { before: Some(machine() + "    lifecycle: {on_delete: destroy, protect: false}\n"), after: None, request: "DELETE /qemu/" }
}

/// A world in which the change is about to be merged, with this misbehaviour laid out.
async fn world(change: &Change, fault: Option<PveFault>) -> World {
    let world = World::start_as(Wish::default().proxmox()).await;
    if let Some(before) = &change.before {
        world.applied("Add web", WEB, before).await;
    }
    if let Some(fault) = fault {
        world.pve().break_next(fault, change.request);
    }
    world
}

/// The change is proposed and merged; what destroys data is confirmed, too.
async fn merged<'w>(world: &'w World, change: &Change) -> Pull<'w> {
    let pull = world.pull_request("Change web");
    let pull = match &change.after {
        Some(after) => pull.file(WEB, after).open().await,
        None => pull.without(WEB).open().await,
    };
    let digest = pull.digest().await;
    pull.merge(MergeMethod::Squash).await;
    if change.after.is_none() {
        pull.say("bob", &format!("/apply {digest}")).await;
    }
    pull
}

/// The run ended well and once, and the cluster is as after an undisturbed one.
async fn ends_as_undisturbed(world: World, pull: u64, change: &Change) {
    assert_eq!(world.pull(pull).state().await, "✅ applied", "{:#?}", world.pull(pull).replies().await);
    let records = world.records("prod").await;
    let finished = records.iter().filter(|record| record.run.kind == "finished" && record.run.result.as_deref() == Some("applied"));
    assert_eq!(finished.count(), 1 + usize::from(change.before.is_some()));
    assert_eq!(world.pull(pull).replies().await.iter().filter(|reply| reply.contains("### ✅ Applied")).count(), 1, "the end is told once");
    let undisturbed = self::world(change, None).await;
    assert_eq!(merged(&undisturbed, change).await.state().await, "✅ applied");
    assert_eq!(world.pve().shape(), undisturbed.pve().shape());
    undisturbed.end().await;
    world.end().await;
}

async fn with_a_lost_reply(change: Change) {
    let world = world(&change, Some(PveFault::DisconnectAfterEffect)).await;
    let pull = merged(&world, &change).await.number;
    ends_as_undisturbed(world, pull, &change).await;
}

/// The daemon is killed while the request is on its way, before or after its effect, and started again.
async fn killed(change: Change, fault: PveFault) {
    let world = world(&change, Some(fault)).await;
    let pull = merged(&world, &change).await.number;
    world.faults_met().await;
    world.restart_daemon().await;
    ends_as_undisturbed(world, pull, &change).await;
}

macro_rules! disturbed {
    ($($operation:ident)*) => {
        $(
            mod $operation {
                use super::PveFault;

                #[tokio::test]
                async fn a_lost_reply() {
                    super::with_a_lost_reply(super::$operation()).await;
                }

                #[tokio::test]
                async fn killed_before_the_effect() {
                    super::killed(super::$operation(), PveFault::Hang).await;
                }

                #[tokio::test]
                async fn killed_after_the_effect() {
                    super::killed(super::$operation(), PveFault::HangAfterEffect).await;
                }
            }
        )*
    };
}

disturbed! { create clone start configure reboot resize shift migrate delete }

/// The daemon is killed and comes back while the cluster still copies.
#[tokio::test]
async fn a_copy_that_outlives_the_daemon_is_waited_for() {
    let change = clone();
    let world = world(&change, Some(PveFault::HangAfterEffect)).await;
    world.pve().cluster().change(|world| world.timing.copy_ms_per_gib = 4_000);
    let pull = merged(&world, &change).await.number;
    world.faults_met().await;
    world.restart_daemon().await;
    ends_as_undisturbed(world, pull, &change).await;
}
