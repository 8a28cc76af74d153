//! Does a change that locks people out really cut the way, and does taking it back open it?

use std::net::Ipv4Addr;

use test_sim_routeros::{Behaviour, ClientPath, Cut, DataPath, Router, RouterOptions};
use tokio::net::TcpStream;

use crate::client::Client;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

const API: u16 = 8728;

/// What prepares a router, what cuts the way of its default client or of another one, and what opens it again.
struct Story {
    name: &'static str,
    before: &'static str,
    path: ClientPath,
    cut: &'static str,
    opened: &'static str,
}

fn on_vlan(vlan: u16) -> ClientPath {
    ClientPath { client: Ipv4Addr::new(10, 9, 0, 5), router: Ipv4Addr::new(10, 9, 0, 1), port: "ether2".to_owned(), vlan: Some(vlan), gateway: None }
}

const VLAN: &str = "/interface bridge add name=lan\n/interface bridge port add bridge=lan interface=ether2\n\
    /interface vlan add name=mgmt interface=lan vlan-id=10\n/ip address add address=10.9.0.1/24 interface=mgmt";

fn stories() -> Vec<Story> {
    let far = ClientPath { client: Ipv4Addr::new(172, 16, 0, 5), gateway: Some(Ipv4Addr::new(192, 168, 88, 254)), ..ClientPath::default() };
    let story = |name, before, path, cut, opened| Story { name, before, path, cut, opened };
    vec![
        story("a drop rule", "", ClientPath::default(), "/ip firewall filter add chain=input action=drop", "/ip firewall filter remove [find]"),
        story(
            "a drop rule above an allow rule",
            "/ip firewall filter add chain=input protocol=tcp dst-port=8728 comment=allow",
            ClientPath::default(),
            "/ip firewall filter add chain=input action=drop in-interface=ether1 place-before=[find comment=allow]",
            "/ip firewall filter remove [find action=drop]",
        ),
        story(
            "a jump to a chain that drops",
            "",
            ClientPath::default(),
            "/ip firewall filter\nadd chain=guard action=drop\nadd chain=input action=jump jump-target=guard",
            "/ip firewall filter remove [find chain=input]",
        ),
        story(
            "an address list",
            "",
            ClientPath::default(),
            "/ip firewall address-list add list=bad address=192.168.88.0/24\n/ip firewall raw add chain=prerouting action=drop src-address-list=bad",
            "/ip firewall address-list remove [find list=bad]",
        ),
        story(
            "an interface list that loses its member",
            "/interface list add name=MGMT\n/interface list member add list=MGMT interface=ether1\n\
             /ip firewall filter add chain=input action=drop in-interface-list=!MGMT",
            ClientPath::default(),
            "/interface list member remove [find list=MGMT]",
            "/interface list member add list=MGMT interface=ether1",
        ),
        story(
            "a wrong address",
            "",
            ClientPath::default(),
            "/ip address set [find] address=192.168.89.1/24",
            "/ip address set [find] address=192.168.88.1/24",
        ),
        story(
            "a narrow prefix",
            "",
            ClientPath::default(),
            "/ip address set [find] address=192.168.88.1/30",
            "/ip address set [find] address=192.168.88.1/24",
        ),
        story(
            "an address on another port",
            "",
            ClientPath::default(),
            "/ip address set [find] interface=ether3",
            "/ip address set [find] interface=ether1",
        ),
        story("a disabled interface", "", ClientPath::default(), "/interface disable ether1", "/interface enable ether1"),
        story("a disabled service", "", ClientPath::default(), "/ip service disable api", "/ip service enable api"),
        story("a moved service", "", ClientPath::default(), "/ip service set api port=9999", "/ip service set api port=8728"),
        story("a service for others", "", ClientPath::default(), "/ip service set api address=10.0.0.0/8", "/ip service set api address=\"\""),
        story(
            "a route that is gone",
            "/ip route add dst-address=172.16.0.0/12 gateway=192.168.88.254",
            far,
            "/ip route remove [find dst-address=172.16.0.0/12]",
            "/ip route add gateway=192.168.88.254",
        ),
        story(
            "the port becomes a bridge's",
            "",
            ClientPath::default(),
            "/interface bridge add name=lan\n/interface bridge port add bridge=lan interface=ether1",
            "/interface bridge port remove [find]",
        ),
        story(
            "bridge filtering",
            VLAN,
            on_vlan(10),
            "/interface bridge set lan vlan-filtering=yes",
            "/interface bridge vlan add bridge=lan vlan-ids=10 tagged=lan,ether2",
        ),
        story(
            "a VLAN without the bridge itself",
            VLAN,
            on_vlan(10),
            "/interface bridge vlan add bridge=lan vlan-ids=10 tagged=ether2\n/interface bridge set lan vlan-filtering=yes",
            "/interface bridge vlan set [find dynamic=no] tagged=lan,ether2",
        ),
        story(
            "an answer that leaves untagged",
            VLAN,
            on_vlan(10),
            "/interface bridge vlan add bridge=lan vlan-ids=10 tagged=lan untagged=ether2\n/interface bridge set lan vlan-filtering=yes",
            "/interface bridge vlan set [find dynamic=no] tagged=lan,ether2 untagged=\"\"",
        ),
        story("another VLAN number", VLAN, on_vlan(10), "/interface vlan set mgmt vlan-id=11", "/interface vlan set mgmt vlan-id=10"),
        story(
            "a translation of the port",
            "",
            ClientPath::default(),
            "/ip firewall nat add chain=dstnat protocol=tcp dst-port=8728 action=dst-nat to-addresses=10.0.0.9",
            "/ip firewall nat remove [find]",
        ),
    ]
}

