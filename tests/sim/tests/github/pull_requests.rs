//! Does a pull request live on the simulator as it does on GitHub, by REST and by the real git client?

use crate::support::{NAME, git, remote, scene};
use reqwest::StatusCode;
use serde_json::json;
use test_sim::github::{MergeMethod, NewPull, Push, ReviewState, Subject};

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_is_opened_commented_and_merged() {
    let scene = scene().await;
    let head = scene
        .repository
        .push(Push { branch: "feature", from: None, author: "alice", message: "Add web", changes: &[("blueprints/web.yaml", Some("name: web\n"))] })
        .await
        .unwrap();
    let alice = scene.client_of("alice");
    let opened = json!({ "title": "Add web", "head": "feature", "base": "main", "body": "Please." });
    let opened = alice.post("/repos/acme/infra/pulls", opened).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    assert_eq!(opened.body["mergeable"], json!(null));
    assert_eq!(opened.body["head"]["sha"], json!(head));

    let again = json!({ "title": "Add web", "head": "feature", "base": "main" });
    let again = alice.post("/repos/acme/infra/pulls", again).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.body["errors"][0]["message"], json!("A pull request already exists for acme:feature."));

    let seen = scene.bot.get("/repos/acme/infra/pulls/1").await;
    assert_eq!(seen.body["mergeable"], json!(true));
    assert_eq!(seen.body["changed_files"], json!(1));
    assert_eq!(scene.forge.ref_sha(NAME, "refs/pull/1/merge").as_deref(), seen.body["merge_commit_sha"].as_str());

    let comment = scene.bot.post("/repos/acme/infra/issues/1/comments", json!({ "body": "**Plan**: 1 to create" })).await;
    assert_eq!(comment.status, StatusCode::CREATED);
    let id = comment.body["id"].as_u64().unwrap();
    let edited = scene.bot.patch(&format!("/repos/acme/infra/issues/comments/{id}"), json!({ "body": "**Plan**: applied" })).await;
    assert_eq!(edited.status, StatusCode::OK);
    let comments = scene.forge.comments(NAME, 1);
    assert_eq!(comments[0].body, "**Plan**: applied");
    assert_eq!(comments[0].edits[0].former_body, "**Plan**: 1 to create");

    let status = json!({ "state": "success", "context": "ipr/prod", "description": "Planned", "target_url": "" });
    let status = scene.bot.post(&format!("/repos/acme/infra/statuses/{head}"), status).await;
    assert_eq!(status.status, StatusCode::CREATED, "{}", status.body);
    assert_eq!(scene.bot.get("/repos/acme/infra/commits/feature/status").await.body["state"], json!("success"));
    assert_eq!(scene.forge.statuses(NAME, &head)[0].context, "ipr/prod");

    let merged = scene.bot.put("/repos/acme/infra/pulls/1/merge", json!({ "sha": head, "merge_method": "squash" })).await;
    assert_eq!(merged.status, StatusCode::OK, "{}", merged.body);
    let closed = scene.bot.get("/repos/acme/infra/pulls/1").await;
    assert_eq!((&closed.body["state"], &closed.body["merged"]), (&json!("closed"), &json!(true)));
    assert_eq!(closed.body["merge_commit_sha"], merged.body["sha"]);
    assert_eq!(scene.forge.file_at(NAME, "main", "blueprints/web.yaml").await.unwrap().unwrap(), "name: web\n");
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_read_of_a_pull_request_keeps_the_contract() {
    let scene = scene().await;
    let changes = [("blueprints/shop.yaml", Some("version: \"1.0\"\nname: shop2\n")), ("README.md", None)];
    let push = Push { branch: "team/feature", from: None, author: "alice", message: "Change\n\nWhy.", changes: &changes };
    let head = scene.repository.push(push).await.unwrap();
    let pull = NewPull { author: "alice", head: "team/feature", base: "main", title: "Change", body: "", draft: true };
    let number = scene.repository.open_pull_request(pull).await.unwrap();
    scene.repository.ready_for_review(number, "alice").await.unwrap();
    scene.repository.review(number, "bob", ReviewState::Approved, "Fine.").await.unwrap();
    let issue = scene.repository.open_issue("bob", "A wish", "More.", &["chat"]).await.unwrap();
    let comment = scene.repository.comment(number, "bob", "/plan").await.unwrap();
    let paths = [
        "/user",
        "/rate_limit",
        "/repos/acme/infra",
        "/repos/acme/infra/collaborators/alice/permission",
        "/repos/acme/infra/pulls?state=all&sort=updated&direction=desc&per_page=100",
        "/repos/acme/infra/pulls?head=acme:team/feature&base=main",
        "/repos/acme/infra/pulls/1",
        "/repos/acme/infra/pulls/1/files",
        "/repos/acme/infra/pulls/1/commits",
        "/repos/acme/infra/pulls/1/reviews",
        "/repos/acme/infra/commits?sha=main&per_page=5",
        "/repos/acme/infra/commits/team/feature",
        "/repos/acme/infra/compare/main...team/feature",
        "/repos/acme/infra/issues?state=all&since=2026-01-01T00:00:00Z",
        "/repos/acme/infra/issues/1",
        "/repos/acme/infra/issues/1/comments",
        "/repos/acme/infra/issues/1/labels",
        "/repos/acme/infra/issues/comments?since=2026-01-01T00:00:00Z&sort=updated&direction=asc",
        "/repos/acme/infra/branches",
        "/repos/acme/infra/branches/team/feature",
        "/repos/acme/infra/contents/blueprints",
        "/repos/acme/infra/contents/blueprints/shop.yaml?ref=team/feature",
        "/repos/acme/infra/git/ref/heads/team%2Ffeature",
        "/repos/acme/infra/git/matching-refs/heads/team",
        "/repos/acme/infra/git/trees/main?recursive=1",
        "/repos/acme/infra/commits/main/statuses",
    ];
    for path in paths {
        let got = scene.bot.get(path).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.body);
    }
    for path in [format!("/commits/{head}/pulls"), format!("/git/commits/{head}"), format!("/issues/comments/{comment}")] {
        let got = scene.bot.get(&format!("/repos/acme/infra{path}")).await;
        assert_eq!(got.status, StatusCode::OK, "{path}: {}", got.body);
    }
    let reaction = format!("/repos/acme/infra/issues/comments/{comment}/reactions");
    assert_eq!(scene.bot.post(&reaction, json!({ "content": "eyes" })).await.status, StatusCode::CREATED);
    assert_eq!(scene.bot.post(&reaction, json!({ "content": "eyes" })).await.status, StatusCode::OK);
    assert_eq!(scene.bot.get(&reaction).await.body.as_array().unwrap().len(), 1);
    assert_eq!(scene.forge.reactions(NAME, Subject::Comment(comment))[0].content, "eyes");
    let on_issue = format!("/repos/acme/infra/issues/{issue}");
    assert_eq!(scene.bot.post(&format!("{on_issue}/reactions"), json!({ "content": "+1" })).await.status, StatusCode::CREATED);
    assert_eq!(scene.bot.post(&format!("{on_issue}/labels"), json!({ "labels": ["planned"] })).await.status, StatusCode::OK);
    assert_eq!(scene.bot.patch(&on_issue, json!({ "state": "closed" })).await.status, StatusCode::OK);
    assert!(!scene.forge.issues(NAME)[0].is_open);
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

