//! What is known so far? A command under construction: every slot may still be missing.

use core_model::{Address, Name};
use serde::{Deserialize, Serialize};

use crate::command::{CommandName, FieldChange, PowerState, Scope, Share};
use crate::lexicon::{Concept, Thing};
use crate::outcome::Notes;
use crate::past::Past;
use crate::question::{Fill, Question, Slot};
use crate::source::{Source, Sourced};

/// Which field is meant: by what people call it, or by its path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FieldName {
    Concept(Concept),
    Path(String),
}

/// What is wanted of a field. What is relative is resolved against desired state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Wanted {
    Change(FieldChange),
    /// Times the first, divided by the second.
    Times(u64, u64),
    /// "by 4GB".
    Plus(String),
    Minus(String),
    /// In percent of what it is.
    PlusPercent(u64),
    MinusPercent(u64),
    /// "increase to": must be more than it is.
    AtLeast(String),
    AtMost(String),
    /// Another tag of the same image.
    Tag(String),
    /// What another resource has.
    SameAs(Address),
    /// "more", and not how much.
    More,
    Less,
    /// The field was named, and no value.
    Unsaid,
    /// A size, and no field: one of these.
    OneOf(String),
    /// "4GB more", of what is not said.
    OneOfMore(String),
    OneOfLess(String),
}

impl Wanted {
    /// What a size without a field is wished for once its field is known.
    pub(crate) fn placed(&self) -> Option<Self> {
        match self {
            Self::OneOf(text) => Some(Self::Change(FieldChange::Set(text.clone()))),
            Self::OneOfMore(text) => Some(Self::Plus(text.clone())),
            Self::OneOfLess(text) => Some(Self::Minus(text.clone())),
            _ => None,
        }
    }

    /// The size that has no field yet.
    pub(crate) fn bare_size(&self) -> Option<&str> {
        match self {
            Self::OneOf(text) | Self::OneOfMore(text) | Self::OneOfLess(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) field: FieldName,
    pub(crate) wanted: Sourced<Wanted>,
}

/// A resource that was named, and whether its name was only near.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meant {
    pub(crate) address: Sourced<Address>,
    pub(crate) is_near: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) command: Sourced<CommandName>,
    pub(crate) resources: Vec<Meant>,
    pub(crate) environment: Option<Sourced<Scope>>,
    pub(crate) from: Option<Sourced<Name>>,
    pub(crate) to: Option<Sourced<Name>>,
    pub(crate) thing: Option<Sourced<Thing>>,
    pub(crate) provider: Option<Sourced<String>>,
    pub(crate) type_name: Option<Sourced<String>>,
    #[serde(default)]
    pub(crate) template: Option<Sourced<Name>>,
    pub(crate) names: Vec<Sourced<Name>>,
    pub(crate) count: Option<Sourced<u32>>,
    /// The count is added to what there is.
    pub(crate) count_is_more: bool,
    pub(crate) blueprint: Option<Sourced<Name>>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) past: Option<Sourced<Past>>,
    pub(crate) power: Option<Sourced<PowerState>>,
    pub(crate) object: Option<Sourced<String>>,
    pub(crate) share: Option<Sourced<Share>>,
    /// What must be asked before anything else, in order.
    pub(crate) pending: Vec<Question>,
    pub(crate) is_confirmed: bool,
    pub(crate) notes: Notes,
}

impl Draft {
    pub(crate) fn new(command: Sourced<CommandName>) -> Self {
        Self {
            command,
            resources: Vec::new(),
            environment: None,
            from: None,
            to: None,
            thing: None,
            provider: None,
            type_name: None,
            template: None,
            names: Vec::new(),
            count: None,
            count_is_more: false,
            blueprint: None,
            wishes: Vec::new(),
            past: None,
            power: None,
            object: None,
            share: None,
            pending: Vec::new(),
            is_confirmed: false,
            notes: Notes::default(),
        }
    }

    pub(crate) fn addresses(&self) -> Vec<&Address> {
        self.resources.iter().map(|meant| &meant.address.value).collect()
    }

    pub(crate) fn scope(&self) -> Option<&Scope> {
        self.environment.as_ref().map(|scope| &scope.value)
    }

    pub(crate) fn wish(&mut self, field: FieldName, wanted: Wanted, source: Source) {
        let wish = Wish { field, wanted: Sourced::new(wanted, source) };
        let is_same = |known: &Wish| known.field == wish.field && known.wanted.value == wish.wanted.value;
        // "nginx off web-01's packages": said by two words, wished once.
        if !self.wishes.iter().any(is_same) {
            self.wishes.push(wish);
        }
    }

    pub(crate) fn ask(&mut self, question: Question) {
        self.pending.push(question);
    }

    pub(crate) fn assume(&mut self, assumption: impl Into<String>) {
        let assumption = assumption.into();
        if !self.notes.assumptions.contains(&assumption) {
            self.notes.assumptions.push(assumption);
        }
    }

    /// Fills what was asked for. Whether the answer fits the slot.
    pub(crate) fn fill(&mut self, slot: &Slot, fill: Fill, source: Source) -> bool {
        match (slot, fill) {
            (_, Fill::Resources(addresses)) => {
                for address in addresses {
                    if !self.resources.iter().any(|meant| meant.address.value == address) {
                        self.resources.push(Meant { address: Sourced::new(address, source.clone()), is_near: false });
                    }
                }
            }
            (Slot::FromEnvironment, Fill::Environment(Scope::One(name))) => self.from = Some(Sourced::new(name, source)),
            (Slot::ToEnvironment, Fill::Environment(Scope::One(name))) => self.to = Some(Sourced::new(name, source)),
            (_, Fill::Environment(scope)) => self.environment = Some(Sourced::new(scope, source)),
            (_, Fill::Names(names)) => self.names = names.into_iter().map(|name| Sourced::new(name, source.clone())).collect(),
            (_, Fill::Count(count)) => {
                self.count = Some(Sourced::new(count, source));
                self.count_is_more = false;
            }
            (_, Fill::Provider(provider, type_name)) => {
                self.provider = Some(Sourced::new(provider, source.clone()));
                self.type_name = Some(Sourced::new(type_name, source));
            }
            (_, Fill::Settings(settings)) => self.settle(settings, &source),
            (_, Fill::Past(past)) => self.past = Some(Sourced::new(past, source)),
            (_, Fill::Object(object)) => self.object = Some(Sourced::new(object, source)),
            (Slot::Confirmation, Fill::Yes) => self.is_confirmed = true,
            _ => return false,
        }
        true
    }

    /// Settings that were chosen take the place of wishes that were not clear, and of wishes for the same path.
    fn settle(&mut self, settings: Vec<(String, FieldChange)>, source: &Source) {
        for (path, change) in settings {
            let is_answered = |wish: &Wish| match &wish.field {
                FieldName::Path(own) => *own == path,
                FieldName::Concept(concept) => concept.paths().contains(&path.as_str()),
            };
            self.wishes.retain(|wish| !is_answered(wish) && wish.wanted.value.bare_size().is_none());
            self.wish(FieldName::Path(path), Wanted::Change(change), source.clone());
        }
    }
}
