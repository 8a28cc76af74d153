//! A fake target with samples of every type, for the contract suite.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_fake::{Fake, FakeTarget, Fault, Operation, container_types, types};
use serde_json::{Value, json};

pub(crate) struct FakeSubject {
    target: Arc<FakeTarget>,
    samples: Samples,
}

enum Samples {
    AllTypes,
    /// As another provider, with containers, networks and volumes alone.
    Containers(&'static str),
    /// A task that may be carried out once and leaves no trace.
    Once,
}

impl FakeSubject {
    pub(crate) fn new(target: Arc<FakeTarget>) -> Self {
        Self { target, samples: Samples::AllTypes }
    }

    pub(crate) fn for_containers(provider: &'static str) -> Self {
        Self::containers_on(FakeTarget::memory(), provider)
    }

    pub(crate) fn containers_on(target: Arc<FakeTarget>, provider: &'static str) -> Self {
        Self { target, samples: Samples::Containers(provider) }
    }

    pub(crate) fn once_on(target: Arc<FakeTarget>) -> Self {
        Self { target, samples: Samples::Once }
    }
}

#[async_trait]
impl Subject for FakeSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        // A daemon that ends takes its connections with it.
        self.target.drop_connections();
        match self.samples {
            Samples::Containers(provider) => Arc::new(Fake::for_containers(self.target.clone(), provider)),
            Samples::AllTypes | Samples::Once => Arc::new(Fake::new(self.target.clone())),
        }
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        match self.samples {
            Samples::Containers(provider) => container_types(provider),
            Samples::AllTypes | Samples::Once => types(),
        }
    }

    fn samples(&self) -> Vec<Sample> {
        match self.samples {
            Samples::Once => self.types().into_iter().filter(|kind| kind.facts().name == "task").map(once).collect(),
            Samples::AllTypes | Samples::Containers(_) => self.types().into_iter().map(sample).collect(),
        }
    }

    async fn remove_all(&self) {
        self.target.clear();
        for network in ["front", "back"] {
            self.target.make_foreign("network", network, &json!({"specs": {}}));
        }
        self.target.make_foreign("storage", "data", &json!({"specs": {}}));
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let (_, value) = sample.updates.iter().find(|(updated, _)| *updated == path).expect("a path with a new value");
        self.target.set_by_hand(sample.facts().name, &sample.object, path, value.clone());
    }

    async fn make_foreign(&self, sample: &Sample) {
        let required = match sample.facts().name {
            "compute" => json!({"specs": {"image": "somebody/elses:1"}}),
            "account" => json!({"specs": {"role": "administrator"}}),
            _ => json!({"specs": {}}),
        };
        self.target.make_foreign(sample.facts().name, &sample.object, &required);
    }

    async fn hide(&self, sample: &Sample) -> bool {
        self.target.add_gap(Some(sample.facts().name), Some(&sample.object), "the credential may not see it");
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        if kind == ErrorKind::Unreachable {
            self.target.go_away("the cable is unplugged");
            return bench.engine.probe().await.err();
        }
        let sample = self.samples().remove(0);
        let wanted = bench.resolve(&sample, &sample.values).await;
        let order = bench.plan(&sample, &wanted, None).await.expect("a step");
        self.target.inject(Fault::before(kind).on(Operation::Create));
        bench.carry_out(&order).await.err()
    }
}

fn link(name: &str) -> Value {
    json!({"resource": format!("suite.{name}"), "name": name})
}

fn sample(kind: &'static dyn ResourceType) -> Sample {
    let sample = match kind.facts().name {
        "compute" => compute(kind),
        "network" => network(kind),
        "storage" => storage(kind),
        "setting" => setting(kind),
        "rule" => rule(kind),
        "task" => task(kind),
        "account" => account(kind),
        other => panic!("there is no sample of `{other}`"),
    };
    sample.leave_out("specs.name", "another name is another object").leave_out("metadata", "the record alone keeps it")
}

