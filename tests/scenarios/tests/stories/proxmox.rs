//! What is the life of a virtual machine, from its pull request to the revert?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, machine, machine_with};

use crate::rendered::assert_comment;

async fn world() -> World {
    World::start_as(Wish::default().proxmox()).await
}

/// A world in which the machine was made.
async fn world_with(blueprint: &str) -> World {
    let world = world().await;
    world.applied("Add web", WEB, blueprint).await;
    world
}

#[tokio::test]
async fn a_machine_is_planned() {
    let world = world().await;
    let pull = world.pull_request("Add web").file(WEB, &machine()).open().await;
    assert_comment!("machine_planned", pull.comment().await);
    assert_eq!((world.pve().machines(), world.pve().writes()), (vec![], 0), "a plan changes nothing");
    world.end().await;
}

#[tokio::test]
async fn a_merged_machine_is_what_its_blueprint_says() {
    let world = world().await;
    let pull = world.applied("Add web", WEB, &machine()).await;
    let machine = world.pve().machine("web-01");
    assert_eq!(
        (machine.guest.node.as_str(), machine.guest.is_running(), machine.option("cores"), machine.option("memory")),
        ("pve1", true, "2", "2048")
    );
    assert_eq!((machine.option("ciuser"), machine.option("ipconfig0")), ("ops", "ip=10.0.20.11/24,gw=10.0.20.1"));
    assert!(machine.option("scsi0").ends_with("size=20G") && machine.guest.cloudinit_drive.is_some(), "{machine:?}");
    assert_eq!(world.record("prod").await.outcomes(), [("web.web-01", "changed")]);
    assert_comment!("machine_made", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_resize_says_that_it_restarts_and_does() {
    let world = world_with(&machine()).await;
    let larger = machine().replace("memory: 2GB", "memory: 4GB").replace("cpu: 2", "cpu: 4");
    let pull = world.pull_request("Resize").file(WEB, &larger).open().await;
    assert_comment!("machine_resized", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!((world.pve().tasks("qmreboot"), world.pve().machine("web-01").running("memory")), (1, "4096".to_owned()));
    world.end().await;
}

#[tokio::test]
async fn a_machine_that_is_never_restarted_says_what_waits() {
    let world = world_with(&machine_with("restart: never")).await;
    let larger = machine_with("restart: never").replace("memory: 2GB", "memory: 4GB").replace("cpu: 2", "cpu: 4");
    let pull = world.pull_request("Resize").file(WEB, &larger).open().await;
    assert_comment!("machine_waits_plan", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!((world.pve().tasks("qmreboot"), world.pve().machine("web-01").running("memory")), (0, "2048".to_owned()));
    assert_comment!("machine_waits", pull.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_machine_that_somebody_migrated_is_no_drift() {
    let world = world_with(&machine()).await;
    world.pve().migrate_by_hand("web-01", "pve2");
    let writes = world.pve().writes();
    let pull = world.pull_request("Say more").file(WEB, &format!("# Ours.\n{}", machine())).open().await;
    assert_snapshot!("machine_migrated_by_hand", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "nothing to do");
    assert_eq!((world.pve().machine("web-01").guest.node.as_str(), world.pve().writes()), ("pve2", writes));
    world.end().await;
}

#[tokio::test]
async fn what_somebody_changed_is_put_right_in_plain_sight() {
    let world = world_with(&machine()).await;
    world.pve().by_hand("web-01", |guest| _ = guest.config.insert("memory".to_owned(), "3072".to_owned()));
    let pull = world.pull_request("Grow").file(WEB, &machine().replace("20GB", "30GB")).open().await;
    assert_comment!("machine_drifted", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.pve().machine("web-01").option("memory"), "2048");
    world.end().await;
}

#[tokio::test]
async fn a_disk_grows_and_a_revert_does_not_shrink_it() {
    let world = world_with(&machine()).await;
    let grown = world.applied("Grow", WEB, &machine().replace("20GB", "30GB")).await;
    assert!(world.pve().machine("web-01").option("scsi0").ends_with("size=30G"));
    let revert = grown.revert().await;
    assert_comment!("machine_shrinks", revert.comment().await);
    revert.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked.len(), 1);
    assert!(world.pve().machine("web-01").option("scsi0").ends_with("size=30G"));
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_resize_brings_the_old_size_back() {
    let world = world_with(&machine()).await;
    let shape = world.pve().shape();
    let larger = world.applied("Resize", WEB, &machine().replace("memory: 2GB", "memory: 4GB")).await;
    assert_eq!(larger.revert().await.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(world.pve().shape(), shape);
    world.end().await;
}

#[tokio::test]
async fn a_revert_of_a_machine_keeps_it_and_says_so() {
    let world = world().await;
    let revert = world.applied("Add web", WEB, &machine()).await.revert().await;
    assert_comment!("machine_reverted_plan", revert.comment().await);
    assert_eq!(revert.merged(MergeMethod::Squash).await, "✅ applied");
    assert!(world.pve().machine("web-01").guest.is_running(), "it holds data and is kept");
    assert_comment!("machine_reverted", revert.replies().await.join("\n=====\n"));
    world.end().await;
}

#[tokio::test]
async fn a_machine_that_is_to_be_destroyed_waits_for_a_person() {
    let world = world_with(&(machine() + "    lifecycle: {on_delete: destroy, protect: false}\n")).await;
    let pull = world.pull_request("Remove web").without(WEB).open().await;
    assert_comment!("machine_destroyed", pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "waiting");
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!((pull.state().await.as_str(), world.pve().machines()), ("✅ applied", vec![]));
    world.end().await;
}

#[tokio::test]
async fn a_machine_of_somebody_else_is_a_conflict() {
    let world = world().await;
    world.pve().cluster().change(|world| world.add_vm(500, "web-01", "pve2", true, &[]));
    let pull = world.pull_request("Add web").file(WEB, &machine()).open().await;
    assert_comment!("machine_conflict", pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_fresh_clone_prints_the_digest_of_the_comment() {
    let world = world().await;
    let pull = world.pull_request("Add web").file(WEB, &machine()).open().await;
    let digest = pull.digest().await;
    let output = world.ipr_in_a_fresh_clone(&["plan", "--pr", &pull.number.to_string()], &[]).await;
    assert!(output.contains(&digest), "{digest} is not in:\n{output}");
    world.end().await;
}
