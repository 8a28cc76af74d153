//! What happens to a container that changes, moves, or is not ours alone?

use core_model::plan::Action;
use core_model::record::AppliedResource;
use engine_api::contract::{Bench, Sample};
use serde_json::{Value, json};
use test_sim_proxmox::{Guest, Running};

use super::ContainerSubject;
use crate::rig::{bench, bring, container, plan, refused};

const GIB: u64 = 1 << 30;

/// What is certain to go wrong with the step from a record to a sample.
async fn problems(bench: &Bench<'_>, sample: &Sample, record: Option<&AppliedResource>) -> Vec<String> {
    let (order, _) = plan(bench, sample, record).await.unwrap();
    let problems = bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap();
    problems.into_iter().map(|problem| problem.detail).collect()
}

/// How often a kind of task ran.
fn tasks(subject: &ContainerSubject, kind: &str) -> usize {
    subject.world.cluster.inspect(|world| world.tasks_of(kind).count())
}

fn on(node: &str, more: Value) -> Sample {
    let mut specs = json!({"os": "debian-12"});
    specs.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    container("dns-01", json!({"specs": specs, "metadata": {"node": node}}))
}

/// LXC has no live migration: the plan says restart, and one task of the node does all of it.
#[tokio::test]
async fn a_new_node_is_a_migration_with_a_restart() {
    let subject = ContainerSubject::new().await;
    for (power, action) in [("on", Action::Restart), ("off", Action::Update)] {
        let bench = bench(&subject).await;
        let sample = |node: &str| on(node, json!({"power": power}));
        let (_, record) = bring(&bench, &sample("pve1"), None).await;
        let number = subject.world.guest("dns-01", |vmid, _| vmid);
        let stopped = (tasks(&subject, "vzshutdown"), tasks(&subject, "vzstart"));
        assert_eq!(bring(&bench, &sample("pve2"), Some(&record)).await.0, Some(action), "{power}");
        let seen = subject.world.guest("dns-01", |vmid, guest| (vmid, guest.node.clone(), guest.is_running()));
        assert_eq!(seen, (number, "pve2".to_owned(), power == "on"));
        assert_eq!((tasks(&subject, "vzshutdown"), tasks(&subject, "vzstart")), stopped, "the migration restarts it, and nobody else");
    }
}

/// A step that the plan calls an update never restarts anything, also where somebody started the container since.
#[tokio::test]
async fn what_was_started_since_the_plan_is_not_moved() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |node: &str, storage: &str| on(node, json!({"power": "off", "mounts": {"rootfs": {"storage": storage}}}));
    for after in [with("pve2", "local-lvm"), with("pve1", "fast")] {
        engine_api::contract::Subject::remove_all(&subject).await;
        let (_, record) = bring(&bench, &with("pve1", "local-lvm"), None).await;
        let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
        let start = |guest: &mut Guest| guest.running = Some(Running { since_ms: 0, pid: 1, paused: false, config: guest.config.clone() });
        subject.world.by_hand("dns-01", start);
        refused(&bench, &order).await;
        let since = subject.world.guest("dns-01", |_, guest| (guest.node.clone(), guest.running.as_ref().map(|running| running.since_ms)));
        assert_eq!(since, ("pve1".to_owned(), Some(0)));
    }
}

/// Volumes move only while the container is off: it goes off once, whatever else the step does.
#[tokio::test]
async fn volumes_and_node_move_in_one_pause() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |node: &str, storage: &str, path: &str| on(node, json!({"mounts": {"mp0": {"path": path, "size": GIB, "storage": storage}}}));
    let (_, record) = bring(&bench, &with("pve1", "local-lvm", "/srv"), None).await;
    let (action, _) = bring(&bench, &with("pve3", "fast", "/data"), Some(&record)).await;
    assert_eq!(action, Some(Action::Restart));
    assert_eq!((tasks(&subject, "vzshutdown"), tasks(&subject, "vzreboot")), (1, 0));
    let seen = subject.world.guest("dns-01", |_, guest| (guest.node.clone(), guest.is_running(), guest.config["mp0"].clone()));
    assert!(seen.0 == "pve3" && seen.1 && seen.2.starts_with("fast:") && seen.2.contains("mp=/data"), "{seen:?}");
    let left = subject.world.cluster.inspect(|world| world.volumes.keys().filter(|key| key.name.starts_with("vm-")).count());
    assert_eq!(left, 2, "the root and the mount point, and nothing behind them");
}

#[tokio::test]
async fn what_may_not_restart_waits_and_what_cannot_wait_is_refused() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |node: &str, storage: &str, domain: &str| {
        on(node, json!({"restart": "never", "mounts": {"rootfs": {"storage": storage}}, "dns": {"domain": domain}}))
    };
    let (_, record) = bring(&bench, &with("pve1", "local-lvm", "a.example"), None).await;
    let (order, _) = plan(&bench, &with("pve1", "local-lvm", "b.example"), Some(&record)).await.unwrap();
    let (action, record) = bring(&bench, &with("pve1", "local-lvm", "b.example"), Some(&record)).await;
    assert_eq!((action, tasks(&subject, "vzreboot")), (Some(Action::Update), 0));
    let waiting = bench.engine.pending(&order).await.unwrap();
    assert_eq!(waiting.as_deref(), Some("`dns.domain` waits for the container's next restart"));
    for (sample, path) in
        [(with("pve2", "local-lvm", "b.example"), "`metadata.node`"), (with("pve1", "fast", "b.example"), "`specs.mounts.rootfs.storage`")]
    {
        let told = problems(&bench, &sample, Some(&record)).await;
        assert!(told.len() == 1 && told[0].starts_with(path) && told[0].contains("restart: never"), "{told:?}");
    }
}

