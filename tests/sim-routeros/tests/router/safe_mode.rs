//! Does safe mode take back what it should, and only that?

use test_sim_routeros::{Router, RouterOptions, Version};

use crate::client::Client;

async fn router() -> Router {
    Router::start(RouterOptions::default()).await.expect("a router")
}

/// Waits until the router has noticed that connections are gone.
async fn until_alone(router: &Router) {
    while router.connections_open() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_lost_connection_takes_everything_back() {
    let router = router().await;
    let before = router.configuration();
    let mut client = Client::log_in(&router).await;
    client.ret(&["/safe-mode/take"]).await;
    client.ret(&["/ip/firewall/filter/add", "=chain=forward", "=action=drop"]).await;
    client.ret(&["/system/identity/set", "=name=other"]).await;
    router.add("/ip/pool", &[("name", "by-another"), ("ranges", "10.0.0.2")]).expect("a pool");
    drop(client);
    until_alone(&router).await;
    assert_eq!(router.configuration(), before);
    router.stop().await;
}

#[tokio::test]
async fn a_release_keeps_and_an_unroll_takes_back() {
    let router = router().await;
    let mut client = Client::log_in(&router).await;
    client.ret(&["/safe-mode/take"]).await;
    client.ret(&["/system/identity/set", "=name=kept"]).await;
    client.ret(&["/safe-mode/release"]).await;
    client.ret(&["/safe-mode/take"]).await;
    client.ret(&["/system/identity/set", "=name=lost"]).await;
    client.ret(&["/safe-mode/unroll"]).await;
    drop(client);
    until_alone(&router).await;
    assert_eq!(router.column("/system/identity", "name"), ["kept"]);
    router.stop().await;
}

#[tokio::test]
async fn the_hundred_and_first_action_ends_it_in_silence() {
    for (actions, is_kept) in [(100, false), (101, true)] {
        let router = router().await;
        let mut client = Client::log_in(&router).await;
        client.ret(&["/safe-mode/take"]).await;
        for number in 0..actions {
            client.ret(&["/system/identity/set", &format!("=name=r{number}")]).await;
        }
        let state = client.rows(&["/safe-mode/print"]).await.remove(0);
        assert_eq!(state.get("enabled") == "true", !is_kept, "{actions}");
        drop(client);
        until_alone(&router).await;
        let expected = if is_kept { format!("r{}", actions - 1) } else { "MikroTik".to_owned() };
        assert_eq!(router.column("/system/identity", "name"), [expected], "{actions}");
        router.stop().await;
    }
}

#[tokio::test]
async fn only_one_session_holds_it_and_any_may_release_it() {
    let router = router().await;
    let mut first = Client::log_in(&router).await;
    let mut second = Client::log_in(&router).await;
    first.ret(&["/safe-mode/take"]).await;
    let state = second.rows(&["/safe-mode/print"]).await.remove(0);
    assert_eq!((state.get("enabled"), state.get("current"), state.get("user")), ("true", "false", "admin"));
    assert!(second.refusal(&["/safe-mode/take"]).await.starts_with("failure: "));
    second.ret(&["/safe-mode/release"]).await;
    assert_eq!(first.ret(&["/safe-mode/get", "=value-name=enabled"]).await, "false");
    router.stop().await;
}

#[tokio::test]
async fn releases_before_7_18_do_not_have_it() {
    let router = Router::start(RouterOptions { version: Version::V7_15, ..RouterOptions::default() }).await.expect("a router");
    let mut client = Client::log_in(&router).await;
    assert_eq!(client.refusal(&["/safe-mode/take"]).await, "no such command prefix");
    router.stop().await;
}
