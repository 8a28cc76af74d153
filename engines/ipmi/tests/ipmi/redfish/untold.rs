//! What if one part of a machine cannot be read? The others are seen, and nothing is concluded from what was not told.

use core_model::diff::{Sides, untold};
use engine_api::contract::Bench;
use serde_json::{Map, Value, json};
use test_sim_bmc::redfish::RedfishKit;

use super::subject::RedfishSubject;
use crate::world::{apply, planned, sample};

const ISO: &str = "https://images.acme.lan/debian-13.iso";

fn media() -> Value {
    json!({"media": {"cd": {"image": ISO}}})
}

/// What preflight says of a machine with these specs.
async fn problems(bench: &Bench<'_>, specs: Value) -> Vec<String> {
    let machine = sample(specs);
    let wanted = bench.resolve(&machine, &machine.values).await;
    let order = bench.plan(&machine, &wanted, None).await.expect("a step");
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    problems.into_iter().map(|problem| problem.detail).collect()
}

#[tokio::test]
async fn one_part_that_cannot_be_read_hides_no_other() {
    let order = json!({"boot": {"order": ["debian"]}});
    for (path, status, specs, note) in [
        ("/Media", 500, media(), Some("could not read what is in the virtual drives: ")),
        ("/Nics", 500, json!({"bmc": {"hostname": "bmc-1"}}), Some("could not read about the BMC's network interface: ")),
        ("/Pending", 500, order.clone(), Some("could not read the firmware's boot order: ")),
        // What an account may not see is for its owner to say, and no note on every plan.
        ("/Pending", 403, order, None),
        ("/Media", 403, media(), None),
    ] {
        let subject = RedfishSubject::made_of(RedfishKit { boot_by_settings: true, ..RedfishKit::default() }).await;
        let bench = Bench::fresh(&subject).await;
        let id = if status == 403 { "InsufficientPrivilege" } else { "InternalError" };
        subject.bmc.refuse("GET", path, status, id, usize::MAX);
        assert_eq!(planned(&bench, json!({"power": "off"}), None).await, ["specs.power"], "{path}");
        assert_eq!(problems(&bench, json!({"power": "off"})).await, Vec::<String>::new(), "{path}");
        let notes = bench.observe(&[&sample(json!({"power": "on"}))]).await.notes;
        assert_eq!(notes.len(), usize::from(note.is_some()), "{notes:?}");
        assert!(notes.iter().all(|told| note.is_some_and(|note| told.starts_with(note))), "{notes:?}");
        let told = problems(&bench, specs).await;
        assert!(told.len() == 1 && told[0].starts_with("Could not read "), "{told:?}");
        let text = bench.engine.import().await.unwrap();
        assert!(text.contains("\n  # Not told: could not read "), "{text}");
    }
}

/// As OpenBMC answers where the program behind the collection is not running.
#[tokio::test]
async fn a_collection_without_members_is_not_told() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.say("GET", "/Media", json!({"@odata.id": "/redfish/v1/Managers/mgr-x1/Media"}), usize::MAX);
    assert_eq!(planned(&bench, json!({"power": "off"}), None).await, ["specs.power"]);
    assert!(problems(&bench, media()).await[0].contains("`/redfish/v1/Managers/mgr-x1/Media` is no collection"));
}

#[tokio::test]
async fn what_is_not_told_is_not_taken_for_gone() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    let ours = json!({"media": {"cd": {"image": ISO}}, "users": [{"name": "ops", "role": "user", "password": "one-of-ours"}]});
    let record = apply(&bench, ours, None).await.unwrap();
    let machine = sample(json!({"power": "on"}));
    let unseen = async || {
        let seen = bench.present(&machine).await;
        let sides = Sides { desired: &machine.values, applied: &record.values, live: &seen.values, defaults: &Map::new(), ignore: &[] };
        untold(machine.facts(), &sides)
    };
    assert_eq!(unseen().await, Vec::<String>::new());
    subject.bmc.set_drive("opt0", None);
    assert_eq!(unseen().await, Vec::<String>::new(), "an empty drive is told");
    subject.bmc.refuse("GET", "/Media", 403, "InsufficientPrivilege", usize::MAX);
    assert_eq!(unseen().await, ["specs.media"]);
    subject.bmc.refuse("GET", "/Accounts", 403, "InsufficientPrivilege", usize::MAX);
    assert_eq!(unseen().await, ["specs.users", "specs.media"]);
}

/// The system is read when it is found, and once for all that it tells.
#[tokio::test]
async fn the_system_is_read_once_in_a_look() {
    let subject = RedfishSubject::new().await;
    let bench = Bench::fresh(&subject).await;
    subject.bmc.forget_requests();
    bench.present(&sample(json!({"power": "on"}))).await;
    let requests = subject.bmc.requests();
    assert_eq!(requests.iter().filter(|request| request.path.ends_with("/node.9f")).count(), 2, "{} in all", requests.len());
}
