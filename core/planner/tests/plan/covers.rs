//! When is a run what was reviewed?

use core_planner::{Cover, cover};
use serde_json::json;

use crate::world::{World, resource};

fn two_changes() -> World {
    let mut world = World::settled(vec![resource("box", "a", json!({"port": 1})), resource("box", "b", json!({"port": 2}))]);
    world.want(resource("box", "a", json!({"port": 3})));
    world.want(resource("box", "b", json!({"port": 4})));
    world
}

#[test]
fn the_same_plan_and_a_smaller_one_are_covered() {
    let reviewed = two_changes();
    let mut now = two_changes();
    assert_eq!(cover(&reviewed.plan(), &now.plan()), Cover::Covered);
    now.object("a").values["specs"]["port"] = json!(3);
    assert_eq!(now.plan().steps.len(), 1);
    assert_eq!(cover(&reviewed.plan(), &now.plan()), Cover::Covered);
}

#[test]
fn more_other_or_riskier_steps_are_asked_again() {
    let reviewed = two_changes();
    let mut now = two_changes();
    now.object("a").values["specs"]["port"] = json!(7);
    assert!(matches!(cover(&reviewed.plan(), &now.plan()), Cover::NotCovered(found) if found[0].why.contains("differ")));
    let mut now = two_changes();
    now.want(resource("box", "c", json!({"port": 9})));
    assert!(matches!(cover(&reviewed.plan(), &now.plan()), Cover::NotCovered(found) if found[0].why.contains("no step")));
    let mut now = two_changes();
    now.objects().retain(|object| object.name != "app-a");
    assert!(matches!(cover(&reviewed.plan(), &now.plan()), Cover::NotCovered(found) if found[0].why.contains("needs to create")));
}

#[test]
fn a_lower_risk_is_covered_and_a_higher_one_is_not() {
    let (low, mut high) = (two_changes().plan(), two_changes().plan());
    for step in &mut high.steps {
        step.risk = core_model::plan::Risk::Restart;
        step.digest = step.compute_digest(&high.environment);
    }
    assert_eq!(cover(&high, &low), Cover::Covered);
    assert!(matches!(cover(&low, &high), Cover::NotCovered(_)));
}
