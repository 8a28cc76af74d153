//! How much is told when not everything fits? A ladder from everything to counts, in which what destroys is cut last.

use core_model::plan::{Action, Risk, Step};

/// How a step is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// With its fields.
    Full,
    /// One line.
    Line,
    /// Its name, among others on a line.
    Name,
    /// As one of a number.
    Counted,
}

/// One rung of the ladder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detail {
    /// Steps in place, or without any risk.
    low: Shown,
    /// Steps that restart or may disconnect.
    high: Shown,
    /// Deletes, replaces and data loss.
    severe: Shown,
    /// The most entries of any other list.
    pub(crate) entries_max: usize,
}

/// Deletes, replaces and data loss: what a reviewer must see before anything else.
pub(crate) fn is_severe(step: &Step) -> bool {
    matches!(step.action, Action::Delete | Action::Replace) || step.risk == Risk::DataLoss
}

impl Detail {
    /// From everything to counts alone.
    pub(crate) const LADDER: [Self; 9] = [
        Self { low: Shown::Full, high: Shown::Full, severe: Shown::Full, entries_max: 100 },
        Self { low: Shown::Full, high: Shown::Full, severe: Shown::Full, entries_max: 20 },
        Self { low: Shown::Line, high: Shown::Full, severe: Shown::Full, entries_max: 20 },
        Self { low: Shown::Line, high: Shown::Line, severe: Shown::Full, entries_max: 20 },
        Self { low: Shown::Counted, high: Shown::Line, severe: Shown::Full, entries_max: 10 },
        Self { low: Shown::Counted, high: Shown::Counted, severe: Shown::Full, entries_max: 10 },
        Self { low: Shown::Counted, high: Shown::Counted, severe: Shown::Line, entries_max: 5 },
        Self { low: Shown::Counted, high: Shown::Counted, severe: Shown::Name, entries_max: 3 },
        Self { low: Shown::Counted, high: Shown::Counted, severe: Shown::Counted, entries_max: 3 },
    ];

    pub(crate) fn of(self, step: &Step) -> Shown {
        if is_severe(step) {
            self.severe
        } else if step.risk <= Risk::InPlace {
            self.low
        } else {
            self.high
        }
    }
}
