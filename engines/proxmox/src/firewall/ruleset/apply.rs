//! How is the firewall of a scope changed? Its rules before options that close it, and after options that open it.

use core_model::plan::Action;
use engine_api::fields::Flat;
use engine_api::{EngineError, ErrorKind};
use serde_json::json;

use super::observe::own_names;
use crate::apply::Task;
use crate::firewall::list::List;
use crate::firewall::scope::{Place, Scope};
use crate::firewall::{options, reviewed, rules_of};

/// How often options are tried again that were refused because others were changed.
const ATTEMPTS_MAX: usize = 3;

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    // What always exists is not deleted.
    if task.step().action == Action::Delete {
        return Ok(());
    }
    let scope = Scope::of(&task.order.desired);
    let missing = || task.error(ErrorKind::NotFound, format!("{} is not there", scope.words()));
    let place = scope.place_now(task.reader).await?.ok_or_else(missing)?;
    if closes(task) {
        rules(task, &place).await?;
        set_options(task, &scope, &place).await
    } else {
        set_options(task, &scope, &place).await?;
        rules(task, &place).await
    }
}

/// Whether options let less through than before.
fn closes(task: &Task<'_>) -> bool {
    let values = task.firewall_values();
    let touched = |path: &str| task.touches(path).then(|| values.get(path)).flatten();
    let is_closed = |path: &&str| touched(path).is_some_and(|policy| *policy != json!("accept"));
    touched("specs.enabled") == Some(&json!(true)) || ["specs.policy_in", "specs.policy_out", "specs.policy_forward"].iter().any(is_closed)
}

async fn rules(task: &Task<'_>, place: &Place) -> Result<(), EngineError> {
    let values = task.firewall_values();
    let Some(wanted) = values.get("specs.rules").filter(|_| task.touches("specs.rules")) else { return Ok(()) };
    let own = own_names(task.reader, place).await?;
    let list = List { path: place.rules(), own: &own };
    list.bring(task, reviewed(&task.step().changes).as_deref(), &rules_of(Some(wanted))).await
}

/// Options are set one by one to absolute values, so that other people's changes of others do no harm.
async fn set_options(task: &Task<'_>, scope: &Scope, place: &Place) -> Result<(), EngineError> {
    let values = task.firewall_values();
    let touched = touched_paths(task, &values);
    for _ in 0..ATTEMPTS_MAX {
        let config = task.reader.firewall_options(&place.options()).await?;
        let edits = options::edits(&config, scope.bit(), &values, touched.iter().copied());
        if edits.is_empty() {
            return Ok(());
        }
        match task.calls.set_firewall_options(&place.options(), task.name(), edits, config.digest.as_deref()).await {
            Err(error) if error.kind == ErrorKind::Conflict => {}
            other => return other,
        }
    }
    Err(task.conflict("its options were changed again and again by somebody else; plan again"))
}

/// What the step changes; all that is set where it does more than change.
fn touched_paths<'t>(task: &'t Task<'_>, values: &'t Flat) -> Vec<&'t str> {
    let changed = task.step().changes.iter().map(|change| change.path.as_str());
    let all = values.keys().map(String::as_str).filter(|_| task.step().action != Action::Update);
    let mut paths: Vec<&str> = changed.chain(all).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}
