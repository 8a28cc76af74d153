//! What follows for a guest from the network that it links to? Blueprints, read by the product's reader, planned by its planner and
//! carried out.

use core_config::{Files, load};
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use engine_proxmox::types;
use serde_json::{Value, json};

use crate::contract::ProxmoxSubject;
use crate::together::Together;

/// A router's network: what the language says of one, and no more.
struct RouterNetwork;

impl ResourceType for RouterNetwork {
    fn facts(&self) -> &'static TypeFacts {
        const SPECS: &[Field] = &[
            Field::new("vlan", Kind::Integer { min: 1, max: 4094 }, "The VLAN."),
            Field::new("interface", Kind::Text, "What carries it."),
            Field::new("address", Kind::Cidr, "The router's address."),
        ];
        const FACTS: TypeFacts = TypeFacts {
            name: "network",
            provider: "mikrotik",
            meaning: "A VLAN of a router.",
            specs: SPECS,
            metadata: &[],
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }
}

const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  lab: {id: lab, targets: {proxmox: pve, mikrotik: edge}}
"#;

/// Blueprints whose resources are these lines. The guest `web`, or else what is wrong with the whole.
fn read(lines: &str) -> Result<DesiredResource, Vec<String>> {
    let blueprint = format!("version: \"1.0\"\nname: shop\nresources:\n{lines}\n");
    let files = [("ipr.yaml", SETTINGS), ("blueprints/shop.yaml", &blueprint)];
    let files = Files::from(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    static ROUTER: RouterNetwork = RouterNetwork;
    let router: &'static dyn ResourceType = &ROUTER;
    let mut loaded = load(&files, &Registry::new(types().into_iter().chain([router])));
    if loaded.diagnostics.is_empty() && loaded.not_yet.is_empty() {
        let mut desired = loaded.repository.environments.pop_first().unwrap().1.desired;
        return Ok(desired.resources.remove(&"shop.web".parse().unwrap()).unwrap());
    }
    let said = loaded.diagnostics.iter().chain(&loaded.not_yet);
    Err(said.map(|said| format!("{}. {} ({})", said.summary, said.detail, said.hint.as_deref().unwrap_or_default())).collect())
}

const LAN: &str = "  - {type: network, name: lan, provider: mikrotik, specs: {vlan: 20, interface: bridge, address: 10.0.20.1/24}}";

fn bridge(specs: &str) -> String {
    format!("  - {{type: network, name: lan, provider: proxmox, specs: {{kind: bridge, {specs}}}, metadata: {{node: pve1}}}}")
}

fn vlan(specs: &str) -> String {
    format!("  - {{type: network, name: lan, provider: proxmox, specs: {{kind: vlan, {specs}}}, metadata: {{node: pve1}}}}")
}

fn guest(kind: &str, specs: &str) -> String {
    format!("  - {{type: {kind}, name: web, provider: proxmox, specs: {{os: debian-13, {specs}}}}}")
}

/// The resources, the guest's fields, and what follows for its card and its node.
fn follows(network: &str, specs: &str, card: &str, expected: Value) {
    for kind in ["compute", "container"] {
        let found = read(&format!("{network}\n{}", guest(kind, specs))).unwrap_or_else(|said| panic!("{kind} {specs}: {said:?}"));
        let mut card = json!(found.values).pointer(&format!("/specs/{card}")).unwrap().clone();
        card.as_object_mut().unwrap().remove("link");
        assert_eq!(card, expected, "{kind} {specs}");
        let node = found.values["metadata"].get("node").and_then(Value::as_str);
        assert_eq!(node, network.contains("provider: proxmox").then_some("pve1"), "{kind} {specs}");
    }
}

/// The example of the language: VLAN and gateway are the router's, the bridge is the author's or the usual one.
#[test]
fn a_routers_network_gives_its_vlan_and_its_gateway() {
    follows(LAN, "network: {link: lan, ip: 10.0.20.11/24}", "network", json!({"ip": "10.0.20.11/24", "vlan": 20, "gateway": "10.0.20.1"}));
    follows(LAN, "network: {link: lan, ip: dhcp, bridge: vmbr1}", "network", json!({"ip": "dhcp", "bridge": "vmbr1", "vlan": 20}));
    let written = "network: {link: lan, ip: 10.0.20.11/24, vlan: 20, gateway: 10.0.20.254}";
    follows(LAN, written, "network", json!({"ip": "10.0.20.11/24", "vlan": 20, "gateway": "10.0.20.254"}));
    let untagged = LAN.replace("vlan: 20, interface: bridge, ", "");
    follows(
        &untagged,
        "network: {link: lan, vlan: 7, ip: 10.0.20.11/24}",
        "network",
        json!({"ip": "10.0.20.11/24", "vlan": 7, "gateway": "10.0.20.1"}),
    );
}

#[test]
fn a_bridge_gives_its_name_its_node_and_its_way_out() {
    let named = bridge("name: vmbr2, ports: [eno2], address: 10.0.20.2/24, gateway: 10.0.20.1");
    follows(&named, "network: {link: lan, ip: 10.0.20.11/24}", "network", json!({"bridge": "vmbr2", "ip": "10.0.20.11/24", "gateway": "10.0.20.1"}));
    // The node's own address in a network with others is no gateway; where there are no ports, only the node is there.
    let own = bridge("name: vmbr2, ports: [eno2], address: 10.0.20.2/24");
    follows(&own, "network: {link: lan, ip: 10.0.20.11/24}", "network", json!({"bridge": "vmbr2", "ip": "10.0.20.11/24"}));
    let alone = bridge("name: vmbr2, address: 10.0.20.2/24");
    follows(&alone, "network: {link: lan, ip: 10.0.20.11/24}", "network", json!({"bridge": "vmbr2", "ip": "10.0.20.11/24", "gateway": "10.0.20.2"}));
    let aware = bridge("name: vmbr2, vlan_aware: true, vids: [\"10\", 100-200]");
    follows(&aware, "network: {link: lan, vlan: 150}", "network", json!({"bridge": "vmbr2", "vlan": 150}));
}

#[test]
fn a_vlan_of_a_bridge_gives_the_bridge_and_the_tag() {
    follows(&vlan("name: vmbr0.20"), "network: {link: lan}", "network", json!({"bridge": "vmbr0", "vlan": 20}));
    follows(&vlan("name: uplink, device: vmbr0, vlan: 30"), "network: {link: lan}", "network", json!({"bridge": "vmbr0", "vlan": 30}));
    // Whoever says so knows that `lan0` is a bridge.
    follows(&vlan("name: lan0.20"), "network: {link: lan, bridge: lan0}", "network", json!({"bridge": "lan0", "vlan": 20}));
}

/// A guest has one way out: further cards have no gateway that nobody wrote.
#[test]
fn further_cards_follow_their_own_links() {
    let both = bridge("name: vmbr2, gateway: 10.0.20.1, address: 10.0.20.2/24");
    let specs = "networks: {net1: {link: lan, ip: 10.0.20.11/24}}";
    follows(&both, specs, "networks/net1", json!({"bridge": "vmbr2", "ip": "10.0.20.11/24"}));
}

#[test]
fn both_families_of_a_container_follow() {
    let network =
        bridge("name: vmbr2, ports: [eno2], address: 10.0.20.2/24, gateway: 10.0.20.1, address6: \"fd00:20::2/64\", gateway6: \"fd00:20::1\"");
    let container = guest("container", "network: {link: lan, ip: 10.0.20.11/24, ipv6: \"fd00:20::b/64\"}");
    let card = &read(&format!("{network}\n{container}")).unwrap().values["specs"]["network"];
    assert_eq!((card["gateway"].as_str(), card["gateway_ipv6"].as_str()), (Some("10.0.20.1"), Some("fd00:20::1")));
}

#[test]
fn a_network_that_is_not_ours_is_a_bridge_by_its_name() {
    let found = read(&guest("compute", "network: {link: {external: vmbr3}, vlan: 5}")).unwrap();
    assert_eq!(found.values["specs"]["network"]["bridge"], "vmbr3");
    assert!(found.depends_on.is_empty());
}

/// Where it waits, and what a message would name: the link, for everything that followed.
#[test]
fn what_followed_is_where_the_link_is_written() {
    let found = read(&format!("{LAN}\n{}", guest("compute", "network: {link: lan, ip: 10.0.20.11/24}"))).unwrap();
    let [link, vlan] = ["specs.network.link", "specs.network.vlan"].map(|path| found.origin_of(path));
    assert_eq!(link, vlan);
    assert_eq!(found.depends_on.iter().map(ToString::to_string).collect::<Vec<_>>(), ["shop.lan"]);
}

#[test]
fn what_contradicts_a_link_is_said_where_it_is_written() {
    let elsewhere = "  - {type: network, name: lan, provider: proxmox, target: other, specs: {name: vmbr2, kind: bridge}, metadata: {node: pve1}}";
    let rows = [
        (
            LAN,
            "network: {link: lan, vlan: 30}",
            "Two answers. `vlan` says 30, and `shop.lan` is VLAN 20. (leave `vlan` out, or link another network)",
        ),
        (
            LAN,
            "network: {link: lan, ip: 10.0.30.11/24}",
            "Address outside the network. 10.0.30.11/24 is not in 10.0.20.0/24, the network of `shop.lan`. (choose an address there, or link another network)",
        ),
        (
            LAN,
            "network: {link: lan, ip: 10.0.20.11/16}",
            "Two answers. `ip` says /16, and the network of `shop.lan` is 10.0.20.0/24. (write 10.0.20.11/24)",
        ),
        (
            LAN,
            "network: {link: lan, ip: 10.0.20.1/24}",
            "Address taken. 10.0.20.1 is the address of `shop.lan` itself. (choose another address there)",
        ),
        (
            LAN,
            "network: {link: lan, ip: 10.0.20.11/24, gateway: 10.0.30.1}",
            "Gateway outside the network. `gateway` says 10.0.30.1, which is not in 10.0.20.0/24, the network of `shop.lan`. (leave it out, or choose one in the network)",
        ),
        (LAN, "networks: {net1: {link: lan}}", "Card without a bridge. The card `net1` names no bridge. (for example bridge: vmbr0)"),
        (
            LAN,
            "network: {link: {external: \"not a bridge\"}}",
            "Not a bridge. `not a bridge` holds something other than letters, digits, `.`, `_` and `-`: no bridge is called so. (for example {external: vmbr1})",
        ),
        (
            elsewhere,
            "network: {link: lan}",
            "Nothing follows from the link. `shop.lan` is not of this cluster, and says neither a VLAN nor an address: nothing follows from it. (link a network of this cluster or of its router, or say `bridge` and `vlan`)",
        ),
        (
            "  - {type: pool, name: lan, provider: proxmox}",
            "network: {link: lan}",
            "Dangling link. `specs.network.link` names `lan`. `shop.lan` is a `pool`, which cannot be linked here. (this field links: network)",
        ),
    ];
    for (network, specs, expected) in rows {
        says(network, specs, expected);
    }
}

#[test]
fn what_contradicts_a_bridge_is_said_where_it_is_written() {
    let named = bridge("name: vmbr2, vlan_aware: true, vids: [\"10\", 100-200]");
    let card = vlan("name: eno1.20");
    says(
        &named,
        "network: {link: lan, bridge: vmbr1}",
        "Two answers. `bridge` says `vmbr1`, and `shop.lan` is in `vmbr2`. (leave `bridge` out, or link another network)",
    );
    says(
        &named,
        "network: {link: lan, vlan: 20}",
        "VLAN not let through. `shop.lan` lets through the VLANs 10, 100-200, and not 20. (add it to the bridge's `vids`, or choose another)",
    );
    says(
        &card,
        "network: {link: lan}",
        "Network without a bridge. `shop.lan` is VLAN 20 of `eno1`, and a guest is put into bridges alone. (link the bridge that has it as a port; where `eno1` is a bridge, say `bridge: eno1` beside the link)",
    );
    let second = bridge("name: vmbr3").replace("name: lan", "name: dmz").replace("pve1", "pve2");
    says(
        &format!("{named}\n{second}"),
        "network: {link: lan}, networks: {net1: {link: dmz}}",
        "Network of another node. `shop.dmz` is a network of `pve2`, and the GUEST is put on `pve1`. (link a network of `pve1`)",
    );
}

fn says(network: &str, specs: &str, expected: &str) {
    for (kind, noun) in [("compute", "machine"), ("container", "container")] {
        let said = read(&format!("{network}\n{}", guest(kind, specs)));
        assert_eq!(said.map(|found| found.values), Err(vec![expected.replace("GUEST", noun)]), "{kind} {specs}");
    }
}

/// A mistake in the network is told once: what it would have given is not missed.
#[test]
fn a_network_with_mistakes_is_the_only_mistake() {
    let wrong = bridge("name: vmbr2, mtu: 7");
    let said = read(&format!("{wrong}\n{}", guest("compute", "networks: {net1: {link: lan}}"))).unwrap_err();
    assert!(said.len() == 1 && said[0].starts_with("Wrong value. `specs.mtu`"), "{said:?}");
}

const TOGETHER: &str = include_str!("linked.yaml");

/// The example of the page: the bridge is made first, and the guests are in it. Another VLAN changes the guests with it.
#[tokio::test]
async fn a_bridge_and_the_guests_in_it_are_one_plan() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    assert_eq!(together.apply(TOGETHER).await, ["create guests", "create shop", "create web-01"]);
    let options = ["net0", "net1", "ipconfig0"].map(|option| subject.world.option("web-01", option).unwrap_or_default());
    assert!(options[0].contains("bridge=vmbr2") && !options[0].contains("tag="), "{options:?}");
    assert!(options[1].contains("bridge=vmbr2") && options[1].contains("tag=20"), "{options:?}");
    assert_eq!(options[2], "ip=10.0.10.11/24,gw=10.0.10.1");
    let other = TOGETHER.replace("name: vmbr2.20", "name: vmbr2.30");
    let (plan, _) = together.plan(&other).await;
    let steps: Vec<String> = plan.steps.iter().map(|step| format!("{} {}", step.action.word(), step.address.resource)).collect();
    assert_eq!(steps, ["create shop", "update web-01", "delete shop"]);
    let changes: Vec<&str> = plan.steps[1].changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(changes, ["specs.networks.net1.link", "specs.networks.net1.vlan"]);
}

/// The link in a record keeps the order when both are taken out: guests go before their bridge.
#[tokio::test]
async fn guests_go_before_the_bridge_that_they_link_to() {
    let subject = ProxmoxSubject::new().await;
    let mut together = Together::new(&subject).await;
    let disposable = format!("{TOGETHER}    lifecycle: {{protect: false, on_delete: destroy}}\n");
    together.apply(&disposable).await;
    let nothing = "version: \"1.0\"\nname: linked\nresources: []\n";
    let (plan, _) = together.plan(nothing).await;
    assert_eq!((&plan.problems[..], &together.problems(&plan).await[..]), (&[][..], &[][..]));
    let steps: Vec<String> = plan.steps.iter().map(|step| format!("{} {}", step.action.word(), step.address.resource)).collect();
    assert_eq!(steps, ["delete web-01", "delete shop", "delete guests"]);
}
