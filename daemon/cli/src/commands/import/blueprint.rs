//! What does a blueprint of a whole group say? Members that differ only in what is each one's own share an entry with `each`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use core_model::Name;
use engine_api::{Member, literal};
use serde_json::{Map, Value};

/// Where the blueprint belongs.
pub(super) struct Heading<'a> {
    pub(super) blueprint: &'a Name,
    pub(super) environment: &'a Name,
    pub(super) group: &'a str,
}

/// An entry of the blueprint: what its members have in common, and what each has for itself.
struct Entry<'a> {
    first: &'a Member,
    specs: Map<String, Value>,
    members: Vec<(&'a Name, &'a Member, Map<String, Value>)>,
}

pub(super) fn text(heading: &Heading<'_>, members: &BTreeMap<Name, Member>) -> String {
    let Heading { blueprint, environment, group } = heading;
    let mut text = format!("version: \"1.0\"\nname: {blueprint}\nenvironments: [{environment}]\nresources:\n");
    for entry in entries(members) {
        let mut untold = entry.members.iter().flat_map(|(name, member, _)| member.untold.iter().map(move |why| (name, why)));
        let _ = writeln!(text, "  # {}", in_one_line(&entry.first.what));
        untold.by_ref().for_each(|(name, why)| _ = writeln!(text, "  # {name}, not told: {}", in_one_line(why)));
        let first = entry.first;
        let _ = writeln!(text, "  - type: {}", first.type_name);
        // JSON is YAML, and quotes every text.
        let specs = match &entry.members[..] {
            [(name, member, _)] => {
                let _ = writeln!(text, "    name: {name}\n    provider: {}\n    target: {group}/{name}", first.provider);
                &member.specs
            }
            _ => {
                let _ =
                    writeln!(text, "    name: \"${{each.key}}\"\n    provider: {}\n    target: \"{group}/${{each.key}}\"\n    each:", first.provider);
                entry.members.iter().for_each(|(name, _, own)| _ = writeln!(text, "      {name}: {}", Value::Object(own.clone())));
                &entry.specs
            }
        };
        let _ = writeln!(text, "    specs:");
        specs.iter().for_each(|(key, value)| _ = writeln!(text, "      {key}: {value}"));
    }
    text
}

/// In the order of the first name of each.
fn entries(members: &BTreeMap<Name, Member>) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (name, member) in members {
        let (specs, own) = apart(member);
        let alike = |entry: &&mut Entry<'_>| {
            (entry.first.type_name, entry.first.provider, &entry.first.what) == (member.type_name, member.provider, &member.what)
                && entry.specs == specs
        };
        match entries.iter_mut().find(alike) {
            Some(entry) => entry.members.push((name, member, own)),
            None => entries.push(Entry { first: member, specs, members: vec![(name, member, own)] }),
        }
    }
    entries
}

/// The specs with references in place of what is the member's own, and what they refer to.
fn apart(member: &Member) -> (Map<String, Value>, Map<String, Value>) {
    let (mut specs, mut own) = (Value::Object(member.specs.clone()), Map::new());
    for path in member.own {
        let pointer = format!("/{}", path.replace('.', "/"));
        let field = path.rsplit('.').next().unwrap_or(path);
        if let Some(value) = specs.pointer_mut(&pointer).filter(|value| value.is_string()) {
            own.insert(field.to_owned(), value.take());
            *value = Value::String(format!("${{each.{field}}}"));
        }
    }
    let Value::Object(specs) = specs else { return (member.specs.clone(), Map::new()) };
    (specs, own)
}

/// What a target says of itself, in a comment.
fn in_one_line(words: &str) -> String {
    literal(words).chars().filter(|letter| !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn member(serial: &str, policy: &str, untold: &[&str]) -> Member {
        let specs = json!({"identity": {"serial": serial}, "after_power_loss": policy});
        Member {
            type_name: "compute",
            provider: "ipmi",
            identity: format!("serial number {serial}"),
            names: Vec::new(),
            what: "SimCo\nSimServer".to_owned(),
            untold: untold.iter().map(|why| (*why).to_owned()).collect(),
            specs: specs.as_object().cloned().unwrap(),
            own: &["identity.serial", "identity.guid"],
        }
    }

    #[test]
    fn what_is_alike_is_written_once() {
        let members = [("a", member("S1", "on", &[])), ("b", member("S2", "off", &["its\tdrives"])), ("c", member("S3", "on", &["its drives"]))];
        let members = members.into_iter().map(|(name, member)| (name.parse().unwrap(), member)).collect();
        let (blueprint, environment) = ("rack1".parse().unwrap(), "prod".parse().unwrap());
        let text = text(&Heading { blueprint: &blueprint, environment: &environment, group: "rack1" }, &members);
        insta::assert_snapshot!(text, @r#"
        version: "1.0"
        name: rack1
        environments: [prod]
        resources:
          # SimCoSimServer
          # c, not told: its drives
          - type: compute
            name: "${each.key}"
            provider: ipmi
            target: "rack1/${each.key}"
            each:
              a: {"serial":"S1"}
              c: {"serial":"S3"}
            specs:
              after_power_loss: "on"
              identity: {"serial":"${each.serial}"}
          # SimCoSimServer
          # b, not told: itsdrives
          - type: compute
            name: b
            provider: ipmi
            target: rack1/b
            specs:
              after_power_loss: "off"
              identity: {"serial":"S2"}
        "#);
    }
}
