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
    for (comment, position) in [("d", "0"), ("c", "1"), ("b", "2"), ("a", "9")] {
        add(&client, comment, position).await;
    }
    assert_eq!(comments(&client).await, ["a", "b", "c", "d"], "a new rule goes to the top, wherever it is asked to");
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
async fn rules_are_checked_and_groups_are_not() {
    let (_cluster, client) = cluster().await;
    let form = |more: [(&'static str, &'static str); 2]| [("type", "in"), more[0], more[1]];
    for (more, parameter) in [
        ([("action", "ACCEPT"), ("dport", "22")], "proto"),
        ([("action", "ALLOW"), ("comment", "x")], "action"),
        ([("action", "ACCEPT"), ("source", "+office")], "source"),
        ([("action", "ACCEPT"), ("dest", "dc/office")], "dest"),
        ([("action", "ACCEPT"), ("macro", "Nothing")], "macro"),
    ] {
        let (status, message) = client.refused("POST", RULES, &form(more)).await;
        assert!(status == 400 && message.contains(&format!("\"{parameter}\"")), "{message}");
    }
    let group = [("type", "group"), ("action", "webs")];
    client.ok("POST", RULES, &group).await;
    client.ok("POST", RULES, &form([("action", "ACCEPT"), ("macro", "ssh")])).await;
    assert_eq!(client.get(RULES).await[0]["macro"], "SSH");
    client.ok("POST", "/cluster/firewall/groups", &[("group", "webs")]).await;
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

#[tokio::test]
async fn sets_have_one_spelling_of_their_members() {
    let (_cluster, client) = cluster().await;
    let members = "/cluster/firewall/ipset/trusted";
    client.ok("POST", "/cluster/firewall/ipset", &[("name", "Trusted")]).await;
    client.ok("POST", members, &[("cidr", "10.2.3.4/16"), ("comment", "c"), ("nomatch", "1")]).await;
    client.ok("POST", members, &[("cidr", "10.9.0.1/32")]).await;
    let seen = client.get(members).await;
    assert_eq!((seen[0]["cidr"].as_str(), seen[1]["cidr"].as_str()), (Some("10.2.0.0/16"), Some("10.9.0.1")));
    client.ok("PUT", &format!("{members}/10.2.0.0%2F16"), &[]).await;
    let seen = client.get(members).await;
    assert!(seen[0].get("comment").is_none() && seen[0].get("nomatch").is_none(), "what a call leaves out is taken out: {seen}");
    assert_eq!(client.refused("POST", members, &[("cidr", "dc/office")]).await, (500, "no such alias 'office'".to_owned()));
}
