//! Does the replay find where a router differs from its simulator, and leave nothing behind?
//!
//! The router here is a simulator too: this shows that the tool works, not that the simulator is right.

use test_sim_routeros::{Extent, Fault, FaultMatch, Replay, Router, RouterError, RouterOptions, Subject, Version, Way, replay};

async fn played(router: &Router, extent: Extent) -> Result<Replay, RouterError> {
    replay(Subject { address: router.api_address(), way: Way::Plain, user: router.user(), password: router.password() }, extent).await
}

/// Something of everything, as somebody has it.
const THEIRS: &str = "/interface bridge add name=lan vlan-filtering=yes
/interface bridge port add bridge=lan interface=ether3 pvid=20
/interface bridge vlan add bridge=lan vlan-ids=20,30-40 tagged=lan
/interface vlan add name=guests interface=lan vlan-id=30
/interface list add name=inside
/interface list member add list=inside interface=guests
/interface pppoe-client add name=wan interface=ether2 user=u
/ip address add address=10.9.0.1/24 interface=guests
/ip pool add name=theirs ranges=10.9.0.2-10.9.0.9
/ip dhcp-server add name=theirs interface=guests address-pool=theirs lease-time=2h
/ip dhcp-server network add address=10.9.0.0/24 gateway=10.9.0.1
/ip dns static add name=a.acme.example address=10.9.0.9 ttl=1h
/ip firewall address-list add list=friends address=10.8.0.0/16
/ip firewall filter add chain=forward action=drop src-address-list=!friends protocol=tcp dst-port=25 connection-state=new
/ip route add dst-address=10.7.0.0/16 gateway=10.9.0.254
/queue simple add name=slow target=10.9.0.0/24 max-limit=1M/2M
/routing ospf instance add name=v2
/routing ospf area add name=backbone instance=v2
/snmp community add name=ops
/system logging add topics=firewall action=memory
/system scheduler add name=theirs interval=1d on-event=:nothing";

#[tokio::test]
async fn a_router_like_its_simulator_shows_no_difference() {
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        let before = router.configuration();
        let found = played(&router, Extent::ReadsAndChanges).await.expect("a replay");
        assert_eq!((found.version, &found.differences[..]), (version, &[][..]));
        assert!(found.requests > 160, "{}", found.requests);
        assert_eq!((&found.kept_back[..], &found.besides[..]), (&[][..], &[][..]));
        assert_eq!(router.configuration(), before);
        router.assert_honest();
        router.stop().await;
    }
}

#[tokio::test]
async fn a_router_that_differs_is_told_and_left_clean() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    let before = router.configuration();
    router.fault(FaultMatch::command("/ip/pool/set"), Fault::TrapBefore("failure: not here".to_owned()), 1);
    router.fault(FaultMatch::command("/interface/vlan/remove"), Fault::TrapBefore("failure: not now".to_owned()), 1);
    let found = played(&router, Extent::ReadsAndChanges).await.expect("a replay");
    assert!(found.differences[0].router[0].contains("failure: not here"), "{:?}", found.differences);
    let told: Vec<String> = found.differences.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|text| text.contains("failure: not now")), "{told:?}");
    assert_eq!(router.configuration(), before);
    router.stop().await;
}

#[tokio::test]
async fn a_replay_that_only_reads_changes_nothing_and_finds_what_is_read_otherwise() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    router.run(THEIRS).expect("a configuration of its own");
    router.forget_calls();
    let reads = async || played(&router, Extent::Reads).await.expect("a replay");
    assert_eq!(reads().await.differences, [], "what somebody has configured is no difference");
    router.fault(FaultMatch::command("/ip/dns/static/print"), Fault::TrapBefore("not here".to_owned()), 1);
    let found = reads().await.differences;
    assert!(found.len() == 1 && found[0].to_string().contains("not here"), "{found:?}");
    assert_eq!(router.writes(), []);
    router.stop().await;
}

/// The user of the page, which may not change anything, over TLS.
#[tokio::test]
async fn who_may_only_read_can_replay() {
    let page = include_str!("../../../../docs/engines/mikrotik.md");
    let command = |begin: &str| page.lines().find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("the page has no `{begin}`"));
    let made =
        ["/user/group/add name=ipr-replay ", "/user/add name=ipr-replay "].map(|begin| command(begin).replace("10.0.0.5/32", "192.168.88.10/32"));
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        made.iter().for_each(|line| router.run(line).expect("a user"));
        router.forget_calls();
        let subject = Subject {
            address: router.api_tls_address(),
            way: Way::Pinned(router.certificate_fingerprint()),
            user: "ipr-replay",
            password: "a third long one",
        };
        let found = replay(subject, Extent::Reads).await.expect("a replay");
        assert_eq!((&found.differences[..], &found.kept_back[..]), (&[][..], &[][..]), "{version}");
        assert_eq!(router.writes(), []);
        let refused = replay(Subject { way: Way::Pinned([7; 32]), ..subject }, Extent::Reads).await.expect_err("another certificate");
        assert!(refused.to_string().contains("connect to the router"), "{refused}");
        router.stop().await;
    }
}

/// Nothing that somebody configured is in what is told, whatever differs.
#[tokio::test]
async fn what_is_told_holds_no_value() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    let canaries = "/ip pool add name=canary-pool ranges=10.99.0.2 comment=canary-comment\n/ppp secret add name=canary-user password=canary-password\n/system identity set name=canary-site";
    router.run(canaries).expect("a configuration");
    for command in ["/ppp/secret/print", "/system/identity/print"] {
        router.fault(FaultMatch::command(command), Fault::TrapBefore("not enough permissions (9)".to_owned()), 1);
    }
    router.fault(FaultMatch::command("/ip/pool/print"), Fault::TrapBefore("failure: not here".to_owned()), 1);
    let found = played(&router, Extent::Reads).await.expect("a replay");
    assert_eq!(found.kept_back, ["/ppp/secret/print", "/system/identity/print"]);
    let told = found.to_string();
    assert!(told.contains("failure: not here") && !told.contains("canary") && !told.contains("10.99."), "{told}");
    router.stop().await;
}

/// What would be removed at the end must not be somebody's.
#[tokio::test]
async fn what_stands_where_changes_go_stops_them() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    router.run("/ip pool add name=ipr-replay ranges=10.9.0.2").expect("a pool of theirs");
    router.forget_calls();
    let refused = played(&router, Extent::ReadsAndChanges).await.expect_err("something is in the way");
    assert!(refused.to_string().contains("/ip/pool with name=ipr-replay"), "{refused}");
    assert_eq!(router.writes(), []);
    router.stop().await;
}

#[tokio::test]
async fn a_wrong_password_is_an_error() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    let refused = replay(Subject { address: router.api_address(), way: Way::Plain, user: "admin", password: "wrong" }, Extent::Reads)
        .await
        .expect_err("nobody");
    assert!(refused.to_string().contains("invalid user name or password"), "{refused}");
    router.stop().await;
}
