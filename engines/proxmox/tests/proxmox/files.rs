//! When is a file the one that is wanted, and the whole of it? What is said beforehand, and what an attempt that was lost leaves.

use core_model::plan::{Action, Problem};
use core_model::resource_type::ResourceType as _;
use engine_api::contract::{Bench, Sample};
use engine_api::{ErrorKind, Order};
use engine_proxmox::File;
use serde_json::{Value, json};
use test_sim_proxmox::{DiskSize, Fault, FaultMatch, Timing};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, plan, refused};
use crate::samples::{IMAGE, ISO, TWINS, file, sha256};

fn iso(checksum: Option<&str>) -> Sample {
    let mut specs = json!({"name": "debian.iso", "storage": "local", "content": "iso", "url": ISO});
    if let Some(checksum) = checksum {
        specs["checksum"] = json!(checksum);
    }
    file(json!({"specs": specs, "metadata": {"node": "pve1"}}))
}

fn shared(url: &str) -> Sample {
    file(json!({"specs": {"name": "image.raw", "storage": "share", "content": "import", "url": url}}))
}

async fn problems(bench: &Bench<'_>, order: &Order) -> Vec<Problem> {
    bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap()
}

fn downloads(subject: &ProxmoxSubject) -> usize {
    subject.world.cluster.inspect(|world| world.tasks_of("download").count())
}

/// The reply is lost while the node downloads: the same step waits for that download and makes no second one.
#[tokio::test]
async fn a_reply_lost_while_downloading_makes_no_second_download() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    for fault in [Fault::DisconnectAfterEffect, Fault::TruncatedJson, Fault::DisconnectBefore] {
        for sample in [iso(None), iso(Some(&sha256(ISO))), shared(IMAGE)] {
            subject.world.reset();
            let before = downloads(&subject);
            subject.world.cluster.change(|world| world.timing = Timing { download_ms: 50, ..Timing::instant() });
            let (order, wanted) = plan(&bench, &sample, None).await.unwrap();
            subject.world.cluster.fail(FaultMatch::new("POST", "/download-url"), fault.clone(), 1);
            assert!(bench.carry_out(&order).await.is_err(), "{fault:?}");
            bench.must(&sample, &order).await;
            bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "after a lost reply").await;
            assert_eq!(downloads(&subject) - before, 1, "{fault:?}");
        }
    }
}

/// Something of that name came there since the plan: the whole file, a part of it, and one that nobody can judge.
#[tokio::test]
async fn what_is_there_is_believed_only_if_it_is_whole() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let whole = 700 << 20;
    for (checksum, size, is_told, expected) in [
        (None, whole, true, Ok(0)),
        (None, whole - 1, true, Err(ErrorKind::Conflict)),
        (None, whole, false, Err(ErrorKind::Conflict)),
        (Some(sha256("a part of it")), whole, false, Ok(1)),
        (Some(sha256(ISO)), whole, false, Err(ErrorKind::Rejected)),
    ] {
        subject.world.reset();
        let sample = iso(checksum.as_deref());
        let (order, _) = plan(&bench, &sample, None).await.unwrap();
        subject.world.cluster.change(|world| {
            world.add_file("pve1", "local:iso/debian.iso", DiskSize(size));
            let key = world.volumes.keys().find(|key| key.name == "iso/debian.iso").unwrap().clone();
            world.volumes.get_mut(&key).unwrap().text = "a part of it".to_owned();
            if !is_told {
                world.downloads.insert(ISO.to_owned(), 0);
            }
        });
        let before = downloads(&subject);
        let result = bench.carry_out(&order).await.map(|()| downloads(&subject) - before).map_err(|error| error.kind);
        assert_eq!(result, expected, "{checksum:?} {size} {is_told}");
    }
}

#[tokio::test]
async fn another_address_is_another_file_under_the_same_name() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let text = || subject.world.cluster.inspect(|world| world.volume("pve1", "share:import/image.raw").map(|volume| volume.text.clone()));
    // Both files are equally large: size alone does not tell them apart.
    let (_, record) = bring(&bench, &shared(TWINS[0]), None).await;
    let (action, _) = bring(&bench, &shared(TWINS[1]), Some(&record)).await;
    assert_eq!((action, text().as_deref()), (Some(Action::Replace), Some(TWINS[1])));
}

