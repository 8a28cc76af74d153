//! What does undoing a failed run touch, in which order, and what does it leave alone?

use core_model::record::StepOutcome;
use engine_api::ErrorKind;
use engine_fake::Fault;
use serde_json::json;

use crate::world::{Planned, World, message, shown};

/// A step that fails whatever else happens.
const FAILS: &str = "- {type: network, name: zz, provider: fake}";

/// Plans these resources and one that fails, runs the plan, and leaves the rest to the test.
async fn failed_run(world: &World, resources: &str) -> (Planned, Vec<StepOutcome>) {
    world.target.inject(Fault::before(ErrorKind::Rejected).of("app-zz"));
    let planned = world.plan(&format!("{resources}\n{FAILS}")).await;
    let outcomes = world.run(&planned).await;
    assert!(shown(&planned.plan, &outcomes).contains("create zz: Failed"));
    (planned, outcomes)
}

#[tokio::test]
async fn what_was_made_goes_in_reverse_order() {
    let world = World::new();
    let made = "- {type: network, name: lan, provider: fake}
- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", networks: [lan]}}";
    let (planned, mut outcomes) = failed_run(&world, made).await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create lan: Undone; create web: Undone; create zz: Failed");
    assert_eq!(world.log()[3..], ["Delete compute/app-web", "Delete network/app-lan"]);
    assert_eq!(daemon_executor::state_after(&world.applied, &planned.plan, &outcomes), world.applied.resources);
}

#[tokio::test]
async fn data_is_never_deleted() {
    let world = World::new();
    let (planned, mut outcomes) = failed_run(&world, "- {type: storage, name: data, provider: fake}").await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create data: Changed; create zz: Failed");
    assert_eq!(message(&outcomes, "data"), "not undone: it may hold data by now");
    assert_eq!(world.target.objects(), ["storage/app-data"]);
}

#[tokio::test]
async fn values_before_come_back() {
    let world = World::with("- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", restart: always, memory: 1GB}}").await;
    let before = world.target.object("compute", "app-web").unwrap().fields;
    let changed = "- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", cpu: 2, memory: 2GB}}";
    let (planned, mut outcomes) = failed_run(&world, changed).await;
    assert_ne!(world.target.object("compute", "app-web").unwrap().fields, before);
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "update web: Undone; create zz: Failed");
    assert_eq!(world.target.object("compute", "app-web").unwrap().fields, before);
}

/// A disk grows and does not shrink: the rest of the step is undone without it.
#[tokio::test]
async fn what_cannot_be_taken_back_stays_and_the_rest_is_undone() {
    let web =
        |cpu: u32, memory: &str| format!("- {{type: compute, name: web, provider: fake, specs: {{image: \"web:1\", cpu: {cpu}, memory: {memory}}}}}");
    let world = World::with(&web(1, "1GB")).await;
    let field = |path: &str| world.target.object("compute", "app-web").unwrap().fields[path].clone();
    let (cpu, memory) = (field("specs.cpu"), field("specs.memory"));
    let (planned, mut outcomes) = failed_run(&world, &web(2, "2GB")).await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "update web: Undone; create zz: Failed");
    assert!(field("specs.cpu") != cpu && field("specs.memory") == memory);
    assert_eq!(message(&outcomes, "web"), "`specs.cpu` stays: a fake container gives no processor back");
    let world = World::with(&web(1, "1GB")).await;
    let (planned, mut outcomes) = failed_run(&world, &web(2, "1GB")).await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(message(&outcomes, "web"), "not undone: a fake container gives no processor back");
}

#[tokio::test]
async fn what_always_existed_gets_the_values_it_had_before_it_was_managed() {
    let world = World::new();
    world.target.set_by_hand("setting", "edge", "specs.limit", json!(7));
    let (planned, mut outcomes) = failed_run(&world, "- {type: setting, name: edge, provider: fake, specs: {limit: 9}}").await;
    assert_eq!(world.target.object("setting", "edge").unwrap().fields["specs.limit"], json!(9));
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "update edge: Undone; create zz: Failed");
    assert_eq!(world.target.object("setting", "edge").unwrap().fields["specs.limit"], json!(7));
}

#[tokio::test]
async fn what_is_known_by_the_record_alone_is_undone_too() {
    let world = World::new();
    let (planned, mut outcomes) = failed_run(&world, "- {type: rule, name: web, provider: fake, specs: {action: accept}}").await;
    assert_eq!(world.target.objects(), ["rule/web"]);
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create web: Undone; create zz: Failed");
    assert_eq!(world.target.objects(), [""; 0]);
}

#[tokio::test]
async fn a_field_that_cannot_be_read_does_not_stand_in_the_way() {
    let world = World::new();
    let (planned, mut outcomes) = failed_run(&world, "- {type: account, name: ops, provider: fake, specs: {password: \"${secret.door}\"}}").await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create ops: Undone; create zz: Failed");
}

#[tokio::test]
async fn what_was_deleted_is_made_again() {
    let world = World::with("- {type: network, name: lan, provider: fake, specs: {labels: {a: b}}}").await;
    let before = world.target.object("network", "app-lan").unwrap().fields;
    let (planned, mut outcomes) = failed_run(&world, "").await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "create zz: Failed; delete lan: Undone");
    assert_eq!(world.target.object("network", "app-lan").unwrap().fields, before);
}

#[tokio::test]
async fn what_changed_since_is_left_alone() {
    let world = World::with("- {type: setting, name: edge, provider: fake, specs: {limit: 1}}").await;
    let (planned, mut outcomes) = failed_run(&world, "- {type: setting, name: edge, provider: fake, specs: {limit: 2}}").await;
    world.target.set_by_hand("setting", "edge", "specs.limit", json!(3));
    let calls = world.journal.calls();
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(shown(&planned.plan, &outcomes), "update edge: Changed; create zz: Failed");
    assert_eq!(message(&outcomes, "edge"), "not undone: `edge` changed since");
    assert_eq!(world.journal.calls(), calls);
}

#[tokio::test]
async fn a_name_that_somebody_else_took_since_is_left_alone() {
    let world = World::with("- {type: network, name: lan, provider: fake}").await;
    let (planned, mut outcomes) = failed_run(&world, "").await;
    world.target.make_foreign("network", "app-lan", &json!({"specs": {}}));
    let calls = world.journal.calls();
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(message(&outcomes, "lan"), "not undone: `app-lan` changed since");
    assert_eq!(world.journal.calls(), calls);
}

#[tokio::test]
async fn what_was_done_once_is_not_undone() {
    let world = World::new();
    let (planned, mut outcomes) = failed_run(&world, "- {type: task, name: wipe, provider: fake, specs: {once: {token: a}}}").await;
    world.undo(&planned, &mut outcomes).await;
    assert_eq!(message(&outcomes, "wipe"), "not undone: what was done once cannot be undone");
}
