//! Are resource pools read and changed as their table says?

use std::sync::Arc;

use async_trait::async_trait;
use core_model::plan::{Action, Step};
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::Pool;
use serde_json::{Value, json};
use test_sim_proxmox::{AclEntry, Cluster, Token};

use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, machine, plan, refused};
use crate::world::OWNER;

/// The engine on a simulated cluster, asked about pools.
struct PoolSubject(ProxmoxSubject);

impl PoolSubject {
    async fn new() -> Self {
        Self(ProxmoxSubject::new().await)
    }

    fn pool<T>(&self, name: &str, edit: impl FnOnce(&mut test_sim_proxmox::Pool) -> T) -> T {
        self.0.world.cluster.change(|world| edit(world.pools.get_mut(name).unwrap_or_else(|| panic!("there is no pool `{name}`"))))
    }
}

fn pool(name: &str, values: Value) -> Sample {
    Sample::new(&Pool, name, values)
}

#[async_trait]
impl Subject for PoolSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Pool]
    }

    fn samples(&self) -> Vec<Sample> {
        let values =
            json!({"specs": {"storages": ["fast", "local"]}, "metadata": {"notes": "Ask ops first.\n\nThen ask again.", "owner": "@acme/ops"}});
        let full = pool("infra", values)
            .update("specs.storages", json!(["local", "local-lvm"]))
            .update("metadata.notes", json!("Ask nobody."))
            .update("metadata.owner", json!("@acme/web"))
            .unset("specs.storages")
            .unset("metadata.notes")
            .unset("metadata.owner")
            .by_hand("specs.storages")
            .by_hand("metadata.notes")
            .leave_out("specs.name", "another name is another pool");
        vec![full, pool("prod/web", json!({"specs": {"name": "prod/web"}}))]
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.0.remove_all().await;
        self.0.world.cluster.change(|world| {
            world.tokens.insert(Cluster::TOKEN_ID.to_owned(), Token { secret: Cluster::TOKEN_SECRET.to_owned(), separate: false });
        });
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        match path {
            "specs.storages" => self.pool(&sample.object, |pool| pool.storages = ["fast".to_owned(), "local-lvm".to_owned()].into()),
            "metadata.notes" => self.pool(&sample.object, |pool| pool.comment = pool.comment.replace("Ask ops", "Ask me")),
            other => panic!("nobody changes `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, sample: &Sample) {
        let theirs = test_sim_proxmox::Pool { comment: "Theirs.".to_owned(), ..Default::default() };
        self.0.world.cluster.change(|world| world.pools.insert(sample.object.clone(), theirs));
    }

    /// The token may see everything but pools.
    async fn hide(&self, _sample: &Sample) -> bool {
        hide_pools(&self.0);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        self.0.provoke(kind, bench).await
    }
}

fn hide_pools(subject: &ProxmoxSubject) {
    subject.world.cluster.change(|world| {
        world.roles.insert("NoPools".to_owned(), ["Sys.Audit", "VM.Audit"].map(str::to_owned).into());
        world.acl = vec![AclEntry { path: "/".to_owned(), who: Cluster::TOKEN_ID.to_owned(), role: "NoPools".to_owned(), propagate: true }];
        world.tokens.insert(Cluster::TOKEN_ID.to_owned(), Token { secret: Cluster::TOKEN_SECRET.to_owned(), separate: true });
    });
}

mod contract {
    engine_api::contract_tests!(super::PoolSubject::new().await);
}

async fn problems(bench: &Bench<'_>, steps: &[Step]) -> Vec<String> {
    // A plan looks before it is checked.
    bench.observe(&[]).await;
    bench.engine.preflight(steps).await.unwrap().into_iter().map(|problem| problem.detail).collect()
}

#[tokio::test]
async fn a_pool_with_guests_of_others_is_not_deleted_and_the_plan_says_so() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = pool("infra", json!({"specs": {"storages": ["fast"]}}));
    let (_, record) = bring(&bench, &sample, None).await;
    subject.world.cluster.change(|world| {
        world.add_vm(100, "mail", "pve1", false, &[]);
        world.pools.get_mut("infra").unwrap().guests.insert(100);
        world.pools.insert("infra/below".to_owned(), Default::default());
    });
    let order = bench.maker.delete(&sample, &record);
    let said = problems(&bench, std::slice::from_ref(&order.step)).await;
    let expected = "The pool `infra` holds what is not ours, and Proxmox deletes empty pools only: the guest `mail` (100), the pool `infra/below`.";
    assert_eq!(said, [expected]);
    let error = refused(&bench, &order).await;
    assert!(error.kind == ErrorKind::Conflict && error.message.contains("the guest `mail` (100), the pool `infra/below`"), "{error}");
    assert!(subject.world.cluster.inspect(|world| world.pools["infra"].storages.contains("fast")), "nothing is taken out of a pool that stays");
}