/// A restart is announced and happens; what is live needs none.
#[tokio::test]
async fn a_restart_comes_when_something_waits_and_only_then() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let (_, record) = bring(&bench, &on("pve1", json!({"memory": GIB, "features": {"nesting": false}})), None).await;
    let (action, record) = bring(&bench, &on("pve1", json!({"memory": 2 * GIB, "features": {"nesting": false}})), Some(&record)).await;
    assert_eq!((action, tasks(&subject, "vzreboot")), (Some(Action::Update), 0));
    let nesting = on("pve1", json!({"memory": 2 * GIB, "features": {"nesting": true}}));
    let (order, _) = plan(&bench, &nesting, Some(&record)).await.unwrap();
    let (action, _) = bring(&bench, &nesting, Some(&record)).await;
    assert_eq!((action, tasks(&subject, "vzreboot")), (Some(Action::Restart), 1));
    let running = subject.world.guest("dns-01", |_, guest| guest.running.as_ref().and_then(|running| running.config.get("features").cloned()));
    assert_eq!(running.as_deref(), Some("nesting=1"));
    assert_eq!(bench.engine.pending(&order).await.unwrap(), None);
}

/// Proxmox refuses changes of volumes of a protected container: ours is lifted and comes back, another's stays.
#[tokio::test]
async fn the_protection_is_lifted_where_the_author_set_it() {
    let subject = ContainerSubject::new().await;
    for ours in [true, false] {
        let bench = bench(&subject).await;
        let with = |path: &str| {
            let mut specs = json!({"power": "off", "mounts": {"mp0": {"path": path, "size": GIB}}});
            if ours {
                specs["protection"] = json!(true);
            }
            on("pve1", specs)
        };
        let (_, record) = bring(&bench, &with("/srv"), None).await;
        subject.world.by_hand("dns-01", |guest| drop(guest.config.insert("protection".to_owned(), "1".to_owned())));
        let after = with("/data");
        let told = problems(&bench, &after, Some(&record)).await;
        if ours {
            assert_eq!(told, [""; 0]);
            bring(&bench, &after, Some(&record)).await;
        } else {
            assert!(told.len() == 1 && told[0].starts_with("`specs.mounts.mp0.path`") && told[0].contains("by hand"), "{told:?}");
            let (order, _) = plan(&bench, &after, Some(&record)).await.unwrap();
            assert!(refused(&bench, &order).await.message.contains("by hand"));
        }
        assert_eq!(subject.world.option("dns-01", "protection").as_deref(), Some("1"));
    }
}

/// Whatever a slot said, taking it out takes it off; the data of a volume stays as an unused one.
#[tokio::test]
async fn what_leaves_the_blueprint_leaves_the_container() {
    let subject = ContainerSubject::new().await;
    let mount = json!({"mp0": {"path": "/srv", "size": GIB, "storage": "fast", "backup": true}});
    let rows = [
        ("mounts", "mp0", mount.clone(), "on", Action::Restart),
        ("mounts", "mp0", mount, "off", Action::Update),
        ("networks", "net1", json!({"net1": {"bridge": "vmbr0", "ip": "dhcp"}}), "on", Action::Update),
    ];
    for (group, slot, entry, power, expected) in rows {
        let bench = bench(&subject).await;
        let with = |slots: &Value| on("pve1", json!({"power": power, group: slots}));
        let (_, record) = bring(&bench, &with(&entry), None).await;
        assert!(subject.world.option("dns-01", slot).is_some());
        let (action, _) = bring(&bench, &with(&json!({})), Some(&record)).await;
        assert_eq!((action, subject.world.option("dns-01", slot)), (Some(expected), None), "{slot} while it is {power}");
        let kept = subject.world.guest("dns-01", |_, guest| guest.config.keys().filter(|option| option.starts_with("unused")).count());
        assert_eq!(kept, usize::from(group == "mounts"), "{slot}");
    }
}

/// Proxmox has no call for them: the record keeps them, the plan says that the container does not.
#[tokio::test]
async fn keys_are_for_new_containers() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let with = |key: &str| on("pve1", json!({"user": {"ssh_keys": [key]}}));
    let (_, record) = bring(&bench, &with("ssh-ed25519 AAAA a"), None).await;
    let calls = bench.journal.calls();
    let (order, _) = plan(&bench, &with("ssh-ed25519 BBBB b"), Some(&record)).await.unwrap();
    let remarks = with("").kind.remarks(&order.step);
    assert!(remarks.len() == 1 && remarks[0].contains("only when it makes a container"), "{remarks:?}");
    bring(&bench, &with("ssh-ed25519 BBBB b"), Some(&record)).await;
    assert_eq!(bench.journal.calls(), calls, "the record alone changes");
}

/// A container whose name is changed keeps its number and its life.
#[tokio::test]
async fn another_name_renames_the_container() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let before = container("dns-01", json!({"specs": {"os": "debian-12", "name": "dns-01"}}));
    let (_, record) = bring(&bench, &before, None).await;
    let number = subject.world.guest("dns-01", |vmid, _| vmid);
    let after = Sample { address: before.address.clone(), ..container("dns-02", json!({"specs": {"os": "debian-12", "name": "dns-02"}})) };
    let wanted = bench.resolve(&after, &after.values).await;
    let seen = bench.present(&before).await;
    let changes = bench.maker.differences(&after, &wanted, Some(&record), &seen);
    let order = bench.maker.order(&after, Action::Update, &wanted, changes, Some(&record));
    bench.must(&after, &order).await;
    bench.must(&after, &order).await;
    assert_eq!(subject.world.guest("dns-02", |vmid, guest| (vmid, guest.is_running())), (number, true));
    bench.assert_settled(&after, &bench.maker.record(&after, &wanted), "after it was renamed").await;
}
