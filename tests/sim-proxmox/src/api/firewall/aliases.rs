//! Names for addresses.

use serde_json::Value;

use super::{check_digest, entry_of, list_digest, scope, shown};
use crate::api::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::world::Entry;

fn missing() -> Refusal {
    Refusal::parameter("name", "no such alias")
}

/// Names are kept as given and found whatever their case.
fn key(call: &Call<'_>) -> Result<String, Refusal> {
    Ok(call.required("name")?.to_lowercase())
}

/// The stored entry: name, address, its family, comment.
fn entry(call: &Call<'_>) -> Result<Entry, Refusal> {
    let mut entry = entry_of(call, &[]);
    let address = match call.required("cidr")? {
        // The parser takes the length of a whole address off, and leaves the bits beside a network.
        address if address.contains('/') => address.strip_suffix("/32").or_else(|| address.strip_suffix("/128")).unwrap_or(&address).to_owned(),
        address => address,
    };
    entry.insert("cidr".to_owned(), address.clone());
    entry.retain(|name, text| name != "comment" || !text.is_empty());
    let version = if address.contains(':') { "6" } else { "4" };
    entry.insert("ipversion".to_owned(), version.to_owned());
    Ok(entry)
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let aliases = &scope(call)?.aliases;
    let digest = list_digest(aliases.values());
    super::rows(aliases.values().map(|alias| shown(alias, &digest)))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let key = key(call)?;
    let aliases = &scope(call)?.aliases;
    let digest = list_digest(aliases.values());
    Ok(Reply::Data(Value::Object(shown(aliases.get(&key).ok_or_else(missing)?, &digest))))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let (key, name, entry) = (key(call)?, call.required("name")?, entry(call)?);
    let aliases = &mut scope(call)?.aliases;
    if aliases.contains_key(&key) {
        return Err(Refusal::parameter("name", format!("alias '{name}' already exists")));
    }
    aliases.insert(key, entry);
    Ok(Reply::NOTHING)
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let (key, mut entry) = (key(call)?, entry(call)?);
    let (digest, rename) = (call.owned("digest"), call.owned("rename"));
    let aliases = &mut scope(call)?.aliases;
    check_digest(digest.as_deref(), &list_digest(aliases.values()))?;
    if !aliases.contains_key(&key) {
        return Err(missing());
    }
    let new_key = match rename {
        Some(name) => {
            let new_key = name.to_lowercase();
            if new_key != key && aliases.contains_key(&new_key) {
                return Err(Refusal::parameter("name", format!("alias '{name}' already exists")));
            }
            entry.insert("name".to_owned(), name);
            new_key
        }
        None => key.clone(),
    };
    aliases.remove(&key);
    aliases.insert(new_key, entry);
    Ok(Reply::NOTHING)
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let (key, digest) = (key(call)?, call.owned("digest"));
    let aliases = &mut scope(call)?.aliases;
    check_digest(digest.as_deref(), &list_digest(aliases.values()))?;
    // The removal of what is not there is no error.
    aliases.remove(&key);
    Ok(Reply::NOTHING)
}
