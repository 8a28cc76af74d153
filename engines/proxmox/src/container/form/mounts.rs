//! Which volumes does a container have? `rootfs` and mount points by slot, `local-lvm:vm-100-disk-1,mp=/srv,size=8G`.

use serde_json::{Value, json};

use super::edits::Making;
use crate::config::{Config, Properties};
use crate::container::checks::{ROOT, is_mount_slot};
use crate::guest::edits::Edits;
use crate::guest::option::flag;
use crate::guest::size;
use crate::guest::wanted::Wanted;

pub(crate) const GROUP: &str = "specs.mounts";
const STORAGE: &str = "specs.storage";
/// What Proxmox VE makes when nobody says a size.
const ROOT_BYTES: u64 = 4 << 30;
/// Properties that are yes or no: the field and the property.
const SWITCHES: [(&str, &str); 3] = [("backup", "backup"), ("read_only", "ro"), ("quota", "quota")];

fn path(slot: &str, field: &str) -> String {
    format!("{GROUP}.{slot}.{field}")
}

/// The slots that hold volumes. Paths and devices of the node are root's alone, and are left as they are.
pub(crate) fn slots(config: &Config) -> impl Iterator<Item = (&str, Properties)> {
    let all = config.options.iter().filter(|(slot, _)| is_mount_slot(slot)).map(|(slot, text)| (slot.as_str(), Properties::parse(text)));
    all.filter(|(_, mount)| storage_of(mount).is_some())
}

/// The mount points that only the node of the container has: paths and devices, by slot.
pub(crate) fn of_the_node(config: &Config) -> Vec<&str> {
    let is_local = |text: &str| {
        let mount = Properties::parse(text);
        storage_of(&mount).is_none() && !mount.is_set("shared")
    };
    config.options.iter().filter(|(slot, text)| is_mount_slot(slot) && is_local(text)).map(|(slot, _)| slot.as_str()).collect()
}

/// `local-lvm` of `local-lvm:vm-100-disk-0`.
pub(crate) fn storage_of(mount: &Properties) -> Option<&str> {
    let volume = mount.get("").or_else(|| mount.get("volume"))?;
    volume.split_once(':').map(|(storage, _)| storage).filter(|storage| !storage.starts_with('/'))
}

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    for (slot, mount) in slots(config) {
        let bytes = mount.get("size").and_then(size::parse).map(Value::from);
        if slot == ROOT {
            values.extend(bytes.clone().map(|bytes| (STORAGE.to_owned(), bytes)));
        }
        let mut put = |field: &str, value: Option<Value>| values.extend(value.map(|value| (path(slot, field), value)));
        put("path", mount.get("mp").map(Value::from));
        put("size", bytes);
        put("storage", storage_of(&mount).map(Value::from));
        for (field, key) in SWITCHES.into_iter().filter(|(field, _)| slot != ROOT || *field != "backup") {
            put(field, Some(json!(mount.is_set(key))));
            defaults.push((path(slot, field), json!(false)));
        }
    }
}

pub(super) fn write(config: &Config, wanted: &Wanted, making: &Making<'_>, edits: &mut Edits) -> Result<(), String> {
    let mut touched = wanted.touched_slots(GROUP);
    if wanted.touches(STORAGE) || making.is_new {
        touched.insert(ROOT.to_owned());
    }
    for slot in touched {
        let is_wanted = wanted.says(&format!("{GROUP}.{slot}")) || slot == ROOT;
        match (config.properties(&slot), is_wanted) {
            (None, true) => new_mount(wanted, making, &slot, edits)?,
            (Some(mount), true) => changed_mount(config, wanted, &slot, mount, edits)?,
            // Its volume stays with the container as an unused one: nobody asked for the data to go.
            (Some(_), false) => edits.delete(&slot),
            (None, false) => {}
        }
    }
    Ok(())
}

/// How large a volume is to be: the root also by `specs.storage`.
fn wanted_bytes(wanted: &Wanted, slot: &str) -> Option<u64> {
    wanted.bytes(&path(slot, "size")).or_else(|| wanted.bytes(STORAGE).filter(|_| slot == ROOT))
}

fn new_mount(wanted: &Wanted, making: &Making<'_>, slot: &str, edits: &mut Edits) -> Result<(), String> {
    let storage = wanted.text(&path(slot, "storage")).or(making.storage);
    let storage = storage.ok_or_else(|| format!("nobody says which storage `{slot}` is on; set `mounts.{slot}.storage`"))?;
    let bytes = wanted_bytes(wanted, slot).or((slot == ROOT).then_some(ROOT_BYTES));
    let bytes = bytes.ok_or_else(|| format!("nobody says how large `{slot}` is; set `mounts.{slot}.size`"))?;
    let mut mount = Properties::parse(&format!("{storage}:{}", size::gibibytes(bytes)));
    properties(wanted, slot, &mut mount);
    edits.set(slot, mount.text());
    edits.allocates = true;
    Ok(())
}

