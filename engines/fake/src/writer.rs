//! How is a fake target changed? Every mutating call there is, each through the gate.

use std::time::Duration;

use core_model::Marker;
use engine_api::fields::Flat;
use engine_api::{EngineError, ErrorKind, Gate, Mutation, Repeat};
use serde_json::Value;

use crate::operation::Operation;
use crate::state::{Execution, State, StoredObject, key};
use crate::target::{Call, FakeTarget};

const DEADLINE: Duration = Duration::from_secs(30);

/// The writing client of one target, for one step.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    pub(crate) target: &'a FakeTarget,
    pub(crate) gate: &'a Gate<'a>,
}

/// Which object a call is about.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) type_name: &'a str,
    pub(crate) object: &'a str,
}

/// What becomes of fields.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    pub(crate) set: Flat,
    /// Fields that get the target's default again.
    pub(crate) unset: Vec<String>,
}

impl Edits {
    pub(crate) fn is_empty(&self) -> bool {
        self.set.is_empty() && self.unset.is_empty()
    }

    fn apply(self, fields: &mut Flat) {
        fields.extend(self.set);
        self.unset.iter().for_each(|path| drop(fields.remove(path)));
    }
}

impl Writer<'_> {
    /// Names the step that calls, as a label on the object would.
    pub(crate) fn signature(&self) -> String {
        format!("{}/{}", self.gate.run_id, self.gate.step.as_str())
    }

    pub(crate) async fn create(&self, subject: Subject<'_>, marker: Option<Marker>, fields: Flat) -> Result<(), EngineError> {
        let call = call(Operation::Create, subject);
        let made_by = self.signature();
        let found = call.clone();
        self.make(call, Repeat::Check, move |state| {
            if state.objects.contains_key(&found.key) {
                return Err(found.error(ErrorKind::Conflict, "there is an object of this name"));
            }
            what_it_needs(state, &found, &fields)?;
            let healthy = image_of(&fields).and_then(|image| state.registry.get(image)).is_none_or(|entry| entry.healthy);
            let serial = state.next_serial();
            let object = StoredObject { marker, fields, running: false, healthy, made_by, ..StoredObject::untouched(serial) };
            state.objects.insert(found.key, object);
            Ok(())
        })
        .await
    }

    pub(crate) async fn start(&self, subject: Subject<'_>) -> Result<(), EngineError> {
        let call = call(Operation::Start, subject);
        let found = call.clone();
        self.make(call, Repeat::Check, move |state| {
            existing(state, &found)?.running = true;
            Ok(())
        })
        .await
    }

    /// Sets absolute values. What always exists need not have been touched before.
    pub(crate) async fn update(&self, subject: Subject<'_>, always_there: bool, edits: Edits) -> Result<(), EngineError> {
        let call = call(Operation::Update, subject);
        let found = call.clone();
        self.make(call, Repeat::Safe, move |state| {
            what_it_needs(state, &found, &edits.set)?;
            touched(state, &found, always_there)?;
            edits.apply(&mut existing(state, &found)?.fields);
            Ok(())
        })
        .await
    }

    pub(crate) async fn restart(&self, subject: Subject<'_>, always_there: bool) -> Result<(), EngineError> {
        let call = call(Operation::Restart, subject);
        let found = call.clone();
        let restarted_by = self.signature();
        self.make(call, Repeat::Check, move |state| {
            touched(state, &found, always_there)?;
            let object = existing(state, &found)?;
            object.restarts += 1;
            object.running = true;
            object.restarted_by = restarted_by;
            Ok(())
        })
        .await
    }

    /// Deletes an object. `even_in_use` is for one that is made anew at once.
    pub(crate) async fn delete(&self, subject: Subject<'_>, even_in_use: bool) -> Result<(), EngineError> {
        let call = call(Operation::Delete, subject);
        let found = call.clone();
        let (type_name, name) = (subject.type_name.to_owned(), subject.object.to_owned());
        self.make(call, Repeat::Check, move |state| {
            let users = users_of(state, &type_name, &name);
            if let Some(user) = users.first().filter(|_| !even_in_use) {
                return Err(found.error(ErrorKind::Conflict, format!("`{user}` uses it")));
            }
            if type_name == "network" {
                users.iter().for_each(|user| detach(state, user, &name));
            }
            existing(state, &found)?;
            state.objects.remove(&found.key);
            Ok(())
        })
        .await
    }

    /// Does what a task does, once more. The target keeps count, so that doing it twice shows.
    pub(crate) async fn run(&self, subject: Subject<'_>, token: &str, repeat: Repeat) -> Result<(), EngineError> {
        let mut call = call(Operation::Run, subject);
        call.key = format!("{}#{token}", call.key);
        let execution = Execution { object: subject.object.to_owned(), token: token.to_owned() };
        self.make(call, repeat, move |state| {
            state.executions.push(execution);
            Ok(())
        })
        .await
    }

    pub(crate) async fn confirm(&self, domain: &str) -> Result<(), EngineError> {
        self.make(batch_call(Operation::Confirm, "confirm", domain), Repeat::Safe, |_| Ok(())).await
    }

    pub(crate) async fn abandon(&self, domain: &str) -> Result<(), EngineError> {
        self.make(batch_call(Operation::Abandon, "abandon", domain), Repeat::Safe, |_| Ok(())).await
    }

    async fn make(&self, call: Call, repeat: Repeat, change: impl FnOnce(&mut State) -> Result<(), EngineError> + Send) -> Result<(), EngineError> {
        let mutation =
            Mutation { attempt: call.attempt.clone(), operation: call.operation.name(), key: call.key.clone(), repeat, deadline: DEADLINE };
        let (target, cancellation) = (self.target, self.gate.cancellation);
        self.gate.mutate(mutation, |permit| async move { target.write(permit, &call, cancellation.cancelled(), change).await }).await
    }
}

