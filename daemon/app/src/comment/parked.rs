//! Why does a merge wait, and for what? The new comment that asks a person, or says that it goes on by itself.

use core_model::Hash;
use core_model::plan::Plan;
use core_model::record::ParkedReason;
use core_model::resource_type::Registry;

use super::detail::Detail;
use super::markdown::{mentions, prose};
use super::section::{data_loss, why_it_waits};
use super::{asides, paragraphs, steps, ways};

/// A merge that waits for a person in one environment.
pub struct ParkedView<'a> {
    pub environment: &'a str,
    pub reason: ParkedReason,
    pub detail: &'a str,
    /// The digest that `/apply` must name.
    pub digest: &'a Hash,
    /// What would be done now.
    pub plan: Option<&'a Plan>,
    pub registry: &'a Registry,
    /// Who is told. These mentions are real.
    pub notify: &'a [String],
}

const STEPS_LENGTH_MAX: usize = 40_000;

pub fn parked(view: &ParkedView<'_>) -> String {
    let plan = view.plan.map(|plan| what_would_be_done(plan, view.registry)).unwrap_or_default();
    if view.reason == ParkedReason::Window {
        return paragraphs([
            format!("### ⏸ {} waits for its window", prose(view.environment)),
            why_it_waits(view.reason, view.detail),
            plan,
            ways(view.environment, None, ""),
        ]);
    }
    paragraphs([
        format!("### ⏸ {} waits for you", prose(view.environment)),
        mentions(view.notify),
        why_it_waits(view.reason, view.detail),
        plan,
        ways(view.environment, view.plan.map(|_| view.digest), "does exactly this"),
    ])
}

/// The steps of a plan, as much of each as fits.
pub(crate) fn what_would_be_done(plan: &Plan, registry: &Registry) -> String {
    let shown = |detail: &Detail| {
        paragraphs([asides::problems(plan, *detail), data_loss(plan), steps::body(plan, registry, *detail, None), steps::if_it_fails(plan)])
    };
    let fits = |text: &String| text.chars().count() <= STEPS_LENGTH_MAX;
    Detail::LADDER.iter().map(shown).find(fits).unwrap_or_else(|| format!("{}.", steps::in_words(std::iter::once(plan))))
}