fn changed_mount(config: &Config, wanted: &Wanted, slot: &str, mut mount: Properties, edits: &mut Edits) -> Result<(), String> {
    let storage = storage_of(&mount).map(str::to_owned);
    let storage = storage.ok_or_else(|| format!("`{slot}` is a path of the node, which only root@pam can change; choose another slot"))?;
    let current = mount.get("size").and_then(size::parse).unwrap_or(0);
    let is_sized = wanted.touches(&path(slot, "size")) || (slot == ROOT && wanted.touches(STORAGE));
    if let Some(bytes) = wanted_bytes(wanted, slot).filter(|_| is_sized) {
        if bytes < current {
            return Err(size::shrinks(&format!("the disk `{slot}`"), current, bytes));
        }
        if bytes > current {
            edits.grow.insert(slot.to_owned(), bytes);
        }
    }
    if let Some(target) = wanted.text(&path(slot, "storage")).filter(|target| wanted.touches(&path(slot, "storage")) && *target != storage) {
        edits.moves.insert(slot.to_owned(), target.to_owned());
    }
    properties(wanted, slot, &mut mount);
    edits.bring_properties(config, slot, &mount);
    Ok(())
}

fn properties(wanted: &Wanted, slot: &str, mount: &mut Properties) {
    if wanted.touches(&path(slot, "path")) {
        mount.put("mp", wanted.text(&path(slot, "path")).map(str::to_owned));
    }
    for (field, key) in SWITCHES.into_iter().filter(|(field, _)| wanted.touches(&path(slot, field))) {
        mount.put(key, wanted.is_set(&path(slot, field)).then(|| flag(true)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn config(options: &[(&str, &str)]) -> Config {
        Config { digest: None, options: options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }

    fn write_to(options: &[(&str, &str)], wanted: &Wanted) -> Result<Edits, String> {
        let marker = "6f0c2a9e/prod/shop.web".parse().expect("a marker");
        let mut edits = Edits::default();
        let making = Making { marker: &marker, storage: Some("local-lvm"), is_new: options.is_empty() };
        write(&config(options), wanted, &making, &mut edits).map(|()| edits)
    }

    #[test]
    fn a_new_container_has_a_root_whether_it_is_named_or_not() {
        let edits = write_to(&[], &Wanted::of_container(&[], &[])).expect("edits");
        assert_eq!(edits.set["rootfs"], "local-lvm:4");
        let wanted = Wanted::of_container(
            &[
                (STORAGE, json!(8 * GIB)),
                ("specs.mounts.rootfs.storage", json!("fast")),
                ("specs.mounts.mp0.size", json!(GIB)),
                ("specs.mounts.mp0.path", json!("/srv")),
                ("specs.mounts.mp0.backup", json!(true)),
            ],
            &[],
        );
        let edits = write_to(&[], &wanted).expect("edits");
        assert_eq!((edits.set["rootfs"].as_str(), edits.set["mp0"].as_str()), ("fast:8", "local-lvm:1,mp=/srv,backup=1"));
    }

    #[test]
    fn volumes_grow_move_and_leave_and_never_shrink() {
        let options = [("rootfs", "local-lvm:vm-100-disk-0,size=8G"), ("mp0", "local-lvm:vm-100-disk-1,mp=/srv,size=2G,acl=1")];
        let sized = |bytes: u64| Wanted::of_container(&[("specs.mounts.mp0.size", json!(bytes))], &[]);
        assert_eq!(write_to(&options, &sized(3 * GIB)).map(|edits| (edits.grow, edits.set.len())), Ok(([("mp0".to_owned(), 3 * GIB)].into(), 0)));
        assert!(write_to(&options, &sized(GIB)).is_err_and(|why| why.contains("cannot shrink to 1GB")));
        let wanted = Wanted::of_container(&[("specs.mounts.mp0.storage", json!("fast")), ("specs.mounts.mp0.read_only", json!(true))], &[]);
        let edits = write_to(&options, &wanted).expect("edits");
        assert_eq!((edits.moves["mp0"].as_str(), edits.set["mp0"].as_str()), ("fast", "local-lvm:vm-100-disk-1,mp=/srv,size=2G,acl=1,ro=1"));
        let gone = write_to(&options, &Wanted::of_container(&[], &["specs.mounts.mp0.path", "specs.mounts.mp0.size"])).map(|edits| edits.delete);
        assert_eq!(gone, Ok(["mp0".to_owned()].into()));
    }

    #[test]
    fn paths_of_the_node_are_left_alone() {
        let options = [("rootfs", "local-lvm:vm-100-disk-0,size=8G"), ("mp0", "/mnt/tank,mp=/srv"), ("mp1", "/mnt/all,mp=/all,shared=1")];
        assert_eq!(slots(&config(&options)).map(|(slot, _)| slot).collect::<Vec<_>>(), ["rootfs"]);
        assert_eq!(of_the_node(&config(&options)), ["mp0"]);
        let wanted = Wanted::of_container(&[("specs.mounts.mp0.size", json!(GIB))], &[]);
        assert!(write_to(&options, &wanted).is_err_and(|why| why.contains("only root@pam")));
    }
}
