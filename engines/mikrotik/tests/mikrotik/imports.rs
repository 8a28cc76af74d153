//! Is what a router has imported such that the next plan changes nothing? Every type, from the router itself and from its export.

use core_model::schema::{Field, Kind};
use core_model::state::{DesiredResource, DesiredState};
use engine_api::Engine;
use engine_api::contract::{Bench, Sample};
use engine_mikrotik::{Mikrotik, import_export};
use serde_json::{Value, json};
use test_sim_routeros::{Router, Version};

use crate::samples::Group;
use crate::subject::{RouterSubject, options};
use crate::world::{World, configuration};

/// Types that are not imported, and why.
const NOT_FROM_ROUTER: &[(&str, &str)] = &[("menu", "nobody says which of four hundred"), ("settings", "nobody says which of a hundred")];
const NOT_FROM_EXPORT: &[(&str, &str)] = &[("user", "users are in no export"), NOT_FROM_ROUTER[0], NOT_FROM_ROUTER[1]];

/// Fields that an import says otherwise, and why.
const NOT_THE_SAME: &[(&str, &str, &str)] =
    &[("firewall", "manage", "what is nobody's is imported as whole chains"), ("firewall", "place", "a whole chain has no place")];
/// Fields that an export does not say, and why.
const NOT_TOLD_BY_EXPORT: &[(&str, &str, &str)] = &[("service", "certificate", "an export leaves out what is as the factory made it")];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Router,
    Export,
}

/// A router on which a person has made what the sample says.
async fn made_by_hand(version: Version, group: Group, sample: &Sample) -> Router {
    let subject = RouterSubject::start(version, group).await;
    let bench = Bench::fresh(&subject).await;
    let wanted = bench.resolve(sample, &sample.values).await;
    let order = bench.plan(sample, &wanted, None).await.unwrap();
    bench.carry_out(&order).await.unwrap_or_else(|error| panic!("{}: {error}", sample.title()));
    let router = subject.router();
    for menu in router.configuration().into_keys() {
        let is_ours = |entry: &test_sim_routeros::Entry| entry.get("comment").is_some_and(|comment| comment.starts_with("ipr:"));
        for entry in router.entries(&menu).into_iter().filter(is_ours) {
            router.set(&menu, &entry.id, &[("comment", "")]).unwrap();
        }
    }
    router
}

/// What the import says otherwise than the sample does, or not at all, or besides.
fn lost(sample: &Sample, desired: &DesiredState, from: From) -> Vec<String> {
    let name = sample.facts().name;
    let of_type: Vec<_> = desired.resources.values().filter(|resource| resource.type_name == name).collect();
    let not_told = if from == From::Export { NOT_TOLD_BY_EXPORT } else { &[] };
    let is_expected = |path: &String| !NOT_THE_SAME.iter().chain(not_told).any(|(type_name, field, _)| *type_name == name && path == field);
    let nothing = json!({});
    let lost = |found: &&DesiredResource| {
        let found = found.values.get("specs").unwrap_or(&nothing);
        let paths = differing(sample.facts().specs, "", &sample.values["specs"], found).into_iter();
        paths.filter(is_expected).collect::<Vec<_>>()
    };
    // What has no name of its own is the one that is most like it.
    of_type.iter().map(lost).min_by_key(Vec::len).unwrap_or_else(|| vec![format!("no `{name}`")])
}

/// The paths of fields that differ. What the router never tells is no difference, and names are ours.
fn differing(fields: &[Field], path: &str, wanted: &Value, found: &Value) -> Vec<String> {
    let mut differing = Vec::new();
    for field in fields.iter().filter(|field| !field.write_only && field.name != "name") {
        let (path, wanted, found) = (format!("{path}{}", field.name), &wanted[field.name], &found[field.name]);
        let is_same = match field.kind {
            Kind::Object(fields) => {
                differing.extend(self::differing(fields, &format!("{path}."), wanted, found));
                true
            }
            Kind::List(Kind::Object(fields)) | Kind::Set(Kind::Object(fields)) => items(fields, wanted) == items(fields, found),
            _ => wanted == found,
        };
        if !is_same {
            differing.push(path);
        }
    }
    differing
}

