//! Do the rules around requests hold: identity, permission, limits, caching, paging?

use reqwest::{Method, StatusCode};
use serde_json::json;
use test_sim::github::{Forge, ForgeOptions, NewPull, Permission, Push};

use crate::support::{Client, scene};

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_nothing_and_readers_cannot_write() {
    let scene = scene().await;
    let nobody = Client::new(&scene.forge, "wrong");
    let refused = nobody.get("/repos/acme/infra").await;
    assert_eq!((refused.status, refused.body["message"].as_str()), (StatusCode::UNAUTHORIZED, Some("Bad credentials")));
    let eve = scene.client_of("eve");
    assert_eq!(eve.get("/repos/acme/infra").await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.bot.get("/repos/acme/other").await.status, StatusCode::NOT_FOUND);

    let bob = scene.client_of("bob");
    let main = scene.forge.ref_sha("acme/infra", "refs/heads/main").unwrap();
    let status = bob.post(&format!("/repos/acme/infra/statuses/{main}"), json!({ "state": "success" })).await;
    assert_eq!((status.status, status.headers["x-accepted-github-permissions"].to_str().unwrap()), (StatusCode::FORBIDDEN, "statuses=write"));
    let blob = bob.post("/repos/acme/infra/git/blobs", json!({ "content": "x" })).await;
    assert_eq!(blob.status, StatusCode::FORBIDDEN);
    let hidden = bob.get("/repos/acme/infra/collaborators/alice/permission").await;
    assert_eq!(hidden.body["message"], json!("Must have push access to view collaborator permission."));
    scene.repository.open_issue("alice", "Wish", "", &[]).await.unwrap();
    assert_eq!(bob.post("/repos/acme/infra/issues/1/comments", json!({ "body": "hi" })).await.status, StatusCode::CREATED);

    scene.repository.user("carol", Permission::Maintain).await.unwrap();
    let carol = scene.bot.get("/repos/acme/infra/collaborators/carol/permission").await.body;
    assert_eq!((carol["permission"].as_str(), carol["role_name"].as_str()), (Some("write"), Some("maintain")));
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_answer_is_304_and_free() {
    let scene = scene().await;
    let first = scene.bot.get("/repos/acme/infra/issues/comments").await;
    let tag = first.headers["etag"].to_str().unwrap();
    let used = first.headers["x-ratelimit-remaining"].clone();
    let again = || scene.bot.request(Method::GET, "/repos/acme/infra/issues/comments").header("If-None-Match", tag);
    let same = scene.bot.send(again()).await;
    assert_eq!((same.status, &same.headers["x-ratelimit-remaining"]), (StatusCode::NOT_MODIFIED, &used));
    scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    scene.repository.comment(1, "bob", "new").await.unwrap();
    let changed = scene.bot.send(again()).await;
    assert_eq!((changed.status, changed.body[0]["body"].as_str()), (StatusCode::OK, Some("new")));
    assert_ne!(changed.headers["x-ratelimit-remaining"], used);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_linked_in_the_form_with_the_repositorys_number() {
    let scene = scene().await;
    for title in ["one", "two", "three"] {
        scene.repository.open_issue("bob", title, "", &[]).await.unwrap();
    }
    let first = scene.bot.get("/repos/acme/infra/issues?per_page=2&state=all").await;
    assert_eq!(first.body[0]["title"], json!("three"));
    let link = first.headers["link"].to_str().unwrap().to_owned();
    let next = link.split(", ").find(|part| part.ends_with("rel=\"next\"")).unwrap();
    let next = next.split(['<', '>']).nth(1).unwrap();
    assert!(next.contains("/repositories/"), "{next}");
    let second = scene.bot.get(next).await;
    assert_eq!((second.body.as_array().unwrap().len(), &second.body[0]["title"]), (1, &json!("one")));
    assert!(second.headers["link"].to_str().unwrap().contains("rel=\"prev\""));
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_requests_get_githubs_words() {
    let scene = scene().await;
    scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    let comments = "/repos/acme/infra/issues/1/comments";
    let longest = "ä".repeat(65_536);
    assert_eq!(scene.bot.post(comments, json!({ "body": longest })).await.status, StatusCode::CREATED);
    let long = scene.bot.post(comments, json!({ "body": format!("{longest}.") })).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(long.body["errors"][0]["message"], json!("Body is too long (maximum is 65536 characters)"));
    let pull = json!({ "title": "x", "head": "main", "base": "absent" });
    let pull = scene.bot.post("/repos/acme/infra/pulls", pull).await;
    assert_eq!((&pull.body["errors"][0]["field"], &pull.body["errors"][0]["code"]), (&json!("base"), &json!("invalid")));
    let broken = scene.bot.request(Method::POST, comments).body("{\"body\":");
    let broken = scene.bot.send(broken).await;
    assert_eq!((broken.status, broken.body["message"].as_str()), (StatusCode::BAD_REQUEST, Some("Problems parsing JSON")));
    let absent = scene.bot.delete("/repos/acme/infra/git/refs/heads/absent").await;
    assert_eq!((absent.status, absent.body["message"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("Reference does not exist")));
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_head_and_a_conflict_are_not_merged() {
    let scene = scene().await;
    for (branch, text) in [("left", "left\n"), ("right", "right\n")] {
        let changes = [("README.md", Some(text))];
        scene.repository.push(Push { branch, from: Some("main"), author: "alice", message: branch, changes: &changes }).await.unwrap();
        let pull = NewPull { author: "alice", head: branch, base: "main", title: branch, body: "", draft: false };
        scene.repository.open_pull_request(pull).await.unwrap();
    }
    let moved = scene.bot.put("/repos/acme/infra/pulls/1/merge", json!({ "sha": "0".repeat(40) })).await;
    assert_eq!(moved.status, StatusCode::CONFLICT);
    assert_eq!(scene.bot.put("/repos/acme/infra/pulls/1/merge", json!({})).await.status, StatusCode::OK);
    let stale = scene.forge.ref_sha("acme/infra", "refs/pull/2/merge");
    let conflict = scene.bot.get("/repos/acme/infra/pulls/2").await.body;
    assert_eq!((&conflict["mergeable"], &conflict["mergeable_state"]), (&json!(false), &json!("dirty")));
    assert_eq!(scene.forge.ref_sha("acme/infra", "refs/pull/2/merge"), stale);
    assert_eq!(scene.bot.put("/repos/acme/infra/pulls/2/merge", json!({})).await.status, StatusCode::METHOD_NOT_ALLOWED);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_github_does_not_know_is_a_violation() {
    let scene = scene().await;
    if !scene.forge.contract_is_on() {
        eprintln!("NOT TESTED: the contract data is not on this machine");
        return;
    }
    assert_eq!(scene.bot.get("/repos/acme/infra/pulls?stat=open").await.status, StatusCode::OK);
    assert_eq!(scene.bot.post("/repos/acme/infra/issues", json!({ "title": "x", "body": 7 })).await.status, StatusCode::CREATED);
    let problems: Vec<String> = scene.forge.violations().into_iter().map(|found| found.problem).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(problems[0], "the operation has no query parameter `stat`");
    assert!(problems[1].starts_with("in the request, /body: "), "{problems:?}");
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_forge_does_not_know_at_first_whether_it_can_merge() {
    let forge = Forge::start(ForgeOptions { mergeable_is_slow: true, ..ForgeOptions::default() }).await.unwrap();
    let repository = forge.repository("acme/infra", "main", &[("a.yaml", "a\n")]).await.unwrap();
    let alice = Client::new(&forge, &repository.user("alice", Permission::Write).await.unwrap());
    let changes = [("a.yaml", Some("b\n"))];
    let push = Push { branch: "feature", from: None, author: "alice", message: "B", changes: &changes };
    repository.push(push).await.unwrap();
    let pull = NewPull { author: "alice", head: "feature", base: "main", title: "B", body: "", draft: false };
    repository.open_pull_request(pull).await.unwrap();
    for expected in [json!(null), json!(true)] {
        assert_eq!(alice.get("/repos/acme/infra/pulls/1").await.body["mergeable"], expected);
    }
    forge.assert_honest();
    forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_is_the_forges_own() {
    let scene = scene().await;
    let before = scene.forge.now();
    let first = scene.repository.open_issue("bob", "Wish", "", &[]).await.unwrap();
    assert!(scene.forge.now() > before);
    scene.forge.advance(3_600);
    let answer = scene.bot.get(&format!("/repos/acme/infra/issues/{first}")).await;
    assert_eq!(answer.headers["date"].to_str().unwrap(), scene.forge.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_of_a_team_is_known_and_nobody_else() {
    let scene = scene().await;
    scene.forge.team_member("acme", "platform", "alice").await.unwrap();
    let member = scene.bot.get("/orgs/acme/teams/platform/memberships/alice").await;
    assert_eq!((member.status, &member.body["state"]), (StatusCode::OK, &json!("active")));
    for path in
        ["/orgs/acme/teams/platform/memberships/bob", "/orgs/acme/teams/web/memberships/alice", "/orgs/other/teams/platform/memberships/alice"]
    {
        assert_eq!(scene.bot.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    scene.forge.assert_honest();
    scene.forge.stop().await;
}
