//! What is in a collection? Every member, over all its pages, with a bound on both.

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::client::Client;
use super::{fault, link};

const PAGES_MAX: usize = 64;
const MEMBERS_MAX: usize = 1_000;

/// The members' links; or the members themselves, where the BMC gives them whole unasked.
pub(super) async fn members(client: &mut Client, attempt: &str, collection: &str) -> Result<Vec<Value>, EngineError> {
    pages(client, attempt, collection, collection.to_owned()).await
}

/// The members themselves, as far as the BMC gives them with the collection; the links of the others.
pub(super) async fn members_at_once(client: &mut Client, attempt: &str, collection: &str) -> Result<Vec<Value>, EngineError> {
    if client.expands() && !collection.contains('?') {
        match pages(client, attempt, collection, format!("{collection}?$expand=.")).await {
            // Some say that they can, and cannot.
            Err(error) if matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound) => {}
            read => return read,
        }
    }
    members(client, attempt, collection).await
}

/// Whether it is more than a link.
pub(super) fn is_whole(member: &Value) -> bool {
    member.as_object().is_some_and(|member| member.len() > 1)
}

async fn pages(client: &mut Client, attempt: &str, collection: &str, first: String) -> Result<Vec<Value>, EngineError> {
    let mut found = Vec::new();
    let mut next = Some(first);
    for _ in 0..PAGES_MAX {
        let Some(page) = next.take() else { return Ok(found) };
        let body = client.get(attempt, &page).await?;
        let list = body.get("Members").and_then(Value::as_array);
        found.extend(list.ok_or_else(|| fault::senseless(attempt, format!("`{page}` is no collection")))?.iter().cloned());
        if found.len() > MEMBERS_MAX {
            return Err(fault::senseless(attempt, format!("`{collection}` has more than {MEMBERS_MAX} members")));
        }
        next = body.get("Members@odata.nextLink").and_then(Value::as_str).map(str::to_owned);
    }
    if next.is_none() { Ok(found) } else { Err(fault::senseless(attempt, format!("`{collection}` has more than {PAGES_MAX} pages"))) }
}

/// Every member itself. One that is gone by the time it is read is left out.
pub(super) async fn resources(client: &mut Client, attempt: &str, collection: &str) -> Result<Vec<Value>, EngineError> {
    let mut found = Vec::new();
    for member in members_at_once(client, attempt, collection).await? {
        match link::id(&member) {
            _ if is_whole(&member) => found.push(member),
            Some(place) => found.extend(client.get_if_there(attempt, place).await?),
            None => {}
        }
    }
    Ok(found)
}
