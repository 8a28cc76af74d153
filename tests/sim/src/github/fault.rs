//! Which requests go wrong on purpose, and how?

/// Which requests a fault is for.
#[derive(Clone, Debug)]
pub struct FaultMatch {
    method: String,
    path_part: String,
    /// So many matching requests are let through first.
    let_through: u32,
}

impl FaultMatch {
    /// Requests of this method whose path, without `/api/v3`, contains `path_part`. Git requests match too.
    pub fn new(method: &str, path_part: &str) -> Self {
        Self { method: method.to_owned(), path_part: path_part.to_owned(), let_through: 0 }
    }

    /// Not the next such requests, but those after them.
    pub fn after(self, let_through: u32) -> Self {
        Self { let_through, ..self }
    }

    /// Every request.
    pub fn any() -> Self {
        Self::new("", "")
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        (self.method.is_empty() || self.method == method) && path.contains(&self.path_part)
    }
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status, and nothing happened.
    StatusBefore(u16),
    /// This status, but the request had its effect.
    StatusAfterEffect(u16),
    /// 403 with the words of GitHub's secondary limit; without `retry_after_s` the header is left out.
    SecondaryLimit { retry_after_s: Option<u64> },
    /// The connection is cut and nothing happened.
    DisconnectBefore,
    /// The connection is cut after the request had its effect.
    DisconnectAfterEffect,
    /// The effect happens and half of the answer's body arrives.
    TruncatedJson,
    /// The effect happens and no answer ever comes; REST only.
    SilentAfterEffect,
}

impl Fault {
    pub(crate) fn is_before_effect(self) -> bool {
        matches!(self, Self::StatusBefore(_) | Self::SecondaryLimit { .. } | Self::DisconnectBefore)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: Vec<(FaultMatch, Fault, u32)>,
}

impl Faults {
    pub(crate) fn plan(&mut self, matching: FaultMatch, fault: Fault, times: u32) {
        if times > 0 {
            self.planned.push((matching, fault, times));
        }
    }

    /// The fault for this request, if one is planned; each is taken as often as it was planned.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let index = self.planned.iter().position(|(matching, _, _)| matching.matches(method, path))?;
        let (matching, fault, left) = self.planned.get_mut(index)?;
        if matching.let_through > 0 {
            matching.let_through -= 1;
            return None;
        }
        let fault = *fault;
        *left -= 1;
        if *left == 0 {
            self.planned.remove(index);
        }
        Some(fault)
    }

    /// How many planned faults were not met by a request yet.
    pub(crate) fn left(&self) -> u32 {
        self.planned.iter().map(|(_, _, left)| left).sum()
    }
}
