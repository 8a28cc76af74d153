//! How is the cluster, and what may our credential do there? Each endpoint, the nodes, the storages and the privileges.

use std::time::SystemTime;

use engine_api::{Check, Checkup, EngineError};
use serde_json::Value;

use crate::cluster::{Cluster, Permissions};
use crate::config::text_of;
use crate::guest::size;
use crate::preflight::has;
use crate::reader::{Node, Storage};

/// The oldest release whose API the engine was written for.
const MAJOR_MIN: u32 = 8;
const PAGE: &str = "docs/engines/proxmox.md has the whole list";

/// One privilege: on which path it is asked for, and what for. Without the last, no guest can be managed.
struct Privilege {
    name: &'static str,
    path: &'static str,
    only_for: Option<&'static str>,
}

const fn basic(name: &'static str, path: &'static str) -> Privilege {
    Privilege { name, path, only_for: None }
}

const fn only_for(what: &'static str, name: &'static str, path: &'static str) -> Privilege {
    Privilege { name, path, only_for: Some(what) }
}

/// Without it Proxmox VE leaves guests out of its lists, so that nothing is known.
const AUDIT: Privilege = basic("VM.Audit", "/vms");

/// The role of docs/engines/proxmox.md, without [`AUDIT`].
const ROLE: &[Privilege] = &[
    basic("VM.Allocate", "/vms"),
    basic("VM.Clone", "/vms"),
    basic("VM.Config.CDROM", "/vms"),
    basic("VM.Config.CPU", "/vms"),
    basic("VM.Config.Cloudinit", "/vms"),
    basic("VM.Config.Disk", "/vms"),
    basic("VM.Config.HWType", "/vms"),
    basic("VM.Config.Memory", "/vms"),
    basic("VM.Config.Network", "/vms"),
    basic("VM.Config.Options", "/vms"),
    basic("VM.PowerMgmt", "/vms"),
    basic("Datastore.AllocateSpace", "/storage"),
    basic("Datastore.Audit", "/storage"),
    basic("SDN.Use", "/sdn/zones"),
    basic("Sys.Audit", "/nodes"),
    only_for("`metadata.node`", "VM.Migrate", "/vms"),
    only_for("`snapshot_before`", "VM.Snapshot", "/vms"),
    only_for("`devices`", "Mapping.Use", "/mapping"),
    only_for("`packages`, `commands`, files and templates that are downloaded", "Datastore.AllocateTemplate", "/storage"),
    only_for("files", "Sys.AccessNetwork", "/nodes"),
    only_for("pools", "Pool.Allocate", "/pool"),
    only_for("pools", "Pool.Audit", "/pool"),
    only_for("networks, firewalls and privileged containers", "Sys.Modify", "/nodes"),
];

pub(crate) async fn checkup(cluster: &Cluster<'_>) -> Result<Checkup, EngineError> {
    let reader = cluster.reader;
    let (version, nodes, permissions) = tokio::try_join!(reader.version(), reader.nodes(), cluster.permissions())?;
    let mut checks = vec![release(&version)];
    let ways = reader.ways().await;
    checks.extend(ways.iter().map(|(url, answer)| of_way(url, answer.as_ref().err())));
    checks.extend(quorum(&reader.list("ask whether the cluster has a quorum", "/cluster/status", &[]).await?));
    checks.extend(privileges(permissions));
    for node in &nodes {
        checks.push(of_node(node));
        if node.is_online {
            // What one node does not tell is said, and hides nothing of the others.
            match reader.storages(&node.name).await {
                Ok(storages) => checks.extend(storages.iter().map(|storage| of_storage(node, storage))),
                Err(error) => checks.push(Check::warning(format!("the storages of `{}` are not known: {error}", node.name), "look at the node")),
            }
        }
    }
    let clock = ways.into_iter().find_map(|(_, answer)| answer.ok().flatten());
    let since = clock.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    Ok(Checkup { unix_time_s: since.and_then(|since| i64::try_from(since.as_secs()).ok()), checks })
}

fn of_way(url: &str, error: Option<&EngineError>) -> Check {
    match error {
        None => Check::ok(format!("{url} answers")).detail(),
        Some(error) => Check::warning(
            format!("{url} is of no use: {error}"),
            "bring the node back, or take it out of the endpoints; the others are used meanwhile",
        ),
    }
}

fn release(version: &str) -> Check {
    let major: Option<u32> = version.split('.').next().and_then(|major| major.parse().ok());
    match major {
        Some(major) if major < MAJOR_MIN => {
            Check::problem(format!("Proxmox VE {version} is older than what this engine is written for"), "update the cluster to 8 or 9")
        }
        Some(_) => Check::ok(format!("Proxmox VE {version} is one that this engine is written for")).detail(),
        None => Check::warning(format!("`{version}` is no version that this engine knows"), "see that it is 8 or 9"),
    }
}

