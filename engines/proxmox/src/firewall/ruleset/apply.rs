//! How is the firewall of a scope changed, so that no packet meets a state that is neither the old nor the new one?
//!
//! A firewall that goes off goes off first, and one that goes on goes on last. Policies and the other options change at the one
//! moment at which the rules of both lists stand: before it, what no rule matches meets the old policy, as it did; after it the new
//! one, as it will.

use core_model::Marker;
use core_model::plan::Action;
use engine_api::fields::Flat;
use engine_api::{EngineError, ErrorKind};
use serde_json::json;

use super::observe::own_names;
use crate::apply::Task;
use crate::firewall::list::{Halves, List};
use crate::firewall::scope::{Place, Scope};
use crate::firewall::{Rule, options, reviewed, rules_of};

const ENABLED: &str = "specs.enabled";
/// How often options are tried again that were refused because others were changed.
const ATTEMPTS_MAX: usize = 3;

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    // What always exists is not deleted.
    if task.step().action == Action::Delete {
        return Ok(());
    }
    let scope = Scope::of(&task.order.desired);
    let missing = || task.error(ErrorKind::NotFound, format!("{} is not there", scope.words()));
    let place = scope.place_now(task.reader, marker_of_guest(task).as_ref()).await?.ok_or_else(missing)?;
    let values = task.firewall_values();
    let touched = touched_options(task, &values, scope.bit());
    let Some(wanted) = values.get("specs.rules").filter(|_| task.touches("specs.rules")) else {
        return set_options(task, &scope, &place, &touched).await;
    };
    let wanted = rules_of(Some(wanted));
    let own = own_names(task.reader, &place).await?;
    let list = List { path: place.rules(), own: &own };
    let (switch, others): (Vec<&str>, Vec<&str>) = touched.iter().partition(|path| **path == ENABLED);
    let goes_on = values.get(ENABLED).unwrap_or(&options::default_of("enabled", scope.bit())) == &json!(true);
    let halves = halves(task, &list, &wanted, !others.is_empty()).await?;
    if !goes_on {
        set_options(task, &scope, &place, &switch).await?;
    }
    list.carry_out(task, &halves.first).await?;
    set_options(task, &scope, &place, &others).await?;
    list.carry_out(task, &halves.second).await?;
    if goes_on { set_options(task, &scope, &place, &switch).await } else { Ok(()) }
}

/// The mark of the guest, where it is a resource of ours.
fn marker_of_guest(task: &Task<'_>) -> Option<Marker> {
    let link = task.order.desired.get("specs").and_then(|specs| specs.get("guest"))?;
    let address = link.get("resource")?.as_str()?.parse().ok()?;
    Some(Marker { address, ..task.marker().clone() })
}

/// The list of rules, with what is left to do of it.
async fn halves(task: &Task<'_>, list: &List<'_>, wanted: &[Rule], is_around: bool) -> Result<Halves, EngineError> {
    let reviewed = match task.step().action {
        // A guest that was made anew has not the rules that the plan saw: it has those of its template, or none.
        Action::Restart => None,
        // Nobody has reviewed what the other scope has.
        Action::Replace => Some(Vec::new()),
        _ => reviewed(&task.step().changes),
    };
    let found = list.halves(task, reviewed.as_deref(), wanted, is_around).await;
    found.map_err(|error| if task.step().action == Action::Replace { unseen(task) } else { error })
}

fn unseen(task: &Task<'_>) -> EngineError {
    let scope = Scope::of(&task.order.desired).words();
    task.conflict(format!(
        "{scope} has rules that this plan did not show, and nothing of them was touched; write its firewall as a resource of another name: the \
         plan then shows what is there"
    ))
}

/// Options are set one by one to absolute values, so that other people's changes of others do no harm.
async fn set_options(task: &Task<'_>, scope: &Scope, place: &Place, touched: &[&str]) -> Result<(), EngineError> {
    if touched.is_empty() {
        return Ok(());
    }
    let values = task.firewall_values();
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

/// The options that the step changes; all that are set where it does more than change.
fn touched_options<'t>(task: &'t Task<'_>, values: &'t Flat, scope: u8) -> Vec<&'t str> {
    let changed = task.step().changes.iter().map(|change| change.path.as_str());
    let all = values.keys().map(String::as_str).filter(|_| task.step().action != Action::Update);
    let is_option = |path: &&str| path.strip_prefix("specs.").and_then(|field| options::has(field, scope)) == Some(true);
    let mut paths: Vec<&str> = changed.chain(all).filter(is_option).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}
