//! Can we read what GitHub really answered? Recordings made by other projects, outside this repository.

use std::path::PathBuf;

use daemon_github::{CommentId, GitHub, GitHubError, IssueNumber, IssueUpdate, PullDraft, PullNumber, Reaction, RepositoryName};
use serde_json::Value;

use crate::support::{Reply, Server};

/// `None`, and a line on stderr, where the recordings are not at hand.
fn recordings() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let data = std::env::var_os("IPR_CONTRACT_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let folder = data.join("github/rest");
    if !folder.is_dir() {
        eprintln!("SKIPPED: no contract data; set IPR_CONTRACT_DATA to its folder");
        return None;
    }
    Some(folder)
}

const OPERATIONS: &[&str] = &[
    "users.get-authenticated.200",
    "repos.get.200",
    "repos.get-collaborator-permission-level.200",
    "pulls.get.200",
    "pulls.list.200",
    "pulls.create.201",
    "pulls.list-reviews.200",
    "repos.list-pull-requests-associated-with-commit.200",
    "issues.list-comments.200",
    "issues.list-comments-for-repo.200",
    "issues.get-comment.200",
    "issues.create-comment.201",
    "issues.update-comment.200",
    "reactions.create-for-issue-comment.201",
    "reactions.list-for-issue-comment.200",
    "repos.create-commit-status.201",
    "repos.list-commit-statuses-for-ref.200",
    "issues.list-for-repo.200",
    "issues.create.201",
    "issues.update.200",
    "git.get-ref.200",
];

/// Makes the call whose recorded answer the server gives.
async fn call(github: &GitHub, operation: &str, path: &str) -> Result<(), GitHubError> {
    let repository: RepositoryName = "acme/infra".parse().unwrap();
    let repository = &repository;
    let login = "octocat".parse().unwrap();
    let sha = "a".repeat(40).parse().unwrap();
    let since = "2020-01-01T00:00:00Z".parse().unwrap();
    let text = || "t".to_owned();
    match operation {
        "users.get-authenticated.200" => github.viewer().await.map(drop),
        "repos.get.200" => github.repository(repository).await.map(drop),
        "repos.get-collaborator-permission-level.200" => github.permission(repository, &login).await.map(drop),
        "pulls.get.200" => github.pull(repository, PullNumber(1)).await.map(drop),
        "pulls.list.200" => github.open_pulls(repository).await.map(drop),
        "pulls.create.201" => {
            let draft = PullDraft { title: text(), head: text(), base: text(), body: text() };
            github.open_pull(repository, &draft).await.map(drop)
        }
        "pulls.list-reviews.200" => github.reviews(repository, PullNumber(1)).await.map(drop),
        "repos.list-pull-requests-associated-with-commit.200" => github.pulls_of_commit(repository, &sha).await.map(drop),
        "issues.list-comments.200" => github.comments(repository, PullNumber(1)).await.map(drop),
        "issues.list-comments-for-repo.200" => github.comments_since(repository, since).await.map(drop),
        "issues.get-comment.200" => github.comment(repository, CommentId(1)).await.map(drop),
        "issues.create-comment.201" => github.create_comment(repository, PullNumber(1), "t").await.map(drop),
        "issues.update-comment.200" => github.update_comment(repository, CommentId(1), "t").await,
        "reactions.create-for-issue-comment.201" => github.react(repository, CommentId(1), Reaction::Eyes).await,
        "reactions.list-for-issue-comment.200" => github.reactions_by(repository, CommentId(1), &login).await.map(drop),
        "repos.create-commit-status.201" => {
            let status =
                daemon_github::CommitStatus { state: daemon_github::StatusState::Success, context: text(), description: text(), target_url: None };
            github.set_status(repository, &sha, &status).await
        }
        "repos.list-commit-statuses-for-ref.200" => github.statuses(repository, &sha).await.map(drop),
        "issues.list-for-repo.200" => github.find_open_issue(repository, &login, "t").await.map(drop),
        "issues.create.201" => github.create_issue(repository, "t", "t").await.map(drop),
        "issues.update.200" => github.update_issue(repository, IssueNumber(1), &IssueUpdate::default()).await,
        "git.get-ref.200" => {
            let name = path.split_once("/git/ref/").unwrap().1;
            github.reference(repository, name).await.map(|tip| assert!(tip.is_some()))
        }
        other => panic!("no call for {other}"),
    }
}

#[tokio::test]
async fn recorded_answers_are_understood() {
    let Some(folder) = recordings() else { return };
    for operation in OPERATIONS {
        let recording = std::fs::read(folder.join(format!("{operation}.json"))).unwrap();
        let recording: Value = serde_json::from_slice(&recording).unwrap();
        let body = recording["response"].clone();
        let status = u16::try_from(recording["status"].as_u64().unwrap()).unwrap();
        let server = Server::start(move |_| Reply::json(status, body.clone())).await;
        let outcome = call(&server.github(), operation, recording["path"].as_str().unwrap()).await;
        assert!(outcome.is_ok(), "{operation}: {outcome:?}");
    }
}
