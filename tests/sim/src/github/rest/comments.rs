//! How do callers read and write comments and reactions?

use jiff::Timestamp;

use crate::github::refusal::Refusal;
use crate::github::world::{Comment, Permission, Reaction, Subject};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

/// The comments of the whole repository, oldest id first unless asked otherwise.
pub(super) fn list_all(call: &mut Call<'_>) -> Outcome {
    let mut comments = since(call, |_| true)?;
    if call.query("sort") == Some("updated") {
        comments.sort_by_key(|comment| (comment.updated_at, comment.id));
    }
    let sorted = matches!(call.query("sort"), Some("created" | "updated"));
    // Without `sort` GitHub ignores `direction`.
    if sorted && call.query("direction") != Some("asc") {
        comments.reverse();
    }
    page(call, &comments, |world, comment| world.comment_json(&call.repository, comment))
}

pub(super) fn list(call: &mut Call<'_>, number: u64) -> Outcome {
    if !call.repository()?.issues.contains_key(&number) {
        return Err(Refusal::NOT_FOUND);
    }
    let comments = since(call, |comment| comment.number == number)?;
    page(call, &comments, |world, comment| world.comment_json(&call.repository, comment))
}

fn since(call: &Call<'_>, fits: impl Fn(&Comment) -> bool) -> Result<Vec<Comment>, Refusal> {
    let since: Option<Timestamp> = call.query("since").and_then(|since| since.parse().ok());
    let recent = |comment: &&Comment| fits(comment) && since.is_none_or(|since| comment.updated_at >= since);
    Ok(call.repository()?.comments.values().filter(recent).cloned().collect())
}

pub(super) fn create(call: &mut Call<'_>, number: u64) -> Outcome {
    let body = call.required("IssueComment", "body")?;
    let comment = call.world.add_comment(&call.repository, number, call.actor, &body)?;
    Ok(Answer::created(call.world.comment_json(&call.repository, &comment)))
}

fn find(call: &Call<'_>, id: u64) -> Result<Comment, Refusal> {
    call.repository()?.comments.get(&id).cloned().ok_or(Refusal::NOT_FOUND)
}

pub(super) fn get(call: &mut Call<'_>, id: u64) -> Outcome {
    Ok(Answer::ok(call.world.comment_json(&call.repository, &find(call, id)?)))
}

pub(super) fn update(call: &mut Call<'_>, id: u64) -> Outcome {
    if find(call, id)?.author != call.actor {
        call.need(Permission::Write, "issues=write")?;
    }
    let body = call.required("IssueComment", "body")?;
    let comment = call.world.edit_comment(&call.repository, id, call.actor, &body)?;
    Ok(Answer::ok(call.world.comment_json(&call.repository, &comment)))
}

pub(super) fn delete(call: &mut Call<'_>, id: u64) -> Outcome {
    if find(call, id)?.author != call.actor {
        call.need(Permission::Write, "issues=write")?;
    }
    call.world.delete_comment(&call.repository, id, call.actor)?;
    Ok(Answer::no_content())
}

pub(super) fn reactions(call: &mut Call<'_>, on: Subject) -> Outcome {
    let reactions = call.repository()?.reactions.iter().filter(|reaction| reaction.on == on);
    let wanted = call.query("content");
    let reactions: Vec<Reaction> = reactions.filter(|reaction| wanted.is_none_or(|wanted| wanted == reaction.content)).cloned().collect();
    page(call, &reactions, |world, reaction| world.reaction_json(reaction))
}

/// 201 for a new reaction, 200 for one that was there.
pub(super) fn react(call: &mut Call<'_>, on: Subject) -> Outcome {
    let content = call.required("Reaction", "content")?;
    let (reaction, is_new) = call.world.react(&call.repository, on, call.actor, &content)?;
    Ok(Answer::json(if is_new { 201 } else { 200 }, call.world.reaction_json(&reaction)))
}
