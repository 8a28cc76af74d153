//! When does what was merged start? In the windows of its environment.

use std::time::{SystemTime, UNIX_EPOCH};

use test_harness::{MergeMethod, REPOSITORY, Webhooks, Wish, World};
use test_scenarios::{WEB, WEB_OBJECTS, web};

const DAY_S: u64 = 86_400;
const DAYS: [&str; 7] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];

/// The day of the week so many days from now, in UTC. The first of January 1970 was a Thursday.
fn day_in(days: u64) -> &'static str {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    DAYS[((now_s / DAY_S + days) % 7) as usize]
}

/// A window that is not open now, and was not a moment ago.
fn closed(purpose: &str) -> String {
    format!("{{days: {}, hours: \"00:00-24:00\", zone: UTC, for: {purpose}}}", day_in(3))
}

/// A window that is always open.
fn open(purpose: &str) -> String {
    format!("{{days: mon-sun, hours: \"00:00-24:00\", zone: UTC, for: {purpose}}}")
}

fn wish(windows: &[String]) -> Wish {
    Wish::default().rule(&format!("windows: [{}]", windows.join(", ")))
}

#[tokio::test]
async fn what_is_merged_outside_its_window_waits_and_says_until_when() {
    let world = World::start_as(wish(&[closed("changes")])).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("is carried out when it opens"), "{}", pull.comment().await);
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for its window");
    assert!(pull.replies().await.pop().unwrap().contains("The next window opens "));
    assert_eq!(pull.statuses().await["ipr/prod"].state, "pending");
    pull.say("bob", "/skip prod").await;
    assert_eq!((pull.state().await.as_str(), world.target().names()), ("skipped", vec![]));
    world.end().await;
}

#[tokio::test]
async fn what_was_merged_goes_on_by_itself_when_the_window_opens() {
    let world = World::start_as(wish(&[closed("changes")]).webhooks(Webhooks::Lost)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for its window");
    world.days_pass(3);
    world.until("the window is open", |world| world.target().names() == WEB_OBJECTS).await;
    assert_eq!((pull.state().await.as_str(), world.record("prod").await.run.parked.len()), ("✅ applied", 0));
    world.end().await;
}

#[tokio::test]
async fn what_waits_behind_it_is_judged_anew_after_it() {
    let world = World::start_as(wish(&[closed("changes")]).webhooks(Webhooks::Lost)).await;
    let first = world.pull_request("Add web").file(WEB, &web()).open().await;
    first.merge(MergeMethod::Squash).await;
    let second = world.pull_request("Greet").file(WEB, &web().replace("hello", "good day")).open().await;
    assert_eq!(second.merged(MergeMethod::Squash).await, "⏸ waits for its window");
    world.days_pass(3);
    world.until("the window is open", |world| world.target().names() == WEB_OBJECTS).await;
    assert_eq!(first.state().await, "✅ applied");
    assert_eq!(second.state().await, "⏸ not as reviewed", "what was to be created is there now and would be replaced");
    world.end().await;
}

#[tokio::test]
async fn an_apply_that_was_kept_is_carried_out_when_the_window_opens() {
    let world = World::start_as(wish(&[closed("changes")]).rule("apply: manual").webhooks(Webhooks::Lost)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    world.days_pass(3);
    world.until("the window is open", |world| world.target().names() == WEB_OBJECTS).await;
    assert_eq!(pull.state().await, "✅ applied");
    world.end().await;
}

#[tokio::test]
async fn an_apply_that_was_kept_and_is_another_plan_now_waits_for_a_person() {
    let world = World::start_as(wish(&[closed("changes")]).rule("apply: manual").webhooks(Webhooks::Lost)).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    world.target().put_by_hand("compute/web-app", serde_json::json!({}));
    world.days_pass(3);
    world.settled().await;
    assert_eq!((pull.state().await.as_str(), world.target().names()), ("⏸ waits for you", vec!["compute/web-app".to_owned()]));
    assert!(pull.replies().await.iter().any(|reply| reply.contains("`/apply` is refused")), "{:?}", pull.replies().await);
    world.end().await;
}

#[tokio::test]
async fn an_open_window_is_no_obstacle() {
    let world = World::start_as(wish(&[closed("changes"), open("changes")])).await;
    world.applied("Add web", WEB, &web()).await;
    assert_eq!(world.target().names(), WEB_OBJECTS);
    world.end().await;
}

#[tokio::test]
async fn an_apply_outside_the_window_is_kept_for_it() {
    let world = World::start_as(wish(&[closed("changes")]).rule("apply: manual")).await;
    let pull = world.pull_request("Add web").file(WEB, &web()).open().await;
    pull.merge(MergeMethod::Squash).await;
    let said = pull.say("bob", &format!("/apply {}", pull.digest().await)).await;
    assert_eq!((said.reactions().await, pull.state().await.as_str()), (vec!["eyes".to_owned(), "+1".to_owned()], "⏸ waits for its window"));
    assert_eq!(world.record("prod").await.run.parked[0].confirmed.as_ref().unwrap()["login"], "bob");
    world.end().await;
}

#[tokio::test]
async fn what_interrupts_waits_for_a_window_for_restarts() {
    let world = World::start_as(wish(&[open("changes"), closed("restarts")])).await;
    let in_window = web().replace("    specs:\n", "    lifecycle: {restart: window}\n    specs:\n");
    world.applied("Add web", WEB, &in_window).await;
    let pull = world.pull_request("Greet").file(WEB, &in_window.replace("hello", "good day")).open().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "⏸ waits for its window");
    assert!(pull.replies().await.pop().unwrap().contains("It interrupts `web.app`. The next window opens "));
    world.end().await;
}

#[tokio::test]
async fn a_change_of_the_windows_is_said_on_top() {
    let world = World::start_as(wish(&[closed("changes")])).await;
    let settings = world.forge().file_at(REPOSITORY, "main", "ipr.yaml").await.unwrap().unwrap();
    let always = settings.replace(&closed("changes"), &open("changes"));
    let pull = world.pull_request("Apply at any time").file("ipr.yaml", &always).file(WEB, &web()).open().await;
    assert!(pull.comment().await.contains("**This pull request changes how merges are judged**: `when prod is applied, in ipr.yaml`"));
    world.end().await;
}
