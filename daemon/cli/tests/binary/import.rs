//! What exists is written as a blueprint that changes nothing.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const BLUEPRINT: &str = "version: \"1.0\"\nname: shop\nresources:\n  - {type: network, name: front, provider: fake}\n";

/// A target on which somebody made a network by hand: ours, with the marker taken away.
fn with_a_network() -> Fixture {
    let fixture = Fixture::lab(BLUEPRINT);
    fixture.ipr(["apply", "--yes"]).printed();
    let target: serde_json::Value = serde_json::from_str(&fixture.read("config/ipr/target.json")).unwrap();
    fixture.write("config/ipr/target.json", &without_markers(target).to_string());
    fixture.write("repository/blueprints/hello.yaml", "version: \"1.0\"\nname: shop\nresources: []\n");
    fixture
}

fn without_markers(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            map.into_iter().map(|(key, value)| if key == "marker" { (key, serde_json::Value::Null) } else { (key, without_markers(value)) }).collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(without_markers).collect(),
        other => other,
    }
}

#[test]
fn what_exists_is_adopted_by_the_blueprint_that_is_written() {
    let fixture = with_a_network();
    assert_snapshot!(fixture.ipr(["import", "local"]).printed(), @r#"
    version: "1.0"
    name: imported
    resources:
      - type: network
        name: shop-front
        provider: fake
        specs: {"name":"shop-front"}
        lifecycle: {adopt: true}
    "#);
    fixture.ipr(["import", "local", "--output", "blueprints/imported.yaml"]).printed();
    let plan = fixture.ipr(["plan", "--base", "main"]);
    assert!(plan.out.contains("1 to adopt"), "{plan:?}");
    let again = fixture.ipr(["import", "local", "--output", "blueprints/imported.yaml"]);
    assert_eq!(again.code, 1, "a file that exists was written over: {again:?}");
}

#[test]
fn a_target_that_is_unknown_is_named_with_those_that_are_not() {
    let fixture = with_a_network();
    let ended = fixture.ipr(["import", "nowhere"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert_snapshot!(ended.err, @"
    error: Unknown target
    The configuration has no target `nowhere`.
    Hint: it has: local
    ");
}

/// Neither a router nor a configuration of the daemon is needed for it.
#[test]
fn the_text_that_a_router_wrote_is_imported_as_well() {
    let fixture = with_a_network();
    fixture.write("repository/edge.rsc", "# 2026-01-05 09:00:00 by RouterOS 7.20\n/ip dns static\nadd address=10.0.30.5 name=nas.acme.lan\n");
    assert_snapshot!(fixture.ipr(["import", "mikrotik", "--export", "edge.rsc"]).printed(), @r#"
    version: "1.0"
    name: imported
    resources:
      - type: dns
        name: nas-acme-lan
        provider: mikrotik
        specs: {"address":"10.0.30.5","name":"nas.acme.lan"}
        lifecycle: {adopt: true}
    "#);
    for (target, file, said) in [
        ("local", "edge.rsc", "`local` is no kind of target that writes its configuration as a text."),
        ("nowhere", "edge.rsc", "The configuration has no target `nowhere`."),
        ("mikrotik", "ipr.yaml", "ipr.yaml cannot be read: it has no section such as `/ip address`, so that it is no export."),
        ("mikrotik", "missing.rsc", "see that missing.rsc is there"),
    ] {
        let ended = fixture.ipr(["import", target, "--export", file]);
        assert!(ended.code == 1 && ended.err.contains(said), "{said}: {ended:?}");
    }
}
