//! What may ipr.yaml say? Tables of fields, read by the same decoder as a resource's.

use core_model::schema::{Check, Field, Kind};
use core_model::{Name, TargetName};

use super::window;

pub(super) const ENVIRONMENT: &[Field] = &[
    Field::new("id", Kind::Checked(&NAME), "It marks the environment's objects and records, and stays when the environment is renamed.").required(),
    Field::new("prefix", Kind::Checked(&PREFIX), "Goes before the name of every object on a target."),
    Field::new("values", Kind::Any, "What `${env.key}` stands for."),
    Field::new("targets", Kind::Map(&Kind::Checked(&TARGET_NAME)), "The target of each provider, unless a resource names another."),
    Field::new("apply", Kind::Word(&["on-merge", "before-merge", "manual"]), "When a reviewed plan is applied."),
    Field::new("confirm", Kind::Set(&Kind::Word(&["replace", "data-loss", "restart", "delete"])), "What waits for `/apply <digest>`."),
    Field::new("approvals", Kind::Object(APPROVALS), "Who must approve a plan."),
    Field::new("on_failure", Kind::Word(&["park", "rollback"]), "What happens when a step fails."),
    Field::new("local", Kind::Boolean, "Whether `ipr apply` may run from a laptop."),
    Field::new("after", Kind::Checked(&NAME), "The environment that goes first."),
    Field::new("soak", Kind::Duration, "How long a commit stays in the environment before, before it reaches this one."),
    Field::new("windows", Kind::List(&Kind::Object(WINDOW)), "When steps may run."),
    Field::new("drift", Kind::Object(DRIFT), "How drift is looked for."),
    Field::new("notify", Kind::Object(NOTIFY), "Who is told."),
];

const APPROVALS: &[Field] = &[
    Field::new("count", Kind::Integer { min: 0, max: 20 }, "How many people must approve."),
    Field::new("teams", Kind::Set(&Kind::Text), "Of which teams they must be."),
];

const WINDOW: &[Field] = &[
    Field::new("days", Kind::Checked(&DAYS), "The days of the week.").required(),
    Field::new("hours", Kind::Checked(&HOURS), "From when to when.").required(),
    Field::new("zone", Kind::Checked(&ZONE), "The time zone of the hours.").required(),
    Field::new(
        "for",
        Kind::Word(&["changes", "restarts"]),
        "Whether runs start in it, or what waits by `lifecycle.restart: window`; `changes` when left out.",
    ),
];

const DRIFT: &[Field] = &[
    Field::new("check", Kind::Duration, "How often drift is looked for."),
    Field::new("repair", Kind::Word(&["never"]), "Whether drift is repaired without a pull request."),
];

const NOTIFY: &[Field] = &[
    Field::new("failed", Kind::List(&Kind::Text), "Mentioned when a run failed."),
    Field::new("waiting", Kind::List(&Kind::Text), "Mentioned when a person must act."),
    Field::new("webhook", Kind::Checked(&NAME), "The outgoing webhook of the daemon's configuration."),
];

pub(super) const SECRET: &[Field] = &[
    Field::new("env", Kind::Checked(&VARIABLE), "The environment variable of the daemon that holds the secret."),
    Field::new("file", Kind::Checked(&FILE_NAME), "The file in the daemon's secrets folder that holds the secret."),
    Field::new("vault", Kind::Checked(&VAULT), "Path and key in Vault."),
    Field::new("sops", Kind::Checked(&SOPS), "File and key in a file that SOPS encrypted."),
    Field::new("environments", Kind::Set(&Kind::Checked(&NAME)), "The environments that may use it; all, if it is left out."),
];

pub(super) const TARGET: &[Field] = &[
    Field::new("provider", Kind::Text, "What kind of target it is."),
    Field::new("address", Kind::Checked(&HOST), "Where it is reached."),
    Field::new("credential", Kind::Checked(&NAME), "The credential of the daemon's configuration."),
    Field::new("members", Kind::Map(&Kind::Checked(&HOST)), "The members of a group, each with its address."),
    Field::new("retired", Kind::Boolean, "Forget its resources without a call."),
];

pub(super) const RECORDS: &[Field] =
    &[Field::new("keys", Kind::List(&Kind::Checked(&PUBLIC_KEY)), "The keys that may sign records: public keys in SSH's text form.")];

