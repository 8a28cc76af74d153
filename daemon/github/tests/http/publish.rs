//! Does exactly one of several racing commits get onto a branch, whatever is lost on the way?

use std::sync::{Arc, Mutex};

use daemon_github::{CommitDraft, CommitSha, GitHubErrorKind, PublishOutcome};
use serde_json::json;

use crate::support::{Reply, Seen, Server, infra};

const BRANCH_PATH: &str = "/repos/acme/infra/git/refs/heads/ipr/records/prod";

fn sha(digit: char) -> CommitSha {
    digit.to_string().repeat(40).parse().unwrap()
}

const OLD: char = '0';
const OURS: char = '1';
const THEIRS: char = '2';
const ON_TOP: char = '3';

/// The branch as the server has it, and what happens to the n-th update of it.
#[derive(Clone)]
struct Branch(Arc<Mutex<State>>);

struct State {
    tip: Option<char>,
    updates: Vec<Update>,
}

#[derive(Clone, Copy)]
enum Update {
    Works,
    /// Takes effect, and the answer is a 502.
    AnswerLost,
    /// Takes effect, somebody commits on top of it, and the answer is a 502.
    AnswerLostAndBuried,
    /// Does not take effect, and the answer is a 502.
    Fails,
    /// Somebody else moves the branch first.
    LosesTo(Option<char>, &'static str),
    /// Somebody else moves the branch first, and the answer is a 502.
    LosesSilently,
    Forbidden,
}

impl Branch {
    fn at(tip: Option<char>, updates: &[Update]) -> Self {
        Self(Arc::new(Mutex::new(State { tip, updates: updates.to_vec() })))
    }

