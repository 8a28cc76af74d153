//! What goes over the wire?

use daemon_github::{CommentId, CommitStatus, IssueNumber, IssueState, IssueUpdate, PullDraft, PullNumber, Reaction, StatusState};
use serde_json::json;

use crate::support::{Server, TOKEN, infra};

#[tokio::test]
async fn each_request_carries_version_media_type_name_and_token_once() {
    let server = Server::always(200, json!({"login": "ipr[bot]"})).await;
    assert_eq!(server.github().viewer().await.unwrap().as_str(), "ipr[bot]");
    let seen = server.seen();
    let values = |name: &str| seen[0].headers.get_all(name).iter().map(|v| v.to_str().unwrap()).collect::<Vec<_>>();
    assert_eq!(seen[0].line(), "GET /user");
    assert_eq!(values("x-github-api-version"), ["2022-11-28"]);
    assert_eq!(values("accept"), ["application/vnd.github+json"]);
    assert_eq!(values("user-agent"), [concat!("ipr/", env!("CARGO_PKG_VERSION"))]);
    assert_eq!(values("authorization"), [format!("Bearer {TOKEN}")]);
}

#[tokio::test]
async fn an_enterprise_servers_path_is_kept() {
    let server = Server::always(200, json!({"login": "ipr"})).await;
    let mut options = server.options();
    options.api_url.push_str("/api/v3/");
    daemon_github::GitHub::new(options).unwrap().viewer().await.unwrap();
    assert_eq!(server.lines(), ["GET /api/v3/user"]);
}

#[tokio::test]
async fn a_login_and_a_branch_are_escaped_in_paths_and_queries() {
    let server = Server::always(404, json!({"message": "Not Found"})).await;
    let github = server.github();
    github.permission(&infra(), &"ipr[bot]".parse().unwrap()).await.unwrap_err();
    github.reference(&infra(), "heads/ipr/records/a b?").await.unwrap_err();
    github.find_open_issue(&infra(), &"ipr[bot]".parse().unwrap(), "t").await.unwrap_err();
    let lines = server.lines();
    assert_eq!(lines[0], "GET /repos/acme/infra/collaborators/ipr[bot]/permission");
    assert_eq!(lines[1], "GET /repos/acme/infra/git/ref/heads/ipr/records/a%20b%3F");
    assert_eq!(lines[3], "GET /repos/acme/infra/issues?state=open&creator=ipr%5Bbot%5D&per_page=100");
}

#[tokio::test]
async fn writes_have_the_bodies_that_github_expects() {
    let server = Server::always(201, json!({"id": 5, "number": 8, "state": "open"})).await;
    let github = server.github();
    let repository = infra();
    assert_eq!(github.create_comment(&repository, PullNumber(7), "hello").await.unwrap(), CommentId(5));
    github.update_comment(&repository, CommentId(5), "again").await.unwrap();
    github.react(&repository, CommentId(5), Reaction::MinusOne).await.unwrap();
    assert_eq!(github.create_issue(&repository, "Parked", "why").await.unwrap(), IssueNumber(8));
    let update = IssueUpdate { body: None, state: Some(IssueState::Closed) };
    github.update_issue(&repository, IssueNumber(8), &update).await.unwrap();
    github.add_label(&repository, IssueNumber(8), "ipr").await.unwrap();
    let status = CommitStatus { state: StatusState::Success, context: "ipr/prod".to_owned(), description: "d".repeat(200), target_url: None };
    github.set_status(&repository, &"a".repeat(40).parse().unwrap(), &status).await.unwrap();

    let cut = format!("{}…", "d".repeat(139));
    let expected = [
        ("POST /repos/acme/infra/issues/7/comments".to_owned(), json!({"body": "hello"})),
        ("PATCH /repos/acme/infra/issues/comments/5".to_owned(), json!({"body": "again"})),
        ("POST /repos/acme/infra/issues/comments/5/reactions".to_owned(), json!({"content": "-1"})),
        ("POST /repos/acme/infra/issues".to_owned(), json!({"title": "Parked", "body": "why"})),
        ("PATCH /repos/acme/infra/issues/8".to_owned(), json!({"state": "closed"})),
        ("POST /repos/acme/infra/issues/8/labels".to_owned(), json!({"labels": ["ipr"]})),
        (format!("POST /repos/acme/infra/statuses/{}", "a".repeat(40)), json!({"state": "success", "context": "ipr/prod", "description": cut})),
    ];
    let seen: Vec<_> = server.seen().into_iter().map(|seen| (seen.line(), seen.body)).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_pull_request_that_exists_already_is_a_conflict() {
    let body = json!({"message": "Validation Failed", "errors": [{"resource": "PullRequest", "code": "custom",
        "message": "A pull request already exists for acme:revert-7."}]});
    let server = Server::always(422, body).await;
    let draft = PullDraft { title: "Revert #7".to_owned(), head: "revert-7".to_owned(), base: "main".to_owned(), body: String::new() };
    let error = server.github().open_pull(&infra(), &draft).await.unwrap_err();
    assert_eq!(error.kind, daemon_github::GitHubErrorKind::Conflict);
    let expected = json!({"title": "Revert #7", "head": "revert-7", "base": "main", "body": ""});
    assert_eq!(server.seen()[0].body, expected);
}
