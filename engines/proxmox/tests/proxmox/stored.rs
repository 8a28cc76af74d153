//! Do storages and files keep the contract? The suite with samples of theirs, on the same simulated cluster.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{File, Storage};
use test_sim_proxmox::{Fault, FaultMatch};

use crate::contract::ProxmoxSubject;
use crate::samples;
use crate::world::OWNER;

struct StoredSubject(ProxmoxSubject);

#[async_trait]
impl Subject for StoredSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.0.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Storage, &File]
    }

    fn samples(&self) -> Vec<Sample> {
        samples::storages().into_iter().chain(samples::files()).collect()
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.0.remove_all().await;
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        self.0.world.storage_by_hand(&sample.object, path);
    }

    async fn make_foreign(&self, sample: &Sample) {
        panic!("{} carries no mark, so that none can be missing", sample.title());
    }

    /// The list of storages is refused, or what is on a storage cannot be read.
    async fn hide(&self, sample: &Sample) -> bool {
        let cluster = &self.0.world.cluster;
        if sample.facts().name == "storage" {
            cluster.fail(FaultMatch::new("GET", "/storage"), Fault::StatusBefore(500, "no quorum".to_owned()), 1);
        } else {
            cluster.change(|world| world.storages.values_mut().for_each(|storage| storage.broken = true));
        }
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        self.0.provoke(kind, bench).await
    }
}

engine_api::contract_tests!(StoredSubject(ProxmoxSubject::new().await));
