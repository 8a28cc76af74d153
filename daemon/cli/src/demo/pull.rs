//! How does a pull request of the demo go? Opened, planned, merged, recorded; each waited for as a person would.

use core_model::Diagnostic;
use core_model::plan::Plan;
use core_model::record::{RecordKind, Run, RunResult};
use test_sim::github::{Forge, MergeMethod};

use super::content::{ENVIRONMENT, REPOSITORY};
use super::narrator::Narrator;
use super::stage::{ALICE, BOT, READING_TIME, Stage};
use crate::failure::Failure;

const PLANNED: &str = "Plan for";
const APPLIED: &str = "Applied to";
/// How a comment begins that says no.
const BAD_SIGNS: [&str; 3] = ["❌", "⏸", "⚠️ Cannot"];

/// The branch of the environment's records.
pub(super) fn records_branch() -> String {
    format!("ipr/records/{ENVIRONMENT}")
}

/// Waits for the plan of a pull request and shows the comment.
pub(super) async fn await_plan(stage: &mut Stage, narrator: &Narrator, number: u64) -> Result<(), Failure> {
    let comment = stage.until("the plan", async |stage| {
        let head = stage.forge.pull_request(REPOSITORY, number).map(|pull| pull.head_sha).unwrap_or_default();
        if stage.forge.statuses(REPOSITORY, &head).is_empty() {
            return Ok(None);
        }
        titled(&stage.forge, number, PLANNED)
    });
    narrator.quote(BOT, &comment.await?);
    Ok(())
}

/// Merges and waits until the daemon has said what became of it. Answers the plan that was carried out, from its record.
pub(super) async fn merge(stage: &mut Stage, narrator: &Narrator, number: u64) -> Result<Plan, Failure> {
    tokio::time::sleep(READING_TIME).await;
    let merged = stage.repository.merge(number, ALICE, MergeMethod::Merge).await;
    merged.map_err(|error| Failure::of("Cannot merge", error))?;
    stage.until("the finished record", async |stage| finished(&stage.forge, number).await).await?;
    let comment = stage.until("the last comment", async |stage| titled(&stage.forge, number, APPLIED)).await?;
    narrator.quote(BOT, &comment);
    plan_of_tip(&stage.forge).await
}

/// The daemon's newest comment whose title says so; an error when its newest says no.
fn titled(forge: &Forge, number: u64, words: &str) -> Result<Option<String>, Failure> {
    let own = forge.comments(REPOSITORY, number).into_iter().filter(|comment| comment.author == BOT);
    let mut found = None;
    for comment in own {
        let title = title(&comment.body).to_owned();
        if BAD_SIGNS.iter().any(|sign| title.starts_with(sign)) {
            let detail = format!("The daemon answered to pull request #{number}:\n{}", comment.body);
            return Err(Failure::new(Diagnostic::error("Refused", detail)));
        }
        if title.contains(words) {
            found = Some(comment.body);
        }
    }
    Ok(found)
}

/// The first heading.
fn title(markdown: &str) -> &str {
    markdown.lines().find_map(|line| line.strip_prefix("### ")).unwrap_or_default()
}

/// Whether the newest record is the end of a pull request's run.
async fn finished(forge: &Forge, number: u64) -> Result<Option<()>, Failure> {
    let Some(run) = read::<Run>(forge, "run.json").await? else { return Ok(None) };
    if let Some(parked) = run.parked.iter().find(|parked| parked.pull_request == Some(number)) {
        return Err(Failure::new(Diagnostic::error("Not applied", format!("The merge of #{number} waits for a person: {}.", parked.detail))));
    }
    if run.pull_request != Some(number) || run.kind != RecordKind::Finished {
        return Ok(None);
    }
    match run.result {
        Some(RunResult::Applied) => Ok(Some(())),
        other => Err(Failure::new(Diagnostic::error("Not applied", format!("The run of #{number} ended with {other:?}.")))),
    }
}

async fn plan_of_tip(forge: &Forge) -> Result<Plan, Failure> {
    let plan = read::<Plan>(forge, "plan.json").await?;
    plan.ok_or_else(|| Failure::new(Diagnostic::error("No plan in record", "The newest record has no plan.json.")))
}

/// One file of the newest record; `None` while there is no record.
async fn read<T: serde::de::DeserializeOwned>(forge: &Forge, file: &str) -> Result<Option<T>, Failure> {
    let branch = format!("refs/heads/{}", records_branch());
    if forge.ref_sha(REPOSITORY, &branch).is_none() {
        return Ok(None);
    }
    let text = forge.file_at(REPOSITORY, &branch, file).await.map_err(|error| Failure::of("Unreadable record", error))?;
    text.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| Failure::of("Unreadable record", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_heading() {
        assert_eq!(title("<!-- ipr:living -->\n### Plan for demo: 4 creates\n\n### other"), "Plan for demo: 4 creates");
        assert_eq!(title("no heading"), "");
    }
}
