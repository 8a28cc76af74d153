//! Is what a privilege does not reach unknown, and never absent?

use engine_api::contract::Sample;
use serde_json::json;
use test_sim_proxmox::AclEntry;

use crate::contract::ProxmoxSubject;
use crate::networks::network;
use crate::rig::{bench, machine};
use crate::samples::storage;
use crate::wire::{documented_privileges, log_in_as_ipr};

/// The role is given on `/`, and another one that shows nothing on one path: what is there is left out of every list.
#[tokio::test]
async fn what_one_path_hides_is_a_gap() {
    let samples: [(&str, Sample); 6] = [
        ("/pool", Sample::new(&engine_proxmox::Pool, "hidden", json!({}))),
        ("/pool/hidden", Sample::new(&engine_proxmox::Pool, "hidden", json!({}))),
        ("/storage/hidden", storage("hidden", json!({"specs": {"kind": "dir", "path": "/srv/a"}}))),
        ("/sdn/zones/localnetwork", network("pve1/vmbr9", json!({"kind": "bridge"}))),
        ("/sdn/zones/localnetwork/vmbr9", network("pve1/vmbr9", json!({"kind": "bridge"}))),
        ("/vms/105", machine("web-01", json!({"specs": {"os": "debian-13"}}))),
    ];
    for (path, sample) in samples {
        let subject = ProxmoxSubject::new().await;
        let mut bench = bench(&subject).await;
        bench.engine = std::sync::Arc::new(log_in_as_ipr(&subject.world, documented_privileges()));
        let gaps = async |bench: &engine_api::contract::Bench<'_>| bench.observe(&[&sample]).await.gaps.len();
        assert_eq!(gaps(&bench).await, 0, "{path}");
        subject.world.cluster.change(|world| {
            world.roles.insert("Blind".to_owned(), ["Sys.Console".to_owned()].into());
            let blind = |who: &str| AclEntry { path: path.to_owned(), who: who.to_owned(), role: "Blind".to_owned(), propagate: true };
            world.acl.extend(["ipr@pve", "ipr@pve!daemon"].map(blind));
        });
        assert_ne!(gaps(&bench).await, 0, "{path}");
    }
}
