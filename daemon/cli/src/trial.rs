//! How is a target tried out from a terminal? What will be made is said and asked; each stage is told as it ends; and whatever
//! happens, what was made is removed, or named where it could not be.

mod parts;
mod told;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use core_model::{Diagnostic, TargetName};
use daemon_app::{Acceptance, TrialTrouble};
use daemon_executor::StoreJournal;
use engine_api::{Engine, Trial, Wishes};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::config::{self, TargetConfig};
use crate::engines::{self, Reach};
use crate::failure::Failure;
use crate::terminal::{self, Progress};
use crate::{journal, signals};
use parts::{id, planning};
use told::Told;

/// How long a target may take to say what can be tried.
const PREPARE_MAX: Duration = Duration::from_secs(120);
/// What could not be removed may be locked by what was going on.
const REMOVALS_MAX: usize = 3;
const REMOVAL_PAUSE: Duration = Duration::from_secs(2);

/// What is asked for.
pub(crate) struct Order<'a> {
    pub(crate) target: &'a TargetName,
    pub(crate) address: Option<&'a str>,
    pub(crate) wishes: Wishes,
    pub(crate) is_agreed: bool,
    pub(crate) as_json: bool,
}

pub(crate) async fn run(config: &Path, order: &Order<'_>) -> Result<std::process::ExitCode, Failure> {
    let (config, _) = config::load(config)?;
    let target = engines::known(&config, order.target)?;
    let progress = Progress::new();
    progress.say("looking at the target");
    let engine = connect(target, order)?;
    let trial = prepare(&*engine, order).await?;
    let store = journal::open().await?;
    let planning = planning(engine)?;
    let journal = Arc::new(StoreJournal::new(store.clone()));
    let mut acceptance = Acceptance::new(&planning, journal, &target.provider, order.target.clone(), &target.owner_id, id());
    let everything = everything(&trial);
    let left = acceptance.leftovers(&everything).await.map_err(not_begun)?;
    drop(progress);
    let mut told = Told::new(order, &trial);
    told.beforehand(&left);
    agreed(order)?;
    let stop = signals::stop_on_signal()?;
    let trouble = carry_out(&mut acceptance, &trial, &everything, &left, &stop, &mut told).await.err();
    told.end(trouble.as_ref());
    store.close().await;
    Ok(told.exit_code())
}

fn connect(target: &TargetConfig, order: &Order<'_>) -> Result<Arc<dyn Engine>, Failure> {
    let refused = |why: String| Failure::new(Diagnostic::error("Nothing tried", format!("The target `{}`: {why}.", target.name)));
    let place = engines::place(target, order.target, order.address).map_err(refused)?;
    let reach = Reach::read(target, &place).map_err(refused)?;
    engines::connect(reach).map_err(|error| Failure::of("Nothing tried", error))
}

async fn prepare(engine: &dyn Engine, order: &Order<'_>) -> Result<Trial, Failure> {
    let asked = tokio::time::timeout(PREPARE_MAX, engine.trial(&order.wishes)).await;
    let late = |_| Failure::new(Diagnostic::error("Nothing tried", format!("The target did not answer within {} s.", PREPARE_MAX.as_secs())));
    asked.map_err(late)?.map_err(|error| Failure::of("Nothing tried", error))?.ok_or_else(|| {
        let detail = format!("The engine of the target `{}` has nothing to try out.", order.target);
        Failure::new(Diagnostic::error("No trial", detail)).hint("look at it instead").command(format!("ipr doctor --target {}", order.target))
    })
}

fn not_begun(trouble: TrialTrouble) -> Failure {
    let failure = Failure::of("Nothing tried", trouble);
    failure.hint("nothing was changed; names that begin with `ipr-acceptance` are reserved for this")
}

fn agreed(order: &Order<'_>) -> Result<(), Failure> {
    if order.is_agreed {
        return Ok(());
    }
    match terminal::ask("\nMake and remove these?", "yes") {
        Some(true) => Ok(()),
        Some(false) => Err(Failure::new(Diagnostic::error("Nothing tried", "Nothing was changed."))),
        None => Err(Failure::new(Diagnostic::error("Nobody to ask", "Standard input is no terminal, and nothing was changed.")).hint("use `--yes`")),
    }
}

/// Every resource of every stage, each as the last stage that has it wants it.
fn everything(trial: &Trial) -> Vec<Value> {
    let mut by_name = std::collections::BTreeMap::new();
    for resource in trial.stages.iter().flat_map(|stage| &stage.resources) {
        by_name.insert(resource.get("name").map(Value::to_string), resource.clone());
    }
    by_name.into_values().collect()
}

/// All stages, and the removal after them; the removal alone after the first one that fails.
async fn carry_out(
    acceptance: &mut Acceptance<'_>,
    trial: &Trial,
    everything: &[Value],
    left: &[String],
    stop: &CancellationToken,
    told: &mut Told<'_>,
) -> Result<(), TrialTrouble> {
    let mut result = Ok(());
    if !left.is_empty() {
        let begun = Instant::now();
        told.begin("remove what an earlier trial left");
        let removed = acceptance.remove(everything, stop).await.map(|removed| removed.len());
        result = told.stage("remove what an earlier trial left", begun, removed);
    }
    for stage in &trial.stages {
        if result.is_err() {
            break;
        }
        let begun = Instant::now();
        told.begin(&stage.title);
        let brought = if stop.is_cancelled() { Err(TrialTrouble::Stopped) } else { acceptance.bring(&stage.resources, stop).await };
        result = told.stage(&stage.title, begun, brought);
    }
    told.begin("remove everything again");
    let begun = Instant::now();
    let removed = remove(acceptance, everything).await;
    let removed = told.stage("remove everything again", begun, removed.map(|removed| removed.len()));
    result.and(removed)
}

/// Goes on after a signal: a second one ends the process.
async fn remove(acceptance: &mut Acceptance<'_>, everything: &[Value]) -> Result<Vec<String>, TrialTrouble> {
    let going_on = CancellationToken::new();
    let mut removed = acceptance.remove(everything, &going_on).await;
    for _ in 1..REMOVALS_MAX {
        if removed.is_ok() {
            break;
        }
        tokio::time::sleep(REMOVAL_PAUSE).await;
        removed = acceptance.remove(everything, &going_on).await;
    }
    removed
}
