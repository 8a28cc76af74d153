//! A simulated cluster for one test, and the engine that is connected to it.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use core_model::Secret;
use engine_api::Engine;
use engine_proxmox::{Credential, Proxmox, ProxmoxOptions};
use engine_tls::Trust;
use test_sim_proxmox::{ClockSource, Cluster, ClusterOptions, DiskSize, Guest, Interface, Pool, Storage, Timing};

use crate::samples;

pub(crate) const OWNER: &str = "c0ffee01";
pub(crate) const TEMPLATE: u32 = 9_000;

pub(crate) struct World {
    pub(crate) cluster: Cluster,
    /// Something that answers on loopback, for gates.
    pub(crate) port: u16,
    _listener: TcpListener,
}

impl World {
    pub(crate) async fn new(clock: ClockSource) -> Self {
        let cluster = Cluster::start(ClusterOptions { clock, ..ClusterOptions::default() }).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let world = Self { cluster, port: listener.local_addr().unwrap().port(), _listener: listener };
        world.reset();
        world
    }

    /// Two templates, images, three storages, two bridges, two pools, and no machine.
    pub(crate) fn reset(&self) {
        self.cluster.change(|world| {
            world.timing = Timing::instant();
            world.quorate = true;
            for node in world.nodes.values_mut() {
                (node.online, node.silent) = (true, false);
                node.answers_directly = true;
                node.network_staged = None;
                node.network_needs.clear();
                node.direct_way_needs.clear();
                node.network.retain(|name, _| matches!(name.as_str(), "eno1" | "eno2" | "vmbr0"));
            }
            world.guests.clear();
            world.volumes.clear();
            world.ha.clear();
            world.pools.clear();
            for pool in ["prod", "dev"] {
                world.pools.insert(pool.to_owned(), Pool::default());
            }
            world.add_template(TEMPLATE, "debian-13", "pve1");
            world.add_template(TEMPLATE + 1, "debian-12", "pve1");
            world.storages.retain(|name, _| matches!(name.as_str(), "local" | "local-lvm"));
            world.storages.values_mut().for_each(|storage| storage.broken = false);
            let share = [("type", "nfs"), ("server", "nas"), ("export", "/share"), ("content", "iso,import,vztmpl")];
            world.storages.insert("share".to_owned(), Storage::new(&share));
            world
                .storages
                .insert("fast".to_owned(), Storage::new(&[("type", "lvmthin"), ("vgname", "fast"), ("thinpool", "data"), ("content", "images")]));
            for node in ["pve1", "pve2", "pve3"] {
                world.add_file(node, "local:import/ubuntu-24.04.qcow2", DiskSize(2 << 30));
                world.add_file(node, "local:import/ubuntu-22.04.qcow2", DiskSize(2 << 30));
                world.add_file(node, "local:iso/a.iso", DiskSize(1 << 20));
                world.add_file(node, "local:iso/b.iso", DiskSize(1 << 20));
                let bridge = Interface::new(&[("type", "bridge"), ("autostart", "1")]);
                world.nodes.get_mut(node).unwrap().network.insert("vmbr1".to_owned(), bridge);
            }
        });
        samples::offer_downloads(&self.cluster);
    }

    /// Changes the definition of a storage as a person would.
    pub(crate) fn storage_by_hand(&self, name: &str, path: &str) {
        let (option, text) = match path {
            "specs.content" => ("content", "rootdir,vztmpl"),
            "specs.disabled" => ("disable", "0"),
            "specs.shared" => ("shared", "0"),
            "specs.keep.last" => ("prune-backups", "keep-last=9,keep-hourly=4,keep-daily=7,keep-weekly=8,keep-monthly=6,keep-yearly=2"),
            other => panic!("nobody changes `{other}` by hand"),
        };
        self.cluster.change(|world| world.storages.get_mut(name).unwrap().options.insert(option.to_owned(), text.to_owned()));
    }

    pub(crate) fn options(&self) -> ProxmoxOptions {
        self.options_with(Credential::new(Cluster::TOKEN_ID, Secret::new(Cluster::TOKEN_SECRET)).unwrap())
    }

    pub(crate) fn options_with(&self, credential: Credential) -> ProxmoxOptions {
        let endpoints = vec![self.cluster.url_of("pve1"), self.cluster.url_of("pve2")];
        let mut options = ProxmoxOptions::new(endpoints, credential, Trust::Fingerprint(self.cluster.fingerprint().into()), OWNER);
        options.timeouts.poll = Duration::from_millis(1);
        options.disk_storage = Some("local-lvm".to_owned());
        options
    }

    pub(crate) fn engine(&self) -> Arc<dyn Engine> {
        Arc::new(Proxmox::connect(self.options()).unwrap())
    }

    /// Looks at the machine of that name.
    pub(crate) fn guest<T>(&self, name: &str, look: impl FnOnce(u32, &Guest) -> T) -> T {
        self.cluster.inspect(|world| {
            let (vmid, guest) = world.guests.iter().find(|(_, guest)| guest.name() == name).unwrap_or_else(|| panic!("there is no machine `{name}`"));
            look(*vmid, guest)
        })
    }

    /// Does something to the machine of that name, as a person would.
    pub(crate) fn by_hand(&self, name: &str, edit: impl FnOnce(&mut Guest)) {
        self.cluster.change(|world| edit(world.guests.values_mut().find(|guest| guest.name() == name).unwrap()));
    }

    pub(crate) fn option(&self, name: &str, option: &str) -> Option<String> {
        self.guest(name, |_, guest| guest.config.get(option).cloned())
    }
}
