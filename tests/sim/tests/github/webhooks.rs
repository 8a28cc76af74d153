//! Do webhooks arrive as GitHub sends them, and go wrong as told?

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};
use test_sim::github::{DeliveryFault, DeliveryOrder, DeliveryOutcome, Fault, FaultMatch, MergeMethod, NewPull, Push, ReviewState, signature};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{NAME, Scene, git, remote, scene};

const SECRET: &str = "It's a Secret to Everybody";

#[derive(Clone, Debug)]
struct Received {
    event: String,
    guid: String,
    payload: Value,
}

/// A receiver on 127.0.0.1 that keeps what it gets, and refuses wrong signatures.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    stop: oneshot::Sender<()>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhook", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let router = Router::new().fallback(keep).with_state(received.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(async { stopped.await.unwrap_or_default() }).await.unwrap();
        });
        Self { url, received, stop }
    }

    fn events(&self) -> Vec<String> {
        let name = |received: &Received| match received.payload["action"].as_str() {
            Some(action) => format!("{}.{action}", received.event),
            None => received.event.clone(),
        };
        self.received.lock().unwrap().iter().map(name).collect()
    }

    fn last(&self, event: &str) -> Value {
        self.received.lock().unwrap().iter().rfind(|received| received.event == event).unwrap().payload.clone()
    }

    fn clear(&self) {
        self.received.lock().unwrap().clear();
    }
}

async fn keep(State(received): State<Arc<Mutex<Vec<Received>>>>, headers: HeaderMap, body: Bytes) -> axum::http::StatusCode {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    if text("x-hub-signature-256") != signature(SECRET, &body) {
        return axum::http::StatusCode::UNAUTHORIZED;
    }
    let payload = serde_json::from_slice(&body).unwrap();
    received.lock().unwrap().push(Received { event: text("x-github-event"), guid: text("x-github-delivery"), payload });
    axum::http::StatusCode::ACCEPTED
}

async fn watched() -> (Scene, Receiver) {
    let (scene, receiver) = (scene().await, Receiver::start().await);
    scene.repository.webhook(&receiver.url, SECRET).await.unwrap();
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.events(), ["ping"]);
    receiver.clear();
    (scene, receiver)
}

async fn open_pull(scene: &Scene) -> u64 {
    let changes = [("a.yaml", Some("a\n"))];
    let push = Push { branch: "feature", from: None, author: "alice", message: "A", changes: &changes };
    scene.repository.push(push).await.unwrap();
    let pull = NewPull { author: "alice", head: "feature", base: "main", title: "A", body: "", draft: true };
    scene.repository.open_pull_request(pull).await.unwrap()
}

