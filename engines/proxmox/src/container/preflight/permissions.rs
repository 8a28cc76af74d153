//! Which privileges does a step on a container need, and what is for `root@pam` alone? Proxmox VE says no at the call; this says
//! it in the plan.

use std::collections::BTreeMap;

use core_model::plan::{FieldChange, Problem, Step};
use serde_json::Value;

use crate::config::Config;
use crate::guest::permissions;
use crate::guest::preflight::wanted;
use crate::preflight::{Need, makes, problem};
use crate::reader::Guest;

/// Which privilege a change of a field needs (pve-container LXC.pm, check_ct_modify_config_perm). The first that fits.
const BY_FIELD: &[(&str, &str)] = &[
    ("specs.cpu", "VM.Config.CPU"),
    ("specs.memory", "VM.Config.Memory"),
    ("specs.swap", "VM.Config.Memory"),
    ("specs.storage", "VM.Config.Disk"),
    ("specs.mounts", "VM.Config.Disk"),
    ("specs.name", "VM.Config.Network"),
    ("specs.network", "VM.Config.Network"),
    ("specs.networks", "VM.Config.Network"),
    ("specs.dns", "VM.Config.Network"),
    ("specs.features", "VM.Allocate"),
    ("specs.timezone", "VM.Config.Options"),
    ("specs.console", "VM.Config.Options"),
    ("specs.onboot", "VM.Config.Options"),
    ("specs.startup", "VM.Config.Options"),
    ("specs.protection", "VM.Config.Options"),
    ("specs.power", "VM.PowerMgmt"),
    ("metadata.tags", "VM.Config.Options"),
    ("metadata.notes", "VM.Config.Options"),
    ("metadata.node", "VM.Migrate"),
];

/// Privileges, each with the paths of which one is enough, and with the fields that ask for it.
pub(super) fn needed(step: &Step, guest: Option<&Guest>) -> BTreeMap<Need, Vec<String>> {
    let mut needed = permissions::needed(step, guest, BY_FIELD, "specs.mounts.");
    if makes(step) && is_privileged(step, None) {
        needed.entry((vec!["/".to_owned()], "Sys.Modify")).or_default().push("specs.unprivileged".to_owned());
    }
    needed
}

fn is_privileged(step: &Step, config: Option<&Config>) -> bool {
    let said = wanted(step).get("specs.unprivileged").and_then(Value::as_bool);
    let is_unprivileged = config.map_or(said, |config| Some(config.is_set("unprivileged")));
    is_unprivileged == Some(false)
}

/// Features that only `root@pam` itself can change, by a password: a token of it is somebody else to Proxmox VE.
pub(super) fn for_root(step: &Step, config: Option<&Config>, is_root: bool) -> Vec<Problem> {
    let is_privileged = is_privileged(step, config);
    let is_asked = |change: &&FieldChange| {
        let is_nothing = matches!(&change.after, Value::Bool(false) | Value::Null) || change.after.as_array().is_some_and(Vec::is_empty);
        change.path.starts_with("specs.features.") && !(makes(step) && is_nothing)
    };
    let is_for_root = |change: &&FieldChange| is_privileged || change.path != "specs.features.nesting";
    let changes = step.changes.iter().filter(is_asked).filter(is_for_root).filter(|_| !is_root);
    let whose = if is_privileged { "of a privileged container" } else { "of a container" };
    changes
        .map(|change| {
            let detail = format!("`{}`: only `root@pam` can change this feature {whose}, and the credential is another.", change.path);
            problem(step, detail, "leave it out, or use `root@pam` with its password for this target; a token of it does not do")
        })
        .collect()
}
