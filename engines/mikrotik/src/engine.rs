//! How is the contract fulfilled? One line for each question, no more.

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::state::TargetObservation;
use engine_api::{Artefact, Checkup, Engine, EngineError, ErrorKind, Gate, LockDomain, ObserveScope, Order, Probe};
use tokio::sync::Mutex;

use crate::batch::{self, Batch, Turn, Unconfirmed, turn};
use crate::identity::Identity;
use crate::options::MikrotikOptions;
use crate::ssh::{self, SshClient};
use crate::wire::Dialer;
use crate::{checkup, import, observe, preflight, watch};

/// The router as a whole: its changes are provisional together.
const ROUTER: &str = "router";

/// The engine of one router. An open batch ends with it: its connection is closed, and the router undoes what was not confirmed.
///
/// One value serves every environment that has the router, so that several runs may call it at once. Each touches its own batch only.
pub struct Mikrotik {
    dialer: Dialer,
    ssh: Option<SshClient>,
    turn: Mutex<Turn>,
}

impl Mikrotik {
    /// Sends no packet.
    pub fn new(options: MikrotikOptions) -> Result<Self, EngineError> {
        Ok(Self { ssh: SshClient::new(&options)?, dialer: Dialer::new(options)?, turn: Mutex::default() })
    }

    fn is_ours(&self, order: &Order) -> Result<(), EngineError> {
        if order.marker.owner_id == self.dialer.options().owner_id {
            return Ok(());
        }
        Err(batch::error(order, ErrorKind::Rejected, "the order is of another owner than the one that the configuration names for this router"))
    }
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
        preflight::preflight(&mut self.dialer.connect().await?, &self.dialer.options().user, steps).await
    }

    fn lock_domain(&self, _step: &Step) -> LockDomain {
        LockDomain(ROUTER.to_owned())
    }

    fn batches(&self, _domain: &LockDomain) -> bool {
        true
    }

    async fn open(&self, _domain: &LockDomain, orders: &[Order], gate: &Gate<'_>) -> Result<(), EngineError> {
        orders.iter().try_for_each(|order| self.is_ours(order))?;
        let mut turn = self.turn.lock().await;
        turn.check(gate.run_id, orders)?;
        turn.begin(gate.run_id)?;
        turn.batch = Some(Batch::open(&self.dialer, orders, gate).await?);
        Ok(())
    }

    /// Without an open batch, as when a failed run is undone, the step is a batch of its own.
    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        self.is_ours(order)?;
        let mut turn = self.turn.lock().await;
        if let Some(batch) = turn.own(gate.run_id)? {
            return batch.apply(&self.dialer, order, gate).await;
        }
        turn.check(gate.run_id, std::slice::from_ref(order))?;
        turn.begin(gate.run_id)?;
        let mut batch = Batch::open(&self.dialer, std::slice::from_ref(order), gate).await?;
        let (batch, error) = match batch.apply(&self.dialer, order, gate).await {
            Err(error) => (batch, error),
            Ok(()) => match batch.confirm(&self.dialer, gate).await {
                Ok(()) => return Ok(()),
                Err(Unconfirmed { batch, error }) => (*batch, error),
            },
        };
        let undone = batch.abandon(&self.dialer, gate).await?;
        turn.note(gate.run_id, undone);
        Err(error)
    }

    async fn confirm(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let mut turn = self.turn.lock().await;
        let batch = turn.take(gate.run_id).ok_or_else(turn::lost)?;
        match batch.confirm(&self.dialer, gate).await {
            Ok(()) => Ok(()),
            Err(Unconfirmed { batch, error }) => {
                turn.batch = Some(*batch);
                Err(error)
            }
        }
    }

    /// A run whose batch could not be opened, because another run has one, has nothing to undo.
    async fn abandon(&self, _domain: &LockDomain, gate: &Gate<'_>) -> Result<(), EngineError> {
        let Some(batch) = self.turn.lock().await.take(gate.run_id) else { return Ok(()) };
        let undone = batch.abandon(&self.dialer, gate).await?;
        self.turn.lock().await.note(gate.run_id, undone);
        Ok(())
    }

    /// Only where SSH is configured: over the API an export can be had by writing a file alone.
    async fn artefact(&self) -> Result<Option<Artefact>, EngineError> {
        let Some(ssh) = &self.ssh else { return Ok(None) };
        // Held to the end: a batch that is opened meanwhile would be in it in part.
        let turn = self.turn.lock().await;
        if turn.batch.is_some() {
            return Err(ssh::unconfirmed());
        }
        ssh::artefact(ssh, &self.dialer.options().password).await.map(Some)
    }

    async fn watch(&self, scope: &ObserveScope) -> Result<(), EngineError> {
        watch::watch(&self.dialer, scope).await
    }

    async fn checkup(&self) -> Result<Checkup, EngineError> {
        Ok(checkup::checkup(self.ssh.as_ref()).await)
    }

    async fn import(&self) -> Result<String, EngineError> {
        import::import(&mut self.dialer.connect().await?).await
    }
}
