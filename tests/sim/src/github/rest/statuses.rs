//! How do callers set and read commit statuses?

use std::collections::BTreeSet;

use serde_json::json;

use crate::github::act::NewStatus;
use crate::github::refusal::Refusal;
use crate::github::world::{Permission, Status};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::commits::resolve;
use super::paging::page;

pub(super) fn create(call: &mut Call<'_>, sha: &str) -> Outcome {
    call.need(Permission::Write, "statuses=write")?;
    let (description, target_url) = (call.owned("description"), call.owned("target_url"));
    let context = call.owned("context");
    let order = NewStatus {
        sha,
        state: &call.required("Status", "state")?,
        context: context.as_deref().unwrap_or("default"),
        description: description.as_deref(),
        target_url: target_url.as_deref(),
    };
    let status = call.world.add_status(&call.repository, call.actor, &order)?;
    Ok(Answer::created(call.world.status_json(&call.repository, &status)))
}

/// All statuses of a commit, newest first.
fn of(call: &Call<'_>, name: &str) -> Result<(String, Vec<Status>), Refusal> {
    let sha = resolve(call, name).map_err(|_| Refusal::NOT_FOUND)?;
    let statuses = call.repository()?.statuses.iter().rev().filter(|status| status.sha == sha).cloned().collect();
    Ok((sha, statuses))
}

pub(super) fn list(call: &mut Call<'_>, name: &str) -> Outcome {
    let (_, statuses) = of(call, name)?;
    page(call, &statuses, |world, status| world.status_json(&call.repository, status))
}

/// The newest status of each context, and what they come to.
pub(super) fn combined(call: &mut Call<'_>, name: &str) -> Outcome {
    let (sha, mut statuses) = of(call, name)?;
    let mut contexts = BTreeSet::new();
    statuses.retain(|status| contexts.insert(status.context.clone()));
    let has = |state: &str| statuses.iter().any(|status| status.state == state);
    let state = match () {
        () if has("failure") || has("error") => "failure",
        () if has("pending") || statuses.is_empty() => "pending",
        () => "success",
    };
    let commit_url = format!("{}/commits/{sha}", call.world.repository_url(&call.repository));
    let shown: Vec<_> = statuses.iter().map(|status| call.world.status_json(&call.repository, status)).collect();
    Ok(Answer::ok(json!({
        "state": state, "statuses": shown, "sha": sha, "total_count": statuses.len(),
        "repository": call.world.repository_json(&call.repository), "commit_url": commit_url,
        "url": format!("{commit_url}/status"),
    })))
}
