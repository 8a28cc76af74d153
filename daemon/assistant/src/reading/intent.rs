//! Which command is meant? Decided from the verbs, from what they stand beside, and from whether what is named exists.

use crate::command::CommandName;
use crate::lexicon::{Concept, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// The command and the mark that says so.
    pub(crate) fn intent(&self) -> Option<(CommandName, usize)> {
        // "512 MB, which is too little", "perché è lento": a reason is no question.
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let is_asked_before = |index: usize, verb: Verb| matches!(verb, Verb::Explain | Verb::Status) && self.wishes_after(index);
        let is_reason = |index: usize, verb: Verb| {
            is_asked_before(index, verb) || verb == Verb::Explain && (!asks && !self.opens_sentence(index) || self.tells_with_does(index))
        };
        let is_rhetorical = |index: usize| self.order_behind_question().is_some_and(|order| index < order);
        let first = self
            .verbs()
            .find(|(index, verb)| {
                !is_reason(*index, *verb) && !self.wants_to(*index, *verb) && !self.is_before_order(*index) && !is_rhetorical(*index)
            })
            .or_else(|| self.verbs().next().filter(|_| !self.has_value()));
        self.about_the_past()
            .or_else(|| self.question())
            .or_else(|| self.between_environments())
            .or_else(|| self.adoption().map(|index| (CommandName::Adopt, index)))
            .or_else(|| self.likeness())
            .or_else(|| self.scaling())
            .or_else(|| self.creation())
            .or_else(|| (0..self.marks.len()).find(|index| self.switches(*index).is_some()).map(|index| (CommandName::Power, index)))
            .or_else(|| {
                self.ended()
                    .map(|index| (if self.names_variable() || self.speaks_of_list() { CommandName::Update } else { CommandName::Delete }, index))
            })
            .or_else(|| first.filter(|_| !self.is_end_of_item()).and_then(|(index, verb)| self.by_first_verb(index, verb)))
            .or_else(|| self.without_verb().filter(|_| !self.is_end_of_item()))
    }

    /// "port 3000 is not needed any more on grafana": nothing that it shall have.
    fn is_end_of_item(&self) -> bool {
        let is_of_list = self.marks.iter().any(|mark| matches!(mark.concept(), Some(Concept::Ports | Concept::Tags | Concept::Packages)));
        let wishes =
            self.verbs().any(|(index, verb)| !matches!(verb, Verb::Want | Verb::Explain | Verb::Status) && self.marks[index].concept().is_none());
        is_of_list && !wishes && self.tells_of_end().is_some()
    }

    /// "the LOG_LEVEL variable on cache can go": a part of what is named.
    fn names_variable(&self) -> bool {
        (0..self.marks.len()).any(|index| self.is_variable(index) || self.known_variable(index).is_some())
    }

    /// "web-02 doesn't need the tag web any more": an item of a list, and not the machine.
    fn speaks_of_list(&self) -> bool {
        let is_named = self.marks.iter().any(|mark| mark.named().is_some_and(|named| !named.is_set));
        is_named && self.marks.iter().any(|mark| matches!(mark.concept(), Some(Concept::Tags | Concept::Packages | Concept::Ports)))
    }

    /// "I want to delete it", "vorrei eliminare": what is wanted is the verb behind it.
    fn wants_to(&self, index: usize, verb: Verb) -> bool {
        let next = (index + 1..self.marks.len().min(index + 6)).find(|next| self.marks[*next].verb().is_some());
        let is_grave = |next: usize| {
            matches!(
                self.marks[next].verb(),
                Some(Verb::Delete | Verb::Remove | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle | Verb::Install | Verb::Move)
            )
        };
        // "give it a restart", "dai un riavvio a build-01".
        let gives = matches!(
            self.word(index),
            "give"
                | "giving"
                | "make"
                | "doing"
                | "have"
                | "dai"
                | "date"
                | "do"
                | "fai"
                | "fate"
                | "dare"
                | "fare"
                | "dagli"
                | "dalle"
                | "dargli"
                | "darle"
                | "diamo"
        ) && next.is_some_and(|next| self.marks[next].verb() == Some(Verb::PowerCycle));
        if gives {
            return true;
        }
        // "I want build-01 gone", "build-01 should be switched off": what is wanted of it stands behind its name.
        let is_free = |mark: &crate::mark::Mark| mark.is(&Meaning::Ignored) || mark.named().is_some() || mark.thing().is_some();
        // "have cache-dev deleted please".
        let is_having = verb == Verb::Set && matches!(self.word(index), "have" | "get");
        let is_being =
            is_having || verb == Verb::Set && self.marks[index].to > self.marks[index].from + 1 && self.words.word(self.marks[index].to - 1) == "be";
        (verb == Verb::Want || is_being) && next.is_some_and(|next| is_grave(next) && self.marks[index + 1..next].iter().all(is_free))
    }

    fn about_the_past(&self) -> Option<(CommandName, usize)> {
        // "undo the last change to web-02" names the change, and asks for nobody.
        let goes_back = |index: usize| self.marks[index].past().is_some() && self.has(Verb::RollBack).is_some_and(|back| back < index);
        let who = self.has(Verb::WhoChanged).filter(|index| !goes_back(*index)).map(|index| (CommandName::WhoChanged, index));
        let apart = || self.goes_back_by_words().map(|index| (CommandName::RollBack, index));
        let wished = || self.wants_former_state().filter(|_| !self.has_value() && self.marks.iter().all(|mark| mark.thing().is_none()));
        let state = || self.names_former_state().or_else(wished).or_else(|| self.takes_out_a_change()).map(|index| (CommandName::RollBack, index));
        who.or_else(apart).or_else(state).or_else(|| {
            self.verbs().find(|(index, verb)| *verb == Verb::RollBack && self.is_going_back(*index)).map(|(index, _)| (CommandName::RollBack, index))
        })
    }

    /// "bring web-01 back to 8GB" is an update; going back needs something to go back to, or no value at all.
    fn is_going_back(&self, index: usize) -> bool {
        let has_past = self.marks.iter().any(|mark| mark.past().is_some());
        let has_value = self.marks.iter().any(|mark| {
            matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Number(_))) || mark.image().is_some() || mark.version().is_some()
        });
        let has_value = has_value || (0..self.marks.len()).any(|place| self.is_variable(place) || self.known_variable(place).is_some());
        let is_weak = matches!(self.word(index), "bring" | "riportare" | "riporta" | "put" | "torna" | "return" | "go");
        has_past || !has_value || !is_weak
    }

    /// Whether only words without meaning stand before a mark in its sentence.
    pub(crate) fn opens_sentence(&self, index: usize) -> bool {
        self.marks[..index].iter().rev().take_while(|mark| !mark.is(&Meaning::Punctuation)).all(|mark| mark.is(&Meaning::Ignored))
    }

    /// From one environment to another.
    pub(crate) fn between_environments(&self) -> Option<(CommandName, usize)> {
        if let Some(index) = self.has(Verb::Promote) {
            return Some((CommandName::Promote, index));
        }
        if let Some((index, _)) = self.goes_up() {
            return Some((CommandName::Promote, index));
        }
        let environments: Vec<_> = self.marks.iter().enumerate().filter_map(|(index, mark)| mark.environment().map(|name| (index, name))).collect();
        let mut different: Vec<_> = environments.iter().map(|(_, name)| *name).collect();
        different.dedup();
        if different.len() < 2 {
            return None;
        }
        if let Some(index) = self.copies_environment(&environments) {
            return Some((CommandName::CloneEnvironment, index));
        }
        let (index, _) = self.verbs().find(|(_, verb)| matches!(verb, Verb::Clone | Verb::Set | Verb::Move | Verb::Create | Verb::Want))?;
        let moves = matches!(self.marks[index].verb(), Some(Verb::Set | Verb::Move));
        let has_resource = self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        let has_value = self.marks.iter().any(|mark| (mark.quantity().is_some() && mark.environment().is_none()) || mark.image().is_some());
        (moves && has_resource && !has_value && self.says_from()).then_some((CommandName::Promote, index))
    }

    fn says_from(&self) -> bool {
        self.marks
            .iter()
            .enumerate()
            .any(|(index, mark)| mark.environment().is_some() && index > 0 && matches!(self.word(index - 1), "from" | "da" | "dal" | "dalla" | "in"))
    }

    pub(crate) fn by_first_verb(&self, index: usize, verb: Verb) -> Option<(CommandName, usize)> {
        let has_value = self.has_value();
        let has_named = self.marks.iter().any(|mark| mark.named().is_some())
            || has_value && (self.misspelled().is_some() || self.called_by_image().is_some() && self.new_thing().is_none());
        let command = match verb {
            Verb::Delete | Verb::Remove if self.takes_a_part() || self.word(index) == "unset" => CommandName::Update,
            // "clear the cache" empties it; whatever is meant, it is not that it goes.
            Verb::Remove if matches!(self.word(index), "clear" | "strip" | "detach" | "stacca") => return None,
            Verb::Remove if self.leaves_network() => CommandName::Update,
            Verb::Delete | Verb::Remove => CommandName::Delete,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle
                if self.marks[index].concept().is_some() && self.marks.iter().any(|mark| matches!(mark.verb(), Some(Verb::Set))) =>
            {
                CommandName::Update
            }
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle if self.sets_restart().is_some() => CommandName::Update,
            // "turn on debug: DEBUG=1".
            Verb::PowerOn | Verb::PowerOff if self.marks.iter().any(|mark| mark.assignment().is_some()) => CommandName::Update,
            Verb::PowerOff if self.has(Verb::Delete).is_some() => CommandName::Delete,
            // "turn off and remove cache-dev".
            Verb::PowerOff if self.has(Verb::Remove).is_some() && has_named && !self.takes_a_part() && !has_value => CommandName::Delete,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle if !has_named && self.new_thing().is_some() => CommandName::Create,
            Verb::PowerOn | Verb::PowerOff | Verb::PowerCycle => CommandName::Power,
            Verb::Set | Verb::Want if self.sets_power() => CommandName::Power,
            Verb::Move if has_named => CommandName::Update,
            Verb::Create if self.new_thing().is_none() && has_named && has_value && self.has(Verb::Name).is_none() && !self.has_new_kind() => {
                CommandName::Update
            }
            Verb::Create if self.runs_that_image() => CommandName::Update,
            Verb::Create => CommandName::Create,
            Verb::Explain => CommandName::Explain,
            Verb::Status => CommandName::Status,
            Verb::Set if has_named && self.new_thing().is_some_and(|(place, _)| self.marks[place].thing().is_none()) => CommandName::Update,
            Verb::Add | Verb::Want | Verb::Set | Verb::Install | Verb::Connect | Verb::Name | Verb::Publish if self.new_thing().is_some() => {
                CommandName::Create
            }
            Verb::Add | Verb::Want if self.names_a_new_machine() => CommandName::Create,
            _ if has_named => CommandName::Update,
            Verb::Add | Verb::Want | Verb::Set | Verb::Install if self.has_new_kind() => CommandName::Create,
            Verb::Want | Verb::Increase | Verb::Decrease | Verb::Set | Verb::Add
                if has_value && (self.word(0) == "it" || (0..self.marks.len()).any(|place| self.is_known_kind(place))) =>
            {
                CommandName::Update
            }
            Verb::Increase | Verb::Decrease | Verb::Set | Verb::Move | Verb::Install | Verb::Add | Verb::Publish
                if has_value || self.has_unknown_name() =>
            {
                CommandName::Update
            }
            Verb::Clone if self.has_unknown_name() => CommandName::Clone,
            Verb::Scale => CommandName::Scale,
            _ => return None,
        };
        Some((command, index))
    }

    /// Whether a value for some field is given.
    pub(crate) fn has_value(&self) -> bool {
        self.has_value_in(0..self.marks.len())
    }

    pub(crate) fn has_value_in(&self, range: std::ops::Range<usize>) -> bool {
        self.marks[range.clone()].iter().any(|mark| {
            mark.concept().is_some()
                || mark.quantity().is_some()
                || mark.image().is_some()
                || mark.version().is_some()
                || mark.assignment().is_some()
                || mark.port_pair().is_some()
                || mark.cidr().or(mark.ip()).is_some()
        }) || range.into_iter().any(|index| self.is_variable(index) || self.known_variable(index).is_some() || self.word(index) == "dhcp")
    }

    /// "grafna": a word that is nothing else and one letter away from a name that exists.
    fn misspelled(&self) -> Option<usize> {
        let is_new = self.new_thing().is_some() || self.has(Verb::Create).is_some() || self.has(Verb::Name).is_some();
        let is_slip = |index: &usize| {
            let fold = self.words.fold(self.marks[*index].from);
            let is_candidate = self.marks[*index].is(&Meaning::Other) && fold.len() >= MISSPELLED_LETTERS_MIN && !self.is_data(*index);
            is_candidate && self.view.resources().into_keys().any(|address| strsim::osa_distance(fold, address.resource.as_str()) == 1)
        };
        (0..self.marks.len()).find(is_slip).filter(|_| !is_new)
    }

    pub(super) fn has_unknown_name(&self) -> bool {
        (0..self.marks.len()).any(|index| self.marks[index].is(&Meaning::Other) && self.is_name_like(index))
    }

    /// "delete the tag blue from web-01": something of a resource, not the resource.
    fn takes_a_part(&self) -> bool {
        let Some((verb, _)) = self.verbs().find(|(_, verb)| matches!(verb, Verb::Delete | Verb::Remove)) else { return false };
        let named = self.marks.iter().position(|mark| mark.named().is_some()).unwrap_or(usize::MAX);
        if self.marks[verb].concept().is_some_and(|concept| matches!(concept, Concept::Packages | Concept::Ports | Concept::Tags)) {
            return true;
        }
        // "the tag web doesn't belong on web-02 anymore, drop it", "the variable can go away": it stands before the order.
        let has_object = (verb + 1..self.marks.len()).any(|index| self.marks[index].named().is_some() || self.marks[index].thing().is_some());
        let is_spoken_of = |index: usize| {
            self.is_variable(index)
                || self.known_variable(index).is_some()
                || matches!(self.marks[index].concept(), Some(Concept::Tags | Concept::Packages | Concept::Ports | Concept::Variable))
        };
        if !has_object && (0..verb).any(is_spoken_of) {
            return true;
        }
        // "delete web-02 but keep its disk": what is kept is no part that goes.
        let is_kept =
            |index: usize| (index.saturating_sub(3)..index).any(|before| crate::lexicon::KEEPING.contains(&self.words.word(self.marks[before].from)));
        let is_meant = |index: usize| self.order().is_none_or(|order| !order.is_aside(index) && (order.clause().contains(&index) || !is_kept(index)));
        let parts = self
            .marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| mark.verb().is_none_or(|verb| verb == Verb::Scale) || mark.concept() == Some(Concept::Ports));
        parts.filter(|(index, _)| *index > verb && is_meant(*index)).any(|(index, mark)| {
            let is_part = self.is_variable(index)
                || self.is_package(index)
                || self.known_variable(index).is_some()
                || mark.concept().is_some_and(|concept| !matches!(concept, Concept::Node | Concept::Power | Concept::Replicas | Concept::Os))
                || matches!(mark.quantity(), Some(Quantity::Size(_)))
                || mark.port_pair().is_some();
            is_part && mark.thing().is_none() && (index < named || named != usize::MAX)
        })
    }

    /// `LOG_LEVEL`: written like an environment variable.
    pub(crate) fn is_variable(&self, index: usize) -> bool {
        let text = self.text(index);
        self.marks[index].is(&Meaning::Other)
            && text.contains('_')
            && text.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
    }

    /// "web-01: 16GB of RAM", "VM, 4 cores, 8GB".
    fn without_verb(&self) -> Option<(CommandName, usize)> {
        if let Some((index, _)) = self.new_thing() {
            return Some((CommandName::Create, index));
        }
        let named = self
            .marks
            .iter()
            .position(|mark| mark.named().is_some())
            .or_else(|| self.misspelled())
            .or_else(|| self.called_by_image().map(|(index, _)| index))?;
        if let Some(power) = (0..self.marks.len()).find(|index| self.says_power(*index)) {
            return Some((CommandName::Power, power));
        }
        let has_node = (0..self.marks.len()).any(|index| self.is_node(index));
        // "mailpit off the front network".
        let is_linked =
            self.marks.iter().filter(|mark| mark.named().is_some()).count() > 1 && (0..self.marks.len()).any(|index| self.is_network(index));
        if self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Factor(..))))
            || self.has_value()
            || has_node
            || is_linked
            || self.swaps_packages()
        {
            return Some((CommandName::Update, named));
        }
        None
    }
}

/// Words with which a question is a wish.
#[rustfmt::skip]
pub(super) const POSSIBLE: &[&str] = &[
    "can", "could", "would", "may", "might", "possible", "potremmo", "possiamo", "riusciamo", "riuscite", "sarebbe", "possibile", "puo",
    "potrebbe",
];

/// Shorter words are too near to each other.
const MISSPELLED_LETTERS_MIN: usize = 5;
