//! A simulated cluster with templates of containers, and what people do to containers by hand.

use std::sync::Arc;

use async_trait::async_trait;
use core_model::Secret;
use core_model::resource_type::ResourceType;
use engine_api::contract::{Bench, Sample, Subject};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_proxmox::{Container, Credential, Proxmox, ProxmoxOptions};
use test_sim_proxmox::{ClockSource, DiskSize};

use super::samples;
use crate::contract::hand;
use crate::world::{OWNER, World};

pub(crate) const TEMPLATE: &str = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";

pub(crate) struct ContainerSubject {
    pub(crate) world: World,
}

impl ContainerSubject {
    pub(crate) async fn new() -> Self {
        Self { world: World::new(ClockSource::default()).await }
    }

    /// As `root@pam` itself: some features are for nobody else.
    pub(crate) fn options(&self) -> ProxmoxOptions {
        self.world.options_with(Credential::new("root@pam", Secret::new("secret")).unwrap())
    }

    fn engine_with(&self, edit: impl FnOnce(&mut ProxmoxOptions)) -> Proxmox {
        let mut options = self.options();
        edit(&mut options);
        Proxmox::connect(options).unwrap()
    }
}

#[async_trait]
impl Subject for ContainerSubject {
    fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(self.engine_with(|_| {}))
    }

    fn types(&self) -> Vec<&'static dyn ResourceType> {
        vec![&Container]
    }

    fn samples(&self) -> Vec<Sample> {
        vec![samples::whole(self.world.port), samples::downloaded(), samples::cautious()]
    }

    fn owner_id(&self) -> String {
        OWNER.to_owned()
    }

    async fn remove_all(&self) {
        self.world.reset();
        self.world.cluster.change(|world| {
            for node in ["pve1", "pve2", "pve3"] {
                world.add_file(node, TEMPLATE, DiskSize(120 << 20));
            }
            let fast = world.storages.get_mut("fast").unwrap();
            fast.options.insert("content".to_owned(), "images,rootdir".to_owned());
        });
    }

    async fn change_by_hand(&self, sample: &Sample, path: &str) {
        let name = sample.object.as_str();
        match path {
            "specs.memory" => self.world.by_hand(name, |guest| hand(guest, "memory", |_| "3072".to_owned())),
            "specs.network.bridge" => self.world.by_hand(name, |guest| hand(guest, "net0", |card| card.replace("vmbr1", "vmbr0"))),
            "specs.mounts.mp0.read_only" => self.world.by_hand(name, |guest| hand(guest, "mp0", |mount| mount.replace(",ro=1", ""))),
            "metadata.tags" => self.world.by_hand(name, |guest| hand(guest, "tags", |tags| tags.replace("dns", "by-hand"))),
            "metadata.notes" => self.world.by_hand(name, |guest| hand(guest, "description", |text| text.replace("Ask ops first.", "Ask me."))),
            "specs.power" => self.world.by_hand(name, |guest| guest.running = None),
            "metadata.pool" => {
                let vmid = self.world.guest(name, |vmid, _| vmid);
                self.world.cluster.change(|world| world.pools.values_mut().for_each(|pool| pool.guests.retain(|guest| *guest != vmid)));
            }
            other => panic!("nobody changes `{other}` by hand"),
        }
    }

    async fn make_foreign(&self, sample: &Sample) {
        // What is adopted is the guest of the number that the blueprint says.
        let vmid = sample.values["specs"]["vmid"].as_u64().map_or(500, |vmid| u32::try_from(vmid).unwrap());
        self.world.cluster.change(|world| world.add_container(vmid, &sample.object, "pve1", true, &[("memory", "1024")]));
    }

    /// The node that has it is offline.
    async fn hide(&self, sample: &Sample) -> bool {
        let node = self.world.guest(&sample.object, |_, guest| guest.node.clone());
        self.world.cluster.change(|world| world.nodes.get_mut(&node).unwrap().online = false);
        true
    }

    async fn provoke(&self, kind: ErrorKind, bench: &Bench<'_>) -> Option<EngineError> {
        let sample = samples::downloaded();
        let create = async || {
            let wanted = bench.resolve(&sample, &sample.values).await;
            bench.plan(&sample, &wanted, None).await.expect("a step")
        };
        match kind {
            ErrorKind::Unreachable => self.engine_with(|options| options.endpoints = vec!["https://127.0.0.1:1".to_owned()]).probe().await.err(),
            ErrorKind::NotFound => bench.engine.resolve("container", "no-such-system").await.err(),
            ErrorKind::Busy => {
                let order = create().await;
                self.world.cluster.change(|world| world.quorate = false);
                bench.carry_out(&order).await.err()
            }
            ErrorKind::Conflict => {
                let order = create().await;
                self.make_foreign(&sample).await;
                bench.carry_out(&order).await.err()
            }
            _ => None,
        }
    }
}

impl Drop for ContainerSubject {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.world.cluster.unserved(), [""; 0]);
        }
    }
}
