//! How do new members get into ipr.yaml? Comments and layout are kept. Whether it came out right is for our own reader to say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::str::FromStr;

use core_model::Name;
use yaml_edit::Document;
use yaml_edit::path::YamlPath;

/// ipr.yaml with these members in a group. `None`: it is written in a form that cannot be edited safely.
pub(super) fn with_members(text: &str, group: &str, provider: &str, members: &BTreeMap<&Name, IpAddr>) -> Option<String> {
    let document = Document::from_str(text).ok().filter(|document| document.to_string() == text)?;
    let group_path = format!("targets.{group}");
    if document.try_get_path(&group_path).is_err() {
        set(&document, &format!("{group_path}.provider"), provider)?;
    }
    for (name, address) in members {
        set(&document, &format!("{group_path}.members.{name}"), &quoted(*address))?;
    }
    Some(document.to_string())
}

fn set(document: &Document, path: &str, value: &str) -> Option<()> {
    let rendered = Document::from_str(value).ok()?;
    document.try_set_path(path, rendered.as_scalar()?).ok()
}

/// What somebody has to add by hand.
pub(super) fn lines(group: &str, provider: &str, members: &BTreeMap<&Name, IpAddr>) -> String {
    let mut text = format!("targets:\n  {group}:\n    provider: {provider}\n    members:\n");
    members.iter().for_each(|(name, address)| _ = writeln!(text, "      {name}: {}", quoted(*address)));
    text
}

/// Colons would be read as a map in a flow.
fn quoted(address: IpAddr) -> String {
    if address.is_ipv4() { address.to_string() } else { format!("\"{address}\"") }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_somebody_wrote_stays_as_it_is() {
        let names: Vec<Name> = ["n01", "n02"].map(|name| name.parse().unwrap()).into();
        let members = BTreeMap::from([(&names[0], "10.9.0.11".parse().unwrap()), (&names[1], "fd00::12".parse().unwrap())]);
        let edited = |text: &str| with_members(text, "rack1", "ipmi", &members);
        let new = "  rack1:\n    provider: ipmi\n    members:\n      n01: 10.9.0.11\n      n02: \"fd00::12\"\n";
        for (text, expected) in [
            ("owner_id: a # ours\n", format!("owner_id: a # ours\ntargets:\n{new}")),
            ("targets: # all\n  dock: {provider: docker}\n", format!("targets: # all\n  dock: {{provider: docker}}\n{new}")),
            ("targets:\n  rack1: {provider: ipmi}\n", "targets:\n  rack1: {provider: ipmi, members: {n01: 10.9.0.11, n02: \"fd00::12\"}}\n".to_owned()),
            (
                "targets:\n  rack1:\n    provider: ipmi\n    members:\n      n00: 10.9.0.10 # old\nsecrets: {}\n",
                "targets:\n  rack1:\n    provider: ipmi\n    members:\n      n00: 10.9.0.10 # old\n      n01: 10.9.0.11\n      n02: \"fd00::12\"\nsecrets: {}\n"
                    .to_owned(),
            ),
        ] {
            assert_eq!(edited(text).as_deref(), Some(&*expected), "{text}");
        }
        assert_eq!(edited("targets: [a]\n"), None);
        assert_eq!(lines("rack1", "ipmi", &members), format!("targets:\n{new}"));
    }
}