fn compute(kind: &'static dyn ResourceType) -> Sample {
    let values = json!({"specs": {
        "image": "ghcr.io/acme/shop:1.4.2",
        "command": ["serve", "--all"],
        "entrypoint": "run",
        "env": {"PASSWORD": canary(), "DEBUG": "1", "PATH": "/opt/bin"},
        "ports": ["127.0.0.1:8081:80/tcp"],
        "mounts": [{"storage": link("data"), "at": "/data"}],
        "networks": [link("front")],
        "restart": "always",
        "healthcheck": {"command": "true", "interval": 5_000, "timeout": 1_000, "start_period": 500, "retries": 12},
        "cpu": 500,
        "memory": 1_073_741_824,
        "labels": {"com.example.team": "shop"},
        "user": "1000",
        "workdir": "/srv",
        "hostname": "shop-1",
    }});
    Sample::new(kind, "shop", values)
        .update("specs.image", json!("ghcr.io/acme/shop:1.4.3"))
        .update("specs.command", json!("serve"))
        .update("specs.entrypoint", json!(["run", "it"]))
        .update("specs.env.DEBUG", json!("0"))
        .update("specs.env.MORE", json!("yes"))
        .update("specs.env.PASSWORD", json!("not a secret any more"))
        .update("specs.ports", json!(["0.0.0.0:8082:80/tcp"]))
        .update("specs.mounts", json!([{"host": "/srv/shop", "at": "/data"}]))
        .update("specs.networks", json!([link("back"), link("front")]))
        .update("specs.restart", json!("on-failure"))
        .update("specs.healthcheck.command", json!(["false"]))
        .update("specs.healthcheck.interval", json!(6_000))
        .update("specs.healthcheck.timeout", json!(2_000))
        .update("specs.healthcheck.start_period", json!(600))
        .update("specs.healthcheck.retries", json!(3))
        .update("specs.cpu", json!(2_000))
        .update("specs.memory", json!(2_147_483_648_u64))
        .update("specs.labels.com.example.team", json!("web"))
        .update("specs.user", json!("1001"))
        .update("specs.workdir", json!("/opt"))
        .update("specs.hostname", json!("other"))
        .unset("specs.command")
        .unset("specs.entrypoint")
        .unset("specs.env.DEBUG")
        .unset("specs.env.PATH")
        .unset("specs.env.PASSWORD")
        .unset("specs.ports")
        .unset("specs.mounts")
        .unset("specs.networks")
        .unset("specs.restart")
        .unset("specs.healthcheck.command")
        .unset("specs.healthcheck.interval")
        .unset("specs.healthcheck.timeout")
        .unset("specs.healthcheck.start_period")
        .unset("specs.healthcheck.retries")
        .unset("specs.cpu")
        .unset("specs.memory")
        .unset("specs.labels.com.example.team")
        .unset("specs.user")
        .unset("specs.workdir")
        .unset("specs.hostname")
        .by_hand("specs.restart")
        .by_hand("specs.networks")
        .by_hand("specs.env.PASSWORD")
        .by_hand("specs.image")
}

fn network(kind: &'static dyn ResourceType) -> Sample {
    let specs = json!({
        "driver": "overlay", "internal": true, "attachable": true,
        "subnet": "10.5.0.0/24", "gateway": "10.5.0.1", "labels": {"team": "shop"},
    });
    Sample::new(kind, "lan", json!({"specs": specs}))
        .update("specs.driver", json!("macvlan"))
        .update("specs.internal", json!(false))
        .update("specs.attachable", json!(false))
        .update("specs.subnet", json!("10.5.0.0/25"))
        .update("specs.gateway", json!("10.5.0.2"))
        .update("specs.labels.team", json!("web"))
        .unset("specs.driver")
        .unset("specs.internal")
        .unset("specs.attachable")
        .unset("specs.subnet")
        .unset("specs.gateway")
        .unset("specs.labels.team")
        .by_hand("specs.internal")
}

