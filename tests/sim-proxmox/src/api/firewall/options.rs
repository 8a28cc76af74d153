//! The options of a scope.

use serde_json::Value;

use super::{check_digest, entry_of, list_digest, scope, shown};
use crate::api::{Call, Outcome, Reply};

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let options = &scope(call)?.options;
    let digest = list_digest(std::iter::once(options));
    Ok(Reply::Data(Value::Object(shown(options, &digest))))
}

pub(super) fn update(call: &mut Call<'_>) -> Outcome {
    let given = entry_of(call, &[]);
    let digest = call.owned("digest");
    let delete = call.owned("delete").unwrap_or_default();
    let options = &mut scope(call)?.options;
    check_digest(digest.as_deref(), &list_digest(std::iter::once(&*options)))?;
    options.extend(given);
    options.retain(|name, _| !delete.split(',').any(|deleted| deleted == name));
    Ok(Reply::NOTHING)
}
