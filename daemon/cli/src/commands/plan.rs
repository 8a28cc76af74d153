//! `ipr plan`: what would a merge do?

mod pull;

use std::{process::ExitCode, sync::Arc};

use clap::{ArgGroup, Args};
use core_config::Loaded;
use core_model::plan::Plan;
use core_model::{Diagnostic, Name};
use core_policy::Verdict;
use daemon_app::{Blocked, Commits};
use daemon_history::{CommitId, MergeOutcome};
use serde_json::{Map, Value};

use crate::{
    checkout::{self, Checkout, Place},
    failure::Failure,
    runtime,
    terminal::{self, Progress},
};

/// The base when none is named: the remote's default branch, or else `main`.
const BASES: [&str; 2] = ["refs/remotes/origin/HEAD", "main"];
const HAS_CHANGES: u8 = 2;

/// Plan what a merge would do, as the daemon does.
///
/// With `--base` the checkout is merged into that branch in memory and the result is planned against the targets as they
/// are now. Changes that are not committed are planned too, but such a plan has no digest: nobody could review the same.
/// With `--pr` the pull request is read from GitHub. Nothing is written anywhere.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").args(["base", "pr"]))]
pub(crate) struct Arguments {
    /// The branch or commit that the checkout is merged into [default: the remote's default branch, or main].
    #[arg(long, value_name = "BRANCH")]
    base: Option<String>,
    /// A pull request on GitHub, by its number.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pr: Option<u64>,
    /// Only this environment.
    #[arg(long, short)]
    environment: Option<Name>,
    /// Print JSON: one plan with `--environment`, otherwise a map of plans by environment.
    #[arg(long)]
    json: bool,
    /// Exit with 2 if a plan has changes.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    place: Place,
}

/// What came of planning the environments.
#[derive(Default)]
struct Plans {
    made: Vec<(Name, Plan, Verdict)>,
    /// Some environment has no plan, and the reason was printed.
    any_blocked: bool,
    /// Nobody can approve these plans.
    without_digest: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let plans = match arguments.pr {
        Some(number) => runtime::block_on(pull::plan(arguments, number))??,
        None => runtime::block_on(plan_checkout(arguments))??,
    };
    plans.print(arguments)?;
    let is_faulty = plans.any_blocked || plans.made.iter().any(|(_, plan, verdict)| !plan.problems.is_empty() || !verdict.permits());
    let has_changes = plans.made.iter().any(|(_, plan, _)| !plan.is_empty());
    Ok(match (is_faulty, arguments.exit_code && has_changes) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(HAS_CHANGES),
        (false, false) => ExitCode::SUCCESS,
    })
}

async fn plan_checkout(arguments: &Arguments) -> Result<Plans, Failure> {
    let progress = Progress::new();
    progress.say("reading the checkout");
    let checkout = arguments.place.open()?;
    let base_commit = base(&checkout, arguments.base.as_deref())?;
    let base = checkout.load_commit(base_commit)?;
    let merge = merged(&checkout, base_commit)?;
    let judge = if base.repository.record_keys.is_empty() { &merge } else { &base };
    let mut plans = Plans { without_digest: checkout.worktree.dirty, ..Plans::default() };
    for environment in checkout::chosen(&merge, arguments.environment.as_ref(), |_| true)? {
        progress.say(&format!("planning {}", environment.name));
        let record = checkout.tip(environment, judge)?.map(|(_, record)| record);
        let commits = Commits { base: Some(base.clone()), merge: merge.clone(), from_fork: false };
        let applied = checkout::applied(record.as_ref());
        let planned = checkout.planning.plan(&commits, &environment.name, &applied, &Default::default()).await;
        let judged = planned.map(|planned| {
            let verdict = checkout::judged(&commits, environment, &planned.plan);
            (planned.plan, verdict)
        });
        plans.take(&environment.name, judged.map_err(|Blocked { diagnostics }| diagnostics), &merge);
    }
    Ok(plans)
}

fn base(checkout: &Checkout, named: Option<&str>) -> Result<CommitId, Failure> {
    if let Some(name) = named {
        return checkout.repository.resolve(name).map_err(|error| Failure::of("Unknown base", error));
    }
    BASES.iter().find_map(|name| checkout.repository.resolve(name).ok()).ok_or_else(|| {
        let detail = "This clone has neither the remote's default branch nor a branch `main`.";
        Failure::new(Diagnostic::error("No base", detail)).hint("name the branch that this would be merged into").command("ipr plan --base BRANCH")
    })
}

/// The merge result: of what is committed, or of the files on disk where they differ from that.
fn merged(checkout: &Checkout, base: CommitId) -> Result<Arc<Loaded>, Failure> {
    let Some(head) = checkout.worktree.head.filter(|_| !checkout.worktree.dirty) else {
        let note = Diagnostic::note("Changes not committed", "The plan covers the files as they are on disk, and has no digest.");
        terminal::print_diagnostics(&[note.hint("commit them to get the plan that a reviewer would see")], &core_model::Sources::default());
        return checkout.load(&checkout.worktree.files);
    };
    match checkout.repository.merge(base, head).map_err(|error| Failure::of("Cannot merge", error))? {
        MergeOutcome::Clean(merged) => checkout.load(&merged.snapshot.files),
        MergeOutcome::Conflict { paths, .. } => Err(conflict(&paths)),
    }
}

fn conflict(paths: &[String]) -> Failure {
    let detail = format!("The merge has conflicts in {}.", paths.join(", "));
    Failure::new(Diagnostic::error("Merge conflict", detail)).hint("merge the base into the branch and settle them there")
}

impl Plans {
    /// Keeps a plan, or prints why there is none.
    fn take(&mut self, environment: &Name, result: Result<(Plan, Verdict), Vec<Diagnostic>>, merge: &Loaded) {
        match result {
            Ok((plan, verdict)) => self.made.push((environment.clone(), plan, verdict)),
            Err(diagnostics) => {
                self.any_blocked = true;
                terminal::print_diagnostics(&diagnostics, &merge.sources);
            }
        }
    }

    fn print(&self, arguments: &Arguments) -> Result<(), Failure> {
        if arguments.json {
            let mut plans: Map<String, Value> = self.made.iter().map(|(name, plan, _)| (name.to_string(), self.json(plan))).collect();
            let one = arguments.environment.as_ref().and_then(|name| plans.remove(name.as_str()));
            terminal::print(format_args!("{:#}\n", one.unwrap_or(Value::Object(plans))));
            return Ok(());
        }
        for (index, (_, plan, verdict)) in self.made.iter().enumerate() {
            if index > 0 {
                terminal::print("\n");
            }
            terminal::print_plan(plan, (!self.without_digest).then(|| plan.digest.short()));
            if !verdict.is_empty() {
                terminal::print("\n");
                terminal::print_verdict(verdict);
            }
        }
        Ok(())
    }

    fn json(&self, plan: &Plan) -> Value {
        let mut json = plan.to_json();
        if self.without_digest {
            json["digest"] = Value::Null;
        }
        json
    }
}