/// The address gives another file from today on, and its author says so by its checksum.
#[tokio::test]
async fn another_checksum_fetches_the_file_again() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &iso(Some(&sha256(ISO))), None).await;
    subject.world.cluster.change(|world| drop(world.download_texts.insert(ISO.to_owned(), "newer".to_owned())));
    let (action, record) = bring(&bench, &iso(Some(&sha256("newer"))), Some(&record)).await;
    let text = || subject.world.cluster.inspect(|world| world.volume("pve1", "local:iso/debian.iso").map(|volume| volume.text.clone()));
    assert_eq!((action, text().as_deref()), (Some(Action::Replace), Some("newer")));
    // One that the address does not give is the author's mistake, and said in words of ours.
    let (order, _) = plan(&bench, &iso(Some(&sha256("newest"))), Some(&record)).await.unwrap();
    let error = refused(&bench, &order).await;
    assert!(error.kind == ErrorKind::Rejected && error.message.contains("is not the file of the checksum"), "{error}");
}

/// It stays as it is; a checksum is compared.
#[tokio::test]
async fn an_adopted_file_is_not_fetched_again() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.add_file("pve1", "local:iso/debian.iso", DiskSize(1 << 20)));
    let (order, _) = plan(&bench, &iso(None), None).await.unwrap();
    assert_eq!((order.step.action, order.step.risk), (Action::Update, core_model::plan::Risk::None));
    bench.must(&iso(None), &order).await;
    assert_eq!((downloads(&subject), bench.journal.calls()), (0, 0));
    let (order, _) = plan(&bench, &iso(Some(&sha256("another"))), None).await.unwrap();
    assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Rejected);
    assert_eq!(subject.world.cluster.inspect(|world| world.volume("pve1", "local:iso/debian.iso").unwrap().size_bytes), 1 << 20);
}

#[tokio::test]
async fn a_file_in_a_drive_is_not_deleted() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &iso(None), None).await;
    let delete = bench.maker.delete(&iso(None), &record);
    // The machine on `pve2` has a file of the same name, of its own node.
    subject.world.cluster.change(|world| world.add_vm(301, "web-01", "pve2", true, &[("ide0", "local:iso/debian.iso,media=cdrom")]));
    assert_eq!(problems(&bench, &delete).await, []);
    subject.world.cluster.change(|world| world.add_vm(300, "mail-01", "pve1", true, &[("ide2", "local:iso/debian.iso,media=cdrom,size=700M")]));
    let problems = problems(&bench, &delete).await;
    assert!(problems.len() == 1 && problems[0].detail.contains("`mail-01` (300) with ide2"), "{problems:?}");
}

/// It came into a drive after the plan was made; and one that is replaced goes as well as one that is deleted.
#[tokio::test]
async fn a_file_that_came_into_a_drive_is_neither_deleted_nor_replaced() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &iso(Some(&sha256(ISO))), None).await;
    subject.world.cluster.change(|world| {
        world.download_texts.insert(ISO.to_owned(), "newer".to_owned());
        world.add_vm(300, "mail-01", "pve1", true, &[("ide2", "local:iso/debian.iso,media=cdrom,size=700M")]);
    });
    let (replace, _) = plan(&bench, &iso(Some(&sha256("newer"))), Some(&record)).await.unwrap();
    assert_eq!(replace.step.action, Action::Replace);
    for order in [bench.maker.delete(&iso(None), &record), replace] {
        let problems = problems(&bench, &order).await;
        assert!(problems.len() == 1 && problems[0].detail.contains("`mail-01` (300) with ide2"), "{problems:?}");
        assert_eq!(refused(&bench, &order).await.kind, ErrorKind::Conflict);
        assert!(subject.world.cluster.inspect(|world| world.volume("pve1", "local:iso/debian.iso").is_some_and(|volume| volume.text != "newer")));
    }
}

