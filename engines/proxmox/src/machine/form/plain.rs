//! Which fields are one option each? A table: the field, the option, how its text is read and written, and what holds when
//! nobody sets it.

use core_model::canonical;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::edits::Edits;
use super::wanted::Wanted;
use crate::config::{Config, Properties};

/// How an option's text stands for a value.
#[derive(Debug, Clone, Copy)]
enum Form {
    Text,
    Flag,
    /// Whole mebibytes; newer versions may write `current=2048`.
    Mebibytes,
    /// The first of a list of properties, which has this name where it has one.
    Head(&'static str),
    HeadFlag(&'static str),
    /// `order=scsi0;net0`.
    BootOrder,
    /// `socket`, or nothing.
    Socket,
    /// `local:iso/x.iso,media=cdrom`.
    Medium,
    /// A list whose order means nothing, with `,` between.
    Words,
    /// A list in order, with spaces between.
    Spaced,
    /// Lines, percent-encoded.
    Keys,
}

/// What holds when nobody sets it.
#[derive(Debug, Clone, Copy)]
enum Default {
    /// There is none, and the option is taken out.
    Nothing,
    /// Proxmox takes this; the option is taken out.
    Builtin(&'static str),
    /// What we give new machines; it is written, for Proxmox would take something else.
    Ours(&'static str),
}

struct Plain {
    path: &'static str,
    option: &'static str,
    form: Form,
    default: Default,
}

const fn row(path: &'static str, option: &'static str, form: Form, default: Default) -> Plain {
    Plain { path, option, form, default }
}

/// The drive of `specs.cdrom`.
pub(crate) const CDROM_SLOT: &str = "ide0";

const TABLE: &[Plain] = &[
    row("specs.name", "name", Form::Text, Default::Nothing),
    row("specs.cpu_type", "cpu", Form::Head("cputype"), Default::Builtin("kvm64")),
    row("specs.memory", "memory", Form::Mebibytes, Default::Builtin("512")),
    row("specs.balloon", "balloon", Form::Mebibytes, Default::Nothing),
    row("specs.numa", "numa", Form::Flag, Default::Builtin("0")),
    row("specs.upgrade", "ciupgrade", Form::Flag, Default::Builtin("1")),
    row("specs.boot", "boot", Form::BootOrder, Default::Nothing),
    row("specs.bios", "bios", Form::Text, Default::Builtin("seabios")),
    row("specs.machine", "machine", Form::Head("type"), Default::Nothing),
    row("specs.os_type", "ostype", Form::Text, Default::Ours("l26")),
    row("specs.scsi_controller", "scsihw", Form::Text, Default::Ours("virtio-scsi-single")),
    row("specs.agent", "agent", Form::HeadFlag("enabled"), Default::Builtin("0")),
    row("specs.display", "vga", Form::Head("type"), Default::Builtin("std")),
    row("specs.serial", "serial0", Form::Socket, Default::Nothing),
    row("specs.cdrom", CDROM_SLOT, Form::Medium, Default::Nothing),
    row("specs.hotplug", "hotplug", Form::Words, Default::Builtin("network,disk,usb")),
    row("specs.onboot", "onboot", Form::Flag, Default::Builtin("0")),
    row("specs.protection", "protection", Form::Flag, Default::Builtin("0")),
    row("specs.user.name", "ciuser", Form::Text, Default::Nothing),
    row("specs.user.password", "cipassword", Form::Text, Default::Nothing),
    row("specs.user.ssh_keys", "sshkeys", Form::Keys, Default::Nothing),
    row("specs.dns.servers", "nameserver", Form::Spaced, Default::Nothing),
    row("specs.dns.domain", "searchdomain", Form::Text, Default::Nothing),
];

/// The field that an option is, if it is one field's alone.
pub(super) fn path_of(option: &str) -> Option<&'static str> {
    TABLE.iter().find(|row| row.option == option).map(|row| row.path)
}

/// The values that the options say, and what they would be if nobody had set them.
pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    for Plain { path, option, form, default } in TABLE {
        let fallback = match default {
            Default::Nothing => form.absent(),
            Default::Builtin(text) | Default::Ours(text) => form.read(text),
        };
        // A password comes back as asterisks.
        let seen = config.get(option).filter(|_| *option != "cipassword").and_then(|text| form.read(text));
        let unwritten = match default {
            Default::Ours(_) => None,
            _ => fallback.clone(),
        };
        values.extend(seen.or(unwritten).map(|value| ((*path).to_owned(), value)));
        defaults.extend(fallback.map(|value| ((*path).to_owned(), value)));
    }
}

/// Sets or takes out the options of touched fields.
pub(super) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    for Plain { path, option, form, default } in TABLE.iter().filter(|row| wanted.touches(row.path)) {
        let current = config.get(option);
        let text = match (wanted.value(path), default) {
            (Some(value), _) => form.write(value, current),
            (None, Default::Ours(text)) => Some((*text).to_owned()),
            (None, _) => None,
        };
        let text = text.filter(|text| !text.is_empty());
        match text {
            // Nobody can tell whether a password is the same.
            Some(text) if *option == "cipassword" => edits.set(option, text),
            // Proxmox may have added something of its own, such as the size of a medium.
            Some(text) if current.and_then(|current| form.read(current)) != form.read(&text) => edits.set(option, text),
            Some(_) => {}
            None if current.is_some() => edits.delete(option),
            None => {}
        }
    }
}

/// What we give a machine that is made from an image or from nothing, where its author does not say.
pub(super) fn fresh(wanted: &Wanted, edits: &mut Edits) {
    for Plain { path, option, default, .. } in TABLE {
        if let Default::Ours(text) = default
            && !wanted.says(path)
        {
            edits.set(option, (*text).to_owned());
        }
    }
}

impl Form {
    /// What an option that is not there stands for.
    fn absent(self) -> Option<Value> {
        matches!(self, Self::Socket).then(|| json!(false))
    }

