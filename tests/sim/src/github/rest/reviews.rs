//! How do callers review and merge?

use serde_json::json;

use crate::github::act::{MergeMethod, MergeOrder};
use crate::github::refusal::Refusal;
use crate::github::world::Permission;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

pub(super) fn list(call: &mut Call<'_>, number: u64) -> Outcome {
    let (_, pull) = call.repository()?.pull(number).ok_or(Refusal::NOT_FOUND)?;
    page(call, &pull.reviews, |world, review| world.review_json(&call.repository, number, review))
}

pub(super) fn create(call: &mut Call<'_>, number: u64) -> Outcome {
    let (issue, _) = call.repository()?.pull(number).ok_or(Refusal::NOT_FOUND)?;
    let is_own = issue.author == call.actor;
    let state = match call.text("event") {
        Some("APPROVE") => "APPROVED",
        Some("REQUEST_CHANGES") => "CHANGES_REQUESTED",
        Some("COMMENT") => "COMMENTED",
        _ => "PENDING",
    };
    if is_own && matches!(state, "APPROVED" | "CHANGES_REQUESTED") {
        return Err(Refusal::invalid("Unprocessable Entity: Can not approve or request changes on your own pull request"));
    }
    let body = call.owned("body").unwrap_or_default();
    let review = call.world.review_pull(&call.repository, number, call.actor, state, &body)?;
    Ok(Answer::ok(call.world.review_json(&call.repository, number, &review)))
}

pub(super) fn is_merged(call: &mut Call<'_>, number: u64) -> Outcome {
    let (_, pull) = call.repository()?.pull(number).ok_or(Refusal::NOT_FOUND)?;
    if pull.merged.is_some() { Ok(Answer::no_content()) } else { Err(Refusal::NOT_FOUND) }
}

pub(super) fn merge(call: &mut Call<'_>, number: u64) -> Outcome {
    call.need(Permission::Write, "contents=write")?;
    let method = match call.text("merge_method") {
        None | Some("merge") => MergeMethod::Merge,
        Some("squash") => MergeMethod::Squash,
        Some("rebase") => MergeMethod::Rebase,
        Some(_) => return Err(Refusal::field("PullRequest", "merge_method", "invalid")),
    };
    let order = MergeOrder { method, expected_head: call.owned("sha"), title: call.owned("commit_title"), message: call.owned("commit_message") };
    let sha = call.world.merge_pull(&call.repository, number, call.actor, &order)?;
    Ok(Answer::ok(json!({ "sha": sha, "merged": true, "message": "Pull Request successfully merged" })))
}
