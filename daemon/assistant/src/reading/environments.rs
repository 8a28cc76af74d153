//! Which environments are meant?

use core_model::Name;

use crate::command::{CommandName, Scope};
use crate::draft::Draft;
use crate::language::Language;
use crate::lexicon::{Concept, ENVIRONMENTS, Verb, length_of};
use crate::mark::Meaning;
use crate::question::{Fill, Question, Slot};
use crate::source::Sourced;

use super::Reader;

#[rustfmt::skip]
const EVERYWHERE: &[&str] = &["everywhere", "in all environments", "all environments", "in every environment", "both environments", "every environment", "ovunque", "in tutti gli ambienti", "tutti gli ambienti", "ogni ambiente", "dappertutto", "in entrambi gli ambienti", "entrambi gli ambienti"];

/// Right before an environment: what is in it goes to another.
#[rustfmt::skip]
const SENDING: &[&str] = &["ship", "push", "release", "deliver", "roll", "send", "advance", "graduate", "elevate", "rilascia", "rilasciate", "spingi", "manda", "porta", "portate", "avanza", "passa"];

impl Reader<'_> {
    pub(crate) fn read_environments(&self, draft: &mut Draft) {
        if self.read_everywhere(draft) {
            return;
        }
        let mut names: Vec<Name> = Vec::new();
        let mut places = Vec::new();
        for index in 0..self.marks.len() {
            // "pool production" names a pool.
            let is_pool = index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(crate::lexicon::Concept::Pool));
            // "tag collaudo": what it is labelled with.
            let is_tag = index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(crate::lexicon::Concept::Tags));
            if self.is_used(index) || is_pool || is_tag {
                continue;
            }
            if self.marks[index].is(&Meaning::NoSuchEnvironment) {
                self.use_mark(index);
                draft.ask(self.no_such_environment(draft, &self.text(index)));
            }
            if let Some(name) = self.marks[index].environment() {
                self.use_mark(index);
                places.push(index);
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        let having = if draft.resources.is_empty() { self.view.environments().count() } else { self.view.environments_of(&draft.addresses()).len() };
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return };
        match Self::scope_of(&names, having) {
            Some(scope) => draft.environment = Some(Sourced::new(scope, self.source(*first, *last))),
            None if matches!(draft.command.value, CommandName::Status | CommandName::Explain | CommandName::WhoChanged) => {}
            None => draft.ask(choose_environment(draft.notes.language, Slot::Environment, names.iter())),
        }
    }

    fn read_everywhere(&self, draft: &mut Draft) -> bool {
        for index in 0..self.marks.len() {
            let from = self.marks[index].from;
            let Some(length) = EVERYWHERE.iter().filter_map(|phrase| length_of(phrase, self.words, from)).max() else { continue };
            for place in index..self.marks.len() {
                if self.marks[place].from < from + length {
                    self.use_mark(place);
                }
            }
            draft.environment = Some(Sourced::new(Scope::All, self.words.source(from, from + length)));
            return true;
        }
        false
    }

    fn no_such_environment(&self, draft: &Draft, text: &str) -> Question {
        let words = crate::text::shown(text);
        let sentence = match draft.notes.language {
            Language::English => {
                format!("This repository has no environment `{words}`, and I cannot add one: ipr.yaml is changed by people. Which one do you mean?")
            }
            Language::Italian => {
                format!("Questo repository non ha un ambiente `{words}`, e non posso aggiungerlo: ipr.yaml lo cambiano le persone. Quale intendi?")
            }
        };
        let slot = if draft.command.value == CommandName::CloneEnvironment { Slot::ToEnvironment } else { Slot::Environment };
        let options = self
            .view
            .environments()
            .map(|environment| (environment.name.as_str().to_owned(), Fill::Environment(Scope::One(environment.name.clone()))));
        Question::new(slot, sentence).options(options).without_default()
    }

    /// From one to the other: "from dev to prod", "in staging like prod", "porta in prod quello di dev".
    pub(crate) fn read_pair_of_environments(&self, draft: &mut Draft) {
        let mentions: Vec<(usize, &Name)> =
            self.marks.iter().enumerate().filter_map(|(index, mark)| mark.environment().map(|name| (index, name))).collect();
        for index in 0..self.marks.len() {
            if self.marks[index].is(&Meaning::NoSuchEnvironment) {
                self.use_mark(index);
                draft.ask(self.no_such_environment(draft, &self.text(index)));
            }
        }
        // "what is in dev goes to prod": where two places are meant, it is in the first and goes to the second.
        let goes_to =
            |index: usize| (index.saturating_sub(2)..index).any(|before| matches!(self.word(before), "to" | "into" | "onto" | "su" | "verso"));
        let is_in = |index: usize| index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "in" | "on" | "nel" | "nella"));
        let moves = draft.command.value == CommandName::Promote && mentions.iter().any(|(index, _)| goes_to(*index));
        let ways = self.goes_up().filter(|_| draft.command.value == CommandName::Promote);
        let own = |index: usize| match ways {
            Some((from, to)) if index == from || index == to => Some(if index == from { Role::From } else { Role::To }),
            _ if moves && is_in(index) => Some(Role::From),
            _ => self.role(index),
        };
        let roles: Vec<Option<Role>> = mentions.iter().map(|(index, _)| own(*index)).collect();
        let mut rest = Vec::new();
        for ((index, name), role) in mentions.into_iter().zip(roles.iter().copied()) {
            self.use_mark(index);
            let found = Sourced::new(name.clone(), self.source(index, index));
            // Of two the one that a word says goes before the one that only its verb says.
            let by_verb =
                || self.role_by_verb(index).filter(|role| draft.command.value == CommandName::CloneEnvironment && !roles.contains(&Some(*role)));
            match role.or_else(by_verb) {
                Some(Role::From) if draft.from.is_none() => draft.from = Some(found),
                Some(Role::To) if draft.to.is_none() => draft.to = Some(found),
                _ => rest.push(found),
            }
        }
        // "dev -> staging", "prod/staging": from the first to the second. "staging = prod": the other way.
        if let (None, None, [first, second]) = (&draft.from, &draft.to, rest.as_slice())
            && first.value != second.value
        {
            let is_turned =
                (0..self.marks.len()).any(|index| self.text(index) == "=" && self.marks[index + 1..].iter().any(|mark| mark.environment().is_some()));
            if is_turned {
                (draft.from, draft.to) = (Some(second.clone()), Some(first.clone()));
                return;
            }
            (draft.from, draft.to) = (Some(first.clone()), Some(second.clone()));
            return;
        }
        for found in rest {
            let is_known = [&draft.from, &draft.to].iter().any(|known| known.as_ref().is_some_and(|known| known.value == found.value));
            if is_known {
                continue;
            }
            let slot = if draft.from.is_none() && draft.command.value == CommandName::CloneEnvironment || draft.to.is_some() {
                &mut draft.from
            } else {
                &mut draft.to
            };
            if slot.is_none() {
                *slot = Some(found);
            }
        }
    }

    /// "ship what runs in dev to staging", "web-b from dev to staging", "push dev to staging": from one to the other, by whatever verb.
    pub(crate) fn goes_up(&self) -> Option<(usize, usize)> {
        let places: Vec<usize> = (0..self.marks.len()).filter(|index| self.marks[*index].environment().is_some()).collect();
        let [first, second] = places.as_slice() else { return None };
        let before = |index: usize| index.checked_sub(1).map_or("", |before| self.word(before));
        let is_to = |index: usize| matches!(before(index), "to" | "into" | "onto" | "in" | "on" | "a" | "ad" | "su" | "verso" | "->");
        let is_sent = |index: usize| SENDING.contains(&before(index));
        let is_from = |index: usize| matches!(before(index), "from" | "da" | "dal" | "dalla");
        let goes =
            is_to(*second) && (is_from(*first) || is_sent(*first) || self.is_where_it_is(*first)) || is_to(*first) && self.is_where_it_is(*second);
        let is_reversed = self.is_where_it_is(*second);
        let is_else = |verb: Verb| {
            matches!(
                verb,
                Verb::Clone
                    | Verb::Delete
                    | Verb::Remove
                    | Verb::Scale
                    | Verb::Increase
                    | Verb::Decrease
                    | Verb::RollBack
                    | Verb::WhoChanged
                    | Verb::PowerOff
                    | Verb::PowerCycle
                    | Verb::Name
                    | Verb::Install
            )
        };
        let has_value = self.marks.iter().any(|mark| {
            mark.quantity().is_some() && mark.environment().is_none()
                || mark.image().or(mark.version()).is_some()
                || mark.assignment().is_some()
                || mark.concept().is_some_and(|concept| concept != Concept::Version && concept != Concept::Image) && mark.verb().is_none()
        });
        let is_different = self.marks[*first].environment() != self.marks[*second].environment();
        let is_question =
            self.words.tokens.iter().any(|token| token.fold == "?") || matches!(self.words.word(0), "is" | "are" | "should" | "did" | "does" | "has");
        let asks = is_question
            && !matches!(self.words.word(0), "can" | "could" | "would" | "please" | "puoi" | "potete" | "potresti" | "potreste" | "possiamo");
        // "the difference from dev to staging" names nothing that goes.
        let names_some = is_sent(*first)
            || self.is_where_it_is(*first)
            || self.is_where_it_is(*second)
            || self.marks.iter().any(|mark| mark.named().is_some() || mark.blueprint().is_some());
        (goes && is_different && names_some && !has_value && !asks && !self.verbs().any(|(_, verb)| is_else(verb))).then_some(if is_reversed {
            (*second, *first)
        } else {
            (*first, *second)
        })
    }

    /// "what runs in dev", "quello che c'e in dev".
    fn is_where_it_is(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        let is_in = from > 0 && matches!(self.words.word(from - 1), "in" | "on" | "nel" | "nella");
        let ahead = (from.saturating_sub(6)..from).rev().take_while(|place| !self.words.tokens[*place].is_punctuation());
        let mut ahead = ahead.skip(1).map(|place| self.words.word(place)).take_while(|word| !ENVIRONMENTS.iter().any(|names| names.contains(word)));
        is_in
            && ahead.any(|word| {
                matches!(word, "what" | "whats" | "whatever" | "quello" | "cio" | "everything" | "version" | "versione" | "runs" | "running" | "gira")
            })
    }

    /// Decided by the nearest word before it that is no article.
    fn role(&self, index: usize) -> Option<Role> {
        let before = |place: usize| place.checked_sub(1).map_or("", |before| self.word(before));
        let start = (index.saturating_sub(ROLE_DISTANCE_MAX)..index).rev().find(|place| self.marks[*place].environment().is_some());
        (start.map_or(index.saturating_sub(ROLE_DISTANCE_MAX), |start| start + 1)..index).rev().find_map(|place| {
            // "identical to prod", "same as prod", "staging to mirror prod": what it is compared with.
            let has_subject = || self.marks[..place].iter().any(|mark| mark.environment().is_some());
            if self.marks[place].verb() == Some(crate::lexicon::Verb::Clone) && (!COPYING.contains(&self.word(place)) || has_subject()) {
                return Some(Role::From);
            }
            // "ambiente di staging come quello di prod": which one it is.
            let is_kind = matches!(before(place), "ambiente" | "environment" | "env") && matches!(self.word(place), "di" | "of");
            if is_kind && self.marks[index + 1..].iter().any(|mark| mark.environment().is_some()) && !has_subject() {
                return None;
            }
            // "si chiede di allineare": before a verb it says nothing of a place.
            let leads_verb = matches!(self.word(place), "di" | "a" | "to") && self.marks.get(place + 1).is_some_and(|next| next.verb().is_some());
            // "aligned to prod", "allineare staging a produzione": what it is compared with.
            let is_aligned = matches!(self.word(place), "to" | "a" | "ad" | "alla" | "al" | "with" | "con" | "alle")
                && has_subject()
                && self.marks[..place].iter().any(|mark| ALIGNING.iter().any(|stem| self.words.word(mark.from).starts_with(stem)));
            if is_aligned {
                return Some(Role::From);
            }
            // "uno staging che ricalchi la prod".
            let resembles =
                ["ricalc", "rispecchi", "imit", "assomigl", "somigl", "resembl", "reflect"].iter().any(|stem| self.word(place).starts_with(stem));
            if resembles && has_subject() {
                return Some(Role::From);
            }
            match self.word(place) {
                "di" | "a" | "to" if leads_verb => None,
                // "the same set-up as prod".
                "as" if (place.saturating_sub(6)..place).any(|before| matches!(self.word(before), "same" | "identical" | "equal" | "twin")) => {
                    Some(Role::From)
                }
                "from" | "look" | "way" | "da" | "dal" | "dalla" | "dallo" | "of" | "di" | "del" | "della" | "dello" | "off" | "partendo"
                | "like" | "come" => Some(Role::From),
                // "as a quarter-size prod".
                "as" if matches!(self.word(place + 1), "a" | "an" | "the") => Some(Role::From),
                // "the same thing we have in prod".
                "in" | "on" if matches!(before(place), "have" | "had" | "runs" | "is" | "s" | "got" | "abbiamo" | "gira" | "e" | "running") => {
                    Some(Role::From)
                }
                "to" | "a" | "ad" | "al" | "alla"
                    if matches!(before(place), "identical" | "equal" | "close" | "uguale" | "identico" | "identica" | "pari") =>
                {
                    Some(Role::From)
                }
                // "as a quarter-size prod": an article.
                "a" if crate::language::language(self.words) == Language::English => None,
                "to" | "into" | "in" | "a" | "ad" | "al" | "alla" | "for" | "su" | "per" => Some(Role::To),
                _ => None,
            }
        })
    }

    /// "replica lo staging partendo dalla produzione", "make staging like prod": by its verb, where no other word says it.
    fn role_by_verb(&self, index: usize) -> Option<Role> {
        let near = (index.saturating_sub(4)..index).rev();
        near.into_iter().find_map(|place| {
            let word = self.words.word(self.marks[place].from);
            let makes = matches!(self.marks[place].verb(), Some(crate::lexicon::Verb::Set))
                || ["rebuil", "rifa", "ricre", "recreat", "rende", "rendi"].iter().any(|stem| word.starts_with(stem));
            match self.marks[place].verb() {
                _ if makes => Some(Role::To),
                Some(crate::lexicon::Verb::Clone) => Some(Role::From),
                _ => None,
            }
        })
    }
}

