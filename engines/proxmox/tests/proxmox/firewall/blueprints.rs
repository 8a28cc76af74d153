//! Do blueprints say what the tables take? The example of the page, and what is imported.

use engine_api::contract::{Bench, Sample};
use engine_proxmox::types;
use serde_json::json;
use test_sim_proxmox::{Group, IpSet};

use super::subject::{FirewallSubject, entry};
use crate::blueprints::desired;

/// What a blueprint asks for, as samples of the suite.
fn samples(blueprint: &str) -> Vec<Sample> {
    let kind = |name: &str| types().into_iter().find(|kind| kind.facts().name == name).unwrap();
    let resources = desired(blueprint).resources.into_values();
    resources
        .map(|resource| Sample { address: resource.address, ..Sample::new(kind(&resource.type_name), resource.object, json!(resource.values)) })
        .collect()
}

/// The resources of the example depend on what they name, so that names come first and go last.
#[test]
fn names_come_before_the_rules_that_use_them() {
    let state = desired(include_str!("../firewall.yaml"));
    let waits_for = |name: &str| -> Vec<String> {
        let resource = state.resources.values().find(|resource| resource.address.resource.as_str() == name).unwrap();
        resource.depends_on.iter().map(|address| address.resource.to_string()).collect()
    };
    assert_eq!(waits_for("cluster"), ["admins"]);
    assert_eq!(waits_for("admins"), ["monitor"]);
    assert_eq!(waits_for("web"), [""; 0]);
    assert_eq!(waits_for("web-01-rules"), ["admins", "web", "web-01"]);
}

/// The example is taken, without a finding, and comes about.
#[tokio::test]
async fn the_example_of_the_page_comes_about() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    for name in ["monitor", "admins", "web", "cluster", "pve1", "web-01-rules"] {
        let sample = samples(include_str!("../firewall.yaml")).into_iter().find(|sample| sample.address.resource.as_str() == name).unwrap();
        let findings = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        assert_eq!(findings, [], "{name}");
        let record = bench.put(&sample).await;
        bench.assert_settled(&sample, &record, "after the example").await;
    }
    let counts = subject.world.cluster.inspect(|world| (world.firewall.rules.len(), world.guests[&100].firewall.rules.len()));
    assert_eq!(counts, (3, 2));
}

/// What is imported loads, and nothing of it differs from what is there.
#[tokio::test]
async fn what_was_imported_plans_to_nothing() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let rules = || {
        vec![
            entry(&[("type", "group"), ("action", "base"), ("enable", "1"), ("comment", "Ask ${somebody} first: \"now\"")]),
            entry(&[("type", "in"), ("action", "ACCEPT"), ("macro", "SSH"), ("enable", "1"), ("comment", "ssh"), ("source", "+office")]),
            entry(&[("type", "in"), ("action", "ACCEPT"), ("proto", "tcp"), ("dport", "8080,443,8000:8010"), ("enable", "0"), ("dest", "Mail")]),
            entry(&[("type", "out"), ("action", "DROP"), ("enable", "1"), ("log", "nolog"), ("dest", "10.0.0.1,10.0.0.0/8")]),
        ]
    };
    subject.world.cluster.change(|world| {
        world.firewall.rules = rules();
        world.firewall.options = entry(&[("enable", "1"), ("policy_in", "ACCEPT")]);
        world.nodes.get_mut("pve2").unwrap().firewall.options = entry(&[("nf_conntrack_helpers", "tftp,ftp"), ("log_level_in", "info")]);
        let guest = &mut world.guests.get_mut(&100).unwrap().firewall;
        (guest.rules, guest.options) = (rules(), entry(&[("enable", "1"), ("dhcp", "1")]));
        world.firewall.groups.insert("web".to_owned(), Group { comment: Some("Web [all]".to_owned()), rules: rules().split_off(1) });
        let members = [("10.0.0.0/8", entry(&[("cidr", "10.0.0.0/8"), ("nomatch", "1")])), ("Mail", entry(&[("cidr", "Mail"), ("comment", "m")]))];
        let members = members.map(|(cidr, member)| (cidr.to_owned(), member)).into();
        world.firewall.ip_sets.insert("web".to_owned(), IpSet { comment: None, members });
        world.firewall.aliases.insert("dns".to_owned(), entry(&[("name", "DNS"), ("cidr", "10.0.0.53"), ("comment", "both")]));
    });
    let text = bench.engine.import().await.unwrap();
    let samples: Vec<Sample> = samples(&text).into_iter().filter(is_of_the_firewall).collect();
    let mut titles: Vec<String> = samples.iter().map(|sample| format!("{} {}", sample.facts().name, sample.object)).collect();
    titles.sort();
    let expected = [
        "alias dns",
        "alias mail",
        "firewall firewall",
        "firewall firewall-pve2",
        "firewall firewall-web-01",
        "ip-set office",
        "ip-set web",
        "security-group base",
        "security-group web",
    ];
    assert_eq!(titles, expected, "{text}");
    for sample in samples {
        let findings = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        let wanted = bench.resolve(&sample, &sample.values).await;
        bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "after it was imported").await;
    }
}

fn is_of_the_firewall(sample: &Sample) -> bool {
    matches!(sample.facts().name, "firewall" | "security-group" | "ip-set" | "alias")
}
