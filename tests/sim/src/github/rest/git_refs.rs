//! How do callers read and move refs?

use crate::github::refusal::Refusal;
use crate::github::world::Permission;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

const NEEDS: &str = "contents=write";

pub(super) fn get(call: &mut Call<'_>, name: &str) -> Outcome {
    shown(call, &format!("refs/{name}")).map(Answer::ok)
}

fn shown(call: &Call<'_>, full: &str) -> Result<serde_json::Value, Refusal> {
    let repository = call.repository()?;
    let sha = repository.refs.get(full).ok_or(Refusal::NOT_FOUND)?;
    let kind = repository.git.kind(sha).ok_or(Refusal::NOT_FOUND)?;
    Ok(call.world.ref_json(&call.repository, full, sha, &kind))
}

pub(super) fn matching(call: &mut Call<'_>, name: &str) -> Outcome {
    let prefix = format!("refs/{name}");
    let refs = &call.repository()?.refs;
    let names: Vec<String> = refs.keys().filter(|full| full.starts_with(&prefix)).cloned().collect();
    page(call, &names, |_, full| shown(call, full).unwrap_or_default())
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    let (name, sha) = (call.required("Reference", "ref")?, call.required("Reference", "sha")?);
    if !name.starts_with("refs/") || name.split('/').count() < 3 {
        return Err(Refusal::invalid("Reference name must start with 'refs' and have at least two slashes"));
    }
    check_writable(call, &name)?;
    if call.repository()?.refs.contains_key(&name) {
        return Err(Refusal::invalid("Reference already exists"));
    }
    check_object(call, &name, &sha)?;
    call.world.move_ref(&call.repository, call.actor, &name, Some(&sha))?;
    Ok(Answer::created(shown(call, &name)?))
}

/// Moves a ref; without `force` only forward. This is the compare-and-swap of the Git Data API.
pub(super) fn update(call: &mut Call<'_>, name: &str) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    let name = format!("refs/{name}");
    check_writable(call, &name)?;
    let sha = call.required("Reference", "sha")?;
    let repository = call.repository()?;
    let old = repository.refs.get(&name).ok_or_else(|| Refusal::invalid("Reference does not exist"))?;
    check_object(call, &name, &sha)?;
    let is_forced = call.body.get("force").and_then(serde_json::Value::as_bool).unwrap_or(false);
    if !is_forced && !repository.git.is_ancestor(old, &sha)? {
        return Err(Refusal::invalid("Update is not a fast forward"));
    }
    call.world.move_ref(&call.repository, call.actor, &name, Some(&sha))?;
    Ok(Answer::ok(shown(call, &name)?))
}

pub(super) fn delete(call: &mut Call<'_>, name: &str) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    let name = format!("refs/{name}");
    check_writable(call, &name)?;
    if !call.repository()?.refs.contains_key(&name) {
        return Err(Refusal::invalid("Reference does not exist"));
    }
    call.world.move_ref(&call.repository, call.actor, &name, None)?;
    Ok(Answer::no_content())
}

/// `refs/pull` belongs to the forge.
fn check_writable(call: &Call<'_>, name: &str) -> Result<(), Refusal> {
    let is_valid = call.git()?.succeeds(&["check-ref-format", name])?;
    if !is_valid || name.starts_with("refs/pull/") {
        return Err(Refusal::invalid("Reference update failed"));
    }
    Ok(())
}

/// A branch needs a commit, other refs any object that exists.
fn check_object(call: &Call<'_>, name: &str, sha: &str) -> Result<(), Refusal> {
    let kind = if sha.len() == 40 { call.git()?.kind(sha) } else { None };
    let kind = kind.ok_or_else(|| Refusal::invalid("Object does not exist"))?;
    if name.starts_with("refs/heads/") && kind != "commit" {
        return Err(Refusal::invalid("Reference update failed: a branch must point at a commit"));
    }
    Ok(())
}
