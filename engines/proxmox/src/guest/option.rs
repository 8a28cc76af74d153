//! How is a field written that is one option? A row of a table says its path, its option, how the option's text is read and
//! written, and what holds when nobody sets it.

use core_model::canonical;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::edits::Edits;
use super::wanted::Wanted;
use crate::config::{Config, Properties};

/// How an option's text stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    /// Nobody reads it back, and nobody can tell whether it is the same.
    Secret,
    Flag,
    /// A whole number.
    Number,
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
pub(crate) enum Default {
    /// There is none, and the option is taken out.
    Nothing,
    /// Proxmox takes this; the option is taken out.
    Builtin(&'static str),
    /// Proxmox takes this, and the option cannot be taken out: this is written.
    Fixed(&'static str),
    /// What we give new guests; it is written, for Proxmox would take something else.
    Ours(&'static str),
}

/// One field that is one option.
pub(crate) struct Plain {
    pub(crate) path: &'static str,
    pub(crate) option: &'static str,
    pub(crate) form: Form,
    pub(crate) default: Default,
}

pub(crate) const fn row(path: &'static str, option: &'static str, form: Form, default: Default) -> Plain {
    Plain { path, option, form, default }
}

/// The values that the options say, and what they would be if nobody had set them.
pub(crate) fn read(table: &[Plain], config: &Config, values: &mut Vec<(String, Value)>, defaults: &mut Vec<(String, Value)>) {
    for Plain { path, option, form, default } in table {
        let fallback = match default {
            Default::Nothing => form.absent(),
            Default::Builtin(text) | Default::Fixed(text) | Default::Ours(text) => form.read(text),
        };
        let seen = config.get(option).and_then(|text| form.read(text));
        let unwritten = match default {
            Default::Ours(_) => None,
            _ => fallback.clone(),
        };
        values.extend(seen.or(unwritten).map(|value| ((*path).to_owned(), value)));
        defaults.extend(fallback.map(|value| ((*path).to_owned(), value)));
    }
}

/// Sets or takes out the options of touched fields.
pub(crate) fn write(table: &[Plain], config: &Config, wanted: &Wanted, edits: &mut Edits) {
    for Plain { path, option, form, default } in table.iter().filter(|row| wanted.touches(row.path)) {
        let current = config.get(option);
        let text = match (wanted.value(path), default) {
            (Some(value), _) => form.write(value, current),
            (None, Default::Ours(text) | Default::Fixed(text)) => Some((*text).to_owned()),
            (None, _) => None,
        };
        let text = text.filter(|text| !text.is_empty());
        match text {
            Some(text) if *form == Form::Secret => edits.set(option, text),
            // Proxmox may have added something of its own, such as the size of a medium.
            Some(text) if current.and_then(|current| form.read(current)) != form.read(&text) => edits.set(option, text),
            Some(_) => {}
            None if current.is_some() => edits.delete(option),
            None => {}
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
            // It comes back as asterisks.
            Self::Secret => None,
            Self::Flag => Some(json!(text == "1")),
            Self::Number => text.parse::<i64>().ok().map(Value::from),
            Self::Mebibytes => head(text, "current")?.parse::<u64>().ok()?.checked_mul(1 << 20).map(Value::from),
            Self::Head(name) => head(text, name).map(Value::from),
            Self::HeadFlag(name) => Some(json!(head(text, name).as_deref() == Some("1"))),
            Self::BootOrder => text.split_once("order=").map(|(_, order)| list(order.split([',', ';']).collect())),
            Self::Socket => Some(json!(text == "socket")),
            // A slot that holds a disk holds no medium.
            Self::Medium if Properties::parse(text).get("media") != Some("cdrom") => None,
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
            Self::Text | Self::Secret => value.as_str().map(str::to_owned),
            Self::Flag => value.as_bool().map(flag),
            Self::Number => value.as_i64().map(|number| number.to_string()),
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

pub(crate) fn flag(is_on: bool) -> String {
    if is_on { "1".to_owned() } else { "0".to_owned() }
}

/// `2.5` is 2500.
pub(crate) fn parse_thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<3}");
    Some(whole.parse::<i64>().ok()? * 1_000 + fraction.get(..3)?.parse::<i64>().ok()?)
}

/// A list whose order means nothing, in its canonical order.
pub(crate) fn sorted(list: Value) -> Value {
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
            (Form::Number, json!(2), "2"),
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
    fn a_disk_is_no_medium() {
        for (text, volume) in
            [("local-lvm:vm-100-disk-0,size=8G", None), ("none,media=cdrom", None), ("local:iso/a.iso,media=cdrom", Some(json!("local:iso/a.iso")))]
        {
            assert_eq!(Form::Medium.read(text), volume, "{text}");
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
