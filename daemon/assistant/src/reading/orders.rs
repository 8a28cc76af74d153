//! Which part of a text orders that something be taken away, and which only says why?
//!
//! "elimina cache-dev, siamo passati a valkey": the reason asks for nothing, and what it names is no object. A part that could be more
//! than a reason (a doubt, a time, somebody else's wish, another resource) is none, and the words in it are left to be asked about.

use std::collections::BTreeSet;
use std::ops::Range;

use core_model::Address;

use crate::lexicon::{
    DENYING, DISUSED, FORBIDDING, HANDS_OFF, NEEDED, NO_REASON, Operator, REASON_BEGINS, TOLD_BY, TOLD_OF, TOUCHING, Verb, is_participle_of,
    length_of,
};
use crate::mark::Meaning;

use super::Reader;

/// More words than this are a story, and not a reason.
const WORDS_MAX: usize = 16;
/// Before a noun.
#[rustfmt::skip]
const ARTICLES: &[&str] = &["col", "con", "dal", "del", "nel", "last", "latest", "new", "ultimo", "nuovo", 
    "that", "this", "its", "their", "your", "these", "the", "a", "an", "our", "my", "any", "every", "la", "le", "il", "i", "lo", "gli", "nostre",
    "nostra",
];
/// How something is that has come to its end.
#[rustfmt::skip]
const OVER: &[&str] = &["finished", "over", "done", "ended", "expired", "closed", "complete", "completed", "concluded", "finito", "finita", "concluso", "conclusa", "terminato", "terminata", "terminati", "terminate", "chiuso", "chiusa", "scaduto", "scaduta"];
/// So far from a denial stands what it denies.
const DENIED_MAX: usize = 5;

/// What a part of the text is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Holds the verb of the order.
    Order,
    /// Names only: more objects of the order, or its subject: "web-a and web-b in staging: decommission both".
    Objects,
    /// "not cache-dev", where the order names others.
    Exclusion,
    /// Says why, and nothing else.
    Reason,
    /// A reason that names something else that is there.
    ReasonWithOthers,
    /// Politeness.
    Nothing,
    Unclear,
}

/// The parts of a text that orders that something be taken away, switched or taken back.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) verb: usize,
    clauses: Vec<(Range<usize>, Role)>,
    /// The places of the names that are meant.
    pub(crate) objects: Vec<usize>,
}

impl Order {
    pub(crate) fn role(&self, index: usize) -> Role {
        self.clauses.iter().find(|(clause, _)| clause.contains(&index)).map_or(Role::Unclear, |(_, role)| *role)
    }

    /// Whether nothing is asked for in the part of a place.
    pub(crate) fn is_aside(&self, index: usize) -> bool {
        matches!(self.role(index), Role::Reason | Role::ReasonWithOthers | Role::Exclusion | Role::Nothing)
    }

    pub(crate) fn is_unclear(&self, index: usize) -> bool {
        self.role(index) == Role::Unclear
    }

    pub(crate) fn clause(&self) -> Range<usize> {
        self.clauses.iter().find(|(clause, _)| clause.contains(&self.verb)).map_or(0..0, |(clause, _)| clause.clone())
    }
}

/// What cannot simply be taken back.
pub(crate) fn is_grave(verb: Verb) -> bool {
    matches!(verb, Verb::Delete | Verb::Remove | Verb::PowerOff | Verb::PowerOn | Verb::PowerCycle | Verb::RollBack)
}

