//! Does a proposal follow from what the author wrote? Every slot is read again, by our own readers, from the words it points to.

use core_model::{Address, Name};
use serde::Deserialize;

use super::prompt::NO_COMMAND;
use super::{ANSWER_BYTES_MAX, SLOTS_MAX};
use crate::clean::clean;
use crate::command::{CommandName, FieldChange, PowerState, Scope};
use crate::conversation::Request;
use crate::draft::{Draft, FieldName, Meant, Wanted};
use crate::language::language;
use crate::mark::{Mark, marks};
use crate::names::{How, near};
use crate::quantity::Quantity;
use crate::reading;
use crate::source::{Source, Sourced};
use crate::token::{Token, Words, fold};
use crate::view::View;

/// Fields whose keys are anything that an author says.
const FREE_MAPS: [&str; 4] = ["env", "labels", "options", "sysctls"];

/// What cannot simply be taken back is read by rules or not at all.
fn may_propose(command: CommandName) -> bool {
    !matches!(command, CommandName::Delete | CommandName::Power | CommandName::RollBack | CommandName::Scale)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Proposal {
    command: String,
    slots: Vec<ProposedSlot>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProposedSlot {
    slot: String,
    value: String,
    words: String,
}

/// Why an answer is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unaccepted {
    /// What to tell the model, which may try again.
    Repair(String),
    /// The model itself says that nothing is asked for.
    NoCommand,
}

impl From<String> for Unaccepted {
    fn from(complaint: String) -> Self {
        Self::Repair(complaint)
    }
}

/// A draft, if every slot follows from the author's words.
pub(super) fn accept(request: &Request<'_>, answer: &str, view: &View<'_>) -> Result<Draft, Unaccepted> {
    if answer.len() > ANSWER_BYTES_MAX {
        return Err("the answer is too long".to_owned().into());
    }
    let schema = || "the answer does not follow the schema".to_owned();
    let proposal: Proposal = serde_json::from_str(answer.trim()).map_err(|_| schema())?;
    if proposal.slots.len() > SLOTS_MAX {
        return Err("there are too many slots".to_owned().into());
    }
    if proposal.command == NO_COMMAND {
        return Err(Unaccepted::NoCommand);
    }
    let command = CommandName::ALL.into_iter().find(|name| name.as_str() == proposal.command).ok_or_else(schema)?;
    let clean = clean(request.text);
    let words = Words::new(&clean, request.text, 0);
    if let Some(refusal) = reading::refusal(&words, language(&words)) {
        return Err(refusal.text.into());
    }
    if !may_propose(command) {
        return Err(format!("a model may not propose `{}`", command.as_str()).into());
    }
    let marks = marks(&words, view, request.now);
    // "not", "except", "if": slots alone do not carry what such a word does to them.
    if marks.iter().any(|mark| mark.operator().is_some()) {
        return Err("the request holds a condition or an exception, which no slot can carry".to_owned().into());
    }
    let mut draft = Draft::new(Sourced::new(command, words.source(0, words.tokens.len())));
    draft.notes.language = language(&words);
    draft.notes.asides = clean.asides.iter().copied().collect();
    let mut places = Vec::new();
    for slot in &proposal.slots {
        let place = Place::find(&words, &slot.words)
            .ok_or_else(|| format!("the words of `{}` do not stand in the request", crate::text::shown(&slot.slot)))?;
        place
            .fill(&mut draft, slot, view, request)
            .ok_or_else(|| format!("the value of `{}` does not follow from its words", crate::text::shown(&slot.slot)))?;
        places.push(place);
    }
    if let Some(said) = unsaid(&words, &marks, &places) {
        return Err(format!("the request says `{}`, which no slot carries", crate::text::shown(&said)).into());
    }
    Ok(draft)
}

/// What the author said that the slots leave out. Half a request is another request.
fn unsaid(words: &Words<'_>, marks: &[Mark], places: &[Place<'_>]) -> Option<String> {
    let is_carried = |mark: &Mark| places.iter().any(|place| mark.from < place.to && mark.to > place.from);
    let counts = |mark: &Mark| {
        let has_digit = words.tokens[mark.from..mark.to].iter().any(|token| token.text.contains(|letter: char| letter.is_ascii_digit()));
        has_digit || mark.named().is_some() || mark.environment().is_some()
    };
    let left = marks.iter().find(|mark| counts(mark) && !is_carried(mark))?;
    Some(words.tokens[left.from..left.to].iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" "))
}

