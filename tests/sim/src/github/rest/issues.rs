//! How do callers read and change issues and labels?

use jiff::Timestamp;

use crate::github::act::{IssueEdit, NewIssue};
use crate::github::refusal::Refusal;
use crate::github::world::{Issue, Permission};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

/// Issues and pull requests together, newest first, as GitHub lists them.
pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let state = call.query("state").unwrap_or("open");
    let since: Option<Timestamp> = call.query("since").and_then(|since| since.parse().ok());
    let labels: Vec<&str> = call.query("labels").map(|labels| labels.split(',').collect()).unwrap_or_default();
    let creator = call.query("creator");
    let fits = |issue: &&Issue| {
        (state == "all" || (state == "open") == issue.open)
            && since.is_none_or(|since| issue.updated_at >= since)
            && labels.iter().all(|label| issue.labels.iter().any(|own| own == label))
            && creator.is_none_or(|creator| creator == issue.author)
    };
    let mut issues: Vec<Issue> = call.repository()?.issues.values().filter(fits).cloned().collect();
    match call.query("sort") {
        Some("updated") => issues.sort_by_key(|issue| (issue.updated_at, issue.number)),
        _ => issues.sort_by_key(|issue| issue.number),
    }
    if call.query("direction") != Some("asc") {
        issues.reverse();
    }
    page(call, &issues, |world, issue| world.issue_json(&call.repository, issue))
}

fn shown(call: &Call<'_>, number: u64) -> Result<serde_json::Value, Refusal> {
    let issue = call.repository()?.issues.get(&number).ok_or(Refusal::NOT_FOUND)?;
    Ok(call.world.issue_json(&call.repository, issue))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let title = call.required("Issue", "title")?;
    let (body, labels) = (call.owned("body"), call.texts("labels"));
    // GitHub drops labels of people who may not set them, without a word.
    let labels = if call.permission() >= Permission::Triage { labels } else { Vec::new() };
    let order = NewIssue { author: call.actor, title: &title, body: body.as_deref(), labels: &labels };
    let number = call.world.open_issue(&call.repository, &order)?;
    Ok(Answer::created(shown(call, number)?))
}

pub(super) fn get(call: &mut Call<'_>, number: u64) -> Outcome {
    Ok(Answer::ok(shown(call, number)?))
}

pub(super) fn update(call: &mut Call<'_>, number: u64) -> Outcome {
    let issue = call.repository()?.issues.get(&number).ok_or(Refusal::NOT_FOUND)?;
    if issue.author != call.actor {
        call.need(Permission::Triage, "issues=write")?;
    }
    let edit = IssueEdit {
        title: call.owned("title"),
        body: call.owned("body"),
        open: call.text("state").map(|state| state == "open"),
        state_reason: call.owned("state_reason"),
        labels: call.body.get("labels").map(|_| call.texts("labels")),
    };
    call.world.edit_issue(&call.repository, number, call.actor, edit)?;
    Ok(Answer::ok(shown(call, number)?))
}

pub(super) fn labels(call: &mut Call<'_>, number: u64) -> Outcome {
    let issue = call.repository()?.issues.get(&number).ok_or(Refusal::NOT_FOUND)?;
    Ok(Answer::ok(call.world.labels_json(&call.repository, &issue.labels)))
}

pub(super) fn add_labels(call: &mut Call<'_>, number: u64) -> Outcome {
    call.need(Permission::Triage, "issues=write")?;
    let issue = call.repository()?.issues.get(&number).ok_or(Refusal::NOT_FOUND)?;
    let mut all = issue.labels.clone();
    // Both `{"labels": [...]}` and a bare list are in use.
    let bare = call.body.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(|label| label.as_str());
    all.extend(call.texts("labels").into_iter().chain(bare.map(str::to_owned)));
    call.world.set_labels(&call.repository, number, call.actor, all)?;
    labels(call, number)
}
