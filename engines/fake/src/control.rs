//! What can a test do to a fake target, behind the engine's back? Faults, foreign hands, gaps, and a look at what happened.
//!
//! These functions panic when a file-backed target cannot be written: a test has nothing else to do then.

use std::sync::Arc;
use std::time::Duration;

use core_model::record::AppliedResource;
use core_model::resource_type::{Ownership, TypeFacts};
use core_model::{EnvironmentId, Marker};
use engine_api::EngineError;
use engine_api::fields::{Flat, flatten};
use serde_json::Value;

use crate::fault::Fault;
use crate::state::{Execution, LoggedCall, RegistryEntry, State, StoredGap, StoredObject, default_digest, key};
use crate::target::FakeTarget;
use crate::types::types;

impl FakeTarget {
    /// Lays out a fault. Faults strike in the order they were laid out, one at a call.
    pub fn inject(&self, fault: Fault) {
        self.set_up(|state| state.faults.push(fault));
    }

    /// Ends all faults, gaps and outages.
    pub fn heal(&self) {
        self.set_up(|state| {
            state.faults.clear();
            state.gaps.clear();
            state.unreachable = None;
        });
        self.release_hanging();
    }

    /// Removes all objects, executions, pending notes and the log, too. The identity, the registry and the counters stay.
    pub fn clear(&self) {
        self.heal();
        self.set_up(|state| {
            state.objects.clear();
            state.executions.clear();
            state.pending.clear();
            state.notes.clear();
            state.log.clear();
        });
    }

    /// From now on the target can be asked which tasks were carried out, even those that are not logged.
    pub fn show_runs(&self) {
        self.set_up(|state| state.shows_runs = true);
    }

    /// From now on the target says what it holds when it is asked for an artefact.
    pub fn tell_of_itself(&self) {
        self.set_up(|state| state.tells_of_itself = true);
    }

    /// No call reaches the target any more.
    pub fn go_away(&self, why: &str) {
        self.set_up(|state| state.unreachable = Some(why.to_owned()));
    }

    pub fn come_back(&self) {
        self.set_up(|state| state.unreachable = None);
    }

    /// Somebody put another machine in the target's place.
    pub fn set_identity(&self, identity: &str) {
        self.set_up(|state| identity.clone_into(&mut state.identity));
    }

    /// Objects of a type, or one of them, cannot be seen; `None` means all.
    pub fn add_gap(&self, type_name: Option<&str>, object: Option<&str>, why: &str) {
        let gap = StoredGap { type_name: type_name.map(str::to_owned), object: object.map(str::to_owned), why: why.to_owned() };
        self.set_up(|state| state.gaps.push(gap));
    }

    /// The target has something to say that is no difference.
    pub fn add_note(&self, note: &str) {
        self.set_up(|state| state.notes.push(note.to_owned()));
    }

    /// Somebody else makes an object. `values` is `{"specs": {..}}`, canonical.
    pub fn make_foreign(&self, type_name: &str, object: &str, values: &Value) {
        let fields = flat(type_name, values);
        self.set_up(|state| {
            let serial = state.next_serial();
            let foreign = StoredObject { fields, ..StoredObject::untouched(serial) };
            state.objects.insert(key(type_name, object), foreign);
        });
        self.changed_by_hand.notify_waiters();
    }

