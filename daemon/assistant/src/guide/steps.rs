//! Which questions belong to what is to be made? One line for each field; a line whose field the type does not have is not asked.

use core_config::{ParameterOffer, TemplateOffer};
use core_model::Name;
use core_model::resource_type::TypeFacts;
use core_model::schema::Kind as FieldKind;

use crate::complete::written;
use crate::view::{View, field_of, value_at};

use super::Asked;
use super::limits::{Limit, NO, YES};
use super::rows::{ROWS, Row, Whom};

/// What can be made: a machine, a container, or what a template makes.
pub(super) struct Kind {
    pub(super) key: String,
    meaning: String,
    pub(super) facts: &'static TypeFacts,
    pub(super) template: Option<Name>,
    is_machine: bool,
}

/// A question, what it takes, and what its answer sets.
pub(super) struct Step {
    pub(super) asked: Asked,
    pub(super) limit: Limit,
    pub(super) sets: Sets,
}

/// What an answer sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sets {
    What,
    Count,
    Name,
    Environment,
    Blueprint,
    Parameter(String),
    Field(String),
    /// Words with commas.
    List(String),
    /// `yes` is true.
    Flag(String),
}

/// The most names that are offered for a network.
const NETWORKS_MAX: usize = 50;

/// Everything that can be made here, the plain things first.
pub(super) fn kinds(view: &View<'_>) -> Vec<Kind> {
    let has_target = |provider: &str| view.environments().any(|environment| environment.targets.contains_key(provider));
    let mut kinds = Vec::new();
    for provider in view.providers_of("compute").into_iter().filter(|provider| has_target(provider)) {
        let Some(facts) = view.registry.get(provider, "compute").map(|kind| kind.facts()) else { continue };
        let has = |path: &str| field_of(facts, path).is_some();
        let is_machine = has("specs.storage") || has("specs.os");
        if is_machine || has("specs.image") {
            let (word, meaning) = if is_machine { ("machine", "a virtual machine") } else { ("container", "a container from an image") };
            kinds.push(Kind { key: word.to_owned(), meaning: format!("{meaning}, on {provider}"), facts, template: None, is_machine });
        }
    }
    name_apart(&mut kinds);
    let offers = view.loaded.templates.values().filter(|offer| has_target(&offer.provider));
    kinds.extend(offers.filter_map(|offer| {
        let facts = view.registry.get(&offer.provider, &offer.type_name)?.facts();
        let key = offer.name.as_str().to_owned();
        Some(Kind { key, meaning: offer.meaning.trim_end_matches('.').to_owned(), facts, template: Some(offer.name.clone()), is_machine: false })
    }));
    kinds
}

/// Where two providers have such a thing, its word does not say which.
fn name_apart(kinds: &mut [Kind]) {
    let words: Vec<String> = kinds.iter().map(|kind| kind.key.clone()).collect();
    for kind in kinds.iter_mut().filter(|kind| words.iter().filter(|word| **word == kind.key).count() > 1) {
        kind.key = format!("{}-{}", kind.key, kind.facts.provider);
    }
}

/// The first question.
pub(super) fn what(kinds: &[Kind]) -> Step {
    let options: Vec<(String, String)> = kinds.iter().map(|kind| (kind.key.clone(), kind.meaning.clone())).collect();
    let limit = Limit::OneOf(options.iter().map(|(key, _)| key.clone()).collect());
    let default = options.first().map(|(key, _)| key.clone());
    let asked = Asked { options, default, ..asked("what", "What shall it be?", "one of the options, by its number or its name") };
    Step { asked, limit, sets: Sets::What }
}

fn asked(key: &str, text: &str, hint: &str) -> Asked {
    Asked {
        key: key.to_owned(),
        text: text.to_owned(),
        hint: hint.to_owned(),
        options: Vec::new(),
        default: None,
        is_optional: false,
        is_silent: false,
    }
}

/// The questions behind the first.
pub(super) fn of(kind: &Kind, view: &View<'_>) -> Vec<Step> {
    let count = Asked { default: Some("1".to_owned()), ..asked("count", "How many?", "1 to 50") };
    let name = asked("name", "What is it called?", "a DNS label of at most 40 characters; several are numbered from it");
    let mut steps = vec![
        Step { asked: count, limit: Limit::Number(1, 50), sets: Sets::Count },
        Step { asked: name, limit: Limit::Name, sets: Sets::Name },
        environment(kind, view),
    ];
    let offer = kind.template.as_ref().and_then(|name| view.template(name));
    steps.extend(offer.into_iter().flat_map(|offer| offer.parameters.iter().map(|own| parameter(own, offer))));
    steps.extend(ROWS.iter().filter_map(|row| field(row, kind, offer, view)));
    let blueprint = asked("blueprint", "In which blueprint?", "a name, or nothing: beside what is like it");
    steps.push(Step { asked: Asked { is_optional: true, is_silent: true, ..blueprint }, limit: Limit::Name, sets: Sets::Blueprint });
    steps
}

