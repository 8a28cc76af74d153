//! One walk through every method that the simulator serves.

use test_sim_proxmox::{Cluster, DiskSize, RequestRecord, Storage};

use crate::client::{Client, cluster};

const NODE: &str = "/nodes/pve1";
const VM: &str = "/nodes/pve1/qemu/100";
const CT: &str = "/nodes/pve1/lxc/200";
const IMAGE: &str = "https://images.example/debian-13.qcow2";

/// Calls everything at least once with success, and answers what was said.
pub(crate) async fn run() -> Vec<RequestRecord> {
    let (cluster, client) = cluster().await;
    seed(&cluster);
    about_the_cluster(&client).await;
    storages_and_files(&client).await;
    machine(&cluster, &client).await;
    copies(&client).await;
    container(&client).await;
    pools_and_ha(&client).await;
    node_network(&client).await;
    for scope in ["/cluster/firewall", "/nodes/pve1/firewall", "/nodes/pve1/qemu/100/firewall", "/nodes/pve1/lxc/200/firewall"] {
        firewall(&client, scope).await;
    }
    the_end(&client).await;
    assert_eq!(cluster.unserved(), [""; 0]);
    cluster.requests()
}

fn seed(cluster: &Cluster) {
    cluster.change(|world| {
        world.add_file("pve1", "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst", DiskSize(130 << 20));
        world.add_file("pve1", "local:iso/debian-13.iso", DiskSize(700 << 20));
        world.downloads.insert(IMAGE.to_owned(), 3 << 30);
        world.storages.insert("ceph".to_owned(), Storage::new(&[("type", "rbd"), ("content", "images,rootdir"), ("pool", "rbd")]));
    });
}

async fn about_the_cluster(client: &Client) {
    client.ok("POST", "/access/ticket", &[("username", "root@pam"), ("password", "secret")]).await;
    client.ok("POST", "/access/users", &[("userid", "ci@pve"), ("enable", "1")]).await;
    client.ok("PUT", "/access/acl", &[("path", "/vms"), ("users", "ci@pve"), ("roles", "PVEVMAdmin")]).await;
    client.ok("PUT", "/cluster/options", &[("next-id", "lower=100,upper=500")]).await;
    for path in ["/version", "/access/permissions", "/access/users", "/access/acl", "/access/roles", "/cluster/status", "/cluster/resources"] {
        client.get(path).await;
    }
    for path in ["/cluster/nextid", "/cluster/options", "/cluster/ha/status/current", "/nodes", "/nodes/pve1/status", "/nodes/pve1/version"] {
        client.get(path).await;
    }
}

async fn storages_and_files(client: &Client) {
    client.ok("POST", "/storage", &[("storage", "extra"), ("type", "dir"), ("path", "/srv/extra"), ("content", "images,iso")]).await;
    client.ok("PUT", "/storage/extra", &[("content", "images,iso,rootdir")]).await;
    client.get("/storage").await;
    client.get("/storage/extra").await;
    client.get(&format!("{NODE}/storage")).await;
    client.get(&format!("{NODE}/storage/local/status")).await;
    let download = [("url", IMAGE), ("content", "import"), ("filename", "debian-13.qcow2")];
    assert_eq!(client.task("POST", &format!("{NODE}/storage/local/download-url"), &download).await, "OK");
    client.ok("GET", &format!("{NODE}/query-url-metadata"), &[("url", IMAGE)]).await;
    let upid = client.upload(&format!("{NODE}/storage/local/upload"), "iso", "seed.iso", b"hello").await;
    assert_eq!(client.end_of(&upid).await, "OK");
    client.get(&format!("{NODE}/storage/local/content")).await;
    client.get(&format!("{NODE}/storage/local/content/local:iso/seed.iso")).await;
    assert_eq!(client.task("DELETE", &format!("{NODE}/storage/local/content/local:iso%2Fseed.iso"), &[]).await, "OK");
    client.ok("POST", &format!("{NODE}/storage/extra/content"), &[("vmid", "300"), ("filename", "300/vm-300-disk-0.raw"), ("size", "1G")]).await;
    client.get(&format!("{NODE}/aplinfo")).await;
    let template = [("storage", "local"), ("template", "alpine-3.22-default_20250617_amd64.tar.xz")];
    assert_eq!(client.task("POST", &format!("{NODE}/aplinfo"), &template).await, "OK");
}

