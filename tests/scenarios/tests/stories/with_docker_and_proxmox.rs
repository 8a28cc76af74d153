//! The same as `proxmox_beside`, with a real Docker engine beside the cluster.

use test_harness::{Lab, MergeMethod, PveFault, World};
use test_scenarios::{WEB, machine};

/// A machine, and a container on Docker that needs it.
fn both(lab: &Lab) -> String {
    let image = lab.image();
    let container = format!(
        "  - type: compute\n    name: app\n    provider: docker\n    depends_on: [web-01]\n    specs: {{image: \"{image}\", command: [sleep, \"3600\"]}}\n"
    );
    machine() + &container
}

#[tokio::test]
async fn a_machine_and_a_container_are_one_run_in_the_right_order() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish().proxmox()).await;
    world.pve().break_next(PveFault::Hang, "POST /status/start");
    let pull = world.pull_request("Add web").file(WEB, &both(&lab)).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.faults_met().await;
    assert!(lab.container("web-app").await.is_none(), "it waits for the machine");
    world.restart_daemon().await;
    assert_eq!(pull.state().await, "✅ applied");
    assert!(world.pve().machine(&lab.name("web-01")).guest.is_running() && lab.container("web-app").await.is_some());
    world.end().await;
}

#[tokio::test]
async fn a_container_is_not_begun_when_its_machine_fails() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish().proxmox()).await;
    world.pve().break_next(PveFault::TaskFails("clone failed: no space left on device".to_owned()), "POST /clone");
    let pull = world.pull_request("Add web").file(WEB, &both(&lab)).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.outcomes(), [("web.web-01", "failed"), ("web.app", "stopped")]);
    assert!(lab.container("web-app").await.is_none() && pull.comment().await.contains("no space left on device"));
    world.end().await;
}
