//! Which router is measured? A simulated one on a runtime of its own, whose calls are counted, and the engine that reaches it.

use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::Engine;
use engine_mikrotik::{Mikrotik, MikrotikOptions, Place, Security, Timeouts};
use test_sim_routeros::{Router, RouterOptions, Version};
use tokio::runtime::Runtime;

use super::lists::OWNER_ID;

/// A router whose every answer takes its time.
pub(crate) struct Lab {
    pub(crate) router: Router,
    pub(crate) engine: Arc<dyn Engine>,
    /// Where the simulator runs. It ends with the lab.
    simulator: Option<Runtime>,
}

impl Lab {
    pub(crate) async fn new(latency: Duration) -> anyhow::Result<Self> {
        let simulator = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("simulator").enable_all().build()?;
        let start = Router::start(RouterOptions { version: Version::V7_24, latency, ..RouterOptions::default() });
        let router = simulator.spawn(start).await??;
        let address = router.api_address();
        let options = MikrotikOptions {
            places: vec![Place { host: address.ip().to_string(), port: address.port() }],
            security: Security::Plain,
            user: router.user().to_owned(),
            password: Secret::new(router.password()),
            owner_id: OWNER_ID.to_owned(),
            timeouts: Timeouts::default(),
            ssh: None,
        };
        Ok(Self { engine: Arc::new(Mikrotik::new(options)?), router, simulator: Some(simulator) })
    }

    /// Reads and writes since the last count.
    pub(crate) fn calls(&self) -> (usize, usize) {
        let calls = self.router.calls();
        let writes = calls.iter().filter(|call| call.is_write()).count();
        (calls.len() - writes, writes)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(simulator) = self.simulator.take() {
            simulator.shutdown_background();
        }
    }
}
