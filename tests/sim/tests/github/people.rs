//! Do the pages for people show what happened, and nothing else?

use reqwest::Method;
use serde_json::json;
use test_sim::github::{NewPull, Push};

use crate::support::{Client, NAME, scene};

async fn page(client: &Client, url: &str) -> String {
    let answer = client.request(Method::GET, url).send().await.unwrap();
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert_eq!(answer.status(), 200, "{url}");
    answer.text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_and_the_history_can_be_read() {
    let scene = scene().await;
    let changes = [("a.yaml", Some("a\n"))];
    let push = Push { branch: "feature", from: None, author: "alice", message: "Add <web>", changes: &changes };
    scene.repository.push(push).await.unwrap();
    let pull = NewPull { author: "alice", head: "feature", base: "main", title: "A <b>title</b>", body: "Hi", draft: false };
    let number = scene.repository.open_pull_request(pull).await.unwrap();
    scene.repository.comment(number, "bot", "| env | steps |\n|---|---|\n| prod | 2 |\n\n<script>alert(1)</script>").await.unwrap();
    let head = scene.forge.pull_request(NAME, number).unwrap().head_sha;
    for (state, target) in [("pending", "https://example.com/1"), ("success", "javascript:alert(1)")] {
        let status = json!({ "state": state, "context": format!("ipr/{state}"), "target_url": target });
        scene.bot.post(&format!("/repos/acme/infra/statuses/{head}"), status).await;
    }
    let web = scene.forge.web_url();
    let shown = page(&scene.bot, &format!("{web}/acme/infra/pull/1")).await;
    assert!(shown.contains("A &lt;b&gt;title&lt;/b&gt;") && shown.contains("<td>prod</td>") && !shown.contains("<script"), "{shown}");
    assert!(shown.contains("<a href=\"https://example.com/1\">ipr/pending</a>") && !shown.contains("javascript:"), "{shown}");
    assert!(page(&scene.bot, &format!("{web}/acme/infra/pulls")).await.contains("/acme/infra/pull/1"));
    let commits = page(&scene.bot, &format!("{web}/acme/infra/commits/feature")).await;
    assert!(commits.contains("Add &lt;web&gt;"), "{commits}");
    scene.forge.stop().await;
}
