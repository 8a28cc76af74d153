//! Which fields of a storage are one option each? A table: the field, the option, and how its text is read and written.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// How an option's text stands for a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Text,
    Upper,
    Flag,
    Number,
    /// A list whose order means nothing, with `,` between.
    Words,
}

/// The fields that are one option each.
pub(super) const TABLE: &[(&str, &str, Form)] = &[
    ("kind", "type", Form::Text),
    ("content", "content", Form::Words),
    ("nodes", "nodes", Form::Words),
    ("path", "path", Form::Text),
    ("server", "server", Form::Text),
    ("export", "export", Form::Text),
    ("share", "share", Form::Text),
    ("datastore", "datastore", Form::Text),
    ("vgname", "vgname", Form::Text),
    ("thinpool", "thinpool", Form::Text),
    ("pool", "pool", Form::Text),
    ("portal", "portal", Form::Text),
    ("target", "target", Form::Text),
    ("subdir", "subdir", Form::Text),
    ("namespace", "namespace", Form::Text),
    ("monhost", "monhost", Form::Text),
    ("fs_name", "fs-name", Form::Text),
    ("port", "port", Form::Number),
    ("username", "username", Form::Text),
    ("password", "password", Form::Text),
    ("keyring", "keyring", Form::Text),
    ("domain", "domain", Form::Text),
    ("smb_version", "smbversion", Form::Text),
    ("fingerprint", "fingerprint", Form::Upper),
    ("options", "options", Form::Text),
    ("shared", "shared", Form::Flag),
    ("disabled", "disable", Form::Flag),
    ("sparse", "sparse", Form::Flag),
    ("krbd", "krbd", Form::Flag),
    ("preallocation", "preallocation", Form::Text),
];

impl Form {
    pub(super) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(json!(text)),
            Self::Upper => Some(json!(text.to_ascii_uppercase())),
            Self::Flag => Some(json!(text == "1")),
            Self::Number => text.parse::<u64>().ok().map(Value::from),
            Self::Words => Some(sorted(text.split(',').map(str::trim).filter(|word| !word.is_empty()))),
        }
    }

    pub(super) fn write(self, value: &Value) -> Option<String> {
        match self {
            Self::Text | Self::Upper => value.as_str().map(str::to_owned),
            Self::Flag => value.as_bool().map(|is_on| if is_on { "1" } else { "0" }.to_owned()),
            Self::Number => value.as_u64().map(|number| number.to_string()),
            Self::Words => Some(value.as_array()?.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")).filter(|text| !text.is_empty()),
        }
    }
}

pub(super) fn sorted<'w>(words: impl Iterator<Item = &'w str>) -> Value {
    json!(words.collect::<BTreeSet<&str>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read as the same value.
    #[test]
    fn reading_gives_what_was_written() {
        for (form, value, text) in [
            (Form::Text, json!("nas"), "nas"),
            (Form::Flag, json!(true), "1"),
            (Form::Number, json!(8007), "8007"),
            (Form::Words, json!(["images", "iso"]), "images,iso"),
        ] {
            assert_eq!((form.write(&value).as_deref(), form.read(text)), (Some(text), Some(value)));
        }
        assert_eq!(Form::Words.read("iso, images"), Some(json!(["images", "iso"])));
        assert_eq!((Form::Words.write(&json!([])), Form::Upper.read("ab:cd")), (None, Some(json!("AB:CD"))));
    }
}