/// Text that does not compress: git sends more than a megabyte in chunks.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b'!' + (state >> 33).to_le_bytes()[0] % 90
    };
    (0..length).map(|_| next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_git_client_clones_and_pushes() {
    let scene = scene().await;
    let folder = tempfile::tempdir().unwrap();
    let url = remote(&scene.forge, &scene.forge.token_for("alice"));
    let cloned = git(&scene.forge, folder.path(), &["clone", "--quiet", &url, "work"]).await;
    assert!(cloned.status.success(), "{}", String::from_utf8_lossy(&cloned.stderr));
    let work = folder.path().join("work");
    std::fs::write(work.join("new.yaml"), noise(3_000_000)).unwrap();
    for arguments in [&["checkout", "-q", "-b", "feature"][..], &["add", "new.yaml"], &["commit", "-qm", "New"]] {
        assert!(git(&scene.forge, &work, arguments).await.status.success());
    }
    let pushed = git(&scene.forge, &work, &["push", "-q", "origin", "feature"]).await;
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    let pull = NewPull { author: "alice", head: "feature", base: "main", title: "New", body: "", draft: false };
    let number = scene.repository.open_pull_request(pull).await.unwrap();

    std::fs::write(work.join("new.yaml"), "name: newer\n").unwrap();
    assert!(git(&scene.forge, &work, &["commit", "-qam", "Newer"]).await.status.success());
    assert!(git(&scene.forge, &work, &["push", "-q", "origin", "feature"]).await.status.success());
    let head = String::from_utf8(git(&scene.forge, &work, &["rev-parse", "HEAD"]).await.stdout).unwrap();
    assert_eq!(scene.forge.pull_request(NAME, number).unwrap().head_sha, head.trim());

    let hidden = git(&scene.forge, &work, &["push", "origin", "HEAD:refs/pull/1/head"]).await;
    assert!(String::from_utf8_lossy(&hidden.stderr).contains("deny updating a hidden ref"));
    let fetched = git(&scene.forge, &work, &["fetch", "-q", "--filter=blob:none", "origin", "refs/pull/1/head"]).await;
    assert!(fetched.status.success(), "{}", String::from_utf8_lossy(&fetched.stderr));

    let reader = remote(&scene.forge, &scene.forge.token_for("bob"));
    assert!(!git(&scene.forge, &work, &["push", "-q", &reader, "HEAD:refs/heads/other"]).await.status.success());
    let nobody = remote(&scene.forge, "wrong");
    let refused = git(&scene.forge, &work, &["ls-remote", &nobody]).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Authentication failed"));
    scene.forge.assert_honest();
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merge_methods_give_the_right_parents() {
    let scene = scene().await;
    for (branch, method) in [("one", MergeMethod::Merge), ("two", MergeMethod::Squash), ("three", MergeMethod::Rebase)] {
        let base = scene.forge.ref_sha(NAME, "refs/heads/main").unwrap();
        let file = format!("{branch}.yaml");
        for (message, text) in [("First", "a\n"), ("Second", "a\nb\n")] {
            let changes = [(file.as_str(), Some(text))];
            scene.repository.push(Push { branch, from: None, author: "alice", message, changes: &changes }).await.unwrap();
        }
        let head = scene.forge.ref_sha(NAME, &format!("refs/heads/{branch}")).unwrap();
        let pull = NewPull { author: "alice", head: branch, base: "main", title: branch, body: "", draft: false };
        let number = scene.repository.open_pull_request(pull).await.unwrap();
        let merged = scene.repository.merge(number, "bot", method).await.unwrap();
        let log = scene.forge.branch_log(NAME, "main").await.unwrap();
        let tip = log.iter().find(|commit| commit.sha == merged).unwrap();
        match method {
            MergeMethod::Merge => {
                assert_eq!(tip.parents, [base, head]);
                assert_eq!(tip.message, "Merge pull request #1 from acme/one\n\none");
            }
            MergeMethod::Squash => {
                assert_eq!(tip.parents, [base]);
                assert_eq!(tip.message, "two (#2)\n\n* First\n\n* Second");
            }
            MergeMethod::Rebase => {
                let parent = log.iter().find(|commit| commit.sha == tip.parents[0]).unwrap();
                assert_eq!((tip.message.as_str(), parent.message.as_str()), ("Second", "First"));
                assert_eq!(parent.parents, [base]);
                assert_ne!(tip.sha, head);
            }
        }
        assert_eq!(scene.forge.ref_sha(NAME, "refs/heads/main").unwrap(), merged);
    }
    scene.forge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revert_takes_the_change_back() {
    let scene = scene().await;
    let changes = [("blueprints/shop.yaml", Some("name: other\n"))];
    let push = Push { branch: "feature", from: None, author: "alice", message: "Other", changes: &changes };
    scene.repository.push(push).await.unwrap();
    let pull = NewPull { author: "alice", head: "feature", base: "main", title: "Other", body: "", draft: false };
    let number = scene.repository.open_pull_request(pull).await.unwrap();
    scene.repository.merge(number, "alice", MergeMethod::Merge).await.unwrap();
    let revert = scene.repository.revert_pull_request(number, "bob").await.unwrap();
    let seen = scene.forge.pull_request(NAME, revert).unwrap();
    assert_eq!((seen.title.as_str(), seen.head_branch.as_str()), ("Revert \"Other\"", "revert-1-feature"));
    scene.repository.merge(revert, "alice", MergeMethod::Merge).await.unwrap();
    let text = scene.forge.file_at(NAME, "main", "blueprints/shop.yaml").await.unwrap().unwrap();
    assert_eq!(text, "version: \"1.0\"\nname: shop\n");
    scene.forge.stop().await;
}
