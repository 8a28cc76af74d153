//! Do entries behave as in the menus of a router?

use test_sim_routeros::{Router, RouterOptions, Version};

use crate::client::Client;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

#[tokio::test]
async fn rules_keep_their_order_and_move() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let filter = "/ip/firewall/filter";
    let mut ids = Vec::new();
    for comment in ["a", "b", "c", "d"] {
        ids.push(client.ret(&["/ip/firewall/filter/add", "=chain=input", &format!("=comment={comment}")]).await);
    }
    client.ret(&["/ip/firewall/filter/move", &format!("=numbers={},{}", ids[3], ids[2]), &format!("=destination={}", ids[0])]).await;
    assert_eq!(router.column(filter, "comment"), ["d", "c", "a", "b"]);
    client.ret(&["/ip/firewall/filter/move", &format!("=numbers={}", ids[3])]).await;
    assert_eq!(router.column(filter, "comment"), ["c", "a", "b", "d"]);
    client.ret(&["/ip/firewall/filter/add", "=chain=input", "=comment=e", &format!("=place-before={}", ids[0])]).await;
    assert_eq!(router.column(filter, "comment"), ["c", "e", "a", "b", "d"]);
    router.stop().await;
}

#[tokio::test]
async fn an_identity_is_never_given_twice() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let first = client.ret(&["/ip/pool/add", "=name=a", "=ranges=10.0.0.2"]).await;
    client.ret(&["/ip/pool/remove", &format!("=.id={first}")]).await;
    let second = client.ret(&["/ip/pool/add", "=name=b", "=ranges=10.0.0.2"]).await;
    assert_ne!(first, second);
    router.stop().await;
}

#[tokio::test]
async fn a_value_is_set_unset_and_shown_in_the_routers_form() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let words = ["/ip/firewall/filter/add", "=chain=input", "=connection-state=related,established", "=src-address=10.0.0.1/32", "=log=yes"];
    let id = client.ret(&words).await;
    let entry = |router: &Router| router.entries("/ip/firewall/filter").remove(0);
    let shown = ["connection-state", "src-address", "log", "action"].map(|name| entry(&router).get(name).map(str::to_owned));
    assert_eq!(shown, ["established,related", "10.0.0.1", "true", "accept"].map(|value| Some(value.to_owned())));
    client.ret(&["/ip/firewall/filter/unset", &format!("=.id={id}"), "=value-name=src-address"]).await;
    client.ret(&["/ip/firewall/filter/set", &format!("=.id={id}"), "=!connection-state="]).await;
    assert_eq!((entry(&router).get("src-address"), entry(&router).get("connection-state")), (None, None));
    router.stop().await;
}

#[tokio::test]
async fn a_reference_follows_a_name_and_shows_that_its_end_is_gone() {
    let router = router().await;
    router.add("/interface/vlan", &[("name", "mgmt"), ("interface", "ether2"), ("vlan-id", "10")]).expect("a VLAN");
    router.add("/ip/address", &[("address", "10.0.0.1/24"), ("interface", "mgmt")]).expect("an address");
    router.set("/interface/vlan", "mgmt", &[("name", "office")]).expect("another name");
    assert_eq!(router.column("/ip/address", "interface"), ["ether1", "office"]);
    router.remove("/interface/vlan", "office").expect("it goes");
    let entry = router.entries("/ip/address").remove(1);
    assert!(entry.get("interface").is_some_and(|name| name.starts_with('*')), "{entry:?}");
    assert_eq!(entry.get("invalid"), Some("true"));
    router.stop().await;
}

#[tokio::test]
async fn built_in_entries_stay() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let refused = client.refusal(&["/user/group/remove", "=numbers=full"]).await;
    assert!(refused.starts_with("failure: can not remove"), "{refused}");
    let refused = client.refusal(&["/interface/list/set", "=numbers=all", "=name=mine"]).await;
    assert!(refused.starts_with("failure: can not change"), "{refused}");
    router.stop().await;
}

#[tokio::test]
async fn a_release_has_its_own_arguments() {
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        let sessions = router.set("/ip/service", "api", &[("max-sessions", "5")]);
        assert_eq!(sessions.is_ok(), version >= Version::V7_18, "{version}");
        let instance = router.add("/routing/bgp/instance", &[("name", "core"), ("as", "65000")]);
        assert_eq!(instance.is_ok(), version >= Version::V7_20, "{version}");
        router.stop().await;
    }
}

