//! What kind of failure is a trap? The texts of RouterOS, with the category that comes along, become an [`ErrorKind`].
//!
//! Categories are those of the manual: 0 missing item or command, 1 argument, 2 interrupted, 3 script, 4 general, 5 API, 6 terminal,
//! 7 value of `:return`. The texts are those that routers of version 7 send.

use engine_api::ErrorKind;

use super::reply::Row;

/// Texts that tell more than the category; the first that is found decides.
const TEXTS: &[(&str, ErrorKind)] = &[
    ("invalid user name or password", ErrorKind::Unauthorised),
    ("cannot log in", ErrorKind::Unauthorised),
    ("not enough permissions", ErrorKind::Unauthorised),
    ("not logged in", ErrorKind::Unauthorised),
    ("no such item", ErrorKind::NotFound),
    ("no such file", ErrorKind::NotFound),
    ("already have", ErrorKind::Conflict),
    ("already exists", ErrorKind::Conflict),
    ("name exists", ErrorKind::Conflict),
    ("same name", ErrorKind::Conflict),
    ("in use", ErrorKind::Conflict),
    ("is used", ErrorKind::Conflict),
    ("too many", ErrorKind::Busy),
    ("try again", ErrorKind::Busy),
    ("busy", ErrorKind::Busy),
    ("timed out", ErrorKind::Timeout),
    ("timeout", ErrorKind::Timeout),
];

/// The kind of a trap or of a `!fatal`.
pub(crate) fn kind_of(category: Option<&str>, message: &str) -> ErrorKind {
    let message = message.to_ascii_lowercase();
    let by_text = TEXTS.iter().find(|(text, _)| message.contains(text)).map(|(_, kind)| *kind);
    by_text.unwrap_or(match category {
        Some("2") => ErrorKind::Busy,
        Some("5") => ErrorKind::Protocol,
        _ => ErrorKind::Rejected,
    })
}

/// [`kind_of`] and the message of a trap's row.
pub(crate) fn of_row(row: &Row) -> (ErrorKind, String) {
    let message = row.get("message").cloned().unwrap_or_default();
    (kind_of(row.get("category").map(String::as_str), &message), message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_texts_of_routers_have_their_kind() {
        for (category, message, kind) in [
            (None, "invalid user name or password (6)", ErrorKind::Unauthorised),
            (None, "not enough permissions (9)", ErrorKind::Unauthorised),
            (Some("0"), "no such command", ErrorKind::Rejected),
            (Some("0"), "no such command prefix", ErrorKind::Rejected),
            (Some("0"), "no such item (4)", ErrorKind::NotFound),
            (None, "no such item", ErrorKind::NotFound),
            (None, "unknown parameter bogus", ErrorKind::Rejected),
            (Some("1"), "input does not match any value of interface", ErrorKind::Rejected),
            (Some("1"), "value of address expects range of ip addresses", ErrorKind::Rejected),
            (None, "failure: already have device with such name", ErrorKind::Conflict),
            (None, "failure: already have such address", ErrorKind::Conflict),
            (None, "failure: item with this name already exists", ErrorKind::Conflict),
            (None, "failure: pool with such name exists", ErrorKind::Conflict),
            (None, "failure: user with the same name already exists", ErrorKind::Conflict),
            (None, "failure: entry already exists", ErrorKind::Conflict),
            (Some("2"), "interrupted", ErrorKind::Busy),
            (Some("2"), "action timed out - try again, if error continues contact MikroTik support", ErrorKind::Busy),
            (Some("5"), "unknown", ErrorKind::Protocol),
            (None, "failure: cannot set disabled and active at the same time", ErrorKind::Rejected),
        ] {
            assert_eq!(kind_of(category, message), kind, "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_trap_has_a_kind(message in ".{0,80}", category in prop::option::of("[0-9]{0,2}")) {
            let _ = kind_of(category.as_deref(), &message);
        }
    }
}
