//! What is on the simulated Proxmox cluster, what is done to it by hand, and how does it fail?

use std::collections::BTreeSet;

use test_sim_proxmox::{
    AclEntry, ClockSource, Cluster, ClusterOptions, DiskSize, Fault, FaultMatch, Guest, Pool, Storage, Timing, Token, User, Volume, VolumeKey, World,
};

/// What the daemon's configuration and the stories call it.
pub(crate) const TARGET: &str = "pve-main";
/// Where the daemon finds the secret of its token.
pub(crate) const TOKEN_VARIABLE: &str = "IPR_PVE_TOKEN";
pub(crate) const TOKEN: &str = "5a0e7c1b-9d42-4f6e-8a33-c7b1f0d2e694";
const USER: &str = "ipr@pve";
const TOKEN_ID: &str = "ipr@pve!daemon";
const ROLE: &str = "Ipr";
/// What the page of the engine tells people to give the token, and no more.
const PAGE: &str = include_str!("../../../docs/engines/proxmox.md");
/// Nobody's certificate.
const OTHER_FINGERPRINT: [u8; 32] = [0xAB; 32];
const NODES: [&str; 3] = ["pve1", "pve2", "pve3"];

/// Which certificate the daemon's configuration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificate {
    Known,
    Another,
}

/// A cluster of three nodes, each with local disks: a template `debian-13`, an image, a second storage, a pool, and a token
/// with the role of the engine's page.
#[derive(Debug)]
pub struct Pve {
    cluster: Cluster,
    certificate: Certificate,
}

/// One machine as it stands.
#[derive(Debug, Clone)]
pub struct Machine {
    pub vmid: u32,
    pub guest: Guest,
}

impl Machine {
    /// An option of its configuration; empty where it is not set.
    pub fn option(&self, name: &str) -> &str {
        self.guest.config.get(name).map_or("", String::as_str)
    }

    /// The value that it runs with; empty where it does not run.
    pub fn running(&self, name: &str) -> String {
        self.guest.running.as_ref().and_then(|running| running.config.get(name).cloned()).unwrap_or_default()
    }
}

impl Pve {
    pub(crate) async fn start(certificate: Certificate) -> Self {
        // A look at a task moves the clock: no story waits for what takes minutes.
        let options = ClusterOptions { clock: ClockSource::Stepped(2_000), ..ClusterOptions::default() };
        let cluster = Cluster::start(options).await.expect("a cluster can be started on 127.0.0.1");
        cluster.change(furnish);
        Self { cluster, certificate }
    }

    /// The target's part of the daemon's configuration.
    pub(crate) fn configuration(&self, owner_id: &str, repository: &str) -> String {
        let fingerprint = match self.certificate {
            Certificate::Known => self.fingerprint(),
            Certificate::Another => shown(OTHER_FINGERPRINT),
        };
        format!(
            r#"  {TARGET}:
    provider: proxmox
    endpoint: {}
    other_endpoints: [{}, {}]
    user: {TOKEN_ID}
    password: {{env: {TOKEN_VARIABLE}}}
    fingerprint: "{fingerprint}"
    owner_id: {owner_id}
    settings: {{disk_storage: local-lvm}}
    repositories: [{repository}]
    environments: [prod]
"#,
            self.cluster.url_of("pve1"),
            self.cluster.url_of("pve2"),
            self.cluster.url_of("pve3"),
        )
    }

    /// The simulator itself, for what has no word here.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The fingerprint of the nodes' certificate.
    pub fn fingerprint(&self) -> String {
        shown(self.cluster.fingerprint())
    }

    /// The names of all machines that are no templates.
    pub fn machines(&self) -> Vec<String> {
        self.cluster.inspect(|world| {
            let machines = world.guests.values().filter(|guest| !guest.is_template());
            let mut names: Vec<String> = machines.map(|guest| guest.name().to_owned()).collect();
            names.sort();
            names
        })
    }

    /// The one machine of this name.
    pub fn machine(&self, name: &str) -> Machine {
        let mut named = self.cluster.inspect(|world| {
            let named = world.guests.iter().filter(|(_, guest)| guest.name() == name);
            named.map(|(vmid, guest)| Machine { vmid: *vmid, guest: guest.clone() }).collect::<Vec<_>>()
        });
        assert_eq!(named.len(), 1, "there is one machine `{name}`; there are {:?}", self.machines());
        named.remove(0)
    }

    /// Somebody does something to a machine without us.
    pub fn by_hand(&self, name: &str, edit: impl FnOnce(&mut Guest)) {
        let vmid = self.machine(name).vmid;
        self.cluster.change(|world| world.guests.get_mut(&vmid).map(edit));
    }

    /// Somebody migrates a machine without us, with its disks.
    pub fn migrate_by_hand(&self, name: &str, node: &str) {
        let Machine { vmid, guest } = self.machine(name);
        self.cluster.change(|world| {
            let is_local = |key: &VolumeKey, volume: &Volume| volume.vmid == Some(vmid) && key.node.as_ref() == Some(&guest.node);
            for (key, volume) in std::mem::take(&mut world.volumes) {
                let place = if is_local(&key, &volume) { Some(node.to_owned()) } else { key.node.clone() };
                world.volumes.insert(VolumeKey { node: place, ..key }, volume);
            }
            world.guests.get_mut(&vmid).expect("the machine is there").node = node.to_owned();
        });
    }

