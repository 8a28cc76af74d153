//! Does what was adopted stay as it is, but for what the blueprint says?

use engine_api::{Engine, ErrorKind};
use test_sim_routeros::{Behaviour, BgpTable, ClockSource, Router, RouterOptions, Version};

use crate::world::World;

const SERVERS: &str = "/ip/dhcp-server";
const CLIENTS: &str = "/interface/pppoe-client";

/// A server as a router has it from the factory: its pool has another name.
async fn with_a_server_of_the_factory() -> World {
    let world = World::new(Version::V7_20).await;
    let by_hand = "/ip/address/add address=192.168.99.1/24 interface=bridge
/ip/pool/add name=default-dhcp ranges=192.168.99.10-192.168.99.254
/ip/dhcp-server/add address-pool=default-dhcp interface=bridge name=defconf
/ip/dhcp-server/network/add address=192.168.99.0/24 gateway=192.168.99.1";
    world.router.run(by_hand).unwrap();
    world
}

#[tokio::test]
async fn a_server_keeps_its_pool_of_another_name() {
    let mut world = with_a_server_of_the_factory().await;
    let text = world.engine.import().await.unwrap();
    assert!(text.contains("# left out: the dhcp `default-dhcp`: the router does not tell its `interface`\n"), "{text}");
    world.apply_planned(world.plan_for(world.loaded(&text)).await).await;
    let with_dns = text.replace("\"interface\":\"bridge\"", "\"dns\":[\"9.9.9.9\"],\"interface\":\"bridge\"");
    world.apply_planned(world.plan_for(world.loaded(&with_dns)).await).await;
    assert_eq!(world.column("/ip/dhcp-server/network", "dns-server"), ["9.9.9.9"]);
    assert_eq!(world.column(SERVERS, "address-pool"), ["default-dhcp"]);
}

/// Ranges are those of a pool of the server's own name: a server that has another one would be moved to it without a word.
#[tokio::test]
async fn a_server_is_not_moved_to_another_pool() {
    let world = with_a_server_of_the_factory().await;
    let before = world.configuration();
    let specs = "{name: defconf, interface: bridge, network: 192.168.99.0/24, gateway: 192.168.99.1, ranges: [192.168.99.10-192.168.99.99]}";
    let planned = world.plan(&format!("  - {{type: dhcp, name: lan, provider: mikrotik, specs: {specs}, lifecycle: {{adopt: true}}}}")).await;
    assert_eq!(planned.plan.problems, []);
    let error = world.carry_out(&planned).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Conflict);
    let expected = "it gives addresses away from the pool `default-dhcp`, which is not its own; leave `ranges` out, and that pool stays";
    assert_eq!(error.message, expected);
    assert_eq!(world.configuration(), before);
}

/// A server that was made without ranges answers fixed leases alone, and one whose ranges are taken out does so again.
#[tokio::test]
async fn a_server_of_ours_without_ranges_has_no_pool() {
    let server = |more: &str| format!("  - {{type: dhcp, name: lan, provider: mikrotik, specs: {{interface: bridge, network: 10.0.30.0/24{more}}}}}");
    let mut world = World::new(Version::V7_20).await;
    world.apply(&server("")).await;
    assert_eq!(world.column(SERVERS, "address-pool"), ["static-only"]);
    world.apply(&server(", ranges: [10.0.30.2-10.0.30.9]")).await;
    assert_eq!(world.column(SERVERS, "address-pool"), ["lan"]);
    world.apply(&server("")).await;
    assert_eq!(world.column(SERVERS, "address-pool"), ["static-only"]);
}

#[tokio::test]
async fn a_client_that_does_not_dial_is_not_dialled_by_another_change() {
    let client = |more: &str| {
        let specs = format!("{{name: out, interface: ether2, user: u{more}}}");
        format!("  - {{type: pppoe-client, name: out, provider: mikrotik, specs: {specs}, lifecycle: {{adopt: true}}}}")
    };
    let mut world = World::new(Version::V7_20).await;
    world.router.run("/interface/pppoe-client/add name=out interface=ether2 user=u").unwrap();
    world.apply(&client("")).await;
    world.apply(&client(", mtu: 1480")).await;
    assert_eq!((world.column(CLIENTS, "max-mtu"), world.column(CLIENTS, "disabled")), (vec!["1480".to_owned()], vec!["true".to_owned()]));
    world.apply(&client(", mtu: 1480, enabled: true")).await;
    assert_eq!(world.column(CLIENTS, "disabled"), ["false"]);
    let mut world = World::new(Version::V7_20).await;
    world.apply(&client("")).await;
    assert_eq!(world.column(CLIENTS, "disabled"), ["false"], "one that ipr makes dials");
}

#[tokio::test]
async fn an_action_of_logging_is_called_by_letters_and_digits() {
    let world = World::new(Version::V7_20).await;
    let messages = |name: &str| {
        let specs = format!("{{name: {name}, target: remote, remote: 10.0.0.7}}");
        world.messages(&format!("version: \"1.0\"\nname: shop\nresources:\n  - {{type: logging, name: l, provider: mikrotik, specs: {specs}}}\n"))
    };
    assert_eq!(messages("central1"), Vec::<String>::new());
    for name in ["my-server", "a_b"] {
        let told = messages(name);
        assert!(told.len() == 1 && told[0].contains(&format!("letters and digits alone, and `{name}` is not")), "{told:?}");
    }
    let refused = world.router.add("/system/logging/action", &[("name", "my-server"), ("target", "memory")]).unwrap_err();
    assert!(refused.to_string().contains("action name can contain only letters and numbers"), "{refused}");
}
/// What a connection does not say, its template does; and a router may show the table that comes of that or not.
#[tokio::test]
async fn a_connection_without_a_table_has_its_templates() {
    let connection = |more: &str| {
        let specs = format!("{{template: default, role: ebgp, peer: 192.0.2.2, peer_as: 65010{more}}}");
        format!("  - {{type: bgp-connection, name: up, provider: mikrotik, specs: {specs}}}")
    };
    for (version, bgp_table) in Version::ALL.into_iter().flat_map(|version| [(version, BgpTable::Untold), (version, BgpTable::Main)]) {
        let behaviour = Behaviour { bgp_table, ..Behaviour::default() };
        let router = Router::start(RouterOptions { version, clock: ClockSource::Runtime, behaviour, ..RouterOptions::default() }).await.unwrap();
        let mut world = World::on(router);
        let shown = if bgp_table == BgpTable::Main { "main" } else { "" };
        for specs in ["", ", table: wan", ""] {
            let had_a_table = world.column("/routing/bgp/connection", "routing-table") == ["wan"];
            world.router.forget_calls();
            world.apply(&connection(specs)).await;
            let writes: Vec<String> = world.writes().into_iter().filter(|command| command.contains("/bgp/")).collect();
            if had_a_table {
                assert_eq!(writes, ["/routing/bgp/connection/unset"], "{version}: a table of its own would be in the template's place");
            }
            let table = if specs.is_empty() { shown } else { "wan" };
            assert_eq!(world.column("/routing/bgp/connection", "routing-table"), [table], "{version} {bgp_table:?}");
            assert_eq!(world.plan(&connection(specs)).await.steps(), [""; 0], "{version} {bgp_table:?} `{specs}`: a second plan");
            assert_eq!(world.drift().await, Vec::<String>::new(), "{version} {bgp_table:?}");
        }
    }
}