/// Tokens of the author's text that a slot points to.
struct Place<'a> {
    words: &'a Words<'a>,
    from: usize,
    to: usize,
}

impl<'a> Place<'a> {
    /// The first place where these words stand one after the other. Words inside code or quotations do not count.
    fn find(words: &'a Words<'a>, wanted: &str) -> Option<Self> {
        let own = clean(wanted);
        let wanted: Vec<String> = Words::new(&own, wanted, 0).tokens.into_iter().map(|token| token.fold).filter(|fold| fold != "\n").collect();
        if wanted.is_empty() {
            return None;
        }
        let last = words.tokens.len().checked_sub(wanted.len())?;
        let from = (0..=last).find(|from| wanted.iter().enumerate().all(|(offset, fold)| words.tokens[from + offset].fold == *fold))?;
        Some(Self { words, from, to: from + wanted.len() })
    }

    fn source(&self) -> Source {
        self.words.source(self.from, self.to)
    }

    fn held(&self, value: &str) -> Option<&Token> {
        let value = fold(value);
        self.words.tokens[self.from..self.to].iter().find(|token| token.fold == value)
    }

    /// The keys of a map are the author's to choose: a variable is named by the author or by nobody.
    fn says_keys_of(&self, path: &str) -> bool {
        let mut segments = path.split('.').skip(1);
        let is_free = segments.next().is_some_and(|field| FREE_MAPS.contains(&field));
        !is_free || segments.all(|key| self.held(key).is_some_and(|token| token.text == key))
    }

    /// Fills the slot, or `None` if its value is not what the words say.
    fn fill(&self, draft: &mut Draft, slot: &ProposedSlot, view: &View<'_>, request: &Request<'_>) -> Option<()> {
        let marks = marks(self.words, view, request.now);
        let mut within = marks.iter().filter(|mark| mark.from < self.to && mark.to > self.from);
        match slot.slot.as_str() {
            "resource" => {
                let address: Address = slot.value.parse().ok()?;
                let named = within.find_map(|mark| mark.named().cloned().or_else(|| near(view, self.words.fold(mark.from))))?;
                let is_it = named.addresses.contains(&address) && (named.is_set || named.addresses.len() == 1);
                is_it.then(|| draft.resources.push(Meant { address: Sourced::new(address, self.source()), is_near: named.how == How::Near }))
            }
            "environment" | "from" | "to" => {
                let name = within.find_map(|mark| mark.environment()).filter(|name| name.as_str() == slot.value)?;
                let found = Sourced::new(name.clone(), self.source());
                match slot.slot.as_str() {
                    "from" => draft.from = Some(found),
                    "to" => draft.to = Some(found),
                    _ => draft.environment = Some(found.map(Scope::One)),
                }
                Some(())
            }
            "name" => {
                let name: Name = slot.value.parse().ok().filter(|_| self.held(&slot.value).is_some())?;
                draft.names.push(Sourced::new(name, self.source()));
                Some(())
            }
            "count" => {
                let count: u32 = slot.value.parse().ok()?;
                within.find(|mark| mark.quantity() == Some(Quantity::Number(u64::from(count))))?;
                draft.count = Some(Sourced::new(count, self.source()));
                Some(())
            }
            "power" => {
                let state = match slot.value.as_str() {
                    "on" => PowerState::On,
                    "off" => PowerState::Off,
                    "cycle" => PowerState::Cycle,
                    _ => return None,
                };
                draft.power = Some(Sourced::new(state, self.source()));
                Some(())
            }
            path if path.starts_with("specs.") || path.starts_with("metadata.") => {
                self.says_keys_of(path).then_some(())?;
                let text = self.value(&slot.value, within)?;
                draft.wish(FieldName::Path(path.to_owned()), Wanted::Change(FieldChange::Set(text)), self.source());
                Some(())
            }
            _ => None,
        }
    }

    /// The value as our own readers read it from the words.
    fn value<'m>(&self, value: &str, mut within: impl Iterator<Item = &'m Mark>) -> Option<String> {
        // As the author wrote it, whatever the model made of its letters.
        if let Some(token) = self.held(value).filter(|token| !token.text.contains("${")) {
            return Some(token.text.clone());
        }
        let amounts = within.find_map(|mark| mark.quantity())?;
        match amounts {
            Quantity::Size(size) => (value.parse() == Ok(size)).then(|| size.to_string()),
            Quantity::Number(number) => (value == number.to_string()).then(|| value.to_owned()),
            _ => None,
        }
    }
}
