//! How do callers read files?

use base64::Engine as _;
use serde_json::{Value, json};

use crate::github::git::TreeRow;
use crate::github::refusal::Refusal;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::commits::resolve;

/// GitHub puts files up to this size into JSON.
const INLINE_BYTES_MAX: usize = 1024 * 1024;

pub(super) fn get(call: &mut Call<'_>, path: &str) -> Outcome {
    let at = match call.query("ref") {
        Some(name) => name.to_owned(),
        None => call.repository()?.default_branch.clone(),
    };
    let missing = Refusal::NotFound("No commit found for the ref");
    let commit = resolve(call, &at).map_err(|_| missing)?;
    let git = call.git()?;
    let path = path.trim_matches('/');
    let object = if path.is_empty() { format!("{commit}^{{tree}}") } else { format!("{commit}:{path}") };
    match git.kind(&object).as_deref() {
        Some("blob") => {
            let sha = git.text(&["rev-parse", &object])?;
            let bytes = git.blob(&object)?;
            if call.wants_raw {
                return Ok(Answer::raw(bytes));
            }
            Ok(Answer::ok(file(call, path, &at, (&sha, &bytes))))
        }
        Some("tree") => {
            let rows = git.tree(&object, false)?;
            Ok(Answer::ok(rows.iter().map(|row| entry(call, path, &at, row)).collect()))
        }
        _ => Err(Refusal::NOT_FOUND),
    }
}

fn file(call: &Call<'_>, path: &str, at: &str, blob: (&str, &[u8])) -> Value {
    let (sha, bytes) = blob;
    let mut value = facts(call, path, at, (sha, "file", bytes.len() as u64));
    let is_inline = bytes.len() <= INLINE_BYTES_MAX;
    let content = base64::engine::general_purpose::STANDARD.encode(if is_inline { bytes } else { b"" });
    value["encoding"] = json!(if is_inline { "base64" } else { "none" });
    value["content"] = json!(lines_of_60(&content));
    value
}

fn entry(call: &Call<'_>, folder: &str, at: &str, row: &TreeRow) -> Value {
    let path = if folder.is_empty() { row.path.clone() } else { format!("{folder}/{}", row.path) };
    let kind = match (row.kind.as_str(), row.mode.as_str()) {
        ("tree", _) => "dir",
        ("commit", _) => "submodule",
        (_, "120000") => "symlink",
        _ => "file",
    };
    facts(call, &path, at, (&row.sha, kind, row.size.unwrap_or(0)))
}

fn facts(call: &Call<'_>, path: &str, at: &str, object: (&str, &str, u64)) -> Value {
    let (sha, kind, size) = object;
    let repository_url = call.world.repository_url(&call.repository);
    let web = format!("{}/{}", call.world.web_url, call.repository);
    let url = format!("{repository_url}/contents/{path}?ref={at}");
    let git_url = format!("{repository_url}/git/{}/{sha}", if kind == "dir" { "trees" } else { "blobs" });
    let html_url = format!("{web}/blob/{at}/{path}");
    let download_url = (kind == "file").then(|| format!("{web}/raw/{at}/{path}"));
    json!({
        "type": kind, "size": size, "name": path.rsplit('/').next(), "path": path, "sha": sha, "url": url, "git_url": git_url,
        "html_url": html_url, "download_url": download_url, "_links": { "self": url, "git": git_url, "html": html_url },
    })
}

/// GitHub breaks base64 into lines, and clients must cope with that.
pub(super) fn lines_of_60(text: &str) -> String {
    let lines = text.as_bytes().chunks(60);
    lines.map(|line| format!("{}\n", String::from_utf8_lossy(line))).collect()
}