/// Without a node in the blueprint, one of them may be somebody else's.
#[tokio::test]
async fn of_several_files_of_one_name_none_is_deleted() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = file(json!({"specs": {"name": "b.iso", "storage": "local", "content": "iso", "url": ISO}}));
    let wanted = bench.resolve(&sample, &sample.values).await;
    let delete = bench.maker.delete(&sample, &bench.maker.record(&sample, &wanted));
    let problems = problems(&bench, &delete).await;
    assert!(problems.len() == 1 && problems[0].detail.contains("each of pve1, pve2, pve3 has a `local:iso/b.iso`"), "{problems:?}");
    assert_eq!(refused(&bench, &delete).await.kind, ErrorKind::Conflict);
    let count = || subject.world.cluster.inspect(|world| world.volumes.keys().filter(|key| key.name == "iso/b.iso").count());
    assert_eq!(count(), 3);
}

#[tokio::test]
async fn what_cannot_work_stands_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let with = |changes: Value, node: Option<&str>| {
        let mut specs = json!({"name": "a.iso", "storage": "share", "content": "iso", "url": ISO});
        specs.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        file(json!({"specs": specs, "metadata": node.map_or(json!({}), |node| json!({ "node": node }))}))
    };
    let cases = [
        (with(json!({"name": "c.iso"}), None), ""),
        (with(json!({"storage": "nowhere"}), None), "no node has a storage `nowhere`"),
        (with(json!({"storage": "local-lvm"}), Some("pve1")), "does not take `iso`"),
        (with(json!({"storage": "local", "name": "c.iso"}), None), "is another one on each of pve1, pve2, pve3"),
        (with(json!({"storage": "local"}), Some("pve9")), "no node `pve9`"),
        (with(json!({"url": "https://images.example/gone.iso"}), None), "`specs.url`: the server answers `404 Not Found`"),
        // Nobody can say what a server does that is not there at the moment.
        (with(json!({"url": "https://nowhere.example/a.iso"}), None), ""),
    ];
    for (sample, expected) in cases {
        let (order, _) = plan(&bench, &sample, None).await.unwrap();
        let told: Vec<String> = problems(&bench, &order).await.into_iter().map(|problem| problem.detail).collect();
        assert!(told.iter().any(|detail| detail.contains(expected)) || (expected.is_empty() && told.is_empty()), "{expected}: {told:?}");
    }
}

/// What is not certain is said beside the plan.
#[tokio::test]
async fn a_server_that_does_not_answer_and_a_full_storage_are_words_of_caution() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| world.storages.get_mut("share").unwrap().size_bytes = 1 << 20);
    for (sample, expected) in [
        (shared("https://nowhere.example/a.raw"), "could not ask for `https://nowhere.example/a.raw` now"),
        (shared(IMAGE), "has 400MB, and the storage `share` has 1MB free now"),
    ] {
        let (order, _) = plan(&bench, &sample, None).await.unwrap();
        let cautions = bench.engine.cautions(std::slice::from_ref(&order.step)).await.unwrap();
        assert!(cautions.len() == 1 && cautions[0].contains(expected), "{cautions:?}");
    }
}

#[test]
fn endings_are_those_of_the_content() {
    let maker = engine_api::contract::StepMaker::new("c0ffee01".to_owned(), "cluster lab".to_owned());
    for (content, name, is_good) in [
        ("iso", "a.ISO", true),
        ("iso", "a.qcow2", false),
        ("import", "a.qcow2", true),
        ("import", "a.img", false),
        ("vztmpl", "a.tar.zst", true),
        ("vztmpl", "a.zip", false),
    ] {
        let sample = file(json!({"specs": {"name": name, "storage": "local", "content": content, "url": ISO}}));
        assert_eq!(File.validate(&maker.desired(&sample, &sample.values)).is_empty(), is_good, "{content} {name}");
    }
}

/// Nobody knows where a file came from, so that no blueprint can say it.
#[tokio::test]
async fn a_file_is_not_imported() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    assert!(subject.world.cluster.inspect(|world| world.volumes.keys().any(|key| key.name == "iso/a.iso")));
    let text = bench.engine.import().await.unwrap();
    assert!(text.contains("type: storage") && !text.contains("type: file"), "{text}");
}
