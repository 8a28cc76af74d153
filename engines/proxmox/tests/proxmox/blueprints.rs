//! Do blueprints say what the tables take? The seed form as it is written, the example of the page, and what is imported.

use core_config::{Files, load};
use core_model::resource_type::Registry;
use core_model::state::{DesiredResource, DesiredState};
use engine_api::contract::Sample;
use engine_proxmox::types;
use serde_json::json;
use test_sim_proxmox::{Interface, Pool, Storage};

use crate::containers::ContainerSubject;
use crate::contract::ProxmoxSubject;
use crate::rig::{bench, bring, plan};

const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  lab: {id: lab, targets: {proxmox: pve}, values: {ops_key: "ssh-ed25519 AAAA ops@example"}}
"#;

pub(crate) fn desired(blueprint: &str) -> DesiredState {
    let files = [("ipr.yaml", SETTINGS), ("blueprints/machines.yaml", blueprint)];
    let files = Files::from(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())));
    let mut loaded = load(&files, &Registry::new(types()));
    let messages: Vec<String> = loaded.diagnostics.iter().chain(&loaded.not_yet).map(|diagnostic| diagnostic.render(&loaded.sources)).collect();
    assert_eq!(messages, [""; 0], "{blueprint}");
    loaded.repository.environments.pop_first().unwrap().1.desired
}

/// What a blueprint asks for, as samples of the suite.
pub(crate) fn samples(blueprint: &str) -> Vec<Sample> {
    samples_of(desired(blueprint))
}

fn samples_of(desired: DesiredState) -> Vec<Sample> {
    let known = types();
    let kind = |name: &str| *known.iter().find(|kind| kind.facts().name == name).unwrap();
    let sample = |wanted: &DesiredResource| Sample::new(kind(&wanted.type_name), wanted.object.clone(), json!(wanted.values));
    desired.resources.into_values().map(|wanted| Sample { address: wanted.address.clone(), ..sample(&wanted) }).collect()
}

const SEED: &str = r#"
version: "1.0"
name: machines
resources:
  - type: compute
    name: web-01
    provider: proxmox
    specs:
      cpu: 4
      memory: 8GB
      storage: 100GB
      os: debian-13
    metadata:
      node: pve2
      pool: prod
"#;

#[tokio::test]
async fn the_seed_form_works_as_it_is_written() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let samples = samples(SEED);
    let (_, record) = bring(&bench, &samples[0], None).await;
    assert_eq!(record.pins["specs.os"].answer, "template:9000");
    let seen = subject.world.guest("web-01", |vmid, guest| (vmid, guest.node.clone(), guest.is_running()));
    assert_eq!((seen.1.as_str(), seen.2), ("pve2", true));
    let options = ["cores", "memory"].map(|option| subject.world.option("web-01", option));
    assert_eq!(options, [Some("4".to_owned()), Some("8192".to_owned())]);
    assert!(subject.world.option("web-01", "scsi0").is_some_and(|disk| disk.contains("size=100G")));
    assert!(subject.world.cluster.inspect(|world| world.pools["prod"].guests.contains(&seen.0)));
}

/// Each shipped template, as the shipped blueprint uses it, makes its machine.
#[tokio::test]
async fn the_lab_is_made_from_the_shipped_templates() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let templates = std::fs::read_dir(root.join("templates")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_ours = |path: &String| std::fs::read_to_string(root.join(path)).unwrap().contains("provider: proxmox");
    let templates: Vec<String> = templates.filter(|name| name.ends_with(".yaml")).map(|name| format!("templates/{name}")).filter(is_ours).collect();
    let paths = templates.iter().map(String::as_str).chain(["ipr.yaml", "blueprints/lab.yaml"]);
    let files: Files = paths.map(|path| (path.to_owned(), std::fs::read(root.join(path)).unwrap())).collect();
    let mut loaded = load(&files, &Registry::new(types()));
    let lab = loaded.repository.environments.remove(&"lab".parse::<core_model::Name>().unwrap()).unwrap().desired;
    assert_eq!(lab.resources.len(), templates.len(), "each template has its machine in the example");
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| _ = world.pools.insert("lab".to_owned(), Pool::default()));
    for sample in samples_of(lab) {
        let (order, _) = plan(&bench, &sample, None).await.unwrap();
        assert_eq!(bench.engine.preflight(std::slice::from_ref(&order.step)).await.unwrap(), []);
        bring(&bench, &sample, None).await;
    }
}

