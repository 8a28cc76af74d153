//! What stays when something else goes? "delete grafana but keep its volume", "remove cache-dev, cache stays".
//!
//! Said of other things, or of a volume that is a resource of its own, it limits nothing. Said of what is to go it is a contradiction, and
//! is left to be refused.

use std::collections::BTreeSet;
use std::ops::Range;

use core_model::Address;

use crate::lexicon::{KEEPING, Operator, STAYING, Thing, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;
use super::orders::is_grave;

/// More words than this that are not known say more than that something stays.
const UNKNOWN_MAX: usize = 3;
/// So far behind "but" it is said that something stays.
const STAYING_MAX: usize = 8;

/// Words for what a volume holds.
const DATA: [&str; 8] = ["data", "volume", "volumes", "disk", "dati", "volumi", "storage", "dashboards"];
/// Words for all that was not named.
const REST: [&str; 12] = ["else", "rest", "others", "other", "untouched", "resto", "altri", "altre", "altro", "everything", "tutto", "one"];

impl Reader<'_> {
    /// "but keep its volume", "ma lascia cache": a part of its own begins here.
    pub(crate) fn turns_to_what_stays(&self, index: usize) -> bool {
        let is_turn = matches!(self.words.word(self.marks[index].from), "but" | "ma" | "pero" | "though" | "while" | "mentre" | "and" | "e" | "only");
        let from = self.marks[index].from;
        let keeps = |place: usize| KEEPING.iter().any(|phrase| length_of(phrase, self.words, place).is_some());
        let ahead = || (from + 1..self.words.tokens.len().min(from + STAYING_MAX)).take_while(|place| !self.words.tokens[*place].is_punctuation());
        let stays = || ahead().any(|place| STAYING.iter().any(|phrase| length_of(phrase, self.words, place).is_some()));
        let has_order = || ahead().any(|place| self.marks.iter().any(|mark| mark.from == place && mark.verb().is_some_and(is_grave)));
        // "but keep": begins with "but".
        let is_behind_turn = index.checked_sub(1).is_some_and(|before| {
            matches!(self.words.word(self.marks[before].from), "but" | "ma" | "pero" | "and" | "e" | "only" | "while" | "mentre")
        });
        keeps(from) && self.marks[index].operator().is_some() && !has_order() && !is_behind_turn
            || is_turn && !has_order() && (keeps(from + 1) || self.words.word(from) != "e" && stays())
            || self.marks[index].operator() == Some(Operator::Exception) && matches!(self.text(index).as_str(), "but not" | "ma non")
    }

    /// Whether a part says that something else stays, and nothing more.
    pub(crate) fn is_kept(&self, clause: &Range<usize>, meant: &BTreeSet<Address>) -> bool {
        let places = || clause.clone().flat_map(|index| self.marks[index].from..self.marks[index].to);
        let is_at = |phrases: &[&str]| places().any(|place| phrases.iter().any(|phrase| length_of(phrase, self.words, place).is_some()));
        let opens = clause.clone().find(|index| !self.marks[*index].is(&Meaning::Ignored) && !self.marks[*index].is(&Meaning::Punctuation));
        let is_denied = opens.is_some_and(|index| matches!(self.text(index).to_lowercase().as_str(), "not" | "non" | "but not" | "ma non"));
        if meant.is_empty() || !(is_at(KEEPING) || is_at(STAYING) || is_denied) {
            return false;
        }
        let named: BTreeSet<&Address> =
            clause.clone().filter_map(|index| self.marks[index].named()).flat_map(|named| named.addresses.iter()).collect();
        let is_data = |index: usize| self.marks[index].thing() == Some(Thing::Volume) || DATA.contains(&self.words.word(self.marks[index].from));
        let says_data = clause.clone().any(is_data);
        let says_rest = clause.clone().any(|index| REST.contains(&self.words.word(self.marks[index].from)));
        let is_other = if named.is_empty() {
            says_data && self.keeps_data_apart(meant) || says_rest && !says_data
        } else {
            named.iter().all(|address| !meant.contains(address))
        };
        let unknown = clause.clone().filter(|index| self.marks[*index].is(&Meaning::Other)).count();
        is_other && unknown <= UNKNOWN_MAX && clause.clone().all(|index| self.may_stand_beside_what_stays(index) || is_data(index))
    }

    fn may_stand_beside_what_stays(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_free = mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation) || mark.named().is_some() || mark.thing().is_some();
        let is_word = mark.is(&Meaning::Other) && !self.is_data(index) && !self.is_name_like(index);
        let is_turn = matches!(mark.operator(), Some(Operator::Negation | Operator::Exception));
        // "keep the volume running", "do not delete it".
        let is_telling =
            mark.verb().is_some_and(|verb| matches!(verb, Verb::Want | Verb::Set | Verb::Delete | Verb::Remove)) && !mark.is(&Meaning::Other);
        let is_denied = index.checked_sub(1).is_some_and(|before| self.marks[before].operator() == Some(Operator::Negation));
        is_free || is_word || is_turn || is_telling && (is_denied || mark.verb().is_some_and(|verb| !is_grave(verb)))
    }

    /// Whether what is to go has its data in volumes that are resources of their own.
    fn keeps_data_apart(&self, meant: &BTreeSet<Address>) -> bool {
        let has_volume = |address: &Address| {
            let mounts = self.view.in_scope(None, address).and_then(|resource| resource.spec("mounts")).and_then(serde_json::Value::as_array);
            mounts.into_iter().flatten().any(|mount| mount.get("storage").is_some())
        };
        meant.iter().all(has_volume)
    }

    /// "butta giu web-02, definitivamente: la vm va cancellata": the same order in other words, for nothing else.
    pub(crate) fn says_it_again(&self, clause: &Range<usize>, verb: usize, meant: &BTreeSet<Address>) -> bool {
        let is_away = |verb: Option<Verb>| matches!(verb, Some(Verb::Delete | Verb::Remove));
        let is_same = |index: usize| is_away(self.marks[index].verb()) && is_away(self.marks[verb].verb());
        let is_free = |index: usize| {
            let mark = &self.marks[index];
            let names_meant = mark.named().is_some_and(|named| named.addresses.iter().all(|address| meant.contains(address)));
            let is_kind = mark.named().is_none() && matches!(mark.thing(), Some(Thing::VirtualMachine | Thing::Container | Thing::Machine));
            let is_emphasis = matches!(
                self.words.word(mark.from),
                "definitivamente"
                    | "intendo"
                    | "proprio"
                    | "completamente"
                    | "really"
                    | "completely"
                    | "permanently"
                    | "definitely"
                    | "good"
                    | "entirely"
                    | "forever"
            );
            let is_place = super::beside::PLACES.contains(&self.words.word(mark.from));
            names_meant || is_kind || is_place || is_emphasis || is_same(index) || mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation)
        };
        let denies = clause
            .clone()
            .any(|index| (self.marks[index].from..self.marks[index].to).any(|place| crate::lexicon::DENYING.contains(&self.words.word(place))));
        clause.clone().any(is_same) && !denies && clause.clone().all(is_free)
    }
}
