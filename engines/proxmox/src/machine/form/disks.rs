//! Which disks does a machine have? By bus slot, `local-lvm:vm-100-disk-0,size=8G,iothread=1`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::edits::Making;
use crate::config::{Config, Properties};
use crate::guest::edits::Edits;
use crate::guest::size;
use crate::guest::wanted::Wanted;

const GROUP: &str = "specs.disks";
const STORAGE: &str = "specs.storage";
/// The first disk of a machine that is not copied from a template.
pub(crate) const FIRST_SLOT: &str = "scsi0";
const BUSES: [&str; 4] = ["scsi", "virtio", "sata", "ide"];
/// EFI variables and the TPM's state are small disks with a slot of their own: the slot, the field, and what a new one says.
const SMALL: [(&str, &str, &str); 2] = [("efidisk0", "specs.efi.storage", "efitype=4m"), (TPM_SLOT, "specs.tpm.storage", "version=v2.0")];
/// The one disk that moves only while the machine is off.
pub(crate) const TPM_SLOT: &str = "tpmstate0";

/// Properties that are one word each: the field, the property, and how true and false are written.
const SWITCHES: [(&str, &str, &str); 3] = [("discard", "discard", "on"), ("iothread", "iothread", "1"), ("ssd", "ssd", "1")];
const LIMITS: [(&str, &str); 4] = [("read_mbps", "mbps_rd"), ("write_mbps", "mbps_wr"), ("read_iops", "iops_rd"), ("write_iops", "iops_wr")];

/// The slots that hold disks, without CD-ROMs and cloud-init drives.
pub(crate) fn slots(config: &Config) -> impl Iterator<Item = (&str, Properties)> {
    let disks = config.options.iter().filter(|(slot, _)| is_slot(slot)).map(|(slot, text)| (slot.as_str(), Properties::parse(text)));
    disks.filter(|(_, disk)| disk.get("media") != Some("cdrom") && volume(disk).is_some_and(|volume| volume != "none"))
}

/// The storages of every volume: of disks, of what is in a drive, of the cloud-init drive, of the EFI variables and the TPM.
pub(crate) fn storages(config: &Config) -> BTreeSet<String> {
    let drives = config.options.iter().filter(|(slot, _)| is_drive(slot)).map(|(_, text)| Properties::parse(text));
    drives.filter_map(|drive| storage_of(volume(&drive)?).map(str::to_owned)).collect()
}

/// Whether an option is a drive, of whatever kind.
pub(crate) fn is_drive(option: &str) -> bool {
    is_slot(option) || SMALL.iter().any(|(small, ..)| *small == option)
}

fn is_slot(slot: &str) -> bool {
    BUSES.iter().any(|bus| slot.strip_prefix(bus).is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())))
}

pub(crate) fn volume(disk: &Properties) -> Option<&str> {
    disk.get("").or_else(|| disk.get("file"))
}

/// `local-lvm` of `local-lvm:vm-100-disk-0`.
pub(crate) fn storage_of(volume: &str) -> Option<&str> {
    volume.split_once(':').map(|(storage, _)| storage)
}

/// The disk that the machine boots from, or its first one.
pub(crate) fn boot_slot(config: &Config) -> Option<String> {
    let disks: BTreeSet<&str> = slots(config).map(|(slot, _)| slot).collect();
    let order = config.get("boot").and_then(|boot| boot.split_once("order=")).map(|(_, order)| order).unwrap_or_default();
    let old_style = config.get("bootdisk");
    let first = order.split([',', ';']).chain(old_style).find(|slot| disks.contains(slot));
    let by_bus = || BUSES.iter().find_map(|bus| disks.iter().find(|slot| slot.starts_with(bus)));
    first.or_else(|| by_bus().copied()).map(str::to_owned)
}

/// The disk whose size or storage a field is.
pub(crate) fn shifted_slot(path: &str) -> Option<String> {
    if let Some((slot, ..)) = SMALL.iter().find(|(_, field, _)| *field == path) {
        return Some((*slot).to_owned());
    }
    let (slot, field) = path.strip_prefix(GROUP)?.strip_prefix('.')?.split_once('.')?;
    matches!(field, "size" | "storage").then(|| slot.to_owned())
}

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    let boot = boot_slot(config);
    for (slot, disk) in slots(config) {
        let bytes = disk.get("size").and_then(size::parse).map(Value::from);
        if boot.as_deref() == Some(slot) {
            values.extend(bytes.clone().map(|bytes| (STORAGE.to_owned(), bytes)));
        }
        let mut put = |name: &str, value: Option<Value>| values.extend(value.map(|value| (format!("{GROUP}.{slot}.{name}"), value)));
        put("size", bytes);
        put("storage", volume(&disk).and_then(storage_of).map(Value::from));
        put("cache", Some(json!(disk.get("cache").unwrap_or("none"))));
        for (name, key, word) in SWITCHES {
            put(name, Some(json!(disk.get(key) == Some(word) || disk.is_set(key))));
        }
        put("backup", Some(json!(disk.get("backup").is_none_or(|backup| backup == "1"))));
        for (name, key) in LIMITS {
            put(name, disk.get(key).and_then(|text| text.parse::<i64>().ok()).map(Value::from));
        }
        let usual = [("cache", json!("none")), ("discard", json!(false)), ("iothread", json!(false)), ("ssd", json!(false)), ("backup", json!(true))];
        defaults.extend(usual.map(|(name, value)| (format!("{GROUP}.{slot}.{name}"), value)));
    }
    for (slot, path, _) in SMALL {
        let disk = config.properties(slot).unwrap_or_default();
        values.extend(volume(&disk).and_then(storage_of).map(|storage| (path.to_owned(), json!(storage))));
    }
}

