//! Does a file-backed target outlive its processes, and do several of them agree?

use std::sync::Arc;

use engine_api::ErrorKind;
use engine_fake::{FakeTarget, Fault};
use serde_json::json;

use crate::world::World;

fn endpoint(folder: &tempfile::TempDir) -> String {
    format!("file://{}", folder.path().join("rack.json").display())
}

#[tokio::test]
async fn what_was_made_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(FakeTarget::open(&endpoint(&folder)).unwrap());
    world.apply(&world.create("compute", "web", json!({"image": "nginx:1"}))).await.unwrap();
    let before = world.target.object("compute", "web").unwrap();
    drop(world);
    let again = FakeTarget::open(&endpoint(&folder)).unwrap();
    assert_eq!(again.object("compute", "web"), Some(before));
    assert_eq!(again.mutating_calls(), 2, "created and started");
}

#[tokio::test]
async fn an_unconfirmed_batch_never_reaches_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(FakeTarget::open(&endpoint(&folder)).unwrap());
    let web = world.create("rule", "web", json!({"action": "accept"}));
    world.open(&web).await;
    world.apply(&web).await.unwrap();
    let other_process = FakeTarget::open(&endpoint(&folder)).unwrap();
    assert!(other_process.objects().is_empty());
}

#[tokio::test]
async fn faults_reach_the_process_that_calls() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new(FakeTarget::open(&endpoint(&folder)).unwrap());
    let tester = FakeTarget::open(&endpoint(&folder)).unwrap();
    tester.inject(Fault::before(ErrorKind::Busy));
    let order = world.create("network", "lan", json!({}));
    assert_eq!(world.apply(&order).await.unwrap_err().kind, ErrorKind::Busy);
    world.apply(&order).await.unwrap();
    assert_eq!(tester.objects(), ["network/lan"]);
}

#[test]
fn writers_do_not_lose_each_others_changes() {
    let folder = tempfile::tempdir().unwrap();
    let openers: Vec<Arc<FakeTarget>> = (0..4).map(|_| FakeTarget::open(&endpoint(&folder)).unwrap()).collect();
    std::thread::scope(|scope| {
        for (number, target) in openers.iter().enumerate() {
            scope.spawn(move || (0..10).for_each(|index| target.make_foreign("network", &format!("n{number}-{index}"), &json!({}))));
        }
    });
    assert_eq!(openers[0].objects().len(), 40);
}

#[test]
fn the_identity_is_the_files_name_and_other_endpoints_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = FakeTarget::open(&endpoint(&folder)).unwrap();
    drop(target);
    let stored: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.path().join("rack.json")).unwrap()).unwrap();
    assert_eq!(stored["identity"], "fake-rack");
    for bad in ["", "state.json", "file://relative.json", "https://example.net"] {
        assert_eq!(FakeTarget::open(bad).unwrap_err().kind, ErrorKind::Rejected, "{bad}");
    }
}