#[tokio::test]
async fn a_wireguard_key_is_made_up_and_its_public_half_shown() {
    let router = router().await;
    router.add("/interface/wireguard", &[("name", "wg")]).expect("an interface");
    let entry = router.entries("/interface/wireguard").remove(0);
    assert_eq!(entry.get("public-key").map(str::len), Some(44));
    assert_ne!(entry.get("public-key"), entry.get("private-key"));
    router.stop().await;
}

#[tokio::test]
async fn thousands_of_entries_are_no_burden() {
    let router = router().await;
    for number in 0..5000 {
        let address = format!("10.{}.{}.1", number / 250, number % 250);
        router.add("/ip/firewall/address-list", &[("list", "blocked"), ("address", &address)]).expect("an entry");
    }
    let mut client = Client::log_in(&router).await;
    assert_eq!(client.ret(&["/ip/firewall/address-list/print", "=count-only="]).await, "5000");
    router.stop().await;
}

#[tokio::test]
async fn what_the_router_makes_itself_is_shown_and_left_alone() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    router
        .run("/interface bridge add name=lan vlan-filtering=yes\n/interface bridge port add bridge=lan interface=ether2 pvid=20")
        .expect("a bridge");
    assert_eq!(router.column("/interface/bridge/vlan", "vlan-ids"), ["1", "20"]);
    assert_eq!(router.column("/interface/bridge/vlan", "dynamic"), ["true", "true"]);
    let id = router.entries("/interface/bridge/vlan").remove(0).id;
    let refused = client.refusal(&["/interface/bridge/vlan/set", &format!("=.id={id}"), "=tagged=lan"]).await;
    assert_eq!(refused, "failure: can not change dynamic");
    router.run("/interface bridge vlan add bridge=lan vlan-ids=20 untagged=ether2").expect("an entry of our own");
    assert_eq!(router.column("/interface/bridge/vlan", "dynamic"), ["true", "false"]);

    router.run("/ip firewall filter add chain=forward action=fasttrack-connection comment=fast").expect("a rule");
    assert_eq!(router.column("/ip/firewall/filter", "dynamic"), ["true", "false"]);
    router.run("/ip firewall filter remove [find comment=fast]").expect("it goes");
    assert_eq!(router.entries("/ip/firewall/filter").len(), 0);

    assert_eq!(router.column("/ip/route", "dst-address"), ["192.168.88.0/24"]);
    assert!(!router.export().contains("/ip route"), "{}", router.export());
    router.stop().await;
}

#[tokio::test]
async fn from_7_20_on_services_are_listed_with_their_connections() {
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        let mut client = Client::log_in(&router).await;
        let rows = client.rows(&["/ip/service/print", "?name=api"]).await;
        let dynamic = rows.iter().filter(|row| row.get("dynamic") == "true").count();
        assert_eq!((rows.len(), dynamic), if version >= Version::V7_20 { (2, 1) } else { (1, 0) }, "{version}");
        router.stop().await;
    }
}

#[tokio::test]
async fn a_user_does_what_its_group_allows() {
    let router = router().await;
    router.run("/user group add name=watch policy=api,read\n/user add name=eve password=canary group=watch").expect("a user");
    let mut client = Client::connect(router.api_address()).await;
    client.ask(&["/login", "=name=eve", "=password=canary"]).await;
    assert_eq!(client.rows(&["/ip/address/print"]).await.len(), 1);
    assert_eq!(client.refusal(&["/system/identity/set", "=name=x"]).await, "not enough permissions (9)");
    router.run("/ppp secret add name=u password=secret-of-u").expect("a secret");
    let rows = client.rows(&["/ppp/secret/print"]).await;
    assert_eq!((rows.len(), rows[0].get("password")), (1, ""));
    router.run("/user set eve address=10.0.0.0/8").expect("from elsewhere");
    let mut client = Client::connect(router.api_address()).await;
    assert_eq!(client.refusal(&["/login", "=name=eve", "=password=canary"]).await, "invalid user name or password (6)");
    router.run("/user set eve address=\"\" disabled=yes").expect("no more");
    let mut client = Client::connect(router.api_address()).await;
    assert_eq!(client.refusal(&["/login", "=name=eve", "=password=canary"]).await, "invalid user name or password (6)");
    router.stop().await;
}
