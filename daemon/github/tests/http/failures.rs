//! What does the client make of answers that are not the wished one?

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};

use daemon_github::{CommentId, GitHubErrorKind, PullNumber};
use serde_json::json;

use crate::support::{Reply, Server, TOKEN, infra};

#[tokio::test]
async fn a_comment_is_sent_once_whatever_the_answer() {
    let failing = Server::start(|_| Reply::text(502, "<html>Unicorn</html>")).await;
    let error = failing.github().create_comment(&infra(), PullNumber(7), "plan").await.unwrap_err();
    assert_eq!((error.kind, failing.seen().len()), (GitHubErrorKind::Server, 1));
    assert_eq!(error.to_string(), "could not create a comment on acme/infra#7: GitHub failed (502 Bad Gateway)");

    let silent = Server::start(|_| Reply::silence()).await;
    let error = silent.impatient_github().create_comment(&infra(), PullNumber(7), "plan").await.unwrap_err();
    assert_eq!((error.kind, silent.seen().len()), (GitHubErrorKind::Unreachable, 1));
    assert!(error.kind.is_transient() && error.kind.is_ambiguous());
    assert!(error.source().is_some(), "the cause is kept");
}

#[tokio::test]
async fn reads_and_idempotent_writes_are_repeated_a_few_times() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 2 => Reply::text(503, ""),
        _ => Reply::json(200, json!({"login": "ipr"})),
    })
    .await;
    server.github().viewer().await.unwrap();
    server.github().update_comment(&infra(), CommentId(5), "same").await.unwrap();
    assert_eq!(server.seen().len(), 4);

    let down = Server::start(|_| Reply::text(500, "")).await;
    assert_eq!(down.github().viewer().await.unwrap_err().kind, GitHubErrorKind::Server);
    assert_eq!(down.seen().len(), 3, "three attempts, no more");
}

#[tokio::test]
async fn a_rate_limit_names_its_wait() {
    let body = json!({"message": "You have exceeded a secondary rate limit"});
    let server = Server::start(move |_| Reply::json(403, body.clone()).header("retry-after", "90")).await;
    let error = server.github().viewer().await.unwrap_err();
    assert_eq!(error.kind, GitHubErrorKind::RateLimited { retry_after_s: 90 });
    assert!(error.kind.is_transient() && !error.kind.is_ambiguous());
    assert_eq!(server.seen().len(), 1, "a long wait is the caller's");
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let server = Server::always(200, json!({})).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut options = server.options();
    options.api_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = daemon_github::GitHub::new(options).unwrap().viewer().await.unwrap_err();
    assert_eq!(error.kind, GitHubErrorKind::Unreachable);
}

#[tokio::test]
async fn json_that_is_broken_or_different_is_a_protocol_error() {
    for body in ["", "{\"login\":", "[]", "{\"login\": null}", "<html>"] {
        let server = Server::start(move |_| Reply::text(200, body)).await;
        let error = server.github().viewer().await.unwrap_err();
        assert_eq!(error.kind, GitHubErrorKind::Protocol, "{body}");
    }
}

#[tokio::test]
async fn a_token_that_an_answer_repeats_is_taken_out() {
    let server = Server::always(401, json!({"message": format!("Bad credentials: {TOKEN}")})).await;
    let error = server.github().viewer().await.unwrap_err();
    assert_eq!(error.kind, GitHubErrorKind::Unauthorised);
    let text = format!("{error} {error:?}");
    assert!(text.contains("<token>") && !text.contains(TOKEN), "{text}");
}

#[tokio::test]
async fn a_read_follows_a_renamed_repository() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/repos/acme/infra" => Reply::json(301, json!({"message": "Moved Permanently"})).header("location", "/repositories/9"),
        _ => Reply::json(200, json!({"id": 9, "full_name": "acme/platform", "default_branch": "main"})),
    })
    .await;
    let repository = server.github().repository(&infra()).await.unwrap();
    assert_eq!(repository.name.to_string(), "acme/platform");
    assert_eq!(server.lines(), ["GET /repos/acme/infra", "GET /repositories/9"]);
}

#[tokio::test]
async fn no_redirect_or_page_leads_the_token_to_another_host() {
    let other = Server::always(200, json!({"login": "thief"})).await;
    let target = other.url();
    let server = Server::start(move |seen| match seen.path.as_str() {
        "/user" => Reply::text(302, "").header("location", format!("{target}/user")),
        _ => Reply::text(200, "[]").header("link", format!("<{target}/pulls?page=2>; rel=\"next\"")),
    })
    .await;
    let github = server.github();
    assert_eq!(github.viewer().await.unwrap_err().kind, GitHubErrorKind::Protocol);
    assert_eq!(github.open_pulls(&infra()).await.unwrap_err().kind, GitHubErrorKind::Protocol);
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn a_write_is_not_redirected() {
    let server = Server::start(|_| Reply::text(307, "").header("location", "/repositories/9/issues/7/comments")).await;
    let error = server.github().create_comment(&infra(), PullNumber(7), "plan").await.unwrap_err();
    assert_eq!((error.kind, server.seen().len()), (GitHubErrorKind::Protocol, 1));
}

#[tokio::test]
async fn redirects_and_pages_without_end_are_given_up() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/user" => Reply::text(302, "").header("location", "/user"),
        _ => Reply::text(200, "[]").header("link", format!("<http://{}/more>; rel=\"next\"", seen.headers["host"].to_str().unwrap())),
    })
    .await;
    let github = server.github();
    assert_eq!(github.viewer().await.unwrap_err().kind, GitHubErrorKind::Protocol);
    assert_eq!(server.seen().len(), 4);
    assert_eq!(github.open_pulls(&infra()).await.unwrap_err().kind, GitHubErrorKind::Protocol);
    assert_eq!(server.seen().len(), 34);
}

#[tokio::test]
async fn an_answer_larger_than_the_bound_is_not_read_to_its_end() {
    let server = Server::start(|_| Reply::text(200, &" ".repeat(33 * 1024 * 1024))).await;
    let error = server.github().viewer().await.unwrap_err();
    assert_eq!(error.kind, GitHubErrorKind::Protocol);
    assert!(error.message.contains("32 MiB"), "{error}");
}
