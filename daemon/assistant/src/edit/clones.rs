//! How is a resource copied? Its text is, with a new name; what only one can hold goes on to the next free one.

use std::collections::BTreeSet;

use core_model::{Address, Name};
use serde_json::Value;

use crate::command::{CloneResource, FieldChange, Scale, Scope};
use crate::complete::successor;
use crate::outcome::RefusalReason;
use crate::view::value_at;

use super::document::{EditError, File, Member, Written, outdented, scalar};
use super::{Done, Editor, Failure, is_overlay};

/// The most steps that are taken to find something free.
const STEPS_MAX: usize = 1_000;
/// What names one object and cannot be shared by two, and how it came to us.
const OWN: [&str; 8] =
    ["specs.name", "specs.hostname", "specs.mac", "specs.vmid", "specs.network.mac", "specs.networks", "lifecycle.adopt", "lifecycle.was"];

/// The same mapping with the host's port moved on.
pub(crate) fn shifted_port(mapping: &str, by: usize) -> String {
    let (front, inside) = mapping.rsplit_once(':').unwrap_or(("", mapping));
    let (address, host) = front.rsplit_once(':').map_or(("", front), |(address, host)| (address, host));
    let Some(port) = host.parse::<usize>().ok().map(|port| port + by).filter(|port| *port <= 65535) else { return mapping.to_owned() };
    if address.is_empty() { format!("{port}:{inside}") } else { format!("{address}:{port}:{inside}") }
}

impl Editor<'_, '_> {
    pub(crate) fn clone_resource(&mut self, clone: &CloneResource) -> Done {
        let Some(resource) = self.view.in_scope(Some(&clone.environment.value), &clone.original.value) else {
            return Err(self.say(RefusalReason::NotPossible, "The original is not there.", "L'originale non c'è."));
        };
        let span = resource.declared_at.clone();
        let path = span.file.to_string();
        let original = self.view.files.get(&path).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default().to_owned();
        let source = File::parse(&original).and_then(|file| {
            let item = file.item_at(&span)?;
            if file.each(item).is_some() { Err(EditError::Form) } else { file.source_of(item) }
        });
        let source = source.map_err(|error| Failure::File(path.clone(), error))?;
        let environments = self.view.environments_of(&[&clone.original.value]).into_iter().cloned().collect::<Vec<_>>();
        let is_part = matches!(&clone.environment.value, Scope::One(_)) && environments.len() > 1;
        let target = match (&clone.environment.value, is_part && !is_overlay(&path)) {
            (Scope::One(name), true) => {
                let overlay = super::overlay_of(&path, name);
                if self.text(&overlay).is_none() {
                    self.put(&overlay, Some("resources:\n".to_owned()))?;
                }
                overlay
            }
            _ => path,
        };
        let mut taken = self.taken();
        for name in &clone.names {
            self.clone_one(clone, &name.value, &source, &target, &mut taken)?;
        }
        Ok(())
    }

    fn clone_one(&mut self, clone: &CloneResource, name: &Name, source: &str, path: &str, taken: &mut BTreeSet<String>) -> Done {
        let original = &clone.original.value;
        let mut settings: Vec<(String, FieldChange)> =
            clone.settings.iter().map(|setting| (setting.path.clone(), setting.change.value.clone())).collect();
        let resource = self.view.in_scope(Some(&clone.environment.value), original).cloned();
        let Some(resource) = resource else { return Ok(()) };
        for unique in ["specs.network.ip", "specs.ip"] {
            let is_given = settings.iter().any(|(path, _)| path == unique);
            if let Some(cidr) = value_at(&resource, unique).and_then(Value::as_str).filter(|_| !is_given) {
                let free = self.free_address(cidr, taken)?;
                self.assumptions.push(format!(
                    "`{}`: {free} ({}).",
                    name.as_str(),
                    self.language.choose("the next free address", "il prossimo indirizzo libero")
                ));
                settings.push((unique.to_owned(), FieldChange::Set(free)));
            }
        }
        if let Some(ports) = value_at(&resource, "specs.ports").and_then(Value::as_array) {
            let ports: Vec<String> = ports.iter().filter_map(Value::as_str).map(|mapping| self.free_port(mapping, taken)).collect();
            if !ports.is_empty() {
                settings.push(("specs.ports".to_owned(), FieldChange::SetList(ports)));
            }
        }
        let entry = outdented(source);
        let written_name = name.as_str().to_owned();
        self.in_file(path, |file| {
            file.append(&entry)?;
            let item = file.count().checked_sub(1).ok_or(EditError::NoEntry)?;
            file.set(item, "name", &Written::Text(written_name))?;
            for own in OWN {
                if file.has(item, own) {
                    file.remove(item, own)?;
                }
            }
            for (path, change) in &settings {
                match change {
                    FieldChange::Set(text) => file.set(item, path, &Written::Text(text.clone()))?,
                    FieldChange::SetList(items) => file.set(item, path, &Written::List(items.clone()))?,
                    FieldChange::Add(items) => items.iter().try_for_each(|text| file.push(item, path, text))?,
                    FieldChange::Remove(items) => items.iter().try_for_each(|text| file.pull(item, path, |own| own == text))?,
                    FieldChange::Unset => file.remove(item, path)?,
                }
            }
            Ok(())
        })?;
        self.expect_clone(clone, name, &settings);
        Ok(())
    }

