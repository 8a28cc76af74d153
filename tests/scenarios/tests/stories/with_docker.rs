//! The same on a real Docker engine: containers that answer over HTTP.

use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::{Value, json};
use test_harness::{Lab, MergeMethod, World};
use test_scenarios::{WEB, blueprint};

/// A world whose `prod` is a Docker engine, and a port there that is free.
struct Scene {
    world: World,
    lab: Lab,
    port: u16,
}

async fn scene() -> Scene {
    let lab = Lab::start().await;
    Scene { world: World::start_as(lab.wish()).await, port: lab.free_port(), lab }
}

impl Scene {
    /// A page behind the port, on a network and a volume of its own. It is healthy once it serves.
    fn site(&self, page: &str) -> String {
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
            image = self.lab.image(),
            port = self.port
        );
        blueprint("web", &resources)
    }

    /// A container that only waits, as an item of a blueprint's list.
    fn waiting(&self, name: &str, more: &str) -> String {
        let image = self.lab.image();
        format!("  - type: compute\n    name: {name}\n    provider: docker\n    specs: {{image: \"{image}\", command: [sleep, \"3600\"]{more}}}\n")
    }

    /// A comment without what the lab chose, and without the digest, which holds it.
    fn shown(&self, text: &str) -> String {
        let text = text.replace(&self.lab.name(""), "").replace(self.lab.image(), "registry.example/page:1");
        let is_digest = |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.split('`').map(|word| if is_digest(word) { "<digest>" } else { word }).collect::<Vec<_>>().join("`")
    }

    async fn container(&self, resource: &str) -> Value {
        self.lab.container(resource).await.unwrap_or_else(|| panic!("there is no container `{resource}`"))
    }
}

#[tokio::test]
async fn a_merge_brings_containers_that_answer() {
    let scene = scene().await;
    let pull = scene.world.pull_request("Add web").file(WEB, &scene.site("hello")).open().await;
    assert!(pull.state().await == "planned" && scene.lab.container("web-app").await.is_none(), "a plan changes nothing");
    pull.merge(MergeMethod::Merge).await;
    assert_eq!(pull.state().await, "✅ applied");
    assert_eq!(scene.lab.fetch(scene.port).await, "hello");
    assert_eq!(scene.world.record("prod").await.run.result.as_deref(), Some("applied"));
    scene.world.end().await;
}

#[tokio::test]
async fn a_revert_takes_containers_away_and_keeps_the_volume() {
    let scene = scene().await;
    let revert = scene.world.applied("Add web", WEB, &scene.site("hello")).await.revert().await;
    assert!(revert.comment().await.contains("it holds data and is kept"));
    revert.merge(MergeMethod::Merge).await;
    assert_eq!(revert.state().await, "✅ applied");
    assert!(scene.lab.container("web-app").await.is_none() && scene.lab.network("web-front").await.is_none());
    assert!(scene.lab.volume("web-pages").await.is_some(), "the volume is kept");
    scene.world.end().await;
}

#[tokio::test]
async fn one_changed_field_is_exactly_that_field() {
    let scene = scene().await;
    scene.world.applied("Add web", WEB, &scene.site("hello")).await;
    let before = scene.container("web-app").await;
    let pull = scene.world.pull_request("More memory").file(WEB, &scene.site("hello").replace("32MB", "48MB")).open().await;
    assert_snapshot!(scene.shown(&pull.comment().await));
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    let after = scene.container("web-app").await;
    assert_eq!((&after["HostConfig"]["Memory"], &after["Id"]), (&json!(48 * 1024 * 1024), &before["Id"]), "it is changed in place");
    scene.world.end().await;
}

#[tokio::test]
async fn a_changed_page_is_served_after_the_merge_and_the_old_one_after_the_revert() {
    let scene = scene().await;
    scene.world.applied("Add web", WEB, &scene.site("hello")).await;
    let change = scene.world.applied("Greet", WEB, &scene.site("welcome")).await;
    assert_eq!(scene.lab.fetch(scene.port).await, "welcome");
    let revert = change.revert().await;
    revert.merge(MergeMethod::Squash).await;
    assert_eq!(revert.state().await, "✅ applied");
    assert_eq!(scene.lab.fetch(scene.port).await, "hello");
    scene.world.end().await;
}

#[tokio::test]
async fn a_foreign_container_is_a_conflict() {
    let scene = scene().await;
    scene.lab.create_by_hand("web-app", &["sleep", "3600"]).await;
    let pull = scene.world.pull_request("Add web").file(WEB, &blueprint("web", &scene.waiting("app", ""))).open().await;
    assert_snapshot!("docker_conflict", scene.shown(&pull.comment().await));
    scene.world.end().await;
}

