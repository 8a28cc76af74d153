//! What does the engine talk to? A target whose calls can fail, hang and lose their replies.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine_api::{EngineError, ErrorKind, WritePermit};
use tokio::sync::Notify;

use crate::disk::Disk;
use crate::fault::Misbehaviour;
use crate::operation::Operation;
use crate::state::{State, StoredObject};
use crate::traffic::Traffic;

/// What an open batch changed; `None` is a deleted object. It is never written to disk.
type Overlay = BTreeMap<String, Option<StoredObject>>;

/// A target in memory or in a file. Engines and tests share it.
pub struct FakeTarget {
    pub(crate) disk: Disk,
    pub(crate) traffic: Traffic,
    pub(crate) changed_by_hand: Notify,
    provisional: Mutex<Option<Overlay>>,
}

impl fmt::Debug for FakeTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FakeTarget").finish_non_exhaustive()
    }
}

/// A call as the target sees it.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) object: String,
    /// `compute/web`.
    pub(crate) key: String,
    /// "create the compute `web`".
    pub(crate) attempt: String,
}

impl Call {
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> EngineError {
        EngineError::new(kind, self.attempt.clone(), message)
    }
}

/// Why an edit came to nothing.
pub(crate) enum Refused {
    Disk(io::Error),
    Answer(EngineError),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl Refused {
    fn into_error(self, attempt: &str) -> EngineError {
        match self {
            Self::Disk(error) => EngineError::new(ErrorKind::Unreachable, attempt, "the state of the fake target is out of reach").with_source(error),
            Self::Answer(error) => error,
        }
    }
}

impl FakeTarget {
    /// A target that ends with the process.
    pub fn memory() -> Arc<Self> {
        Self::on(Disk::memory(State::new("fake-memory")))
    }

    /// `memory:`, or `file:///folder/state.json`; the folder must exist. The identity of a new file is its name.
    pub fn open(endpoint: &str) -> Result<Arc<Self>, EngineError> {
        let refused = |message: &str| EngineError::new(ErrorKind::Rejected, format!("open the fake target `{endpoint}`"), message);
        if endpoint == "memory:" {
            return Ok(Self::memory());
        }
        let path = endpoint.strip_prefix("file://").filter(|path| path.starts_with('/'));
        let path = Path::new(path.ok_or_else(|| refused("the endpoint is neither `memory:` nor `file:///..`"))?);
        let stem = path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(|| refused("the path does not end with the name of a file"))?;
        let disk = Disk::file(path.to_owned(), State::new(format!("fake-{stem}")));
        disk.map(Self::on).map_err(|error| Refused::Disk(error).into_error(&format!("open the fake target `{endpoint}`")))
    }

    fn on(disk: Disk) -> Arc<Self> {
        Arc::new(Self { disk, traffic: Traffic::default(), changed_by_hand: Notify::new(), provisional: Mutex::new(None) })
    }

    /// What the target shows now, with what an open batch changed.
    pub(crate) fn look(&self) -> Result<Arc<State>, EngineError> {
        let loaded = self.disk.load().map_err(|error| Refused::Disk(error).into_error("read the fake target"));
        let mut state = loaded?;
        for (key, object) in self.provisional().iter().flatten() {
            let objects = &mut Arc::make_mut(&mut state).objects;
            match object {
                Some(object) => objects.insert(key.clone(), object.clone()),
                None => objects.remove(key),
            };
        }
        Ok(state)
    }

    /// A reading call: it can fail and hang, too.
    pub(crate) async fn read(&self, operation: Operation, attempt: &str) -> Result<Arc<State>, EngineError> {
        let call = Call { operation, object: String::new(), key: String::new(), attempt: attempt.to_owned() };
        match self.misbehaviour(&call)? {
            Some(Misbehaviour::FailBefore(kind) | Misbehaviour::FailAfterEffect(kind)) => return Err(call.error(kind, "a fault was laid out here")),
            Some(Misbehaviour::Hang) => {
                self.traffic.hang().await;
                return Err(call.error(ErrorKind::Timeout, "the call was let go"));
            }
            None => {}
        }
        let state = self.look()?;
        reachable(&state, &call)?;
        Ok(state)
    }

