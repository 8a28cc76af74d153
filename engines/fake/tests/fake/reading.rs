//! What does the engine answer beside observing: questions, gates, preflight, wake-ups, import?

use core_model::plan::Action;
use core_model::schema::Effect;
use engine_api::{Engine, ErrorKind, ObserveScope, Readiness};
use serde_json::json;

use crate::world::{World, kind};

#[tokio::test]
async fn a_tag_can_move_and_an_image_can_be_missing() {
    let world = World::memory();
    let first = world.engine.resolve("compute", "nginx:1").await.unwrap();
    assert_eq!(world.engine.resolve("compute", "nginx:1").await.unwrap(), first);
    let second = world.target.push_image("nginx:1", "something newer");
    assert_ne!(first, second);
    assert_eq!(world.engine.resolve("compute", "nginx:1").await.unwrap(), second);
    world.target.remove_image("nginx:1");
    assert_eq!(world.engine.resolve("compute", "nginx:1").await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_made_from_a_broken_image_is_not_ready() {
    let world = World::memory();
    world.target.push_broken_image("nginx:2");
    let order = world.create("compute", "web", json!({"image": "nginx:2"}));
    world.apply(&order).await.unwrap();
    assert!(matches!(world.engine.wait(&order).await.unwrap(), Readiness::NotReady { .. }));
    world.target.set_healthy("web", true);
    assert_eq!(world.engine.wait(&order).await.unwrap(), Readiness::Ready);
}

#[tokio::test]
async fn a_port_that_somebody_holds_is_a_problem_before_it_is_a_conflict() {
    let world = World::memory();
    world.target.make_foreign("compute", "theirs", &json!({"specs": {"image": "x", "ports": ["0.0.0.0:80:8080/tcp"]}}));
    let order = world.create("compute", "web", json!({"image": "nginx:1", "ports": ["0.0.0.0:80:80/tcp"]}));
    let problems = world.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    assert_eq!(problems[0].detail, "The port 0.0.0.0:80/tcp is taken by `theirs`.");
    assert_eq!(world.apply(&order).await.unwrap_err().kind, ErrorKind::Conflict);
    let leaves = world.order("compute", "theirs", Action::Delete, json!({}));
    assert_eq!(world.engine.preflight(&[order.step, leaves.step]).await.unwrap(), []);
}

#[tokio::test]
async fn a_network_in_use_is_not_deleted_and_can_be_made_anew() {
    let world = World::memory();
    world.apply(&world.create("network", "lan", json!({}))).await.unwrap();
    let networks = json!([{"resource": "suite.lan", "name": "lan"}]);
    let web = |action| world.order("compute", "web", action, json!({"image": "nginx:1", "networks": networks}));
    world.apply(&web(Action::Create)).await.unwrap();
    let delete = world.order("network", "lan", Action::Delete, json!({}));
    assert_eq!(world.apply(&delete).await.unwrap_err().kind, ErrorKind::Conflict);
    let serial = world.target.object("network", "lan").unwrap().serial;
    world.apply(&world.order("network", "lan", Action::Replace, json!({"internal": true}))).await.unwrap();
    assert_ne!(world.target.object("network", "lan").unwrap().serial, serial);
    assert_eq!(world.target.object("compute", "web").unwrap().fields["specs.networks"], json!([]), "its link is cut");
    world.apply(&web(Action::Restart)).await.unwrap();
    let web = world.target.object("compute", "web").unwrap();
    assert_eq!((&web.fields["specs.networks"], web.restarts), (&networks, 1));
}

#[tokio::test]
async fn a_missing_link_is_not_found() {
    let world = World::memory();
    let mounts = json!([{"storage": {"resource": "suite.data", "name": "data"}, "at": "/data"}]);
    let error = world.apply(&world.create("compute", "db", json!({"image": "x", "mounts": mounts}))).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(error.message.contains("storage `data`"), "{error}");
}

#[tokio::test]
async fn singletons_are_released_and_never_deleted() {
    let world = World::memory();
    world.apply(&world.order("setting", "system", Action::Update, json!({"zone": "Europe/Rome"}))).await.unwrap();
    let delete = world.order("setting", "system", Action::Delete, json!({}));
    assert_eq!(world.apply(&delete).await.unwrap_err().kind, ErrorKind::Rejected);
    world.apply(&world.order("setting", "system", Action::Release, json!({}))).await.unwrap();
    assert_eq!(world.target.object("setting", "system").unwrap().fields["specs.zone"], "Europe/Rome");
}

#[tokio::test]
async fn watch_wakes_for_a_foreign_hand() {
    let world = World::memory();
    let scope = ObserveScope::default();
    let (woken, ()) = tokio::join!(biased; world.engine.watch(&scope), async { world.target.remove_by_hand("compute", "web") });
    woken.unwrap();
}

#[tokio::test]
async fn what_nobody_owns_is_written_as_a_blueprint() {
    let world = World::memory();
    world.apply(&world.create("network", "ours", json!({}))).await.unwrap();
    let specs = json!({"specs": {"image": "nginx:1", "cpu": 1_500, "memory": 536_870_912, "networks": [{"external": "front", "name": "front"}]}});
    world.target.make_foreign("compute", "Their_Web", &specs);
    let text = world.engine.import().await.unwrap();
    let specs = r#"{"cpu":"1.5","image":"nginx:1","memory":"512MB","name":"Their_Web","networks":[{"external":"front"}]}"#;
    let head = "version: \"1.0\"\nname: imported\nresources:\n";
    let rest = "    lifecycle: {adopt: true}\n";
    assert_eq!(text, format!("{head}  - type: compute\n    name: their-web\n    provider: fake\n    specs: {specs}\n{rest}"));
}

#[tokio::test]
async fn what_it_holds_is_told_when_it_tells_of_itself() {
    let world = World::memory();
    world.apply(&world.create("network", "front", json!({}))).await.unwrap();
    assert_eq!(world.engine.artefact().await.unwrap(), None);
    world.target.tell_of_itself();
    let artefact = world.engine.artefact().await.unwrap().unwrap();
    assert_eq!((artefact.file_name.as_str(), artefact.text.as_str(), artefact.refusal()), ("objects.txt", "network/front\n", None));
}

#[tokio::test]
async fn pending_notes_are_passed_on() {
    let world = World::memory();
    world.target.add_pending("the mode waits for a restart");
    let order = world.create("compute", "web", json!({}));
    assert_eq!(world.engine.pending(&order).await.unwrap().as_deref(), Some("the mode waits for a restart"));
}

#[test]
fn types_tell_what_the_planner_must_know() {
    use core_model::plan::Inverse;
    use core_model::resource_type::DependencyEffect;
    assert_eq!(kind("compute").replaced_dependency("network"), DependencyEffect::Reattach);
    assert_eq!(kind("compute").replaced_dependency("setting"), DependencyEffect::Restart);
    assert_eq!(kind("compute").replaced_dependency("storage"), DependencyEffect::Replace);
    assert!(matches!(kind("task").inverse_of_change(Effect::InPlace), Inverse::None { .. }));
    let ports = json!({"specs": {"ports": ["127.0.0.1:53:53/udp"]}});
    assert_eq!(kind("compute").claims(ports.as_object().unwrap())[0].value, "127.0.0.1:53/udp");
    let place = json!({"specs": {"position": 3}});
    assert_eq!(kind("rule").claims(place.as_object().unwrap())[0].value, "forward/3");
}
