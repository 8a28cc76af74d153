//! What does one step do? A headline and its fields, as lines of a diff.

use core_model::plan::{Action, Inverse, Pin, Risk, Step};
use core_model::resource_type::Registry;

use super::field;
use super::markdown::{capped, visible};
use super::value::Facts;

const FIELD_WIDTH_MAX: usize = 28;
const STEP_LINES_MAX: usize = 120;
const NAME_LENGTH_MAX: usize = 100;
const REASON_LENGTH_MAX: usize = 300;
const NAMES_MAX: usize = 6;
const ADDRESSES_ON_A_LINE: usize = 5;

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

/// `+ create  shop.web   compute on dock-01`.
fn headline(step: &Step) -> String {
    let former = step.moved_from.as_ref().map_or_else(String::new, |former| format!(" (was {former})"));
    format!("{} {:7} {}{former}   {}", sign(step.action), step.action.word(), step.address, place(step))
}

/// What it is, where, under which name, and what it may cost.
fn place(step: &Step) -> String {
    let mut place = format!("{} on {}", capped(&visible(&step.type_name), NAME_LENGTH_MAX), step.target);
    let ordinary = [step.address.resource.to_string(), format!("{}-{}", step.address.blueprint, step.address.resource)];
    if !step.object.is_empty() && !ordinary.contains(&step.object) {
        place.push_str(&format!(" as {}", capped(&visible(&step.object), NAME_LENGTH_MAX)));
    }
    // That a restart restarts is said already, and that what is deleted or replaced stops.
    let is_said = step.risk < Risk::Restart || step.risk == Risk::Restart && step.action != Action::Update;
    if !is_said {
        place.push_str(&format!("   [{}]", step.risk.word()));
    }
    place
}

/// A step in full.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Full {
    action: Action,
    place: String,
    /// The fields, and what a reviewer should know about the step.
    below: Vec<String>,
}

impl Full {
    pub(crate) fn of(step: &Step, registry: &Registry) -> Self {
        let width = step.changes.iter().map(|change| field::name(&change.path).chars().count()).max().unwrap_or(0).min(FIELD_WIDTH_MAX);
        let mut below: Vec<String> =
            step.changes.iter().flat_map(|change| field::lines(change, Facts::of_step(registry, step, &change.path), width)).collect();
        let more = below.len().saturating_sub(STEP_LINES_MAX);
        if more > 1 {
            below.truncate(STEP_LINES_MAX);
            below.push(format!("      … {more} more lines"));
        }
        below.extend(remarks(step));
        Self { action: step.action, place: place(step), below }
    }

    pub(crate) fn is_one_line(&self) -> bool {
        self.below.is_empty()
    }

    /// The lines for one step, or for several that differ in nothing but their address.
    pub(crate) fn lines(self, steps: &[&Step]) -> Vec<String> {
        let mut lines = match steps {
            [one] => vec![headline(one)],
            several => {
                let mut lines = vec![format!("{} {:7} {} alike   {}", sign(self.action), self.action.word(), several.len(), self.place)];
                for chunk in several.chunks(ADDRESSES_ON_A_LINE) {
                    let names: Vec<String> = chunk.iter().map(|step| step.address.to_string()).collect();
                    lines.push(format!("      {}", names.join(", ")));
                }
                lines
            }
        };
        lines.extend(self.below);
        lines
    }
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
    about.extend(step.pins.iter().filter_map(|(path, pin)| looked_up(step, path, pin)));
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

/// What was looked up for a field, unless its value says so itself.
fn looked_up(step: &Step, path: &str, pin: &Pin) -> Option<String> {
    let change = step.changes.iter().find(|change| change.path == path)?;
    let is_shown = change.after.as_str().is_some_and(|text| text.contains(&pin.answer));
    let shown = |text: &str| capped(&visible(text), NAME_LENGTH_MAX);
    (!is_shown).then(|| format!("{} is {}", shown(&pin.question), shown(&pin.answer)))
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
