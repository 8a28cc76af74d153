//! What is said of a storage before it is changed, and what is never done to one?

use core_model::plan::{Action, Problem, Risk};
use core_model::record::AppliedResource;
use core_model::resource_type::ResourceType as _;
use engine_api::contract::{Bench, Sample};
use engine_api::{ErrorKind, Order};
use engine_proxmox::Storage;
use serde_json::{Value, json};
use test_sim_proxmox::{Fault, FaultMatch};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, plan, refused};
use crate::samples::storage;

fn folder(path: &str) -> Sample {
    storage("data", json!({"specs": {"kind": "dir", "path": path, "content": ["images"]}}))
}

async fn problems(bench: &Bench<'_>, order: &Order) -> Vec<Problem> {
    bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap()
}

async fn with_machine(subject: &ProxmoxSubject, bench: &Bench<'_>) -> AppliedResource {
    let (_, record) = bring(bench, &folder("/srv/a"), None).await;
    subject.world.cluster.change(|world| {
        world.add_vm(300, "mail-01", "pve2", true, &[("scsi1", "data:300/vm-300-disk-0.raw,size=1G"), ("unused0", "data:300/vm-300-disk-1.raw")]);
    });
    record
}

#[tokio::test]
async fn a_storage_in_use_is_neither_taken_out_nor_put_elsewhere() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let record = with_machine(&subject, &bench).await;
    let delete = bench.maker.delete(&folder("/srv/a"), &record);
    let (elsewhere, _) = plan(&bench, &folder("/srv/b"), Some(&record)).await.unwrap();
    for order in [&delete, &elsewhere] {
        let problems = problems(&bench, order).await;
        assert!(problems.len() == 1 && problems[0].detail.contains("`mail-01` (300) with scsi1, unused0"), "{problems:?}");
        // The machine came after the plan was made.
        assert_eq!(refused(&bench, order).await.kind, ErrorKind::Conflict);
        assert!(subject.world.cluster.inspect(|world| world.storages["data"].options["path"] == "/srv/a"));
    }
}

/// The plan tells what Proxmox cannot do in place, and nothing of the storage is touched.
#[tokio::test]
async fn another_place_is_another_definition_of_the_same_storage() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &folder("/srv/a"), None).await;
    subject.world.cluster.change(|world| {
        world.storages.get_mut("data").unwrap().options.insert("content-dirs".to_owned(), "iso=/other".to_owned());
        world.add_file("pve1", "data:iso/kept.iso", test_sim_proxmox::DiskSize(1 << 20));
    });
    let (order, _) = plan(&bench, &folder("/srv/b"), Some(&record)).await.unwrap();
    assert_eq!((order.step.action, order.step.risk), (Action::Update, Risk::MayDisconnect));
    assert_eq!(Storage.remarks(&order.step).len(), 1);
    assert_eq!(problems(&bench, &order).await, []);
    let (action, _) = bring(&bench, &folder("/srv/b"), Some(&record)).await;
    assert_eq!(action, Some(Action::Update));
    let options = subject.world.cluster.inspect(|world| world.storages["data"].options.clone());
    assert_eq!((options["path"].as_str(), options["content-dirs"].as_str()), ("/srv/b", "iso=/other"));
    assert!(subject.world.cluster.inspect(|world| world.volume("pve1", "data:iso/kept.iso").is_some()));
}

#[tokio::test]
async fn a_storage_of_somebody_else_is_not_written_over() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (order, _) = plan(&bench, &folder("/srv/a"), None).await.unwrap();
    bring(&bench, &folder("/srv/b"), None).await;
    let error = refused(&bench, &order).await;
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("adopt"), "{error}");
}

/// A second writer is noticed by the digest, and the same step goes through after it.
#[tokio::test]
async fn a_change_names_the_digest_it_was_worked_out_from() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &folder("/srv/a"), None).await;
    let changed = storage("data", json!({"specs": {"kind": "dir", "path": "/srv/a", "content": ["iso"], "disabled": true}}));
    let (order, _) = plan(&bench, &changed, Some(&record)).await.unwrap();
    let stale = Fault::StatusBefore(500, "detected modified configuration - file changed by other user? Try again.".to_owned());
    subject.world.cluster.fail(FaultMatch::new("PUT", "/storage/data"), stale, 1);
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
    bench.must(&changed, &order).await;
    let requests = subject.world.cluster.requests();
    let put = requests.iter().rfind(|request| request.method == "PUT" && request.path == "/storage/data").unwrap();
    assert!(put.parameters.contains_key("digest"), "{put:?}");
}

#[tokio::test]
async fn what_cannot_work_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let nodes = storage("data", json!({"specs": {"kind": "dir", "path": "/srv/a", "nodes": ["pve1", "pve9"]}}));
    let (order, _) = plan(&bench, &nodes, None).await.unwrap();
    assert!(problems(&bench, &order).await[0].detail.contains("no node `pve9`"));
    let local = storage("local", json!({"specs": {"kind": "dir", "path": "/var/lib/vz"}}));
    let (_, record) = bring(&bench, &local, None).await;
    let told: Vec<String> = problems(&bench, &bench.maker.delete(&local, &record)).await.into_iter().map(|problem| problem.detail).collect();
    assert!(told.iter().any(|detail| detail.contains("would put it back")), "{told:?}");
}

#[test]
fn what_a_kind_does_not_take_is_a_mistake() {
    let maker = engine_api::contract::StepMaker::new("c0ffee01".to_owned(), "cluster lab".to_owned());
    let summaries = |specs: Value| {
        let sample = storage("data", json!({ "specs": specs }));
        let findings = Storage.validate(&maker.desired(&sample, &sample.values));
        findings.iter().map(|finding| format!("{} {}", finding.path, finding.summary)).collect::<Vec<_>>().join(", ")
    };
    for (specs, expected) in [
        (json!({"kind": "dir", "path": "/srv"}), ""),
        (json!({"kind": "nfs", "server": "nas"}), "specs.export Missing field"),
        (json!({"kind": "dir", "path": "/srv", "export": "/a"}), "specs.export Field of another kind"),
        (json!({"kind": "lvmthin", "vgname": "a", "thinpool": "b", "content": ["iso"]}), "specs.content Content not possible"),
        (json!({"kind": "dir", "path": "/srv", "content": ["none", "iso"]}), "specs.content Content not possible"),
        (json!({"kind": "nfs", "server": "a", "export": "/a", "content": []}), "specs.content Content not possible"),
        (json!({"kind": "cifs", "server": "a", "share": "b", "password": "x"}), "specs.password Nobody to log in"),
    ] {
        assert_eq!(summaries(specs.clone()), expected, "{specs}");
    }
    let sample = storage("x", json!({"specs": {"kind": "dir", "path": "/srv"}}));
    assert_eq!(Storage.validate(&maker.desired(&sample, &sample.values))[0].summary, "Name not possible");
}
