//! `ipr apply`: carry out what is committed, where no daemon does it.

mod alone;

use std::{process::ExitCode, sync::Arc};

use clap::Args;
use core_config::{Environment, Loaded};
use core_model::plan::{Action, Plan};
use core_model::record::{Record, RunResult, StepOutcome};
use core_model::{Diagnostic, Name};
use core_policy::Verdict;
use daemon_app::{Asked, Commits, Condition, Local, Operation, SystemClock, Tip, authorise};
use daemon_executor::StoreJournal;
use daemon_history::{CommitId, record::RecordKey};

use crate::{
    checkout::{self, Checkout, Place},
    config::{self, Mistakes, SecretReader},
    failure::Failure,
    journal, machine, record_keys, records, runtime, signals,
    terminal::{self, Progress},
};

/// Apply what is committed to an environment marked `local: true`.
///
/// For environments that have no GitHub behind them. The plan is shown and asked for, the run writes the same signed
/// records as the daemon, on a branch of this clone. A run that was cut off goes on first. Everywhere else the daemon
/// applies what was merged.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The environment. Needed only if several are local.
    #[arg(long, short)]
    environment: Option<Name>,
    /// Do not ask, unless the environment wants the digest.
    #[arg(long)]
    yes: bool,
    /// Apply the plan with this digest and no other: at least eight of its digits.
    #[arg(long)]
    digest: Option<String>,
    /// So many deletes are meant.
    #[arg(long)]
    deletes: Option<usize>,
    #[command(flatten)]
    place: Place,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let checkout = arguments.place.open()?;
    let head = committed(&checkout)?;
    let merge = checkout.load(&checkout.worktree.files)?;
    let environment = local_environment(&merge, arguments.environment.as_ref())?;
    runtime::block_on(apply(arguments, &checkout, head, &merge, environment))?
}

/// Only what is committed can be named in a record.
fn committed(checkout: &Checkout) -> Result<CommitId, Failure> {
    checkout.worktree.head.filter(|_| !checkout.worktree.dirty).ok_or_else(|| {
        let detail = "Files of the repository are not committed, and a record names the commit that it applied.";
        Failure::new(Diagnostic::error("Changes not committed", detail)).hint("commit them, or look at what they would do").command("ipr plan")
    })
}

fn local_environment<'a>(merge: &'a Loaded, name: Option<&Name>) -> Result<&'a Environment, Failure> {
    let chosen = checkout::chosen(merge, name, |environment| environment.local)?;
    match chosen.as_slice() {
        [only] if only.local => Ok(only),
        [other] => {
            let detail = format!("The environment `{}` is applied by the daemon, from what was merged.", other.name);
            let hint = "open a pull request; or mark it `local: true` in ipr.yaml if no daemon serves it";
            Err(Failure::new(Diagnostic::error("Environment not local", detail)).hint(hint))
        }
        [] => {
            let hint = "open a pull request; or mark an environment `local: true` in ipr.yaml if no daemon serves it";
            Err(Failure::new(Diagnostic::error("No local environment", "No environment of ipr.yaml is marked `local: true`.")).hint(hint))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|environment| environment.name.as_str()).collect();
            let detail = format!("Several environments are local: {}.", names.join(", "));
            Err(Failure::new(Diagnostic::error("Which environment?", detail)).hint("name one with `--environment`"))
        }
    }
}

async fn apply(
    arguments: &Arguments,
    checkout: &Checkout,
    head: CommitId,
    merge: &Arc<Loaded>,
    environment: &Environment,
) -> Result<ExitCode, Failure> {
    let progress = Progress::new();
    progress.say("looking at the targets");
    let stop = signals::stop_on_signal()?;
    let key = record_key(checkout)?;
    let _alone = alone::lock(checkout)?;
    let store = journal::open().await?;
    let local = Local {
        repository: &checkout.repository,
        planning: &checkout.planning,
        record_key: &key,
        journal: Arc::new(StoreJournal::new(store.clone())),
        holder: holder(),
        clock: &SystemClock,
        stopping: stop,
    };
    let failed = |error| Failure::of("Cannot apply", error);
    let keys = record_keys::listed(&merge.repository, "ipr.yaml")?;
    let mut tip = local.tip(&environment.id, &keys).map_err(failed)?;
    if let Some(open) = tip.as_ref().filter(|tip| tip.record.is_open()) {
        let (ended, is_applied) = alone::end_open_run(&local, checkout, environment, open).await?;
        if !is_applied {
            return Ok(ExitCode::FAILURE);
        }
        tip = Some(ended);
    }
    // Without a base the plan covers everything that is wanted and everything that was applied.
    let commits = Commits { base: None, merge: merge.clone(), from_fork: false };
    let applied = checkout::applied(tip.as_ref().map(|tip| &tip.record));
    let planned = checkout.planning.plan(&commits, &environment.name, &applied, &Default::default()).await;
    let planned = planned.map_err(|blocked| Mistakes { diagnostics: blocked.diagnostics, sources: merge.sources.clone() })?;
    drop(progress);
    terminal::print_plan(&planned.plan, Some(planned.plan.digest.short()));
    let verdict = checkout::judged(&commits, environment, &planned.plan);
    if !verdict.is_empty() {
        terminal::print("\n");
        terminal::print_verdict(&verdict);
    }
    if !planned.plan.problems.is_empty() || !verdict.permits() {
        return Ok(ExitCode::FAILURE);
    }
    if planned.plan.is_empty() && tip.is_some() {
        return Ok(ExitCode::SUCCESS);
    }
    agreed(arguments, environment, &planned.plan, &verdict)?;
    let progress = Progress::new();
    progress.say(&format!("applying to {}", environment.name));
    let finished = local.apply(environment, tip.as_ref(), head, merge.clone(), planned).await.map_err(failed)?;
    drop(progress);
    store.close().await;
    Ok(report(environment, &finished))
}

