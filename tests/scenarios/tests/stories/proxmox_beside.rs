//! What if a machine and what runs elsewhere are in one blueprint? They are one plan, in one order.

use test_harness::{MergeMethod, PveFault, Wish, World};
use test_scenarios::{WEB, container, machine};

use crate::rendered::assert_comment;

/// A machine, and a container elsewhere that needs it.
fn both() -> String {
    machine() + &container("app").replace("provider: fake", "provider: fake, depends_on: [web-01]")
}

#[tokio::test]
async fn a_machine_and_a_container_are_one_plan() {
    let world = World::start_as(Wish::default().proxmox()).await;
    let pull = world.pull_request("Add web").file(WEB, &both()).open().await;
    assert_comment!("both_planned", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.record("prod").await.outcomes(), [("web.web-01", "changed"), ("web.app", "changed")]);
    assert_eq!((world.pve().machines(), world.target().names()), (vec!["web-01".to_owned()], vec!["compute/web-app".to_owned()]));
    world.end().await;
}

#[tokio::test]
async fn a_container_waits_until_its_machine_runs() {
    let world = World::start_as(Wish::default().proxmox()).await;
    world.pve().break_next(PveFault::Hang, "POST /status/start");
    let pull = world.pull_request("Add web").file(WEB, &both()).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.faults_met().await;
    assert_eq!(world.target().log(), [""; 0], "nothing is done on the other target");
    world.restart_daemon().await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn a_container_is_not_begun_when_its_machine_fails() {
    let world = World::start_as(Wish::default().proxmox()).await;
    world.pve().break_next(PveFault::TaskFails("clone failed: no space left on device".to_owned()), "POST /clone");
    let pull = world.pull_request("Add web").file(WEB, &both()).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.outcomes(), [("web.web-01", "failed"), ("web.app", "stopped")]);
    assert_eq!((world.pve().machines(), world.target().log()), (vec![], vec![]));
    assert_comment!("machine_failed", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_machine_goes_after_what_needs_it() {
    let world = World::start_as(Wish::default().proxmox()).await;
    let destroy = machine() + "    lifecycle: {on_delete: destroy, protect: false}\n";
    let both = destroy + &container("app").replace("provider: fake", "provider: fake, depends_on: [web-01]");
    world.applied("Add web", WEB, &both).await;
    let pull = world.pull_request("Remove web").without(WEB).open().await;
    let digest = pull.digest().await;
    pull.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {digest} --deletes 2")).await;
    assert_eq!(world.record("prod").await.outcomes(), [("web.app", "changed"), ("web.web-01", "changed")]);
    world.end().await;
}
