//! Exports, imports and scripts: is what is written read again as it was?

use test_sim_routeros::{Router, RouterOptions, Version};

use crate::client::Client;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

const SITE: &str = r#"
/interface bridge add name=lan vlan-filtering=yes comment="the \"office\" \$1"
/interface bridge port add bridge=lan interface=ether2 pvid=20
/interface vlan add name=mgmt interface=lan vlan-id=10
/interface bridge vlan add bridge=lan vlan-ids=10 tagged=lan,ether2
/interface list add name=MGMT
/interface list member add list=MGMT interface=mgmt
/ip address add address=10.9.0.1/24 interface=mgmt
/ip pool add name=office ranges=10.9.0.100-10.9.0.200
/ip dhcp-server add name=office interface=mgmt address-pool=office lease-time=1h
/ip dhcp-server network add address=10.9.0.0/24 gateway=10.9.0.1 dns-server=10.9.0.1
/ip dns set servers=1.1.1.1,9.9.9.9 allow-remote-requests=yes
/ip dns static add name=vm.example address=10.9.0.7
/ip firewall filter
add chain=input connection-state=established,related comment=a
add chain=input action=accept in-interface-list=MGMT comment=b
add chain=input action=accept src-address=192.168.88.0/24 comment=c
add chain=input action=drop comment=z
/ip service set telnet disabled=yes
/interface ethernet set [find default-name=ether5] comment=spare
/routing table add name=second fib
/system identity set name=branch
"#;

#[tokio::test]
async fn an_export_makes_the_same_router_again() {
    for version in Version::ALL {
        let options = || RouterOptions { version, ..RouterOptions::default() };
        let first = Router::start(options()).await.expect("a router");
        first.run(SITE).expect("the site");
        let text = first.export();
        let second = Router::start(options()).await.expect("a router");
        second.run("/ip address remove [find]").expect("an empty router");
        second.run(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(second.configuration(), first.configuration(), "{version}\n{text}");
        assert_eq!(second.export(), text);
        first.stop().await;
        second.stop().await;
    }
}

#[tokio::test]
async fn an_export_is_written_to_a_file_and_read_in_parts() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let replies = client.ask(&["/export", "=file=now", "=terse="]).await;
    assert_eq!(replies.len(), 1, "over the API an export shows nothing: {replies:?}");
    let mut text = String::new();
    loop {
        let offset = format!("=offset={}", text.len());
        let part = client.rows(&["/file/read", "=file=now.rsc", "=chunk-size=100", &offset]).await.remove(0);
        if part.get("data").is_empty() {
            break;
        }
        text.push_str(part.get("data"));
    }
    assert!(text.starts_with("# 2026-01-05 09:00:00 by RouterOS 7.20\n"), "{text}");
    assert!(text.contains("\n/ip address add address=192.168.88.1/24 interface=ether1"), "{text}");
    router.stop().await;
}

#[tokio::test]
async fn secrets_are_left_out_unless_they_are_asked_for() {
    let router = router().await;
    router.run("/ppp secret add name=u password=canary").expect("a secret");
    assert!(!router.export().contains("canary"));
    router.run("/export show-sensitive file=all").expect("an export");
    assert!(router.file("all.rsc").expect("a file").contains("password=canary"));
    router.stop().await;
}

#[tokio::test]
async fn an_import_runs_a_file_and_a_dry_run_only_reads_it() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    client.ret(&["/file/add", "=name=a.rsc", "=contents=/ip pool add name=p ranges=10.0.0.2\n/ip pool {"]).await;
    let refused = client.refusal(&["/import", "=file-name=a.rsc", "=verbose=", "=dry-run="]).await;
    assert!(refused.contains("line 2"), "{refused}");
    client.ret(&["/file/set", "=numbers=a.rsc", "=contents=/ip pool add name=p ranges=10.0.0.2"]).await;
    client.ret(&["/import", "=file-name=a.rsc", "=verbose=", "=dry-run="]).await;
    assert_eq!(router.entries("/ip/pool").len(), 0);
    client.ret(&["/import", "=file-name=a.rsc"]).await;
    assert_eq!(router.column("/ip/pool", "name"), ["p"]);
    router.stop().await;
}

#[tokio::test]
async fn the_language_does_what_dead_man_switches_need() {
    let table = [
        (":if ([:len [/ip pool find name=x]] = 0) do={ /ip pool add name=x ranges=10.0.0.2 } else={ /ip pool remove x }", "x"),
        (":foreach i in=[/ip pool find] do={ /ip pool remove $i }", ""),
        (":do { /ip pool remove nothing } on-error={ /ip pool add name=caught ranges=10.0.0.2 }", "caught"),
        (":local n \"made\"; /ip pool add name=($n . \"-up\") ranges=10.0.0.2", "caught,made-up"),
        ("/ip/pool/set [/ip/pool/find where name~\"^made\"] name=short", "caught,short"),
        ("/ip pool remove [find name=caught or name=short]", ""),
        ("/ip pool\nadd name=a ranges=10.0.0.2\nadd name=b ranges=\"10.0.0.3\"\n:log info \"done $[/ip pool get a ranges]\"", "a,b"),
        ("/ip pool remove [find where !(name=a) ranges=10.0.0.3]", "a"),
    ];
    let router = router().await;
    for (script, pools) in table {
        router.run(script).unwrap_or_else(|error| panic!("{script}: {error}"));
        assert_eq!(router.column("/ip/pool", "name").join(","), pools, "{script}");
    }
    assert!(router.log().iter().any(|(topics, message)| topics == "script,info" && message == "done 10.0.0.2"));
    assert!(router.run("/ip pool fly").is_err());
    router.stop().await;
}
