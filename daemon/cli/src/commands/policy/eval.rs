//! `ipr policy eval`: what do the rules say of this plan?

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Args};
use core_model::plan::Plan;
use core_model::{Diagnostic, Name};
use core_policy::{Facts, Files, Rules, Verdict};
use daemon_app::{Clock as _, PreviewOutcome, SystemClock};
use daemon_github::PullNumber;
use serde_json::Value;

use super::{compiled, rules};
use crate::{
    checkout::Place,
    commands::rules_process,
    config::Mistakes,
    failure::Failure,
    runtime,
    terminal::{self, Progress},
    visitor,
};

/// Judge a plan by the rules.
///
/// With `--pr` the pull request is read from GitHub, planned and judged as the daemon does: by the rules of its base and by
/// those it brings. With `--plan` the rules of the folder judge a file: what `ipr plan --json --environment NAME` prints, or the document that
/// `ipr schema plan` describes. Nothing is written anywhere. The exit code is 1 if the plan may not be applied.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").args(["plan", "pr"]).required(true))]
pub(crate) struct Arguments {
    /// A file with a plan; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// A pull request on GitHub, by its number.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pr: Option<u64>,
    /// Only this environment of the pull request.
    #[arg(long, short, conflicts_with = "plan")]
    environment: Option<Name>,
    /// List every rule that was asked, and show the line of each that said something.
    #[arg(long)]
    explain: bool,
    /// Print the verdict as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// What the rules said of one environment.
struct Judged {
    environment: Option<Name>,
    verdict: Verdict,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (judged, rules) = match (&arguments.plan, arguments.pr) {
        (Some(file), _) => {
            let (files, rules) = rules(arguments.place.folder())?;
            (vec![Judged { environment: None, verdict: judge_file(&files, &read(file)?)? }], rules)
        }
        (None, number) => runtime::block_on(judge_pull(arguments, number.unwrap_or_default()))??,
    };
    if rules.is_empty() {
        terminal::tell("No rule of `policies/` denies, warns or asks: every plan passes.\n");
    }
    for Judged { environment, verdict } in &judged {
        if arguments.json {
            let json = serde_json::to_value(verdict).map_err(|error| Failure::of("Cannot print", error))?;
            terminal::print(format_args!("{json:#}\n"));
            continue;
        }
        if let Some(environment) = environment {
            terminal::print(format_args!("{environment}\n"));
        }
        terminal::print_verdict(verdict);
        if arguments.explain {
            explain(&rules, verdict);
        }
    }
    let permits = judged.iter().all(|judged| judged.verdict.permits());
    Ok(if permits { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Judges a document, or the plan that `ipr plan --json` printed.
fn judge_file(rules: &Files, given: &Value) -> Result<Verdict, Failure> {
    let process = rules_process::process();
    if given.get("version").is_some() && given.get("plan").is_some() {
        return Ok(process.judge_one(rules, given));
    }
    let mut plan = given.clone();
    if plan.get("digest").is_some_and(Value::is_null) {
        // A plan of what is not committed has none, and no rule can depend on it.
        plan["digest"] = Value::from(core_model::Hash::of_bytes(b"").as_str());
    }
    let plan: Plan = serde_json::from_value(plan).map_err(|error| {
        Failure::of("Not a plan", error).hint("name a file with what `ipr plan --json --environment NAME` prints, or a document of `ipr schema plan`")
    })?;
    let name: Name = plan.environment.as_str().parse().map_err(|error| Failure::of("Not a plan", error))?;
    let now = SystemClock.now().to_string();
    let facts = Facts { environment: &name, environment_id: &plan.environment, pull_request: None, now: &now };
    Ok(process.judge_one(rules, &core_policy::document(&plan, &facts)))
}

fn read(file: &PathBuf) -> Result<Value, Failure> {
    let text = if file.as_os_str() == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text = text.map_err(|error| {
        let detail = format!("`{}` cannot be read: {error}.", file.display());
        Failure::new(Diagnostic::error("Cannot read plan", detail)).hint("`ipr plan --json --environment NAME` prints one")
    })?;
    serde_json::from_str(&text).map_err(|error| Failure::of("Not a plan", error))
}

async fn judge_pull(arguments: &Arguments, number: u64) -> Result<(Vec<Judged>, Rules), Failure> {
    let progress = Progress::new();
    progress.say("reading the repository");
    let project = visitor::project(&arguments.place).await?;
    progress.say(&format!("planning #{number}"));
    let outcome = project.preview(PullNumber(number)).await.map_err(|error| Failure::of("Cannot plan pull request", error))?;
    let (merge, previews) = match outcome {
        PreviewOutcome::Conflict { paths } => {
            let detail = format!("The pull request has conflicts in {}.", paths.join(", "));
            return Err(Failure::new(Diagnostic::error("Merge conflict", detail)).hint("settle them and try again"));
        }
        PreviewOutcome::Merged { merge, environments } => (merge, environments),
    };
    let rules = compiled(&merge.policies)?;
    if previews.is_empty() {
        return Err(Mistakes { diagnostics: merge.diagnostics.clone(), sources: merge.sources.clone() }.into());
    }
    let mut judged = Vec::new();
    for preview in previews.into_iter().filter(|preview| arguments.environment.as_ref().is_none_or(|wanted| *wanted == preview.environment)) {
        match preview.result {
            Ok(previewed) => judged.push(Judged { environment: Some(preview.environment), verdict: previewed.verdict }),
            Err(diagnostics) => return Err(Mistakes { diagnostics, sources: merge.sources.clone() }.into()),
        }
    }
    Ok((judged, rules))
}

fn explain(rules: &Rules, verdict: &Verdict) {
    terminal::print("\nasked:\n");
    for name in rules.names() {
        let said: Vec<_> = verdict.findings.iter().filter(|finding| finding.rule == name).collect();
        let answer = if said.is_empty() { "nothing".to_owned() } else { said.len().to_string() };
        terminal::print(terminal::plain(&format!("  {name}: {answer}\n")));
        for finding in said {
            if let Some(line) = line(rules, &finding.written_at) {
                terminal::print(terminal::plain(&format!("    {} | {line}\n", finding.written_at)));
            }
        }
    }
    if verdict.left_out > 0 {
        terminal::print("Of what was too many to keep, nothing is counted here.\n");
    }
}

/// The text at `policies/a.rego:12`.
fn line<'a>(rules: &'a Rules, written_at: &str) -> Option<&'a str> {
    let (file, number) = written_at.rsplit_once(':')?;
    rules.sources().line(&core_model::Span::new(file, number.parse().ok()?, 1))
}
