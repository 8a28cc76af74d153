//! Are nulls, pages and other oddities of GitHub's answers read as what they mean?

use daemon_github::{CommentId, GitHubErrorKind, IssueNumber, Permission, PullNumber, PullState, Reaction, ReviewState, StatusState, Timestamp};
use serde_json::{Value, json};

use crate::support::{Reply, Server, infra};

fn pull(number: u64, updated_at: &str) -> Value {
    json!({
        "number": number, "title": "Add web-01", "body": null, "state": "closed", "merged_at": "2026-11-20T10:00:00Z",
        "merge_commit_sha": null, "user": null, "html_url": "",
        "head": {"sha": "a".repeat(40), "ref": "web", "repo": null, "user": null, "label": null},
        "base": {"sha": "b".repeat(40), "ref": "main", "repo": {"full_name": "acme/infra"}},
        "created_at": "2026-11-19T10:00:00Z", "updated_at": updated_at, "new_field": {"deep": [1]}
    })
}

#[tokio::test]
async fn a_pull_request_of_deleted_people_and_forks_is_read() {
    let server = Server::always(200, pull(7, "2026-11-20T10:00:00Z")).await;
    let pull = server.github().pull(&infra(), PullNumber(7)).await.unwrap();
    assert_eq!((pull.author.as_ref(), pull.head_repo.as_ref(), pull.body.as_str()), (None, None, ""));
    assert_eq!((pull.state, pull.merged, pull.draft), (PullState::Closed, true, false));
    assert!(pull.is_from_fork(&infra()), "nobody knows where the head lived");
}

#[tokio::test]
async fn recently_updated_pulls_stop_at_the_first_old_one() {
    let server = Server::start(|seen| {
        let next = format!("<http://{}/page2>; rel=\"next\"", seen.headers["host"].to_str().unwrap());
        match seen.path.as_str() {
            "/page2" => Reply::json(200, json!([pull(8, "2026-11-20T08:00:00Z"), pull(6, "2026-11-20T06:00:00Z")])).header("link", next),
            _ => Reply::json(200, json!([pull(9, "2026-11-20T09:00:00Z"), pull(8, "2026-11-20T08:00:00Z")])).header("link", next),
        }
    })
    .await;
    let since: Timestamp = "2026-11-20T07:00:00Z".parse().unwrap();
    let pulls = server.github().recently_updated_pulls(&infra(), since).await.unwrap();
    assert_eq!(pulls.iter().map(|pull| pull.number.0).collect::<Vec<_>>(), [9, 8], "8 came twice and is kept once");
    assert_eq!(server.lines(), ["GET /repos/acme/infra/pulls?state=all&sort=updated&direction=desc&per_page=100", "GET /page2"]);
}

#[tokio::test]
async fn reviews_keep_states_that_are_new_to_us() {
    let body = json!([
        {"user": {"login": "alice", "type": "User"}, "state": "APPROVED", "commit_id": "a".repeat(40), "submitted_at": "2026-11-20T10:00:00Z"},
        {"user": null, "state": "HOLOGRAPHIC", "commit_id": null}
    ]);
    let server = Server::always(200, body).await;
    let reviews = server.github().reviews(&infra(), PullNumber(7)).await.unwrap();
    assert_eq!(reviews[0].state, ReviewState::Approved);
    assert_eq!(reviews[0].author, Some("alice".parse().unwrap()));
    assert_eq!((reviews[1].state, reviews[1].author.as_ref(), reviews[1].commit_id.as_ref()), (ReviewState::Other, None, None));
}

fn issue(number: u64, more: Value) -> Value {
    let mut issue = json!({
        "number": number, "title": "Add web-05", "body": null, "state": "open", "user": {"login": "alice", "type": "User"},
        "labels": [{"name": "ipr"}, "plain", {"name": null}], "created_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:01Z"
    });
    issue.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    issue
}

#[tokio::test]
async fn an_issue_says_who_wrote_it_and_which_labels_it_has() {
    let server = Server::always(200, issue(7, json!({"user": {"login": "dependabot[bot]", "type": "Bot"}}))).await;
    let read = server.github().issue(&infra(), IssueNumber(7)).await.unwrap();
    assert_eq!((read.labels, read.author_is_bot, read.is_pull_request), (vec!["ipr".to_owned(), "plain".to_owned()], true, false));
}

#[tokio::test]
async fn open_issues_leave_pull_requests_out() {
    let server = Server::always(200, json!([issue(7, json!({})), issue(8, json!({"pull_request": {"url": ""}, "user": null}))])).await;
    let since: Timestamp = "2026-11-20T07:00:00Z".parse().unwrap();
    let issues = server.github().open_issues(&infra(), Some(since)).await.unwrap();
    assert_eq!(issues.iter().map(|issue| issue.number.0).collect::<Vec<_>>(), [7]);
    let line = "GET /repos/acme/infra/issues?state=open&sort=updated&direction=asc&since=2026-11-20T07%3A00%3A00Z&per_page=100";
    assert_eq!(server.lines(), [line]);
}

