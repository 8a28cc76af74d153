//! In which environments shall nothing change? "1.5.0 in staging, prod stays on 1.4.2", "staging: 1.5.0; prod: nothing".

use crate::lexicon::{Operator, Verb};
use crate::mark::Meaning;

use super::Reader;

/// Beside an environment these say that it stays as it is.
#[rustfmt::skip]
const STAYING: &[&str] = &[
    "stays", "stay", "remains", "remain", "keeps", "keep", "leave", "leaving", "nothing", "unchanged", "untouched", "alone", "none", "no",
    "resta", "restano", "rimane", "rimangono", "tiene", "lascia", "lasciate", "lasciamo", "niente", "nulla", "invariata", "invariato", "invariate", "invariati", "intatta", "intatto",
];

impl Reader<'_> {
    /// Takes the meaning from the parts that name an environment that stays, where another one is named elsewhere.
    pub(crate) fn drop_environments_that_stay(&mut self) {
        let mut from = 0;
        while from < self.marks.len() {
            let to = (from..self.marks.len()).find(|place| self.marks[*place].is(&Meaning::Punctuation)).unwrap_or(self.marks.len());
            if self.is_left_as_it_is(from, to) {
                for place in from..to {
                    self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
                    self.use_mark(place);
                }
            }
            from = to + 1;
        }
    }

    fn is_left_as_it_is(&self, from: usize, to: usize) -> bool {
        let own = |place: &usize| self.marks[*place].environment();
        let Some(environment) = (from..to).find_map(|place| own(&place).cloned()) else { return false };
        let is_other = |place: &usize| own(place).is_some_and(|other| *other != environment);
        let is_elsewhere = (0..from).chain(to..self.marks.len()).any(|place| is_other(&place));
        let is_one = !(from..to).any(|place| is_other(&place));
        let stays = |place: usize| STAYING.contains(&self.words.word(self.marks[place].from));
        let opens = (from..to).find(|place| !matches!(self.words.word(self.marks[*place].from), "and" | "but" | "e" | "ma" | "in" | "only"));
        // "not prod", "but not in prod".
        let is_denied = opens.is_some_and(|place| matches!(self.words.word(self.marks[place].from), "not" | "non")) && to - from <= 5;
        let names = (from..to).any(|place| self.marks[place].named().is_some() || self.marks[place].thing().is_some());
        let orders = (from..to).any(|place| self.is_order(place) && !stays(place));
        let waits =
            (from..to).any(|place| matches!(self.marks[place].operator(), Some(Operator::Condition | Operator::Schedule | Operator::Sequence)));
        // "staging has 2 web replicas, prod needs 4": how it is where nothing is asked for.
        let has = |place: usize| {
            matches!(self.words.word(self.marks[place].from), "has" | "runs" | "ha" | "gira") && place > from && own(&(place - 1)).is_some()
        };
        let wishes = |place: &usize| {
            self.is_order(*place) || matches!(self.words.word(self.marks[*place].from), "needs" | "should" | "gets" | "wants" | "deve" | "serve")
        };
        let is_told = (from..to).any(has) && (0..from).chain(to..self.marks.len()).any(|place| wishes(&place));
        let orders = orders && !(is_told && (from..to).all(|place| !self.is_order(place) || self.marks[place].verb() == Some(Verb::Scale)));
        is_elsewhere && is_one && !orders && !waits && (is_told || !names && (is_denied || (from..to).any(stays)))
    }
}
