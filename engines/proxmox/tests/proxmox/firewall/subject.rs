//! What does the contract suite need of a firewall? A fresh one for every case, and hands that meddle with it.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{Alias, Firewall, IpSet, Proxmox, SecurityGroup};
use test_sim_proxmox::{ClockSource, Entry, Fault, FaultMatch, Group, IpSet as SimulatedSet, Rule};

use super::samples;
use crate::world::{OWNER, World};

pub(crate) struct FirewallSubject {
    pub(crate) world: World,
    samples: fn() -> Vec<Sample>,
}

impl FirewallSubject {
    pub(crate) async fn new() -> Self {
        Self::with(samples::all).await
    }

    async fn with(samples: fn() -> Vec<Sample>) -> Self {
        let subject = Self { world: World::new(ClockSource::default()).await, samples };
        subject.empty();
        subject
    }

    /// A machine, a container, and names that rules of the samples use.
    fn empty(&self) {
        self.world.reset();
        self.world.cluster.forget_faults();
        self.world.cluster.change(|world| {
            world.firewall = test_sim_proxmox::Firewall::default();
            world.nodes.values_mut().for_each(|node| node.firewall = test_sim_proxmox::Firewall::default());
            world.add_vm(100, "web-01", "pve1", true, &[("net0", "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1")]);
            world.firewall.groups.insert("base".to_owned(), Group::default());
            world.firewall.ip_sets.insert("office".to_owned(), SimulatedSet::default());
            world.firewall.aliases.insert("mail".to_owned(), entry(&[("name", "mail"), ("cidr", "10.0.0.5")]));
        });
    }
}

pub(crate) fn entry(options: &[(&str, &str)]) -> Entry {
    options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}

#[async_trait]
impl Subject for FirewallSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.world.engine()
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        let samples = self.samples();
        let all: [&'static dyn ResourceType; 4] = [&Firewall, &SecurityGroup, &IpSet, &Alias];
        all.into_iter().filter(|kind| samples.iter().any(|sample| sample.facts().name == kind.facts().name)).collect()
    }

    fn samples(&self) -> Vec<Sample> {
        (self.samples)()
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.empty();
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let by_hand: Rule = entry(&[("type", "in"), ("action", "DROP"), ("enable", "1"), ("comment", "by hand")]);
        self.world.cluster.change(|world| match (sample.object.as_str(), path) {
            ("edge", "specs.rules") => world.firewall.rules.swap(0, 1),
            ("edge", "specs.policy_in") => _ = world.firewall.options.insert("policy_in".to_owned(), "ACCEPT".to_owned()),
            ("edge-pve1", "specs.rules") => world.nodes.get_mut("pve1").unwrap().firewall.rules.push(by_hand),
            ("edge-web-01", "specs.dhcp") => _ = world.guests.get_mut(&100).unwrap().firewall.options.remove("dhcp"),
            ("web", "specs.rules") => world.firewall.groups.get_mut("web").unwrap().rules.insert(0, by_hand),
            ("web", "metadata.notes") => {
                let group = world.firewall.groups.get_mut("web").unwrap();
                group.comment = group.comment.take().map(|comment| comment.replace("Ask ops", "Ask me"));
            }
            ("trusted", "specs.members") => {
                _ = world.firewall.ip_sets.get_mut("trusted").unwrap().members.remove("10.1.0.0/16");
            }
            ("proxy", "specs.cidr") => _ = world.firewall.aliases.get_mut("proxy").unwrap().insert("cidr".to_owned(), "10.0.0.77".to_owned()),
            (object, path) => panic!("nobody changes `{path}` of `{object}` by hand"),
        });
    }

    async fn make_foreign(&self, sample: &Sample) {
        let name = sample.object.clone();
        let comment = Some("by hand".to_owned());
        self.world.cluster.change(|world| match sample.facts().name {
            "security-group" => _ = world.firewall.groups.insert(name, Group { comment, rules: Vec::new() }),
            "ip-set" => _ = world.firewall.ip_sets.insert(name, SimulatedSet { comment, ..SimulatedSet::default() }),
            "alias" => _ = world.firewall.aliases.insert(name.clone(), entry(&[("name", &name), ("cidr", "10.9.9.9"), ("comment", "by hand")])),
            other => panic!("a {other} is nobody's"),
        });
    }

    async fn hide(&self, _sample: &Sample) -> bool {
        let fault = Fault::StatusBefore(500, "cluster not ready - no quorum?".to_owned());
        self.world.cluster.fail(FaultMatch::new("GET", "/firewall/"), fault, 1_000);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        let sample = super::alias("proxy", "10.0.0.9");
        let create = async || {
            let wanted = bench.resolve(&sample, &sample.values).await;
            bench.plan(&sample, &wanted, None).await.expect("a step")
        };
        match kind {
            ErrorKind::Unreachable => {
                let mut options = self.world.options();
                options.endpoints = vec!["https://127.0.0.1:1".to_owned()];
                Proxmox::connect(options).unwrap().probe().await.err()
            }
            ErrorKind::Conflict => {
                let order = create().await;
                self.make_foreign(&sample).await;
                bench.carry_out(&order).await.err()
            }
            ErrorKind::Rejected => {
                let order = create().await;
                let refusal = Fault::StatusBefore(400, "Parameter verification failed.".to_owned());
                self.world.cluster.fail(FaultMatch::new("POST", "/cluster/firewall/aliases"), refusal, 1);
                bench.carry_out(&order).await.err()
            }
            _ => None,
        }
    }
}

impl Drop for FirewallSubject {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.world.cluster.unserved(), [""; 0]);
        }
    }
}

mod rulesets {
    use super::{FirewallSubject, samples};

    engine_api::contract_tests!(FirewallSubject::with(samples::rulesets).await);
}

mod names {
    use super::{FirewallSubject, samples};

    engine_api::contract_tests!(FirewallSubject::with(samples::names).await);
}