    /// Every machine as people see it, a line each: without what another run would choose otherwise, such as the salt of a
    /// password and the number in a volume's name.
    pub fn shape(&self) -> String {
        let shown = |(name, value): (&String, &String)| match value.split_once(',') {
            _ if matches!(name.as_str(), "cipassword" | "meta" | "smbios1" | "vmgenid") => format!("{name}=•"),
            Some((volume, rest)) if volume.contains("-disk-") => format!("{name}={}:•,{rest}", volume.split(':').next().unwrap_or_default()),
            _ => format!("{name}={value}"),
        };
        let line = |guest: &Guest| {
            let options: Vec<String> = guest.config.iter().map(shown).collect();
            format!("{} {} {} {:?}", guest.node, guest.is_running(), options.join(" "), guest.pending.keys().collect::<Vec<_>>())
        };
        self.cluster.inspect(|world| world.guests.values().map(line).collect::<Vec<_>>().join("\n"))
    }

    /// How many tasks of a kind there were, `qmclone`.
    pub fn tasks(&self, kind: &str) -> usize {
        self.cluster.inspect(|world| world.tasks_of(kind).count())
    }

    /// How many requests came in that change something.
    pub fn writes(&self) -> usize {
        self.cluster.requests().iter().filter(|request| request.is_write()).count()
    }

    /// Lets the next such request go wrong: `POST /clone`.
    pub fn break_next(&self, fault: Fault, request: &str) {
        let (method, path) = request.split_once(' ').expect("a request is a method and a part of a path");
        self.cluster.fail(FaultMatch::new(method, path), fault, 1);
    }

    /// Takes privileges from the daemon's role.
    pub fn revoke(&self, privileges: &[&str]) {
        self.cluster.change(|world| {
            let role = world.roles.get_mut(ROLE).expect("the daemon's role exists");
            assert!(privileges.iter().all(|revoked| role.iter().any(|privilege| privilege == revoked)), "the role has them: {role:?}");
            role.retain(|privilege| !privileges.contains(&privilege.as_str()));
        });
    }

    /// Somebody makes the token anew and forgets to tell the daemon.
    pub fn renew_token(&self) {
        self.cluster.change(|world| world.tokens.insert(TOKEN_ID.to_owned(), token("00000000-0000-4000-8000-000000000000")));
    }

    /// Switches all nodes off, or on again.
    pub fn set_power(&self, is_on: bool) {
        self.cluster.change(|world| world.nodes.values_mut().for_each(|node| node.online = is_on));
    }

    pub(crate) fn faults_left(&self) -> usize {
        self.cluster.faults_left() as usize
    }

    /// What must hold at the end of every story: nothing is there twice, and nothing is left behind.
    pub(crate) fn assert_tidy(&self) {
        assert_eq!(self.cluster.unserved(), [""; 0], "requests that the simulator does not serve");
        self.cluster.inspect(|world| {
            let locked: Vec<_> = world.guests.iter().filter(|(_, guest)| guest.config.contains_key("lock")).map(|(vmid, _)| vmid).collect();
            assert!(locked.is_empty(), "these are locked: {locked:?}");
            assert_eq!(orphans(world), [""; 0], "volumes that no guest has");
            let names: Vec<&str> = world.guests.values().map(Guest::name).collect();
            let different: BTreeSet<&str> = names.iter().copied().collect();
            assert_eq!(different.len(), names.len(), "a machine is there twice: {names:?}");
        });
    }
}

/// `AB:CD:...`
pub(crate) fn shown(fingerprint: [u8; 32]) -> String {
    fingerprint.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// Disks that no configuration names.
fn orphans(world: &World) -> Vec<String> {
    let used: BTreeSet<String> = world.guests.values().flat_map(Guest::volumes).collect();
    let volumes = world.volumes.iter().map(|(key, volume)| (format!("{}:{}", key.storage, key.name), volume));
    volumes.filter(|(name, volume)| volume.content == "images" && !used.contains(name)).map(|(name, _)| name).collect()
}

fn furnish(world: &mut World) {
    world.timing = Timing::instant();
    world.add_template(9_000, "debian-13", "pve1");
    let thin = [("type", "lvmthin"), ("vgname", "fast"), ("thinpool", "data"), ("content", "images")];
    world.storages.insert("fast".to_owned(), Storage::new(&thin));
    world.pools.insert("production".to_owned(), Pool::default());
    for node in NODES {
        world.add_file(node, "local:import/ubuntu-24.04.qcow2", DiskSize(2 << 30));
    }
    world.users.insert(USER.to_owned(), User { enabled: true, ..User::default() });
    world.tokens.insert(TOKEN_ID.to_owned(), token(TOKEN));
    world.roles.insert(ROLE.to_owned(), privileges_of_the_page());
    for who in [USER, TOKEN_ID] {
        world.acl.push(AclEntry { path: "/".to_owned(), who: who.to_owned(), role: ROLE.to_owned(), propagate: true });
    }
}

/// With privileges of its own.
fn token(secret: &str) -> Token {
    Token { secret: secret.to_owned(), separate: true }
}

fn privileges_of_the_page() -> Vec<String> {
    let (_, rest) = PAGE.split_once("pveum role add Ipr --privs \"").expect("the page says how the role is made");
    let (list, _) = rest.split_once('"').expect("the list of privileges ends");
    list.split_whitespace().filter(|word| *word != "\\").map(str::to_owned).collect()
}
