//! Is the command complete? What is missing is taken from the repository, from a rule that is told, or asked: one question at a time.

mod creation;
mod growth;
mod network;
mod placement;
mod series;
mod settings;
mod templates;

use core_model::{Address, Name};

use crate::command::{CloneEnvironment, CloneResource, Command, CommandName, Delete, Power, Promote, Query, RollBack, Scale, Scope, Share, Update};
use crate::draft::{Draft, Meant};
use crate::language::Language;
use crate::outcome::{Refusal, RefusalReason};
use crate::question::{Fill, Question, Slot};
use crate::source::{Source, Sourced};
use crate::view::View;

pub(crate) use series::{next_names, successor};
pub(crate) use settings::{canonical, path_of, unfit, written};
pub(crate) use templates::PARAMETER;

/// Why there is no command yet.
#[derive(Debug)]
pub(crate) enum Stop {
    Ask(Box<Question>),
    Refuse(Refusal),
}

impl From<Question> for Stop {
    fn from(question: Question) -> Self {
        Self::Ask(Box::new(question))
    }
}

pub(crate) fn impossible(text: impl Into<String>) -> Stop {
    Stop::Refuse(Refusal { reason: RefusalReason::NotPossible, text: text.into() })
}

type Completed<T> = Result<T, Stop>;

/// The command, if every slot is filled.
pub(crate) fn complete(draft: &mut Draft, view: &View<'_>) -> Completed<Command> {
    let completion = Completion { view };
    completion.refuse_early(draft)?;
    if let Some(question) = draft.pending.first() {
        return Err(question.clone().into());
    }
    match draft.command.value {
        CommandName::Create => completion.create(draft).map(Command::Create),
        CommandName::Adopt => completion.adopt(draft).map(Command::Adopt),
        CommandName::Update => completion.update(draft),
        CommandName::Scale => completion.scale(draft),
        CommandName::Delete => completion.delete(draft),
        CommandName::Clone => completion.clone_resource(draft),
        CommandName::CloneEnvironment => completion.clone_environment(draft),
        CommandName::Power => completion.power(draft),
        CommandName::RollBack => completion.roll_back(draft),
        CommandName::Promote => completion.promote(draft),
        CommandName::Explain => completion.query(draft).map(Command::Explain),
        CommandName::Status => completion.query(draft).map(Command::Status),
        CommandName::WhoChanged => completion.query(draft).map(Command::WhoChanged),
    }
}

pub(crate) struct Completion<'v, 'a> {
    pub(crate) view: &'v View<'a>,
}

impl Completion<'_, '_> {
    fn update(&self, draft: &mut Draft) -> Completed<Command> {
        self.keep_present(draft);
        let resources = self.resources(draft)?;
        self.whole_sets(draft)?;
        let environment = self.environment(draft)?;
        let settings = self.update_settings(draft, &environment.value)?;
        Ok(Command::Update(Update { resources, environment, settings }))
    }

    fn delete(&self, draft: &mut Draft) -> Completed<Command> {
        let resources = self.resources(draft)?;
        self.sure_of_names(draft)?;
        let environment = self.environment(draft)?;
        Ok(Command::Delete(Delete { resources, environment }))
    }

    fn power(&self, draft: &mut Draft) -> Completed<Command> {
        self.keep_present(draft);
        let resources = self.resources(draft)?;
        self.whole_set_or_none(draft)?;
        self.sure_of_names(draft)?;
        let environment = self.environment(draft)?;
        let language = draft.notes.language;
        let Some(state) = draft.power.clone() else {
            return Err(impossible(language.choose("I could not read whether it shall be on or off.", "Non ho capito se va acceso o spento.")));
        };
        for meant in &resources {
            let facts = self.view.in_scope(Some(&environment.value), &meant.value).and_then(|resource| self.view.facts(resource));
            let wanted: &[&str] =
                if state.value == crate::command::PowerState::Cycle { &["specs.once.reset"] } else { crate::lexicon::Concept::Power.paths() };
            if facts.is_none_or(|facts| !wanted.iter().any(|path| crate::view::field_of(facts, path).is_some())) {
                let text = match language {
                    Language::English => {
                        let name = meant.value.resource.as_str();
                        format!(
                            "`{}` cannot be switched on, off or restarted from its blueprint: its type has no field for that. Do it where it runs. If it shall go for good, say \"delete {name}\".",
                            meant.value
                        )
                    }
                    Language::Italian => format!(
                        "`{}` non si può accendere, spegnere o riavviare dal blueprint: il suo tipo non ha un campo per farlo. Fallo dove gira. Se deve sparire, scrivi \"elimina {}\".",
                        meant.value,
                        meant.value.resource.as_str()
                    ),
                };
                return Err(impossible(text));
            }
        }
        Ok(Command::Power(Power { resources, environment, state }))
    }

