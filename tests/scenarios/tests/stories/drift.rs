//! What if somebody changes a target by hand, and no pull request looks there? The environment's issue says so, until it is right.

use serde_json::json;
use test_harness::{Webhooks, Wish, World};
use test_scenarios::{WEB, web};

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