#[tokio::test]
async fn pull_requests_of_a_branch_are_those_of_this_repository() {
    let own = |number: u64, branch: &str, repository: &str| {
        let mut pull = pull(number, "2026-11-20T10:00:00Z");
        pull["head"] = json!({"sha": "a".repeat(40), "ref": branch, "repo": {"full_name": repository}});
        pull
    };
    let server = Server::always(200, json!([own(1, "b", "acme/infra"), own(2, "c", "acme/infra"), own(3, "b", "mallory/infra")])).await;
    let pulls = server.github().pulls_of_branch(&infra(), "b").await.unwrap();
    assert_eq!(pulls.iter().map(|pull| pull.number.0).collect::<Vec<_>>(), [1]);
    assert_eq!(server.lines(), ["GET /repos/acme/infra/pulls?state=all&head=acme%3Ab&per_page=100"]);
}

#[tokio::test]
async fn comments_since_a_time_say_where_they_belong() {
    let comment = json!({
        "id": 5, "issue_url": "https://api.github.com/repos/acme/infra/issues/7", "body": null,
        "user": {"login": "ipr[bot]", "type": "Bot"}, "created_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:01Z"
    });
    let server = Server::always(200, json!([comment])).await;
    let since: Timestamp = "2026-11-20T11:00:00+01:00".parse().unwrap();
    let comments = server.github().comments_since(&infra(), since).await.unwrap();
    assert_eq!((comments[0].id, comments[0].issue, comments[0].author_is_bot), (CommentId(5), IssueNumber(7), true));
    assert_eq!(comments[0].body, "");
    let expected = "GET /repos/acme/infra/issues/comments?sort=updated&direction=asc&since=2026-11-20T10%3A00%3A00Z&per_page=100";
    assert_eq!(server.lines(), [expected]);
}

#[tokio::test]
async fn reactions_are_those_of_one_person_and_of_kinds_we_know() {
    let by = |login: &str, content: &str| json!({"id": 1, "user": {"login": login}, "content": content});
    let body = json!([by("ipr", "eyes"), by("alice", "rocket"), by("IPR", "+1"), by("ipr", "heart"), {"user": null, "content": "eyes"}]);
    let server = Server::always(200, body).await;
    let reactions = server.github().reactions_by(&infra(), CommentId(5), &"ipr".parse().unwrap()).await.unwrap();
    assert_eq!(reactions, [Reaction::Eyes, Reaction::PlusOne]);
}

#[tokio::test]
async fn the_newest_status_of_each_context_counts() {
    let status = |context: &str, state: &str| json!({"context": context, "state": state, "description": null, "target_url": "", "creator": null});
    let body = json!([status("ipr/prod", "success"), status("ci", "error"), status("ipr/prod", "pending")]);
    let server = Server::always(200, body).await;
    let statuses = server.github().statuses(&infra(), &"a".repeat(40).parse().unwrap()).await.unwrap();
    let short: Vec<_> = statuses.iter().map(|status| (status.context.as_str(), status.state)).collect();
    assert_eq!(short, [("ipr/prod", StatusState::Success), ("ci", StatusState::Error)]);
    assert_eq!(statuses[0].target_url, None);
}

#[tokio::test]
async fn an_issue_is_found_by_its_exact_title_and_is_no_pull_request() {
    let entry = |number: u64, title: &str| issue(number, json!({"title": title, "pull_request": null}));
    let mut pull = entry(3, "Parked in prod");
    pull["pull_request"] = json!({"url": "https://api.github.com/repos/acme/infra/pulls/3"});
    let body = json!([entry(9, "Parked in prod"), entry(4, "Parked in prod"), entry(2, "Parked in production"), pull]);
    let server = Server::always(200, body).await;
    let issue = server.github().find_open_issue(&infra(), &"ipr".parse().unwrap(), "Parked in prod").await.unwrap();
    assert_eq!(issue.unwrap().number, IssueNumber(4));
}

#[tokio::test]
async fn an_account_that_does_not_exist_has_no_permission() {
    let server = Server::always(404, json!({"message": "ghost-42 is not a user"})).await;
    let permission = server.github().permission(&infra(), &"ghost-42".parse().unwrap()).await.unwrap();
    assert_eq!(permission, Permission::None);
}

#[tokio::test]
async fn a_missing_branch_is_told_from_a_repository_that_cannot_be_seen() {
    let visible = Server::start(|seen| match seen.path.as_str() {
        "/repos/acme/infra" => Reply::json(200, json!({"id": 1, "full_name": "acme/infra", "default_branch": "main"})),
        _ => Reply::json(404, json!({"message": "Not Found"})),
    })
    .await;
    assert_eq!(visible.github().reference(&infra(), "heads/ipr/records/prod").await.unwrap(), None);

    let hidden = Server::always(404, json!({"message": "Not Found"})).await;
    let error = hidden.github().reference(&infra(), "heads/ipr/records/prod").await.unwrap_err();
    assert_eq!(error.kind, GitHubErrorKind::NotFound);

    let empty = Server::always(409, json!({"message": "Git Repository is empty."})).await;
    assert_eq!(empty.github().reference(&infra(), "heads/main").await.unwrap(), None);
}

#[tokio::test]
async fn only_an_active_membership_counts() {
    let asked = async |status, body| Server::always(status, body).await.github().is_in_team("acme", "platform", &"ann".parse().unwrap()).await;
    assert!(asked(200, json!({"url": "", "role": "member", "state": "active"})).await.unwrap());
    assert!(!asked(200, json!({"url": "", "role": "member", "state": "pending"})).await.unwrap());
    assert!(!asked(404, json!({"message": "Not Found"})).await.unwrap());
    assert_eq!(asked(403, json!({"message": "Must be a member"})).await.unwrap_err().kind, GitHubErrorKind::Forbidden);
}