    fn read(self, text: &str) -> Option<Value> {
        let list = |parts: Vec<&str>| json!(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>());
        match self {
            Self::Text => Some(json!(text)),
            Self::Flag => Some(json!(text == "1")),
            Self::Mebibytes => head(text, "current")?.parse::<u64>().ok()?.checked_mul(1 << 20).map(Value::from),
            Self::Head(name) => head(text, name).map(Value::from),
            Self::HeadFlag(name) => Some(json!(head(text, name).as_deref() == Some("1"))),
            Self::BootOrder => text.split_once("order=").map(|(_, order)| list(order.split([',', ';']).collect())),
            Self::Socket => Some(json!(text == "socket")),
            Self::Medium => head(text, "file").filter(|volume| volume != "none").map(Value::from),
            Self::Words => Some(sorted(match text {
                "0" => json!([]),
                "1" => json!(["network", "disk", "usb"]),
                text => list(text.split(',').collect()),
            })),
            Self::Spaced => Some(list(text.split([' ', ',', ';']).collect())),
            Self::Keys => {
                let lines = percent_decode_str(text).decode_utf8().ok()?;
                Some(sorted(json!(lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>())))
            }
        }
    }

    fn write(self, value: &Value, current: Option<&str>) -> Option<String> {
        let joined = |between: &str| {
            let words: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
            Some(words.join(between))
        };
        let as_head = |name: &str, text: String| {
            let mut properties = Properties::parse(current.unwrap_or_default());
            let key = if properties.get(name).is_some() { name } else { "" };
            properties.put(key, Some(text));
            properties.text()
        };
        match self {
            Self::Text => value.as_str().map(str::to_owned),
            Self::Flag => value.as_bool().map(flag),
            Self::Mebibytes => value.as_u64().map(|bytes| (bytes >> 20).to_string()),
            Self::Head(name) => value.as_str().map(|text| as_head(name, text.to_owned())),
            Self::HeadFlag(name) => value.as_bool().map(|is_on| as_head(name, flag(is_on))),
            Self::BootOrder => joined(";").map(|order| format!("order={order}")),
            Self::Socket => (value == &Value::Bool(true)).then(|| "socket".to_owned()),
            Self::Medium => value.as_str().map(|volume| format!("{volume},media=cdrom")),
            Self::Words => joined(",").map(|words| if words.is_empty() { "0".to_owned() } else { words }),
            Self::Spaced => joined(" "),
            Self::Keys => joined("\n").map(|lines| utf8_percent_encode(&lines, KEYS_ENCODED).to_string()),
        }
    }
}

/// What `URI::Escape` of Perl escapes: Proxmox asks for keys in that form.
const KEYS_ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn head(text: &str, name: &str) -> Option<String> {
    let properties = Properties::parse(text);
    properties.get("").or_else(|| properties.get(name)).map(str::to_owned)
}

pub(super) fn flag(is_on: bool) -> String {
    if is_on { "1".to_owned() } else { "0".to_owned() }
}

/// A list whose order means nothing, in its canonical order.
pub(super) fn sorted(list: Value) -> Value {
    let Value::Array(mut items) = list else { return list };
    items.sort_by_cached_key(canonical::text);
    items.dedup();
    Value::Array(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read as the same value.
    #[test]
    fn reading_gives_what_was_written() {
        let cases = [
            (Form::Text, json!("ovmf"), "ovmf"),
            (Form::Flag, json!(true), "1"),
            (Form::Mebibytes, json!(2_u64 << 30), "2048"),
            (Form::Head("cputype"), json!("host"), "host"),
            (Form::HeadFlag("enabled"), json!(true), "1"),
            (Form::BootOrder, json!(["scsi0", "net0"]), "order=scsi0;net0"),
            (Form::Socket, json!(true), "socket"),
            (Form::Medium, json!("local:iso/a.iso"), "local:iso/a.iso,media=cdrom"),
            (Form::Words, json!(["disk", "network"]), "disk,network"),
            (Form::Words, json!([]), "0"),
            (Form::Spaced, json!(["10.0.0.1", "10.0.0.2"]), "10.0.0.1 10.0.0.2"),
            (Form::Keys, json!(["ssh-ed25519 AAAA+/= a@b"]), "ssh-ed25519%20AAAA%2B%2F%3D%20a%40b"),
        ];
        for (form, value, text) in cases {
            assert_eq!(form.write(&value, None).as_deref(), Some(text));
            assert_eq!(form.read(text), Some(value), "{text}");
        }
    }

    #[test]
    fn other_properties_of_an_option_stay() {
        assert_eq!(Form::Head("cputype").write(&json!("host"), Some("kvm64,flags=+aes")).as_deref(), Some("host,flags=+aes"));
        assert_eq!(
            Form::HeadFlag("enabled").write(&json!(false), Some("enabled=1,fstrim_cloned_disks=1")).as_deref(),
            Some("enabled=0,fstrim_cloned_disks=1")
        );
        assert_eq!(Form::Mebibytes.read("current=2048"), Some(json!(2_u64 << 30)));
    }
}