    fn scale(&self, draft: &mut Draft) -> Completed<Command> {
        let resources = self.resources(draft)?;
        let language = draft.notes.language;
        let Some(member) = resources.first().cloned() else { return Err(impossible("")) };
        let Some(group) = self.view.group_of(&member.value) else {
            let text = match language {
                Language::English => {
                    format!("`{}` is one resource and no set. Say \"one more like {}\" to get another.", member.value, member.value.resource.as_str())
                }
                Language::Italian => format!(
                    "`{}` è una sola risorsa e non un insieme. Scrivi \"un'altra come {}\" per averne un'altra.",
                    member.value,
                    member.value.resource.as_str()
                ),
            };
            return Err(impossible(text));
        };
        draft.resources.truncate(1);
        let environment = self.environment(draft)?;
        let Some(count) = draft.count.clone() else {
            let text = language.choose("How many shall there be?", "Quanti devono essere?");
            let members = u32::try_from(group.members.len()).unwrap_or(u32::MAX);
            let options = [members.saturating_add(1), members.saturating_add(2), members.saturating_sub(1)].into_iter().filter(|count| *count > 0);
            return Err(Question::new(Slot::Count, text).options(options.map(|count| (count.to_string(), Fill::Count(count)))).into());
        };
        let current = self.members_in(group, &environment.value);
        let count = if draft.count_is_more { count.map(|more| u32::try_from(current).unwrap_or(u32::MAX).saturating_add(more)) } else { count };
        if u64::from(count.value) > crate::reading::NEW_RESOURCES_MAX || count.value == 0 {
            return Err(impossible(
                language.choose("A set has from 1 to 50 members. To remove it, say so.", "Un insieme ha da 1 a 50 elementi. Per eliminarlo, dillo."),
            ));
        }
        Ok(Command::Scale(Scale { member, environment, count }))
    }

    pub(crate) fn members_in(&self, group: &crate::view::Group, scope: &Scope) -> usize {
        let count = |name: &Name| group.members.iter().filter(|address| self.view.resource(name, address).is_some()).count();
        match scope {
            Scope::One(name) => count(name),
            Scope::All => self.view.environments().map(|environment| count(&environment.name)).max().unwrap_or(0),
        }
    }

    fn clone_resource(&self, draft: &mut Draft) -> Completed<Command> {
        let resources = self.resources(draft)?;
        let Some(original) = resources.into_iter().next() else { return Err(impossible("")) };
        draft.resources.truncate(1);
        let environments = self.view.environments_of(&[&original.value]);
        let environment = match draft.environment.clone() {
            Some(scope) => {
                if let Scope::One(name) = &scope.value
                    && !environments.contains(&name)
                {
                    return Err(impossible(self.not_there(draft, &original.value, name)));
                }
                if environments.len() == 1 { scope.map(|_| Scope::One(environments[0].clone())) } else { scope }
            }
            None => {
                let scope = match environments.as_slice() {
                    [one] => Scope::One((*one).clone()),
                    _ => Scope::All,
                };
                Sourced::new(scope, self.where_declared(&original.value))
            }
        };
        let count = usize::try_from(draft.count.as_ref().map_or(1, |count| count.value)).unwrap_or(1);
        let names = self.clone_names(draft, &original.value, count);
        let facts = self.view.in_scope(Some(&environment.value), &original.value).and_then(|resource| self.view.facts(resource));
        let Some(facts) = facts else { return Err(impossible("")) };
        let settings = self.settings(draft, facts, &[&original.value], &environment.value)?;
        Ok(Command::Clone(CloneResource { original, names, environment, settings }))
    }

    fn clone_names(&self, draft: &mut Draft, original: &Address, count: usize) -> Vec<Sourced<Name>> {
        let taken = self.taken_names(&original.blueprint);
        let given = draft.names.clone();
        if given.len() >= count {
            return given;
        }
        let stem = given.last().map_or(&original.resource, |name| &name.value);
        let rest = next_names(stem, count - given.len(), |name| taken.contains(name) || given.iter().any(|known| known.value == *name));
        let rule = Source::rule(draft.notes.language.choose("the next free name of the series", "il prossimo nome libero della serie"));
        given.into_iter().chain(rest.into_iter().map(|name| Sourced::new(name, rule.clone()))).collect()
    }

