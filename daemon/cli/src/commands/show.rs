//! `ipr show`: what exactly does one record say?

use std::{fmt::Write as _, path::PathBuf, process::ExitCode};

use clap::Args;
use core_model::record::{Run, StepOutcome};
use core_model::{Diagnostic, EnvironmentId, Name};
use daemon_history::{CommitId, Repository};

use crate::{failure::Failure, record_keys, records, terminal};

/// Records of one environment that are looked through for a commit.
const RECORDS_SEARCHED_MAX: usize = 1_000;

/// Show one record: who asked, what was done, how it ended.
///
/// Takes a record, or a commit of the default branch: then every record that was made for it is shown. The signatures
/// are verified with the keys that the default branch's ipr.yaml lists.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A record, or a commit: its id or the beginning of it, a branch or a tag.
    commit: String,
    /// Print the record's `run.json` instead.
    #[arg(long)]
    json: bool,
    /// A folder of the managed repository.
    #[arg(long, default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let repository = Repository::open_local(&arguments.path).map_err(|error| Failure::of("No repository", error))?;
    let believed = record_keys::read(&repository)?;
    let wanted = repository.resolve(&arguments.commit).map_err(|error| Failure::of("Unknown commit", error))?;
    let mut shown = 0;
    let mut any = false;
    for (name, id) in &believed.environments {
        let Some(tip) = records::tip(&repository, id)? else { continue };
        any = true;
        for (commit, read) in matching(&repository, (id, tip), wanted, &believed)? {
            if shown > 0 {
                terminal::print("\n");
            }
            shown += 1;
            if arguments.json {
                let json = serde_json::to_value(&read.record.run).map_err(|error| Failure::of("Cannot write JSON", error))?;
                terminal::print(format_args!("{json:#}\n"));
            } else {
                terminal::print(terminal::plain(&describe(name, commit, &read)));
            }
        }
    }
    match (shown, any) {
        (0, false) => Err(records::none_here()),
        (0, true) => Err(not_found(wanted)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The records of an environment that are `wanted`, or were made for it.
fn matching(
    repository: &Repository,
    (id, tip): (&EnvironmentId, CommitId),
    wanted: CommitId,
    believed: &record_keys::Believed,
) -> Result<Vec<(CommitId, records::Read)>, Failure> {
    let mut found = Vec::new();
    let mut next = Some(tip);
    for _ in 0..RECORDS_SEARCHED_MAX {
        let Some(commit) = next else { break };
        let read = records::read(repository, commit, id, &believed.keys)?;
        next = read.previous;
        if commit == wanted {
            return Ok(vec![(commit, read)]);
        }
        if read.source == Some(wanted) {
            found.push((commit, read));
        }
    }
    Ok(found)
}

fn not_found(wanted: CommitId) -> Failure {
    let detail = format!("{wanted} is no record, and none of the newest {RECORDS_SEARCHED_MAX} records of an environment was made for it.");
    Failure::new(Diagnostic::error("No record found", detail)).hint("fetch the newest records, or list them").command("ipr log")
}

// Writing to a String cannot fail, here and below.
fn describe(environment: &Name, commit: CommitId, read: &records::Read) -> String {
    let run = &read.record.run;
    let mut text = format!("record {commit}\n");
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<12}{value}");
        }
    };
    line("Environment", environment.as_str());
    line("What", records::what(run));
    line("When", &run.at);
    line("Asked by", &run.requested_by);
    line("Approved by", &approvals(run));
    line("For", &run.pull_request.map(|number| format!("#{number}")).unwrap_or_default());
    line("Source", &read.source.map(|source| source.to_string()).unwrap_or_default());
    line("Digest", run.digest.as_ref().map(|digest| digest.as_str()).unwrap_or_default());
    line("Run", &run.run_id);
    line("Holder", &run.holder);
    line("Signed", &format!("{}, verified", read.fingerprint));
    line("Before", &read.previous.map_or_else(|| "nothing: the first record".to_owned(), |previous| previous.to_string()));
    line("Manages", &format!("{} resources", read.record.state.len()));
    line("Artefacts", &read.artefacts.join(", "));
    if let Some(message) = &run.message {
        let _ = writeln!(text, "\n{message}");
    }
    run.notes.iter().for_each(|note| text.push_str(&format!("\nnote: {note}\n")));
    if !run.outcomes.is_empty() {
        text.push('\n');
    }
    run.outcomes.iter().for_each(|outcome| text.push_str(&describe_outcome(outcome, read)));
    for parked in &run.parked {
        let _ = writeln!(text, "\nparked {} ({:?})", parked.commit, parked.reason);
        if !parked.detail.is_empty() {
            let _ = writeln!(text, "    {}", parked.detail);
        }
    }
    text
}

fn approvals(run: &Run) -> String {
    let given: Vec<String> = run.approvals.iter().map(|approval| format!("{} at {}", approval.login, approval.at)).collect();
    given.join(", ")
}

fn describe_outcome(outcome: &StepOutcome, read: &records::Read) -> String {
    let steps = read.record.plan.iter().flat_map(|plan| &plan.steps);
    let action = steps.filter(|step| step.digest == outcome.step).map(|step| step.action.word()).next().unwrap_or("step");
    let ready = match outcome.ready {
        None => "",
        Some(true) => ", ready",
        Some(false) => ", not ready",
    };
    let mut text = format!("  {action:<8} {}: {}{ready}\n", outcome.address, records::state(outcome.state));
    if let Some(message) = &outcome.message {
        message.lines().for_each(|line| text.push_str(&format!("      {line}\n")));
    }
    text
}
