//! Does a value have the form that its kind is shown in? Told without the value: it is somebody's.

use crate::tables::{Field, Kind};
use crate::values::{Names, canonical};

/// Forms are no longer.
const FORM_CHARS: usize = 40;

/// A value's form: letters are `a` or `A`, digits are `9`, however many there are; the rest stands as it is.
pub(super) fn form(value: &str) -> String {
    let mut form = String::new();
    for character in value.chars() {
        let shown = match character {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            '!'..='~' | ' ' if !character.is_ascii_alphabetic() => character,
            _ => 'a',
        };
        if !form.ends_with(shown) {
            form.push(shown);
        }
    }
    form.chars().take(FORM_CHARS).collect()
}

/// What values of the field look like, where there is a way to tell; nothing where anything goes, or where others know.
pub(super) fn expected(field: &Field) -> Option<String> {
    let words = match &field.kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Number(_) => "a number".to_owned(),
        Kind::Enum(words) => format!("one of {}", words.join(" ")),
        Kind::Set(words) => format!("some of {}", words.join(",")),
        Kind::Duration | Kind::DurationOr(_) => "a duration such as 1d2h3m4s".to_owned(),
        Kind::SizeKib => "a size such as 2048KiB".to_owned(),
        Kind::Mac => "an address such as 02:AB:00:00:00:01".to_owned(),
        Kind::Ip => "an address".to_owned(),
        Kind::Prefix | Kind::Prefix6 => "an address with its prefix length".to_owned(),
        Kind::Network | Kind::Network6 => "a network".to_owned(),
        Kind::MatchAddress | Kind::MatchAddress6 | Kind::ListAddress => "an address, a network or a range".to_owned(),
        Kind::Protocol | Kind::Protocol6 => "a protocol".to_owned(),
        Kind::VlanIds => "ids and ranges of ids".to_owned(),
        _ => return None,
    };
    Some(words)
}

/// Whether a router of ours could show this value. Where nothing is expected, anything is as expected.
pub(super) fn is_expected(field: &Field, value: &str) -> bool {
    value.is_empty() || expected(field).is_none() || canonical(&field.kind, &field.name, value, &Nothing).is_ok_and(|shown| shown == value)
}

/// No name is known here.
struct Nothing;

impl Names for Nothing {
    fn has(&self, _menu: &str, _name: &str) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Versions;

    fn field(kind: &str) -> Field {
        let kind = Kind::parse(kind).expect("a kind");
        let name = "x".to_owned();
        let default = None;
        Field { name, kind, default, is_required: false, is_secret: false, is_hidden: false, is_read_only: false, versions: Versions::ALL }
    }

    #[test]
    fn a_form_says_nothing_of_the_value() {
        let table = [("1d02:03:04", "9a9:9:9"), ("true", "a"), ("10.0.0.1/24", "9.9.9.9/9"), ("Geheim, très!", "Aa, a!"), ("", "")];
        for (value, expected) in table {
            assert_eq!(form(value), expected, "{value}");
        }
        assert_eq!(form(&"a.".repeat(100)).len(), FORM_CHARS);
    }

    #[test]
    fn a_value_in_another_form_is_told() {
        let table = [
            ("bool", "true", "yes"),
            ("duration", "1d2h", "1d02:00:00"),
            ("enum:a|b", "a", "c"),
            ("mac", "02:AB:00:00:00:01", "02:ab:00:00:00:01"),
            ("prefix", "10.0.0.1/24", "10.0.0.1"),
        ];
        for (kind, shown, other) in table {
            assert!(is_expected(&field(kind), shown), "{kind} {shown}");
            assert!(!is_expected(&field(kind), other), "{kind} {other}");
        }
        assert!(is_expected(&field("text"), "anything") && is_expected(&field("ref:/ip/pool"), "anybody's"));
    }
}
