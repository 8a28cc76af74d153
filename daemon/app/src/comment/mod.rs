//! What do we write on GitHub? One function for each text, all of it Markdown made from plain data.
//!
//! No text is ever read back, and none of them decides anything. Foreign words reach a comment through `markdown` alone.

mod answer;
mod asides;
pub mod assistant;
mod detail;
mod environment;
mod field;
mod living;
pub mod look_up;
mod markdown;
mod outcomes;
mod parked;
mod rules;
mod run;
mod section;
mod status;
mod step;
mod steps;
mod value;
mod verdict;
mod view;

use core_model::Hash;

pub use answer::{
    command_error, digest_changed, digest_unknown, edited_command_ignored, help, no_plan, nothing_to_apply, refused, which_environment,
};
pub use environment::{
    WaitingMerge, WaitingView, changed_too, drift_mark, environment_held, environment_stopped, issue_title, merge_heading, stopped_heading,
    stopped_too, waiting_issue, waits_too,
};
pub use living::{COMMENT_LENGTH_MAX, environment_text, living};
pub use parked::{ParkedView, parked};
pub use rules::{Why, why};
pub use run::{RunView, applied, failed, rolled_back, skipped};
pub use status::{DESCRIPTION_LENGTH_MAX, StatusState, environment_status, status};
pub use view::{EnvironmentState, EnvironmentView, MARKER, PullView, Requirement};

/// Parts of a comment with an empty line between them; empty parts are left out.
fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.trim_end().to_owned()).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

/// What a person can write to end the waiting, ready to copy.
/// How to answer what waits on an issue, where others may wait beside it: each is named.
fn ways_on_issue(commit: &str, digest: &Hash) -> String {
    format!("- `/apply {}` does exactly this\n- `/skip {commit}` lets it go", digest.short())
}

fn ways(environment: &str, digest: Option<&Hash>, apply_does: &str) -> String {
    let environment = markdown::command_word(environment);
    let skip = format!("- `/skip {environment}` lets it go");
    match digest {
        Some(digest) => format!("- `/apply {}` {apply_does}\n{skip}", digest.short()),
        None => skip,
    }
}