/// A node alone says nothing of a quorum, and has one.
fn quorum(status: &[Value]) -> Option<Check> {
    let cluster = status.iter().find(|entry| entry.get("type").and_then(Value::as_str) == Some("cluster"))?;
    Some(match cluster.get("quorate").map(text_of).as_deref() {
        Some("0") => Check::problem("the cluster has no quorum, so that nothing can be changed", "bring its nodes back: `pvecm status` says which"),
        _ => Check::ok("the cluster has its quorum").detail(),
    })
}

fn privileges(permissions: &Permissions) -> Vec<Check> {
    let is_lacking = |privilege: &&Privilege| !has(permissions, privilege.path, privilege.name);
    let shown = |privilege: &Privilege| format!("`{}` on `{}`", privilege.name, privilege.path);
    let mut checks = Vec::new();
    if is_lacking(&&AUDIT) {
        let text = format!("the token or user lacks {}, so that guests are hidden from it and everything is unknown", shown(&AUDIT));
        checks.push(Check::problem(text, format!("give its role `{}`; {PAGE}", AUDIT.name)));
    }
    let (basic, special): (Vec<_>, Vec<_>) = ROLE.iter().filter(is_lacking).partition(|privilege| privilege.only_for.is_none());
    if !basic.is_empty() {
        let lacking: Vec<String> = basic.into_iter().map(shown).collect();
        let text = format!("the token or user lacks {}: steps on guests there that need it are refused", lacking.join(", "));
        checks.push(Check::warning(text, format!("give its role what is missing, if it is not given on narrower paths on purpose; {PAGE}")));
    } else if checks.is_empty() {
        checks.push(Check::ok("the credential may manage machines and containers"));
    }
    let not_given = special.into_iter().map(|privilege| format!("not given: {}, for {}", shown(privilege), privilege.only_for.unwrap_or_default()));
    checks.extend(not_given.map(|text| Check::ok(text).detail()));
    checks
}

fn of_node(node: &Node) -> Check {
    if !node.is_online {
        let text = format!("the node `{}` is offline, and what is on it is unknown", node.name);
        return Check::warning(text, "bring it back, or wait with plans for what is on it");
    }
    let memory = node.memory_free.map(|bytes| format!(", {} GiB of memory free", bytes / size::GIBIBYTE)).unwrap_or_default();
    Check::ok(format!("the node `{}` is online{memory}", node.name)).detail()
}

fn of_storage(node: &Node, storage: &Storage) -> Check {
    let content = storage.content.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let free = storage.bytes_free.map(|bytes| format!(", {} GiB free", bytes / size::GIBIBYTE)).unwrap_or_default();
    let activity = if storage.is_active { "" } else { ", not active" };
    Check::ok(format!("the storage `{}` of `{}` takes {content}{free}{activity}", storage.name, node.name)).detail()
}

#[cfg(test)]
mod tests {
    use engine_api::CheckState;

    use super::*;
    use crate::cluster::Privileges;

    fn granted(names: &[&str]) -> Permissions {
        let held: Privileges = names.iter().map(|name| ((*name).to_owned(), true)).collect();
        [("/".to_owned(), held.into())].into()
    }

    /// What the page tells people to give is what is looked for.
    #[test]
    fn the_role_of_the_page_is_enough_and_no_more_than_that_is_asked_for() {
        let page = include_str!("../../../docs/engines/proxmox.md");
        let (_, rest) = page.split_once("pveum role add Ipr --privs \"").expect("the page says how the role is made");
        let mut listed: Vec<&str> = rest.split('"').next().unwrap_or_default().split_whitespace().filter(|word| *word != "\\").collect();
        let checks = privileges(&granted(&listed));
        assert_eq!(checks, [Check::ok("the credential may manage machines and containers")]);
        let mut known: Vec<&str> = ROLE.iter().map(|privilege| privilege.name).chain([AUDIT.name]).collect();
        listed.sort_unstable();
        known.sort_unstable();
        assert_eq!(known, listed);
    }

    #[test]
    fn what_is_missing_weighs_as_much_as_it_hurts() {
        let rest = |without: &str| -> Vec<&str> {
            ROLE.iter().map(|privilege| privilege.name).chain([AUDIT.name]).filter(|name| *name != without).collect()
        };
        for (without, state) in [("VM.Audit", CheckState::Problem), ("VM.Allocate", CheckState::Warning), ("VM.Migrate", CheckState::Ok)] {
            let checks = privileges(&granted(&rest(without)));
            assert!(checks.iter().any(|check| check.state == state && check.text.contains(without)), "{checks:?}");
        }
    }

    #[test]
    fn old_releases_are_named() {
        let states = ["7.4-3", "8.0.4", "9.2.1", "beta"].map(|version| release(version).state);
        assert_eq!(states, [CheckState::Problem, CheckState::Ok, CheckState::Ok, CheckState::Warning]);
    }
}
