//! What if somebody changes a target by hand, and no pull request looks there? The environment's issue says so, until it is right.

use serde_json::json;
use test_harness::{Webhooks, Wish, World};
use test_scenarios::{WEB, blueprint, web};

use crate::rendered::assert_comment;

fn wish() -> Wish {
    Wish::default().webhooks(Webhooks::Lost).rule("drift: {check: 1s}")
}

fn tells(world: &World, text: &str) -> bool {
    world.issue_text().is_some_and(|issue| issue.contains(text))
}

#[tokio::test]
async fn what_was_changed_by_hand_is_told_until_it_is_right() {
    let world = World::start_as(wish()).await;
    world.applied("Add web", WEB, &web()).await;
    world.target().set_by_hand("compute/web-app", "specs.env.GREETING", json!("moved by hand"));
    world.until("the issue tells of it", |world| tells(world, "web.app")).await;
    assert_comment!("drift", world.normalised(&world.issue_text().unwrap()).await);
    world.target().set_by_hand("compute/web-app", "specs.env.GREETING", json!("hello"));
    world.until("the issue is closed", |world| world.issue_text().is_none()).await;
    world.end().await;
}

#[tokio::test]
async fn what_comes_to_it_is_told_by_a_comment() {
    let world = World::start_as(wish()).await;
    world.applied("Add web", WEB, &web()).await;
    world.target().set_by_hand("compute/web-app", "specs.env.GREETING", json!("moved by hand"));
    world.until("the issue tells of it", |world| tells(world, "web.app")).await;
    world.target().remove_by_hand("network/web-front");
    world.until("the issue tells of both", |world| tells(world, "web.front")).await;
    let issue = world.issues().await.remove(0).number;
    assert_comment!("drift_news", world.comments_on(issue).await.pop().unwrap());
    world.end().await;
}

const EDGE: &str = "blueprints/edge.yaml";

fn dns(last: u8) -> String {
    blueprint("edge", &format!("  - {{type: dns, name: web, provider: mikrotik, specs: {{name: web.acme.example, address: 10.0.20.{last}}}}}\n"))
}

/// A name on a router that the daemon listens to. Its next check comes in a day, and so does its next sweep.
async fn listened_to() -> World {
    let world = World::start_as(Wish::default().mikrotik().rule("drift: {check: 1d}")).await;
    world.applied("Name web", EDGE, &dns(11)).await;
    let listens = |world: &World| world.edge().router().calls().iter().any(|call| call.command == "/ip/dns/static/listen");
    world.until("the router is listened to", listens).await;
    world
}

#[tokio::test]
async fn a_router_says_itself_that_somebody_changed_it() {
    let world = listened_to().await;
    world.edge().router().run("/ip dns static set [find] address=10.0.20.99").unwrap();
    world.until("the issue tells of it", |world| tells(world, "10.0.20.99")).await;
    world.end().await;
}

#[tokio::test]
async fn what_the_daemon_does_itself_is_heard_and_is_no_drift() {
    let world = listened_to().await;
    let heard = |world: &World| world.daemon.log().matches("says that something changed").count();
    assert_eq!(heard(&world), 0);
    world.applied("Move web", EDGE, &dns(12)).await;
    world.until("its own change was heard", |world| heard(world) == 1).await;
    world.settled().await;
    assert_eq!(world.issue_text(), None);
    world.end().await;
}

#[tokio::test]
async fn nobody_listens_where_nobody_asks_for_drift() {
    let world = World::start_as(Wish::default().mikrotik()).await;
    world.applied("Name web", EDGE, &dns(11)).await;
    world.edge().router().run("/ip dns static set [find] address=10.0.20.99").unwrap();
    world.settled().await;
    assert!(world.edge().router().calls().iter().all(|call| !call.command.ends_with("/listen")));
    assert_eq!(world.issue_text(), None);
    world.end().await;
}
