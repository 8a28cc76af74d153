//! Can a machine be made from this image, here? And who may have one downloaded?

use std::sync::Arc;

use core_model::plan::{Action, Problem, Risk};
use core_model::resource_type::ResourceType as _;
use engine_api::ErrorKind;
use engine_api::contract::{Bench, Sample};
use engine_proxmox::Compute;
use serde_json::{Value, json};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};
use crate::samples::{IMAGE, ISO, file, storage};
use crate::wire::{documented_privileges, log_in_as_ipr};

fn image(name: &str) -> Value {
    json!({"external": name, "name": name})
}

fn linked(name: &str) -> Value {
    json!({"resource": "shop.debian", "name": name})
}

fn made_from(image: Value, metadata: Value) -> Sample {
    machine("web-01", json!({"specs": {"storage": 10_u64 << 30, "image": image}, "metadata": metadata}))
}

async fn problems(bench: &Bench<'_>, sample: &Sample) -> Vec<Problem> {
    let (order, _) = plan(bench, sample, None).await.unwrap();
    bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap()
}

#[tokio::test]
async fn an_image_that_cannot_be_had_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let cases = [
        (image("local:import/ubuntu-24.04.qcow2"), json!({"node": "pve2"}), ""),
        (image("local:import/ubuntu-24.04.qcow2"), json!({}), ""),
        (image("pve2/local:import/ubuntu-24.04.qcow2"), json!({"node": "pve2"}), ""),
        (image("pve2/local:import/ubuntu-24.04.qcow2"), json!({"node": "pve1"}), "only the node `pve2` has the file"),
        (image("local:import/nothing.qcow2"), json!({}), "there is no file `local:import/nothing.qcow2`"),
        (image("nowhere:import/nothing.qcow2"), json!({"node": "pve1"}), "there is no file `nowhere:import/nothing.qcow2`"),
    ];
    for (image, metadata, expected) in cases {
        let told: Vec<String> = problems(&bench, &made_from(image.clone(), metadata)).await.into_iter().map(|problem| problem.detail).collect();
        assert!(told.iter().any(|detail| detail.contains(expected)) || (expected.is_empty() && told.is_empty()), "{image}: {told:?}");
    }
}

#[tokio::test]
async fn a_machine_is_made_where_its_image_is() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = made_from(image("pve3/local:import/ubuntu-24.04.qcow2"), json!({}));
    bring(&bench, &sample, None).await;
    assert_eq!(subject.world.guest("web-01", |_, guest| guest.node.clone()), "pve3");
}

/// The file of a resource may become a newer one; another resource is another machine.
#[tokio::test]
async fn a_newer_file_is_for_the_record_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &made_from(linked("local:import/ubuntu-22.04.qcow2"), json!({})), None).await;
    let newer = made_from(linked("local:import/ubuntu-24.04.qcow2"), json!({}));
    let (order, _) = plan(&bench, &newer, Some(&record)).await.unwrap();
    assert_eq!((order.step.action, order.step.risk), (Action::Update, Risk::None));
    bench.must(&newer, &order).await;
    assert_eq!(bench.journal.calls(), 3, "made and started, and nothing after that: {:?}", bench.journal.entries());
    let other = made_from(image("local:import/ubuntu-24.04.qcow2"), json!({}));
    assert_eq!(plan(&bench, &other, Some(&record)).await.unwrap().0.step.action, Action::Replace);
}

#[test]
fn what_is_no_disk_image_is_a_mistake() {
    let maker = engine_api::contract::StepMaker::new("c0ffee01".to_owned(), "cluster lab".to_owned());
    let summaries = |specs: Value| {
        let sample = machine("web-01", json!({ "specs": specs }));
        Compute.validate(&maker.desired(&sample, &sample.values)).iter().map(|finding| finding.summary).collect::<Vec<_>>()
    };
    assert_eq!(summaries(json!({"image": linked("nas:import/a.qcow2")})), [""; 0]);
    assert_eq!(summaries(json!({"image": linked("nas:iso/a.iso")})), ["Not a disk image"]);
    assert_eq!(summaries(json!({"image": linked("nas:import/a.ova")})), ["Not a disk image"]);
    assert_eq!(summaries(json!({"image": linked("nas:import/a.qcow2"), "os": "debian-13"})), ["Two sources"]);
}

/// Files can be had with the documented role; definitions of storages, and deleting files, need one privilege more.
#[tokio::test]
async fn the_plan_says_what_the_role_lacks() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    bench.engine = Arc::new(log_in_as_ipr(&subject.world, documented_privileges()));
    let sample = file(json!({"specs": {"name": "a.qcow2", "storage": "share", "content": "import", "url": IMAGE}}));
    assert_eq!(problems(&bench, &sample).await, []);
    let (_, record) = bring(&bench, &sample, None).await;
    let delete = bench.maker.delete(&sample, &record);
    let told = bench.engine.preflight(std::slice::from_ref(&delete.step)).await.unwrap();
    assert!(told.len() == 1 && told[0].detail.contains("`Datastore.Allocate` on `/storage/share`"), "{told:?}");
    assert_eq!(refused(&bench, &delete).await.kind, ErrorKind::Unauthorised);
    let definition = storage("data", json!({"specs": {"kind": "dir", "path": "/srv"}}));
    let told = problems(&bench, &definition).await;
    assert!(told.len() == 1 && told[0].detail.contains("`Datastore.Allocate` on `/storage`,"), "{told:?}");
    for missing in ["Sys.AccessNetwork", "Datastore.AllocateTemplate"] {
        let mut privileges = documented_privileges();
        assert!(privileges.remove(missing));
        // It lets a node reach out, too.
        privileges.remove("Sys.Modify");
        bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
        let other = file(json!({"specs": {"name": "b.iso", "storage": "share", "content": "iso", "url": ISO}}));
        let told = problems(&bench, &other).await;
        assert!(told.iter().any(|problem| problem.detail.contains(missing)), "{missing}: {told:?}");
    }
}

/// What cannot be seen is unknown: no step is made for it.
#[tokio::test]
async fn without_a_privilege_storages_and_files_are_unknown() {
    let subject = ProxmoxSubject::new().await;
    let mut bench = bench(&subject).await;
    let mut privileges = documented_privileges();
    privileges.retain(|privilege| !privilege.starts_with("Datastore."));
    bench.engine = Arc::new(log_in_as_ipr(&subject.world, privileges));
    let file = file(json!({"specs": {"name": "a.qcow2", "storage": "share", "content": "import", "url": IMAGE}}));
    for sample in [file, storage("share", json!({"specs": {"kind": "nfs", "server": "nas", "export": "/share"}}))] {
        let seen = bench.see(&sample).await;
        assert!(matches!(&seen, engine_api::contract::Seen::Unknown(why) if why.contains("Datastore.Audit")), "{seen:?}");
    }
}