impl Reader<'_> {
    /// The parts of the text, if it orders something grave.
    pub(crate) fn order(&self) -> Option<&Order> {
        self.order.get_or_init(|| self.find_order()).as_ref()
    }

    /// "nobody touch web-01 today", "please do not change anything on web-01": nothing is to be done.
    pub(crate) fn is_left_alone(&self) -> bool {
        let is_at = |phrases: &[&str], place: usize| phrases.iter().any(|phrase| length_of(phrase, self.words, place).is_some());
        let places = || 0..self.words.tokens.len();
        let forbids = places().any(|place| {
            let is_touched = (place + 1..place + 5).any(|next| TOUCHING.contains(&self.words.word(next)));
            is_at(HANDS_OFF, place) || is_at(FORBIDDING, place) && is_touched && !self.words.word(place + 1).ends_with('?')
        });
        let wishes = self.verbs().any(|(index, verb)| {
            let is_forbidden =
                (0..5).any(|back| self.marks[index].from.checked_sub(back).is_some_and(|place| is_at(FORBIDDING, place) || is_at(HANDS_OFF, place)));
            !is_forbidden && !matches!(verb, Verb::Want | Verb::Status | Verb::Explain | Verb::Name)
        });
        let has_amount = self.marks.iter().any(|mark| mark.quantity().is_some() || mark.image().is_some() || mark.version().is_some());
        forbids && !wishes && !has_amount
    }

    /// "we do not need it any more. pls remove": a verb of the reason is not the one that asks.
    pub(crate) fn is_before_order(&self, index: usize) -> bool {
        self.order().is_some_and(|order| index < order.verb && matches!(order.role(index), Role::Reason | Role::ReasonWithOthers))
    }

    fn find_order(&self) -> Option<Order> {
        let said = || (0..self.marks.len()).find(|index| self.switches(*index).is_some() || self.says_power(*index));
        let verb = self
            .verbs()
            .find(|(_, verb)| is_grave(*verb))
            .map(|(index, _)| index)
            .or_else(said)
            .or_else(|| self.ended())
            .or_else(|| self.goes_back_by_words())
            .or_else(|| self.names_former_state())
            .or_else(|| self.wants_former_state())?;
        let ranges = self.clauses(verb);
        let has_name = |clause: &Range<usize>| clause.clone().any(|index| self.marks[index].named().is_some());
        let has_place =
            |clause: &Range<usize>| clause.clone().any(|index| self.marks[index].environment().is_some() || self.marks[index].blueprint().is_some());
        let is_bare = |clause: &Range<usize>| (has_name(clause) || has_place(clause)) && clause.clone().all(|index| self.stands_in_list(index));
        let own: Vec<&Range<usize>> = ranges.iter().filter(|clause| clause.contains(&verb) || is_bare(clause)).collect();
        let mut objects = self.names_in(own.into_iter().cloned());
        if objects.is_empty() {
            // "we do not need build-01 any more. pls remove": what is spoken of, if it is only one thing.
            let speaking: Vec<&Range<usize>> = ranges.iter().filter(|clause| has_name(clause)).collect();
            if let [only] = speaking.as_slice() {
                objects = self.names_in([(*only).clone()]);
            } else {
                let names: BTreeSet<Address> = self.addresses(&self.names_in(speaking.iter().map(|clause| (*clause).clone())));
                let first = speaking.first().map(|clause| self.names_in([(*clause).clone()])).unwrap_or_default();
                objects = if self.addresses(&first) == names { first } else { Vec::new() };
            }
        }
        let meant = self.addresses(&objects);
        let role = |clause: &Range<usize>| {
            if clause.contains(&verb) {
                Role::Order
            } else if is_bare(clause) {
                Role::Objects
            } else if self.is_kept(clause, &meant) {
                Role::Exclusion
            } else if self.says_it_again(clause, verb, &meant) {
                Role::Reason
            } else {
                self.role_of_telling(clause, &meant, self.marks[verb].verb())
            }
        };
        let clauses = ranges.iter().map(|clause| (clause.clone(), role(clause))).collect();
        Some(Order { verb, clauses, objects })
    }

    /// The names of other things in reasons: "delete cache-dev, cache is enough".
    pub(crate) fn names_in_reasons(&self) -> Vec<usize> {
        let Some(order) = self.order() else { return Vec::new() };
        let is_other =
            |index: &usize| order.role(*index) == Role::ReasonWithOthers && self.marks[*index].named().is_some() && !order.objects.contains(index);
        (0..self.marks.len()).filter(is_other).collect()
    }

    fn names_in(&self, clauses: impl IntoIterator<Item = Range<usize>>) -> Vec<usize> {
        clauses
            .into_iter()
            .flatten()
            .filter(|index| self.marks[*index].named().is_some() && !self.is_place_of_named(*index) && !self.is_owner_of_another(*index))
            .collect()
    }

    fn addresses(&self, places: &[usize]) -> BTreeSet<Address> {
        places.iter().filter_map(|index| self.marks[*index].named()).flat_map(|named| named.addresses.iter().cloned()).collect()
    }

    fn stands_in_list(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_plain = mark.named().is_some() || mark.thing().is_some() || mark.environment().is_some() || mark.blueprint().is_some();
        let is_denied = (mark.from..mark.to).any(|place| DENYING.contains(&self.words.word(place)));
        is_plain || !is_denied && (mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation) || self.words.word(mark.from) == "+")
    }

    /// The parts of all sentences, one after the other.
    fn clauses(&self, verb: usize) -> Vec<Range<usize>> {
        let starts: Vec<usize> = (0..self.marks.len()).filter(|index| *index == 0 || self.begins_clause(*index, verb)).collect();
        let ends = starts.iter().copied().skip(1).chain([self.marks.len()]);
        starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect()
    }

    fn begins_clause(&self, index: usize, verb: usize) -> bool {
        let first = self.marks[index].from;
        let is_at = |phrase: &&&str| length_of(phrase, self.words, first).is_some();
        if self.ends_clause(index - 1) || self.is_gap_before(index) || REASON_BEGINS.iter().any(|phrase| is_at(&phrase)) {
            return true;
        }
        if self.turns_to_what_stays(index) && self.marks[..index].iter().any(|mark| mark.named().is_some() || mark.thing().is_some()) {
            return true;
        }
        let sentence = (0..index).rev().take_while(|before| !self.ends_clause(*before) && !self.is_gap_before(before + 1)).last().unwrap_or(index);
        let has_verb = (sentence..index).contains(&verb);
        let has_object =
            (sentence..index).any(|before| self.marks[before].named().is_some() || matches!(self.word(before), "it" | "this" | "that" | "them"));
        // "shut it down its eating power", "spegni build-01 che nessuno la usa", "it hangs and should be removed".
        let told = || {
            matches!(self.word(index), "che" | "e" | "and" | "that") && TOLD_OF.iter().any(|word| length_of(word, self.words, first + 1).is_some())
        };
        let modal = || {
            matches!(self.word(index), "and" | "e")
                && matches!(self.words.word(first + 1), "should" | "can" | "must" | "may" | "va" | "vanno" | "puo" | "si")
        };
        let is_being = self.words.tokens[first].text == "è";
        // "but keep its volume", "ma tieni i dati": what is kept, and no sentence of its own.
        let is_kept = crate::lexicon::KEEPING.contains(&self.words.word(first.saturating_sub(1)));
        // "restore it to its state of yesterday": of the object, and no sentence of its own.
        let is_led = self.words.word(first) == "its"
            && matches!(self.words.word(first.saturating_sub(1)), "to" | "from" | "of" | "at" | "in" | "on" | "with" | "into");
        let is_kept = is_kept || is_led;
        let tells = || !is_kept && (TOLD_BY.iter().any(|phrase| is_at(&phrase)) || told() || is_being);
        has_object && if has_verb { tells() } else { modal() }
    }

    fn ends_clause(&self, index: usize) -> bool {
        self.marks[index].is(&Meaning::Punctuation)
            // "nobody uses it -> remove it"; "4 -> 8" joins two values.
            && (!matches!(self.words.tokens[self.marks[index].from].fold.as_str(), "&" | "/" | "->" | "=" | "'")
                || self.text(index) == "->" && self.marks.get(index + 1).is_some_and(|next| next.verb().is_some_and(is_grave)))
    }

    /// A colon or a dash stands before a mark; as they are no words, they are looked for between words.
    pub(crate) fn is_gap_before(&self, index: usize) -> bool {
        let (Some(before), Some(mark)) = (index.checked_sub(1).and_then(|before| self.marks.get(before)), self.marks.get(index)) else {
            return false;
        };
        let (end, start) = (self.words.tokens[before.to - 1].end, self.words.tokens[mark.from].start);
        let between = self.words.text.get(end..start).unwrap_or_default();
        between.contains([':', '\u{2013}', '\u{2014}']) || between.contains(" - ") || between.contains("--")
    }

    fn role_of_telling(&self, clause: &Range<usize>, meant: &BTreeSet<Address>, verb: Option<Verb>) -> Role {
        if self.is_exclusion(clause, meant) {
            return Role::Exclusion;
        }
        let has_words = clause.clone().any(|index| !self.marks[index].is(&Meaning::Ignored) && !self.marks[index].is(&Meaning::Punctuation));
        if !has_words && !self.denies_freely(clause) {
            return if self.is_question_beside(clause) { Role::Unclear } else { Role::Nothing };
        }
        let opening = REASON_BEGINS.iter().filter_map(|phrase| length_of(phrase, self.words, self.marks[clause.start].from)).max().unwrap_or(0);
        let is_opening = |index: usize| self.marks[index].from < self.marks[clause.start].from + opening;
        let words = clause.clone().filter(|index| self.marks[*index].is(&Meaning::Other)).count();
        let asks = clause.clone().any(|index| self.words.tokens[self.marks[index].from].fold == "?");
        let is_asking = asks && !self.asks_rhetorically(clause.start) && !self.ends_polite_wish(clause);
        let is_harmless = words <= WORDS_MAX
            && !is_asking
            && clause.clone().all(|index| is_opening(index) || self.is_harmless(index))
            && !self.denies_freely(clause);
        let is_agreed = clause.clone().any(|index| self.is_agreed_by(index));
        // "riaccendete build-01, ci serve".
        let is_switched_on = matches!(verb, Some(Verb::PowerOn | Verb::PowerCycle));
        if !is_harmless && !is_agreed || self.is_needed(clause) && !is_switched_on {
            return Role::Unclear;
        }
        let is_meant = |index: &usize| self.marks[*index].named().is_some_and(|named| named.addresses.iter().any(|address| meant.contains(address)));
        let names = self.names_in([clause.clone()]);
        let names_others = names.iter().any(|index| !is_meant(index));
        // "web-b in staging is not needed" says where it is; "we keep it in prod" is more than a reason.
        // "we don't send mail from dev any more": the only one that has it.
        let only_there = |name: &core_model::Name| {
            let is_elsewhere =
                |address: &Address| self.view.environments().any(|other| other.name != *name && self.view.resource(&other.name, address).is_some());
            !meant.is_empty() && meant.iter().all(|address| self.view.resource(name, address).is_some() && !is_elsewhere(address))
        };
        // "bin mailpit, I use the staging inbox": where it is not, nothing of it is limited.
        let is_nowhere = |name: &core_model::Name| {
            let tells = clause.clone().any(|index| (self.marks[index].from..self.marks[index].to).any(|place| self.is_telling(place)));
            let has_owner = matches!(self.words.word(self.marks[clause.start].from), "i" | "we") || tells;
            !meant.is_empty() && has_owner && meant.iter().all(|address| self.view.resource(name, address).is_none())
        };
        let limits = |name: &core_model::Name| !only_there(name) && !is_nowhere(name);
        let says_where = clause.clone().any(|index| self.marks[index].environment().is_some_and(limits));
        if says_where && !names.iter().any(is_meant) {
            return Role::Unclear;
        }
        if names_others { Role::ReasonWithOthers } else { Role::Reason }
    }

    /// "(not cache-dev)", ", but not cache-dev".
    fn is_exclusion(&self, clause: &Range<usize>, meant: &BTreeSet<Address>) -> bool {
        let others = self.addresses(&self.names_in([clause.clone()]));
        let first = clause.clone().find(|index| !self.marks[*index].is(&Meaning::Ignored) && !self.marks[*index].is(&Meaning::Punctuation));
        let is_denial = |index: usize| matches!(self.text(index).to_lowercase().as_str(), "not" | "non" | "but not" | "ma non");
        let rest_is_plain = |denial: usize| clause.clone().filter(|index| *index != denial).all(|index| self.stands_in_list(index));
        !meant.is_empty() && !others.is_empty() && others.is_disjoint(meant) && first.is_some_and(|first| is_denial(first) && rest_is_plain(first))
    }

    fn is_harmless(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let words: Vec<&str> = (mark.from..mark.to).map(|place| self.words.word(place)).collect();
        if let [word] = words.as_slice()
            && (NO_REASON.contains(word) && !self.is_innocent(mark.from)
                || is_participle_of(word, is_grave) && !OVER.contains(word) && !self.tells_what_was_done(mark.from))
        {
            return false;
        }
        if let Some(operator) = mark.operator() {
            // "it was fine then".
            // "since then orders don't come in", "da allora non va più".
            let is_since = mark.from > 0 && matches!(self.words.word(mark.from - 1), "since" | "da" | "until" | "by" | "till" | "back");
            let is_last = self.marks.get(index + 1).is_none_or(|next| next.is(&Meaning::Punctuation));
            let is_then = operator == Operator::Sequence && (is_since || is_last);
            return is_then
                || operator == Operator::Negation
                    && (mark.from..mark.to).any(|place| self.denies_by_telling(place))
                // "maybe I broke something with #66".
                || operator == Operator::Doubt && self.has(Verb::RollBack).is_some() && self.tells_of_own_fault(mark.to)
                || operator == Operator::Negation
                    && matches!(words.as_slice(), ["not" | "non" | "never" | "mai" | "dont" | "cannot"] | [_, "t" | "not" | "longer"]);
        }
        if mark.named().is_some() || mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation) {
            return true;
        }
        if let Some(verb) = mark.verb() {
            // "the build server moved", "le build girano altrove": what a verb is called by.
            let is_noun = mark.from > 0 && ARTICLES.contains(&self.words.word(mark.from - 1)) && !is_grave(verb);
            // "they cannot build anything".
            let is_denied =
                DISUSED.contains(&words[0]) && (mark.from.saturating_sub(3)..mark.from).any(|place| DENYING.contains(&self.words.word(place)));
            // "we publish that name elsewhere": what somebody does.
            let is_done = mark.from > 0
                && matches!(self.words.word(mark.from - 1), "we" | "they" | "he" | "she" | "people" | "everyone" | "everybody" | "si" | "noi")
                && !is_grave(verb)
                && !matches!(verb, Verb::Adopt | Verb::Promote);
            // "nothing points at them any more", "niente ci punta".
            let is_unmet = mark.from > 0
                && matches!(self.words.word(mark.from - 1), "nothing" | "nobody" | "noone" | "one" | "niente" | "nessuno")
                && !is_grave(verb)
                && words[0].ends_with(['s', 'a', 'e']);
            let is_use =
                is_unmet || is_done || is_noun || is_denied || verb == Verb::Set && ["use", "usa", "usiamo", "usano", "have"].contains(&words[0]);
            return is_use
                || matches!(verb, Verb::Want | Verb::Status | Verb::Explain | Verb::Name | Verb::Clone | Verb::Connect)
                || mark.concept().is_some();
        }
        if self.tells_of_later(mark.from) && self.has(Verb::RollBack).is_some() {
            return true;
        }
        if mark.version().is_some() && self.is_version_told(mark.from) {
            return true;
        }
        let is_value = mark.version().is_some()
            || mark.image().is_some()
            || mark.assignment().is_some()
            || mark.port_pair().is_some()
            || mark.cidr().or(mark.ip()).is_some()
            || mark.is(&Meaning::NoSuchEnvironment);
        let is_plain_word = !self.is_data(index) && !words[0].contains(|letter: char| letter.is_ascii_digit() || "_:/@.=".contains(letter));
        !is_value
            && mark.quantity().is_none_or(|quantity| self.is_time_or_one(index, quantity))
            && (is_plain_word || mark.quantity().is_some() || mark.past().is_some())
    }

    /// "the developers say they are stuck": no wish of theirs.
    fn tells_a_fact(&self, place: usize) -> bool {
        let is_said = matches!(self.words.word(place), "say" | "says" | "said" | "dice" | "dicono");
        let is_certain = matches!(self.words.word(place), "confirmed" | "confirms" | "confermato" | "conferma");
        let [next, third] = [1, 2].map(|offset| self.words.word(place + offset));
        // "Dr. Amsel says the trial is finished": what is over.
        let end = (place + 1..self.words.tokens.len()).find(|next| self.words.tokens[*next].is_punctuation());
        let part = place + 1..end.unwrap_or(self.words.tokens.len());
        let has_ended = part.into_iter().any(|next| OVER.contains(&self.words.word(next)) && self.is_telling_before(next));
        if self.is_heard_of_use(place) {
            return true;
        }
        is_said && (matches!(next, "they" | "it" | "that" | "he" | "she" | "we" | "che" | "non") || has_ended)
            // "my mentor confirmed nobody uses it".
            || is_certain && (matches!(next, "nobody" | "noone") || matches!((next, third), ("that" | "che", "nobody" | "no" | "nessuno" | "non") | ("no", "one")))
    }

    /// "is finished", "è conclusa".
    fn is_telling_before(&self, place: usize) -> bool {
        (place.saturating_sub(2)..place).any(|before| {
            matches!(self.words.word(before), "is" | "was" | "s" | "has" | "are" | "been" | "sono" | "stata" | "stato") || self.is_telling(before)
        })
    }

    /// "why do we still have a dmz?": who asks so wants no answer.
    pub(crate) fn asks_rhetorically(&self, start: usize) -> bool {
        let first = (start..self.marks.len()).find(|index| !self.marks[*index].is(&Meaning::Punctuation)).unwrap_or(start);
        let ahead = (first..self.marks.len().min(first + 8)).take_while(|index| !self.is_break(*index));
        let has_still = ahead
            .into_iter()
            .any(|index| (self.marks[index].from..self.marks[index].to).any(|place| matches!(self.words.word(place), "still" | "ancora")));
        // "why is build-01 off? turn it on".
        let is_off = (0..self.marks.len()).any(|index| self.switches(index).is_some_and(|(_, state)| state == crate::command::PowerState::On));
        (has_still || is_off)
            && self.marks.get(first).is_some_and(|mark| matches!(self.words.word(mark.from), "why" | "perche" | "how" | "come" | "what"))
    }

    /// "turn web-02 off, I need to check the cabling": what is switched may be switched again.
    fn tells_why_it_rests(&self, place: usize) -> bool {
        let is_switched = self.has(Verb::PowerOff).is_some() || (0..self.marks.len()).any(|index| self.switches(index).is_some());
        let takes_away = self.verbs().any(|(_, verb)| matches!(verb, Verb::Delete | Verb::Remove | Verb::RollBack));
        let word = |place: usize| self.words.word(place);
        let is_work = matches!(word(place), "check" | "controllare" | "verificare" | "controlla" | "verifica")
            && matches!(word(place + 1), "the" | "a" | "its" | "some" | "il" | "la" | "i" | "le" | "un" | "una");
        is_switched && !takes_away && is_work && place > 0 && matches!(word(place - 1), "to" | "devo" | "dobbiamo" | "per")
    }

    /// "can you delete cache-dev, is anybody using it?", and no "is that ok?".
    fn is_question_beside(&self, clause: &Range<usize>) -> bool {
        let words: Vec<&str> =
            clause.clone().flat_map(|index| self.marks[index].from..self.marks[index].to).map(|place| self.words.word(place)).collect();
        let opens = words.iter().find(|word| **word != ",").is_some_and(|word| matches!(*word, "is" | "are" | "does" | "do" | "has" | "did" | "who"));
        let is_polite = words.iter().any(|word| matches!(*word, "ok" | "okay" | "possible" | "fine" | "alright" | "that"));
        opens && words.contains(&"?") && words.len() > 3 && !is_polite
    }

    /// "potresti accendere build-01 che mi serve?": the mark belongs to the wish, and the reason asks nothing.
    fn ends_polite_wish(&self, clause: &Range<usize>) -> bool {
        let start = (0..clause.start).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let opens = |index: usize| self.marks.get(index).map_or("", |mark| self.words.word(mark.from));
        let is_wish = (start..clause.start).any(|index| self.marks[index].verb().is_some_and(is_grave))
            && (start..clause.start).any(|index| crate::lexicon::ASKING_POLITELY.contains(&opens(index)));
        is_wish && REASON_BEGINS.iter().chain(&["che"]).any(|phrase| length_of(phrase, self.words, self.marks[clause.start].from).is_some())
    }

    /// A word that would make more than a reason of its part, where it stands in no such sense.
    fn is_innocent(&self, place: usize) -> bool {
        let goes_back = || self.has(Verb::RollBack).or(self.names_former_state()).is_some();
        // "maybe I broke something with #66": a doubt about the past is none about the wish.
        let is_doubted = || matches!(self.words.word(place), "maybe" | "perhaps" | "forse" | "may" | "might") && self.tells_of_own_fault(place + 1);
        self.tells_a_fact(place)
            || is_doubted() && goes_back()
            || self.is_own_deed(place)
            || self.approves_else(place)
            || self.tells_since_when(place)
            || self.tells_state_again(place)
            || self.tells_of_trade(place)
            || self.tells_a_purpose(place)
            || self.is_fixed_phrase(place)
            || self.tells_why_it_rests(place)
            || (self.tells_of_later(place) || self.tells_of_earlier(place)) && goes_back()
    }

    /// "in the first place" is no order of things to be done.
    fn is_fixed_phrase(&self, place: usize) -> bool {
        self.words.word(place) == "first" && self.words.word(place + 1) == "place"
    }

    /// "it was only for a test".
    fn tells_a_purpose(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or("", |before| self.words.word(before));
        matches!(self.words.word(place), "only" | "solo" | "soltanto")
            && (matches!(before, "was" | "is" | "s" | "were" | "era" | "e" | "used" | "serviva" | "usata" | "usato" | "created" | "made")
                // "abbiamo fatto solo casini".
                || ["atto", "ato", "uto", "tto"].iter().any(|end| before.len() > 4 && before.ends_with(end))
                // "occupa solo posto", "it only eats memory".
                || place > 0 && self.is_telling(place - 1)
                || matches!(before, "it" | "they") && self.words.word(place + 1).ends_with('s'))
    }

    /// A denial of anything but use: "no", "never mind", "do not".
    fn denies_freely(&self, clause: &Range<usize>) -> bool {
        let (from, to) = (self.marks[clause.start].from, self.marks[clause.end - 1].to);
        let is_for_nothing = |place: usize| self.words.word(place) == "nothing" && place > from && self.words.word(place - 1) == "for";
        let is_free = |place: &usize| DENYING.contains(&self.words.word(*place)) && !is_for_nothing(*place) && !self.denies_by_telling(*place);
        (from..to).filter(is_free).any(|place| {
            let near = (place.saturating_sub(2).max(from)..place).chain(place + 1..to.min(place + 1 + DENIED_MAX));
            !near.into_iter().any(|other| DISUSED.contains(&self.words.word(other)))
        })
    }

    /// "everybody uses it", "la usano tutti": it is needed after all.
    fn is_needed(&self, clause: &Range<usize>) -> bool {
        let (from, to) = (self.marks[clause.start].from, self.marks[clause.end - 1].to);
        let is_denied = (from..to).any(|place| DENYING.contains(&self.words.word(place)) || matches!(self.words.word(place), "longer" | "piu"));
        let is_wanted = |place: usize| {
            let (word, before, behind) =
                (self.words.word(place), place.checked_sub(1).map_or("", |before| self.words.word(before)), self.words.word(place + 1));
            let is_of_it = matches!(before, "la" | "lo" | "li" | "le" | "ci" | "ne" | "is" | "are" | "e" | "still" | "ancora" | "s")
                || matches!(behind, "it" | "this" | "that" | "them" | "" | "." | "," | "!");
            NEEDED.contains(&word) && (is_of_it || matches!(word, "serve" | "servono"))
        };
        !is_denied && (from..to).any(is_wanted)
    }
}
