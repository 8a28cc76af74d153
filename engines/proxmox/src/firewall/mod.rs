//! How is the firewall of Proxmox VE read and changed? Whole lists of rules with the options of their scope, and the names
//! that rules use: security groups, IP sets, aliases.

mod alias;
mod arrange;
mod group;
mod ip_set;
mod list;
mod macros;
mod mark;
mod named;
mod options;
mod read;
mod rule;
mod rule_findings;
mod ruleset;
mod scope;
mod users;
mod words;

use core_model::plan::{FieldChange, Risk};
use core_model::schema::{Field, Kind};
use serde_json::Value;

pub use alias::Alias;
pub(crate) use alias::AliasKind;
pub(crate) use arrange::Edit;
pub(crate) use group::GroupKind;
pub use group::SecurityGroup;
pub use ip_set::IpSet;
pub(crate) use ip_set::IpSetKind;
pub(crate) use list::Rules;
pub(crate) use read::Names;
pub(crate) use rule::Rule;
pub use ruleset::Firewall;
pub(crate) use ruleset::Ruleset;

/// For the record alone.
pub(crate) const OWNER: Field = Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.").write_only().risk(Risk::None);
/// The comment of a group, a set or an alias.
pub(crate) const NOTES: Field = Field::new("notes", Kind::Checked(&words::LINE), "What people should know of it: its comment.");

/// The rules in a value of a list of rules.
pub(crate) fn rules_of(value: Option<&Value>) -> Vec<Rule> {
    value.and_then(Value::as_array).into_iter().flatten().map(Rule::of_blueprint).collect()
}

/// The rules that the plan saw.
pub(crate) fn reviewed(changes: &[FieldChange]) -> Option<Vec<Rule>> {
    let change = changes.iter().find(|change| change.path == "specs.rules")?;
    change.before.is_array().then(|| rules_of(Some(&change.before)))
}
