//! What does one step do? A headline and its fields, as lines of a diff.

use core_model::plan::{Action, Inverse, Risk, Step};
use core_model::resource_type::Registry;

use super::field;
use super::markdown::{capped, visible};
use super::value::Facts;

const FIELD_WIDTH_MAX: usize = 28;
const STEP_LINES_MAX: usize = 120;
const NAME_LENGTH_MAX: usize = 100;
const REASON_LENGTH_MAX: usize = 300;
const NAMES_MAX: usize = 6;

/// Reasons that the action already tells.
const ORDINARY_REASONS: [&str; 5] = ["new in the blueprint", "the blueprint changed", "no longer in the blueprint", "its address changed", "adopted"];

pub(crate) fn sign(action: Action) -> char {
    match action {
        Action::Create => '+',
        Action::Update => '~',
        Action::Restart => '↻',
        Action::Replace => '±',
        Action::Delete => '-',
        Action::Move => '»',
        Action::Adopt => '=',
        Action::Release => '○',
    }
}

/// `+ create  shop.web   container shop-web on dock-01   [restart]`.
pub(crate) fn headline(step: &Step) -> String {
    let mut line = format!("{} {:7} {}", sign(step.action), step.action.word(), step.address);
    if let Some(former) = &step.moved_from {
        line.push_str(&format!(" (was {former})"));
    }
    line.push_str(&format!("   {} on {}", capped(&visible(&step.type_name), NAME_LENGTH_MAX), step.target));
    if step.risk >= Risk::Restart {
        line.push_str(&format!("   [{}]", step.risk.word()));
    }
    line
}

/// The headline, the fields, and what a reviewer should know about the step.
pub(crate) fn lines(step: &Step, registry: &Registry) -> Vec<String> {
    let mut lines = vec![headline(step)];
    let width = step.changes.iter().map(|change| field::name(&change.path).chars().count()).max().unwrap_or(0).min(FIELD_WIDTH_MAX);
    for change in &step.changes {
        lines.extend(field::lines(change, Facts::of_step(registry, step, &change.path), width));
    }
    let more = lines.len().saturating_sub(STEP_LINES_MAX);
    if more > 1 {
        lines.truncate(STEP_LINES_MAX);
        lines.push(format!("      … {more} more lines"));
    }
    lines.extend(remarks(step));
    lines
}

/// Grey lines below a step. An orange line for what cannot be undone.
fn remarks(step: &Step) -> Vec<String> {
    let mut lines = Vec::new();
    if let Inverse::None { why } = &step.inverse {
        lines.push(format!("!     cannot be undone: {}", capped(&visible(why), REASON_LENGTH_MAX)));
    }
    let mut about = Vec::new();
    if !ORDINARY_REASONS.contains(&step.reason.as_str()) {
        about.push(capped(&visible(&step.reason).replace('`', ""), REASON_LENGTH_MAX));
    }
    if !step.object.is_empty() && step.object != step.address.resource.as_str() {
        about.push(format!("called {} there", capped(&visible(&step.object), NAME_LENGTH_MAX)));
    }
    if !step.waits_for.is_empty() {
        let mut names: Vec<String> = step.waits_for.iter().take(NAMES_MAX).map(ToString::to_string).collect();
        if step.waits_for.len() > NAMES_MAX {
            names.push(format!("{} more", step.waits_for.len() - NAMES_MAX));
        }
        about.push(format!("after {}", names.join(", ")));
    }
    if !about.is_empty() {
        lines.push(format!("#     {}", about.join("; ")));
    }
    lines
}

/// The headline with the names of the fields that change.
pub(crate) fn line(step: &Step) -> String {
    let headline = headline(step);
    if step.action == Action::Create || step.changes.is_empty() {
        return headline;
    }
    let mut names: Vec<String> = step.changes.iter().take(NAMES_MAX).map(|change| capped(&field::name(&change.path), FIELD_WIDTH_MAX)).collect();
    if step.changes.len() > NAMES_MAX {
        names.push(format!("{} more", step.changes.len() - NAMES_MAX));
    }
    format!("{headline}   {}", names.join(", "))
}
