//! Which words of a reason only tell what is, was or is heard? "since 1.4.0", "two sprints ago", "I am told nobody uses it".

use crate::lexicon::{DENYING, DISUSED};
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// "nothing points at it since 1.4.0", "it broke the 1.4.2 smoke tests": of what a reason tells, and no value that is wished.
    pub(super) fn is_version_told(&self, place: usize) -> bool {
        place > 0
            && matches!(
                self.words.word(place - 1),
                "since" | "with" | "the" | "after" | "our" | "in" | "version" | "release" | "dalla" | "da" | "dal" | "con" | "la" | "il" | "della"
            )
    }

    /// "I am told nobody looks at it", "mi han detto che non serve più": what is heard of its use, and no wish.
    pub(super) fn is_heard_of_use(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or("", |before| self.words.word(before));
        let is_heard = match self.words.word(place) {
            "told" => matches!(before, "am" | "m" | "was" | "been" | "were" | "are" | "re"),
            "detto" => matches!(before, "han" | "hanno" | "ha") && self.words.word(place + 1) == "che",
            "dicono" => self.words.word(place + 1) == "che",
            _ => false,
        };
        let end = (place + 1..self.words.tokens.len()).find(|next| self.words.tokens[*next].is_punctuation());
        let mut part = place + 1..end.unwrap_or(self.words.tokens.len());
        let is_denied = part.clone().any(|next| DENYING.contains(&self.words.word(next)) || matches!(self.words.word(next), "longer" | "piu"));
        is_heard && is_denied && part.any(|next| DISUSED.contains(&self.words.word(next)))
    }

    /// "for two years", "two sprints ago", "paying for two containers": a number in words is no value.
    pub(super) fn is_time_or_one(&self, index: usize, quantity: Quantity) -> bool {
        let behind = self.marks.get(index + 1).map_or("", |next| self.words.word(next.from));
        let is_time = [
            "year",
            "years",
            "month",
            "months",
            "week",
            "weeks",
            "day",
            "days",
            "hour",
            "hours",
            "anni",
            "anno",
            "mesi",
            "mese",
            "settimane",
            "giorni",
            "ore",
            "sprints",
            "sprint",
            "quarters",
            "semesters",
            "terms",
            "releases",
            "iterations",
            "decades",
            "minutes",
            "seconds",
            "times",
            "settimana",
            "trimestri",
            "semestri",
            "minuti",
            "secondi",
            "volte",
        ]
        .contains(&behind);
        matches!(quantity, Quantity::Factor(..)) && !self.text(index).contains(|letter: char| letter.is_ascii_digit())
            || matches!(quantity, Quantity::Number(_) if is_time || !self.text(index).contains(|letter: char| letter.is_ascii_digit()))
    }

    /// "we have stopped paying", "è stata spenta": what was done, and no wish.
    pub(super) fn tells_what_was_done(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or("", |before| self.words.word(before));
        // "we stopped using it two sprints ago".
        if self.words.word(place) == "stopped" && self.words.word(place + 1).ends_with("ing") {
            return true;
        }
        let is_being = place.checked_sub(1).is_some_and(|before| matches!(self.words.tokens[before].text.as_str(), "è" | "È"));
        is_being
            || matches!(
                before,
                "risulta"
                    | "risultano"
                    | "era"
                    | "erano"
                    | "sembra"
                    | "pare"
                    | "is"
                    | "are"
                    | "have"
                    | "has"
                    | "had"
                    | "ve"
                    | "was"
                    | "were"
                    | "ho"
                    | "hanno"
                    | "ha"
                    | "hai"
                    | "avete"
                    | "abbiamo"
                    | "stato"
                    | "stata"
                    | "stati"
                    | "state"
            )
    }

    /// "forse ho combinato un guaio", "maybe we broke it".
    pub(super) fn tells_of_own_fault(&self, place: usize) -> bool {
        (place..place + 3).any(|next| matches!(self.words.word(next), "i" | "we" | "it" | "ho" | "abbiamo" | "e" | "ha" | "hanno"))
    }
}
