//! Is what has the name what the record speaks of? Copies, backups and renamed objects are not taken away.

use core_model::plan::{Plan, ProblemKind};
use core_model::resource_type::Ownership;
use serde_json::json;

use crate::world::{World, address, resource, shown};

fn two() -> World {
    World::settled(vec![resource("box", "web", json!({"port": 1})), resource("box", "db", json!({"port": 2}))])
}

fn check(world: &World, expected: &str) -> Plan {
    let plan = world.plan();
    assert_eq!(shown(&plan), expected);
    plan
}

#[test]
fn what_lost_its_marker_is_not_taken_away() {
    let mut world = two();
    world.object("web").marker = None;
    world.drop("web");
    let plan = check(&world, "problem: Conflict app.web");
    assert!(plan.problems[0].detail.contains("is not managed by ipr"), "{:?}", plan.problems);
    world.applied.resources.get_mut(&address("web")).unwrap().ownership = Ownership::Recorded;
    check(&world, "delete app.web [restart]");
}

#[test]
fn what_carries_somebody_elses_marker_is_not_taken_away() {
    let mut world = two();
    world.object("web").marker.as_mut().unwrap().owner_id = "somebody".into();
    world.drop("web");
    check(&world, "problem: Conflict app.web");
}

/// The machine `web` is gone, and `db` was given its name by hand.
#[test]
fn another_of_ours_that_has_the_name_now_is_not_taken_away() {
    let mut world = two();
    world.objects().retain(|object| object.name == "app-db");
    world.objects()[0].name = "app-web".into();
    world.drop("web");
    check(&world, "drift: delete app.db\nproblem: Conflict app.web");
    let mut world = two();
    world.objects().retain(|object| object.name == "app-db");
    world.objects()[0].name = "app-web".into();
    world.want(resource("box", "web", json!({"port": 7})));
    assert_eq!(world.plan().problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::Conflict]);
}

/// A marker keeps the address that the object was made under, and that address may be somebody else's by now.
#[test]
fn what_was_moved_is_taken_away_all_the_same() {
    let mut world = two();
    world.object("web").marker.as_mut().unwrap().address = address("before");
    world.drop("web");
    check(&world, "delete app.web [restart]");
    world.object("web").marker.as_mut().unwrap().address = address("db");
    check(&world, "delete app.web [restart]");
}

#[test]
fn what_is_adopted_is_not_made_anew() {
    let mut world = World::empty();
    world.show(&resource("server", "vm", json!({"cpu": 1, "number": 5})), None);
    world.want(resource("server", "vm", json!({"cpu": 1, "made_from": "debian"}))).lifecycle.adopt = true;
    check(&world, "adopt app.vm [none]");
    world.want(resource("server", "vm", json!({"cpu": 2, "made_from": "debian"}))).lifecycle.adopt = true;
    check(&world, "restart app.vm [restart] specs.cpu");
    world.want(resource("server", "vm", json!({"cpu": 1, "number": 6}))).lifecycle.adopt = true;
    let plan = check(&world, "problem: Conflict app.vm");
    assert!(plan.problems[0].detail.contains("`specs.number` is 5"), "{:?}", plan.problems);
}
