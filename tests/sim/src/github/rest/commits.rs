//! How do callers read history?

use serde_json::json;

use crate::github::refusal::Refusal;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

/// GitHub compares at most this many commits and files at once.
const COMPARED_COMMITS_MAX: &str = "250";
const COMPARED_FILES_MAX: usize = 300;

/// What a name in a path means: a branch, a tag, a full ref or a commit.
pub(super) fn resolve(call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let repository = call.repository()?;
    if let Some(sha) = repository.branch(name) {
        return Ok(sha.to_owned());
    }
    let missing = || Refusal::invalid(&format!("No commit found for SHA: {name}"));
    repository.git.resolve_commit(name).ok_or_else(missing)
}

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let start = match call.query("sha") {
        Some(sha) => resolve(call, sha).map_err(|_| Refusal::NOT_FOUND)?,
        None => resolve(call, &call.repository()?.default_branch)?,
    };
    let since = call.query("since").map(|time| format!("--since={time}"));
    let until = call.query("until").map(|time| format!("--until={time}"));
    let mut arguments = vec![start.as_str()];
    arguments.extend(since.as_deref());
    arguments.extend(until.as_deref());
    let commits = call.git()?.log(&arguments)?;
    page(call, &commits, |world, commit| world.commit_json(&call.repository, commit))
}

pub(super) fn get(call: &mut Call<'_>, name: &str) -> Outcome {
    let sha = resolve(call, name)?;
    let git = call.git()?;
    let commit = git.commit(&sha)?;
    let files = git.changes(commit.parents.first().map(String::as_str), &sha, true)?;
    let mut shown = call.world.commit_json(&call.repository, &commit);
    let (additions, deletions) = files.iter().fold((0, 0), |sum, file| (sum.0 + file.additions, sum.1 + file.deletions));
    shown["stats"] = json!({ "additions": additions, "deletions": deletions, "total": additions + deletions });
    shown["files"] = files.iter().map(|file| call.world.file_json(&call.repository, &sha, file)).collect();
    Ok(Answer::ok(shown))
}

pub(super) fn compare(call: &mut Call<'_>, range: &str) -> Outcome {
    let (base_name, head_name) = range.split_once("...").ok_or(Refusal::NOT_FOUND)?;
    let base = resolve(call, base_name).map_err(|_| Refusal::NOT_FOUND)?;
    let head = resolve(call, head_name).map_err(|_| Refusal::NOT_FOUND)?;
    let git = call.git()?;
    let merge_base = git.merge_base(&base, &head).map_err(|_| Refusal::NOT_FOUND)?;
    let ahead = git.count(&format!("{base}..{head}"))?;
    let behind = git.count(&format!("{head}..{base}"))?;
    let range = format!("{base}..{head}");
    let commits = git.log(&["--reverse", "--topo-order", "-n", COMPARED_COMMITS_MAX, &range])?;
    let mut files = git.changes(Some(&merge_base), &head, true)?;
    files.truncate(COMPARED_FILES_MAX);
    let status = match (ahead, behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let (base_commit, merge_base_commit) = (git.commit(&base)?, git.commit(&merge_base)?);
    let show = |commit: &crate::github::git::Commit| call.world.commit_json(&call.repository, commit);
    let html_url = format!("{}/{}/compare/{base_name}...{head_name}", call.world.web_url, call.repository);
    Ok(Answer::ok(json!({
        "url": format!("{}/compare/{base_name}...{head_name}", call.world.repository_url(&call.repository)),
        "html_url": html_url, "permalink_url": html_url, "diff_url": format!("{html_url}.diff"),
        "patch_url": format!("{html_url}.patch"), "status": status, "ahead_by": ahead, "behind_by": behind,
        "total_commits": ahead, "base_commit": show(&base_commit), "merge_base_commit": show(&merge_base_commit),
        "commits": commits.iter().map(show).collect::<Vec<_>>(),
        "files": files.iter().map(|file| call.world.file_json(&call.repository, &head, file)).collect::<Vec<_>>(),
    })))
}
