//! How does one bare machine keep the engine contract? A line for each question; the answers are in their own modules.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::state::TargetObservation;
use engine_api::{Classification, Engine, EngineError, ErrorKind, Gate, Gauge, Intent, LockDomain, Member, ObserveScope, Order, Probe, Readiness};

use crate::apply::{Work, needs_the_machine};
use crate::driver::{Bmc, Driver, Identity, PowerState};
use crate::limits::Limits;
use crate::login::{Door, Login};
use crate::observe::COMPUTE;
use crate::wanted::Wanted;
use crate::writer::{Calls, EVIDENCE, KEY_OFF, KEY_ON, operation};
use crate::{import, observe, pending, preflight, readiness};

/// One bare machine behind its BMC.
pub struct Machine {
    door: Door,
    limits: Limits,
    /// Of the last look that read them.
    measured: Mutex<Vec<Gauge>>,
}

impl Machine {
    /// Makes no contact: a BMC that is down is found out by the first question, and may come up later.
    pub fn new(driver: impl Driver) -> Self {
        Self { door: Door::new(Arc::new(driver)), limits: Limits::default(), measured: Mutex::default() }
    }

    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

#[async_trait]
impl Engine for Machine {
    async fn probe(&self) -> Result<Probe, EngineError> {
        let mut login = self.door.open().await?;
        let identity = login.bmc.identity().await;
        let protocol = login.bmc.protocol();
        login.close().await;
        let identity = identity?;
        let version = version(protocol, &identity);
        Ok(Probe { identity: observe::name(&identity)?, version, capabilities: vec![COMPUTE.to_owned()] })
    }

    async fn observe(&self, scope: &ObserveScope) -> Result<TargetObservation, EngineError> {
        let mut login = self.door.open().await?;
        let observed = observe::observe(login.bmc.as_mut(), self.limits.health, scope).await;
        login.close().await;
        let (observation, gauges) = observed?;
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner) = gauges;
        Ok(observation)
    }

    fn gauges(&self) -> Vec<Gauge> {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn apply(&self, order: &Order, gate: &Gate<'_>) -> Result<(), EngineError> {
        let step = &order.step;
        if step.type_name != COMPUTE {
            let attempt = format!("{} the {} `{}`", step.action.word(), step.type_name, step.object);
            return Err(EngineError::new(ErrorKind::Rejected, attempt, format!("there is no type `{}` here", step.type_name)));
        }
        if !needs_the_machine(step.action) {
            return Ok(());
        }
        let wanted = Wanted::of(&order.desired);
        let mut login = self.door.open().await?;
        let Login { bmc, .. } = &mut login;
        let calls = Calls { gate, bmc: bmc.as_mut(), machine: &step.object, within: self.limits.call, media_within: self.limits.media };
        let done = Work { order, wanted: &wanted, driver: self.door.driver.as_ref(), limits: self.limits, calls }.carry_out().await;
        login.close().await;
        done
    }

    async fn preflight(&self, steps: &[Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(&self.door, steps).await
    }

    /// There is one machine, and its BMC has few sessions.
    fn lock_domain(&self, _step: &Step) -> LockDomain {
        LockDomain("machine".to_owned())
    }

    fn steps_in_flight_max(&self) -> usize {
        1
    }

    async fn classify(&self, intent: &Intent) -> Result<Classification, EngineError> {
        let mut login = self.door.open().await?;
        let found = classify(login.bmc.as_mut(), intent).await;
        login.close().await;
        found
    }

    async fn wait(&self, order: &Order) -> Result<Readiness, EngineError> {
        Ok(readiness::wait(&Wanted::of(&order.desired), self.limits).await)
    }

    async fn pending(&self, order: &Order) -> Result<Option<String>, EngineError> {
        pending::pending(&self.door, &Wanted::of(&order.desired)).await
    }

    async fn import(&self) -> Result<String, EngineError> {
        self.member().await.map(|member| import::blueprint(&member))
    }

    async fn member(&self) -> Result<Member, EngineError> {
        let mut login = self.door.open().await?;
        let read = read_all(login.bmc.as_mut()).await;
        login.close().await;
        let (identity, seen) = read?;
        import::member(&identity, &seen, self.door.driver.account())
    }
}

async fn read_all(bmc: &mut dyn Bmc) -> Result<(Identity, observe::Seen), EngineError> {
    Ok((bmc.identity().await?, observe::read(bmc).await?))
}

fn version(protocol: &str, identity: &Identity) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_else(|| "unknown".to_owned());
    format!("{protocol} on {} {}, BMC firmware {}", part(&identity.manufacturer), part(&identity.product), identity.firmware)
}

/// Switching shows in the machine's state. A reset shows only where the BMC keeps a trace of it; a trace that is not there yet says
/// nothing, for the machine may be on its way.
async fn classify(bmc: &mut dyn Bmc, intent: &Intent) -> Result<Classification, EngineError> {
    let of = |is_done: bool| if is_done { Classification::Done } else { Classification::NotDone };
    Ok(match (intent.operation.as_str(), intent.key.as_str()) {
        (operation::SET_POWER, KEY_ON) => of(bmc.power().await? == PowerState::On),
        (operation::SET_POWER, KEY_OFF) => of(bmc.power().await? == PowerState::Off),
        (operation::RESET, key) => match (key.split_once(EVIDENCE), bmc.reset_evidence().await?) {
            (Some((_, before)), Some(now)) if before != now => Classification::Done,
            _ => Classification::Unknown,
        },
        _ => Classification::Unknown,
    })
}