/// What the items of a list say, without their names: those are ours.
fn items(fields: &[Field], list: &Value) -> Vec<String> {
    let is_told = |name: &str| name != "name" && fields.iter().any(|field| field.name == name && !field.write_only);
    let told = |item: &Value| {
        item.as_object().into_iter().flatten().filter(|(name, _)| is_told(name)).map(|(name, value)| format!("{name}={value} ")).collect()
    };
    list.as_array().into_iter().flatten().map(told).collect()
}

async fn imported(router: &Router, from: From) -> String {
    let engine = Mikrotik::new(options(router)).unwrap();
    if from == From::Router {
        return engine.import().await.unwrap();
    }
    let text = engine.artefact().await.unwrap().unwrap().text;
    let blueprint = import_export(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    // With sections and broken lines it says the same.
    assert_eq!(import_export(&router.export()).unwrap(), blueprint);
    blueprint
}

async fn changes_nothing(version: Version, group: Group, sample: &Sample, from: From) {
    let router = made_by_hand(version, group, sample).await;
    let before = configuration(&router);
    let text = imported(&router, from).await;
    let name = sample.facts().name;
    let left_out = if from == From::Router { NOT_FROM_ROUTER } else { NOT_FROM_EXPORT };
    let is_typed = text.contains(&format!("  - type: {name}\n"));
    assert_eq!(is_typed, left_out.iter().all(|(left_out, _)| *left_out != name), "{version} {from:?} {}:\n{text}", sample.title());

    let mut world = World::on(router);
    let desired = world.loaded(&text);
    if is_typed {
        assert_eq!(lost(sample, &desired, from), [""; 0], "{version} {from:?} {}:\n{text}", sample.title());
    }
    let planned = world.plan_for(desired).await;
    assert_eq!(planned.plan.problems, [], "{version} {from:?} {}:\n{text}", sample.title());
    let changing: Vec<_> = planned.plan.steps.iter().filter(|step| step.action.mutates()).collect();
    assert!(changing.is_empty(), "{version} {from:?} {}: {changing:#?}\n{text}", sample.title());
    world.apply_planned(planned).await;
    assert_eq!(world.configuration(), before, "{version} {from:?} {}", sample.title());
    assert_eq!(world.drift().await, Vec::<String>::new(), "{version} {from:?} {}", sample.title());
}

async fn all_change_nothing(version: Version, from: From) {
    for group in Group::ALL {
        for sample in group.samples(version) {
            changes_nothing(version, group, &sample, from).await;
        }
    }
}

macro_rules! on_versions {
    ($($name:ident $version:ident)*) => {
        $(
            mod $name {
                use super::*;

                #[tokio::test]
                async fn a_router_is_imported_and_the_next_plan_changes_nothing() {
                    all_change_nothing(Version::$version, From::Router).await;
                }

                #[tokio::test]
                async fn an_export_is_imported_and_the_next_plan_changes_nothing() {
                    all_change_nothing(Version::$version, From::Export).await;
                }
            }
        )*
    };
}

on_versions!(on_7_15 V7_15 on_7_18 V7_18 on_7_20 V7_20 on_7_24 V7_24);

/// As people have it: the router's first configuration, made with other tools and typed by hand.
#[tokio::test]
async fn what_an_export_leaves_open_is_said() {
    let text = "# 2026-01-05 09:00:00 by RouterOS 7.20\n/ip service\nset 3 disabled=yes\n#error exporting \"/ip/dns\"\n/ip pool\nprint\nadd name=a ranges=10.0.0.2\n";
    let blueprint = import_export(text).unwrap();
    let head: Vec<&str> = blueprint.lines().take_while(|line| line.starts_with('#')).collect();
    assert_eq!(
        head,
        [
            "# left out: line 3: which entry of `/ip/service` it sets, only the router knows",
            "# left out: line 6: `print` is no `add` and no `set`",
            "# left out: line 4: the router could not export everything: error exporting \"/ip/dns\"",
        ]
    );
    assert_eq!(import_export("hello").unwrap_err().to_string(), "it has no section such as `/ip address`, so that it is no export");
}

/// What is managed already is imported from neither.
#[tokio::test]
async fn what_is_ours_is_not_imported_again() {
    let mut world = World::new(Version::V7_20).await;
    world.router.run("/ip dns static add name=theirs.acme.example address=10.0.0.8").unwrap();
    world.apply("  - {type: dns, name: d, provider: mikrotik, specs: {name: ours.acme.example, address: 10.0.0.9}}").await;
    for from in [From::Router, From::Export] {
        let text = imported(&world.router, from).await;
        assert!(text.contains("theirs.acme.example") && !text.contains("ours.acme.example"), "{text}");
    }
}

/// A router says less than a person would, and its words are texts and nothing more.
#[tokio::test]
async fn names_of_a_router_are_nothing_but_names() {
    let text = "# by RouterOS 7.20\n/ip pool\nadd name=\"a\\r\\nevil: true\\n- \\E2\\80\\A8x\" ranges=10.0.0.2\n";
    let blueprint = import_export(text).unwrap();
    assert!(blueprint.lines().all(|line| !line.trim_start().starts_with(['e', '-'])), "{blueprint}");
    assert!(blueprint.contains("  # left out: the dhcp `a  evil: true -  x`: the router does not tell its `interface`\n"), "{blueprint}");
}

/// What our own loader refuses is told, and not written.
#[tokio::test]
async fn what_no_blueprint_can_say_is_left_out_with_the_reason() {
    let text = "# by RouterOS 7.20
/interface bridge
add name=\"my bridge\"
/ip dns static
add name=mail.acme.example type=MX mx-exchange=mx.acme.example mx-preference=10
add regexp=\".*\\\\.acme\\\\.example\" address=10.0.0.9
add name=web.acme.example address=10.0.0.8
/system logging action
add name=my-server target=remote remote=10.0.0.7
";
    let blueprint = import_export(text).unwrap();
    for line in [
        "  # left out: the network `my bridge`: its `name` is empty, too long, or holds blanks, quotes, `#`, `$`, `;` or `\\`",
        "  # left out: the dns `mail.acme.example`: A name has exactly one answer, and `mail.acme.example` has 0.",
        "  # left out: the dns ``: its `name` is empty, too long, or holds blanks, quotes, `#`, `$`, `;` or `\\`",
        "  # left out: the logging `my-server`: An action is called by letters and digits alone, and `my-server` is not.",
    ] {
        assert!(blueprint.contains(&format!("{line}\n")), "{line}\n{blueprint}");
    }
    assert_eq!(blueprint.matches("  - type: ").count(), 1, "{blueprint}");
    World::new(Version::V7_20).await.loaded(&blueprint);
}

#[test]
fn rows_that_nothing_is_made_of_are_told_and_bounded() {
    let leases: String = (0..60).map(|index| format!("add address=10.0.0.{index} mac-address=52:54:00:00:00:{index:02X}\n")).collect();
    let blueprint = import_export(&format!("# by RouterOS 7.20\n/ip dhcp-server lease\n{leases}")).unwrap();
    let told: Vec<&str> = blueprint.lines().filter(|line| line.starts_with("# left out: ")).collect();
    assert_eq!(told.len(), 51, "{blueprint}");
    assert_eq!(told[0], "# left out: `10.0.0.0` in `/ip/dhcp-server/lease`: it belongs to nothing that is imported");
    assert_eq!(told[50], "# left out: and 10 more rows");
}

/// An export says nothing of what a router does anyway, and a router dials only where it is told to.
#[test]
fn a_client_that_does_not_say_that_it_dials_does_not() {
    let text =
        "# by RouterOS 7.20\n/interface pppoe-client\nadd interface=ether1 name=idle user=u\nadd disabled=no interface=ether1 name=dials user=u\n";
    let blueprint = import_export(text).unwrap();
    let specs = |name: &str| blueprint.lines().skip_while(|line| !line.ends_with(&format!("name: {name}"))).nth(2).unwrap_or_default().to_owned();
    assert!(specs("idle").contains("\"enabled\":false"), "{blueprint}");
    assert!(specs("dials").contains("\"interface\"") && !specs("dials").contains("enabled"), "{blueprint}");
}

/// A router as it comes, with another name and zone. `IPR_UPDATE_PAGES=1` writes what is expected anew.
#[tokio::test]
async fn a_router_from_the_factory_is_imported_whole() {
    let blueprint = import_export(include_str!("imports/factory.rsc")).unwrap();
    if std::env::var_os("IPR_UPDATE_PAGES").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mikrotik/imports/factory.yaml"), &blueprint).unwrap();
        return;
    }
    assert_eq!(blueprint, include_str!("imports/factory.yaml"));
    World::new(Version::V7_20).await.loaded(&blueprint);
}
