//! Values in, findings, claims and pins out.

use std::collections::{BTreeMap, BTreeSet};

use core_model::Span;
use core_model::resource_type::{Claim, DependencyEffect, Question, ResourceType};
use core_model::schema::{Effect, Field, Kind};
use core_model::state::{DesiredResource, Lifecycle};
use serde_json::{Value, json};

use super::{Compute, Network, Storage, types};

fn desired(kind: &dyn ResourceType, object: &str, specs: Value) -> DesiredResource {
    let values = json!({ "specs": specs });
    DesiredResource {
        address: "shop.web".parse().expect("an address"),
        type_name: kind.facts().name.to_owned(),
        provider: kind.facts().provider.to_owned(),
        target: "dock".parse().expect("a name"),
        object: object.to_owned(),
        values: values.as_object().expect("a map").clone(),
        lifecycle: Lifecycle::default(),
        depends_on: BTreeSet::new(),
        pins: BTreeMap::new(),
        sensitive: BTreeSet::new(),
        declared_at: Span::new("blueprints/shop.yaml", 1, 1),
        origins: Default::default(),
    }
}

/// The paths of what is found.
fn found(kind: &dyn ResourceType, specs: Value) -> Vec<String> {
    kind.validate(&desired(kind, "shop-web", specs)).into_iter().map(|finding| finding.path).collect()
}

#[test]
fn containers_are_checked_beyond_the_table() {
    let volume = json!({"resource": "shop.data", "name": "shop-data"});
    let cases = [
        (json!({"mounts": [{"storage": volume, "at": "/data"}, {"host": "/srv", "at": "/app", "read_only": true}]}), &[][..]),
        (json!({"mounts": [{"at": "/data"}]}), &["specs.mounts[0]"]),
        (json!({"mounts": [{"storage": volume, "host": "/srv", "at": "/data"}]}), &["specs.mounts[0]"]),
        (json!({"mounts": [{"host": "/a", "at": "/data"}, {"host": "/b", "at": "/data"}]}), &["specs.mounts[1].at"]),
        (json!({"mounts": [{"host": "/a", "at": "/data", "read_only": false}]}), &["specs.mounts[0].read_only"]),
        (json!({"healthcheck": {"command": ["true"], "interval": 0}}), &["specs.healthcheck.interval"]),
        (json!({"healthcheck": {"command": []}}), &["specs.healthcheck.command"]),
        (json!({"command": []}), &["specs.command"]),
        (json!({"entrypoint": []}), &[]),
        (json!({"command": ["/bin/sh", "-c", "serve"]}), &["specs.command"]),
        (json!({"command": ["sh", "-c", "serve"]}), &[]),
        (json!({"env": {"A=B": "1"}}), &["specs.env.A=B"]),
        (json!({"labels": {"ipr.marker": "x", "iprx": "y"}}), &["specs.labels.ipr.marker"]),
        (json!({"memory": 1_000_000}), &["specs.memory"]),
        (json!({"memory": 6 << 20}), &[]),
    ];
    for (specs, paths) in cases {
        assert_eq!(found(&Compute, specs.clone()), paths, "{specs}");
    }
}

#[test]
fn networks_are_checked_beyond_the_table() {
    let cases = [
        (json!({"subnet": "10.5.0.0/24", "gateway": "10.5.0.1"}), &[][..]),
        (json!({"subnet": "10.5.0.7/24"}), &["specs.subnet"]),
        (json!({"subnet": "10.5.0.0/24", "gateway": "10.6.0.1"}), &["specs.gateway"]),
        (json!({"subnet": "fd00::/64", "gateway": "10.6.0.1"}), &["specs.gateway"]),
        (json!({"gateway": "10.6.0.1"}), &["specs.gateway"]),
    ];
    for (specs, paths) in cases {
        assert_eq!(found(&Network, specs.clone()), paths, "{specs}");
    }
}

#[test]
fn names_are_checked_for_every_type() {
    for kind in types() {
        for bad in ["a", "-ab", "a b", "web.ipr-old-01234567"] {
            let findings = kind.validate(&desired(kind, bad, json!({})));
            assert_eq!(findings.len(), 1, "{}: {bad}", kind.facts().name);
        }
        assert!(kind.validate(&desired(kind, "shop-web", json!({}))).is_empty());
    }
}

#[test]
fn an_image_asks_for_its_digest_unless_it_has_one() {
    let digest = format!("sha256:{}", "a".repeat(64));
    let open = desired(&Compute, "shop-web", json!({"image": "nginx:1.27"}));
    assert_eq!(Compute.questions(&open), [Question { path: "specs.image".to_owned(), text: "nginx:1.27".to_owned() }]);
    let pinned = Compute.pinned("specs.image", &json!("nginx:1.27"), &digest);
    assert_eq!(pinned, json!(format!("nginx:1.27@{digest}")));
    assert!(Compute.questions(&desired(&Compute, "shop-web", json!({"image": pinned}))).is_empty());
    assert_eq!(Compute.pinned("specs.image", &pinned, "sha256:other"), pinned, "a digest that was written stays");
}

#[test]
fn published_ports_are_claimed() {
    let resource = desired(&Compute, "shop-web", json!({"ports": ["0.0.0.0:8080:80/tcp", "[::1]:53:53/udp"]}));
    let claim = |value: &str| Claim { what: "host-port", value: value.to_owned() };
    assert_eq!(Compute.claims(&resource.values), [claim("0.0.0.0:8080/tcp"), claim("[::1]:53/udp")]);
}

#[test]
fn a_replaced_dependency_reaches_the_container() {
    let effects = ["network", "storage", "compute"].map(|dependency| Compute.replaced_dependency(dependency));
    assert_eq!(effects, [DependencyEffect::Reattach, DependencyEffect::Replace, DependencyEffect::Nothing]);
}

/// The fields inside an object are what is compared, so each must say the same as the object.
#[test]
fn a_table_says_one_thing_about_an_object_and_its_fields() {
    fn check(fields: &[Field], outer: Option<Effect>) {
        for field in fields {
            assert!(outer.is_none_or(|outer| outer == field.effect), "{}", field.name);
            if let Kind::Object(inner) = field.kind {
                check(inner, Some(field.effect));
            }
        }
    }
    for kind in [&Compute as &dyn ResourceType, &Network, &Storage] {
        check(kind.facts().specs, None);
    }
}
