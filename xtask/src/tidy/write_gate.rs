//! Can an engine change a target outside the gate? Only its writer may name the calls that change something.
//!
//! Engines read freely. A write goes through the gate, which journals it first, and the gate hands the call
//! to the engine's writer. So the methods that write are named in the writer's files and nowhere else.

use super::tree::{File, Tree};
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "write-gate", keeps: "every change of a target goes through the gate: only write*.rs or a `writer` module makes it", check };

/// The methods that change something, per engine. An engine without a line here is itself a finding.
const ENGINES: &[(&str, &[&str])] = &[
    // The interface reaches no target.
    ("engines/api", &[]),
    // It checks certificates and sends nothing.
    ("engines/tls", &[]),
    // It makes clients and reads answers; what is asked is up to the engines.
    ("engines/http", &[]),
    // Its world is in memory; the crash points of the contract suite count every change of it.
    ("engines/fake", &[]),
    ("engines/docker", DOCKER),
    ("engines/proxmox", PROXMOX),
    // Its client of the router's API has one method that sends what changes something; it demands a permit.
    ("engines/mikrotik", &["send_change"]),
    ("engines/ipmi", BMC),
];

/// The methods of bollard that are not pure reads.
const DOCKER: &[&str] = &[
    "build_image",
    "commit_container",
    "connect_network",
    "create_checkpoint",
    "create_config",
    "create_container",
    "create_exec",
    "create_image",
    "create_network",
    "create_secret",
    "create_service",
    "create_volume",
    "delete_checkpoint",
    "delete_config",
    "delete_secret",
    "delete_service",
    "disconnect_network",
    "import_image",
    "import_image_stream",
    "kill_container",
    "pause_container",
    "prune_build",
    "prune_containers",
    "prune_images",
    "prune_networks",
    "prune_volumes",
    "push_image",
    "remove_container",
    "remove_image",
    "remove_network",
    "remove_volume",
    "rename_container",
    "restart_container",
    "start_container",
    "start_exec",
    "stop_container",
    "tag_image",
    "unpause_container",
    "update_container",
    "update_service",
    "upload_to_container",
    "upload_to_container_streaming",
];

/// The only way in which its client changes something.
const PROXMOX: &[&str] = &["submit"];

/// The methods of a BMC's drivers that change something, and the three of the client for Redfish that send it. Each also demands
/// the permit.
const BMC: &[&str] = &[
    "clear_events",
    "eject_media",
    "identify",
    "insert_media",
    "put_account",
    "remove_account",
    "reset",
    "send_delete",
    "send_patch",
    "send_post",
    "set_addresses",
    "set_boot",
    "set_boot_order",
    "set_console",
    "set_network",
    "set_power",
    "set_power_restore",
    "set_settings",
    "set_time_servers",
];

/// What such a method may be called on elsewhere: the writer, whose methods demand a permit of the gate, and the calls that
/// get one from it.
const GUARDED: [&str; 3] = ["self.writer.", "task.calls.", "self.calls."];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = engines_without_a_line(tree);
    for (file, source) in tree.rust_files() {
        let Some(methods) = methods_refused_in(file) else {
            continue;
        };
        for method in methods {
            for position in words::positions(&source.code, method) {
                if is_called(&source.code[..position]) {
                    findings.push(Finding::new(file.place(&source.code, position), format!("`{method}` changes the target outside the writer")));
                }
            }
        }
    }
    findings
}

fn engines_without_a_line(tree: &Tree) -> Vec<Finding> {
    let known = |folder: &str| ENGINES.iter().any(|(engine, _)| *engine == folder);
    tree.packages
        .iter()
        .filter(|package| package.layer() == "engines" && !known(&package.folder))
        .map(|package| {
            let message = "this engine has no line in the table of xtask/src/tidy/write_gate.rs";
            Finding::new(&package.folder, message)
        })
        .collect()
}

fn methods_refused_in(file: &File) -> Option<&'static [&'static str]> {
    ENGINES.iter().find_map(|(engine, methods)| {
        let inner = file.path.strip_prefix(engine)?.strip_prefix("/src/")?;
        (!is_writer(inner)).then_some(*methods)
    })
}

/// A file `write*.rs`, or any file of a `writer` module.
fn is_writer(inner: &str) -> bool {
    let mut parts: Vec<&str> = inner.split('/').collect();
    let name = parts.pop().unwrap_or_default();
    name.starts_with("write") || parts.contains(&"writer")
}

/// A method call or a path to the method, not a function of our own with the same name.
fn is_called(before: &str) -> bool {
    let before = before.trim_end();
    (before.ends_with('.') || before.ends_with("::")) && !GUARDED.iter().any(|receiver| before.ends_with(receiver))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn a_call_through_the_gate_is_fine() {
        let text = "fn f() {\n    self.writer.create_container(permit, x);\n    task.calls.remove_network(y);\n}";
        assert!(check(&sample::file("engines/docker/src/apply/calls.rs", text)).is_empty());
    }

    #[test]
    fn a_write_outside_the_writer_is_found_in_any_spelling() {
        let text = "fn f() {\n    docker\n        .create_container(x);\n    Docker::remove_volume(d, y);\n}";
        let places: Vec<_> = check(&sample::file("engines/docker/src/observe.rs", text)).into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, ["engines/docker/src/observe.rs:3", "engines/docker/src/observe.rs:4"]);
    }

    #[test]
    fn the_writer_may_write() {
        for path in ["write.rs", "writer.rs", "write_network.rs", "writer/container.rs"] {
            let path = format!("engines/docker/src/{path}");
            assert_eq!(check(&sample::file(&path, "d.create_container(x)")), [], "{path}");
        }
    }

    #[test]
    fn reads_comments_and_names_of_our_own_are_fine() {
        let text = "// .create_container(x)\nfn create_container() { d.inspect_container(x) }";
        assert_eq!(check(&sample::file("engines/docker/src/observe.rs", text)), []);
        let tests = sample::file("engines/docker/tests/contract.rs", "d.create_container(x)");
        assert_eq!(check(&tests), []);
    }

    #[test]
    fn an_engine_nobody_wrote_a_line_for_is_found() {
        assert_eq!(check(&sample::packages(&[("engines/new", "engine-new", &[])])).len(), 1);
    }
}
