//! Does the engine keep the contract? The suite that every engine passes, on a real daemon.

use std::sync::Arc;

use async_trait::async_trait;
use bollard::models::{ContainerCreateBody, NetworkCreateRequest, VolumeCreateRequest};
use bollard::query_parameters::CreateContainerOptionsBuilder;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject, canary};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_docker::{Compute, Docker, DockerOptions, Network, Storage};
use serde_json::{Value, json};

use crate::canned::CannedServer;
use crate::fields_compute::free_port;
use crate::image;
use crate::proxy::Proxy;
use crate::table::Hand;
use crate::world::World;

struct DockerSubject {
    world: World,
    proxy: Proxy,
    types: Vec<&'static dyn ResourceType>,
    ports: [u16; 2],
    subnet: String,
}

impl DockerSubject {
    async fn new(world: World, types: &[&'static dyn ResourceType]) -> Self {
        image::load(&world.client, &world.image("other:1"), image::rich("other")).await;
        let subnet = world.free_subnet().await;
        Self { proxy: world.proxy(), world, types: types.to_vec(), ports: [free_port(), free_port()], subnet }
    }

    fn link(&self, name: &str) -> Value {
        json!({"resource": format!("suite.{name}"), "name": self.world.name(name)})
    }

    fn port(&self, index: usize) -> Value {
        json!([format!("127.0.0.1:{}:80/tcp", self.ports[index])])
    }

    fn compute(&self) -> Sample {
        let values = json!({"specs": {
            "image": self.world.plain_image(),
            "command": ["sleep", "5000"],
            "entrypoint": "exec sleep 5000",
            "env": {"PASSWORD": canary(), "DEBUG": "1", "PATH": "/bin:/opt"},
            "ports": self.port(0),
            "mounts": [{"storage": self.link("data"), "at": "/data"}],
            "networks": [self.link("front")],
            "restart": "always",
            "healthcheck": {"command": "true", "interval": 500, "timeout": 5_000, "start_period": 500, "retries": 12},
            "cpu": 250,
            "memory": 64 << 20,
            "labels": {"com.example.team": "shop"},
            "user": "1000",
            "workdir": "/data",
            "hostname": "shop-1",
        }});
        Sample::new(&Compute, self.world.name("shop"), values)
            .update("specs.image", json!(self.world.image("other:1")))
            .update("specs.command", json!("sleep 4000"))
            .update("specs.entrypoint", json!(["/bin/nice"]))
            .update("specs.env.DEBUG", json!("0"))
            .update("specs.env.PASSWORD", json!("not a secret any more"))
            .update("specs.ports", self.port(1))
            .update("specs.mounts", json!([{"host": "/etc", "at": "/data", "read_only": true}]))
            .update("specs.networks", json!([self.link("back")]))
            .update("specs.restart", json!("on-failure"))
            .update("specs.healthcheck.command", json!(["true"]))
            .update("specs.healthcheck.interval", json!(600))
            .update("specs.healthcheck.timeout", json!(6_000))
            .update("specs.healthcheck.start_period", json!(600))
            .update("specs.healthcheck.retries", json!(3))
            .update("specs.cpu", json!(500))
            .update("specs.memory", json!(32 << 20))
            .update("specs.labels.com.example.team", json!("web"))
            .update("specs.user", json!("1001"))
            .update("specs.workdir", json!("/app"))
            .update("specs.hostname", json!("other"))
            .unset("specs.command")
            .unset("specs.entrypoint")
            .unset("specs.env.DEBUG")
            .unset("specs.env.PATH")
            .unset("specs.ports")
            .unset("specs.mounts")
            .unset("specs.networks")
            .unset("specs.restart")
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
    }

    fn network(&self) -> Sample {
        let specs = json!({"internal": true, "attachable": true, "subnet": self.subnet, "labels": {"team": "shop"}});
        Sample::new(&Network, self.world.name("lan"), json!({"specs": specs}))
            .update("specs.internal", json!(false))
            .update("specs.attachable", json!(false))
            .update("specs.subnet", json!(self.subnet.replace("/24", "/25")))
            .update("specs.labels.team", json!("web"))
            .unset("specs.internal")
            .unset("specs.attachable")
            .unset("specs.subnet")
            .unset("specs.labels.team")
            .leave_out("specs.driver", "only `bridge` is on every engine")
            .by_hand("specs.internal")
    }

    /// A gateway needs its subnet, so that the two are not unset together.
    fn network_with_gateway(&self) -> Sample {
        let gateway = |last: &str| self.subnet.replace("0/24", last);
        let specs = json!({"subnet": self.subnet, "gateway": gateway("77")});
        Sample::new(&Network, self.world.name("gated"), json!({"specs": specs})).update("specs.gateway", json!(gateway("78"))).unset("specs.gateway")
    }

    fn storage(&self) -> Sample {
        let options = json!({"type": "tmpfs", "device": "tmpfs", "o": "size=1m"});
        Sample::new(&Storage, self.world.name("disk"), json!({"specs": {"options": options, "labels": {"team": "shop"}}}))
            .update("specs.options.o", json!("size=2m"))
            .update("specs.labels.team", json!("web"))
            .unset("specs.options.o")
            .unset("specs.labels.team")
            .leave_out("specs.driver", "only `local` is on every engine")
            .by_hand("specs.labels.team")
    }
}

#[async_trait]
impl Subject for DockerSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        self.world.engine_through(&self.proxy)
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        self.types.clone()
    }

    fn samples(&self) -> Vec<Sample> {
        let samples = [self.compute(), self.network(), self.network_with_gateway(), self.storage()];
        let samples = samples.into_iter().filter(|sample| self.types.iter().any(|kind| kind.facts().name == sample.facts().name));
        let facts =
            |sample: Sample| sample.leave_out("specs.name", "another name is another object").leave_out("metadata", "the record alone keeps it");
        samples.map(facts).collect()
    }

    fn owner_id(&self) -> String {
        self.world.owner.clone()
    }

    async fn remove_all(&self) {
        self.proxy.heal();
        self.world.remove_objects(&["front", "back", "data"]).await;
        for network in ["front", "back"] {
            if self.world.see("network", &self.world.name(network)).await.is_none() {
                let body = NetworkCreateRequest { name: self.world.name(network), ..Default::default() };
                self.world.client.create_network(body).await.unwrap();
            }
        }
        let body = VolumeCreateRequest { name: Some(self.world.name("data")), ..Default::default() };
        self.world.client.create_volume(body).await.unwrap();
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let hand = match path {
            "specs.restart" => Hand::Update(|body| body.restart_policy = crate::fields_compute::policy_no()),
            "specs.networks" => Hand::Reconnect(self.world.name("front"), self.world.name("back")),
            "specs.env.PASSWORD" => Hand::Container(|body| body.env.as_mut().unwrap().retain(|line| !line.starts_with("PASSWORD="))),
            "specs.internal" => Hand::Network(|body| body.internal = None),
            "specs.labels.team" => Hand::Volume(|body| body.labels.as_mut().unwrap().remove("team").unwrap().clear()),
            other => panic!("nobody changes `{other}` by hand"),
        };
        hand.apply(&self.world, &sample.object).await;
    }

    async fn make_foreign(&self, sample: &Sample) {
        let name = sample.object.clone();
        match sample.facts().name {
            "compute" => {
                let options = CreateContainerOptionsBuilder::default().name(&name).build();
                let body = ContainerCreateBody { image: Some(self.world.plain_image()), ..Default::default() };
                self.world.client.create_container(Some(options), body).await.unwrap();
                self.world.client.start_container(&name, None).await.unwrap();
            }
            "network" => {
                self.world.client.create_network(NetworkCreateRequest { name, ..Default::default() }).await.unwrap();
            }
            _ => {
                self.world.client.create_volume(VolumeCreateRequest { name: Some(name), ..Default::default() }).await.unwrap();
            }
        }
    }

    async fn hide(&self, sample: &Sample) -> bool {
        self.proxy.refuse(match sample.facts().name {
            "compute" => "/containers/json",
            "network" => "/networks",
            _ => "/volumes",
        });
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        match kind {
            ErrorKind::Unreachable => engine_at("/nowhere/docker.sock").probe().await.err(),
            ErrorKind::Rejected => bench.engine.resolve("compute", "registry.invalid/shop:1").await.err(),
            ErrorKind::Busy => CannedServer::answering(503, r#"{"message": "later"}"#).probe().await.err(),
            ErrorKind::Protocol => CannedServer::answering(200, "what?").probe().await.err(),
            ErrorKind::Unauthorised => CannedServer::answering(401, r#"{"message": "who are you?"}"#).probe().await.err(),
            ErrorKind::Timeout => CannedServer::silent().probe().await.err(),
            ErrorKind::Conflict | ErrorKind::NotFound => {
                let sample = self.compute();
                let wanted = bench.resolve(&sample, &sample.values).await;
                let order = bench.plan(&sample, &wanted, None).await.expect("a step");
                if kind == ErrorKind::Conflict {
                    self.make_foreign(&sample).await;
                } else {
                    self.world.remove_objects(&["front", "back"]).await;
                }
                bench.carry_out(&order).await.err()
            }
        }
    }
}

fn engine_at(path: &str) -> Docker {
    Docker::connect(DockerOptions::new(format!("unix://{path}"), "owner")).expect("good options")
}

// Two runs of the suite: containers take their time, and one test for everything would be a long one.

mod containers {
    use super::{Compute, DockerSubject, World};

    engine_api::contract_tests!(match World::new().await {
        Some(world) => DockerSubject::new(world, &[&Compute]).await,
        None => return,
    });
}

mod networks_and_volumes {
    use super::{DockerSubject, Network, Storage, World};

    engine_api::contract_tests!(match World::new().await {
        Some(world) => DockerSubject::new(world, &[&Network, &Storage]).await,
        None => return,
    });
}
