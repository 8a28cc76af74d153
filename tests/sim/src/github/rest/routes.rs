//! Which handler answers which path?

use crate::github::refusal::Refusal;
use crate::github::world::{Permission, Subject};

use super::answer::Outcome;
use super::call::{Call, number};
use super::{comments, commits, contents, git_objects, git_refs, identity, issues, pulls, reviews, statuses, teams};

pub(crate) fn dispatch(call: &mut Call<'_>, method: &str, path: &[&str]) -> Outcome {
    match (method, path) {
        ("GET", ["user"]) => identity::user(call),
        ("GET", ["rate_limit"]) => identity::rate_limit(call),
        ("GET", ["orgs", organisation, "teams", team, "memberships", login]) => teams::membership(call, organisation, team, login),
        (_, ["repos", _, _, rest @ ..]) => {
            if call.permission() < Permission::Read {
                return Err(Refusal::NOT_FOUND);
            }
            in_repository(call, method, rest)
        }
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn in_repository(call: &mut Call<'_>, method: &str, path: &[&str]) -> Outcome {
    match (method, path) {
        ("GET", []) => identity::repository(call),
        ("GET", ["collaborators", login, "permission"]) => identity::permission(call, login),
        ("GET", ["branches"]) => identity::branches(call),
        ("GET", ["branches", name @ ..]) => identity::branch(call, &name.join("/")),
        ("GET", ["rules", "branches", name @ ..]) => identity::rules(call, &name.join("/")),
        ("GET", ["contents", file @ ..]) => contents::get(call, &file.join("/")),
        (_, ["pulls", rest @ ..]) => in_pulls(call, method, rest),
        (_, ["issues", rest @ ..]) => in_issues(call, method, rest),
        (_, ["git", rest @ ..]) => in_git(call, method, rest),
        ("GET", ["commits"]) => commits::list(call),
        ("GET", ["commits", sha, "pulls"]) => pulls::of_commit(call, sha),
        ("GET", ["commits", name @ .., "status"]) => statuses::combined(call, &name.join("/")),
        ("GET", ["commits", name @ .., "statuses"]) => statuses::list(call, &name.join("/")),
        ("GET", ["commits", name @ ..]) => commits::get(call, &name.join("/")),
        ("GET", ["compare", range @ ..]) => commits::compare(call, &range.join("/")),
        ("POST", ["statuses", sha]) => statuses::create(call, sha),
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn in_pulls(call: &mut Call<'_>, method: &str, path: &[&str]) -> Outcome {
    match (method, path) {
        ("GET", []) => pulls::list(call),
        ("POST", []) => pulls::create(call),
        ("GET", [pull]) => pulls::get(call, number(pull)?),
        ("PATCH", [pull]) => pulls::update(call, number(pull)?),
        ("GET", [pull, "files"]) => pulls::files(call, number(pull)?),
        ("GET", [pull, "commits"]) => pulls::commits(call, number(pull)?),
        ("GET", [pull, "merge"]) => reviews::is_merged(call, number(pull)?),
        ("PUT", [pull, "merge"]) => reviews::merge(call, number(pull)?),
        ("GET", [pull, "reviews"]) => reviews::list(call, number(pull)?),
        ("POST", [pull, "reviews"]) => reviews::create(call, number(pull)?),
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn in_issues(call: &mut Call<'_>, method: &str, path: &[&str]) -> Outcome {
    match (method, path) {
        ("GET", []) => issues::list(call),
        ("POST", []) => issues::create(call),
        ("GET", ["comments"]) => comments::list_all(call),
        ("GET", ["comments", id]) => comments::get(call, number(id)?),
        ("PATCH", ["comments", id]) => comments::update(call, number(id)?),
        ("DELETE", ["comments", id]) => comments::delete(call, number(id)?),
        ("GET", ["comments", id, "reactions"]) => comments::reactions(call, Subject::Comment(number(id)?)),
        ("POST", ["comments", id, "reactions"]) => comments::react(call, Subject::Comment(number(id)?)),
        ("GET", [issue]) => issues::get(call, number(issue)?),
        ("PATCH", [issue]) => issues::update(call, number(issue)?),
        ("GET", [issue, "comments"]) => comments::list(call, number(issue)?),
        ("POST", [issue, "comments"]) => comments::create(call, number(issue)?),
        ("POST", [issue, "reactions"]) => comments::react(call, Subject::Issue(number(issue)?)),
        ("GET", [issue, "labels"]) => issues::labels(call, number(issue)?),
        ("POST", [issue, "labels"]) => issues::add_labels(call, number(issue)?),
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn in_git(call: &mut Call<'_>, method: &str, path: &[&str]) -> Outcome {
    match (method, path) {
        ("POST", ["blobs"]) => git_objects::create_blob(call),
        ("GET", ["blobs", sha]) => git_objects::get_blob(call, sha),
        ("POST", ["trees"]) => git_objects::create_tree(call),
        ("GET", ["trees", name @ ..]) => git_objects::get_tree(call, &name.join("/")),
        ("POST", ["commits"]) => git_objects::create_commit(call),
        ("GET", ["commits", sha]) => git_objects::get_commit(call, sha),
        ("GET", ["ref", name @ ..]) => git_refs::get(call, &name.join("/")),
        ("GET", ["matching-refs", name @ ..]) => git_refs::matching(call, &name.join("/")),
        ("POST", ["refs"]) => git_refs::create(call),
        ("PATCH", ["refs", name @ ..]) => git_refs::update(call, &name.join("/")),
        ("DELETE", ["refs", name @ ..]) => git_refs::delete(call, &name.join("/")),
        _ => Err(Refusal::NOT_FOUND),
    }
}
