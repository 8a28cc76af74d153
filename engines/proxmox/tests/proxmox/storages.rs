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
    assert_eq!(Storage.remarks(&order.step).len(), 2);
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

fn backup(server: &str) -> Sample {
    let specs = json!({"kind": "pbs", "server": server, "datastore": "all", "username": "ipr@pbs", "password": "of the blueprint"});
    storage("backup", json!({ "specs": specs }))
}

/// Proxmox deletes the key with the definition: nobody could read the backups any more, and the next ones would be unencrypted.
#[tokio::test]
async fn a_storage_with_a_key_of_backups_is_neither_taken_out_nor_put_elsewhere() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &backup("one.example"), None).await;
    for key in ["encryption-key", "master-pubkey"] {
        subject.world.cluster.change(|world| {
            let options = &mut world.storages.get_mut("backup").unwrap().options;
            options.retain(|option, _| !matches!(option.as_str(), "encryption-key" | "master-pubkey"));
            options.insert(key.to_owned(), "15:59:4e".to_owned());
        });
        let (elsewhere, _) = plan(&bench, &backup("two.example"), Some(&record)).await.unwrap();
        for order in [bench.maker.delete(&backup("one.example"), &record), elsewhere] {
            let problems = problems(&bench, &order).await;
            assert!(problems.len() == 1 && problems[0].detail.contains(&format!("a key of backups (`{key}`)")), "{problems:?}");
            let error = refused(&bench, &order).await;
            assert!(error.kind == ErrorKind::Rejected && error.message.contains("/etc/pve/priv/storage/backup."), "{error}");
            assert!(subject.world.cluster.inspect(|world| world.storages["backup"].options["server"] == "one.example"));
        }
    }
}

#[tokio::test]
async fn a_password_that_only_the_cluster_has_keeps_a_storage_where_it_is() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let share = |share: &str, password: Option<&str>| {
        let mut specs = json!({"kind": "cifs", "server": "nas", "share": share, "username": "ops"});
        password.into_iter().for_each(|password| specs["password"] = json!(password));
        storage("files", json!({ "specs": specs }))
    };
    let (_, record) = bring(&bench, &share("one", None), None).await;
    let (without, _) = plan(&bench, &share("two", None), Some(&record)).await.unwrap();
    let told = problems(&bench, &without).await;
    assert!(
        told.len() == 1 && told[0].detail.contains("deletes its password") && told[0].hint.as_deref() == Some("set `specs.password`"),
        "{told:?}"
    );
    assert_eq!(refused(&bench, &without).await.kind, ErrorKind::Rejected);
    let (with, _) = plan(&bench, &share("two", Some("hunter2")), Some(&record)).await.unwrap();
    assert_eq!(problems(&bench, &with).await, []);
    bench.must(&share("two", Some("hunter2")), &with).await;
}

/// Proxmox takes a storage out of its pools together with its definition, and permissions on it go as well.
#[tokio::test]
async fn another_place_is_still_in_its_pools() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &folder("/srv/a"), None).await;
    subject.world.cluster.change(|world| world.pools.get_mut("prod").unwrap().storages.extend(["data".to_owned()]));
    let (order, _) = plan(&bench, &folder("/srv/b"), Some(&record)).await.unwrap();
    assert!(Storage.remarks(&order.step)[1].contains("permissions that people have on `/storage/data`"));
    bench.must(&folder("/srv/b"), &order).await;
    let pools = || subject.world.cluster.inspect(|world| world.pools.values().filter(|pool| pool.storages.contains("data")).count());
    assert_eq!(pools(), 1);
    let delete = bench.maker.delete(&folder("/srv/b"), &record);
    assert!(Storage.remarks(&delete.step)[0].contains("takes the storage out of its pools"));
    bench.must(&folder("/srv/b"), &delete).await;
    assert_eq!(pools(), 0);
}

/// Between the two calls there is no definition at all.
#[tokio::test]
async fn a_storage_that_cannot_be_put_elsewhere_stays_where_it_was() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &folder("/srv/a"), None).await;
    let cluster = &subject.world.cluster;
    cluster.change(|world| {
        world.storages.get_mut("data").unwrap().options.insert("content-dirs".to_owned(), "iso=/other".to_owned());
        world.pools.get_mut("prod").unwrap().storages.insert("data".to_owned());
    });
    let (order, _) = plan(&bench, &folder("/srv/b"), Some(&record)).await.unwrap();
    let refusal = || Fault::StatusBefore(500, "create storage failed: mount error".to_owned());
    cluster.fail(FaultMatch::new("POST", "/storage").whole(), refusal(), 1);
    let error = refused(&bench, &order).await;
    assert!(error.message.contains("mount error") && error.message.contains("its old definition was put back"), "{error}");
    let options = cluster.inspect(|world| world.storages["data"].options.clone());
    assert_eq!((options["path"].as_str(), options["content-dirs"].as_str()), ("/srv/a", "iso=/other"));
    assert!(cluster.inspect(|world| world.pools["prod"].storages.contains("data")));
    cluster.fail(FaultMatch::new("POST", "/storage").whole(), refusal(), 2);
    let error = refused(&bench, &order).await;
    let command = "`pvesm add dir data --content images --content-dirs iso=/other --path /srv/a`";
    assert!(error.message.contains("there is none now") && error.message.contains(command), "{error}");
    bench.must(&folder("/srv/b"), &order).await;
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
