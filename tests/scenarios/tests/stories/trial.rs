//! Does `ipr doctor --acceptance` make, change, move and remove its machine and its container, and leave nothing whatever happens?

use serde_json::Value;
use test_harness::{Ended, PveFault, Wish, World};

const TRIAL: [&str; 6] = ["doctor", "--target", "pve-main", "--acceptance", "--yes", "--json"];
const DEBIAN: &str = "local:vztmpl/debian-13-standard_13.1-1_amd64.tar.zst";

/// A cluster with a template for each kind of guest, and a role that may remove what it made.
async fn world() -> World {
    let world = World::prepare(Wish::default().proxmox()).await;
    world.pve().offer(DEBIAN);
    world
}

async fn trial(world: &World, more: &[&str]) -> Ended {
    world.ipr(&[&TRIAL[..], more].concat()).await
}

/// The titles of the stages, each with its state.
fn stages(ended: &Ended) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let text = |stage: &Value, key: &str| stage[key].as_str().unwrap_or_default().to_owned();
    report["stages"].as_array().expect("stages").iter().map(|stage| (text(stage, "title"), text(stage, "state"))).collect()
}

/// The end of a world in which nothing is left: no guest, no disk and no lock.
async fn end_empty(world: World) {
    assert_eq!(world.pve().machines(), [""; 0]);
    world.end().await;
}

#[tokio::test]
async fn a_machine_and_a_container_come_and_go() {
    let world = world().await;
    let ended = trial(&world, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let titles = ["create the machine and the container", "change the machine and the container"];
    let titles = titles.iter().chain(&["move the machine and the container to another node", "start the machine and the container"]);
    let expected: Vec<(String, String)> = titles.chain(&["remove everything again"]).map(|title| ((*title).to_owned(), "ok".to_owned())).collect();
    assert_eq!(stages(&ended), expected, "{ended:?}");
    let pve = world.pve();
    let tasks = ["qmclone", "vzcreate", "qmigrate", "vzmigrate", "qmstart", "vzstart", "qmdestroy", "vzdestroy"].map(|kind| (kind, pve.tasks(kind)));
    assert!(tasks.iter().all(|(_, count)| *count == 1), "{tasks:?}");
    end_empty(world).await;
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing() {
    let world = world().await;
    world.pve().break_next(PveFault::TaskFails("no space left on device".to_owned()), "POST /migrate");
    let ended = trial(&world, &[]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let stages = stages(&ended);
    let states: Vec<&str> = stages.iter().map(|(_, state)| state.as_str()).collect();
    assert_eq!(states, ["ok", "ok", "problem", "ok"], "{ended:?}");
    assert!(ended.out.contains("no space left on device"), "{ended:?}");
    end_empty(world).await;
}

#[tokio::test]
async fn a_reply_that_is_lost_leaves_nothing() {
    for request in ["POST /clone", "POST /lxc", "DELETE /"] {
        let world = world().await;
        world.pve().break_next(PveFault::DisconnectAfterEffect, request);
        let ended = trial(&world, &[]).await;
        assert!(stages(&ended).last().is_some_and(|(title, state)| title == "remove everything again" && state == "ok"), "{request}: {ended:?}");
        end_empty(world).await;
    }
}

#[tokio::test]
async fn an_interrupt_leaves_nothing() {
    let world = world().await;
    let running = world.begin(&TRIAL);
    world.pve().first_write().await;
    running.interrupt();
    let ended = running.ended().await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.contains("it was told to stop"), "{ended:?}");
    end_empty(world).await;
}

#[tokio::test]
async fn what_a_killed_trial_left_is_removed_by_the_next() {
    let world = world().await;
    let running = world.begin(&TRIAL);
    world.pve().made("ipr-acceptance-ct").await;
    running.kill().await;
    let ended = trial(&world, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(stages(&ended)[0], ("remove what an earlier trial left".to_owned(), "ok".to_owned()));
    end_empty(world).await;
}

#[tokio::test]
async fn somebody_elses_machine_of_that_name_is_left_alone() {
    let world = world().await;
    world.pve().cluster().change(|pve| pve.add_vm(500, "ipr-acceptance-vm", "pve2", false, &[]));
    let writes = world.pve().writes();
    let ended = trial(&world, &[]).await;
    assert!(ended.code == Some(1) && ended.err.contains("`ipr-acceptance-vm` exists"), "{ended:?}");
    assert_eq!((world.pve().machines(), world.pve().writes()), (vec!["ipr-acceptance-vm".to_owned()], writes));
    world.end().await;
}

#[tokio::test]
async fn what_is_missing_is_named_with_what_to_give() {
    let world = World::prepare(Wish::default().proxmox()).await;
    let refused = trial(&world, &[]).await;
    assert!(refused.code == Some(1) && refused.err.contains("--set container_os=none"), "{refused:?}");
    let ended = trial(&world, &["--set", "container_os=none", "--set", "os=ubuntu-24.04", "--set", "node=pve2", "--set", "storage=fast"]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains("`ipr-acceptance-vm` on `pve2`") && ended.out.contains("no container is made"), "{ended:?}");
    let empty = trial(&world, &["--set", "container_os=none", "--set", "os=none"]).await;
    assert_eq!(empty.code, Some(0), "{empty:?}");
    let unknown = trial(&world, &["--set", "bridge=vmbr0"]).await;
    assert!(unknown.code == Some(1) && unknown.err.contains("there is `os`"), "{unknown:?}");
    end_empty(world).await;
}
