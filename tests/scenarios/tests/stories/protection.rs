//! What keeps data and names from getting lost by mistake?

use insta::assert_snapshot;
use test_harness::{MergeMethod, Wish, World};
use test_scenarios::{WEB, web};

#[tokio::test]
async fn a_volume_that_is_to_be_destroyed_waits_for_a_person() {
    let destroy = web().replace("data, provider: fake}", "data, provider: fake, lifecycle: {protect: false, on_delete: destroy}}");
    let world = World::start_installed(Wish::default().file(WEB, &destroy)).await;
    let pull = world.pull_request("Remove web").without(WEB).open().await;
    assert_snapshot!(pull.comment().await);
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].reason, "waiting");
    pull.say("bob", &format!("/apply {} --deletes 3", pull.digest().await)).await;
    assert_eq!((pull.state().await.as_str(), world.target().names().len()), ("✅ applied", 0));
    world.end().await;
}

#[tokio::test]
async fn a_protected_container_is_not_deleted_with_its_block() {
    let protected = web() + "    lifecycle: {protect: true}\n";
    let world = World::start_installed(Wish::default().file(WEB, &protected)).await;
    let pull = world.pull_request("Remove web").without(WEB).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_rename_asks_for_the_former_address() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let pull = world.pull_request("Rename").file(WEB, &web().replace("name: app", "name: server")).open().await;
    assert_snapshot!(pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_blueprint_that_does_not_parse_deletes_nothing() {
    let world = World::start_installed(Wish::default().file(WEB, &web())).await;
    let before = world.target().log();
    world.pull_request("Break it").file(WEB, "version: \"1.0\"\nname: web\nresources: []]\n").open().await.merge(MergeMethod::Squash).await;
    let mended = world.pull_request("Mend it").file(WEB, &web()).open().await;
    mended.merge(MergeMethod::Squash).await;
    assert_snapshot!(mended.comment().await);
    assert_eq!(world.target().log(), before);
    world.end().await;
}
