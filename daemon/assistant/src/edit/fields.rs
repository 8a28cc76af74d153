//! How is one field of an existing resource changed, in the file that decides about it?

use core_model::{Address, Name};
use serde_json::Value;

use crate::command::{FieldChange, Power, PowerState, Promote, Scope, Setting, Update};
use crate::complete::canonical;
use crate::outcome::RefusalReason;
use crate::source::Sourced;
use crate::view::{field_of, value_at};

use super::document::{EditError, File, Written};
use super::{Done, Editor, Failure, is_overlay, overlay_of};

/// The file and the entry in which a field is set for one environment.
struct Place {
    path: String,
    /// In an overlay the entry may still have to be made, under this name.
    name: String,
}

impl Editor<'_, '_> {
    pub(crate) fn update(&mut self, update: &Update) -> Done {
        // The members of a set are one entry: each entry is edited once.
        let mut done: Vec<core_model::Span> = Vec::new();
        for meant in &update.resources {
            let declared = self.view.in_scope(Some(&update.environment.value), &meant.value).map(|resource| resource.declared_at.clone());
            for setting in &update.settings {
                let is_repeated = declared.as_ref().is_some_and(|span| done.contains(span));
                self.set(&meant.value, &update.environment.value, setting, is_repeated)?;
            }
            done.extend(declared);
        }
        Ok(())
    }

    pub(crate) fn power(&mut self, power: &Power) -> Done {
        for meant in &power.resources {
            let facts = self.view.in_scope(Some(&power.environment.value), &meant.value).and_then(|resource| self.view.facts(resource));
            let Some(facts) = facts else { continue };
            let path = crate::lexicon::Concept::Power.paths().iter().find(|path| field_of(facts, path).is_some());
            let settings = match (power.state.value, path) {
                (PowerState::Cycle, _) => self.one_shot(&meant.value, &power.environment.value),
                (state, Some(path)) => {
                    let is_flag = field_of(facts, path).is_some_and(|field| matches!(field.kind, core_model::schema::Kind::Boolean));
                    let text = match (state == PowerState::On, is_flag) {
                        (true, true) => "true",
                        (false, true) => "false",
                        (true, false) => "on",
                        (false, false) => "off",
                    };
                    vec![((*path).to_owned(), text.to_owned())]
                }
                _ => Vec::new(),
            };
            for (path, text) in settings {
                let setting = Setting { path, change: Sourced::new(FieldChange::Set(text), power.state.source.clone()) };
                self.set(&meant.value, &power.environment.value, &setting, false)?;
            }
        }
        Ok(())
    }

    /// A reset that runs once: a token that was not used before.
    fn one_shot(&self, address: &Address, scope: &Scope) -> Vec<(String, String)> {
        let token = self
            .view
            .in_scope(Some(scope), address)
            .and_then(|resource| value_at(resource, "specs.once.token"))
            .and_then(Value::as_str)
            .unwrap_or("reset-0")
            .to_owned();
        let stem = token.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end_matches('-');
        let number = token.rsplit('-').next().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        let stem = if stem.starts_with("reset") { stem } else { "reset" };
        vec![("specs.once.token".to_owned(), format!("{stem}-{}", number + 1)), ("specs.once.reset".to_owned(), "cycle".to_owned())]
    }

