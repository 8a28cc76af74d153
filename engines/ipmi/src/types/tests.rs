//! Values in, findings, remarks and inverses out.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::{Action, FieldChange, Inverse, Risk, Step};
use core_model::schema::Effect;
use core_model::state::{DesiredResource, Lifecycle};
use core_model::{Hash, Span};
use serde_json::{Value, json};

use super::types;

fn desired(specs: Value) -> DesiredResource {
    DesiredResource {
        address: "rack1.r1-n01".parse().expect("an address"),
        type_name: "compute".to_owned(),
        provider: crate::PROVIDER.to_owned(),
        target: "rack1/r1-n01".parse().expect("a name"),
        object: "r1-n01".to_owned(),
        values: json!({"specs": specs}).as_object().expect("a map").clone(),
        lifecycle: Lifecycle::default(),
        depends_on: BTreeSet::new(),
        pins: BTreeMap::new(),
        sensitive: BTreeSet::new(),
        declared_at: Span::new("blueprints/rack1.yaml", 1, 1),
        origins: Default::default(),
    }
}

fn step(specs: Value, changed: &[&str]) -> Step {
    let resource = desired(specs);
    let change = |path: &&str| {
        let after = path.split('.').try_fold(&Value::Object(resource.values.clone()), |value, key| value.get(key)).cloned();
        let after = after.unwrap_or_default();
        FieldChange { path: (*path).to_owned(), before: Value::Null, after, effect: Effect::InPlace, risk: Risk::None, unset: false }
    };
    Step {
        digest: Hash::of_bytes(b""),
        changes: changed.iter().map(change).collect(),
        address: resource.address.clone(),
        type_name: resource.type_name.clone(),
        provider: resource.provider.clone(),
        target: resource.target.clone(),
        action: Action::Update,
        object: resource.object.clone(),
        moved_from: None,
        desired: resource.values.clone(),
        pins: BTreeMap::new(),
        risk: Risk::Restart,
        inverse: Inverse::Exact,
        waits_for: BTreeSet::new(),
        reason: String::new(),
    }
}

#[test]
fn machines_are_checked_beyond_the_table() {
    let once = |specs: Value| json!({"once": specs});
    let boot = json!({"device": "disk"});
    for (specs, paths) in [
        (once(json!({"token": "a", "boot": "pxe", "reset": "cycle"})), &[][..]),
        (once(json!({"token": "a"})), &["specs.once"]),
        (once(json!({"token": "a", "clear_events": true, "mode": "uefi"})), &["specs.once.mode"]),
        (json!({"boot": boot, "once": {"token": "a", "boot": "pxe"}}), &["specs.once.boot"]),
        (json!({"boot": boot, "once": {"token": "a", "boot": "pxe", "reset": "cycle"}}), &[]),
        (json!({"power": "off", "once": {"token": "a", "reset": "hard"}}), &["specs.once.reset"]),
        (once(json!({"token": "a", "identify": 256_000})), &["specs.once.identify"]),
        (json!({"boot": {"device": "none", "mode": "uefi"}}), &["specs.boot.mode"]),
        (json!({"boot": {"mode": "uefi"}}), &["specs.boot.mode"]),
        (json!({"boot": {"order": ["debian", "PXE"]}}), &[]),
        (json!({"boot": {"order": ["debian"]}, "once": {"token": "a", "boot": "pxe"}}), &[]),
        (json!({"boot": {"order": []}}), &["specs.boot.order"]),
        (json!({"boot": {"order": ["debian", "debian"]}}), &["specs.boot.order[1]"]),
        (json!({"bmc": {"dns": []}}), &["specs.bmc.dns"]),
        (json!({"bmc": {"dns": ["10.0.0.53"]}}), &[]),
        (json!({"users": [{"name": "ops"}, {"name": "ops"}]}), &["specs.users[1].name"]),
        (json!({"bmc": {"source": "static", "address": "10.9.0.11", "netmask": "255.255.255.0", "gateway": "10.9.0.1"}}), &[]),
        (json!({"bmc": {"source": "dhcp", "address": "10.9.0.11"}}), &["specs.bmc.address"]),
        (json!({"bmc": {"netmask": "255.0.255.0"}}), &["specs.bmc.netmask"]),
        (json!({"bmc": {"address": "10.9.0.11", "netmask": "255.255.255.0", "gateway": "10.9.1.1"}}), &["specs.bmc.gateway"]),
    ] {
        let found: Vec<String> = types()[0].validate(&desired(specs.clone())).into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, paths, "{specs}");
    }
}

#[test]
fn a_reviewer_reads_how_a_machine_is_switched_off() {
    for (power_off, expected) in [
        (json!({}), "the operating system is asked to shut down; the step fails if that takes longer than 5m, power is never cut"),
        (json!({"within": 60_000, "force": true}), "the operating system is asked to shut down; power is cut if that takes longer than 1m"),
        (json!({"within": 0, "force": true}), "power is cut at once; the operating system is not asked to shut down"),
    ] {
        let step = step(json!({"power": "off", "power_off": power_off}), &["specs.power"]);
        assert_eq!(types()[0].remarks(&step), [expected]);
    }
    assert!(types()[0].remarks(&step(json!({"power": "on"}), &["specs.power"])).is_empty());
    assert!(types()[0].remarks(&step(json!({"power": "off"}), &["specs.boot.device"])).is_empty());
}

#[test]
fn what_is_done_once_is_told_and_cannot_be_undone() {
    let specs = json!({"once": {"token": "debian-13", "boot": "pxe", "reset": "cycle"}, "boot": {"device": "disk"}});
    let asked = step(specs.clone(), &["specs.boot.device", "specs.once.token"]);
    let expected = "once for the token `debian-13`: the next start boots from pxe, power is taken away and given back, without asking the \
                    operating system. A revert does not undo it";
    assert_eq!(types()[0].remarks(&asked), [expected]);
    assert!(matches!(types()[0].inverse_of(&asked.changes), Inverse::None { .. }));
    let other = step(specs, &["specs.boot.device", "specs.once.boot"]);
    assert!(types()[0].remarks(&other).is_empty(), "the token is the old one");
    assert_eq!(types()[0].inverse_of(&other.changes), Inverse::Exact);
}

#[test]
fn a_change_of_the_way_to_the_bmc_says_what_it_means() {
    let moved = step(json!({"bmc": {"address": "10.9.0.12"}}), &["specs.bmc.address"]);
    assert!(types()[0].remarks(&moved)[0].starts_with("the BMC is reached by what is changed here: its answer may be lost"));
    assert!(matches!(types()[0].inverse_of(&moved.changes), Inverse::None { .. }));
    let renamed = step(json!({"bmc": {"hostname": "bmc-1"}}), &["specs.bmc.hostname"]);
    assert!(types()[0].remarks(&renamed).is_empty());
}

#[test]
fn two_resources_cannot_be_one_machine() {
    let claims = |specs: Value| types()[0].claims(&desired(specs).values);
    assert_eq!(claims(json!({})), claims(json!({"power": "on"})));
}

proptest::proptest! {
    #[test]
    fn any_text_is_checked_without_a_panic(text in "(.{0,40}|[0-9a-fA-F-]{0,40}|https://[a-z/%:@. ]{0,40})") {
        for check in [super::words::GUID, super::words::USER_NAME, super::words::HOST_NAME, super::media::IMAGE] {
            if let Ok(spelling) = (check.parse)(&text) {
                proptest::prop_assert_eq!((check.parse)(&spelling), Ok(spelling.clone()));
            }
        }
    }
}
