//! How do callers list, open, read and change pull requests?

use crate::github::act::{PullEdit, PullOrder};
use crate::github::refusal::Refusal;
use crate::github::world::{Issue, Permission, Pull};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

/// GitHub shows at most this many files of a pull request.
const FILES_MAX: usize = 3_000;
/// And at most this many commits.
const COMMITS_MAX: &str = "250";

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let state = call.query("state").unwrap_or("open");
    let owner = call.repository()?.owner.clone();
    let fits = |issue: &Issue, pull: &Pull| {
        let label = format!("{}:{}", pull.head_repository.as_deref().and_then(|name| name.split('/').next()).unwrap_or(&owner), pull.head_branch);
        (state == "all" || (state == "open") == issue.open)
            && call.query("base").is_none_or(|base| base == pull.base_branch)
            // Without an owner GitHub ignores the filter.
            && call.query("head").is_none_or(|head| !head.contains(':') || head == label)
    };
    let issues = call.repository()?.issues.values();
    let mut pulls: Vec<&Issue> = issues.filter(|issue| issue.pull.as_ref().is_some_and(|pull| fits(issue, pull))).collect();
    let sort = call.query("sort").unwrap_or("created");
    match sort {
        "updated" => pulls.sort_by_key(|issue| (issue.updated_at, issue.number)),
        _ => pulls.sort_by_key(|issue| issue.number),
    }
    let is_descending = call.query("direction").map_or(sort == "created", |direction| direction == "desc");
    if is_descending {
        pulls.reverse();
    }
    let numbers: Vec<u64> = pulls.iter().map(|issue| issue.number).collect();
    page(call, &numbers, |world, number| world.simple_pull_json(&call.repository, *number))
}

pub(super) fn create(call: &mut Call<'_>) -> Outcome {
    let body = call.owned("body");
    let order = PullOrder {
        author: call.actor,
        head: &call.required("PullRequest", "head")?,
        base: &call.required("PullRequest", "base")?,
        title: &call.required("PullRequest", "title")?,
        body: body.as_deref(),
        draft: call.body.get("draft").and_then(serde_json::Value::as_bool).unwrap_or(false),
    };
    if !order.head.contains(':') {
        call.need(Permission::Write, "pull_requests=write")?;
    }
    let number = call.world.open_pull(&call.repository, &order)?;
    let location = format!("{}/pulls/{number}", call.world.repository_url(&call.repository));
    let shown = call.world.pull_json(&call.repository, number);
    Ok(Answer::created(shown).with_header("location", location))
}

/// Looking at a pull request is what makes GitHub test its merge. With `mergeable_is_slow` the first look finds the job not done.
pub(super) fn get(call: &mut Call<'_>, number: u64) -> Outcome {
    let shown = call.world.pull_json(&call.repository, number);
    call.world.test_merge(&call.repository, number)?;
    if call.world.mergeable_is_slow {
        return Ok(Answer::ok(shown));
    }
    Ok(Answer::ok(call.world.pull_json(&call.repository, number)))
}

pub(super) fn update(call: &mut Call<'_>, number: u64) -> Outcome {
    let (issue, _) = call.repository()?.pull(number).ok_or(Refusal::NOT_FOUND)?;
    if issue.author != call.actor {
        call.need(Permission::Write, "pull_requests=write")?;
    }
    let open = call.text("state").map(|state| state == "open");
    let edit = PullEdit { title: call.owned("title"), body: call.owned("body"), base: call.owned("base"), open };
    call.world.edit_pull(&call.repository, number, call.actor, edit)?;
    get(call, number)
}

pub(super) fn files(call: &mut Call<'_>, number: u64) -> Outcome {
    let repository = call.repository()?;
    let (_, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
    let head = pull.head_sha.clone();
    let merge_base = repository.git.merge_base(&pull.base_sha, &head)?;
    let mut files = repository.git.changes(Some(&merge_base), &head, true)?;
    files.truncate(FILES_MAX);
    page(call, &files, |world, file| world.file_json(&call.repository, &head, file))
}

pub(super) fn commits(call: &mut Call<'_>, number: u64) -> Outcome {
    let repository = call.repository()?;
    let (_, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
    let range = format!("{}..{}", pull.base_sha, pull.head_sha);
    let commits = repository.git.log(&["--reverse", "--topo-order", "-n", COMMITS_MAX, &range])?;
    page(call, &commits, |world, commit| world.commit_json(&call.repository, commit))
}

/// The pull requests that a commit is part of or came with.
pub(super) fn of_commit(call: &mut Call<'_>, sha: &str) -> Outcome {
    let repository = call.repository()?;
    let sha = repository.git.resolve_commit(sha);
    let sha = sha.ok_or_else(|| Refusal::invalid("No commit found for the given SHA"))?;
    let mut numbers = Vec::new();
    for issue in repository.issues.values() {
        let Some(pull) = &issue.pull else { continue };
        let is_result = pull.merged.as_ref().is_some_and(|merged| merged.sha == sha);
        let base = pull.merged.as_ref().map_or(&pull.base_sha, |merged| &merged.base_before);
        let is_part =
            || -> Result<bool, Refusal> { Ok(repository.git.is_ancestor(&sha, &pull.head_sha)? && !repository.git.is_ancestor(&sha, base)?) };
        if is_result || is_part()? {
            numbers.push(issue.number);
        }
    }
    page(call, &numbers, |world, number| world.simple_pull_json(&call.repository, *number))
}
