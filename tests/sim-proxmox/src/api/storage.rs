//! Which storages are defined?
//!
//! Source: pve-storage `src/PVE/API2/Storage/Config.pm` and `Status.pm`.

use serde_json::{Map, Value, json};

use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::{Storage, World, digest};

/// Parameters that are no options of the definition.
const ABOUT_THE_REQUEST: &[&str] = &["storage", "delete", "digest", "password", "encryption-key", "master-pubkey", "keyring"];

fn config_digest(world: &World) -> String {
    digest(&format!("{:?}", world.storages.iter().map(|(name, storage)| (name, &storage.options)).collect::<Vec<_>>()))
}

fn find<'call>(call: &'call Call<'_>, name: &str) -> Result<&'call Storage, Refusal> {
    call.world.storages.get(name).ok_or_else(|| Refusal::failed(format!("storage '{name}' does not exist")))
}

/// Numbers where the schema has numbers.
fn shown(name: &str, storage: &Storage, digest: &str) -> Value {
    let number = |option: &str, value: &str| match (option, value.parse::<i64>()) {
        ("disable" | "shared" | "sparse" | "krbd" | "maxfiles" | "saferemove" | "create-base-path" | "create-subdirs" | "mkdir", Ok(number)) => {
            json!(number)
        }
        _ => json!(value),
    };
    let mut row: Map<String, Value> = storage.options.iter().map(|(option, value)| (option.clone(), number(option, value))).collect();
    row.insert("storage".to_owned(), json!(name));
    row.insert("content".to_owned(), json!(storage.content()));
    if storage.is_always_shared() {
        row.insert("shared".to_owned(), json!(1));
    }
    row.insert("digest".to_owned(), json!(digest));
    Value::Object(row)
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let kind = call.text("type");
    let digest = config_digest(call.world);
    let seen = call.world.storages.iter().filter(|(name, storage)| kind.is_none_or(|kind| storage.kind() == kind) && may_see(call, name));
    Ok(Reply::Data(seen.map(|(name, storage)| shown(name, storage, &digest)).collect()))
}

fn may_see(call: &Call<'_>, name: &str) -> bool {
    let path = format!("/storage/{name}");
    ["Datastore.Audit", "Datastore.AllocateSpace"].into_iter().any(|privilege| call.has_privilege(&path, privilege))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let name = call.required("storage")?;
    Ok(Reply::Data(shown(&name, find(call, &name)?, &config_digest(call.world))))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let name = call.required("storage")?;
    let kind = call.required("type")?;
    if call.world.storages.contains_key(&name) {
        return Err(Refusal::failed(format!("create storage failed: storage ID '{name}' already defined")));
    }
    let needed: &[&str] = match kind.as_str() {
        "dir" => &["path"],
        "nfs" => &["server", "export"],
        "cifs" => &["server", "share"],
        "lvm" => &["vgname"],
        "lvmthin" => &["vgname", "thinpool"],
        "zfspool" => &["pool"],
        "btrfs" => &["path"],
        "pbs" => &["server", "datastore"],
        "iscsi" => &["portal", "target"],
        _ => &[],
    };
    if let Some(missing) = needed.iter().find(|option| !call.parameters.contains_key(**option)) {
        return Err(Refusal::failed(format!("create storage failed: missing value for required option '{missing}'")));
    }
    if call.text("encryption-key").is_some_and(|key| key != "autogen" && !key.starts_with('{')) {
        return Err(Refusal::failed("create storage failed: Value does not seems like a valid, JSON formatted encryption key!"));
    }
    let mut storage = Storage::new(&[]);
    storage.options = options(call);
    if matches!(kind.as_str(), "nfs" | "cifs" | "cephfs") {
        storage.options.entry("path".to_owned()).or_insert_with(|| format!("/mnt/pve/{name}"));
    }
    call.world.storages.insert(name.clone(), storage);
    Ok(Reply::Data(json!({ "storage": name, "type": kind })))
}

