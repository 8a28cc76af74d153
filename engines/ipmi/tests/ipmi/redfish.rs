//! Does the same model hold over Redfish? On a simulator of our own, for what no stand-in has, and on sushy-tools' emulator.

mod bios;
mod boot_order;
mod clients;
mod contract;
mod machine;
mod media;
mod network;
mod probe;
mod rack;
mod sessions;
pub(crate) mod subject;
pub(crate) mod sushy;
mod untold;
mod vendors;

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::Engine;
use engine_ipmi::{Machine, RedfishDriver, RedfishOptions, Timeouts};
use engine_tls::{Fingerprint, Trust};
use test_sim_bmc::redfish::SimRedfish;

use crate::world::LIMITS;

/// Quick, so that what does not come costs a test little.
const TIMEOUTS: Timeouts = Timeouts {
    connect: Duration::from_secs(5),
    answer: Duration::from_secs(5),
    insert: Duration::from_secs(5),
    task: Duration::from_millis(200),
    settle: Duration::from_millis(50),
    poll: Duration::from_millis(2),
};

fn options(bmc: &SimRedfish) -> RedfishOptions {
    options_as(bmc, "admin", "password")
}

fn options_as(bmc: &SimRedfish, user: &str, password: &str) -> RedfishOptions {
    let trust = Trust::Authority(bmc.authority().as_bytes().to_vec());
    let mut options = RedfishOptions::new(&format!("https://{}", bmc.address()), user, Secret::new(password), trust).unwrap();
    options.timeouts = TIMEOUTS;
    options
}

/// Believes this very certificate, and no other.
fn pinned(bmc: &SimRedfish) -> RedfishOptions {
    let mut options = options(bmc);
    options.trust = Trust::Fingerprint(Fingerprint::of(bmc.certificate()));
    options
}

fn machine(options: RedfishOptions) -> Machine {
    Machine::new(RedfishDriver::new(options).unwrap()).with_limits(LIMITS)
}

fn engine(bmc: &SimRedfish) -> Arc<dyn Engine> {
    Arc::new(machine(options(bmc)))
}