#[test]
fn the_signature_is_the_one_github_documents() {
    let expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assert_eq!(signature(SECRET, b"Hello, World!"), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_gives_githubs_events_in_order() {
    let (scene, receiver) = watched().await;
    let number = open_pull(&scene).await;
    scene.repository.ready_for_review(number, "alice").await.unwrap();
    scene.repository.convert_to_draft(number, "alice").await.unwrap();
    scene.repository.ready_for_review(number, "alice").await.unwrap();
    scene.repository.edit_pull_request(number, "alice", Some("B"), None).await.unwrap();
    let changes = [("a.yaml", Some("b\n"))];
    let push = Push { branch: "feature", from: None, author: "alice", message: "B", changes: &changes };
    let head = scene.repository.push(push).await.unwrap();
    scene.repository.review(number, "bob", ReviewState::Approved, "ok").await.unwrap();
    let comment = scene.repository.comment(number, "bob", "/plan").await.unwrap();
    scene.repository.edit_comment(comment, "bob", "/apply").await.unwrap();
    scene.repository.delete_comment(comment, "bob").await.unwrap();
    let status = json!({ "state": "pending", "context": "ipr" });
    scene.bot.post(&format!("/repos/acme/infra/statuses/{head}"), status).await;
    scene.repository.close(number, "alice").await.unwrap();
    scene.repository.reopen(number, "alice").await.unwrap();
    scene.repository.merge(number, "alice", MergeMethod::Merge).await.unwrap();
    scene.repository.delete_branch("feature", "alice").await.unwrap();
    let issue = scene.repository.open_issue("bob", "Wish", "", &["chat"]).await.unwrap();
    scene.bot.patch(&format!("/repos/acme/infra/issues/{issue}"), json!({ "title": "A wish", "labels": [] })).await;
    scene.repository.close(issue, "bob").await.unwrap();
    scene.repository.set_labels(number, "alice", &["late"]).await.unwrap();
    scene.forge.deliveries_idle().await;
    let expected = [
        "push",
        "create",
        "pull_request.opened",
        "pull_request.ready_for_review",
        "pull_request.converted_to_draft",
        "pull_request.ready_for_review",
        "pull_request.edited",
        "push",
        "pull_request.synchronize",
        "pull_request_review.submitted",
        "issue_comment.created",
        "issue_comment.edited",
        "issue_comment.deleted",
        "status",
        "pull_request.closed",
        "pull_request.reopened",
        "push",
        "pull_request.closed",
        "push",
        "delete",
        "issues.opened",
        "issues.labeled",
        "issues.unlabeled",
        "issues.edited",
        "issues.closed",
        "pull_request.labeled",
    ];
    assert_eq!(receiver.events(), expected);
    let closed = receiver.last("pull_request");
    assert_eq!((&closed["pull_request"]["merged"], &closed["pull_request"]["base"]["ref"]), (&json!(true), &json!("main")));
    scene.forge.assert_honest();
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_by_the_git_client_arrives_as_push_and_synchronize() {
    let (scene, receiver) = watched().await;
    open_pull(&scene).await;
    let folder = tempfile::tempdir().unwrap();
    let url = remote(&scene.forge, &scene.forge.token_for("alice"));
    assert!(git(&scene.forge, folder.path(), &["clone", "-q", "-b", "feature", &url, "work"]).await.status.success());
    let work = folder.path().join("work");
    std::fs::write(work.join("b.yaml"), "b\n").unwrap();
    for arguments in [&["add", "."][..], &["commit", "-qm", "By git"], &["push", "-q", "origin", "feature"]] {
        assert!(git(&scene.forge, &work, arguments).await.status.success());
    }
    scene.forge.deliveries_idle().await;
    let events = receiver.events();
    assert_eq!(events[events.len() - 2..], ["push", "pull_request.synchronize"]);
    let (push, synchronize) = (receiver.last("push"), receiver.last("pull_request"));
    assert_eq!(push["head_commit"]["added"][0], json!("b.yaml"));
    assert_eq!(push["pusher"]["name"], json!("alice"));
    assert_eq!(synchronize["after"], push["after"]);
    // A forced push is told as one.
    for arguments in [&["reset", "-q", "--hard", "origin/main"][..], &["commit", "-q", "--allow-empty", "-m", "Anew"]] {
        assert!(git(&scene.forge, &work, arguments).await.status.success());
    }
    assert!(git(&scene.forge, &work, &["push", "-q", "-f", "origin", "HEAD:feature"]).await.status.success());
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.last("push")["forced"], json!(true));
    scene.forge.assert_honest();
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_that_gains_the_head_by_push_merges_the_pull_request() {
    let (scene, receiver) = watched().await;
    let number = open_pull(&scene).await;
    let head = scene.forge.ref_sha(NAME, "refs/heads/feature").unwrap();
    let moved = scene.bot.patch("/repos/acme/infra/git/refs/heads/main", json!({ "sha": head })).await;
    assert_eq!(moved.status, 200);
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.last("pull_request")["pull_request"]["merged"], json!(true));
    assert_eq!(scene.forge.pull_request(NAME, number).unwrap().merge_commit, Some(head));
    scene.forge.assert_honest();
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_fork_leaves_nulls_and_its_commits() {
    let (scene, receiver) = watched().await;
    let fork = scene.repository.fork("mallory").await.unwrap();
    let changes = [("a.yaml", Some("a\n"))];
    let push = Push { branch: "evil", from: None, author: "mallory", message: "A", changes: &changes };
    let head = fork.push(push).await.unwrap();
    let pull = NewPull { author: "mallory", head: "mallory:evil", base: "main", title: "A", body: "", draft: false };
    let number = scene.repository.open_pull_request(pull).await.unwrap();
    let open = scene.bot.get("/repos/acme/infra/pulls/1").await.body;
    assert_eq!(open["head"]["repo"]["full_name"], json!("mallory/infra"));
    assert_eq!(open["head"]["label"], json!("mallory:evil"));
    fork.delete().await.unwrap();
    let left = scene.bot.get("/repos/acme/infra/pulls/1").await.body;
    assert_eq!((&left["head"]["repo"], &left["head"]["user"], &left["head"]["sha"]), (&Value::Null, &Value::Null, &json!(head)));
    assert_eq!(scene.forge.ref_sha(NAME, "refs/pull/1/head"), Some(head));
    scene.repository.close(number, "alice").await.unwrap();
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.last("pull_request")["pull_request"]["head"]["repo"], Value::Null);
    scene.forge.assert_honest();
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_lost_doubled_reordered_and_sent_again() {
    let (scene, receiver) = watched().await;
    let issue = scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    scene.forge.deliveries_idle().await;
    receiver.clear();

    scene.forge.fail_delivery("issue_comment", DeliveryFault::Lose);
    scene.repository.comment(issue, "bob", "lost").await.unwrap();
    scene.forge.deliveries_idle().await;
    assert!(receiver.events().is_empty());
    let lost = scene.forge.deliveries().pop().unwrap();
    assert_eq!((lost.event.as_str(), &lost.outcome), ("issue_comment", &DeliveryOutcome::Lost));
    assert!(scene.forge.redeliver(&lost.guid));
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.received.lock().unwrap()[0].guid, lost.guid);
    receiver.clear();

    scene.forge.fail_delivery("", DeliveryFault::Duplicate);
    scene.repository.comment(issue, "bob", "twice").await.unwrap();
    scene.forge.deliveries_idle().await;
    let twice: Vec<String> = receiver.received.lock().unwrap().iter().map(|received| received.guid.clone()).collect();
    assert_eq!(twice.len(), 2);
    assert_eq!(twice[0], twice[1]);
    receiver.clear();

    scene.forge.fail_every_delivery(Some(DeliveryFault::Lose));
    scene.repository.comment(issue, "bob", "nobody hears this").await.unwrap();
    scene.repository.comment(issue, "bob", "nor this").await.unwrap();
    scene.forge.deliveries_idle().await;
    assert!(receiver.events().is_empty());
    scene.forge.fail_every_delivery(None);

    scene.forge.hold_deliveries();
    let comment = scene.repository.comment(issue, "bob", "first").await.unwrap();
    scene.repository.edit_comment(comment, "bob", "second").await.unwrap();
    scene.repository.delete_comment(comment, "bob").await.unwrap();
    scene.forge.deliveries_idle().await;
    assert!(receiver.events().is_empty());
    scene.forge.release_deliveries(DeliveryOrder::Reversed);
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.events(), ["issue_comment.deleted", "issue_comment.edited", "issue_comment.created"]);
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_away_leaves_a_failed_delivery() {
    let (scene, receiver) = watched().await;
    receiver.stop.send(()).unwrap();
    scene.repository.webhook("http://127.0.0.1:9/closed", SECRET).await.unwrap();
    scene.forge.deliveries_idle().await;
    assert_eq!(scene.forge.deliveries().pop().unwrap().outcome, DeliveryOutcome::Failed);
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_was_lost_still_sends_its_event() {
    let (scene, receiver) = watched().await;
    let issue = scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    scene.forge.fail_next(FaultMatch::new("POST", "/comments"), Fault::StatusAfterEffect(502));
    let answer = scene.bot.post(&format!("/repos/acme/infra/issues/{issue}/comments"), json!({ "body": "hi" })).await;
    assert_eq!(answer.status, 502);
    scene.forge.deliveries_idle().await;
    assert_eq!(receiver.last("issue_comment")["comment"]["body"], json!("hi"));
    scene.forge.stop().await;
    receiver.stop.send(()).unwrap();
}
