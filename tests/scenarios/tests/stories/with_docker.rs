//! The same on a real Docker engine: containers that answer over HTTP.

use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::{Value, json};
use test_harness::{Lab, MergeMethod, Pull, World};
use test_scenarios::{WEB, blueprint};

/// A page behind a port, on a network and a volume of its own. It is healthy once it serves.
fn site(lab: &Lab, port: u16, page: &str) -> String {
    let resources = format!(
        r#"  - {{type: network, name: front, provider: docker}}
  - {{type: storage, name: pages, provider: docker}}
  - type: compute
    name: app
    provider: docker
    specs:
      image: {image}
      command: [sh, -c, "trap exit TERM; echo \"$PAGE\" > /www/index.html; httpd -f -p 80 -h /www & wait"]
      env: {{PAGE: {page}}}
      memory: 32MB
      networks: [front]
      ports: ["127.0.0.1:{port}:80"]
      mounts: [{{storage: pages, at: /www}}]
      healthcheck: {{command: "wget -q -O /dev/null http://127.0.0.1/", interval: 1s, retries: 30}}
"#,
        image = lab.image()
    );
    blueprint("web", &resources)
}

/// One container that only waits.
fn waiting(lab: &Lab, more: &str) -> String {
    let image = lab.image();
    let container =
        format!("  - type: compute\n    name: app\n    provider: docker\n    specs: {{image: \"{image}\", command: [sleep, \"3600\"]{more}}}\n");
    blueprint("web", &container)
}

/// A comment without what the lab chose, and without the digest, which holds it.
fn shown(lab: &Lab, text: &str) -> String {
    let text = text.replace(&lab.name(""), "").replace(lab.image(), "registry.example/page:1");
    let is_digest = |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split('`').map(|word| if is_digest(word) { "<digest>" } else { word }).collect::<Vec<_>>().join("`")
}

async fn apply(pull: &Pull<'_>) {
    pull.merge(MergeMethod::Squash).await;
    if pull.state().await.starts_with('⏸') {
        pull.say("bob", &format!("/apply {} --deletes 2", pull.digest().await)).await;
    }
    assert_eq!(pull.state().await, "✅ applied");
}

#[tokio::test]
async fn a_merge_brings_containers_that_answer_and_a_revert_takes_them_away() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let port = lab.free_port();
    let pull = world.pull_request("Add web").file(WEB, &site(&lab, port, "hello")).open().await;
    assert!(pull.state().await == "planned" && lab.container("web-app").await.is_none());
    apply(&pull).await;
    assert_eq!(lab.fetch(port).await, "hello");
    assert_eq!(world.record("prod").await.run.result.as_deref(), Some("applied"));
    apply(&pull.revert().await).await;
    assert!(lab.container("web-app").await.is_none() && lab.network("web-front").await.is_none());
    assert!(lab.volume("web-pages").await.is_some(), "the volume is kept");
    world.end().await;
}

#[tokio::test]
async fn one_changed_field_is_exactly_that_field() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let port = lab.free_port();
    apply(&world.pull_request("Add web").file(WEB, &site(&lab, port, "hello")).open().await).await;
    let pull = world.pull_request("More memory").file(WEB, &site(&lab, port, "hello").replace("32MB", "48MB")).open().await;
    assert_snapshot!(shown(&lab, &pull.comment().await));
    let id = lab.container("web-app").await.unwrap()["Id"].clone();
    apply(&pull).await;
    let container = lab.container("web-app").await.unwrap();
    assert_eq!((&container["HostConfig"]["Memory"], &container["Id"]), (&json!(48 * 1024 * 1024), &id), "memory is changed in place");
    world.end().await;
}

#[tokio::test]
async fn a_changed_page_is_served_after_the_merge() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let port = lab.free_port();
    apply(&world.pull_request("Add web").file(WEB, &site(&lab, port, "hello")).open().await).await;
    let change = world.pull_request("Greet").file(WEB, &site(&lab, port, "welcome")).open().await;
    apply(&change).await;
    assert_eq!(lab.fetch(port).await, "welcome");
    apply(&change.revert().await).await;
    assert_eq!(lab.fetch(port).await, "hello");
    world.end().await;
}

#[tokio::test]
async fn a_foreign_container_is_a_conflict_and_adopting_it_makes_no_mutating_call() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    lab.docker.pull(lab.image()).await;
    let theirs = json!({ "Image": lab.image(), "Cmd": ["sleep", "3600"] });
    let theirs = lab.docker.post(&format!("/containers/create?name={}", lab.name("web-app")), theirs).await["Id"].clone();
    let pull = world.pull_request("Add web").file(WEB, &waiting(&lab, "")).open().await;
    assert_snapshot!("docker_conflict", shown(&lab, &pull.comment().await));
    pull.push(WEB, format!("{}    lifecycle: {{adopt: true}}\n", waiting(&lab, "")).as_str()).await;
    assert_eq!(pull.state().await, "planned");
    let before = lab.container("web-app").await;
    apply(&pull).await;
    assert_eq!((lab.container("web-app").await, &before.as_ref().unwrap()["Id"]), (before.clone(), &theirs), "nothing about it changed");
    assert_eq!(lab.docker.mutations_of(&lab.name("web-app")).await, ["create"], "nobody but the story called");
    assert_eq!(world.record("prod").await.addresses(), ["web.app"]);
    world.end().await;
}

#[tokio::test]
async fn a_taken_port_is_said_and_leaves_the_rest_as_it_is() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let pull = world.pull_request("Add web").file(WEB, &waiting(&lab, &format!(", ports: [\"127.0.0.1:{port}:80\"]"))).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(world.record("prod").await.run.parked[0].pull_request, Some(pull.number));
    assert!(pull.comment().await.contains(&port.to_string()), "{}", pull.comment().await);
    world.end().await;
}

#[tokio::test]
async fn a_missing_image_is_said() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let pull = world.pull_request("Add web").file(WEB, &waiting(&lab, "").replace(lab.image(), &format!("{}9", lab.image()))).open().await;
    assert_snapshot!(shown(&lab, &pull.comment().await));
    world.end().await;
}

#[tokio::test]
async fn a_change_by_hand_is_shown_beside_the_plan() {
    let lab = Lab::start().await;
    let world = World::start_as(lab.wish()).await;
    let apart = |more: &str| {
        format!("{}{}", waiting(&lab, ", memory: 32MB"), waiting(&lab, more).split_once("resources:\n").unwrap().1.replace("app", "other"))
    };
    apply(&world.pull_request("Add web").file(WEB, &apart("")).open().await).await;
    let by_hand: Value = json!({ "Memory": 64 * 1024 * 1024, "MemorySwap": -1 });
    lab.docker.post(&format!("/containers/{}/update", lab.name("web-app")), by_hand).await;
    let pull = world.pull_request("Restart").file(WEB, &apart(", restart: always")).open().await;
    assert_snapshot!(shown(&lab, &pull.comment().await));
    apply(&pull).await;
    assert_eq!(lab.container("web-app").await.unwrap()["HostConfig"]["Memory"], 64 * 1024 * 1024, "drift is shown, not repaired");
    world.end().await;
}