fn storage(kind: &'static dyn ResourceType) -> Sample {
    Sample::new(kind, "disk", json!({"specs": {"driver": "nfs", "options": {"o": "ro"}, "labels": {"team": "shop"}}}))
        .update("specs.driver", json!("other"))
        .update("specs.options.o", json!("rw"))
        .update("specs.labels.team", json!("web"))
        .unset("specs.driver")
        .unset("specs.options.o")
        .unset("specs.labels.team")
        .by_hand("specs.labels.team")
}

fn setting(kind: &'static dyn ResourceType) -> Sample {
    let specs = json!({
        "zone": "Europe/Rome", "mode": "strict", "enabled": false, "limit": 7, "sampling": 250, "cache": 1_024,
        "retention": 1_000, "address": "10.0.0.1/24", "gateway": "10.0.0.254", "servers": ["10.0.0.3", "10.0.0.2"],
        "options": {"colour": "blue"},
    });
    Sample::new(kind, "system", json!({"specs": specs}))
        .update("specs.zone", json!("UTC"))
        .update("specs.mode", json!("standard"))
        .update("specs.enabled", json!(true))
        .update("specs.limit", json!(8))
        .update("specs.sampling", json!(500))
        .update("specs.cache", json!(2_048))
        .update("specs.retention", json!(2_000))
        .update("specs.address", json!("10.0.0.2/24"))
        .update("specs.gateway", json!("10.0.0.253"))
        .update("specs.servers", json!(["10.0.0.2", "10.0.0.3"]))
        .update("specs.options.colour", json!("red"))
        .unset("specs.zone")
        .unset("specs.mode")
        .unset("specs.enabled")
        .unset("specs.limit")
        .unset("specs.sampling")
        .unset("specs.cache")
        .unset("specs.retention")
        .unset("specs.address")
        .unset("specs.gateway")
        .unset("specs.servers")
        .unset("specs.options.colour")
        .by_hand("specs.zone")
        .by_hand("specs.mode")
        .by_hand("specs.servers")
}

fn rule(kind: &'static dyn ResourceType) -> Sample {
    let specs = json!({
        "chain": "input", "action": "accept", "from": "10.0.0.0/8", "to": "10.1.0.0/16", "ports": [443, 80], "position": 3, "log": true,
    });
    Sample::new(kind, "web", json!({"specs": specs}))
        .update("specs.chain", json!("output"))
        .update("specs.action", json!("drop"))
        .update("specs.from", json!("10.2.0.0/16"))
        .update("specs.to", json!("10.3.0.0/16"))
        .update("specs.ports", json!([22]))
        .update("specs.position", json!(4))
        .update("specs.log", json!(false))
        .unset("specs.chain")
        .unset("specs.from")
        .unset("specs.to")
        .unset("specs.ports")
        .unset("specs.position")
        .unset("specs.log")
        .by_hand("specs.action")
}

fn task(kind: &'static dyn ResourceType) -> Sample {
    Sample::new(kind, "node", json!({"specs": {"once": {"token": "debian-13", "reset": "cycle"}, "logged": true}}))
        .update("specs.once.token", json!("debian-14"))
        .update("specs.once.reset", json!("none"))
        .unset("specs.once.token")
        .unset("specs.once.reset")
        .leave_out("specs.logged", "without it the task cannot be carried out twice for nothing; it has tests of its own")
}

fn once(kind: &'static dyn ResourceType) -> Sample {
    Sample::new(kind, "node", json!({"specs": {"once": {"token": "debian-13", "reset": "cycle"}, "logged": false}}))
        .update("specs.once.token", json!("debian-14"))
}

fn account(kind: &'static dyn ResourceType) -> Sample {
    let specs = json!({"password": canary(), "role": "operator", "groups": ["ops", "web"], "contact": "ops@acme.example"});
    Sample::new(kind, "ops", json!({"specs": specs}))
        .update("specs.password", json!("another one"))
        .update("specs.role", json!("administrator"))
        .update("specs.groups", json!(["ops"]))
        .update("specs.contact", canary())
        .unset("specs.role")
        .unset("specs.groups")
        .unset("specs.contact")
        .by_hand("specs.role")
}
