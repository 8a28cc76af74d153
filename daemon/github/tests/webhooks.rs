//! Are the webhooks that GitHub sends read, and is nothing else able to break the reader?
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use daemon_github::{CommentAction, CommentId, IssueNumber, PayloadError, PullAction, PullNumber, Wake, parse};
use serde_json::json;

fn body(value: &serde_json::Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

#[test]
fn keys_are_taken_and_nothing_else() {
    let repository = json!({"full_name": "acme/infra", "private": null});
    let pull = json!({"action": "synchronize", "number": 7, "pull_request": {"number": 7, "head": null}, "repository": repository});
    assert_eq!(
        parse("pull_request", &body(&pull)).unwrap(),
        Wake::PullRequest { repository: "acme/infra".parse().unwrap(), number: PullNumber(7), action: PullAction::Synchronize }
    );
    let mut comment = json!({"action": "created", "issue": {"number": 7}, "comment": {"id": 5}, "repository": repository});
    let expected = |is_pull_request| Wake::Comment {
        repository: "acme/infra".parse().unwrap(),
        number: IssueNumber(7),
        comment: CommentId(5),
        action: CommentAction::Created,
        is_pull_request,
    };
    assert_eq!(parse("issue_comment", &body(&comment)).unwrap(), expected(false));
    comment["issue"]["pull_request"] = json!({"url": "x"});
    assert_eq!(parse("issue_comment", &body(&comment)).unwrap(), expected(true));
    let issue = json!({"action": "labeled", "issue": {"number": 7}, "label": {"name": "ipr"}, "repository": repository});
    assert_eq!(parse("issues", &body(&issue)).unwrap(), Wake::Issue { repository: "acme/infra".parse().unwrap(), number: IssueNumber(7) });
    let review = json!({"action": "submitted", "pull_request": {"number": 7}, "repository": repository});
    let expected = Wake::Review { repository: "acme/infra".parse().unwrap(), number: PullNumber(7) };
    assert_eq!(parse("pull_request_review", &body(&review)).unwrap(), expected);
    assert_eq!(parse("ping", b"{\"zen\":\"Keep it logically awesome.\"}").unwrap(), Wake::Ping);
}

#[test]
fn a_push_says_where_the_branch_is_or_that_it_is_gone() {
    let push = |after: &str| {
        let value = json!({"ref": "refs/heads/main", "after": after, "repository": {"full_name": "acme/infra"}});
        match parse("push", &body(&value)).unwrap() {
            Wake::Push { reference, after, .. } => (reference, after),
            other => panic!("{other:?}"),
        }
    };
    let sha = "a".repeat(40);
    assert_eq!(push(&sha), ("refs/heads/main".to_owned(), Some(sha.parse().unwrap())));
    assert_eq!(push(&"0".repeat(40)).1, None);
}

#[test]
fn new_events_and_actions_are_ignored() {
    let ignored = |event: &str, value: &serde_json::Value| match parse(event, &body(value)).unwrap() {
        Wake::Ignored { event } => event,
        other => panic!("{other:?}"),
    };
    let mut value = json!({"action": "holographed", "pull_request": {"number": 7}, "repository": {"full_name": "acme/infra"}});
    assert_eq!(ignored("pull_request", &value), "pull_request");
    assert_eq!(ignored("totally_new", &value), "totally_new");
    value = json!({"action": "pinned", "issue": {"number": 7}, "comment": {"id": 5}, "repository": {"full_name": "acme/infra"}});
    assert_eq!(ignored("issue_comment", &value), "issue_comment");
}

#[test]
fn what_is_no_payload_is_an_error() {
    for text in ["", "{", "[]", "null", "{}", r#"{"action":"opened"}"#, "payload=%7B%7D", "\u{0}"] {
        assert!(matches!(parse("pull_request", text.as_bytes()), Err(PayloadError::Json { .. })), "{text}");
    }
    assert!(matches!(parse("totally_new", b"{broken"), Err(PayloadError::Json { .. })));
    let escaping = json!({"action": "opened", "pull_request": {"number": 7}, "repository": {"full_name": "../user"}});
    assert!(parse("pull_request", &body(&escaping)).is_err());
}

#[test]
fn deep_nesting_is_an_error_wherever_it_is() {
    let deep = "[".repeat(200_000);
    assert!(matches!(parse("push", deep.as_bytes()), Err(PayloadError::Depth { .. })));
    let closed = format!(r#"{{"unknown":{}{}}}"#, "[".repeat(100), "]".repeat(100));
    assert!(matches!(parse("ping", closed.as_bytes()), Err(PayloadError::Depth { .. })));
}

/// Event name and body of each recorded webhook. Empty, with a line on stderr, where the recordings are not at hand.
fn recordings() -> Vec<(String, Vec<u8>)> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let data = std::env::var_os("IPR_CONTRACT_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let github = data.join("github");
    let folders = [github.join("webhooks"), github.join("webhooks-extra")];
    if !folders.iter().all(|folder| folder.is_dir()) {
        eprintln!("SKIPPED: no contract data; set IPR_CONTRACT_DATA to its folder");
        return Vec::new();
    }
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut recordings: Vec<_> = files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.split('.').next().unwrap().to_owned(), std::fs::read(&path).unwrap())
        })
        .collect();
    recordings.sort();
    assert_eq!(recordings.len(), 137);
    recordings
}

#[test]
fn every_recorded_webhook_is_accepted_or_ignored() {
    let mut woken = 0;
    for (event, body) in recordings() {
        let wake = parse(&event, &body).unwrap_or_else(|error| panic!("{event}: {error} {error:?}"));
        let acted_on = ["ping", "pull_request_review", "push"].contains(&event.as_str());
        assert!(!acted_on || !matches!(wake, Wake::Ignored { .. }), "{event}: {wake:?}");
        woken += usize::from(!matches!(wake, Wake::Ignored { .. }));
    }
    assert!(woken == 0 || woken > 40, "{woken}");
}

#[test]
fn damaged_webhooks_never_panic() {
    let mut random = Random(0x5eed_1e55);
    for (event, body) in recordings() {
        for _ in 0..20 {
            // A damaged body may still be valid JSON; that it returns is the promise.
            let _ = parse(&event, &random.damage(&body));
            let cut = &body[..random.below(body.trim_ascii_end().len())];
            assert!(parse(&event, cut).is_err(), "a truncated {event} was read");
        }
    }
}

/// xorshift: the same damage on each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn damage(&mut self, body: &[u8]) -> Vec<u8> {
        let mut damaged = body.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(damaged.len());
            match self.below(3) {
                0 => damaged[at] = b"{}[]\",:0n\\\xff"[self.below(11)],
                1 => drop(damaged.remove(at)),
                _ => damaged.insert(at, b'['),
            }
        }
        damaged
    }
}
