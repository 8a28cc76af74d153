//! Who may come in, and what may they do?

use std::time::Duration;

use test_sim_proxmox::{AclEntry, Cluster, Token, User};

use crate::client::{Client, cluster};

fn with(cluster: &Cluster, authorization: &str) -> Client {
    Client::of(cluster, Some(authorization.to_owned()))
}

#[tokio::test]
async fn only_a_known_token_comes_in() {
    let (cluster, _) = cluster().await;
    let no_ticket = Client::of(&cluster, None).refused("GET", "/version", &[]).await;
    assert_eq!(no_ticket, (401, "No ticket".to_owned()));
    for (token, words) in [("root@pam!ci=wrong", "invalid token value!"), ("root@pam!other=x", "no such token"), ("nobody@pve!ci=x", "no such token")]
    {
        let answer = with(&cluster, &format!("PVEAPIToken={token}")).refused("GET", "/version", &[]).await;
        assert_eq!(answer, (401, words.to_owned()));
    }
}

#[tokio::test]
async fn a_ticket_needs_its_token_for_writes_and_ends_after_two_hours() {
    let (cluster, _) = cluster().await;
    let nobody = Client::of(&cluster, None);
    let wrong = nobody.refused("POST", "/access/ticket", &[("username", "root@pam"), ("password", "no")]).await;
    assert_eq!(wrong, (401, "authentication failure".to_owned()));
    let form = [("username", "root@pam"), ("password", "secret")];
    let session = nobody.ok("POST", "/access/ticket", &form).await;
    let ticket = session["ticket"].as_str().unwrap();
    let reader = Client::with_ticket(&cluster, ticket, None);
    reader.get("/version").await;
    assert_eq!(reader.refused("POST", "/pools", &[("poolid", "a")]).await, (401, "Permission denied - invalid csrf token".to_owned()));
    let writer = Client::with_ticket(&cluster, ticket, session["CSRFPreventionToken"].as_str());
    writer.ok("POST", "/pools", &[("poolid", "aa")]).await;
    cluster.advance(Duration::from_secs(7_000));
    let renewed = nobody.ok("POST", "/access/ticket", &[("username", "root@pam"), ("password", ticket)]).await;
    cluster.advance(Duration::from_secs(300));
    assert_eq!(reader.refused("GET", "/version", &[]).await, (401, "permission denied - invalid PVE ticket".to_owned()));
    Client::with_ticket(&cluster, renewed["ticket"].as_str().unwrap(), None).get("/version").await;
}

#[tokio::test]
async fn a_second_factor_gives_a_challenge_instead_of_a_ticket() {
    let (cluster, _) = cluster().await;
    let user = User { needs_second_factor: true, ..User::with_password("pw") };
    cluster.change(|world| world.users.insert("ann@pve".to_owned(), user));
    let nobody = Client::of(&cluster, None);
    let answer = nobody.ok("POST", "/access/ticket", &[("username", "ann@pve"), ("password", "pw")]).await;
    assert_eq!(answer["NeedTFA"], 1);
    let challenge = Client::with_ticket(&cluster, answer["ticket"].as_str().unwrap(), None);
    assert_eq!(challenge.refused("GET", "/version", &[]).await.0, 401);
}

/// A token of `ci@pve` with these roles on these paths.
fn limited(cluster: &Cluster, entries: &[(&str, &str)]) -> Client {
    cluster.change(|world| {
        world.users.insert("ci@pve".to_owned(), User::with_password("x"));
        world.tokens.insert("ci@pve!t".to_owned(), Token { secret: "s".to_owned(), separate: false });
        world.acl = entries
            .iter()
            .map(|(path, role)| AclEntry { path: (*path).to_owned(), who: "ci@pve".to_owned(), role: (*role).to_owned(), propagate: true })
            .collect();
    });
    with(cluster, "PVEAPIToken=ci@pve!t=s")
}