    pub(crate) fn promote(&mut self, promote: &Promote) -> Done {
        let mut any = false;
        for meant in &promote.resources {
            let image = |name: &Name| {
                self.view
                    .resource(name, &meant.value)
                    .and_then(|resource| value_at(resource, "specs.image"))
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            let (Some(from), Some(to)) = (image(&promote.from.value), image(&promote.to.value)) else { continue };
            if from == to {
                continue;
            }
            any = true;
            let setting = Setting { path: "specs.image".to_owned(), change: Sourced::new(FieldChange::Set(from), promote.from.source.clone()) };
            self.set(&meant.value, &Scope::One(promote.to.value.clone()), &setting, false)?;
        }
        if any {
            Ok(())
        } else {
            Err(self.say(
                RefusalReason::NotPossible,
                "Both environments have the same images; there is nothing to promote.",
                "I due ambienti hanno le stesse immagini; non c'è niente da promuovere.",
            ))
        }
    }

    /// Changes one field in every environment of the scope. `is_repeated`: its entry was edited already, and only the expectation is noted.
    pub(crate) fn set(&mut self, address: &Address, scope: &Scope, setting: &Setting, is_repeated: bool) -> Done {
        let environments = self.environments(scope, address);
        let mut edited: Vec<String> = Vec::new();
        for environment in &environments {
            self.expect(environment, address, setting);
            let place = self.place(environment, &environments, address, &setting.path)?;
            if !is_repeated && !edited.contains(&place.path) {
                self.set_in(&place, environment, address, setting)?;
                edited.push(place.path);
            }
        }
        Ok(())
    }

    fn expect(&mut self, environment: &Name, address: &Address, setting: &Setting) {
        let facts = self.view.resource(environment, address).and_then(|resource| self.view.facts(resource));
        let value = match (&setting.change.value, facts) {
            (FieldChange::Set(text), Some(facts)) if !text.contains("${") && !is_link(facts, &setting.path) => {
                canonical(facts, &setting.path, text).ok()
            }
            (FieldChange::Unset, _) => Some(Value::Null),
            _ => None,
        };
        self.expected.change(environment, address, &setting.path, value);
    }

    /// Where a field is to be written so that it holds in these environments and in no other.
    fn place(&self, environment: &Name, scope: &[Name], address: &Address, path: &str) -> Result<Place, Failure> {
        let Some(resource) = self.view.resource(environment, address) else {
            return Err(self.say(RefusalReason::NotPossible, "It is not there.", "Non c'è."));
        };
        let declared = resource.declared_at.file.to_string();
        let text = self.text(&declared).unwrap_or_default();
        let original = self.view.files.get(&declared).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let name = File::parse(original)
            .and_then(|file| file.item_at(&resource.declared_at).map(|item| file.name_of(item).unwrap_or_default()))
            .map_err(|error| Failure::File(declared.clone(), error))?;
        if text.is_empty() || is_overlay(&declared) {
            return Ok(Place { path: declared, name });
        }
        let overlay = overlay_of(&declared, environment);
        let set_in_overlay =
            resource.origins.iter().any(|(own, origin)| (own == path || own.starts_with(&format!("{path}."))) && *origin.span.file == *overlay);
        let is_everywhere = self.view.environments_of(&[address]).len() == scope.len();
        Ok(Place { path: if set_in_overlay || !is_everywhere { overlay } else { declared }, name })
    }

    fn set_in(&mut self, place: &Place, environment: &Name, address: &Address, setting: &Setting) -> Done {
        let list = (place.path.clone(), place.name.clone(), setting.path.clone());
        let is_over = is_overlay(&place.path);
        let change =
            if is_over && !self.whole_lists.contains(&list) { self.whole(environment, address, setting) } else { setting.change.value.clone() };
        if is_over && matches!(change, FieldChange::SetList(_)) {
            self.whole_lists.insert(list);
        }
        let is_below = is_over && self.is_set_elsewhere(environment, address, &setting.path);
        if self.text(&place.path).is_none() {
            self.put(&place.path, Some(format!("resources:\n  - name: {}\n", super::document::scalar(&place.name))))?;
        }
        let has_field = |file: &File, item: usize| file.has(item, &setting.path);
        self.in_file(&place.path, |file| {
            let item = match file.item_named(&place.name) {
                Some(item) => item,
                None => {
                    file.append(&format!("name: {}", super::document::scalar(&place.name)))?;
                    file.item_named(&place.name).ok_or(EditError::NoEntry)?
                }
            };
            match &change {
                FieldChange::Set(text) => file.set(item, &setting.path, &Written::Text(text.clone())),
                FieldChange::SetList(items) => file.set(item, &setting.path, &Written::List(items.clone())),
                FieldChange::Add(items) => items.iter().try_for_each(|text| file.push(item, &setting.path, text)),
                FieldChange::Remove(items) => items.iter().try_for_each(|text| file.pull(item, &setting.path, |own| names_same(own, text))),
                // What the blueprint sets for every environment an overlay takes away with `null`.
                FieldChange::Unset if is_below => file.set(item, &setting.path, &Written::Null),
                FieldChange::Unset if has_field(file, item) => file.remove(item, &setting.path),
                FieldChange::Unset => Err(EditError::NoEntry),
            }
        })
    }

    /// Whether another environment has a value there: then it stands in the blueprint.
    fn is_set_elsewhere(&self, environment: &Name, address: &Address, path: &str) -> bool {
        let others = self.view.environments().map(|other| &other.name).filter(|name| *name != environment);
        others.into_iter().any(|name| self.view.resource(name, address).and_then(|resource| value_at(resource, path)).is_some())
    }

    /// In an overlay a list takes the place of the one below: it is written whole.
    fn whole(&self, environment: &Name, address: &Address, setting: &Setting) -> FieldChange {
        let now = self
            .view
            .resource(environment, address)
            .and_then(|resource| value_at(resource, &setting.path))
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut texts: Vec<String> = now
            .iter()
            .filter_map(|value| value.as_str().map(str::to_owned).or_else(|| value.get("resource")?.as_str()?.rsplit('.').next().map(str::to_owned)))
            .collect();
        match &setting.change.value {
            FieldChange::Add(items) => {
                texts.extend(items.iter().cloned());
                FieldChange::SetList(texts)
            }
            FieldChange::Remove(items) => {
                texts.retain(|text| !items.iter().any(|item| names_same(text, item)));
                FieldChange::SetList(texts)
            }
            other => other.clone(),
        }
    }
}

fn is_link(facts: &core_model::resource_type::TypeFacts, path: &str) -> bool {
    field_of(facts, path).is_some_and(|field| matches!(field.kind, core_model::schema::Kind::Link(_)))
}

/// Whether two texts name the same item: the same text, or the same port of the host.
fn names_same(own: &str, wanted: &str) -> bool {
    let host = |text: &str| {
        (core_model::portable::PORT_MAPPING.parse)(text)
            .ok()
            .and_then(|mapping| mapping.rsplit_once('/').map(|(addresses, _)| addresses.to_owned()))
            .and_then(|addresses| addresses.rsplit_once(':').and_then(|(front, _)| front.rsplit_once(':').map(|(_, port)| port.to_owned())))
    };
    own == wanted || host(own).is_some() && host(own) == host(wanted)
}