/// Machines of ours may leave in the same run.
#[tokio::test]
async fn guests_of_ours_do_not_keep_a_pool() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let sample = pool("infra", json!({}));
    let (_, record) = bring(&bench, &sample, None).await;
    let ours = machine("web-01", json!({"specs": {"os": "debian-13"}, "metadata": {"pool": "infra"}}));
    let (_, ours_record) = bring(&bench, &ours, None).await;
    let order = bench.maker.delete(&sample, &record);
    assert_eq!(problems(&bench, std::slice::from_ref(&order.step)).await, [""; 0]);
    bench.must(&ours, &bench.maker.delete(&ours, &ours_record)).await;
    bench.must(&sample, &order).await;
}

/// What a machine is put into is there before it, or the plan says what is missing.
#[tokio::test]
async fn a_machine_comes_after_its_pool() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let in_pool = |pool: &str| machine("web-01", json!({"specs": {"os": "debian-13"}, "metadata": {"pool": pool}}));
    let (lost, _) = plan(&bench, &in_pool("nowhere"), None).await.unwrap();
    assert_eq!(problems(&bench, &[lost.step]).await, ["`metadata.pool`: the cluster has no pool `nowhere`."]);
    let (parent, _) = plan(&bench, &pool("infra", json!({})), None).await.unwrap();
    let (below, _) = plan(&bench, &pool("infra/web", json!({"specs": {"name": "infra/web"}})), None).await.unwrap();
    let (mut guest, _) = plan(&bench, &in_pool("infra/web"), None).await.unwrap();
    let said = problems(&bench, &[parent.step.clone(), below.step.clone(), guest.step.clone()]).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|detail| detail.contains("nothing says that this step comes after it")), "{said:?}");
    let mut below = below.step;
    below.waits_for.insert(parent.step.address.clone());
    guest.step.waits_for.insert(below.address.clone());
    assert_eq!(problems(&bench, &[parent.step, below, guest.step]).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_is_said_in_the_plan() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let (orphan, _) = plan(&bench, &pool("a/b", json!({"specs": {"name": "a/b"}})), None).await.unwrap();
    assert_eq!(problems(&bench, &[orphan.step]).await, ["`specs.name`: there is no pool `a` to put it below."]);
    let (lost, _) = plan(&bench, &pool("infra", json!({"specs": {"storages": ["nfs"]}})), None).await.unwrap();
    assert_eq!(problems(&bench, &[lost.step]).await, ["`specs.storages`: the cluster has no storage `nfs`."]);
    let (order, _) = plan(&bench, &pool("infra", json!({"specs": {"storages": ["fast"]}})), None).await.unwrap();
    assert_eq!(order.step.action, Action::Create);
    hide_pools(&subject);
    let said = problems(&bench, &[order.step]).await;
    assert!(said.iter().any(|detail| detail.contains("`Pool.Allocate` on `/pool/infra`")), "{said:?}");
    assert!(said.iter().any(|detail| detail.contains("`Datastore.Allocate` on `/storage/fast`")), "{said:?}");
}
