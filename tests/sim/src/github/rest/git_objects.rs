//! How do callers read and write blobs, trees and commits?

use base64::Engine as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::github::git::{Identity, NewCommit, TreeEdit};
use crate::github::refusal::Refusal;
use crate::github::world::Permission;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::commits::resolve;
use super::contents::lines_of_60;

/// What the permission is called that all writes here need.
const NEEDS: &str = "contents=write";

pub(super) fn create_blob(call: &mut Call<'_>) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    let content = call.required("Blob", "content")?;
    let bytes = match call.text("encoding") {
        Some("base64") => {
            let compact: String = content.split_whitespace().collect();
            let decoded = base64::engine::general_purpose::STANDARD.decode(compact);
            decoded.map_err(|_| Refusal::invalid("content is not valid Base64"))?
        }
        _ => content.into_bytes(),
    };
    let sha = call.git()?.write_blobs(&[&bytes])?.pop().ok_or(Refusal::NOT_FOUND)?;
    let url = format!("{}/git/blobs/{sha}", call.world.repository_url(&call.repository));
    Ok(Answer::created(json!({ "sha": sha, "url": url })))
}

pub(super) fn get_blob(call: &mut Call<'_>, sha: &str) -> Outcome {
    let git = call.git()?;
    if git.kind(sha).as_deref() != Some("blob") {
        return Err(Refusal::NOT_FOUND);
    }
    let bytes = git.blob(sha)?;
    if call.wants_raw {
        return Ok(Answer::raw(bytes));
    }
    let content = lines_of_60(&base64::engine::general_purpose::STANDARD.encode(&bytes));
    let url = format!("{}/git/blobs/{sha}", call.world.repository_url(&call.repository));
    let node_id = crate::github::json::node_id("B", sha);
    Ok(Answer::ok(json!({
        "sha": sha, "node_id": node_id, "size": bytes.len(), "url": url, "content": content, "encoding": "base64",
    })))
}

pub(super) fn create_tree(call: &mut Call<'_>) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    let rows = call.body.get("tree").and_then(Value::as_array).cloned();
    let rows = rows.ok_or_else(|| Refusal::field("Tree", "tree", "missing_field"))?;
    let git = call.git()?;
    let base = match call.text("base_tree") {
        Some(base) if git.kind(&format!("{base}^{{tree}}")).is_none() => {
            return Err(Refusal::invalid("base_tree is not a valid tree"));
        }
        base => base,
    };
    let contents: Vec<&[u8]> = rows.iter().filter_map(|row| row.get("content")?.as_str()).map(str::as_bytes).collect();
    let mut written = git.write_blobs(&contents)?.into_iter();
    let mut edits = Vec::new();
    for row in &rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str);
        let path = text("path").filter(|path| is_plain(path)).ok_or_else(|| Refusal::invalid("tree.path is malformed"))?;
        let object = match (text("content"), text("sha")) {
            (Some(_), _) => written.next(),
            (None, Some(sha)) if git.kind(sha).is_none() && text("type") != Some("commit") => {
                return Err(Refusal::invalid(&format!("tree.sha {sha} is not a valid {}", text("type").unwrap_or("blob"))));
            }
            (None, sha) => sha.map(str::to_owned),
        };
        let mode = text("mode").unwrap_or("100644").to_owned();
        edits.push(TreeEdit { path: path.to_owned(), mode, object });
    }
    let sha = git.write_tree(base, &edits)?;
    Ok(Answer::created(tree(call, &sha, false)?))
}

/// GitHub refuses paths that git itself would not check out.
fn is_plain(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".." | ".git"))
}

fn tree(call: &Call<'_>, sha: &str, recursive: bool) -> Result<Value, Refusal> {
    let git = call.git()?;
    let repository_url = call.world.repository_url(&call.repository);
    let mut rows = Vec::new();
    for row in git.tree(sha, recursive)? {
        let url = format!("{repository_url}/git/{}s/{}", row.kind, row.sha);
        let mut value = json!({ "path": row.path, "mode": row.mode, "type": row.kind, "sha": row.sha, "url": url });
        if let Some(size) = row.size {
            value["size"] = json!(size);
        }
        rows.push(value);
    }
    Ok(json!({ "sha": sha, "url": format!("{repository_url}/git/trees/{sha}"), "tree": rows, "truncated": false }))
}

pub(super) fn get_tree(call: &mut Call<'_>, name: &str) -> Outcome {
    let git = call.git()?;
    let start = resolve(call, name).unwrap_or_else(|_| name.to_owned());
    let object = format!("{start}^{{tree}}");
    if name.starts_with('-') || git.kind(&object).is_none() {
        return Err(Refusal::NOT_FOUND);
    }
    let sha = git.text(&["rev-parse", &object])?;
    let recursive = call.query("recursive").is_some();
    Ok(Answer::ok(tree(call, &sha, recursive)?))
}

pub(super) fn create_commit(call: &mut Call<'_>) -> Outcome {
    call.need(Permission::Write, NEEDS)?;
    call.world.clock.tick();
    let git = call.git()?;
    let tree = call.required("Commit", "tree")?;
    if git.kind(&tree).as_deref() != Some("tree") {
        return Err(Refusal::invalid("Tree SHA does not exist"));
    }
    let parents = call.texts("parents");
    for parent in &parents {
        if git.kind(parent).as_deref() != Some("commit") {
            return Err(Refusal::invalid("Parent SHA does not exist or is not a commit object"));
        }
    }
    let default = call.world.identity(call.actor);
    let author = identity(call.body.get("author"), &default)?;
    let committer = identity(call.body.get("committer"), &author)?;
    let message = call.required("Commit", "message")?;
    let sha = git.write_commit(&NewCommit { tree, parents, author, committer, message })?;
    let commit = git.commit(&sha)?;
    Ok(Answer::created(call.world.git_commit_json(&call.repository, &commit)))
}

/// What the caller said of a person, with the gaps filled from `default`.
fn identity(value: Option<&Value>, default: &Identity) -> Result<Identity, Refusal> {
    let Some(value) = value.filter(|value| value.is_object()) else { return Ok(default.clone()) };
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    let time = match text("date") {
        Some(date) => date.parse::<Timestamp>().map_err(|_| Refusal::field("Commit", "date", "invalid"))?,
        None => default.time,
    };
    Ok(Identity { name: text("name").unwrap_or(&default.name).to_owned(), email: text("email").unwrap_or(&default.email).to_owned(), time })
}

pub(super) fn get_commit(call: &mut Call<'_>, sha: &str) -> Outcome {
    let git = call.git()?;
    if git.kind(sha).as_deref() != Some("commit") {
        return Err(Refusal::NOT_FOUND);
    }
    let commit = git.commit(sha)?;
    Ok(Answer::ok(call.world.git_commit_json(&call.repository, &commit)))
}
