//! What must be looked up, and which answers are kept? An unchanged question keeps the record's answer.

use std::collections::BTreeMap;

use core_model::plan::Pin;
use core_model::resource_type::{Question, Registry};
use core_model::state::{AppliedState, DesiredResource, DesiredState};
use core_model::{Address, TargetName};
use serde_json::Value;

/// A question that an engine must answer before the plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    pub target: TargetName,
    pub provider: String,
    pub type_name: String,
    pub text: String,
}

/// Answers that are known already: by question text, from the record or from a plan that was reviewed.
pub fn answered(applied: &AppliedState, address: &Address, path: &str, text: &str) -> Option<String> {
    let pin = applied.resources.get(address)?.pins.get(path)?;
    (pin.question == text).then(|| pin.answer.clone())
}

/// Every question of a state.
pub fn questions(state: &DesiredState, registry: &Registry) -> Vec<(Address, Question, Asked)> {
    let mut found = Vec::new();
    for resource in state.resources.values() {
        let Some(kind) = registry.get(&resource.provider, &resource.type_name) else { continue };
        for question in kind.questions(resource) {
            let asked = Asked {
                target: resource.target.clone(),
                provider: resource.provider.clone(),
                type_name: resource.type_name.clone(),
                text: question.text.clone(),
            };
            found.push((resource.address.clone(), question, asked));
        }
    }
    found
}

/// Writes answers into a resource: the pin, and the value that the type makes of it.
pub fn pin(resource: &mut DesiredResource, registry: &Registry, answers: &BTreeMap<String, Pin>) {
    let Some(kind) = registry.get(&resource.provider, &resource.type_name) else { return };
    for (path, pin) in answers {
        resource.pins.insert(path.clone(), pin.clone());
        if let Some(value) = value_at(&mut resource.values, path) {
            *value = kind.pinned(path, value, &pin.answer);
        }
    }
}

fn value_at<'a>(values: &'a mut serde_json::Map<String, Value>, path: &str) -> Option<&'a mut Value> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let value = values.get_mut(first)?;
    if rest.is_empty() { Some(value) } else { value_at(value.as_object_mut()?, rest) }
}