fn options(call: &Call<'_>) -> std::collections::BTreeMap<String, String> {
    let options = call.parameters.iter().filter(|(name, _)| !ABOUT_THE_REQUEST.contains(&name.as_str()));
    options.map(|(name, value)| (name.clone(), value.clone())).collect()
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let name = call.required("storage")?;
    find(call, &name).map_err(|refusal| Refusal::failed(format!("update storage failed: {}", refusal.message)))?;
    if call.text("digest").is_some_and(|given| given != config_digest(call.world)) {
        return Err(Refusal::failed("update storage failed: detected modified configuration - file changed by other user? Try again."));
    }
    let delete = call.owned("delete").unwrap_or_default();
    let given = options(call);
    let fixed = fixed(find(call, &name)?.kind());
    // Source: pve-common `SectionConfig.pm` `check_config`.
    if let Some(option) = given.keys().find(|option| fixed.contains(&option.as_str())) {
        return Err(Refusal::failed(format!("update storage failed: can't change value of fixed parameter '{option}'")));
    }
    if let Some(option) = delete.split(',').find(|option| fixed.contains(option)) {
        return Err(Refusal::failed(format!("update storage failed: unable to delete required option '{option}'")));
    }
    let storage = call.world.storages.entry(name.clone()).or_default();
    storage.options.extend(given);
    storage.options.retain(|option, _| !delete.split(',').any(|deleted| deleted == option));
    let kind = storage.kind().to_owned();
    Ok(Reply::Data(json!({ "storage": name, "type": kind })))
}

/// What can only be said when a storage is made. Source: `options` of each plug-in.
fn fixed(kind: &str) -> &'static [&'static str] {
    match kind {
        "dir" | "btrfs" | "cephfs" => &["path"],
        "nfs" => &["path", "server", "export"],
        "cifs" => &["path", "server", "share"],
        "lvm" => &["vgname"],
        "lvmthin" => &["vgname", "thinpool"],
        "zfspool" => &["pool"],
        "pbs" => &["server", "datastore"],
        "iscsi" => &["portal", "target"],
        _ => &[],
    }
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let name = call.required("storage")?;
    find(call, &name).map_err(|refusal| Refusal::failed(format!("delete storage failed: {}", refusal.message)))?;
    // The definition goes; what is on the storage stays there, out of sight.
    call.world.storages.remove(&name);
    // Source: pve-storage `Config.pm:462`, `remove_storage_access`; pve-access-control `AccessControl.pm:1921`.
    call.world.acl.retain(|entry| entry.path != format!("/storage/{name}"));
    call.world.pools.values_mut().for_each(|pool| _ = pool.storages.remove(&name));
    Ok(Reply::NOTHING)
}

fn status_row(call: &Call<'_>, node: &str, name: &str, storage: &Storage) -> Value {
    let is_active = !storage.broken && !storage.is_disabled();
    let used = call.world.storage_used(node, name);
    let (total, used) = if is_active { (storage.size_bytes, used) } else { (0, 0) };
    json!({
        "storage": name, "type": storage.kind(), "content": storage.content(),
        "active": u8::from(is_active), "enabled": u8::from(!storage.is_disabled()), "shared": u8::from(storage.is_shared()),
        "total": total, "used": used, "avail": total.saturating_sub(used),
        "used_fraction": if total == 0 { 0.0 } else { used as f64 / total as f64 },
    })
}

/// `GET /nodes/{node}/storage`.
pub(super) fn of_node(call: &mut Call<'_>) -> Outcome {
    let node = call.node()?;
    let content = call.text("content");
    let enabled_only = call.flag("enabled").unwrap_or(false);
    let wanted = call.text("storage");
    let fits = |name: &str, storage: &Storage| {
        let has_content = content.is_none_or(|content| content.split(',').any(|content| storage.contents().contains(content)));
        storage.is_on(&node)
            && has_content
            && !(enabled_only && storage.is_disabled())
            && wanted.is_none_or(|wanted| wanted == name)
            && may_see(call, name)
    };
    let rows = call.world.storages.iter().filter(|(name, storage)| fits(name, storage));
    Ok(Reply::Data(rows.map(|(name, storage)| status_row(call, &node, name, storage)).collect()))
}

pub(super) fn status(call: &mut Call<'_>) -> Outcome {
    let (node, name) = (call.node()?, call.required("storage")?);
    let storage = find(call, &name)?;
    if !storage.is_on(&node) {
        return Err(Refusal::failed(format!("storage '{name}' is not available on node '{node}'")));
    }
    let mut row = status_row(call, &node, &name, storage);
    if let Some(row) = row.as_object_mut() {
        row.remove("storage");
        row.remove("used_fraction");
    }
    Ok(Reply::Data(row))
}