/// How words begin that bring one thing into line with another.
const ALIGNING: [&str; 6] = ["allinea", "align", "match", "conform", "adegu", "uniform"];

/// So many words before a place say what part it has.
const ROLE_DISTANCE_MAX: usize = 6;

/// Orders to make a copy of what stands behind them.
#[rustfmt::skip]
const COPYING: &[&str] = &["clone", "cp", "copy", "duplicate", "replicate", "mirror", "clona", "clonare", "copia", "copiare", "duplica", "duplicare", "replica", "replicare", "replichiamo", "riprodurre", "riproduci"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    From,
    To,
}

/// Asks for one of these environments; with several there is "all of them" too.
pub(crate) fn choose_environment<'n>(language: Language, slot: Slot, names: impl Iterator<Item = &'n Name>) -> Question {
    let mut options: Vec<(String, Fill)> = names.map(|name| (name.as_str().to_owned(), Fill::Environment(Scope::One(name.clone())))).collect();
    if options.len() > 1 && slot == Slot::Environment {
        options.truncate(crate::question::OPTIONS_MAX - 1);
        options.push((language.choose("all of them", "tutti").to_owned(), Fill::Environment(Scope::All)));
    }
    let text = match slot {
        Slot::FromEnvironment => language.choose("From which environment?", "Da quale ambiente?"),
        Slot::ToEnvironment => language.choose("To which environment?", "In quale ambiente?"),
        _ => language.choose("In which environment?", "In quale ambiente?"),
    };
    Question::new(slot, text).options(options)
}