async fn machine(cluster: &Cluster, client: &Client) {
    let form = [
        ("vmid", "100"),
        ("name", "web"),
        ("cores", "2"),
        ("memory", "1024"),
        ("agent", "1"),
        ("ostype", "l26"),
        ("scsihw", "virtio-scsi-single"),
        ("scsi0", "local-lvm:0,import-from=local:import/debian-13.qcow2,discard=on"),
        ("ide2", "local-lvm:cloudinit"),
        ("efidisk0", "local-lvm:1,efitype=4m"),
        ("net0", "virtio,bridge=vmbr0,firewall=1"),
        ("ciuser", "ops"),
        ("ipconfig0", "ip=dhcp"),
        ("tags", "Web;prod"),
    ];
    assert_eq!(client.task("POST", &format!("{NODE}/qemu"), &form).await, "OK");
    for path in ["config", "pending", "cloudinit", "cloudinit/dump?type=user", "status/current", "migrate", "feature?feature=snapshot", "snapshot"] {
        client.get(&format!("{VM}/{path}")).await;
    }
    client.get(&format!("{NODE}/qemu")).await;
    assert_eq!(client.task("POST", &format!("{VM}/status/start"), &[]).await, "OK");
    client.ok("PUT", &format!("{VM}/config"), &[("ciuser", "admin"), ("cores", "4"), ("cpulimit", "2")]).await;
    client.get(&format!("{VM}/pending")).await;
    client.get(&format!("{VM}/config")).await;
    client.get(&format!("{VM}/cloudinit")).await;
    client.ok("PUT", &format!("{VM}/cloudinit"), &[]).await;
    client.ok("POST", &format!("{VM}/agent/ping"), &[]).await;
    client.get(&format!("{VM}/agent/network-get-interfaces")).await;
    for verb in ["suspend", "resume", "reset", "reboot"] {
        assert_eq!(client.task("POST", &format!("{VM}/status/{verb}"), &[]).await, "OK", "{verb}");
    }
    assert!(cluster.settle(), "the machine is started again after its reboot");
    for verb in ["shutdown", "start", "stop"] {
        assert_eq!(client.task("POST", &format!("{VM}/status/{verb}"), &[]).await, "OK", "{verb}");
    }
    assert_eq!(client.task("POST", &format!("{VM}/config"), &[("scsi1", "local-lvm:2")]).await, "OK");
    assert_eq!(client.task("PUT", &format!("{VM}/resize"), &[("disk", "scsi1"), ("size", "+1G")]).await, "OK");
    assert_eq!(client.task("POST", &format!("{VM}/move_disk"), &[("disk", "scsi1"), ("storage", "ceph"), ("delete", "1")]).await, "OK");
    client.ok("PUT", &format!("{VM}/unlink"), &[("idlist", "scsi1")]).await;
    assert_eq!(client.task("POST", &format!("{VM}/snapshot"), &[("snapname", "before")]).await, "OK");
    client.get(&format!("{VM}/snapshot")).await;
    client.get(&format!("{VM}/snapshot/before/config")).await;
    assert_eq!(client.task("POST", &format!("{VM}/snapshot/before/rollback"), &[]).await, "OK");
    assert_eq!(client.task("DELETE", &format!("{VM}/snapshot/before"), &[]).await, "OK");
}