    /// A copy has every value of the original but those that are set for it.
    fn expect_clone(&mut self, clone: &CloneResource, name: &Name, settings: &[(String, FieldChange)]) {
        let address = Address::new(clone.original.value.blueprint.clone(), name.clone());
        let environments = match &clone.environment.value {
            Scope::One(name) => vec![name.clone()],
            Scope::All => self.view.environments_of(&[&clone.original.value]).into_iter().cloned().collect(),
        };
        for environment in environments {
            let Some(resource) = self.view.resource(&environment, &clone.original.value) else { continue };
            let specs = resource.values.get("specs").and_then(Value::as_object).into_iter().flatten();
            let kept = specs.filter(|(key, _)| {
                let path = format!("specs.{key}");
                !OWN.contains(&path.as_str()) && !settings.iter().any(|(own, _)| *own == path || own.starts_with(&format!("{path}.")))
            });
            let mut values: Vec<(String, Value)> = kept.map(|(key, value)| (format!("specs.{key}"), value.clone())).collect();
            if let Some(facts) = self.view.facts(resource) {
                values.extend(settings.iter().filter_map(|(path, change)| match change {
                    FieldChange::Set(text) if !path.contains("link") => Some((path.clone(), crate::complete::canonical(facts, path, text).ok()?)),
                    _ => None,
                }));
            }
            self.expected.created.insert((environment, address.clone()), values);
        }
    }

