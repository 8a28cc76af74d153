//! Which steps need no call? Those that only change the record, and those whose effect is there already.

use serde_json::json;

use crate::world::{World, shown};

const WEB: &str = "- {type: compute, name: web, provider: fake, specs: {image: \"web:1\", env: {A: \"1\"}}}";

#[tokio::test]
async fn what_is_so_already_is_not_done_again() {
    let world = World::new();
    let mut planned = world.plan(WEB).await;
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "create web: Changed, ready");
    let calls = world.target.mutating_calls();
    // The same run goes on after a crash: its plan is the old one, and what it sees is new.
    world.look_again(&mut planned).await;
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "create web: AlreadySo, ready");
    assert_eq!(world.target.mutating_calls(), calls);
}

#[tokio::test]
async fn an_object_that_somebody_else_made_meanwhile_is_not_taken_for_ours() {
    let world = World::new();
    let mut planned = world.plan("- {type: network, name: lan, provider: fake, specs: {driver: bridge}}").await;
    world.target.make_foreign("network", "app-lan", &json!({"specs": {"driver": "bridge"}}));
    let seen = core_model::state::ObservedObject {
        type_name: "network".into(),
        name: "app-lan".into(),
        marker: Some("c0ffee01/staging/app.lan".parse().unwrap()),
        values: planned.plan.steps[0].desired.clone(),
        defaults: serde_json::Map::new(),
        ready: None,
        is_shallow: false,
    };
    let observation =
        core_model::state::TargetObservation { identity: "fake-memory".into(), objects: vec![seen], gaps: Vec::new(), notes: Vec::new() };
    planned.observed.targets.insert("lab".parse().unwrap(), Ok(observation));
    assert_eq!(shown(&planned.plan, &world.run(&planned).await), "create lan: Failed");
    assert_eq!(world.target.mutating_calls(), 0);
}

#[tokio::test]
async fn adopting_makes_no_call() {
    let world = World::new();
    world.target.make_foreign("network", "app-lan", &json!({"specs": {"driver": "bridge"}}));
    let adopted = world.apply("- {type: network, name: lan, provider: fake, lifecycle: {adopt: true}, specs: {driver: bridge}}").await;
    assert_eq!(adopted, "adopt lan: Changed");
    assert_eq!(world.journal.calls(), 0);
}

#[tokio::test]
async fn releasing_makes_no_call() {
    let mut world = World::with("- {type: storage, name: data, provider: fake}").await;
    let calls = world.journal.calls();
    let planned = world.plan("").await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "release data: Changed");
    assert_eq!((world.journal.calls(), world.target.objects()), (calls, vec!["storage/app-data".to_owned()]));
    world.record(planned, &outcomes);
    assert!(world.applied.resources.is_empty());
}

#[tokio::test]
async fn moving_makes_no_call() {
    let mut world = World::with("- {type: network, name: lan, provider: fake}").await;
    let calls = world.journal.calls();
    let planned = world.plan("- {type: network, name: wan, provider: fake, lifecycle: {was: [lan]}}").await;
    let outcomes = world.run(&planned).await;
    assert_eq!(shown(&planned.plan, &outcomes), "move wan: Changed");
    assert_eq!(world.journal.calls(), calls);
    world.record(planned, &outcomes);
    let recorded: Vec<String> = world.applied.resources.iter().map(|(address, resource)| format!("{address} {}", resource.object)).collect();
    assert_eq!(recorded, ["app.wan app-lan"]);
}

/// The values are written, and the restart that puts them into effect has not come: what shows is not what holds.
#[tokio::test]
async fn a_restart_that_did_not_come_is_made_when_the_run_goes_on() {
    use engine_api::ErrorKind;
    use engine_fake::{Fault, Operation};
    let mut world = World::with("- {type: setting, name: late, provider: fake, specs: {mode: standard}}").await;
    world.target.inject(Fault::before(ErrorKind::Rejected).on(Operation::Restart));
    let mut planned = world.plan("- {type: setting, name: late, provider: fake, specs: {mode: strict}}").await;
    let first = world.run(&planned).await;
    assert!(shown(&planned.plan, &first).starts_with("restart late: Failed"), "{}", shown(&planned.plan, &first));
    world.look_again(&mut planned).await;
    let second = world.run(&planned).await;
    assert_eq!(second[0].state, core_model::record::StepState::Changed);
    assert_eq!(world.log().iter().filter(|call| call.starts_with("Restart")).count(), 1, "{:?}", world.log());
    world.record(planned, &second);
}
