//! Does the replay find where a router differs from its simulator, and leave nothing behind?
//!
//! The router here is a simulator too: this shows that the tool works, not that the simulator is right.

use test_sim_routeros::{Fault, FaultMatch, Router, RouterOptions, Version, replay};

#[tokio::test]
async fn a_router_like_its_simulator_shows_no_difference() {
    for version in Version::ALL {
        let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.expect("a router");
        let before = router.configuration();
        let found = replay(router.api_address(), router.user(), router.password()).await.expect("a replay");
        assert_eq!((found.version, &found.differences[..]), (version, &[][..]));
        assert!(found.requests > 60, "{}", found.requests);
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
    let found = replay(router.api_address(), router.user(), router.password()).await.expect("a replay");
    assert!(found.differences[0].router[0].contains("failure: not here"), "{:?}", found.differences);
    let told: Vec<String> = found.differences.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|text| text.contains("failure: not now")), "{told:?}");
    assert_eq!(router.configuration(), before);
    router.stop().await;
}

#[tokio::test]
async fn a_wrong_password_is_an_error() {
    let router = Router::start(RouterOptions::default()).await.expect("a router");
    let refused = replay(router.api_address(), "admin", "wrong").await.expect_err("nobody");
    assert!(refused.to_string().contains("invalid user name or password"), "{refused}");
    router.stop().await;
}