async fn copies(client: &Client) {
    assert_eq!(client.task("POST", &format!("{VM}/clone"), &[("newid", "101"), ("storage", "ceph"), ("full", "1")]).await, "OK");
    assert_eq!(client.task("POST", "/nodes/pve1/qemu/101/migrate", &[("target", "pve2")]).await, "OK");
    assert_eq!(client.task("POST", "/nodes/pve2/qemu/101/template", &[]).await, "OK");
    assert_eq!(client.task("DELETE", "/nodes/pve2/qemu/101", &[("purge", "1")]).await, "OK");
}

async fn container(client: &Client) {
    let form = [
        ("vmid", "200"),
        ("ostemplate", "local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst"),
        ("hostname", "ct"),
        ("rootfs", "local-lvm:2"),
        ("mp0", "local-lvm:1,mp=/data"),
        ("net0", "name=eth0,bridge=vmbr0,ip=dhcp"),
        ("unprivileged", "1"),
        ("cores", "1"),
    ];
    assert_eq!(client.task("POST", &format!("{NODE}/lxc"), &form).await, "OK");
    for path in ["config", "pending", "status/current", "migrate", "feature?feature=snapshot", "snapshot", "interfaces"] {
        client.get(&format!("{CT}/{path}")).await;
    }
    client.get(&format!("{NODE}/lxc")).await;
    client.ok("PUT", &format!("{CT}/config"), &[("memory", "1024")]).await;
    for verb in ["start", "reboot", "shutdown", "start", "stop"] {
        assert_eq!(client.task("POST", &format!("{CT}/status/{verb}"), &[]).await, "OK", "{verb}");
    }
    assert_eq!(client.task("PUT", &format!("{CT}/resize"), &[("disk", "rootfs"), ("size", "3G")]).await, "OK");
    assert_eq!(client.task("POST", &format!("{CT}/move_volume"), &[("volume", "mp0"), ("storage", "ceph")]).await, "OK");
    assert_eq!(client.task("POST", &format!("{CT}/snapshot"), &[("snapname", "one")]).await, "OK");
    assert_eq!(client.task("POST", &format!("{CT}/snapshot/one/rollback"), &[]).await, "OK");
    assert_eq!(client.task("DELETE", &format!("{CT}/snapshot/one"), &[]).await, "OK");
    assert_eq!(client.task("POST", &format!("{CT}/clone"), &[("newid", "201"), ("full", "1"), ("storage", "ceph")]).await, "OK");
    assert_eq!(client.task("POST", "/nodes/pve1/lxc/201/migrate", &[("target", "pve2")]).await, "OK");
    client.ok("POST", "/nodes/pve2/lxc/201/template", &[]).await;
    assert_eq!(client.task("DELETE", "/nodes/pve2/lxc/201", &[("purge", "1")]).await, "OK");
}

async fn pools_and_ha(client: &Client) {
    client.ok("POST", "/pools", &[("poolid", "prod"), ("comment", "c")]).await;
    client.ok("PUT", "/pools", &[("poolid", "prod"), ("vms", "100"), ("storage", "local-lvm")]).await;
    client.get("/pools").await;
    client.get("/pools?poolid=prod").await;
    client.get("/pools/prod").await;
    client.get("/cluster/resources").await;
    client.ok("PUT", "/pools/prod", &[("vms", "100"), ("storage", "local-lvm"), ("delete", "1")]).await;
    client.ok("DELETE", "/pools", &[("poolid", "prod")]).await;
    client.ok("POST", "/pools", &[("poolid", "second")]).await;
    client.ok("DELETE", "/pools/second", &[]).await;
    client.ok("POST", "/cluster/ha/resources", &[("sid", "vm:100"), ("state", "stopped")]).await;
    client.get("/cluster/ha/resources").await;
    client.get("/cluster/ha/resources/vm:100").await;
    client.get("/cluster/ha/status/current").await;
    client.get("/cluster/resources?type=vm").await;
    client.ok("PUT", "/cluster/ha/resources/vm:100", &[("comment", "x")]).await;
    client.ok("DELETE", "/cluster/ha/resources/vm:100", &[]).await;
}

