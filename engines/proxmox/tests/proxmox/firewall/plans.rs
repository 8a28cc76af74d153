//! What does the plan say beforehand? What locks people out, and what is certain to fail.

use core_model::plan::{Action, Risk};
use core_model::resource_type::ResourceType as _;
use engine_api::contract::{Bench, Sample};
use engine_proxmox::{Firewall, Proxmox};
use serde_json::{Value, json};
use test_sim_proxmox::{AclEntry, Cluster, Token, User};

use super::subject::{FirewallSubject, entry};
use super::{accept, alias, drop_all, firewall, foretold, group, named, set};

/// Enabled without a rule for those who look after the nodes.
#[tokio::test]
async fn a_firewall_that_locks_out_says_so() {
    let subject = FirewallSubject::new().await;
    let management = json!([accept("8006"), accept("22"), drop_all()]);
    let rows = [
        (json!({"enabled": true}), Risk::MayDisconnect),
        (json!({"enabled": true, "rules": management}), Risk::InPlace),
        (json!({"enabled": true, "policy_in": "accept"}), Risk::InPlace),
        (json!({"enabled": true, "rules": [accept("443"), drop_all()]}), Risk::MayDisconnect),
        (json!({"node": "pve1", "rules": [drop_all()]}), Risk::MayDisconnect),
        (json!({"node": "pve1", "rules": [accept("443")]}), Risk::InPlace),
        (json!({"guest": named("web-01"), "enabled": true, "rules": [drop_all()]}), Risk::InPlace),
    ];
    for (specs, risk) in rows {
        let bench = Bench::fresh(&subject).await;
        let (problems, seen, remarks) = foretold(&bench, &firewall(specs.clone())).await;
        assert_eq!((problems.as_slice(), seen), ([].as_slice(), risk), "{specs}");
        assert_eq!(remarks.iter().any(|remark| remark.contains("TCP 8006 and 22")), risk == Risk::MayDisconnect, "{specs}: {remarks:?}");
    }
}

#[tokio::test]
async fn what_nobody_knows_is_said_in_the_plan() {
    let subject = FirewallSubject::new().await;
    let rule = |field: &str, value: Value| json!([{"direction": "in", "action": "accept", field: value}]);
    let rows = [
        (firewall(json!({"rules": [{"group": named("nobody")}]})), "`specs.rules[0].group`: the cluster has no security group `nobody`."),
        (firewall(json!({"rules": rule("from_list", named("nobody"))})), "`specs.rules[0].from_list`: the cluster has no IP set `nobody`."),
        (firewall(json!({"rules": rule("to_alias", named("nobody"))})), "`specs.rules[0].to_alias`: the cluster has no alias `nobody`."),
        (firewall(json!({"rules": rule("macro", json!("Nobody"))})), "`specs.rules[0].macro`: Proxmox has no macro `Nobody`."),
        (group("web", rule("from_list", named("nobody"))), "`specs.rules[0].from_list`: the cluster has no IP set `nobody`."),
        (set("trusted", json!([{"alias": named("nobody")}])), "`specs.members`: the cluster has no alias `nobody`."),
        (firewall(json!({"node": "pve9", "enabled": false})), "`specs.node`: the cluster has no node `pve9`."),
        (firewall(json!({"guest": named("nobody"), "enabled": true})), "`specs.guest`: there is no guest `nobody`."),
    ];
    for (sample, expected) in rows {
        let bench = Bench::fresh(&subject).await;
        let (problems, ..) = foretold(&bench, &sample).await;
        let details: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
        assert_eq!(details, [expected]);
    }
    // What a resource makes, and what is a guest's own, is not asked for.
    let bench = Bench::fresh(&subject).await;
    let made = json!({"resource": "shop.office", "name": "not-there-yet"});
    let rules = json!([{"group": made}, {"direction": "in", "action": "accept", "from_list": named("guest/own")}]);
    let (problems, ..) = foretold(&bench, &firewall(json!({"rules": rules}))).await;
    assert_eq!(problems, []);
}

/// A credential that may look and not touch.
#[tokio::test]
async fn a_missing_privilege_is_said_in_the_plan() {
    let subject = FirewallSubject::new().await;
    let mut bench = Bench::fresh(&subject).await;
    subject.world.cluster.change(|world| {
        world.users.insert("looker@pve".to_owned(), User::with_password("x"));
        world.tokens.insert("looker@pve!t".to_owned(), Token { secret: Cluster::TOKEN_SECRET.to_owned(), ..Token::default() });
        for who in ["looker@pve", "looker@pve!t"] {
            world.acl.push(AclEntry { path: "/".to_owned(), who: who.to_owned(), role: "PVEAuditor".to_owned(), propagate: true });
        }
    });
    let credential = engine_proxmox::Credential::new("looker@pve!t", core_model::Secret::new(Cluster::TOKEN_SECRET)).unwrap();
    bench.engine = std::sync::Arc::new(Proxmox::connect(subject.world.options_with(credential)).unwrap());
    for (sample, expected) in [
        (firewall(json!({"policy_in": "accept"})), "`Sys.Modify` on `/`,"),
        (firewall(json!({"node": "pve1", "enabled": false})), "`Sys.Modify` on `/nodes/pve1`,"),
        (firewall(json!({"guest": named("web-01"), "enabled": true})), "`VM.Config.Network` on `/vms/100`,"),
        (group("web", json!([])), "`Sys.Modify` on `/`,"),
        (alias("proxy", "10.0.0.1"), "`Sys.Modify` on `/`,"),
    ] {
        let (problems, ..) = foretold(&bench, &sample).await;
        assert!(problems.len() == 1 && problems[0].detail.contains(expected), "{expected}: {problems:?}");
    }
}

