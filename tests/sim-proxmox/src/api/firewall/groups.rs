//! Security groups: named lists of rules that rules of other scopes include. Only the cluster has them.

use std::collections::BTreeMap;

use super::{check_digest, list_digest, scope, shown};
use crate::api::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::{Entry, Firewall, Group};

fn entries(firewall: &Firewall) -> Vec<Entry> {
    let entry = |(name, group): (&String, &Group)| {
        let mut entry = BTreeMap::from([("group".to_owned(), name.clone())]);
        entry.extend(group.comment.clone().filter(|comment| !comment.is_empty()).map(|comment| ("comment".to_owned(), comment)));
        entry
    };
    firewall.groups.iter().map(entry).collect()
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let entries = entries(scope(call)?);
    let digest = list_digest(entries.iter());
    super::rows(entries.iter().map(|entry| shown(entry, &digest)))
}

/// Creates a group, or with `rename` changes the name and comment of that one. The parser makes names lower-case.
pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let name = call.required("group")?.to_lowercase();
    let (rename, comment, digest) = (call.owned("rename"), call.owned("comment"), call.owned("digest"));
    let firewall = scope(call)?;
    check_digest(digest.as_deref(), &list_digest(entries(firewall).iter()))?;
    let is_taken = firewall.groups.contains_key(&name);
    match rename {
        None if is_taken => Err(Refusal::parameter("group", format!("Security group '{name}' already exists"))),
        None => {
            firewall.groups.insert(name, Group { comment, rules: Vec::new() });
            Ok(Reply::NOTHING)
        }
        Some(old) if old != name && is_taken => Err(Refusal::parameter("group", format!("Security group '{name}' does already exist"))),
        Some(old) => {
            let missing = || Refusal::parameter("group", format!("Security group '{old}' does not exist"));
            let group = firewall.groups.remove(&old).ok_or_else(missing)?;
            firewall.groups.insert(name, Group { comment: comment.or(group.comment), rules: group.rules });
            Ok(Reply::NOTHING)
        }
    }
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let name = call.required("group")?;
    let firewall = scope(call)?;
    match firewall.groups.get(&name) {
        Some(group) if !group.rules.is_empty() => Err(Refusal::failed(format!("Security group '{name}' is not empty"))),
        Some(_) => {
            firewall.groups.remove(&name);
            Ok(Reply::NOTHING)
        }
        None => Err(Refusal::failed(format!("no such security group '{name}'"))),
    }
}