    /// Every address and host port that desired state uses.
    fn taken(&self) -> BTreeSet<String> {
        let mut taken = BTreeSet::new();
        for resource in self.view.environments().flat_map(|environment| environment.desired.resources.values()) {
            for path in ["specs.network.ip", "specs.ip", "specs.address", "specs.network.gateway", "specs.gateway"] {
                if let Some(text) = value_at(resource, path).and_then(Value::as_str) {
                    taken.insert(text.split('/').next().unwrap_or(text).to_owned());
                }
            }
            for mapping in value_at(resource, "specs.ports").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                taken.insert(host_port(mapping));
            }
        }
        taken
    }

    fn free_address(&self, cidr: &str, taken: &mut BTreeSet<String>) -> Result<String, Failure> {
        let mut next = cidr.to_owned();
        for _ in 0..STEPS_MAX {
            let Some(following) = successor(&next) else { break };
            next = following;
            if taken.insert(next.split('/').next().unwrap_or(&next).to_owned()) {
                return Ok(next);
            }
        }
        Err(self.say(
            RefusalReason::NotPossible,
            "No free address follows the original's; name one.",
            "Dopo quello dell'originale non ci sono indirizzi liberi; indicane uno.",
        ))
    }

    fn free_port(&self, mapping: &str, taken: &mut BTreeSet<String>) -> String {
        let candidates = (1..STEPS_MAX).map(|by| shifted_port(mapping, by));
        let free = candidates.into_iter().find(|candidate| !taken.contains(&host_port(candidate))).unwrap_or_else(|| mapping.to_owned());
        taken.insert(host_port(&free));
        free.trim_end_matches("/tcp").trim_start_matches("0.0.0.0:").to_owned()
    }

    /// More or fewer members of a set.
    pub(crate) fn scale(&mut self, scale: &Scale) -> Done {
        let group = self.view.group_of(&scale.member.value).cloned();
        let resource = self.view.in_scope(Some(&scale.environment.value), &scale.member.value).cloned();
        let (Some(group), Some(resource)) = (group, resource) else { return Ok(()) };
        let environments = self.environments(&scale.environment.value, &scale.member.value);
        let everywhere = self.view.environments_of(&[&scale.member.value]).len() == environments.len();
        let base = resource.declared_at.file.to_string();
        let original = self.view.files.get(&base).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default().to_owned();
        let parsed = File::parse(&original).and_then(|file| {
            let item = file.item_at(&resource.declared_at)?;
            Ok((file.name_of(item).ok_or(EditError::NoEntry)?, file.each(item).ok_or(EditError::Form)?))
        });
        let (name, mut each) = parsed.map_err(|error| Failure::File(base.clone(), error))?;
        let present = |key: &str| {
            let member = name.replace("${each.key}", key).parse::<Name>().ok().map(|name| Address::new(resource.address.blueprint.clone(), name));
            member.is_some_and(|member| {
                group.members.contains(&member) && environments.iter().any(|environment| self.view.resource(environment, &member).is_some())
            })
        };
        each.retain(|(key, _)| present(key));
        let wanted = usize::try_from(scale.count.value).unwrap_or(usize::MAX);
        let path =
            if everywhere { base.clone() } else { environments.first().map_or(base.clone(), |environment| super::overlay_of(&base, environment)) };
        if !everywhere && self.text(&path).is_none() {
            self.put(&path, Some("resources:\n".to_owned()))?;
        }
        let mut changes: Vec<(String, Option<String>)> = Vec::new();
        let mut taken = self.taken();
        while each.len() < wanted {
            let (key, fields) = next_member(&each, &mut taken).ok_or_else(|| {
                self.say(
                    RefusalReason::NotPossible,
                    "The members differ in values that I cannot continue; add one by hand.",
                    "Gli elementi differiscono in valori che non so continuare; aggiungine uno a mano.",
                )
            })?;
            changes.push((
                key.clone(),
                Some(format!(
                    "{{{}}}",
                    fields.iter().map(|(name, text)| format!("{}: {}", scalar(name), scalar(text))).collect::<Vec<_>>().join(", ")
                )),
            ));
            each.push((key, fields));
        }
        while each.len() > wanted {
            if let Some((key, _)) = each.pop() {
                changes.push((key, None));
            }
        }
        self.in_file(&path, |file| {
            let item = match file.item_named(&name) {
                Some(item) => item,
                None => {
                    file.append(&format!("name: {}", scalar(&name)))?;
                    file.item_named(&name).ok_or(EditError::NoEntry)?
                }
            };
            changes.iter().try_for_each(|(key, flow)| match flow {
                Some(flow) => file.set_flow(item, &format!("each.{key}"), flow),
                None if everywhere => file.remove(item, &format!("each.{key}")),
                None => file.set_flow(item, &format!("each.{key}"), "null"),
            })
        })?;
        for (key, flow) in changes {
            let Ok(member) = name.replace("${each.key}", &key).parse::<Name>() else { continue };
            let address = Address::new(resource.address.blueprint.clone(), member);
            for environment in &environments {
                match flow {
                    Some(_) => _ = self.expected.created.insert((environment.clone(), address.clone()), Vec::new()),
                    None => _ = self.expected.deleted.insert((environment.clone(), address.clone())),
                }
            }
        }
        Ok(())
    }
}

fn host_port(mapping: &str) -> String {
    let bare = mapping.split('/').next().unwrap_or(mapping);
    bare.rsplit(':').nth(1).map(|port| format!(":{port}")).unwrap_or_default()
}

/// The member that follows: the next key, and numbers that go on.
fn next_member(each: &[Member], taken: &mut BTreeSet<String>) -> Option<Member> {
    let (last, fields) = each.last()?;
    let key = next_key(last, each)?;
    let mut next = Vec::new();
    for (name, text) in fields {
        let mut number: u64 = match text.parse() {
            Ok(number) => number,
            Err(_) if each.iter().all(|(_, other)| other.contains(&(name.clone(), text.clone()))) && each.len() > 1 => {
                next.push((name.clone(), text.clone()));
                continue;
            }
            Err(_) => return None,
        };
        let used: BTreeSet<&str> =
            each.iter().flat_map(|(_, other)| other).filter(|(other, _)| other == name).map(|(_, text)| text.as_str()).collect();
        if used.len() == each.len() {
            while used.contains(number.to_string().as_str()) || taken.contains(&format!(":{number}")) {
                number += 1;
            }
        }
        taken.insert(format!(":{number}"));
        next.push((name.clone(), number.to_string()));
    }
    Some((key, next))
}

fn next_key(last: &str, each: &[Member]) -> Option<String> {
    let is_used = |key: &str| each.iter().any(|(known, _)| known == key);
    if let [letter @ b'a'..=b'y'] = last.as_bytes() {
        let next = char::from(letter + 1).to_string();
        return (!is_used(&next)).then_some(next);
    }
    let stem = last.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &last[stem.len()..];
    let number: u64 = digits.parse().ok()?;
    let width = digits.len();
    let next = format!("{stem}{:0width$}", number + 1);
    (!is_used(&next)).then_some(next)
}
