//! What if the daemon ends in the middle of what may be done once? It is not done again, and a person is told where to look.

use test_harness::{MergeMethod, Webhooks, Wish, World};
use test_scenarios::blueprint;
use tokio::net::TcpSocket;

use crate::rendered::assert_comment;

const METAL: &str = "blueprints/metal.yaml";

/// A machine that is to be reset for a token.
fn reset(token: &str) -> String {
    blueprint("metal", &format!("  - {{type: compute, name: node, provider: ipmi, specs: {{once: {{token: {token}, reset: cycle}}}}}}\n"))
}

#[tokio::test]
async fn a_machine_is_not_reset_twice_for_one_token() {
    let world = World::start_as(Wish::default().ipmi()).await;
    world.metal().lose_the_answer_to_a_reset();
    let pull = world.pull_request("Reset the node").file(METAL, &reset("first")).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.until("the machine was reset", |world| world.metal().cycles() == 1).await;
    world.daemon.kill();
    world.start_daemon().await;
    assert_eq!(pull.state().await, "⏸ failed, waits for you");
    assert_comment!("metal_uncertain", pull.replies().await.join("\n=====\n"));
    assert_eq!(world.metal().cycles(), 1);
    world.end().await;
}

#[tokio::test]
async fn a_new_token_resets_it_once() {
    let world = World::start_as(Wish::default().ipmi()).await;
    world.applied("Reset the node", METAL, &reset("first")).await;
    world.applied("Once more", METAL, &reset("second")).await;
    assert_eq!(world.metal().cycles(), 2);
    world.end().await;
}

#[tokio::test]
async fn a_failed_fan_is_a_note_and_a_number_and_no_difference() {
    let world = World::start_as(Wish::default().ipmi()).await;
    world.metal().fail_a_fan();
    let pull = world.pull_request("Reset the node").file(METAL, &reset("first")).open().await;
    let shown = pull.comment().await;
    assert!(shown.contains("- Note: `metal`: `FAN1` is below its lower critical limit"), "{shown}");
    let asked = world.metal().commands();
    let (status, metrics) = world.daemon.get("/metrics").await.expect("an answer");
    assert_eq!((status, world.metal().commands()), (200, asked), "nobody was asked for numbers");
    let node = r#"repository="acme/infra",target="metal",resource="compute/node""#;
    for line in [
        "ipr_gauge_format 1".to_owned(),
        r#"ipr_target_seen{repository="acme/infra",target="metal"} 1"#.to_owned(),
        format!("ipr_machine_on{{{node}}} 1"),
        format!(r#"ipr_machine_parts{{{node},part="fan"}} 1"#),
        format!(r#"ipr_machine_parts_at_fault{{{node},part="fan"}} 1"#),
        format!(r#"ipr_machine_parts_at_fault{{{node},part="power-supply"}} 0"#),
        format!("ipr_machine_temperature_max_celsius{{{node}}} 45"),
        format!("ipr_machine_event_log_entries{{{node}}} 0"),
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    }
    pull.merged(MergeMethod::Squash).await;
    assert_eq!(world.metal().cycles(), 1, "an ill machine is no reason to hold a merge back");
    world.end().await;
}

#[tokio::test]
async fn an_ill_machine_is_told_beside_drift_and_is_none_itself() {
    let world = World::start_as(Wish::default().ipmi().webhooks(Webhooks::Lost).rule("drift: {check: 1s}")).await;
    let text = "  - {type: compute, name: node, provider: ipmi, specs: {after_power_loss: previous}}\n";
    world.applied("Set what it does after a loss of power", METAL, &blueprint("metal", text)).await;
    world.metal().fail_a_fan();
    let fault = r#"ipr_machine_parts_at_fault{repository="acme/infra",target="metal",resource="compute/node",part="fan"} 1"#;
    world.until_measured(fault).await;
    assert_eq!(world.issue_text(), None, "it is as it was left");
    world.metal().stay_off_by_hand();
    let tells = |world: &World| world.issue_text().is_some_and(|issue| issue.contains("metal.node"));
    world.until("the issue tells of the change", tells).await;
    assert_comment!("metal_drift", world.normalised(&world.issue_text().unwrap()).await);
    world.end().await;
}

#[tokio::test]
async fn what_only_redfish_can_do_is_refused_in_the_plan_over_ipmi() {
    let world = World::start_as(Wish::default().ipmi()).await;
    let specs = "{boot: {order: [debian, network]}, media: {cd: {image: https://images.acme.lan/debian-13.iso}}, \
                 bmc: {hostname: bmc-r1-n01, dns: [10.0.0.53]}}";
    let text = format!("  - {{type: compute, name: node, provider: ipmi, specs: {specs}}}\n");
    let pull = world.pull_request("Boot from an image").file(METAL, &blueprint("metal", &text)).open().await;
    assert_comment!("metal_only_by_redfish", pull.comment().await);
    assert_eq!(world.metal().cycles(), 0);
    world.end().await;
}

/// The installed host is a port that nobody listens on until the machine has started from the network.
#[tokio::test]
async fn what_stands_on_an_installed_machine_goes_on_in_the_same_run() {
    let world = World::start_as(Wish::default().ipmi()).await;
    let host = TcpSocket::new_v4().unwrap();
    host.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = host.local_addr().unwrap().port();
    let specs = format!("{{once: {{token: debian-13, boot: pxe, reset: cycle}}, ready: {{address: 127.0.0.1, port: {port}, within: 1m}}}}");
    let text = format!(
        "  - {{type: compute, name: node, provider: ipmi, specs: {specs}}}\n  \
         - {{type: network, name: front, provider: fake, depends_on: [node]}}\n"
    );
    let pull = world.pull_request("Install the node").file(METAL, &blueprint("metal", &text)).open().await;
    pull.merge(MergeMethod::Squash).await;
    world.until("the machine was reset", |world| world.metal().cycles() == 1).await;
    assert_eq!(world.metal().booted_from_the_network(), [true], "once, and from the network card");
    assert_eq!(world.target().names(), Vec::<String>::new(), "what depends on it waits for the host");
    let _installed = host.listen(16).unwrap();
    world.until("what depends on it is there", |world| world.target().names() == ["network/metal-front"]).await;
    assert!(pull.state().await.starts_with("✅ applied"), "in one run");
    assert_eq!(world.metal().cycles(), 1);
    world.end().await;
}
