//! What do the records in this clone say? Found on the remote's branches or our own, and verified before they are believed.

use core_model::record::{Record, RecordKind, Run, RunResult, StepState};
use core_model::{Diagnostic, EnvironmentId, Name};
use daemon_history::record::{ARTEFACTS_FOLDER, RecordPublicKey, records_branch};
use daemon_history::{CommitId, HistoryError, Repository};

use crate::{failure::Failure, record_keys::Believed};

const FETCH: &str = "git fetch origin '+refs/heads/ipr/records/*:refs/remotes/origin/ipr/records/*'";
const SHORT_ID: usize = 10;

/// A record that an allowed key signed.
pub(crate) struct Read {
    pub(crate) record: Record,
    pub(crate) previous: Option<CommitId>,
    pub(crate) source: Option<CommitId>,
    /// Of the key that signed.
    pub(crate) fingerprint: String,
    /// Paths of what targets said of themselves.
    pub(crate) artefacts: Vec<String>,
}

/// The newest record of an environment: as the remote had it at the last fetch, or on a branch of this clone.
pub(crate) fn tip(repository: &Repository, environment: &EnvironmentId) -> Result<Option<CommitId>, Failure> {
    let branch = records_branch(environment);
    for name in [format!("refs/remotes/origin/{branch}"), format!("refs/heads/{branch}")] {
        match repository.resolve(&name) {
            Ok(commit) => return Ok(Some(commit)),
            Err(HistoryError::Unknown { .. }) => {}
            Err(error) => return Err(Failure::of("Unreadable records", error)),
        }
    }
    Ok(None)
}

/// Verifies a record and reads it.
pub(crate) fn read(repository: &Repository, commit: CommitId, environment: &EnvironmentId, keys: &[RecordPublicKey]) -> Result<Read, Failure> {
    let verified = repository.verify_record(commit, environment, keys).map_err(|error| {
        Failure::of("Record not believed", error)
            .hint("do not apply anything until a person has looked; the default branch's ipr.yaml lists the keys")
    })?;
    let record = Record::from_files(&verified.files).map_err(|error| Failure::of("Unreadable record", error))?;
    let is_artefact = |path: &&String| path.split('/').next() == Some(ARTEFACTS_FOLDER);
    let artefacts = verified.files.keys().filter(is_artefact).cloned().collect();
    Ok(Read { record, previous: verified.previous, source: verified.source, fingerprint: verified.fingerprint, artefacts })
}

/// The environments that a command is about: one by name, or all.
pub(crate) fn chosen(believed: &Believed, name: Option<&Name>) -> Result<Vec<(Name, EnvironmentId)>, Failure> {
    let Some(name) = name else { return Ok(believed.environments.clone()) };
    let found = believed.environments.iter().find(|(known, _)| known == name);
    found.cloned().map(|found| vec![found]).ok_or_else(|| {
        let known: Vec<&str> = believed.environments.iter().map(|(name, _)| name.as_str()).collect();
        let detail = format!("ipr.yaml of {} has no environment `{name}`.", believed.said_by);
        Failure::new(Diagnostic::error("Unknown environment", detail)).hint(format!("it lists: {}", known.join(", ")))
    })
}

/// There is no record in this clone; nothing is guessed from that.
pub(crate) fn none_here() -> Failure {
    let detail = "This clone has no branch of records: nothing was applied yet, or the branches were not fetched.";
    Failure::new(Diagnostic::error("No records here", detail)).hint("fetch them first").command(FETCH)
}

/// One record in one line.
pub(crate) fn line(environment: &Name, commit: CommitId, run: &Run) -> String {
    let commit: String = commit.to_string().chars().take(SHORT_ID).collect();
    let by = if run.requested_by.is_empty() { String::new() } else { format!(" by {}", run.requested_by) };
    let pull_request = run.pull_request.map(|number| format!(" #{number}")).unwrap_or_default();
    let message = run.message.as_deref().and_then(|message| message.lines().next()).map(|line| format!(": {line}")).unwrap_or_default();
    format!("{commit} {} {environment} {}{pull_request}{by}{message}", run.at, what(run))
}

/// What a record is about, in a word or two.
pub(crate) fn what(run: &Run) -> &'static str {
    match (run.kind, run.result) {
        (RecordKind::Initial, _) => "first record",
        (RecordKind::Started, _) => "started",
        (RecordKind::TakenOver, _) => "taken over",
        (RecordKind::Restored, _) => "restored",
        (RecordKind::Noted, None) => "noted",
        (RecordKind::Finished, None) => "finished",
        (RecordKind::Finished | RecordKind::Noted, Some(result)) => match result {
            RunResult::Applied => "applied",
            RunResult::NothingToDo => "nothing to do",
            RunResult::Superseded => "superseded",
            RunResult::Failed => "failed",
            RunResult::RolledBack => "rolled back",
            RunResult::Skipped => "skipped",
        },
    }
}

/// What became of one step, in words.
pub(crate) fn state(state: StepState) -> &'static str {
    match state {
        StepState::NotStarted => "not started",
        StepState::Failed => "failed",
        StepState::Stopped => "stopped, because something it waits for failed",
        StepState::AlreadySo => "was so already",
        StepState::Changed => "changed",
        StepState::Unknown => "unknown: a person has to look",
        StepState::Undone => "undone",
    }
}
