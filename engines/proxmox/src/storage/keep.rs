//! What goes with a definition that is taken out, and cannot be put back? Keys and passwords: Proxmox deletes them with it, and nobody
//! can read them before.
//!
//! Source: pve-storage, `on_delete_hook` of `PBSPlugin.pm`, `CIFSPlugin.pm`, `RBDPlugin.pm` and `CephFSPlugin.pm`.

use crate::config::Config;

/// Keys of backups, with the file under `/etc/pve/priv/storage` that has them.
const KEYS: [(&str, &str); 2] = [("encryption-key", "enc"), ("master-pubkey", "master.pem")];

/// Something that would be lost, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) detail: String,
    pub(super) hint: String,
}

/// Without their key, backups are lost; and a storage that is defined anew without it writes the next ones unencrypted.
pub(super) fn key(name: &str, config: &Config) -> Option<Loss> {
    let (option, ending) = KEYS.into_iter().find(|(option, _)| config.get(option).is_some())?;
    Some(Loss {
        detail: format!("the definition of the storage `{name}` has a key of backups (`{option}`), which Proxmox deletes with it"),
        hint: format!(
            "keep a copy of /etc/pve/priv/storage/{name}.{ending} and do it by hand, beginning with `pvesm remove {name}`; or leave it with \
             `lifecycle: {{on_delete: keep}}`"
        ),
    })
}

/// A password that was set by hand, or that an adopted storage came with. `is_set` tells which secrets the blueprint has.
pub(super) fn secret(name: &str, config: &Config, is_set: impl Fn(&str) -> bool) -> Option<Loss> {
    let (told_by, secret) = match config.get("type")? {
        "cifs" | "pbs" => ("username", "password"),
        "rbd" | "cephfs" => ("monhost", "keyring"),
        _ => return None,
    };
    if config.get(told_by).is_none() || is_set(secret) {
        return None;
    }
    Some(Loss {
        detail: format!("the storage `{name}` has a `{told_by}`, and Proxmox deletes its {secret} with the definition; the blueprint has none"),
        hint: format!("set `specs.{secret}`"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_secret_is_lost_where_only_the_cluster_has_it() {
        for (config, set, expected) in [
            (json!({"type": "cifs", "username": "ops"}), "", true),
            (json!({"type": "cifs", "username": "ops"}), "password", false),
            (json!({"type": "cifs"}), "", false),
            (json!({"type": "pbs", "username": "ops@pbs"}), "", true),
            (json!({"type": "rbd", "monhost": "10.0.0.1"}), "", true),
            (json!({"type": "rbd"}), "", false),
            (json!({"type": "dir"}), "", false),
        ] {
            assert_eq!(secret("x", &Config::of(&config), |name| name == set).is_some(), expected, "{config} {set}");
        }
        assert!(key("x", &Config::of(&json!({"type": "pbs", "encryption-key": "aa:bb"}))).is_some_and(|loss| loss.hint.contains("x.enc")));
        assert_eq!(key("x", &Config::of(&json!({"type": "pbs"}))), None);
    }
}
