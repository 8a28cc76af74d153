//! How is each mutating call announced? Its name, its key, what may be done when its reply is lost, and how long it may take.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate, Mutation, Repeat};
use reqwest::Method;
use tokio::sync::OwnedSemaphorePermit;

use super::call::{Call, Writer};
use super::operation;
use crate::bounds::Bounds;
use crate::client::Body;
use crate::guest::GuestRef;
use crate::options::Timeouts;

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

    pub(crate) fn run_id(&self) -> &str {
        self.gate.run_id
    }

    /// Whether the run may make no call any more.
    pub(crate) fn is_stopped(&self) -> bool {
        self.gate.cancellation.is_cancelled() || self.gate.lease.lost().is_some()
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

    pub(crate) async fn set_pool(&self, guest: &GuestRef, pool: Option<&str>, former: Option<&str>) -> Result<(), EngineError> {
        let (pool, is_removal) = match (pool, former) {
            (Some(pool), _) => (pool, false),
            (None, Some(former)) => (former, true),
            (None, None) => return Ok(()),
        };
        let vms = ("vms".to_owned(), guest.vmid.to_string());
        let how = if is_removal { ("delete".to_owned(), "1".to_owned()) } else { ("allow-move".to_owned(), "1".to_owned()) };
        let attempt = format!(
            "{} the {} `{}` {} the pool `{pool}`",
            if is_removal { "take" } else { "put" },
            guest.kind.noun(),
            guest.name,
            if is_removal { "out of" } else { "into" }
        );
        let body = Body::Form(vec![("poolid".to_owned(), pool.to_owned()), vms, how]);
        let key = format!("{} {pool}", guest.vmid);
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

    /// Holds others back who would do the same at the same time.
    pub(crate) async fn alone(&self, what: &str) -> Option<OwnedSemaphorePermit> {
        self.bounds.alone(what).await
    }

    /// Downloads a container template. One that is there already is looked at and kept.
    pub(crate) async fn download_appliance(&self, node: &str, storage: &str, file: &str) -> Result<(), EngineError> {
        let parameters = vec![("storage".to_owned(), storage.to_owned()), ("template".to_owned(), file.to_owned())];
        self.make(Plan {
            operation: operation::APPLIANCE_DOWNLOAD,
            attempt: format!("download the container template `{file}` to the storage `{storage}` of `{node}`"),
            key: format!("{storage}:vztmpl/{file}"),
            repeat: Repeat::Safe,
            method: Method::POST,
            path: format!("/nodes/{node}/aplinfo"),
            body: Body::Form(parameters),
            limit: self.timeouts.copy,
        })
        .await
    }
}

pub(super) fn gone_is_fine(result: Result<(), EngineError>) -> Result<(), EngineError> {
    match result {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