async fn node_network(client: &Client) {
    let network = format!("{NODE}/network");
    client.get(&network).await;
    client.ok("POST", &network, &[("iface", "vmbr10"), ("type", "bridge"), ("autostart", "1"), ("bridge_vlan_aware", "1")]).await;
    client.ok("PUT", &format!("{network}/vmbr10"), &[("type", "bridge"), ("cidr", "10.1.0.1/24")]).await;
    client.get(&network).await;
    client.get(&format!("{network}/vmbr10")).await;
    assert_eq!(client.task("PUT", &network, &[]).await, "OK");
    client.ok("DELETE", &format!("{network}/vmbr10"), &[]).await;
    client.ok("DELETE", &network, &[]).await;
}

async fn firewall(client: &Client, scope: &str) {
    let path = |rest: &str| format!("{scope}/{rest}");
    client.ok("PUT", &path("options"), &[("enable", "1")]).await;
    client.get(&path("options")).await;
    let rule = [("type", "in"), ("action", "ACCEPT"), ("proto", "tcp"), ("dport", "22"), ("enable", "1"), ("comment", "ssh")];
    client.ok("POST", &path("rules"), &rule).await;
    client.ok("PUT", &path("rules/0"), &[("dport", "2222")]).await;
    client.get(&path("rules")).await;
    client.get(&path("rules/0")).await;
    client.ok("DELETE", &path("rules/0"), &[]).await;
    if scope == "/nodes/pve1/firewall" {
        return;
    }
    if scope == "/cluster/firewall" {
        client.get(&path("macros")).await;
        client.ok("POST", &path("groups"), &[("group", "webs"), ("comment", "c")]).await;
        client.get(&path("groups")).await;
        client.ok("POST", &path("groups/webs"), &rule).await;
        client.get(&path("groups/webs")).await;
        client.get(&path("groups/webs/0")).await;
        client.ok("PUT", &path("groups/webs/0"), &[("dport", "443")]).await;
        client.ok("DELETE", &path("groups/webs/0"), &[]).await;
        client.ok("DELETE", &path("groups/webs"), &[]).await;
    }
    client.ok("POST", &path("aliases"), &[("name", "office"), ("cidr", "10.0.0.0/24")]).await;
    client.get(&path("aliases")).await;
    client.get(&path("aliases/office")).await;
    client.ok("PUT", &path("aliases/office"), &[("cidr", "10.0.1.0/24")]).await;
    client.ok("DELETE", &path("aliases/office"), &[]).await;
    client.ok("POST", &path("ipset"), &[("name", "trusted")]).await;
    client.get(&path("ipset")).await;
    client.ok("POST", &path("ipset/trusted"), &[("cidr", "10.2.0.0/16"), ("comment", "c")]).await;
    client.get(&path("ipset/trusted")).await;
    client.get(&path("ipset/trusted/10.2.0.0%2F16")).await;
    client.ok("PUT", &path("ipset/trusted/10.2.0.0%2F16"), &[("nomatch", "1")]).await;
    client.ok("DELETE", &path("ipset/trusted/10.2.0.0/16"), &[]).await;
    client.ok("DELETE", &path("ipset/trusted"), &[]).await;
}

async fn the_end(client: &Client) {
    assert_eq!(client.task("DELETE", VM, &[("purge", "1"), ("destroy-unreferenced-disks", "1")]).await, "OK");
    assert_eq!(client.task("DELETE", CT, &[]).await, "OK");
    client.ok("DELETE", "/storage/extra", &[]).await;
    client.get(&format!("{NODE}/tasks")).await;
    client.get("/cluster/tasks").await;
    let upid = client.ok("POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "102"), ("full", "1")]).await;
    let path = format!("{NODE}/tasks/{}", upid.as_str().unwrap().replace(':', "%3A"));
    client.get(&format!("{path}/log")).await;
    client.ok("DELETE", &path, &[]).await;
    assert_eq!(client.end_of(upid.as_str().unwrap()).await, "clone failed: interrupted by signal");
    client.get(&format!("{path}/log")).await;
}