    fn clone_environment(&self, draft: &mut Draft) -> Completed<Command> {
        let language = draft.notes.language;
        let names = || self.view.environments().map(|environment| &environment.name);
        let Some(from) = draft.from.clone() else {
            return Err(crate::reading::choose_environment(language, Slot::FromEnvironment, names()).into());
        };
        let Some(to) = draft.to.clone() else {
            let others = names().filter(|name| **name != from.value);
            return Err(crate::reading::choose_environment(language, Slot::ToEnvironment, others).into());
        };
        let whole = || {
            Sourced::new(Share { times: 1, per: 1 }, Source::rule(language.choose("a copy has the same size", "una copia ha la stessa dimensione")))
        };
        let share = draft.share.clone().unwrap_or_else(whole);
        if share.value == (Share { times: 1, per: 2 }) {
            draft.assume(
                language.choose(
                    "Smaller means half the processors and half the memory.",
                    "Più piccolo significa metà dei processori e metà della memoria.",
                ),
            );
        }
        Ok(Command::CloneEnvironment(CloneEnvironment { from, to, share }))
    }

    fn roll_back(&self, draft: &mut Draft) -> Completed<Command> {
        let language = draft.notes.language;
        let Some(past) = draft.past.clone() else {
            let text = language.choose("To which pull request, commit or time?", "A quale pull request, commit o momento?");
            let last = language.choose("take back the last change", "annulla l'ultima modifica").to_owned();
            return Err(Question::new(Slot::Past, text).options([(last, Fill::Past(crate::past::Past::LastChange))]).into());
        };
        let environment = match &draft.environment {
            Some(Sourced { value: Scope::One(name), source }) => Some(Sourced::new(name.clone(), source.clone())),
            _ => None,
        };
        let resources = draft.resources.iter().map(|meant| meant.address.clone()).collect();
        Ok(Command::RollBack(RollBack { past, resources, environment }))
    }

    fn promote(&self, draft: &mut Draft) -> Completed<Command> {
        let language = draft.notes.language;
        let names: Vec<&Name> = self.view.environments().map(|environment| &environment.name).collect();
        if let (None, Some(to)) = (&draft.from, &draft.to) {
            // With an order between environments, there is one that comes before.
            let after = self.view.environment(&to.value).and_then(|environment| environment.after.clone());
            let position = self.view.environment(&to.value).map(|environment| environment.position.clone());
            draft.from = after.zip(position).map(|(after, position)| Sourced::new(after, Source::at(&position)));
        }
        let Some(from) = draft.from.clone() else {
            let others = names.iter().copied().filter(|name| draft.to.as_ref().is_none_or(|to| to.value != **name));
            return Err(crate::reading::choose_environment(language, Slot::FromEnvironment, others).into());
        };
        if draft.to.is_none() {
            let mut after = self.view.environments().filter(|environment| environment.after.as_ref() == Some(&from.value));
            draft.to = after
                .next()
                .filter(|_| after.next().is_none())
                .map(|environment| Sourced::new(environment.name.clone(), Source::at(&environment.position)));
        }
        let Some(to) = draft.to.clone() else {
            let others = names.iter().copied().filter(|name| **name != from.value);
            return Err(crate::reading::choose_environment(language, Slot::ToEnvironment, others).into());
        };
        if draft.resources.is_empty() {
            let both = self
                .view
                .resources()
                .into_keys()
                .filter(|address| self.view.resource(&from.value, address).is_some() && self.view.resource(&to.value, address).is_some());
            let rule = Source::rule(language.choose("everything that both environments have", "tutto quello che entrambi gli ambienti hanno"));
            draft.resources = both.map(|address| Meant { address: Sourced::new(address.clone(), rule.clone()), is_near: false }).collect();
        }
        draft.assume(language.choose("Promoted are the images.", "Vengono promosse le immagini."));
        Ok(Command::Promote(Promote { resources: draft.resources.iter().map(|meant| meant.address.clone()).collect(), from, to }))
    }

    fn query(&self, draft: &mut Draft) -> Completed<Query> {
        let resources: Vec<_> = draft.resources.iter().map(|meant| meant.address.clone()).collect();
        let environment = match &draft.environment {
            Some(Sourced { value: Scope::One(name), source }) => Some(Sourced::new(name.clone(), source.clone())),
            _ => None,
        };
        let facts = resources.first().and_then(|address| self.view.in_scope(None, &address.value)).and_then(|resource| self.view.facts(resource));
        let field =
            draft.wishes.first().zip(facts).and_then(|(wish, facts)| Some(Sourced::new(path_of(&wish.field, facts)?, wish.wanted.source.clone())));
        Ok(Query { resources, field, environment, past: draft.past.clone() })
    }
}
