//! What does the suite try on a type? One object with values, and how they change.

use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::{Address, Name};
use serde_json::{Map, Value, json};

use crate::fields::{Flat, assemble, flatten};

/// The secret that must appear nowhere. [`canary`] refers to it. Some targets take no password longer than 16 bytes.
pub const CANARY: &str = "canary-61c0ffee";

/// The name by which samples refer to [`CANARY`].
pub(crate) const CANARY_NAME: &str = "canary";

/// A value that is the secret [`CANARY`], as a blueprint would refer to it.
pub fn canary() -> Value {
    json!({"$secret": [{"name": CANARY_NAME}]})
}

/// One object that the suite creates, changes and deletes.
#[derive(Clone)]
pub struct Sample {
    pub kind: &'static dyn ResourceType,
    /// What the object is called on the target.
    pub object: String,
    pub address: Address,
    /// `{"specs": {..}}`, canonical. Every value differs from the field's default.
    pub values: Map<String, Value>,
    /// A new value for each field, by path.
    pub updates: Vec<(&'static str, Value)>,
    /// Paths that are taken out of `values`, one at a time.
    pub unset: Vec<&'static str>,
    /// Paths that [`Subject::change_by_hand`](super::Subject::change_by_hand) can change.
    pub by_hand: Vec<&'static str>,
    /// Fields that the suite need not update or unset, and why.
    pub left_out: Vec<(&'static str, &'static str)>,
}

impl Sample {
    /// `values` is `{"specs": {..}}`, canonical.
    pub fn new(kind: &'static dyn ResourceType, object: impl Into<String>, values: Value) -> Self {
        let object = object.into();
        let address = address_for(kind.facts(), &object);
        let Value::Object(values) = values else { panic!("the values of the sample `{object}` are not a map") };
        Self { kind, object, address, values, updates: Vec::new(), unset: Vec::new(), by_hand: Vec::new(), left_out: Vec::new() }
    }

    /// The field gets a new value.
    pub fn update(mut self, path: &'static str, value: Value) -> Self {
        self.updates.push((path, value));
        self
    }

    /// The field is taken out of the blueprint.
    pub fn unset(mut self, path: &'static str) -> Self {
        self.unset.push(path);
        self
    }

    /// The field is changed on the target by somebody else.
    pub fn by_hand(mut self, path: &'static str) -> Self {
        self.by_hand.push(path);
        self
    }

    /// The field is not updated or not unset by the suite.
    pub fn leave_out(mut self, path: &'static str, why: &'static str) -> Self {
        self.left_out.push((path, why));
        self
    }

    pub fn facts(&self) -> &'static TypeFacts {
        self.kind.facts()
    }

    /// `compute web`, for messages.
    pub fn title(&self) -> String {
        format!("{} `{}`", self.facts().name, self.object)
    }

    pub fn is_singleton(&self) -> bool {
        self.facts().ownership == Ownership::Singleton
    }

    pub fn is_marked(&self) -> bool {
        self.facts().ownership == Ownership::Marked
    }

    /// The values with one of them changed.
    pub fn with(&self, path: &str, value: &Value) -> Map<String, Value> {
        self.edited(|flat| {
            flat.insert(path.to_owned(), value.clone());
        })
    }

    /// The values without one of them.
    pub fn without(&self, path: &str) -> Map<String, Value> {
        self.edited(|flat| {
            assert!(flat.remove(path).is_some(), "{}: the sample does not set `{path}`, so it cannot be unset", self.title());
        })
    }

    fn edited(&self, edit: impl FnOnce(&mut Flat)) -> Map<String, Value> {
        let mut flat = flatten(self.facts(), &self.values);
        edit(&mut flat);
        assemble(self.facts(), &flat)
    }
}

fn address_for(facts: &TypeFacts, object: &str) -> Address {
    let letters = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' };
    let text: String = format!("{}-{}", facts.name, object.to_ascii_lowercase()).chars().map(letters).take(40).collect();
    let name = |text: &str| text.parse::<Name>().unwrap_or_else(|error| panic!("the sample's name `{text}` {error}"));
    Address::new(name("suite"), name(&text))
}
