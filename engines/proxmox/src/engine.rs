//! How does one Proxmox VE cluster keep the engine contract? A line for each question; the answers are in their own modules.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::state::TargetObservation;
use engine_api::{Checkup, Engine, EngineError, ErrorKind, Gate, LockDomain, ObserveScope, Order, Probe, Readiness, Trial, Wishes};

use crate::apply::{self, Task};
use crate::bounds::Bounds;
use crate::client::Client;
use crate::cluster::Cluster;
use crate::kind::kind;
use crate::network::{self, Batches, Session};
use crate::options::ProxmoxOptions;
use crate::reader::{Guest, Reader};
use crate::seen::Seen;
use crate::shared::Shared;
use crate::writer::{Calls, Writer};
use crate::{checkup, import, observe, preflight, stamp, trial};

/// One Proxmox VE cluster, or one node alone, reached over its API.
pub struct Proxmox {
    options: ProxmoxOptions,
    client: Client,
    bounds: Bounds,
    batches: Batches,
    seen: Seen,
    guests: Shared<Vec<Guest>>,
}

impl Proxmox {
    /// Makes no contact: a cluster that is down is found out by the first call, and may come up later.
    pub fn connect(options: ProxmoxOptions) -> Result<Self, EngineError> {
        if !stamp::is_owner_id(&options.owner_id) {
            let why = "the owner id becomes part of a tag: lower-case letters, digits, `_` and `-`, 40 at most";
            return Err(EngineError::new(ErrorKind::Rejected, "prepare the connection to the Proxmox cluster", why));
        }
        Ok(Self {
            client: Client::new(&options)?,
            options,
            bounds: Bounds::default(),
            batches: Batches::default(),
            seen: Seen::default(),
            guests: Shared::default(),
        })
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(&self.client, &self.guests)
    }

    fn calls<'a>(&'a self, gate: &'a Gate<'a>) -> Calls<'a> {
        self.seen.forget();
        let timeouts = self.options.timeouts;
        Calls::new(gate, Writer::new(&self.client, timeouts.write, timeouts.poll), &self.bounds, timeouts)
    }

    fn session<'a>(&'a self, calls: &'a Calls<'a>) -> Session<'a> {
        Session { reader: self.reader(), calls, options: &self.options }
    }

    fn cluster(&self) -> Cluster<'_> {
        Cluster::new(self.reader(), &self.options, Arc::default())
    }

    /// The cluster as the plan saw it that is checked now.
    fn planned<'a>(&'a self, steps: &'a [Step]) -> Cluster<'a> {
        Cluster::new(self.reader(), &self.options, self.seen.lately()).with_plan(steps)
    }
}

#[async_trait]
impl Engine for Proxmox {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let identity = self.reader().identity().await?;
        let version = format!("Proxmox VE {}", self.reader().version().await?);
        Ok(Probe { identity, version, capabilities: Vec::new() })
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        observe::observe(&Cluster::new(self.reader(), &self.options, self.seen.anew()), scope).await
    }

    async fn resolve(&self, type_name: &str, question: &str) -> Result<String, EngineError> {
        let unknown = || EngineError::new(ErrorKind::Rejected, format!("resolve `{question}`"), format!("the type `{type_name}` is not known"));
        kind(type_name).ok_or_else(unknown)?.resolve(&self.cluster(), question).await
    }

    async fn preflight(&self, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(&self.planned(steps)).await
    }

    async fn cautions(&self, steps: &[Step]) -> Result<Vec<String>, EngineError> {
        preflight::cautions(&self.planned(steps)).await
    }

    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        apply::apply(&Task { order, options: &self.options, reader: self.reader(), calls: self.calls(gate), batches: &self.batches }).await
    }

    fn batches(&self, domain: &LockDomain) -> bool {
        network::node_of(domain).is_some()
    }

    async fn open(&self, domain: &LockDomain, orders: &[Order], gate: &Gate<'_>) -> Result<(), EngineError> {
        let calls = self.calls(gate);
        match network::node_of(domain) {
            Some(node) => self.batches.open(self.session(&calls), node, orders).await,
            None => Ok(()),
        }
    }

    async fn confirm(&self, domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let calls = self.calls(gate);
        match network::node_of(domain) {
            Some(node) => self.batches.confirm(self.session(&calls), node).await,
            None => Ok(()),
        }
    }

    async fn abandon(&self, domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let calls = self.calls(gate);
        match network::node_of(domain) {
            Some(node) => self.batches.abandon(self.session(&calls), node).await,
            None => Ok(()),
        }
    }

    fn lock_domain(&self, step: &Step) -> LockDomain {
        kind(&step.type_name).map_or_else(|| LockDomain(step.object.clone()), |kind| kind.lock_domain(step))
    }

    /// More than copy at the same time: `Bounds` holds those back for each node, so that steps of one node in a row do not keep the
    /// others idle, and what only writes options goes on.
    fn steps_in_flight_max(&self) -> usize {
        64
    }

    async fn wait(&self, order: &Order) -> Result<Readiness, EngineError> {
        match kind(&order.step.type_name) {
            Some(kind) => kind.wait(&self.cluster(), order).await,
            None => Ok(Readiness::NoGate),
        }
    }

    async fn pending(&self, order: &Order) -> Result<Option<String>, EngineError> {
        match kind(&order.step.type_name) {
            Some(kind) => kind.pending(&self.cluster(), order).await,
            None => Ok(None),
        }
    }

    async fn import(&self) -> Result<String, EngineError> {
        import::import(&self.cluster()).await
    }
    async fn checkup(&self) -> Result<Checkup, EngineError> {
        checkup::checkup(&self.cluster()).await
    }

    async fn trial(&self, wishes: &Wishes) -> Result<Option<Trial>, EngineError> {
        trial::trial(&self.cluster(), wishes).await.map(Some)
    }
}
