//! By which words does a blueprint call what a BMC has numbers for?

use core_model::schema::Check;

use crate::driver::{AddressSource, BootDevice, BootMode, PowerRestore, Reset, Role};

pub(super) const BOOT_DEVICES: &[&str] = &[BOOT_DEVICE_NONE, "pxe", "disk", "cdrom", "usb", "setup", "http"];
pub(super) const BOOT_DEVICES_ONCE: &[&str] = &["pxe", "disk", "cdrom", "usb", "setup", "http"];
pub(super) const BOOT_MODES: &[&str] = &["legacy", "uefi"];
pub(super) const ROLES: &[&str] = &["user", "operator", "administrator"];
pub(super) const RESETS: &[&str] = &["cycle", "hard", "nmi"];
pub(super) const POWER_RESTORES: &[&str] = &["off", "previous", "on"];

pub(super) const ADDRESS_SOURCES: &[&str] = &["static", "dhcp"];
/// Those that IPMI has numbers for.
pub(super) const BIT_RATES: &[&str] = &["9600", "19200", "38400", "57600", "115200"];

/// No override: the firmware's own order.
pub(crate) const BOOT_DEVICE_NONE: &str = "none";

pub(crate) fn boot_device_word(device: BootDevice) -> &'static str {
    match device {
        BootDevice::None => BOOT_DEVICE_NONE,
        BootDevice::Pxe => "pxe",
        BootDevice::Disk => "disk",
        BootDevice::Cdrom => "cdrom",
        BootDevice::Usb => "usb",
        BootDevice::Setup => "setup",
        BootDevice::Http => "http",
        // Not a word that can be written: the plan shows that somebody chose a device of another kind.
        BootDevice::Other => "other",
    }
}

pub(crate) fn boot_device(word: &str) -> Option<BootDevice> {
    use BootDevice::{Cdrom, Disk, Http, None as NoDevice, Pxe, Setup, Usb};
    [NoDevice, Pxe, Disk, Cdrom, Usb, Setup, Http].into_iter().find(|device| boot_device_word(*device) == word)
}

pub(crate) fn boot_mode_word(mode: BootMode) -> &'static str {
    match mode {
        BootMode::Legacy => "legacy",
        BootMode::Uefi => "uefi",
    }
}

pub(crate) fn boot_mode(word: &str) -> Option<BootMode> {
    [BootMode::Legacy, BootMode::Uefi].into_iter().find(|mode| boot_mode_word(*mode) == word)
}

pub(crate) fn address_source_word(source: AddressSource) -> &'static str {
    match source {
        AddressSource::Static => "static",
        AddressSource::Dhcp => "dhcp",
    }
}

pub(crate) fn address_source(word: &str) -> Option<AddressSource> {
    [AddressSource::Static, AddressSource::Dhcp].into_iter().find(|source| address_source_word(*source) == word)
}

pub(crate) fn role_word(role: Role) -> &'static str {
    match role {
        // Not a word that can be written: an account without rights is left out.
        Role::None => "none",
        Role::User => "user",
        Role::Operator => "operator",
        Role::Administrator => "administrator",
        // Not a word that can be written: the plan shows that somebody gave another role.
        Role::Other => "other",
    }
}

pub(crate) fn role(word: &str) -> Option<Role> {
    [Role::User, Role::Operator, Role::Administrator].into_iter().find(|role| role_word(*role) == word)
}

pub(crate) fn power_restore_word(policy: PowerRestore) -> &'static str {
    match policy {
        PowerRestore::StaysOff => "off",
        PowerRestore::Previous => "previous",
        PowerRestore::On => "on",
    }
}

pub(crate) fn power_restore(word: &str) -> Option<PowerRestore> {
    [PowerRestore::StaysOff, PowerRestore::Previous, PowerRestore::On].into_iter().find(|policy| power_restore_word(*policy) == word)
}

pub(crate) fn reset_word(reset: Reset) -> &'static str {
    match reset {
        Reset::Cycle => "cycle",
        Reset::Hard => "hard",
        Reset::Nmi => "nmi",
    }
}

pub(crate) fn reset_kind(word: &str) -> Option<Reset> {
    [Reset::Cycle, Reset::Hard, Reset::Nmi].into_iter().find(|reset| reset_word(*reset) == word)
}

/// The sixteen bytes that identify a system, as `dmidecode` writes them.
pub(super) const GUID: Check = Check { what: "a GUID", example: "4c4c4544-0033-4610-8050-b4c04f305032", parse: parse_guid, comparable: Check::whole };

fn parse_guid(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let groups: Vec<&str> = lower.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let is_hexadecimal = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if lengths == [8, 4, 4, 4, 12] && is_hexadecimal { Ok(lower) } else { Err("is not 32 hexadecimal digits in five groups".to_owned()) }
}

/// A host that tells the time, by name or address.
pub(super) const HOST: Check = Check { what: "a host", example: "ntp1.acme.lan", parse: parse_host, comparable: Check::whole };

fn parse_host(text: &str) -> Result<String, String> {
    const LENGTH_MAX: usize = 253;
    let is_name =
        |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-')) && !text.starts_with(['.', '-']);
    if text.is_empty() || text.len() > LENGTH_MAX {
        return Err(format!("is not 1 to {LENGTH_MAX} characters long"));
    }
    if is_name(text) || text.parse::<std::net::IpAddr>().is_ok() {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("is neither a name nor an address".to_owned())
    }
}

/// What a machine calls itself, without the name of its network.
pub(super) const HOST_NAME: Check = Check { what: "a host name", example: "bmc-r1-n01", parse: host_name, comparable: Check::whole };

pub(crate) fn host_name(text: &str) -> Result<String, String> {
    const LENGTH_MAX: usize = 63;
    if text.is_empty() || text.len() > LENGTH_MAX {
        return Err(format!("is not 1 to {LENGTH_MAX} characters long"));
    }
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') && !text.starts_with('-') && !text.ends_with('-');
    if is_plain { Ok(text.to_ascii_lowercase()) } else { Err("holds something other than letters, digits and `-` between them".to_owned()) }
}

/// What every BMC takes for a name. Sixteen bytes fit.
pub(super) const USER_NAME: Check = Check { what: "a user name", example: "ops", parse: parse_user_name, comparable: Check::whole };

fn parse_user_name(text: &str) -> Result<String, String> {
    const LENGTH_MAX: usize = 16;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    if text.is_empty() || text.len() > LENGTH_MAX {
        return Err(format!("is not 1 to {LENGTH_MAX} characters long"));
    }
    if text.chars().all(is_plain) { Ok(text.to_owned()) } else { Err("holds something other than letters, digits, `.`, `_` and `-`".to_owned()) }
}