pub(super) fn write(config: &Config, wanted: &Wanted, making: &Making<'_>, edits: &mut Edits) -> Result<(), String> {
    let is_fresh = making.is_new && config.options.is_empty();
    let boot = boot_slot(config).or_else(|| is_fresh.then(|| FIRST_SLOT.to_owned()));
    let mut touched = wanted.touched_slots(GROUP);
    if wanted.touches(STORAGE) || (is_fresh && making.image.is_some()) {
        touched.insert(boot.clone().ok_or("the machine has no disk that `storage` could mean")?);
    }
    for slot in touched {
        let is_boot = boot.as_deref() == Some(slot.as_str());
        let is_wanted = wanted.says(&format!("{GROUP}.{slot}")) || is_boot;
        match (config.properties(&slot), is_wanted) {
            (None, true) => new_disk(wanted, making, &slot, is_boot, edits)?,
            (Some(disk), true) => changed_disk(config, wanted, &slot, disk, is_boot, edits)?,
            // Its volume stays with the machine as an unused one: nobody asked for the data to go.
            (Some(_), false) => edits.delete(&slot),
            (None, false) => {}
        }
    }
    small_disks(config, wanted, edits);
    Ok(())
}

/// How large a disk is to be: the first one also by `specs.storage`.
fn wanted_bytes(wanted: &Wanted, slot: &str, is_boot: bool) -> Option<u64> {
    wanted.bytes(&format!("{GROUP}.{slot}.size")).or_else(|| wanted.bytes(STORAGE).filter(|_| is_boot))
}

fn new_disk(wanted: &Wanted, making: &Making<'_>, slot: &str, is_boot: bool, edits: &mut Edits) -> Result<(), String> {
    let path = |name: &str| format!("{GROUP}.{slot}.{name}");
    let storage = wanted.text(&path("storage")).or(making.disk_storage);
    let storage = storage.ok_or_else(|| format!("nobody says which storage `{slot}` is on; set `disks.{slot}.storage`"))?;
    let image = wanted.text(&path("import")).or(making.image.filter(|_| is_boot));
    let bytes = wanted_bytes(wanted, slot, is_boot);
    let mut disk = match (image, bytes) {
        (Some(volume), _) => Properties::parse(&format!("{storage}:0,import-from={volume}")),
        (None, Some(bytes)) => Properties::parse(&format!("{storage}:{}", size::gibibytes(bytes))),
        (None, None) => return Err(format!("nobody says how large `{slot}` is; set `disks.{slot}.size`")),
    };
    properties(wanted, slot, &mut disk);
    edits.set(slot, disk.text());
    edits.allocates = true;
    Ok(())
}

fn changed_disk(config: &Config, wanted: &Wanted, slot: &str, mut disk: Properties, is_boot: bool, edits: &mut Edits) -> Result<(), String> {
    let path = |name: &str| format!("{GROUP}.{slot}.{name}");
    let current = disk.get("size").and_then(size::parse).unwrap_or(0);
    let is_sized = wanted.touches(&path("size")) || (is_boot && wanted.touches(STORAGE));
    if let Some(bytes) = wanted_bytes(wanted, slot, is_boot).filter(|_| is_sized) {
        if bytes < current {
            return Err(size::shrinks(&format!("the disk `{slot}`"), current, bytes));
        }
        if bytes > current {
            edits.grow.insert(slot.to_owned(), bytes);
        }
    }
    if let Some(storage) = wanted.text(&path("storage")).filter(|_| wanted.touches(&path("storage")))
        && volume(&disk).and_then(storage_of) != Some(storage)
    {
        edits.moves.insert(slot.to_owned(), storage.to_owned());
    }
    properties(wanted, slot, &mut disk);
    edits.bring_properties(config, slot, &disk);
    Ok(())
}

fn properties(wanted: &Wanted, slot: &str, disk: &mut Properties) {
    let path = |name: &str| format!("{GROUP}.{slot}.{name}");
    if wanted.touches(&path("cache")) {
        disk.put("cache", wanted.text(&path("cache")).filter(|cache| *cache != "none").map(str::to_owned));
    }
    for (name, key, word) in SWITCHES {
        if wanted.touches(&path(name)) {
            disk.put(key, wanted.is_set(&path(name)).then(|| word.to_owned()));
        }
    }
    if wanted.touches(&path("backup")) {
        disk.put("backup", (wanted.value(&path("backup")) == Some(&Value::Bool(false))).then(|| "0".to_owned()));
    }
    for (name, key) in LIMITS {
        if wanted.touches(&path(name)) {
            disk.put(key, wanted.value(&path(name)).and_then(Value::as_i64).map(|number| number.to_string()));
        }
    }
}

