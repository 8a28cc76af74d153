//! Which requests go wrong on purpose, and how?

use crate::calls::is_write;

/// Which requests a fault is for.
#[derive(Clone, Debug)]
pub struct FaultMatch {
    path_part: String,
    writes_only: bool,
    /// How many such requests go well first.
    spared: u32,
}

impl FaultMatch {
    /// Requests whose command, such as `/ip/address/add`, contains this. REST requests have the command that they come to.
    pub fn command(part: &str) -> Self {
        Self { path_part: part.to_owned(), writes_only: false, spared: 0 }
    }

    /// Every request.
    pub fn any() -> Self {
        Self::command("")
    }

    /// Every request that changes something or tries to, safe mode and schedulers among them.
    pub fn write() -> Self {
        Self { writes_only: true, ..Self::any() }
    }

    /// The same, but so many of them go well first.
    pub fn after(self, spared: u32) -> Self {
        Self { spared, ..self }
    }

    fn matches(&self, command: &str) -> bool {
        command.contains(&self.path_part) && (!self.writes_only || is_write(command))
    }
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This refusal, and nothing happened. Over REST it is a 400 with this detail.
    TrapBefore(String),
    /// This refusal, but the request had its effect.
    TrapAfterEffect(String),
    /// `!fatal` with these words and the end of the connection; nothing happened.
    Fatal(String),
    /// The connection is cut and nothing happened.
    DisconnectBefore,
    /// The connection is cut after the request had its effect.
    DisconnectAfterEffect,
    /// No answer ever comes and nothing happened; the connection stays.
    SilenceBefore,
    /// The request had its effect and no answer ever comes; the connection stays.
    SilenceAfterEffect,
    /// The effect happens, half of the answer arrives, and the connection ends.
    Truncated,
    /// The effect happens and the answer is bytes that are no sentence, or no JSON.
    Garbage,
    /// The effect happens, and the router loses power before it answers.
    PowerCutAfterEffect,
}

impl Fault {
    pub(crate) fn is_before_effect(&self) -> bool {
        matches!(self, Self::TrapBefore(_) | Self::Fatal(_) | Self::DisconnectBefore | Self::SilenceBefore)
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
    pub(crate) fn take(&mut self, command: &str) -> Option<Fault> {
        let mut index = None;
        for (at, (matching, _, _)) in self.planned.iter_mut().enumerate().filter(|(_, (matching, _, _))| matching.matches(command)) {
            if matching.spared > 0 {
                matching.spared -= 1;
            } else {
                index = Some(at);
                break;
            }
        }
        let (_, fault, left) = self.planned.get_mut(index?)?;
        let fault = fault.clone();
        *left -= 1;
        if *left == 0 {
            self.planned.remove(index?);
        }
        Some(fault)
    }

    /// How many planned faults were not met by a request yet.
    pub(crate) fn left(&self) -> u32 {
        self.planned.iter().map(|(_, _, left)| left).sum()
    }
}
