//! Which cluster is measured? A simulated one on a runtime of its own, whose calls are counted, and the engine connected to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_model::Secret;
use engine_api::Engine;
use engine_proxmox::{Credential, Proxmox, ProxmoxOptions};
use engine_tls::Trust;
use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions, Timing};
use tokio::runtime::Runtime;

use super::fleet::OWNER_ID;
use crate::sample::Sample;

pub(crate) const NODES: [&str; 3] = ["pve1", "pve2", "pve3"];
/// The number of the first node's template; the others follow.
pub(crate) const TEMPLATE_FIRST: u32 = 9_000;
const CALLS: usize = 7;

/// A cluster with a template on each node, in the machine's own time.
pub(crate) struct Lab {
    pub(crate) cluster: Arc<Cluster>,
    pub(crate) engine: Arc<dyn Engine>,
    http: reqwest::Client,
    /// Where the simulator runs. It ends with the lab.
    simulator: Option<Runtime>,
}

impl Lab {
    pub(crate) async fn new(timing: Timing) -> anyhow::Result<Self> {
        let simulator = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("simulator").enable_all().build()?;
        let start = Cluster::start(ClusterOptions { clock: ClockSource::Scaled(1.0), ..ClusterOptions::default() });
        let cluster = simulator.spawn(start).await??;
        cluster.change(|world| {
            world.timing = timing;
            for (vmid, node) in (TEMPLATE_FIRST..).zip(NODES) {
                world.add_template(vmid, &template_on(node), node);
            }
        });
        let trust = Trust::Fingerprint(cluster.fingerprint().into());
        let credential = Credential::new(Cluster::TOKEN_ID, Secret::new(Cluster::TOKEN_SECRET))?;
        let options = ProxmoxOptions::new(vec![cluster.url()], credential, trust.clone(), OWNER_ID);
        let http = reqwest::Client::builder().tls_backend_preconfigured(engine_tls::client_config(&trust)?).build()?;
        Ok(Self { cluster: Arc::new(cluster), engine: Arc::new(Proxmox::connect(options)?), http, simulator: Some(simulator) })
    }

    /// How long a call takes that is sent, answered and understood. The first one, which connects, does not count.
    pub(crate) async fn call(&self, path: &str) -> anyhow::Result<Duration> {
        let mut times = Vec::with_capacity(CALLS);
        for _ in 0..=CALLS {
            let begun = Instant::now();
            let url = format!("{}/api2/json{path}", self.cluster.url());
            let answer = self.http.get(url).header("Authorization", self.cluster.authorization()).send().await?.bytes().await?;
            let answer: serde_json::Value = serde_json::from_slice(&answer)?;
            times.push(begun.elapsed());
            anyhow::ensure!(!answer["data"].is_null(), "the simulator did not answer `{path}`");
        }
        Ok(Sample::new(times.into_iter().skip(1)).median())
    }

    /// Counts from here on.
    pub(crate) fn begin(&self) {
        self.cluster.forget_requests();
        self.cluster.change(|world| {
            world.lock_waits.clear();
            world.tasks.clear();
        });
    }

    pub(crate) fn calls(&self) -> Calls {
        let requests = self.cluster.requests();
        let locked = requests.iter().filter(|request| request.status >= 400 && request.answer.to_string().contains("lock")).count();
        let in_tasks = |world: &test_sim_proxmox::World| {
            let failed = world.tasks.iter().filter(|task| task.exit_status.as_deref().is_some_and(|status| status.contains("lock")));
            failed.count()
        };
        Calls {
            reads: requests.iter().filter(|request| !request.is_write()).count(),
            writes: requests.iter().filter(|request| request.is_write()).count(),
            lock_failures: locked + self.cluster.inspect(in_tasks),
        }
    }

    /// How often each was asked, numbers and tasks left out, most often first.
    pub(crate) fn kinds_of_calls(&self) -> String {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for request in self.cluster.requests() {
            let words = request.path.split('/').map(|word| match word {
                word if word.starts_with("UPID") => "TASK",
                word if word.parse::<u32>().is_ok() => "N",
                word if NODES.contains(&word) => "NODE",
                word => word,
            });
            *kinds.entry(format!("{} {}", request.method, words.collect::<Vec<_>>().join("/"))).or_default() += 1;
        }
        let mut kinds: Vec<(usize, String)> = kinds.into_iter().map(|(kind, count)| (count, kind)).collect();
        kinds.sort_by(|left, right| right.cmp(left));
        kinds.iter().map(|(count, kind)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
    }

    /// Machines that run.
    pub(crate) fn running(&self) -> usize {
        self.cluster.inspect(|world| world.guests.values().filter(|guest| guest.running.is_some()).count())
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if let Some(simulator) = self.simulator.take() {
            simulator.shutdown_background();
        }
    }
}

/// What the simulator counted.
pub(crate) struct Calls {
    pub(crate) reads: usize,
    pub(crate) writes: usize,
    /// Refusals and tasks that ended for a lock.
    pub(crate) lock_failures: usize,
}

pub(crate) fn template_on(node: &str) -> String {
    format!("debian-13-{node}")
}