#[tokio::test]
async fn adopting_a_container_makes_no_mutating_call() {
    let scene = scene().await;
    scene.lab.create_by_hand("web-app", &["sleep", "3600"]).await;
    let before = scene.container("web-app").await;
    let adopting = blueprint("web", &scene.waiting("app", "")) + "    lifecycle: {adopt: true}\n";
    scene.world.applied("Adopt it", WEB, &adopting).await;
    assert_eq!(scene.container("web-app").await, before, "nothing about it changed");
    assert_eq!(scene.lab.docker.mutations_of(&scene.lab.name("web-app")).await, ["create"], "nobody but the story called");
    assert_eq!(scene.world.record("prod").await.addresses(), ["web.app"]);
    scene.world.end().await;
}

#[tokio::test]
async fn a_taken_port_is_said() {
    let scene = scene().await;
    let _taken = TcpListener::bind(("127.0.0.1", scene.port)).unwrap();
    let ports = format!(", ports: [\"127.0.0.1:{}:80\"]", scene.port);
    let pull = scene.world.pull_request("Add web").file(WEB, &blueprint("web", &scene.waiting("app", &ports))).open().await;
    pull.merge(MergeMethod::Squash).await;
    assert_eq!(scene.world.record("prod").await.run.parked[0].pull_request, Some(pull.number));
    assert!(pull.comment().await.contains(&scene.port.to_string()), "{}", pull.comment().await);
    scene.world.end().await;
}

#[tokio::test]
async fn a_missing_image_is_said() {
    let scene = scene().await;
    let missing = scene.waiting("app", "").replace(scene.lab.image(), &format!("{}9", scene.lab.image()));
    let pull = scene.world.pull_request("Add web").file(WEB, &blueprint("web", &missing)).open().await;
    assert_snapshot!(scene.shown(&pull.comment().await));
    scene.world.end().await;
}

#[tokio::test]
async fn a_change_by_hand_is_shown_beside_the_plan() {
    let scene = scene().await;
    let two = |more: &str| blueprint("web", &(scene.waiting("app", ", memory: 32MB") + &scene.waiting("other", more)));
    scene.world.applied("Add web", WEB, &two("")).await;
    scene.lab.update_by_hand("web-app", json!({ "Memory": 64 * 1024 * 1024, "MemorySwap": -1 })).await;
    let pull = scene.world.pull_request("Restart").file(WEB, &two(", restart: always")).open().await;
    assert_snapshot!(scene.shown(&pull.comment().await));
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(scene.container("web-app").await["HostConfig"]["Memory"], 64 * 1024 * 1024, "drift is shown, not repaired");
    scene.world.end().await;
}

#[tokio::test]
async fn a_trial_makes_a_container_and_removes_it() {
    let scene = scene().await;
    let image = format!("image={}", scene.lab.image());
    let arguments = ["doctor", "--target", "lab", "--acceptance", "--yes", "--json", "--set", &image, "--set", "command=sleep 3600"];
    let ended = scene.world.ipr(&arguments).await;
    let report: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    let stages = report["stages"].as_array().expect("stages");
    let told: Vec<(&str, u64)> =
        stages.iter().map(|stage| (stage["state"].as_str().unwrap_or_default(), stage["steps"].as_u64().unwrap_or_default())).collect();
    assert_eq!((told, ended.code), (vec![("ok", 2), ("ok", 1), ("ok", 2)], Some(0)), "{report:#}");
    for left in ["/containers/ipr-acceptance-web/json", "/networks/ipr-acceptance-net"] {
        assert_eq!(scene.lab.docker.get(left).await, None, "{left}");
    }
    scene.world.end().await;
}

#[tokio::test]
async fn what_was_asked_for_in_an_issue_is_served_and_taken_back() {
    let lab = Lab::start().await;
    let scene = Scene { world: World::start_as(lab.wish().assistant()).await, port: lab.free_port(), lab };
    scene.world.applied("Add web", WEB, &scene.site("hello")).await;
    scene.world.request("alice", "set PAGE to welcome on web.app").await;
    let pull = scene.world.proposal().await;
    assert_eq!(pull.merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(scene.lab.fetch(scene.port).await, "welcome");
    scene.world.request("bob", &format!("undo the pull request #{}", pull.number)).await;
    let revert = *scene.world.proposals().await.last().expect("the assistant opened a second pull request");
    assert_eq!(scene.world.pull(revert).merged(MergeMethod::Squash).await, "✅ applied");
    assert_eq!(scene.lab.fetch(scene.port).await, "hello");
    scene.world.end().await;
}
