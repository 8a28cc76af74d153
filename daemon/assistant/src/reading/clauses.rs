//! Is there more than one wish in the text? Then the author says which comes first: one pull request does one thing.

use std::collections::BTreeSet;

use core_model::Address;

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
        let (first, verb) = self.verbs().next().unwrap_or((0, Verb::Set));
        // What is about the past is recognised first wherever it stands; the first verb may be another wish.
        let own = self
            .by_first_verb(first, verb)
            .map(|(command, _)| command)
            .filter(|_| matches!(verb, Verb::Delete | Verb::Create) && self.has_object(first));
        let command = own.unwrap_or(draft.command.value);
        let mut starts: Vec<usize> = vec![0];
        let policy = self.sets_restart();
        for (index, verb) in self.verbs().filter(|(index, _)| policy.is_none_or(|place| *index != place)) {
            // "remove the lan, we use the dmz": a reason wishes nothing.
            if self.order().is_some_and(|order| order.is_aside(index)) {
                continue;
            }
            // "give web-02 8GB {{delete cache-dev}}": an order of its own, whatever stands around it.
            let takes_named = matches!(verb, Verb::Delete | Verb::PowerOff)
                && self.marks.get(index + 1).and_then(crate::mark::Mark::named).is_some_and(|named| named.how == crate::names::How::Exact);
            let joint = self.joint_before(index) || takes_named && command == CommandName::Update;
            let is_update_then_delete = command == CommandName::Update
                && (matches!(verb, Verb::Delete | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle)
                    || verb == Verb::Remove && self.takes_whole(index))
                && self.marks[index].concept().is_none();
            let is_other = index > first && joint && (begins_other_wish(verb, command) || is_update_then_delete) && self.has_object(index);
            // "siccome deve avere un posto, potreste creare la macchina": what stands before is no creation.
            // "radiology needs its own box. Please set up a VM": what is wanted is said, and then what it is.
            let describes = |place: usize| (place + 1..index).any(|between| self.is_value(between) || self.is_name_like(between));
            let creates = |(place, verb): (usize, Verb)| {
                place < index && (matches!(verb, Verb::Create | Verb::Add | Verb::Install) || verb == Verb::Want && describes(place))
            };
            let is_second = verb == Verb::Delete || self.verbs().any(creates);
            let is_second_creation = command == CommandName::Create
                && index > first
                && joint
                && is_second
                && matches!(verb, Verb::Create | Verb::Delete)
                && self.has_object(index);
            // "give cache 512MB, then cache-dev can go": what it is about stands before it.
            let order = self.order().filter(|order| order.verb == index).map(|order| order.clause());
            if let Some(order) =
                order.filter(|order| order.start > 0 && begins_other_wish(verb, CommandName::Create) && command != CommandName::Delete)
                && self.joint_before(order.start + 1)
                && (order.start..index).any(|before| self.marks[before].named().is_some())
            {
                starts.push(self.marks[order.start].from);
                continue;
            }
            if is_other || is_second_creation {
                starts.push(self.marks[index].from);
            }
        }
        if starts.len() < 2 && command == CommandName::Update {
            starts.extend(self.second_amounts());
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

    /// "web-01 to 16 GB and web-02 to 8 GB": where the parts begin that have a resource and a value of their own.
    fn second_amounts(&self) -> Vec<usize> {
        let mut starts = Vec::new();
        let mut known: BTreeSet<&Address> = BTreeSet::new();
        let (mut has_value, mut joint, mut begins_with_resource) = (false, None, None);
        for index in 0..self.marks.len() {
            let (machine, value) = (self.machine(index), self.is_value(index));
            if machine.is_none() && !value {
                if self.joins(index) {
                    joint = Some(index + 1);
                }
                continue;
            }
            let is_new = |other: usize| self.machine(other).is_some_and(|addresses| addresses.iter().any(|address| !known.contains(address)));
            let has_own = (index..self.marks.len()).any(is_new) && (index..self.marks.len()).any(|other| self.is_value(other));
            if let (true, false, Some(place)) = (has_value, known.is_empty(), joint)
                && has_own
                && begins_with_resource == Some(machine.is_some())
                && let Some(mark) = self.marks.get(place)
            {
                starts.push(mark.from);
                (has_value, joint) = (false, None);
            }
            begins_with_resource = begins_with_resource.or(Some(machine.is_some()));
            has_value |= value;
            known.extend(machine.into_iter().flatten());
        }
        starts
    }

    /// The machines or containers that a mark names.
    fn machine(&self, index: usize) -> Option<&BTreeSet<Address>> {
        let addresses = self.marks[index].named().map(|named| &named.addresses)?;
        let is_compute = |address: &Address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "compute");
        addresses.iter().all(is_compute).then_some(addresses)
    }

    fn is_value(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        mark.quantity().is_some() || mark.version().is_some() || mark.image().is_some() || mark.ip().or(mark.cidr()).is_some()
    }

    fn joins(&self, index: usize) -> bool {
        matches!(self.word(index), "and" | "e" | "ed" | "," | ";" | "while" | "mentre" | "invece" | "&" | "plus")
            || self.marks[index].operator() == Some(crate::lexicon::Operator::Sequence)
            || self.is_break(index)
    }

    /// Whether a wish may begin here: after "and", "then", a comma or a full stop.
    fn joint_before(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).any(|before| {
            matches!(self.word(before), "and" | "e" | "ed" | "then" | "poi" | "also" | "anche" | "plus" | "," | "." | ";" | "\n" | "&")
                || self.marks[before].operator() == Some(crate::lexicon::Operator::Sequence)
                || self.is_break(before)
        })
    }

    /// "give web-02 8 GB. Also drop build-01": a name stands right behind, and nothing that would be a part of it.
    fn takes_whole(&self, index: usize) -> bool {
        let behind = (index + 1..self.marks.len()).take_while(|next| !self.is_break(*next));
        let mut behind = behind.filter(|next| !self.marks[*next].is(&crate::mark::Meaning::Ignored));
        let names = behind.next().is_some_and(|next| self.marks[next].named().is_some_and(|named| !named.is_set));
        names && behind.all(|next| self.marks[next].concept().is_none() && self.marks[next].quantity().is_none())
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