/// Where only one can be meant, it is not asked.
fn environment(kind: &Kind, view: &View<'_>) -> Step {
    let fitting = view.environments().filter(|environment| environment.targets.contains_key(kind.facts.provider));
    let names: Vec<String> = fitting.map(|environment| environment.name.as_str().to_owned()).collect();
    let is_only = names.len() == 1;
    let asked = Asked {
        options: names.iter().map(|name| (name.clone(), String::new())).collect(),
        is_optional: is_only,
        is_silent: is_only,
        ..asked("environment", "In which environment?", "one of ipr.yaml that has a target for it")
    };
    Step { asked, limit: Limit::OneOf(names), sets: Sets::Environment }
}

fn parameter(own: &ParameterOffer, offer: &TemplateOffer) -> Step {
    let (name, meaning) = (own.name(), own.meaning().trim_end_matches('.'));
    let text = if meaning.is_empty() { format!("Which {name}?") } else { format!("{name}: {meaning}.") };
    let asked = Asked { default: own.default(), ..asked(name, &text, &own.expectation()) };
    let fills = offer.filled_by(name).map(str::to_owned).collect();
    Step { asked, limit: Limit::Parameter(Box::new(own.clone()), fills), sets: Sets::Parameter(name.to_owned()) }
}

/// The question for a field, where the type has it and the template leaves it open.
fn field(row: &Row, kind: &Kind, offer: Option<&TemplateOffer>, view: &View<'_>) -> Option<Step> {
    let path = row.paths.iter().find(|path| field_of(kind.facts, path).is_some())?;
    let is_for_it = match (offer, row.whom) {
        (Some(offer), _) => row.beside_template && (*path == "metadata.tags" || !offer.says(path)) && offer.parameter(row.key).is_none(),
        (None, Whom::Everybody) => true,
        (None, Whom::Machines) => kind.is_machine,
        (None, Whom::Containers) => !kind.is_machine,
    };
    if !is_for_it {
        return None;
    }
    let is_required = kind.template.is_none() && (row.default.is_some() || row.key == "image");
    let default = row.default.map(|text| usual(path, kind.facts, view).filter(|_| row.key == "os").unwrap_or_else(|| text.to_owned()));
    let options = match row.key {
        "network" => networks(view),
        "backup" | "availability" => vec![(YES.to_owned(), String::new()), (NO.to_owned(), String::new())],
        _ => Vec::new(),
    };
    let asked = Asked { default, options, is_optional: !is_required, ..asked(row.key, row.text, row.hint) };
    let field = field_of(kind.facts, path)?;
    let is_list = matches!(field.kind, FieldKind::List(_) | FieldKind::Set(_)) || *path == "metadata.tags";
    let (limit, sets) = match (field.kind, is_list) {
        (_, true) => (Limit::Words, Sets::List((*path).to_owned())),
        (FieldKind::Boolean, _) => (Limit::YesOrNo, Sets::Flag((*path).to_owned())),
        _ => (Limit::Field((*path).to_owned(), (row.limit)().map(Box::new)), Sets::Field((*path).to_owned())),
    };
    Some(Step { asked, limit, sets })
}

/// What the first thing of this type has.
fn usual(path: &str, facts: &TypeFacts, view: &View<'_>) -> Option<String> {
    let resources = view.environments().flat_map(|environment| environment.desired.resources.values());
    let mut alike = resources.filter(|resource| resource.provider == facts.provider && resource.type_name == facts.name);
    alike.find_map(|resource| written(facts, path, value_at(resource, path)?))
}

fn networks(view: &View<'_>) -> Vec<(String, String)> {
    let resources = view.resources();
    let networks = resources.iter().filter(|(_, found)| found.iter().any(|(_, resource)| resource.type_name == "network"));
    networks.take(NETWORKS_MAX).map(|(address, _)| (address.resource.as_str().to_owned(), address.to_string())).collect()
}