    /// Puts there at once what records say, as if the runs behind them had just ended.
    pub fn restore<'r>(&self, owner_id: &str, environment: &EnvironmentId, recorded: impl IntoIterator<Item = &'r AppliedResource>) {
        let restored: Vec<(String, StoredObject)> = recorded
            .into_iter()
            .map(|resource| {
                let marker = Marker { owner_id: owner_id.to_owned(), environment: environment.clone(), address: resource.address.clone() };
                let marker = (resource.ownership == Ownership::Marked).then_some(marker);
                let mut fields = flatten(facts(&resource.type_name), &resource.values);
                fields.retain(|path, _| path.starts_with("specs."));
                (key(&resource.type_name, &resource.object), StoredObject { marker, fields, ..StoredObject::untouched(0) })
            })
            .collect();
        self.set_up(|state| {
            for (key, object) in restored {
                let serial = state.next_serial();
                state.objects.insert(key, StoredObject { serial, ..object });
            }
        });
    }

    /// Somebody else sets a field: `specs.restart`. What always exists may be untouched so far.
    pub fn set_by_hand(&self, type_name: &str, object: &str, path: &str, value: Value) {
        self.set_up(|state| {
            let found = state.objects.entry(key(type_name, object)).or_insert_with(|| StoredObject::untouched(0));
            found.fields.insert(path.to_owned(), value);
        });
        self.changed_by_hand.notify_waiters();
    }

    /// Somebody else deletes an object.
    pub fn remove_by_hand(&self, type_name: &str, object: &str) {
        self.set_up(|state| drop(state.objects.remove(&key(type_name, object))));
        self.changed_by_hand.notify_waiters();
    }

    /// A container begins or ceases to work. It runs in both cases.
    pub fn set_healthy(&self, compute: &str, healthy: bool) {
        self.set_up(|state| {
            if let Some(object) = state.objects.get_mut(&key("compute", compute)) {
                object.healthy = healthy;
            }
        });
        self.changed_by_hand.notify_waiters();
    }

    /// The registry gives another image under this text: the tag has moved. Gives the digest.
    pub fn push_image(&self, image: &str, content: &str) -> String {
        let digest = default_digest(content);
        self.register(image, Some(digest.clone()), true);
        digest
    }

    /// What is made from this image never gets healthy.
    pub fn push_broken_image(&self, image: &str) {
        self.register(image, Some(default_digest(image)), false);
    }

    /// The registry does not know this text.
    pub fn remove_image(&self, image: &str) {
        self.register(image, None, true);
    }

    fn register(&self, image: &str, digest: Option<String>, healthy: bool) {
        self.set_up(|state| drop(state.registry.insert(image.to_owned(), RegistryEntry { digest, healthy })));
    }

    /// Something waits for a restart or the like.
    pub fn add_pending(&self, what: &str) {
        self.set_up(|state| state.pending.push(what.to_owned()));
    }

    /// The connection of an open batch is lost, and with it what was not confirmed.
    pub fn drop_connections(&self) {
        self.forget_batch();
    }

    /// Every mutating call waits until so many steps were in flight at once, or until its patience ends. It tells whether an
    /// executor runs steps in parallel: see [`FakeTarget::steps_in_flight_highest`].
    pub fn wait_for_steps_in_flight(&self, steps: usize, patience: Duration) {
        self.traffic.set_meeting(steps, patience);
    }

    /// The most steps of this process that were being carried out at the same time.
    pub fn steps_in_flight_highest(&self) -> usize {
        self.traffic.highest()
    }

    /// Returns when so many calls hang.
    pub async fn hanging(&self, calls: usize) {
        self.traffic.hanging(calls).await;
    }

    /// Lets go of every call that hangs; each is a timeout.
    pub fn release_hanging(&self) {
        self.traffic.release();
    }

    /// An object as the target holds it, without what an open batch changed.
    pub fn object(&self, type_name: &str, object: &str) -> Option<StoredObject> {
        self.lasting().objects.get(&key(type_name, object)).cloned()
    }

    /// The keys of all objects, sorted: `compute/web`.
    pub fn objects(&self) -> Vec<String> {
        self.lasting().objects.keys().cloned().collect()
    }

    /// One-shot tasks in the order they were carried out; one that was done twice is there twice.
    pub fn executions(&self) -> Vec<Execution> {
        self.lasting().executions.clone()
    }

    /// Mutating calls that had their effect, oldest first.
    pub fn log(&self) -> Vec<LoggedCall> {
        self.lasting().log.clone()
    }

    /// How many mutating calls had their effect since the target exists.
    pub fn mutating_calls(&self) -> u64 {
        self.lasting().mutating_calls
    }

    fn lasting(&self) -> Arc<State> {
        self.disk.load().unwrap_or_else(|error| panic!("the fake target cannot be read: {error}"))
    }

    fn set_up(&self, change: impl FnOnce(&mut State)) {
        let changed: Result<(), EngineError> = self.edit("set up the fake target", |state| {
            change(state);
            Ok(())
        });
        changed.unwrap_or_else(|error| panic!("{error}"));
    }
}

fn facts(type_name: &str) -> &'static TypeFacts {
    let kind = types().into_iter().find(|kind| kind.facts().name == type_name);
    kind.unwrap_or_else(|| panic!("a fake target has no type `{type_name}`")).facts()
}

fn flat(type_name: &str, values: &Value) -> Flat {
    flatten(facts(type_name), values.as_object().unwrap_or_else(|| panic!("the values of a foreign object are not a map")))
}