fn small_disks(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    for (slot, path, kind) in SMALL {
        let Some(storage) = wanted.text(path).filter(|_| wanted.touches(path)) else { continue };
        match config.properties(slot) {
            None => {
                let keys = if slot == "efidisk0" && wanted.is_set("specs.efi.secure_boot") { ",pre-enrolled-keys=1" } else { "" };
                edits.set(slot, format!("{storage}:1,{kind}{keys}"));
                edits.allocates = true;
            }
            Some(disk) if volume(&disk).and_then(storage_of) != Some(storage) => {
                edits.moves.insert(slot.to_owned(), storage.to_owned());
            }
            Some(_) => {}
        }
    }
}

/// A new machine boots from its first disk; without one, from its drive, and then from the network.
pub(super) fn boot_order(wanted: &Wanted, edits: &mut Edits) {
    if !wanted.says("specs.boot") {
        let first = first_new_disk(edits);
        let others = [super::plain::CDROM_SLOT, "net0"].into_iter().filter(|device| edits.set.contains_key(*device));
        let devices: Vec<&str> = first.as_deref().into_iter().chain(others).collect();
        if !devices.is_empty() {
            edits.set("boot", format!("order={}", devices.join(";")));
        }
    }
}

/// The first disk of a new machine: by its bus, and there by its number.
fn first_new_disk(edits: &Edits) -> Option<String> {
    let config = Config { digest: None, options: edits.set.clone() };
    let place = |slot: &str| {
        let bus = BUSES.iter().position(|bus| slot.starts_with(bus));
        (bus, slot.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).parse::<u32>().ok())
    };
    slots(&config).map(|(slot, _)| slot).min_by_key(|slot| place(slot)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn config(options: &[(&str, &str)]) -> Config {
        Config { digest: None, options: options.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }

    fn write_to(options: &[(&str, &str)], wanted: &Wanted, image: Option<&str>) -> Result<Edits, String> {
        let marker = "6f0c2a9e/prod/shop.web".parse().expect("a marker");
        let mut edits = Edits::default();
        let making = Making { marker: &marker, disk_storage: Some("local-lvm"), is_new: options.is_empty(), image };
        write(&config(options), wanted, &making, &mut edits).map(|()| edits)
    }

    #[test]
    fn the_first_disk_grows_and_never_shrinks() {
        let options = [("virtio0", "local-lvm:vm-100-disk-0,size=8G"), ("boot", "order=virtio0"), ("scsi1", "local-lvm:vm-100-disk-1,size=1G")];
        assert_eq!(boot_slot(&config(&options)).as_deref(), Some("virtio0"));
        let grown = write_to(&options, &Wanted::of(&[(STORAGE, json!(10 * GIB))], &[]), None).map(|edits| (edits.grow, edits.set.len()));
        assert_eq!(grown, Ok(([("virtio0".to_owned(), 10 * GIB)].into(), 0)));
        assert!(write_to(&options, &Wanted::of(&[(STORAGE, json!(4 * GIB))], &[]), None).is_err_and(|why| why.contains("cannot shrink to 4GB")));
    }

    #[test]
    fn a_disk_that_leaves_the_blueprint_is_detached_and_another_storage_is_a_move() {
        let options = [("scsi0", "local-lvm:vm-100-disk-0,size=8G"), ("scsi1", "local-lvm:vm-100-disk-1,size=1G,wwn=0x5")];
        let gone = write_to(&options, &Wanted::of(&[], &["specs.disks.scsi1.size"]), None).map(|edits| edits.delete);
        assert_eq!(gone, Ok(["scsi1".to_owned()].into()));
        let wanted = Wanted::of(&[("specs.disks.scsi1.storage", json!("fast")), ("specs.disks.scsi1.cache", json!("writeback"))], &[]);
        let moved = write_to(&options, &wanted, None).map(|edits| (edits.moves, edits.set));
        let set = [("scsi1".to_owned(), "local-lvm:vm-100-disk-1,size=1G,wwn=0x5,cache=writeback".to_owned())].into();
        assert_eq!(moved, Ok(([("scsi1".to_owned(), "fast".to_owned())].into(), set)));
    }

    #[test]
    fn new_disks_are_allocated_or_imported() {
        let wanted =
            Wanted::of(&[(STORAGE, json!(100 * GIB)), ("specs.disks.scsi1.size", json!(5 * GIB)), ("specs.disks.scsi1.ssd", json!(true))], &[]);
        let edits = write_to(&[], &wanted, None).expect("edits");
        assert_eq!((edits.set["scsi0"].as_str(), edits.set["scsi1"].as_str()), ("local-lvm:100", "local-lvm:5,ssd=1"));
        let edits = write_to(&[], &wanted, Some("local:import/debian.qcow2")).expect("edits");
        assert_eq!(edits.set["scsi0"], "local-lvm:0,import-from=local:import/debian.qcow2");
        assert!(edits.allocates);
    }
}