    fn reply(&self, seen: &Seen) -> Reply {
        let mut state = self.0.lock().unwrap();
        match seen.line().as_str() {
            "POST /repos/acme/infra/git/blobs" => Reply::json(201, json!({"sha": sha('b')})),
            "POST /repos/acme/infra/git/trees" => Reply::json(201, json!({"sha": sha('a')})),
            "POST /repos/acme/infra/git/commits" => Reply::json(201, json!({"sha": sha(OURS)})),
            "GET /repos/acme/infra/git/ref/heads/ipr/records/prod" => match state.tip {
                Some(tip) => Reply::json(200, json!({"ref": "refs/heads/ipr/records/prod", "object": {"sha": sha(tip)}})),
                None => Reply::json(404, json!({"message": "Not Found"})),
            },
            "GET /repos/acme/infra" => Reply::json(200, json!({"id": 1, "full_name": "acme/infra", "default_branch": "main"})),
            line if line.starts_with("GET /repos/acme/infra/git/commits/") => {
                let parent = if line.ends_with(sha(ON_TOP).as_str()) { OURS } else { OLD };
                let parents = if line.ends_with(sha(OLD).as_str()) { json!([]) } else { json!([{"sha": sha(parent)}]) };
                Reply::json(200, json!({"parents": parents}))
            }
            "POST /repos/acme/infra/git/refs" => state.update(),
            line if line == format!("PATCH {BRANCH_PATH}") => state.update(),
            line => panic!("unexpected request {line}"),
        }
    }
}

impl State {
    fn update(&mut self) -> Reply {
        let lost = || Reply::text(502, "");
        let (tip, reply) = match self.updates.remove(0) {
            Update::Works => (Some(OURS), Reply::json(200, json!({}))),
            Update::AnswerLost => (Some(OURS), lost()),
            Update::AnswerLostAndBuried => (Some(ON_TOP), lost()),
            Update::Fails => (self.tip, lost()),
            Update::LosesTo(tip, message) => (tip, Reply::json(422, json!({"message": message}))),
            Update::LosesSilently => (Some(THEIRS), lost()),
            Update::Forbidden => (self.tip, Reply::json(403, json!({"message": "Resource not accessible by integration"}))),
        };
        self.tip = tip;
        reply
    }
}

fn draft(expected_tip: Option<char>) -> CommitDraft {
    CommitDraft {
        branch: "ipr/records/prod".to_owned(),
        expected_tip: expected_tip.map(sha),
        extra_parents: vec![sha('c')],
        base_tree: None,
        files: [
            ("run.json".to_owned(), Some(b"{}".to_vec())),
            ("state/key.bin".to_owned(), Some(vec![0xff, 0xfe])),
            ("state/nul.txt".to_owned(), Some(b"a\0b".to_vec())),
        ]
        .into(),
        message: "Start run 1".to_owned(),
    }
}

/// Publishes over a branch that is at `expected`, and gives the outcome and the requests from the first update on.
async fn publish(expected: Option<char>, updates: &[Update]) -> (Result<PublishOutcome, GitHubErrorKind>, Vec<Seen>) {
    let branch = Branch::at(expected, updates);
    let answering = branch.clone();
    let server = Server::start(move |seen| answering.reply(seen)).await;
    let outcome = server.github().publish_commit(&infra(), &draft(expected)).await.map_err(|error| error.kind);
    assert!(branch.0.lock().unwrap().updates.is_empty(), "every scripted update was tried");
    (outcome, server.seen())
}

#[tokio::test]
async fn a_commit_is_made_of_tree_parents_and_message_and_the_branch_is_forwarded() {
    let (outcome, seen) = publish(Some(OLD), &[Update::Works]).await;
    assert_eq!(outcome, Ok(PublishOutcome::Published(sha(OURS))));
    let bodies: Vec<_> = seen.into_iter().map(|seen| seen.body).collect();
    let text = json!({"path": "run.json", "mode": "100644", "type": "blob", "content": "{}"});
    let blob = |path: &str| json!({"path": path, "mode": "100644", "type": "blob", "sha": sha('b')});
    assert_eq!(bodies[0], json!({"content": "//4=", "encoding": "base64"}));
    assert_eq!(bodies[1], json!({"content": "YQBi", "encoding": "base64"}));
    assert_eq!(bodies[2], json!({"tree": [text, blob("state/key.bin"), blob("state/nul.txt")]}));
    assert_eq!(bodies[3], json!({"message": "Start run 1", "tree": sha('a'), "parents": [sha(OLD), sha('c')]}));
    assert_eq!(bodies[4], json!({"sha": sha(OURS), "force": false}));
    assert_eq!(bodies.len(), 5);
}

#[tokio::test]
async fn the_first_commit_creates_the_branch() {
    let (outcome, seen) = publish(None, &[Update::Works]).await;
    assert_eq!(outcome, Ok(PublishOutcome::Published(sha(OURS))));
    let last = seen.last().unwrap();
    assert_eq!(last.line(), "POST /repos/acme/infra/git/refs");
    assert_eq!(last.body, json!({"ref": "refs/heads/ipr/records/prod", "sha": sha(OURS)}));
}

#[tokio::test]
async fn who_comes_second_has_lost_and_learns_the_tip() {
    let moved = Update::LosesTo(Some(THEIRS), "Update is not a fast forward");
    assert_eq!(publish(Some(OLD), &[moved]).await.0, Ok(PublishOutcome::Lost { tip: Some(sha(THEIRS)) }));
    let made = Update::LosesTo(Some(THEIRS), "Reference already exists");
    assert_eq!(publish(None, &[made]).await.0, Ok(PublishOutcome::Lost { tip: Some(sha(THEIRS)) }));
    let removed = Update::LosesTo(None, "Reference does not exist");
    assert_eq!(publish(Some(OLD), &[removed]).await.0, Ok(PublishOutcome::Lost { tip: None }));
    assert_eq!(publish(Some(OLD), &[Update::LosesSilently]).await.0, Ok(PublishOutcome::Lost { tip: Some(sha(THEIRS)) }));
}

#[tokio::test]
async fn a_lost_answer_is_found_out_from_the_branch() {
    let published = Ok(PublishOutcome::Published(sha(OURS)));
    for expected in [None, Some(OLD)] {
        assert_eq!(publish(expected, &[Update::AnswerLost]).await.0, published);
        assert_eq!(publish(expected, &[Update::Fails, Update::Works]).await.0, published);
        assert_eq!(publish(expected, &[Update::Fails, Update::AnswerLost]).await.0, published);
    }
}

#[tokio::test]
async fn a_commit_that_others_built_upon_was_published() {
    let (outcome, _) = publish(Some(OLD), &[Update::AnswerLostAndBuried]).await;
    assert_eq!(outcome, Ok(PublishOutcome::Published(sha(OURS))));
}

#[tokio::test]
async fn a_branch_that_never_moves_is_given_up() {
    let (outcome, _) = publish(Some(OLD), &[Update::Fails; 3]).await;
    assert_eq!(outcome, Err(GitHubErrorKind::Server));
}

#[tokio::test]
async fn a_refusal_is_not_taken_for_a_lost_race() {
    let (outcome, _) = publish(Some(OLD), &[Update::Forbidden]).await;
    assert_eq!(outcome, Err(GitHubErrorKind::Forbidden));
}

#[tokio::test]
async fn a_commit_larger_than_the_bound_is_not_sent() {
    let server = Server::always(500, json!({})).await;
    let mut large = draft(Some(OLD));
    large.files.insert("large".to_owned(), Some(vec![b'x'; 33 * 1024 * 1024]));
    let error = server.github().publish_commit(&infra(), &large).await.unwrap_err();
    assert_eq!((error.kind, server.seen().len()), (GitHubErrorKind::Rejected, 0));
}

#[tokio::test]
async fn files_are_laid_over_a_tree_and_taken_out_of_it() {
    let branch = Branch::at(None, &[Update::Works]);
    let server = Server::start(move |seen| branch.reply(seen)).await;
    let files = [("blueprints/a.yaml".to_owned(), Some(b"a".to_vec())), ("blueprints/b.yaml".to_owned(), None)];
    let draft = CommitDraft { base_tree: Some(sha('9')), files: files.into(), ..draft(None) };
    server.github().publish_commit(&infra(), &draft).await.unwrap();
    let tree = server.seen().into_iter().find(|seen| seen.line().ends_with("/git/trees")).unwrap().body;
    assert_eq!(tree["base_tree"], json!(sha('9')));
    assert_eq!(tree["tree"][0]["content"], json!("a"));
    assert_eq!(tree["tree"][1], json!({"path": "blueprints/b.yaml", "mode": "100644", "type": "blob", "sha": null}));
}