#[tokio::test]
async fn the_example_of_the_page_is_taken() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let samples = samples(include_str!("machines.yaml"));
    assert_eq!(samples.iter().map(|sample| sample.object.as_str()).collect::<Vec<_>>(), ["db-01", "web-01"]);
    for sample in &samples {
        let wanted = bench.resolve(sample, &sample.values).await;
        assert_eq!(wanted.pins["specs.os"].answer, "template:9000");
    }
}

#[tokio::test]
async fn the_containers_of_the_page_are_made() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    let samples = samples(include_str!("containers.yaml"));
    assert_eq!(samples.iter().map(|sample| sample.object.as_str()).collect::<Vec<_>>(), ["cache-01", "dns-01"]);
    for sample in &samples {
        assert_eq!(sample.kind.validate(&bench.maker.desired(sample, &sample.values)), []);
        bring(&bench, sample, None).await;
    }
    let dns = ["hostname", "rootfs", "features"].map(|option| subject.world.option("dns-01", option).unwrap_or_default());
    assert!(dns[0] == "dns-01" && dns[1].contains("size=8G") && dns[2] == "nesting=1", "{dns:?}");
    assert!(subject.world.option("cache-01", "mp0").is_some_and(|mount| mount.contains("mp=/var/cache/apt-cacher-ng") && mount.contains("size=50G")));
}

#[tokio::test]
async fn an_imported_container_plans_to_nothing() {
    let subject = ContainerSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        let options = [
            ("cores", "4"),
            ("cpulimit", "2.5"),
            ("memory", "4096"),
            ("swap", "0"),
            ("onboot", "1"),
            ("startup", "order=2,up=10"),
            ("tags", "mail;old"),
            ("description", "Ask ${somebody} first: \"mail\"\nSecond line."),
            ("net0", "name=eth0,bridge=vmbr1,hwaddr=BC:24:11:00:00:09,tag=30,ip=10.0.0.2/24,gw=10.0.0.1,ip6=auto,type=veth"),
            ("net3", "name=wan,bridge=vmbr0,hwaddr=bc:24:11:00:00:0a,firewall=1,link_down=1,rate=1.5,ip=manual,type=veth"),
            ("mp1", "local-lvm:vm-300-disk-7,mp=/srv,size=2G,backup=1,ro=1"),
            ("mp2", "local-lvm:vm-300-disk-8,mp=/odd,size=1500M"),
            ("mp3", "/mnt/tank,mp=/tank"),
            ("nameserver", "10.0.0.1 10.0.0.3"),
            ("features", "nesting=1,mount=nfs;cifs"),
            ("cmode", "shell"),
            ("timezone", "host"),
        ];
        world.add_container(300, "Mail.example", "pve2", true, &options);
        world.add_container(301, "plain", "pve1", false, &[]);
        world.guests.get_mut(&301).unwrap().config.remove("unprivileged");
        world.add_container(302, "base", "pve1", false, &[("template", "1")]);
        world.add_vm(303, "a-machine", "pve1", false, &[]);
    });
    let text = bench.engine.import().await.unwrap();
    let samples = samples(&text);
    assert_eq!(samples.iter().filter(|sample| sample.facts().name == "container").count(), 2, "{text}");
    assert!(text.contains("unprivileged: false") && text.contains("type: compute"), "{text}");
    for sample in samples {
        let findings = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        let wanted = bench.resolve(&sample, &sample.values).await;
        bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "after it was imported").await;
    }
}

/// Defaults of the blueprint are for the types that know them, and references say the order.
#[tokio::test]
async fn the_example_of_networks_and_pools_is_taken() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    let blueprint = include_str!("networks.yaml");
    let samples = samples(blueprint);
    let names: Vec<&str> = samples.iter().map(|sample| sample.object.as_str()).collect();
    assert_eq!(names, ["pve1/vmbr2", "production", "production/shop", "pve1/vmbr0.20", "web-01"]);
    let waits: Vec<String> = desired(blueprint).resources.into_values().next_back().unwrap().depends_on.iter().map(ToString::to_string).collect();
    assert_eq!(waits, ["networks.guests", "networks.shop"]);
    for sample in samples {
        assert!(sample.kind.validate(&bench.maker.desired(&sample, &sample.values)).is_empty());
        bring(&bench, &sample, None).await;
    }
}

