//! Rules have positions, positions move, and only a digest tells.

use serde_json::Value;

use crate::client::{Client, cluster};

const RULES: &str = "/cluster/firewall/rules";

async fn add(client: &Client, comment: &str, position: &str) {
    client.ok("POST", RULES, &[("type", "in"), ("action", "ACCEPT"), ("comment", comment), ("pos", position)]).await;
}

async fn comments(client: &Client) -> Vec<String> {
    let rules = client.get(RULES).await;
    rules.as_array().unwrap().iter().map(|rule| rule["comment"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn positions_shift_and_a_stale_digest_is_refused() {
    let (_cluster, client) = cluster().await;
    for (comment, position) in [("a", "0"), ("b", "1"), ("c", "2"), ("d", "9")] {
        add(&client, comment, position).await;
    }
    assert_eq!(comments(&client).await, ["a", "b", "c", "d"]);
    let digest = client.get(RULES).await[0]["digest"].as_str().unwrap().to_owned();
    client.ok("PUT", &format!("{RULES}/0"), &[("moveto", "3"), ("digest", &digest)]).await;
    assert_eq!(comments(&client).await, ["b", "c", "a", "d"], "it goes before what is at that position now");
    let stale = client.refused("DELETE", &format!("{RULES}/0"), &[("digest", &digest)]).await;
    assert_eq!(stale, (500, "detected modified configuration - file changed by other user? Try again.".to_owned()));
    client.ok("PUT", &format!("{RULES}/3"), &[("moveto", "0")]).await;
    assert_eq!(comments(&client).await, ["d", "b", "c", "a"]);
    client.ok("DELETE", &format!("{RULES}/1"), &[]).await;
    assert_eq!(comments(&client).await, ["d", "c", "a"]);
    let gone = client.refused("GET", &format!("{RULES}/3"), &[]).await;
    assert_eq!(gone, (500, "no rule at position 3".to_owned()));
}

#[tokio::test]
async fn rules_are_checked_and_groups_must_be_there() {
    let (_cluster, client) = cluster().await;
    let form = |more: [(&'static str, &'static str); 2]| [("type", "in"), more[0], more[1]];
    for (more, parameter) in [([("action", "ACCEPT"), ("dport", "22")], "proto"), ([("action", "ALLOW"), ("comment", "x")], "action")] {
        let (status, message) = client.refused("POST", RULES, &form(more)).await;
        assert!(status == 400 && message.contains(&format!("\"{parameter}\"")), "{message}");
    }
    let group = [("type", "group"), ("action", "webs")];
    assert_eq!(client.refused("POST", RULES, &group).await.0, 400);
    client.ok("POST", "/cluster/firewall/groups", &[("group", "webs")]).await;
    client.ok("POST", RULES, &group).await;
    client.ok("POST", "/cluster/firewall/groups/webs", &[("type", "in"), ("action", "ACCEPT")]).await;
    let full = client.refused("DELETE", "/cluster/firewall/groups/webs", &[]).await;
    assert_eq!(full, (500, "Security group 'webs' is not empty".to_owned()));
}

#[tokio::test]
async fn scopes_are_apart() {
    let (cluster, client) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[]));
    add(&client, "cluster", "0").await;
    assert_eq!(client.get("/nodes/pve1/firewall/rules").await, Value::Array(Vec::new()));
    assert_eq!(client.get("/nodes/pve1/qemu/100/firewall/rules").await, Value::Array(Vec::new()));
}
