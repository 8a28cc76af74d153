//! Is there more than one wish in the text? Then the author says which comes first: one pull request does one thing.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::language::Language;
use crate::lexicon::Verb;
use crate::question::{Fill, Question, Slot};

use super::Reader;

/// A verb that begins a wish of another kind than the command that was recognised.
fn begins_other_wish(verb: Verb, command: CommandName) -> bool {
    match verb {
        Verb::Delete => command != CommandName::Delete && command != CommandName::Update,
        Verb::RollBack => command != CommandName::RollBack,
        Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle => {
            !matches!(command, CommandName::Power | CommandName::Create | CommandName::Update | CommandName::Clone)
        }
        Verb::Create | Verb::Add => matches!(command, CommandName::Delete | CommandName::Power | CommandName::RollBack | CommandName::Promote),
        Verb::Set | Verb::Increase | Verb::Decrease | Verb::Scale => matches!(command, CommandName::Delete),
        Verb::Adopt => command != CommandName::Adopt,
        _ => false,
    }
}

impl Reader<'_> {
    /// The question which wish comes first, if verbs of different kinds have objects of their own.
    pub(crate) fn several_wishes(&self, draft: &Draft) -> Option<Question> {
        let (first, verb) = self.verbs().next()?;
        // What is about the past is recognised first wherever it stands; the first verb may be another wish.
        let own = self
            .by_first_verb(first, verb)
            .map(|(command, _)| command)
            .filter(|_| matches!(verb, Verb::Delete | Verb::Create) && self.has_object(first));
        let command = own.unwrap_or(draft.command.value);
        let mut starts: Vec<usize> = vec![0];
        for (index, verb) in self.verbs() {
            let joint = self.joint_before(index);
            let is_update_then_delete = command == CommandName::Update
                && matches!(verb, Verb::Delete | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle)
                && self.marks[index].concept().is_none();
            let is_other = index > first && joint && (begins_other_wish(verb, command) || is_update_then_delete) && self.has_object(index);
            let is_second_creation =
                command == CommandName::Create && index > first && joint && matches!(verb, Verb::Create | Verb::Delete) && self.has_object(index);
            if is_other || is_second_creation {
                starts.push(self.marks[index].from);
            }
        }
        if starts.len() < 2 {
            return None;
        }
        let ends = starts.iter().copied().skip(1).chain([self.words.tokens.len()]);
        let clauses: Vec<String> = starts.iter().copied().zip(ends).filter_map(|(from, to)| self.clause(from, to)).collect();
        let text = match draft.notes.language {
            Language::English => "One pull request does one thing. Which comes first?",
            Language::Italian => "Una pull request fa una cosa sola. Quale per prima?",
        };
        Some(Question::new(Slot::Order, text).options(clauses.into_iter().map(|clause| (crate::text::shown(&clause), Fill::Clause(clause)))))
    }

    /// Whether a wish may begin here: after "and", "then", a comma or a full stop.
    fn joint_before(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).any(|before| {
            matches!(self.word(before), "and" | "e" | "ed" | "then" | "poi" | "also" | "anche" | "plus" | "," | "." | ";" | "\n" | "&")
                || self.marks[before].operator() == Some(crate::lexicon::Operator::Sequence)
                || self.is_break(before)
        })
    }

    fn has_object(&self, index: usize) -> bool {
        let ahead = (index + 1..self.marks.len().min(index + 7)).take_while(|next| !self.is_break(*next));
        ahead.into_iter().any(|next| {
            self.marks[next].named().is_some() || self.marks[next].thing().is_some() || self.marks[next].past().is_some() || self.is_name_like(next)
        })
    }

    fn clause(&self, from: usize, to: usize) -> Option<String> {
        let last = (from..to).rev().find(|place| self.words.tokens.get(*place).is_some_and(|token| !token.ends_sentence()))?;
        let (first, last) = (self.words.tokens.get(from)?, self.words.tokens.get(last)?);
        let text = self.words.text.get(first.start..last.end)?.trim().trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let text = text
            .strip_suffix(" and")
            .or_else(|| text.strip_suffix(" then"))
            .or_else(|| text.strip_suffix(" e poi"))
            .or_else(|| text.strip_suffix(" e"))
            .unwrap_or(text);
        Some(text.trim_end_matches([',', ' ']).to_owned())
    }
}
