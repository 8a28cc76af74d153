//! How much may still be copied for one environment? What a few lines can multiply is bounded.

use core_model::{Diagnostic, Origin};

use crate::limits::COPIED_NODES_MAX;
use crate::report::Report;

/// The values that overlays, `each`, templates and references may still copy.
pub(crate) struct Fuel {
    left: usize,
    is_reported: bool,
}

impl Fuel {
    pub(crate) fn new() -> Self {
        Self { left: COPIED_NODES_MAX, is_reported: false }
    }

    /// `false`, and one message, when there is not enough left.
    pub(crate) fn spend(&mut self, nodes: usize, origin: &Origin, report: &mut Report) -> bool {
        if let Some(left) = self.left.checked_sub(nodes) {
            self.left = left;
            return true;
        }
        if !self.is_reported {
            self.is_reported = true;
            let detail = format!("Overlays, `each`, templates and references copy more than {COPIED_NODES_MAX} values for one environment.");
            report.push(Diagnostic::error("Too many values", detail).hint("split the environment").at_origin(origin));
        }
        false
    }
}
