//! How is each mutating call announced? Its name, its key, what may be done when its reply is lost, and how long it may take.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate, Mutation, Repeat};
use reqwest::Method;

use super::call::{Call, Writer};
use crate::bounds::Bounds;
use crate::client::Body;
use crate::options::Timeouts;

/// The names under which calls are journaled. `classify` reads them back.
pub(crate) mod operation {
    pub(crate) const CREATE: &str = "QemuCreate";
    pub(crate) const CLONE: &str = "QemuClone";
    pub(crate) const CONFIGURE: &str = "QemuConfigure";
    pub(crate) const GROW: &str = "QemuResizeDisk";
    pub(crate) const MOVE: &str = "QemuMoveDisk";
    pub(crate) const CLOUD_INIT: &str = "QemuRegenerateCloudInit";
    pub(crate) const START: &str = "QemuStart";
    pub(crate) const SHUTDOWN: &str = "QemuShutdown";
    pub(crate) const REBOOT: &str = "QemuReboot";
    pub(crate) const MIGRATE: &str = "QemuMigrate";
    pub(crate) const DELETE: &str = "QemuDelete";
    pub(crate) const POOL: &str = "PoolUpdate";
    pub(crate) const UPLOAD: &str = "StorageUpload";
    pub(crate) const VOLUME_DELETE: &str = "StorageVolumeDelete";
}

/// A machine by its number and by its name: one for calls, one for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MachineRef {
    pub(crate) node: String,
    pub(crate) vmid: u32,
    pub(crate) name: String,
}

impl MachineRef {
    pub(super) fn path(&self, rest: &str) -> String {
        format!("/nodes/{}/qemu/{}{rest}", self.node, self.vmid)
    }
}

/// The mutating calls of one step.
pub(crate) struct Calls<'a> {
    gate: &'a Gate<'a>,
    writer: Writer<'a>,
    bounds: &'a Bounds,
    pub(super) timeouts: Timeouts,
}

/// One call before it is announced.
pub(super) struct Plan {
    pub(super) operation: &'static str,
    pub(super) attempt: String,
    pub(super) key: String,
    pub(super) repeat: Repeat,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Body,
    /// How long its task may take.
    pub(super) limit: Duration,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(gate: &'a Gate<'a>, writer: Writer<'a>, bounds: &'a Bounds, timeouts: Timeouts) -> Self {
        Self { gate, writer, bounds, timeouts }
    }

    pub(super) async fn make(&self, plan: Plan) -> Result<(), EngineError> {
        let Plan { operation, attempt, key, repeat, method, path, body, limit } = plan;
        // Asking again for a lock and the last look at the task are within the deadline too.
        let deadline = limit + self.timeouts.write * 2;
        let call = Call { method, path, body };
        let mutation = Mutation { attempt: attempt.clone(), operation, key, repeat, deadline };
        self.gate.mutate(mutation, |permit| async { self.writer.make(permit, &attempt, &call, limit).await }).await
    }

    /// [`Calls::make`] for work that copies disks: a node does only some of it at a time.
    pub(super) async fn make_heavy(&self, node: &str, plan: Plan) -> Result<(), EngineError> {
        let _turn = self.bounds.turn(node).await;
        self.make(plan).await
    }

    pub(crate) async fn set_pool(&self, machine: &MachineRef, pool: Option<&str>, former: Option<&str>) -> Result<(), EngineError> {
        let (pool, is_removal) = match (pool, former) {
            (Some(pool), _) => (pool, false),
            (None, Some(former)) => (former, true),
            (None, None) => return Ok(()),
        };
        let vms = ("vms".to_owned(), machine.vmid.to_string());
        let how = if is_removal { ("delete".to_owned(), "1".to_owned()) } else { ("allow-move".to_owned(), "1".to_owned()) };
        let attempt = format!(
            "{} the machine `{}` {} the pool `{pool}`",
            if is_removal { "take" } else { "put" },
            machine.name,
            if is_removal { "out of" } else { "into" }
        );
        let body = Body::Form(vec![("poolid".to_owned(), pool.to_owned()), vms, how]);
        let key = format!("{} {pool}", machine.vmid);
        let path = "/pools".to_owned();
        self.make(Plan {
            operation: operation::POOL,
            attempt,
            key,
            repeat: Repeat::Safe,
            method: Method::PUT,
            path,
            body,
            limit: self.timeouts.write,
        })
        .await
    }

    /// A file of that name that is there already is written over.
    pub(crate) async fn upload_iso(&self, node: &str, storage: &str, file_name: &str, bytes: Vec<u8>) -> Result<(), EngineError> {
        let attempt = format!("upload `{file_name}` to the storage `{storage}`");
        let body = Body::Upload { content: "iso", file_name: file_name.to_owned(), bytes };
        let key = format!("{storage}:iso/{file_name}");
        let path = format!("/nodes/{node}/storage/{storage}/upload");
        self.make(Plan {
            operation: operation::UPLOAD,
            attempt,
            key,
            repeat: Repeat::Safe,
            method: Method::POST,
            path,
            body,
            limit: self.timeouts.write,
        })
        .await
    }

    /// What is gone already needs no call to be gone.
    pub(crate) async fn discard_volume(&self, node: &str, volume: &str) -> Result<(), EngineError> {
        let storage = volume.split_once(':').map_or(volume, |(storage, _)| storage);
        let encoded = percent_encoding::utf8_percent_encode(volume, percent_encoding::NON_ALPHANUMERIC);
        let attempt = format!("delete the volume `{volume}`");
        let path = format!("/nodes/{node}/storage/{storage}/content/{encoded}");
        let (body, key) = (Body::None, volume.to_owned());
        let plan = Plan {
            operation: operation::VOLUME_DELETE,
            attempt,
            key,
            repeat: Repeat::Safe,
            method: Method::DELETE,
            path,
            body,
            limit: self.timeouts.write,
        };
        gone_is_fine(self.make(plan).await)
    }
}

fn gone_is_fine(result: Result<(), EngineError>) -> Result<(), EngineError> {
    match result {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