#[tokio::test]
async fn what_locks_people_out_cuts_the_way_until_it_is_taken_back() {
    for story in stories() {
        let router = router().await;
        router.run(story.before).expect(story.name);
        assert_eq!(router.obstacle(&story.path, API), None, "{}", story.name);
        let doors = router.doors_for(&story.path).await.expect("doors");
        router.run(story.cut).expect(story.name);
        assert!(router.obstacle(&story.path, API).is_some(), "{} cuts the way", story.name);
        let mut client = Client::connect(doors.api_address()).await;
        client.try_send(&["/login"]).await;
        assert_eq!(client.receive().await, None, "{}: nobody answers", story.name);
        router.run(story.opened).expect(story.name);
        assert_eq!(router.obstacle(&story.path, API), None, "{} is taken back", story.name);
        Client::log_in_at(&router, doors.api_address()).await;
        router.stop().await;
    }
}

#[tokio::test]
async fn a_rule_for_established_connections_keeps_the_old_and_refuses_the_new() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    client.ret(&["/ip/firewall/filter/add", "=chain=input", "=connection-state=established,related"]).await;
    client.ret(&["/ip/firewall/filter/add", "=chain=input", "=action=drop"]).await;
    assert_eq!(client.ret(&["/system/identity/get", "=value-name=name"]).await, "MikroTik");
    let mut fresh = Client::connect(router.api_address()).await;
    fresh.try_send(&["/login"]).await;
    assert_eq!(fresh.receive().await, None);
    router.stop().await;
}

#[tokio::test]
async fn an_answer_arrives_if_only_the_way_in_is_cut() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    assert_eq!(client.ret(&["/ip/firewall/filter/add", "=chain=input", "=action=drop"]).await, "*1");
    assert_eq!(client.receive().await, None);
    let other = Router::start(RouterOptions::default()).await.expect("a router");
    let mut client = Client::log_in(&other).await;
    client.send(&["/ip/address/set", "=.id=*1", "=address=10.0.0.1/24"]).await;
    assert_eq!(client.receive().await, None);
    router.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn safe_mode_gives_a_way_back_that_was_cut() {
    let router = router().await;
    let before = router.configuration();
    let mut client = Client::log_in(&router).await;
    client.ret(&["/safe-mode/take"]).await;
    client.send(&["/ip/address/set", "=.id=*1", "=address=10.0.0.1/24"]).await;
    while client.receive().await.is_some() {}
    assert_eq!(router.configuration(), before);
    Client::log_in(&router).await;
    router.stop().await;
}

