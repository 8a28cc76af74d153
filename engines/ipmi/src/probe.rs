//! Which protocol does a BMC speak? Redfish where it has it, IPMI where it says that it has none; silence says neither.
//!
//! Somebody in between could close the port of Redfish to get the weaker handshake of IPMI. So a BMC that spoke Redfish once is
//! never spoken to by IPMI afterwards, as long as the program runs; whoever knows the protocol does better to name it.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use engine_api::{EngineError, ErrorKind};

use crate::driver::{Bmc, Driver};
use crate::ipmi::IpmiDriver;
use crate::redfish::RedfishDriver;

/// The way to one BMC by whichever protocol it has.
pub struct ProbingDriver {
    redfish: RedfishDriver,
    /// Or why it cannot be reached like that: a password that IPMI does not take.
    ipmi: Result<IpmiDriver, String>,
    spoke_redfish: AtomicBool,
}

impl ProbingDriver {
    /// Sends nothing.
    pub fn new(redfish: RedfishDriver, ipmi: Result<IpmiDriver, EngineError>) -> Self {
        Self { redfish, ipmi: ipmi.map_err(|error| error.message), spoke_redfish: AtomicBool::new(false) }
    }
}

#[async_trait]
impl Driver for ProbingDriver {
    fn account(&self) -> &str {
        self.redfish.account()
    }

    async fn open(&self) -> Result<Box<dyn Bmc>, EngineError> {
        if self.spoke_redfish.load(Ordering::Relaxed) || self.redfish.is_there().await? {
            self.spoke_redfish.store(true, Ordering::Relaxed);
            return self.redfish.open().await;
        }
        match &self.ipmi {
            Ok(ipmi) => ipmi.open().await,
            Err(why) => Err(EngineError::new(ErrorKind::Rejected, "reach the BMC by IPMI, since it has no Redfish", why.clone())),
        }
    }
}
