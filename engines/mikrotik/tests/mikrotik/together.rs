//! Can runs of several environments share a router? Each one's batch is its own, whatever becomes of the others.

use engine_api::ErrorKind;
use test_sim_routeros::Version;

use crate::world::{World, later};

const NAME: &str = "  - {type: dns, name: web, provider: mikrotik, specs: {name: web.acme.example, address: 10.0.20.11}}";
const OTHER: &str = "  - {type: dns, name: mail, provider: mikrotik, specs: {name: mail.acme.example, address: 10.0.20.12}}";

/// What the executor does with a batch that cannot be opened: it is abandoned.
#[tokio::test]
async fn a_run_that_finds_the_router_busy_does_not_touch_the_others_batch() {
    for version in [Version::V7_15, Version::V7_20] {
        let world = World::new(version).await;
        let other = world.beside("run-2");
        let planned = world.plan(NAME).await;
        let late = other.plan(OTHER).await;
        world.apply_without_confirming(&planned).await.unwrap();
        assert_eq!(other.open(&late).await.unwrap_err().kind, ErrorKind::Busy);
        other.abandon(&late).await.unwrap();
        assert_eq!(other.confirm(&late).await.unwrap_err().kind, ErrorKind::Busy, "there is nothing of its own to confirm");
        assert_eq!(other.apply_steps(&late).await.unwrap_err().kind, ErrorKind::Busy);
        world.confirm(&planned).await.unwrap();
        assert_eq!(world.column("/ip/dns/static", "name"), ["web.acme.example"], "{version:?}");
        other.carry_out(&late).await.unwrap();
        assert_eq!(world.column("/ip/dns/static", "name"), ["web.acme.example", "mail.acme.example"]);
    }
}

/// A batch that was forgotten gives way. Its run must begin anew, and may not go on as if nothing had been.
#[tokio::test]
async fn a_run_that_lost_its_batch_begins_no_other_by_itself() {
    let world = World::new(Version::V7_20).await;
    let other = world.beside("run-2");
    let planned = world.plan(NAME).await;
    let late = other.plan(OTHER).await;
    world.apply_without_confirming(&planned).await.unwrap();
    later(1_801_000).await;
    other.carry_out(&late).await.unwrap();
    assert_eq!(world.apply_steps(&planned).await.unwrap_err().kind, ErrorKind::Busy);
    assert_eq!(world.confirm(&planned).await.unwrap_err().kind, ErrorKind::Busy);
    world.abandon(&planned).await.unwrap();
    assert_eq!(world.column("/ip/dns/static", "name"), ["mail.acme.example"]);
    world.carry_out(&planned).await.unwrap();
    assert_eq!(world.column("/ip/dns/static", "name"), ["mail.acme.example", "web.acme.example"]);
}
