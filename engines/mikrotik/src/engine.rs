//! How is the contract fulfilled? One line for each question, no more.

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::state::TargetObservation;
use engine_api::{Engine, EngineError, ErrorKind, Gate, LockDomain, ObserveScope, Order, Probe};
use tokio::sync::Mutex;

use crate::batch::{self, Batch, Unconfirmed};
use crate::identity::Identity;
use crate::options::MikrotikOptions;
use crate::wire::Dialer;
use crate::{import, observe, preflight};

/// The router as a whole: its changes are provisional together.
const ROUTER: &str = "router";

/// The engine of one router. An open batch ends with it: its connection is closed, and the router undoes what was not confirmed.
pub struct Mikrotik {
    dialer: Dialer,
    batch: Mutex<Option<Batch>>,
}

impl Mikrotik {
    /// Sends no packet.
    pub fn new(options: MikrotikOptions) -> Result<Self, EngineError> {
        Ok(Self { dialer: Dialer::new(options)?, batch: Mutex::new(None) })
    }

    fn is_ours(&self, order: &Order) -> Result<(), EngineError> {
        if order.marker.owner_id == self.dialer.options().owner_id {
            return Ok(());
        }
        Err(batch::error(order, ErrorKind::Rejected, "the order is of another owner than the one that the configuration names for this router"))
    }
}

fn another_run() -> EngineError {
    EngineError::new(ErrorKind::Busy, "change the router", "another run has a batch open, and both would be undone together")
}

#[async_trait]
impl Engine for Mikrotik {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let mut connection = self.dialer.connect().await?;
        Identity::read(&mut connection).await.map(|identity| identity.probe())
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        let mut connection = self.dialer.connect().await?;
        let identity = Identity::read(&mut connection).await?;
        observe::observe(&mut connection, identity.serial, scope).await
    }

    async fn preflight(&self, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(&mut self.dialer.connect().await?, steps).await
    }

    fn lock_domain(&self, _step: &Step) -> LockDomain {
        LockDomain(ROUTER.to_owned())
    }

    fn batches(&self, _domain: &LockDomain) -> bool {
        true
    }

    async fn open(&self, _domain: &LockDomain, orders: &[Order], gate: &Gate<'_>) -> Result<(), EngineError> {
        orders.iter().try_for_each(|order| self.is_ours(order))?;
        let mut open = self.batch.lock().await;
        if open.as_ref().is_some_and(|batch| batch.is_of_another_run(gate)) {
            return Err(another_run());
        }
        // What is left of an attempt of this run that was cut off ends with its connection.
        *open = None;
        *open = Some(Batch::open(&self.dialer, orders, gate).await?);
        Ok(())
    }

    /// Without an open batch, as when a failed run is undone, the step is a batch of its own.
    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        self.is_ours(order)?;
        let mut open = self.batch.lock().await;
        match open.as_mut() {
            Some(batch) if batch.is_of_another_run(gate) => return Err(another_run()),
            Some(batch) => return batch.apply(&self.dialer, order, gate).await,
            None => {}
        }
        let mut batch = Batch::open(&self.dialer, std::slice::from_ref(order), gate).await?;
        if let Err(error) = batch.apply(&self.dialer, order, gate).await {
            batch.abandon(&self.dialer, gate).await?;
            return Err(error);
        }
        match batch.confirm(&self.dialer, gate).await {
            Ok(()) => Ok(()),
            Err(Unconfirmed { batch, error }) => batch.abandon(&self.dialer, gate).await.and(Err(error)),
        }
    }

    async fn confirm(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let mut open = self.batch.lock().await;
        let Some(batch) = open.take() else { return Ok(()) };
        match batch.confirm(&self.dialer, gate).await {
            Ok(()) => Ok(()),
            Err(Unconfirmed { batch, error }) => {
                *open = Some(*batch);
                Err(error)
            }
        }
    }

    async fn abandon(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let batch = self.batch.lock().await.take();
        match batch {
            Some(batch) => batch.abandon(&self.dialer, gate).await,
            None => Ok(()),
        }
    }

    async fn import(&self) -> Result<String, EngineError> {
        import::import(&mut self.dialer.connect().await?).await
    }
}