/// Mistakes that no cluster needs to be asked for.
#[tokio::test]
async fn mistakes_in_rules_are_found_before_any_plan() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let of_rule = |rule: Value| firewall(json!({"rules": [rule]}));
    let tcp = |more: Value| {
        let mut rule = json!({"direction": "in", "action": "accept"});
        rule.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        of_rule(rule)
    };
    let rows: [(Sample, &str); 17] = [
        (of_rule(json!({"direction": "in"})), "specs.rules[0].action"),
        (of_rule(json!({"group": named("base"), "protocol": "tcp"})), "specs.rules[0].protocol"),
        (tcp(json!({"ports": ["80"]})), "specs.rules[0].ports"),
        (tcp(json!({"protocol": "icmp", "from_ports": ["80"]})), "specs.rules[0].from_ports"),
        (tcp(json!({"icmp_type": "echo-request"})), "specs.rules[0].icmp_type"),
        (tcp(json!({"from": "10.0.0.1", "from_list": named("office")})), "specs.rules[0].from_list"),
        (tcp(json!({"enabled": true})), "specs.rules[0].enabled"),
        (tcp(json!({"comment": "web"})), "specs.rules[0].comment"),
        (of_rule(json!({"direction": "forward", "action": "reject"})), "specs.rules[0].action"),
        (firewall(json!({"guest": named("web-01"), "rules": [{"direction": "forward", "action": "drop"}]})), "specs.rules[0].direction"),
        (firewall(json!({"guest": named("web-01"), "rules": [{"group": named("base"), "interface": "vmbr0"}]})), "specs.rules[0].interface"),
        (firewall(json!({"guest": named("web-01"), "node": "pve1"})), "specs.guest"),
        (firewall(json!({"dhcp": true})), "specs.dhcp"),
        (group("web", json!([{"group": named("base")}])), "specs.rules[0].group"),
        (group("a-name-that-is-longer", json!([])), "specs.name"),
        (set("trusted", json!([{"cidr": "10.0.0.1", "nomatch": false}])), "specs.members[0].nomatch"),
        (set("trusted", json!([{"cidr": "10.0.0.1"}, {"cidr": "10.0.0.1", "comment": "twice"}])), "specs.members[1].cidr"),
    ];
    for (sample, path) in rows {
        let findings = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        let paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(paths, [path], "{}: {findings:?}", sample.title());
        assert!(findings.iter().all(|finding| finding.hint.is_some()));
    }
    for sample in super::samples::all() {
        assert_eq!(sample.kind.validate(&bench.maker.desired(&sample, &sample.values)), [], "{}", sample.title());
    }
}

/// A resource that takes another scope: the old one stays as it is.
#[tokio::test]
async fn another_node_is_another_firewall() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let on = |node: &str| firewall(json!({"node": node, "enabled": false, "rules": [accept("443"), drop_all()]}));
    let record = bench.put(&on("pve1")).await;
    let sample = on("pve2");
    let wanted = bench.resolve(&sample, &sample.values).await;
    let mut scope = bench.scope(&[&sample]);
    scope.places.values_mut().for_each(|places| _ = places.insert(Firewall.place(&record.values).unwrap()));
    let seen = bench.engine.observe(&scope).await.unwrap();
    let order = bench.maker.bring(&sample, &wanted, Some(&record), engine_api::contract::Side::Present(&seen.objects[0])).unwrap();
    assert_eq!(order.step.action, Action::Replace);
    // Rules of that node that no plan has shown.
    let theirs = vec![entry(&[("type", "in"), ("action", "ACCEPT"), ("enable", "1"), ("comment", "by hand")])];
    subject.world.cluster.change(|world| world.nodes.get_mut("pve2").unwrap().firewall.rules = theirs.clone());
    let error = bench.carry_out(&order).await.unwrap_err();
    assert!(error.message.contains("rules that this plan did not show"), "{error}");
    assert_eq!(subject.world.cluster.inspect(|world| world.nodes["pve2"].firewall.rules.clone()), theirs);
    subject.world.cluster.change(|world| world.nodes.get_mut("pve2").unwrap().firewall.rules.clear());
    bench.must(&sample, &order).await;
    bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "on the other node").await;
    let counts = subject.world.cluster.inspect(|world| ["pve1", "pve2"].map(|node| world.nodes[node].firewall.rules.len()));
    assert_eq!(counts, [2, 2]);
}

/// A guest's own set hides the cluster's, where a rule does not say whose it means.
#[tokio::test]
async fn a_guests_own_names_are_told_apart() {
    let subject = FirewallSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let rule = |source: &str| entry(&[("type", "in"), ("action", "ACCEPT"), ("enable", "1"), ("source", source)]);
    subject.world.cluster.change(|world| {
        let guest = &mut world.guests.get_mut(&100).unwrap().firewall;
        guest.ip_sets.insert("office".to_owned(), test_sim_proxmox::IpSet::default());
        guest.rules = vec![rule("+office"), rule("+dc/office"), rule("mail")];
    });
    let from = |field: &str, name: &str| json!({"direction": "in", "action": "accept", field: named(name)});
    let rules = json!([from("from_list", "guest/office"), from("from_list", "office"), from("from_alias", "mail")]);
    let sample = firewall(json!({"guest": named("100"), "rules": rules}));
    bench.assert_settled(&sample, &bench.maker.record(&sample, &bench.resolve(&sample, &sample.values).await), "as it was written by hand").await;
}