/// What is imported loads, and nothing of it differs from what is there.
#[tokio::test]
async fn what_was_imported_plans_to_nothing() {
    let subject = ProxmoxSubject::new().await;
    let bench = bench(&subject).await;
    subject.world.cluster.change(|world| {
        let options = [
            ("cores", "4"),
            ("sockets", "2"),
            ("cpulimit", "2.5"),
            ("cpu", "host,flags=+aes"),
            ("memory", "4096"),
            ("balloon", "1024"),
            ("agent", "1,fstrim_cloned_disks=1"),
            ("onboot", "1"),
            ("startup", "order=2,up=10"),
            ("tags", "mail;old"),
            ("description", "Ask ${somebody} first: \"mail\"\nSecond line."),
            ("net1", "e1000=BC:24:11:00:00:09,bridge=vmbr1,tag=30,firewall=1,link_down=1,rate=1.5"),
            ("ipconfig0", "ip=10.0.0.2/24,gw=10.0.0.1"),
            ("nameserver", "10.0.0.1 10.0.0.3"),
            ("sshkeys", "ssh-ed25519%20AAAA%20ops%40example%0A"),
            ("hotplug", "network,disk,usb,memory"),
            ("numa", "1"),
            ("scsihw", "lsi"),
            ("ostype", "win11"),
            ("ide0", "local:iso/a.iso,media=cdrom"),
        ];
        world.add_vm(300, "Mail.example", "pve2", true, &options);
        world.add_vm(301, "plain", "pve1", false, &[]);
        let theirs = Pool { comment: "Whose: \"${x}\"\nSecond line.".to_owned(), storages: ["fast".to_owned()].into(), ..Pool::default() };
        let vlan = [("type", "vlan"), ("cidr", "10.0.20.3/24"), ("cidr6", "fd00::3/64"), ("mtu", "1400"), ("comments", "Theirs:\n#1")];
        let node = world.nodes.get_mut("pve3").unwrap();
        node.network.insert("eno1.20".to_owned(), Interface::new(&vlan));
        let aware = [("bridge_vlan_aware", "1"), ("bridge_vids", "10 100-200"), ("bridge_ports", "eno2")];
        node.network.get_mut("vmbr1").unwrap().options.extend(Interface::new(&aware).options);
        world.pools.insert("prod/Web_1".to_owned(), theirs);
    });
    subject.world.cluster.change(|world| {
        let smb = [("type", "cifs"), ("server", "10.0.0.9"), ("share", "a b"), ("username", "ops"), ("prune-backups", "keep-last=3,keep-daily=0")];
        let backups = [("type", "pbs"), ("server", "pbs"), ("datastore", "main"), ("nodes", "pve2,pve1"), ("prune-backups", "keep-all=1")];
        let unknown = [("type", "esxi"), ("server", "old"), ("username", "root")];
        for (name, options) in [("SMB_1", &smb[..]), ("backups", &backups), ("plain", &[("type", "dir"), ("path", "/srv")]), ("esx", &unknown)] {
            world.storages.insert(name.to_owned(), Storage::new(options));
        }
    });
    let text = bench.engine.import().await.unwrap();
    let samples = samples(&text);
    let mut names: Vec<&str> = samples.iter().filter(|sample| sample.facts().name != "storage").map(|sample| sample.object.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Mail.example",
            "dev",
            "plain",
            "prod",
            "prod/Web_1",
            "pve1/vmbr0",
            "pve1/vmbr1",
            "pve2/vmbr0",
            "pve2/vmbr1",
            "pve3/eno1.20",
            "pve3/vmbr0",
            "pve3/vmbr1"
        ],
        "{text}"
    );
    let count = |name: &str| samples.iter().filter(|sample| sample.facts().name == name).count();
    assert_eq!((count("compute"), count("storage")), (2, 7), "{text}");
    for sample in samples {
        let findings = sample.kind.validate(&bench.maker.desired(&sample, &sample.values));
        assert!(findings.is_empty(), "{findings:?}\n{text}");
        let wanted = bench.resolve(&sample, &sample.values).await;
        bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), "after it was imported").await;
    }
}