const NAME: Check = Check { what: "a name", example: "prod", parse: name, comparable: Check::whole };
const TARGET_NAME: Check = Check { what: "the name of a target", example: "dock-01", parse: target, comparable: Check::whole };
const PREFIX: Check = Check { what: "a prefix", example: "dev-", parse: prefix, comparable: Check::whole };
const DAYS: Check = Check { what: "days of the week", example: "mon-thu,sat", parse: days, comparable: Check::whole };
const HOURS: Check = Check { what: "a range of hours", example: "08:00-18:00", parse: hours, comparable: Check::whole };
const ZONE: Check = Check { what: "a time zone", example: "Europe/Rome", parse: zone, comparable: Check::whole };
const VARIABLE: Check = Check { what: "an environment variable", example: "DB_PASSWORD", parse: variable, comparable: Check::whole };
const FILE_NAME: Check = Check { what: "a file name", example: "db_password", parse: file_name, comparable: Check::whole };
const VAULT: Check = Check { what: "a path and a key", example: "kv/shop#db_password", parse: path_and_key, comparable: Check::whole };
const SOPS: Check = Check { what: "a file and a key", example: "secrets/bmc.yaml#ops", parse: path_and_key, comparable: Check::whole };
const HOST: Check = Check { what: "a host", example: "10.9.0.11", parse: host, comparable: Check::whole };
const PUBLIC_KEY: Check = Check { what: "a public key", example: "ssh-ed25519 AAAA... name", parse: public_key, comparable: Check::whole };

fn name(text: &str) -> Result<String, String> {
    text.parse::<Name>().map(String::from).map_err(|error| error.to_string())
}

fn target(text: &str) -> Result<String, String> {
    text.parse::<TargetName>().map(String::from).map_err(|error| error.to_string())
}

fn prefix(text: &str) -> Result<String, String> {
    let is_label = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    check(text, is_label && text.len() <= 20, "is not made of at most 20 lower-case letters, digits and `-`")
}

fn days(text: &str) -> Result<String, String> {
    check(text, window::days(text).is_some(), "does not name days or ranges of days")
}

fn hours(text: &str) -> Result<String, String> {
    check(text, window::hours(text).is_some(), "is not a range of hours")
}

fn zone(text: &str) -> Result<String, String> {
    check(text, window::is_zone(text), "is not the name of a time zone")
}

fn variable(text: &str) -> Result<String, String> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    check(
        text,
        is_word && !text.is_empty() && !text.starts_with(|letter: char| letter.is_ascii_digit()),
        "is not the name of an environment variable",
    )
}

/// One component: a path could leave the folder that the daemon keeps secrets in.
fn file_name(text: &str) -> Result<String, String> {
    let is_component = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    check(text, is_component && !text.is_empty() && !text.starts_with('.'), "is not the name of a file in one folder")
}

fn path_and_key(text: &str) -> Result<String, String> {
    let parts = text.split_once('#').filter(|(path, key)| !path.is_empty() && !key.is_empty() && !key.contains('#'));
    let is_inside = |path: &str| !path.starts_with('/') && path.split('/').all(|component| !matches!(component, "" | "." | ".."));
    check(text, parts.is_some_and(|(path, _)| is_inside(path)), "is not a path, a `#` and a key")
}

fn host(text: &str) -> Result<String, String> {
    let is_host = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_'));
    check(text, is_host && !text.is_empty() && text.len() <= 253, "is not a host name or an address")
}

fn public_key(text: &str) -> Result<String, String> {
    let mut words = text.split_whitespace();
    let is_ed25519 = words.next() == Some("ssh-ed25519") && words.next().is_some_and(|key| key.starts_with("AAAA"));
    check(text, is_ed25519, "is not an Ed25519 public key in SSH's text form")
}

fn check(text: &str, is_right: bool, otherwise: &str) -> Result<String, String> {
    if is_right { Ok(text.to_owned()) } else { Err(otherwise.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parse = fn(&str) -> Result<String, String>;

    #[test]
    fn grammars_take_what_they_should() {
        let table: [(Parse, &[&str], &[&str]); 6] = [
            (days, &["mon", "mon-thu", "mon-thu,sat"], &["", "monday", "mon-", "mon thu"]),
            (
                hours,
                &["08:00-18:00", "00:00-24:00", "22:00-04:00"],
                &["8:00-18:00", "+8:00-18:00", "08:00-08:00", "08:00", "08:60-09:00", "24:00-08:00"],
            ),
            (zone, &["UTC", "Europe/Rome"], &["", "Rome", "Europe/Ro me", "Europe/Roma"]),
            (file_name, &["db_password", "a.b"], &["", "../x", "a/b", ".x"]),
            (path_and_key, &["kv/shop#db"], &["kv/shop", "#db", "/etc/x#y", "a/../b#c"]),
            (host, &["10.0.0.1", "pve.lan", "[::1]:8006"], &["", "a b", "http://x"]),
        ];
        for (parse, good, bad) in table {
            good.iter().for_each(|text| assert!(parse(text).is_ok(), "{text}"));
            bad.iter().for_each(|text| assert!(parse(text).is_err(), "{text}"));
        }
    }
}