fn call(operation: Operation, subject: Subject<'_>) -> Call {
    let verb = operation.name().to_ascii_lowercase();
    Call {
        operation,
        object: subject.object.to_owned(),
        key: key(subject.type_name, subject.object),
        attempt: format!("{verb} the {} `{}`", subject.type_name, subject.object),
    }
}

fn batch_call(operation: Operation, verb: &str, domain: &str) -> Call {
    Call { operation, object: domain.to_owned(), key: domain.to_owned(), attempt: format!("{verb} the changes of `{domain}`") }
}

fn existing<'s>(state: &'s mut State, call: &Call) -> Result<&'s mut StoredObject, EngineError> {
    state.objects.get_mut(&call.key).ok_or_else(|| call.error(ErrorKind::NotFound, "there is no such object"))
}

/// What always exists is stored as soon as somebody sets something.
fn touched(state: &mut State, call: &Call, always_there: bool) -> Result<(), EngineError> {
    if always_there && !state.objects.contains_key(&call.key) {
        let serial = state.next_serial();
        state.objects.insert(call.key.clone(), StoredObject::untouched(serial));
    }
    existing(state, call).map(drop)
}

/// Ports that are free, networks and volumes that exist.
fn what_it_needs(state: &State, call: &Call, fields: &Flat) -> Result<(), EngineError> {
    for (path, type_name) in [("specs.networks", "network"), ("specs.mounts", "storage")] {
        let missing = linked(fields, path).into_iter().find(|name| state.object(type_name, name).is_none());
        if let Some(name) = missing {
            return Err(call.error(ErrorKind::NotFound, format!("there is no {type_name} `{name}`")));
        }
    }
    let wanted = ports(fields);
    let taken = state.objects.iter().filter(|(key, _)| **key != call.key).find_map(|(key, object)| {
        let port = ports(&object.fields).into_iter().find(|port| wanted.contains(port))?;
        Some(format!("the port {port} is taken by `{key}`"))
    });
    taken.map_or(Ok(()), |message| Err(call.error(ErrorKind::Conflict, message)))
}

/// The names of managed objects that a field links to. Objects of others are taken to be there.
fn linked(fields: &Flat, path: &str) -> Vec<String> {
    let items = fields.get(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let link = |item: &Value| item.get("storage").cloned().unwrap_or_else(|| item.clone());
    let managed = items.iter().map(link).filter(|link| link.get("resource").is_some());
    managed.filter_map(|link| link.get("name").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// `0.0.0.0:8080:80/tcp` takes `0.0.0.0:8080/tcp`.
pub(crate) fn ports(fields: &Flat) -> Vec<String> {
    let mappings = fields.get("specs.ports").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let taken = |mapping: &str| {
        let (addresses, protocol) = mapping.rsplit_once('/')?;
        Some(format!("{}/{protocol}", addresses.rsplit_once(':')?.0))
    };
    mappings.iter().filter_map(Value::as_str).filter_map(taken).collect()
}

/// The image's text, without the digest that was pinned to it.
fn image_of(fields: &Flat) -> Option<&str> {
    let image = fields.get("specs.image")?.as_str()?;
    Some(image.split_once('@').map_or(image, |(text, _)| text))
}

fn users_of(state: &State, type_name: &str, name: &str) -> Vec<String> {
    let path = match type_name {
        "network" => "specs.networks",
        "storage" => "specs.mounts",
        _ => return Vec::new(),
    };
    let uses = |object: &StoredObject| linked(&object.fields, path).iter().any(|linked| linked == name);
    state.of_type("compute").filter(|(_, object)| uses(object)).map(|(user, _)| user.to_owned()).collect()
}

fn detach(state: &mut State, user: &str, network: &str) {
    let object = state.objects.get_mut(&key("compute", user));
    if let Some(Value::Array(links)) = object.and_then(|object| object.fields.get_mut("specs.networks")) {
        links.retain(|link| link.get("name").and_then(Value::as_str) != Some(network));
    }
}
