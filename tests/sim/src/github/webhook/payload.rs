//! How does an event become deliveries?

use serde_json::{Map, Value, json};

use crate::github::world::World;

use super::outbox::Parcel;

/// GitHub does not send payloads above this size at all.
const PAYLOAD_BYTES_MAX: usize = 25 * 1024 * 1024;

/// The kind of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) name: &'static str,
    pub(crate) action: Option<&'static str>,
}

impl Event {
    pub(crate) const fn new(name: &'static str, action: &'static str) -> Self {
        Self { name, action: Some(action) }
    }

    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { name, action: None }
    }

    /// The key of the event's schema in GitHub's description.
    pub(crate) fn schema(self) -> String {
        let name = match self.action {
            Some(action) => format!("{}-{action}", self.name),
            None => self.name.to_owned(),
        };
        name.replace('_', "-")
    }
}

impl World {
    /// Queues one delivery per hook. `fields` is what the event has beside action, repository and sender.
    pub(crate) fn emit(&mut self, repository: &str, event: Event, sender: &str, fields: impl FnOnce(&Self) -> Value) {
        let hooks = match self.repositories.get(repository) {
            Some(repository) if !repository.hooks.is_empty() => repository.hooks.clone(),
            _ => return,
        };
        let mut payload = match fields(self) {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        if let Some(action) = event.action {
            payload.insert("action".into(), json!(action));
        }
        if !payload.contains_key("repository") {
            payload.insert("repository".into(), self.repository_json(repository));
        }
        payload.insert("sender".into(), self.user_json(sender));
        let payload = Value::Object(payload);
        self.judge.payload(event, &payload);
        let body = payload.to_string().into_bytes();
        if body.len() > PAYLOAD_BYTES_MAX {
            return;
        }
        for hook in hooks {
            let id = self.next_id();
            let guid = format!("{:08x}-0000-4000-8000-{id:012x}", hook.id & 0xffff_ffff);
            let action = event.action.map(str::to_owned);
            self.outbox.put(Parcel { hook, guid, event: event.name, action, body: body.clone() });
        }
    }
}
