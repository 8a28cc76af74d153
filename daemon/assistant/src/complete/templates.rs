//! What does a template want to know? Its parameters are slots like fields: each has a source, and one without a value is a question.

use core_config::TemplateOffer;
use core_model::Name;

use crate::command::{FieldChange, Setting};
use crate::draft::{Draft, FieldName, Wanted, Wish};
use crate::language::Language;
use crate::question::{Question, Slot};
use crate::source::Sourced;

use super::settings::{refers_to_resources_alone, unfit};
use super::{Completed, Completion, Stop, impossible};

/// What the path of a parameter begins with.
pub(crate) const PARAMETER: &str = "with.";

/// Provider and type.
type Kind = (Sourced<String>, Sourced<String>);

impl Completion<'_, '_> {
    /// What a template makes, where one is named.
    pub(crate) fn of_template(&self, draft: &Draft) -> Completed<Option<Kind>> {
        let Some(template) = &draft.template else { return Ok(None) };
        let Some(offer) = self.view.template(&template.value) else { return Err(no_such(draft.notes.language, &template.value)) };
        let sourced = |text: &String| Sourced::new(text.clone(), template.source.clone());
        Ok(Some((sourced(&offer.provider), sourced(&offer.type_name))))
    }

    fn offer(&self, draft: &Draft) -> Option<&TemplateOffer> {
        self.view.template(&draft.template.as_ref()?.value)
    }

    /// A wish for a parameter, by its name.
    pub(crate) fn parameter(&self, draft: &Draft, wish: &Wish) -> Completed<Option<Setting>> {
        let FieldName::Path(path) = &wish.field else { return Ok(None) };
        let (Some(name), Wanted::Change(FieldChange::Set(text))) = (path.strip_prefix(PARAMETER), &wish.wanted.value) else { return Ok(None) };
        let language = draft.notes.language;
        let Some(parameter) = self.offer(draft).and_then(|offer| offer.parameter(name)) else {
            return Err(impossible(match language {
                Language::English => format!("The template has no parameter `{name}`."),
                Language::Italian => format!("Il template non ha un parametro `{name}`."),
            }));
        };
        if !refers_to_resources_alone(text) {
            return Err(impossible(
                language
                    .choose("References to secrets and values are written by people.", "I riferimenti a segreti e valori li scrivono le persone."),
            ));
        }
        let facts = self.offer(draft).and_then(|offer| Some((offer, self.view.registry.get(&offer.provider, &offer.type_name)?.facts())));
        let fits = || facts.map_or(Ok(()), |(offer, facts)| offer.filled_by(name).try_for_each(|path| unfit(facts, path, text).map_or(Ok(()), Err)));
        match parameter.check(text).and_then(|()| fits()) {
            Ok(()) => Ok(Some(Setting { path: path.clone(), change: Sourced::new(FieldChange::Set(text.clone()), wish.wanted.source.clone()) })),
            Err(problem) => Err(ask(
                language,
                path,
                name,
                parameter.meaning(),
                Some(&format!("`{}` {}.", crate::text::shown(text), problem.trim_end_matches('.'))),
            )
            .into()),
        }
    }

    /// A field that a parameter fills takes what the parameter takes.
    pub(crate) fn check_filled(&self, draft: &Draft, path: &str, change: &FieldChange) -> Completed<()> {
        let Some(offer) = self.offer(draft) else { return Ok(()) };
        let parameter = offer.filling(path).and_then(|name| offer.parameter(name));
        let (Some(parameter), FieldChange::Set(text)) = (parameter, change) else { return Ok(()) };
        match parameter.check(text) {
            Ok(()) => Ok(()),
            Err(problem) => {
                let why = format!("`{}` {problem}.", crate::text::shown(text));
                Err(ask(draft.notes.language, path, parameter.name(), parameter.meaning(), Some(&why)).into())
            }
        }
    }

    pub(crate) fn required_parameters(&self, draft: &Draft, settings: &[Setting]) -> Completed<()> {
        let Some(offer) = self.offer(draft) else { return Ok(()) };
        for parameter in offer.parameters.iter().filter(|parameter| parameter.is_required()) {
            let path = format!("{PARAMETER}{}", parameter.name());
            let is_given = settings.iter().any(|setting| setting.path == path || offer.filling(&setting.path) == Some(parameter.name()));
            if !is_given {
                return Err(ask(draft.notes.language, &path, parameter.name(), parameter.meaning(), None).into());
            }
        }
        Ok(())
    }
}

fn ask(language: Language, path: &str, name: &str, meaning: &str, why: Option<&str>) -> Question {
    let question = match language {
        Language::English => format!("Which `{name}`? {meaning}"),
        Language::Italian => format!("Quale `{name}`?"),
    };
    Question::new(Slot::Field(path.to_owned()), [why.unwrap_or_default(), question.trim_end()].join(" ").trim_start())
}

fn no_such(language: Language, name: &Name) -> Stop {
    impossible(match language {
        Language::English => format!("There is no template `{}` here.", name.as_str()),
        Language::Italian => format!("Qui non c'è un template `{}`.", name.as_str()),
    })
}
