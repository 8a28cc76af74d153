//! Does the engine hear what somebody changes on the router? By `listen`, over a connection of its own, and never more than a hint.

use std::time::Duration;

use engine_api::{Engine, EngineError, ErrorKind, ObserveScope, Wanted};
use test_sim_routeros::{Fault, FaultMatch, Version};
use tokio::task::JoinHandle;

use crate::world::World;

const NAME: &str = "  - {type: dns, name: web, provider: mikrotik, specs: {name: web.acme.example, address: 10.0.20.11}}";
/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

fn scope(types: &[&str]) -> ObserveScope {
    let wanted = types.iter().map(|name| Wanted { type_name: (*name).to_owned(), object: "it".to_owned() });
    ObserveScope { wanted: wanted.collect(), ..ObserveScope::default() }
}

fn count(world: &World, command: &str) -> usize {
    world.router.calls().iter().filter(|call| call.command == command).count()
}

/// A watch that the router knows of.
async fn watching(world: &World, types: &[&str], menu: &str) -> JoinHandle<Result<(), EngineError>> {
    let (engine, scope) = (world.engine.clone(), scope(types));
    let before = count(world, menu);
    let watch = tokio::spawn(async move { engine.watch(&scope).await });
    let listens = async {
        while count(world, menu) == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, listens).await.expect("the router is listened to");
    watch
}

async fn end_of(watch: JoinHandle<Result<(), EngineError>>) -> Result<(), EngineError> {
    tokio::time::timeout(LONG, watch).await.expect("the watch ends").unwrap()
}

#[tokio::test]
async fn what_somebody_changes_is_heard_on_every_version() {
    for version in Version::ALL {
        let mut world = World::new(version).await;
        world.apply(NAME).await;
        for change in ["set [find] address=10.0.20.99", "remove [find]", "add name=new.acme.example address=10.0.20.1"] {
            let watch = watching(&world, &["dns"], "/ip/dns/static/listen").await;
            world.router.run(&format!("/ip dns static {change}")).unwrap();
            end_of(watch).await.unwrap();
        }
        world.router.assert_honest();
    }
}

#[tokio::test]
async fn only_what_the_resources_live_in_is_listened_to() {
    let world = World::new(Version::V7_20).await;
    let watch = watching(&world, &["dns", "scheduler", "route"], "/system/scheduler/listen").await;
    world.router.run("/ip pool add name=theirs ranges=10.9.0.2-10.9.0.9").unwrap();
    world.router.run("/ip route add dst-address=203.0.113.0/24 gateway=192.168.88.254").unwrap();
    let heard: Vec<String> = world.router.calls().into_iter().map(|call| call.command).filter(|command| command.ends_with("/listen")).collect();
    assert_eq!(heard, ["/ip/dns/static/listen", "/system/scheduler/listen"]);
    assert!(!watch.is_finished());
    watch.abort();
}

/// The router takes no notice: it listens to itself for nobody, and a run goes through as ever.
#[tokio::test]
async fn a_watch_that_is_dropped_leaves_nothing_behind() {
    let mut world = World::new(Version::V7_20).await;
    let before = world.configuration();
    let watch = watching(&world, &["dns"], "/ip/dns/static/listen").await;
    assert_eq!((world.router.writes(), world.configuration()), (Vec::new(), before));
    watch.abort();
    assert!(watch.await.unwrap_err().is_cancelled());
    let gone = async {
        while world.router.connections_open() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, gone).await.expect("its connection is closed");
    world.apply(NAME).await;
}

#[tokio::test]
async fn a_watch_and_a_run_are_not_in_each_others_way() {
    for version in [Version::V7_15, Version::V7_20] {
        let mut world = World::new(version).await;
        let watch = watching(&world, &["dns"], "/ip/dns/static/listen").await;
        world.apply(NAME).await;
        end_of(watch).await.unwrap();
        assert_eq!(world.drift().await, Vec::<String>::new(), "what the run did is heard, and is no drift");
    }
}

#[tokio::test]
async fn a_menu_that_is_refused_leaves_the_others() {
    let world = World::new(Version::V7_20).await;
    let refuse = |menu: &str| world.router.fault(FaultMatch::command(&format!("{menu}/listen")), Fault::TrapBefore("not here".to_owned()), 1);
    refuse("/ip/dns/static");
    let watch = watching(&world, &["dns", "scheduler"], "/system/scheduler/listen").await;
    world.router.run("/system scheduler add name=theirs interval=1d on-event=:nothing").unwrap();
    end_of(watch).await.unwrap();
    refuse("/ip/dns/static");
    let refused = end_of(watching(&world, &["dns"], "/ip/dns/static/listen").await).await.unwrap_err();
    assert!(refused.message.contains("not here"), "{refused}");
}

#[tokio::test]
async fn a_router_that_goes_away_ends_the_watch() {
    let world = World::new(Version::V7_20).await;
    let watch = watching(&world, &["dns"], "/ip/dns/static/listen").await;
    world.router.power_cut();
    assert_eq!(end_of(watch).await.unwrap_err().kind, ErrorKind::Unreachable);
    let watch = watching(&world, &["dns"], "/ip/dns/static/listen").await;
    world.router.run("/ip dns static add name=new.acme.example address=10.0.20.1").unwrap();
    end_of(watch).await.unwrap();
}