/// The conditions of the environment hold here as they do for the daemon; only approvals cannot be given on a terminal. A question
/// that is answered by `--yes` is not one about what the environment confirms: that wants the digest.
fn agreed(arguments: &Arguments, environment: &Environment, plan: &Plan, verdict: &Verdict) -> Result<(), Failure> {
    let unmet = |named_digest| -> Vec<Condition> {
        let conditions = authorise(&Asked {
            operation: Operation::Apply,
            by: None,
            settings: &[environment],
            approvals: &[],
            is_author_known: true,
            plan: Some(plan),
            verdict: Some(verdict),
            teams: &[],
            named_digest,
            named_deletes: arguments.deletes,
        });
        conditions.into_iter().filter(|condition| !condition.met).collect()
    };
    let left = unmet(true);
    if !left.is_empty() {
        return Err(refused(plan, &left));
    }
    if let Some(why) = daemon_app::why_held(&[environment], plan, &SystemClock) {
        return Err(
            Failure::new(Diagnostic::error("No window is open", format!("`{}` is not changed now. {why}", environment.name))).hint("apply it then")
        );
    }
    if let Some(digest) = &arguments.digest {
        return if plan.digest.is_named_by(digest) { Ok(()) } else { Err(another(plan, digest)) };
    }
    let wants_digest = !unmet(false).is_empty();
    if arguments.yes && !wants_digest {
        return Ok(());
    }
    let (question, answer) = match wants_digest {
        true => (format!("\nApply {}? The environment wants the digest.", plan.digest.short()), plan.digest.short()),
        false => (format!("\nApply {}?", plan.digest.short()), "yes"),
    };
    let hint = if wants_digest { format!("use `--digest {}`", plan.digest.short()) } else { "use `--yes`".to_owned() };
    match terminal::ask(&question, answer) {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::new(Diagnostic::error("Not applied", "Nothing was changed."))),
        None => Err(Failure::new(Diagnostic::error("Nobody to ask", "Standard input is no terminal, and nothing was changed.")).hint(hint)),
    }
}

fn refused(plan: &Plan, unmet: &[Condition]) -> Failure {
    let detail = unmet.iter().map(|condition| format!("It needs: {}.", condition.text)).collect::<Vec<_>>().join("\n");
    let deletes = plan.count(Action::Delete);
    let failure = Failure::new(Diagnostic::error("Conditions not met", detail));
    if plan.is_mass_delete() && unmet.len() == 1 {
        return failure.hint(format!("name them: `ipr apply --digest {} --deletes {deletes}`", plan.digest.short()));
    }
    failure.hint("approvals are given on GitHub: let the daemon apply it, from a pull request")
}

fn another(plan: &Plan, typed: &str) -> Failure {
    let detail = format!("The plan is `{}` now, not `{typed}`.", plan.digest.short());
    Failure::new(Diagnostic::error("Another digest", detail)).hint("read the plan above, and name its digest if it is what you want")
}

fn report(environment: &Environment, finished: &Tip) -> ExitCode {
    let Record { run, .. } = &finished.record;
    terminal::print("\n");
    run.outcomes.iter().for_each(|outcome| terminal::print(terminal::plain(&line(outcome))));
    let result = match run.result {
        Some(RunResult::Applied) => "applied",
        Some(RunResult::RolledBack) => "failed and undone",
        _ => "failed",
    };
    terminal::print(format_args!("{}: {result}; the record is {}\n", environment.name, finished.commit));
    if run.result == Some(RunResult::Applied) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn line(outcome: &StepOutcome) -> String {
    let ready = if outcome.ready == Some(false) { ", not ready" } else { "" };
    let message = outcome.message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    format!("  {}: {}{ready}{message}\n", outcome.address, records::state(outcome.state))
}

fn record_key(checkout: &Checkout) -> Result<RecordKey, Failure> {
    let mut reader = SecretReader::new(&checkout.config, &config::process_variable);
    let key = reader.record_key();
    key.ok_or_else(|| Mistakes { diagnostics: reader.diagnostics, sources: core_model::Sources::default() }.into())
}

/// Who applies, for the record.
fn holder() -> String {
    let user = std::env::var("USER").unwrap_or_else(|_| "somebody".to_owned());
    format!("{user}@{}", machine::name())
}