#[tokio::test]
async fn a_router_notices_after_a_while_that_a_client_is_gone() {
    let behaviour = Behaviour { dead_peer_s: 540, ..Behaviour::default() };
    let router = Router::start(RouterOptions { behaviour, ..RouterOptions::default() }).await.expect("a router");
    let mut client = Client::log_in(&router).await;
    client.ret(&["/safe-mode/take"]).await;
    client.ret(&["/ip/firewall/filter/add", "=chain=input", "=action=drop"]).await;
    drop(client);
    router.advance_s(539);
    assert!(router.is_in_safe_mode() && router.obstacle(&ClientPath::default(), API).is_some());
    router.advance_s(1);
    assert!(!router.is_in_safe_mode() && router.obstacle(&ClientPath::default(), API).is_none());
    router.stop().await;
}

#[tokio::test]
async fn on_a_silent_wire_a_connection_outlives_a_short_cut() {
    let behaviour = Behaviour { cut: Cut::Silent, dead_peer_s: 60, ..Behaviour::default() };
    let router = Router::start(RouterOptions { behaviour, ..RouterOptions::default() }).await.expect("a router");
    let mut client = Client::log_in(&router).await;
    router.run("/ip firewall filter add chain=input action=drop").expect("a rule");
    client.send(&["/system/identity/get", "=value-name=name"]).await;
    router.run("/ip firewall filter remove [find]").expect("it goes");
    assert_eq!(client.receive().await.map(|reply| reply.get("ret").to_owned()).as_deref(), Some("MikroTik"));
    router.run("/ip firewall filter add chain=input action=drop").expect("a rule");
    router.advance_s(60);
    assert_eq!(client.receive().await, None);
    router.stop().await;
}

#[tokio::test]
async fn a_host_behind_answers_exactly_while_it_is_forwarded() {
    let router = router().await;
    router.run("/ip address add address=10.1.0.1/24 interface=ether4").expect("an address");
    let door = router.host_behind(&ClientPath::default(), Ipv4Addr::new(10, 1, 0, 7), 443).expect("a host");
    TcpStream::connect(door).await.expect("it answers");
    router.run("/ip firewall filter add chain=forward action=drop dst-port=443 protocol=tcp").expect("a rule");
    assert!(TcpStream::connect(door).await.is_err());
    router.run("/ip firewall filter remove [find]").expect("it goes");
    TcpStream::connect(door).await.expect("it answers again");
    router.run("/interface disable ether4").expect("no way");
    assert!(TcpStream::connect(door).await.is_err());
    router.stop().await;
}

#[tokio::test]
async fn a_moved_service_is_found_at_its_new_port() {
    let router = router().await;
    router.run("/ip service set api port=9999").expect("another port");
    Client::log_in_at(&router, router.doors().moved_address()).await;
    router.stop().await;
}

#[tokio::test]
async fn a_list_that_a_rule_asks_for_decides_at_once() {
    let router = router().await;
    router
        .run("/ip firewall filter add chain=input action=accept src-address-list=admins\n/ip firewall filter add chain=input action=drop")
        .expect("rules");
    assert!(router.obstacle(&ClientPath::default(), API).is_some());
    router.run("/ip firewall address-list add list=admins address=192.168.88.10 timeout=1m").expect("an entry");
    let mut client = Client::log_in(&router).await;
    client.ret(&["/ip/firewall/address-list/add", "=list=others", "=address=10.0.0.1"]).await;
    assert_eq!(client.ret(&["/system/identity/get", "=value-name=name"]).await, "MikroTik");
    router.advance_s(60);
    assert_eq!(client.receive().await, None);
    router.stop().await;
}

#[tokio::test]
async fn where_the_way_is_open_only_services_decide() {
    let behaviour = Behaviour { data_path: DataPath::Open, ..Behaviour::default() };
    let router = Router::start(RouterOptions { behaviour, ..RouterOptions::default() }).await.expect("a router");
    router.run("/ip firewall filter add chain=input action=drop\n/ip address remove [find]").expect("nobody's way");
    Client::log_in(&router).await;
    router.run("/ip service disable api").expect("no service");
    assert!(router.obstacle(&ClientPath::default(), API).is_some());
    router.stop().await;
}
