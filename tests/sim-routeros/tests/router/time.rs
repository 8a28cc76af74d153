//! What does the router do by itself: schedulers, reboots, entries that run out?

use std::time::Duration;

use test_sim_routeros::{Behaviour, ClientPath, ClockSource, Router, RouterOptions, SafeModeReboot};

use crate::client::Client;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

#[tokio::test]
async fn a_job_runs_at_its_interval_until_it_is_removed() {
    let router = router().await;
    router.run("/system scheduler add name=count interval=1m on-event=\"/system identity set name=ran\"").expect("a job");
    router.advance_s(59);
    assert_eq!(router.column("/system/identity", "name"), ["MikroTik"]);
    router.advance_s(1);
    assert_eq!(router.column("/system/identity", "name"), ["ran"]);
    router.advance_s(150);
    assert_eq!(router.column("/system/scheduler", "run-count"), ["3"]);
    router.remove("/system/scheduler", "count").expect("it goes");
    router.set("/system/identity", "", &[("name", "quiet")]).expect("another name");
    router.advance_s(600);
    assert_eq!(router.column("/system/identity", "name"), ["quiet"]);
    router.stop().await;
}

#[tokio::test]
async fn a_dead_man_switch_opens_the_way_again() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    let undo = "=on-event=/ip firewall filter remove [find comment=\"ipr\"]; /system scheduler remove [find name=\"ipr-undo\"]";
    client.ret(&["/system/scheduler/add", "=name=ipr-undo", "=interval=5m", undo]).await;
    client.ret(&["/ip/firewall/filter/add", "=chain=input", "=action=drop", "=comment=ipr"]).await;
    assert!(router.obstacle(&ClientPath::default(), 8728).is_some());
    router.advance_s(300);
    assert_eq!(router.obstacle(&ClientPath::default(), 8728), None);
    assert_eq!((router.entries("/system/scheduler").len(), router.entries("/ip/firewall/filter").len()), (0, 0));
    router.stop().await;
}

#[tokio::test]
async fn a_job_does_no_more_than_its_policies_allow() {
    let router = router().await;
    router.run("/system scheduler add name=x interval=1m policy=read on-event=\"/system identity set name=ran\"").expect("a job");
    router.advance_s(60);
    assert_eq!(router.column("/system/identity", "name"), ["MikroTik"]);
    let log = router.log();
    assert!(log.iter().any(|(topics, message)| topics == "script,error" && message.contains("not enough permissions")), "{log:?}");
    router.stop().await;
}

#[tokio::test]
async fn a_backup_brings_everything_back_with_a_reboot() {
    let router = router().await;
    router.run("/system backup save name=before dont-encrypt=yes").expect("a backup");
    let before = router.configuration();
    router.run("/system scheduler add name=back interval=2m on-event=\"/system backup load name=before password=\\\"\\\"\"").expect("a job");
    router.run("/ip address set [find] address=10.0.0.1/24").expect("a wrong address");
    router.advance_s(119);
    assert_ne!(router.configuration(), before);
    router.advance_s(1);
    assert_eq!((router.configuration(), router.reboots()), (before, 1));
    router.stop().await;
}

#[tokio::test]
async fn a_reboot_ends_connections_and_keeps_what_is_configured() {
    let behaviour = Behaviour { boot_s: 30, ..Behaviour::default() };
    let router = Router::start(RouterOptions { behaviour, ..RouterOptions::default() }).await.expect("a router");
    let mut client = Client::log_in(&router).await;
    client.ret(&["/system/identity/set", "=name=kept"]).await;
    client.send(&["/system/reboot"]).await;
    assert_eq!(client.receive().await, None);
    assert!(router.obstacle(&ClientPath::default(), 8728).is_some());
    router.advance_s(30);
    let mut client = Client::log_in(&router).await;
    assert_eq!(client.ret(&["/system/identity/get", "=value-name=name"]).await, "kept");
    let resource = client.rows(&["/system/resource/print"]).await.remove(0);
    assert_eq!(resource.get("uptime"), "0s");
    router.stop().await;
}

#[tokio::test]
async fn a_power_cut_in_safe_mode_leaves_the_old_or_the_new_as_was_asked() {
    for (safe_mode_reboot, expected) in [(SafeModeReboot::Reverts, "MikroTik"), (SafeModeReboot::Keeps, "new")] {
        let behaviour = Behaviour { safe_mode_reboot, ..Behaviour::default() };
        let router = Router::start(RouterOptions { behaviour, ..RouterOptions::default() }).await.expect("a router");
        let mut client = Client::log_in(&router).await;
        client.ret(&["/safe-mode/take"]).await;
        client.ret(&["/system/identity/set", "=name=new"]).await;
        router.power_cut();
        assert_eq!(client.receive().await, None);
        assert_eq!((router.column("/system/identity", "name"), router.is_in_safe_mode()), (vec![expected.to_owned()], false));
        router.stop().await;
    }
}

#[tokio::test]
async fn a_job_of_the_start_runs_after_a_reboot() {
    let router = router().await;
    router.run("/system scheduler add name=s start-time=startup on-event=\"/system note set note=up\"").expect("a job");
    router.power_cut();
    assert_eq!(router.column("/system/note", "note"), ["up"]);
    router.stop().await;
}

#[tokio::test]
async fn an_entry_of_an_address_list_runs_out() {
    let router = router().await;
    router.run("/ip firewall address-list add list=short address=10.0.0.9 timeout=1m").expect("an entry");
    assert_eq!(router.column("/ip/firewall/address-list", "dynamic"), ["true"]);
    router.advance_s(60);
    assert_eq!(router.entries("/ip/firewall/address-list").len(), 0);
    router.stop().await;
}

#[tokio::test(start_paused = true)]
async fn on_the_runtimes_clock_jobs_run_by_themselves() {
    let router = Router::start(RouterOptions { clock: ClockSource::Runtime, ..RouterOptions::default() }).await.expect("a router");
    router.run("/system scheduler add name=s interval=1h on-event=\"/system identity set name=late\"").expect("a job");
    while router.column("/system/identity", "name") == ["MikroTik"] {
        tokio::time::advance(Duration::from_secs(60)).await;
        tokio::task::yield_now().await;
    }
    router.stop().await;
}