    /// A mutating call. Only the gate gives the permit.
    pub(crate) async fn write(
        &self,
        _permit: WritePermit,
        call: &Call,
        cancelled: impl Future<Output = ()> + Send,
        change: impl FnOnce(&mut State) -> Result<(), EngineError> + Send,
    ) -> Result<(), EngineError> {
        self.traffic.meet().await;
        let misbehaviour = self.misbehaviour(call)?;
        match misbehaviour {
            Some(Misbehaviour::FailBefore(kind)) => return Err(call.error(kind, "a fault was laid out here")),
            Some(Misbehaviour::Hang) => {
                tokio::select! {
                    () = cancelled => {}
                    () = self.traffic.hang() => {}
                }
                return Err(call.error(ErrorKind::Timeout, "the call was let go"));
            }
            Some(Misbehaviour::FailAfterEffect(_)) | None => {}
        }
        self.change(call, change)?;
        match misbehaviour {
            Some(Misbehaviour::FailAfterEffect(kind)) => Err(call.error(kind, "the reply was lost")),
            _ => Ok(()),
        }
    }

    fn misbehaviour(&self, call: &Call) -> Result<Option<Misbehaviour>, EngineError> {
        let state = self.look()?;
        if state.faults.is_empty() {
            return Ok(None);
        }
        self.edit(&call.attempt, |state| {
            let struck = state.faults.iter_mut().find_map(|fault| fault.strikes(call.operation, &call.object).then_some(fault.what));
            state.faults.retain(|fault| !fault.is_spent());
            Ok(struck)
        })
    }

    fn change(&self, call: &Call, change: impl FnOnce(&mut State) -> Result<(), EngineError>) -> Result<(), EngineError> {
        if call.operation == Operation::Confirm {
            return self.confirm(call);
        }
        if self.is_provisional(call) {
            return self.change_provisionally(call, change);
        }
        self.edit(&call.attempt, |state| {
            reachable(state, call)?;
            change(state)?;
            state.remember(call.operation, &call.key);
            Ok(())
        })
    }

    /// Calls about rules, while a batch is open.
    fn is_provisional(&self, call: &Call) -> bool {
        self.provisional().is_some() && call.key.starts_with("rule/")
    }

    fn change_provisionally(&self, call: &Call, change: impl FnOnce(&mut State) -> Result<(), EngineError>) -> Result<(), EngineError> {
        let before = self.look()?;
        let mut after = State::clone(&before);
        reachable(&after, call)?;
        change(&mut after)?;
        self.edit(&call.attempt, |state| {
            state.last_serial = after.last_serial;
            state.remember(call.operation, &call.key);
            Ok(())
        })?;
        if let Some(overlay) = self.provisional().as_mut() {
            overlay.insert(call.key.clone(), after.objects.remove(&call.key));
        }
        Ok(())
    }

    /// Begins a batch; what an earlier one left is lost.
    pub(crate) fn begin(&self) {
        *self.provisional() = Some(Overlay::new());
    }

    pub(crate) fn has_changes(&self) -> bool {
        self.provisional().as_ref().is_some_and(|overlay| !overlay.is_empty())
    }

    /// Ends a batch without keeping it: abandoned, or its connection is gone.
    pub(crate) fn forget_batch(&self) {
        *self.provisional() = None;
    }

    fn confirm(&self, call: &Call) -> Result<(), EngineError> {
        let overlay = self.provisional().clone().unwrap_or_default();
        self.edit(&call.attempt, |state| {
            reachable(state, call)?;
            for (key, object) in overlay {
                match object {
                    Some(object) => state.objects.insert(key, object),
                    None => state.objects.remove(&key),
                };
            }
            state.remember(call.operation, &call.key);
            Ok(())
        })?;
        self.forget_batch();
        Ok(())
    }

    pub(crate) fn edit<T>(&self, attempt: &str, change: impl FnOnce(&mut State) -> Result<T, EngineError>) -> Result<T, EngineError> {
        self.disk.edit(|state| change(state).map_err(Refused::Answer)).map_err(|refused| refused.into_error(attempt))
    }

    fn provisional(&self) -> MutexGuard<'_, Option<Overlay>> {
        self.provisional.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reachable(state: &State, call: &Call) -> Result<(), EngineError> {
    state.unreachable.as_ref().map_or(Ok(()), |why| Err(call.error(ErrorKind::Unreachable, why.as_str())))
}
