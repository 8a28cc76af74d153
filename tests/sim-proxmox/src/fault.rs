//! Which requests go wrong on purpose, and how?

/// Which requests a fault is for.
#[derive(Clone, Debug)]
pub struct FaultMatch {
    method: String,
    path_part: String,
    is_whole: bool,
}

impl FaultMatch {
    /// Requests of this method (empty: any) whose path below `/api2/json` contains `path_part`.
    pub fn new(method: &str, path_part: &str) -> Self {
        Self { method: method.to_owned(), path_part: path_part.to_owned(), is_whole: false }
    }

    /// Only where the path is `path_part` and goes no further.
    pub fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }

    /// Every request.
    pub fn any() -> Self {
        Self::new("", "")
    }

    /// Every request that changes something.
    pub fn writes() -> Self {
        Self::new("WRITE", "")
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        let method_fits = match self.method.as_str() {
            "" => true,
            "WRITE" => method != "GET",
            other => other == method,
        };
        method_fits && if self.is_whole { path.ends_with(&self.path_part) } else { path.contains(&self.path_part) }
    }
}

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut and nothing happened.
    DisconnectBefore,
    /// The connection is cut after the request had its effect: for a task, after it was started.
    DisconnectAfterEffect,
    /// This status and message, and nothing happened.
    StatusBefore(u16, String),
    /// This status and message, but the request had its effect.
    StatusAfterEffect(u16, String),
    /// The request is accepted, and its task ends at once with this exit status without an effect.
    /// A request that makes no task answers 500 with these words.
    TaskFails(String),
    /// The task does its work and then ends with this exit status, as where the network's file is in place and its reload fails.
    /// A request that makes no task does its work and answers 500 with these words.
    TaskFailsAfterEffect(String),
    /// The task does its work and ends with `WARNINGS: 1`, with this line in its log.
    TaskWarns(String),
    /// The effect happens and half of the answer's body arrives.
    TruncatedJson,
    /// Nothing happens and no answer comes until the client gives up or the simulator stops.
    Hang,
    /// The request has its effect, for a task: it was started; and no answer comes until the client gives up.
    HangAfterEffect,
}

#[derive(Debug)]
struct Planned {
    matching: FaultMatch,
    fault: Fault,
    /// How many matching requests pass first.
    skip: u32,
    left: u32,
}

#[derive(Debug, Default)]
pub(crate) struct Faults {
    planned: Vec<Planned>,
}

impl Faults {
    pub(crate) fn plan(&mut self, matching: FaultMatch, fault: Fault, skip: u32, times: u32) {
        if times > 0 {
            self.planned.push(Planned { matching, fault, skip, left: times });
        }
    }

    /// The fault for this request, if one is planned; each is taken as often as it was planned.
    pub(crate) fn take(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut found = None;
        for (index, planned) in self.planned.iter_mut().enumerate().filter(|(_, planned)| planned.matching.matches(method, path)) {
            if planned.skip > 0 {
                planned.skip -= 1;
                continue;
            }
            found = Some(index);
            break;
        }
        let index = found?;
        let planned = self.planned.get_mut(index)?;
        let fault = planned.fault.clone();
        planned.left -= 1;
        if planned.left == 0 {
            self.planned.remove(index);
        }
        Some(fault)
    }

    pub(crate) fn forget(&mut self) {
        self.planned.clear();
    }

    /// How many planned faults were not met by a request yet.
    pub(crate) fn left(&self) -> u32 {
        self.planned.iter().map(|planned| planned.left).sum()
    }
}
