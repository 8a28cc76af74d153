//! Which questions does `ipr new` ask? Guided questions on a terminal, each with its limits; the answers become a request.
//!
//! The terminal is the command line's: this part knows the questions, their defaults and what is wrong with an answer. What comes out is
//! a draft of the same command that a request leads to: it is completed, edited and checked by the same code, so that the wizard can do
//! nothing that a request could not. What no engine here can set is not asked.

mod limits;
mod rows;
mod steps;

use core_model::resource_type::TypeFacts;

use crate::command::{CommandName, FieldChange, Scope};
use crate::complete::PARAMETER;
use crate::conversation::{Turn, go_on};
use crate::draft::{Draft, FieldName, Wanted};
use crate::outcome::{Outcome, Refusal, RefusalReason};
use crate::source::{Source, Sourced};
use crate::view::View;
use steps::{Kind, Sets, Step};

/// One question, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// By which an answer may be given beforehand.
    pub key: String,
    pub text: String,
    /// What is taken, and the limits.
    pub hint: String,
    /// What may be chosen, each with its meaning. Where there are none, or not only these, the answer is written.
    pub options: Vec<(String, String)>,
    /// Taken for an empty answer.
    pub default: Option<String>,
    /// An empty answer leaves it out.
    pub is_optional: bool,
    /// It is taken where it is given beforehand, and not asked.
    pub is_silent: bool,
}

impl Asked {
    /// The option of this number, counted from 1.
    fn chosen(&self, text: &str) -> Option<&str> {
        let place = text.parse::<usize>().ok()?.checked_sub(1)?;
        self.options.get(place).map(|(label, _)| label.as_str())
    }
}

/// The questions, and the answers so far.
pub struct Guide<'v, 'a> {
    view: &'v View<'a>,
    kinds: Vec<Kind>,
    steps: Vec<Step>,
    answers: Vec<String>,
}

impl<'v, 'a> Guide<'v, 'a> {
    /// Why there is nothing to ask, where no target of the repository can make anything.
    pub fn new(view: &'v View<'a>) -> Result<Self, Refusal> {
        if let Some(error) = view.errors().next() {
            let text = format!("The repository does not load, so nothing can be proposed: {}", error.detail);
            return Err(Refusal { reason: RefusalReason::Repository, text });
        }
        let kinds = steps::kinds(view);
        if kinds.is_empty() {
            let text = "No environment of ipr.yaml has a target on which a machine or a container can be made.".to_owned();
            return Err(Refusal { reason: RefusalReason::NotPossible, text });
        }
        let steps = vec![steps::what(&kinds)];
        Ok(Self { view, kinds, steps, answers: Vec::new() })
    }

    /// The question that comes next; `None` when all are answered.
    pub fn next(&self) -> Option<Asked> {
        self.steps.get(self.answers.len()).map(|step| step.asked.clone())
    }

    /// The keys of all questions that are known so far.
    pub fn keys(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.asked.key.clone()).collect()
    }

    /// Takes an answer, or says what is wrong with it: a sentence to show before asking again.
    pub fn answer(&mut self, text: &str) -> Result<(), String> {
        let Some(step) = self.steps.get(self.answers.len()) else { return Ok(()) };
        let text = match (text.trim(), &step.asked.default) {
            ("", Some(default)) => default.clone(),
            (text, _) => step.asked.chosen(text).unwrap_or(text).to_owned(),
        };
        if text.is_empty() && !step.asked.is_optional {
            return Err("An answer is needed.".to_owned());
        }
        if !text.is_empty() {
            step.limit.check(&text, self.facts()).map_err(|problem| format!("`{text}` {problem}."))?;
        }
        self.answers.push(text);
        if let (1, Some(kind)) = (self.answers.len(), self.kind()) {
            let steps = steps::of(kind, self.view);
            self.steps.extend(steps);
        }
        self.skip_needless();
        Ok(())
    }

    /// Without a static address there is no gateway to ask for.
    fn skip_needless(&mut self) {
        let is_static = self.answer_to("ip").is_some_and(|text| text != "dhcp");
        let next = self.steps.get_mut(self.answers.len());
        if let Some(step) = next.filter(|step| step.asked.key == "gateway" && step.asked.is_optional && !is_static) {
            step.asked.is_silent = true;
        }
    }

    fn answer_to(&self, key: &str) -> Option<&str> {
        let answered = self.steps.iter().zip(&self.answers);
        answered.filter(|(_, text)| !text.is_empty()).find(|(step, _)| step.asked.key == key).map(|(_, text)| text.as_str())
    }

    fn kind(&self) -> Option<&Kind> {
        let chosen = self.answers.first()?;
        self.kinds.iter().find(|kind| kind.key == *chosen)
    }

    fn facts(&self) -> Option<&'static TypeFacts> {
        self.kind().map(|kind| kind.facts)
    }

    /// The request that the answers stand for, completed like any other.
    pub fn turn(&self) -> Turn {
        let (Some(kind), None) = (self.kind(), self.next()) else {
            let refusal = Refusal { reason: RefusalReason::NotUnderstood, text: "Some questions have no answer yet.".to_owned() };
            return Turn { outcome: Outcome::Refusal(refusal), conversation: None };
        };
        let mut draft = Draft::new(Sourced::new(CommandName::Create, source(0, &kind.key)));
        match &kind.template {
            Some(name) => draft.template = Some(Sourced::new(name.clone(), source(0, &kind.key))),
            None => {
                draft.provider = Some(Sourced::new(kind.facts.provider.to_owned(), source(0, &kind.key)));
                draft.type_name = Some(Sourced::new(kind.facts.name.to_owned(), source(0, &kind.key)));
            }
        }
        for (place, (step, text)) in self.steps.iter().zip(&self.answers).enumerate().filter(|(_, (_, text))| !text.is_empty()) {
            let is_default = step.asked.default.as_ref() == Some(text);
            // A template's own default is left to the template.
            if is_default && matches!(step.sets, Sets::Parameter(_)) {
                continue;
            }
            let source = if is_default { Source::rule("the default of `ipr new`") } else { source(place, text) };
            put(&mut draft, &step.sets, text, source);
        }
        go_on(draft, 0, self.view)
    }
}

/// Answers are counted from 1, as those to questions of a conversation.
fn source(place: usize, text: &str) -> Source {
    Source::Author { turn: u32::try_from(place + 1).unwrap_or(u32::MAX), start: 0, end: text.len(), words: text.to_owned() }
}

/// Every text was checked when it was given.
fn put(draft: &mut Draft, sets: &Sets, text: &str, source: Source) {
    let field = |path: &str, change| (FieldName::Path(path.to_owned()), Wanted::Change(change));
    let (name, wanted) = match sets {
        Sets::What => return,
        Sets::Count => return draft.count = text.parse().ok().map(|count| Sourced::new(count, source)),
        Sets::Name => return draft.names.extend(text.parse().ok().map(|name| Sourced::new(name, source))),
        Sets::Environment => return draft.environment = text.parse().ok().map(|name| Sourced::new(Scope::One(name), source)),
        Sets::Blueprint => return draft.blueprint = text.parse().ok().map(|name| Sourced::new(name, source)),
        Sets::Parameter(name) => field(&format!("{PARAMETER}{name}"), FieldChange::Set(text.to_owned())),
        Sets::Field(path) => field(path, FieldChange::Set(text.to_owned())),
        Sets::List(path) => field(path, FieldChange::Add(text.split(',').map(|item| item.trim().to_owned()).collect())),
        Sets::Flag(path) => field(path, FieldChange::Set((text == limits::YES).to_string())),
    };
    draft.wish(name, wanted, source);
}
