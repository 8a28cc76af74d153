//! What does the contract suite need of a router? A fresh one for every case, and hands that meddle with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use core_model::Secret;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_mikrotik::{Mikrotik, MikrotikOptions, Place, Security, SshLogin, SshOptions, Timeouts, types};
use test_sim_routeros::{Fault, FaultMatch, Router, RouterOptions, Version};

use crate::samples::{Group, Hand};

pub(crate) const OWNER: &str = "c0ffee01";

/// A simulated router of one version.
pub(crate) struct RouterSubject {
    version: Version,
    group: Group,
    router: Mutex<Router>,
}

/// How the engine reaches a simulated router.
pub(crate) fn options(router: &Router) -> MikrotikOptions {
    let address = router.api_address();
    MikrotikOptions {
        places: vec![Place { host: address.ip().to_string(), port: address.port() }],
        security: Security::Plain,
        user: router.user().to_owned(),
        password: Secret::new(router.password()),
        owner_id: OWNER.to_owned(),
        ssh: Some(SshOptions {
            port: router.ssh_address().port(),
            user: router.user().to_owned(),
            host_key: router.ssh_fingerprint().parse().unwrap(),
            login: SshLogin::Password(Secret::new(router.password())),
        }),
        timeouts: Timeouts { answer: Duration::from_secs(10), reach: Duration::from_secs(5), ..Timeouts::default() },
    }
}

/// What the samples link to: two bridges, a routing table, a queue, instances and areas of OSPF.
pub(crate) async fn furnished(version: Version) -> Router {
    let router = Router::start(RouterOptions { version, ..RouterOptions::default() }).await.unwrap();
    for bridge in ["bridge", "bridge2"] {
        router.add("/interface/bridge", &[("name", bridge)]).unwrap();
    }
    router.add("/routing/table", &[("name", "wan"), ("fib", "")]).unwrap();
    router.add("/queue/simple", &[("name", "all"), ("target", "10.0.0.0/8")]).unwrap();
    for instance in ["v2", "other"] {
        router.add("/routing/ospf/instance", &[("name", instance)]).unwrap();
    }
    for area in ["backbone", "edge"] {
        router.add("/routing/ospf/area", &[("name", area), ("instance", "v2")]).unwrap();
    }
    router
}

impl RouterSubject {
    pub(crate) async fn start(version: Version, group: Group) -> Self {
        Self { version, group, router: Mutex::new(furnished(version).await) }
    }

    pub(crate) fn router(&self) -> Router {
        self.router.lock().unwrap().clone()
    }

    /// An engine that loses its patience soon.
    async fn impatient(&self, bench: &Bench<'_>, sample: &Sample) -> Option<EngineError> {
        let mut options = options(&self.router());
        options.timeouts.answer = Duration::from_secs(2);
        let engine: Arc<dyn Engine> = Arc::new(Mikrotik::new(options).unwrap());
        let wanted = bench.resolve(sample, &sample.values).await;
        let order = bench.plan(sample, &wanted, None).await.unwrap();
        self.router().fault(FaultMatch::command("/ip/pool/add"), Fault::SilenceBefore, 1);
        let gate = bench.gate(&order.step.digest, &bench.journal, &engine_api::contract::HeldLease);
        let domain = engine.lock_domain(&order.step);
        engine.open(&domain, std::slice::from_ref(&order), &gate).await.unwrap();
        engine.apply(&order, &gate).await.err()
    }
}

fn dhcp() -> Sample {
    Group::Services.samples(Version::V7_24).into_iter().find(|sample| sample.facts().name == "dhcp").unwrap()
}

#[async_trait]
impl Subject for RouterSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(Mikrotik::new(options(&self.router())).unwrap())
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        let samples = self.group.samples(self.version);
        let has_sample = |kind: &&'static dyn ResourceType| samples.iter().any(|sample| sample.facts().name == kind.facts().name);
        types().into_iter().filter(has_sample).collect()
    }

    fn samples(&self) -> Vec<Sample> {
        self.group.samples(self.version)
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        let fresh = furnished(self.version).await;
        *self.router.lock().unwrap() = fresh;
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        Hand { router: &self.router() }.change(sample, path);
    }

    async fn make_foreign(&self, sample: &Sample) {
        Hand { router: &self.router() }.make(sample);
    }

    async fn hide(&self, sample: &Sample) -> bool {
        let menu = Hand::menu(sample);
        self.router().fault(FaultMatch::command(&format!("{menu}/print")), Fault::TrapBefore("not enough permissions (9)".to_owned()), 1_000);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        let trap = |text: &str| Fault::TrapBefore(text.to_owned());
        let fault = match kind {
            ErrorKind::Unreachable => {
                self.router().stop().await;
                return bench.engine.probe().await.err();
            }
            ErrorKind::Unauthorised => {
                self.router().fault(FaultMatch::command("/login"), trap("invalid user name or password (6)"), 1);
                return bench.engine.probe().await.err();
            }
            ErrorKind::Timeout => {
                let sample = dhcp();
                return self.impatient(bench, &sample).await;
            }
            ErrorKind::NotFound => trap("no such item (4)"),
            ErrorKind::Conflict => trap("failure: pool with such name exists"),
            ErrorKind::Rejected => trap("unknown parameter bogus"),
            ErrorKind::Busy => trap("action timed out - try again, if error continues contact MikroTik support"),
            ErrorKind::Protocol => Fault::Garbage,
        };
        let sample = dhcp();
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.unwrap();
        self.router().fault(FaultMatch::command("/ip/pool/add"), fault, 1);
        bench.carry_out(&order).await.err()
    }
}
