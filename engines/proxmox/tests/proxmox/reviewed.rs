//! What did a reviewer find by reading, and what happens now? Each story went wrong once.

use core_model::plan::Action;
use core_model::record::AppliedResource;
use core_model::resource_type::Ownership;
use engine_api::contract::Sample;
use engine_api::ErrorKind;
use serde_json::{Value, json};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};

const GIB: u64 = 1 << 30;

fn web(values: Value) -> Sample {
    machine("web-01", json!({"specs": values}))
}

fn plain() -> Sample {
    web(json!({"os": "debian-13"}))
}

fn exists(subject: &ProxmoxSubject, vmid: u32) -> bool {
    subject.world.cluster.inspect(|world| world.guests.contains_key(&vmid))
}

fn machines(subject: &ProxmoxSubject) -> usize {
    subject.world.cluster.inspect(|world| world.guests.values().filter(|guest| !guest.is_template()).count())
}

/// Makes the machine that carries the name somebody's own: a restored backup has another number and no mark of ours.
fn put_back_from_a_backup(subject: &ProxmoxSubject) {
    subject.world.cluster.change(|world| {
        world.guests.retain(|_, guest| guest.name() != "web-01");
        world.add_vm(500, "web-01", "pve2", true, &[]);
    });
}

#[tokio::test]
async fn a_delete_that_comes_again_leaves_a_restored_backup_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let order = bench.maker.delete(&plain(), &record);
    bench.must(&plain(), &order).await;
    put_back_from_a_backup(&subject);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 500));
}

#[tokio::test]
async fn a_replacement_that_comes_again_leaves_a_restored_backup_alone() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &plain(), None).await;
    let (order, _) = plan(&bench, &web(json!({"os": "debian-12"})), Some(&record)).await.unwrap();
    assert_eq!(order.step.action, Action::Replace);
    put_back_from_a_backup(&subject);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 500) && machines(&subject) == 1);
}

/// The record of an adopted machine that names its number means that number.
#[tokio::test]
async fn an_adopted_machine_is_the_one_with_its_number() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(500, "web-01", "pve1", false, &[]));
    let sample = web(json!({"vmid": 500}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let record = AppliedResource { ownership: Ownership::Recorded, ..bench.maker.record(&sample, &wanted) };
    let order = bench.maker.delete(&sample, &record);
    bench.must(&sample, &order).await;
    subject.world.cluster.change(|world| world.add_vm(501, "web-01", "pve1", false, &[]));
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    assert!(exists(&subject, 501) && !exists(&subject, 500));
}

/// The first step that speaks of a machine may change it while it takes it over.
#[tokio::test]
async fn a_machine_is_adopted_and_changed_in_one_step() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_vm(500, "web-01", "pve1", true, &[("onboot", "0")]));
    let (action, _) = bring(&bench, &web(json!({"onboot": true})), None).await;
    assert_eq!((action, subject.world.option("web-01", "onboot").as_deref()), (Some(Action::Update), Some("1")));
}
