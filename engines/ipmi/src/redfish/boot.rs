//! What does the machine boot from next? Between Redfish's words and ours.

use serde_json::{Map, Value, json};

use super::reset_types::words;
use crate::driver::{BootDevice, BootMode, BootOverride};

const DEVICES: &[(BootDevice, &str)] = &[
    (BootDevice::Pxe, "Pxe"),
    (BootDevice::Disk, "Hdd"),
    (BootDevice::Cdrom, "Cd"),
    (BootDevice::Usb, "Usb"),
    (BootDevice::Setup, "BiosSetup"),
    (BootDevice::Http, "UefiHttp"),
];
const MODES: &[(BootMode, &str)] = &[(BootMode::Legacy, "Legacy"), (BootMode::Uefi, "UEFI")];
const DISABLED: &str = "Disabled";
const NO_DEVICE: &str = "None";
const ENABLED: &str = "BootSourceOverrideEnabled";
const TARGET: &str = "BootSourceOverrideTarget";
const MODE: &str = "BootSourceOverrideMode";

/// The override as a system tells it. `None`: it does not.
pub(super) fn read(system: &Value) -> Option<BootOverride> {
    let boot = system.get("Boot")?;
    let (enabled, target) = (boot.get(ENABLED)?.as_str()?, boot.get(TARGET)?.as_str()?);
    if enabled == DISABLED || target == NO_DEVICE {
        return Some(BootOverride::NONE);
    }
    let device = DEVICES.iter().find(|(_, word)| *word == target).map_or(BootDevice::Other, |(device, _)| *device);
    Some(BootOverride { device, mode: mode(boot), is_lasting: enabled != "Once" })
}

fn mode(boot: &Value) -> Option<BootMode> {
    let told = boot.get(MODE)?.as_str()?;
    MODES.iter().find(|(_, word)| *word == told).map(|(mode, _)| *mode)
}

/// The devices that the system lists.
pub(super) fn devices(system: &Value) -> Vec<BootDevice> {
    let listed = listed(system, TARGET);
    let is_listed = |word: &str| listed.as_ref().is_none_or(|listed| listed.iter().any(|of| of == word));
    let devices = DEVICES.iter().filter(|(_, word)| is_listed(word)).map(|(device, _)| *device);
    std::iter::once(BootDevice::None).chain(devices).collect()
}

/// Whether an override may hold for every start.
pub(super) fn may_last(system: &Value) -> bool {
    listed(system, ENABLED).is_none_or(|listed| listed.iter().any(|word| word == "Continuous"))
}

fn listed(system: &Value, name: &str) -> Option<Vec<String>> {
    system.get("Boot")?.get(format!("{name}@Redfish.AllowableValues")).and_then(words)
}

/// What is sent for an override. The error completes the sentence "could not ...: ".
///
/// The mode goes along whenever the system has one, because some put it back when it is left out.
pub(super) fn written(system: &Value, wanted: BootOverride) -> Result<Value, String> {
    let mut boot = Map::new();
    if wanted.device == BootDevice::None {
        boot.insert(ENABLED.to_owned(), json!(DISABLED));
        if listed(system, TARGET).is_some_and(|listed| listed.iter().any(|word| word == NO_DEVICE)) {
            boot.insert(TARGET.to_owned(), json!(NO_DEVICE));
        }
        return Ok(json!({"Boot": boot}));
    }
    let device = DEVICES.iter().find(|(device, _)| *device == wanted.device).map(|(_, word)| *word);
    boot.insert(TARGET.to_owned(), json!(device.ok_or("Redfish has no word for this device")?));
    boot.insert(ENABLED.to_owned(), json!(if wanted.is_lasting { "Continuous" } else { "Once" }));
    let now = system.get("Boot").and_then(|boot| boot.get(MODE)).and_then(Value::as_str);
    let word = wanted.mode.and_then(|wanted| MODES.iter().find(|(mode, _)| *mode == wanted)).map(|(_, word)| *word);
    if let (Some(word), None) = (word, now) {
        return Err(format!("the BMC has no choice of the mode, and `{word}` was asked for. Hint: leave `mode` out"));
    }
    if let Some(word) = word.filter(|word| listed(system, MODE).is_some_and(|listed| !listed.iter().any(|of| of == word))) {
        return Err(format!("the machine cannot boot in the mode `{word}`: its BMC does not list it"));
    }
    boot.extend(word.or(now).map(|word| (MODE.to_owned(), json!(word))));
    Ok(json!({"Boot": boot}))
}

/// Whether what is kept is what was wanted; a mode that nobody named is not looked at.
pub(super) fn is_kept(kept: Option<BootOverride>, wanted: BootOverride) -> bool {
    kept.is_some_and(|kept| match wanted.device {
        BootDevice::None => kept.device == BootDevice::None,
        _ => (kept.device, kept.is_lasting) == (wanted.device, wanted.is_lasting) && (wanted.mode.is_none() || kept.mode == wanted.mode),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(enabled: &str, target: &str) -> Value {
        json!({"Boot": {ENABLED: enabled, TARGET: target, MODE: "UEFI", "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd"]}})
    }

    #[test]
    fn overrides_are_read_as_they_are() {
        let uefi = Some(BootMode::Uefi);
        for (enabled, target, expected) in [
            ("Disabled", "Pxe", BootOverride::NONE),
            ("Once", "None", BootOverride::NONE),
            ("Once", "Pxe", BootOverride { device: BootDevice::Pxe, mode: uefi, is_lasting: false }),
            ("Continuous", "Hdd", BootOverride { device: BootDevice::Disk, mode: uefi, is_lasting: true }),
            ("Continuous", "SDCard", BootOverride { device: BootDevice::Other, mode: uefi, is_lasting: true }),
        ] {
            assert_eq!(read(&system(enabled, target)), Some(expected), "{enabled} {target}");
        }
        assert_eq!(read(&json!({})), None);
        assert_eq!(devices(&system("Once", "Pxe")), [BootDevice::None, BootDevice::Pxe, BootDevice::Disk]);
    }

    #[test]
    fn the_mode_goes_along() {
        let pxe = BootOverride { device: BootDevice::Pxe, mode: None, is_lasting: false };
        assert_eq!(written(&system("Disabled", "None"), pxe), Ok(json!({"Boot": {ENABLED: "Once", TARGET: "Pxe", MODE: "UEFI"}})));
        let legacy = BootOverride { mode: Some(BootMode::Legacy), ..pxe };
        assert_eq!(written(&system("Disabled", "None"), legacy), Ok(json!({"Boot": {ENABLED: "Once", TARGET: "Pxe", MODE: "Legacy"}})));
        assert!(written(&json!({"Boot": {}}), legacy).is_err_and(|why| why.contains("no choice of the mode")));
        assert_eq!(written(&system("Once", "Pxe"), BootOverride::NONE), Ok(json!({"Boot": {ENABLED: "Disabled", TARGET: "None"}})));
    }
}