#[tokio::test]
async fn what_is_missing_is_named_with_its_path() {
    let (cluster, _) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[]));
    let config = "/nodes/pve1/qemu/100/config";
    let client = limited(&cluster, &[("/vms", "PVEVMUser")]);
    for (method, path, form, words) in [
        ("PUT", config, &[("cores", "2")][..], "(/vms/100, VM.Config.CPU)"),
        ("PUT", config, &[("scsi1", "local-lvm:1")], "(/vms/100, VM.Config.Disk)"),
        ("PUT", config, &[("net1", "virtio,bridge=vmbr0")], "(/vms/100, VM.Config.Network)"),
        ("DELETE", "/nodes/pve1/qemu/100", &[], "(/vms/100, VM.Allocate)"),
        ("POST", "/nodes/pve1/qemu/9000/clone", &[("newid", "101")], "(/vms/9000, VM.Clone)"),
        ("GET", "/cluster/status", &[], "(/, Sys.Audit)"),
        ("POST", "/pools", &[("poolid", "aa")], "(/pool/aa, Pool.Allocate)"),
        ("GET", "/nodes/pve1/network/vmbr0", &[], "(/nodes/pve1, Sys.Audit)"),
    ] {
        assert_eq!(client.refused(method, path, form).await, (403, format!("Permission check failed {words}")), "{method} {path}");
    }
    assert_eq!(client.refused("POST", "/nodes/pve1/qemu", &[("vmid", "101")]).await, (403, "Permission check failed".to_owned()));
    client.ok("PUT", config, &[("ciuser", "me")]).await;
    let client = limited(&cluster, &[("/vms", "PVEVMAdmin")]);
    for (form, words) in [([("startup", "order=1")], "(/, Sys.Modify)"), ([("hostpci0", "mapping=gpu")], "(/mapping/pci/gpu, Mapping.Use)")] {
        assert_eq!(client.refused("PUT", config, &form).await, (403, format!("Permission check failed {words}")));
    }
    let space = client.refused("PUT", config, &[("scsi1", "local-lvm:1")]).await;
    assert_eq!(space, (403, "Permission check failed (/storage/local-lvm, Datastore.AllocateSpace)".to_owned()));
    let bridge = client.refused("PUT", config, &[("net1", "virtio,bridge=vmbr0,tag=5")]).await;
    assert_eq!(bridge, (403, "Permission check failed (/sdn/zones/localnetwork/vmbr0/5, SDN.Use)".to_owned()));
}

#[tokio::test]
async fn lists_show_what_may_be_seen() {
    let (cluster, _) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[]));
    let client = limited(&cluster, &[("/vms/100", "PVEAuditor")]);
    let guests = client.get("/cluster/resources?type=vm").await;
    assert_eq!(guests.as_array().unwrap().iter().map(|row| row["vmid"].clone()).collect::<Vec<_>>(), [100]);
    assert_eq!(client.get("/storage").await, serde_json::json!([]));
    let permissions = client.get("/access/permissions").await;
    assert_eq!(permissions["/vms/100"]["VM.Audit"], 1);
    assert!(permissions.get("/vms/9000").is_none());
}

#[tokio::test]
async fn some_options_are_for_root_itself() {
    let (cluster, token) = cluster().await;
    cluster.change(|world| world.add_vm(100, "a", "pve1", false, &[]));
    let config = "/nodes/pve1/qemu/100/config";
    for (option, value, more) in [
        ("args", "-snapshot", ""),
        ("hookscript", "local:snippets/x", ""),
        ("lock", "backup", ""),
        ("affinity", "0-3", ""),
        ("serial0", "/dev/ttyS0", " for real devices"),
        ("usb0", "host=1234:5678", " for real devices"),
        ("hostpci0", "host=01:00.0", " for non-mapped devices"),
    ] {
        let answer = token.refused("PUT", config, &[(option, value)]).await;
        assert_eq!(answer, (500, format!("only root can set '{option}' config{more}")));
    }
    token.ok("PUT", config, &[("serial0", "socket")]).await;
    let session = Client::of(&cluster, None).ok("POST", "/access/ticket", &[("username", "root@pam"), ("password", "secret")]).await;
    let root = Client::with_ticket(&cluster, session["ticket"].as_str().unwrap(), session["CSRFPreventionToken"].as_str());
    root.ok("PUT", config, &[("args", "-snapshot")]).await;
}
