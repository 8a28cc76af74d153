//! What did the author take back in the same breath? "web-01 a 6 core... anzi no scusa, web-02 a 6 core".
//!
//! What stands behind such a word takes the place of what stands before it, kind by kind: a name of a name, an amount of an amount. What
//! cannot be taken back later is never read so: there the author says it again.

use crate::lexicon::{Operator, Verb};
use crate::mark::{Mark, Meaning};
use crate::quantity::Quantity;

use super::Reader;
use super::orders::is_grave;

/// What can take the place of what.
type Kind = fn(&Mark) -> bool;

const KINDS: [Kind; 6] = [
    |mark| mark.named().is_some_and(|named| !named.is_set),
    |mark| matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Sizes(..))),
    |mark| matches!(mark.quantity(), Some(Quantity::Number(_) | Quantity::Thousandths(_))),
    |mark| mark.ip().or(mark.cidr()).is_some(),
    |mark| mark.environment().is_some(),
    |mark| mark.image().or(mark.version()).is_some(),
];

impl Reader<'_> {
    pub(super) fn drop_what_is_corrected(&mut self) {
        let is_away = |verb: Verb| is_grave(verb) || matches!(verb, Verb::Create | Verb::Clone | Verb::Adopt | Verb::Promote);
        if self.verbs().any(|(_, verb)| is_away(verb)) {
            return;
        }
        let Some(index) = (1..self.marks.len()).find(|index| self.corrects(*index)) else { return };
        let holds = |from: usize, to: usize, kind: &Kind| self.marks[from..to].iter().any(kind);
        let behind: Vec<&Kind> = KINDS.iter().filter(|kind| holds(index + 1, self.marks.len(), kind)).collect();
        let corrected: Vec<&Kind> = behind.iter().copied().filter(|kind| holds(0, index, kind)).collect();
        // "wait, and web-02, too" adds.
        let adds = (index..self.marks.len()).any(|place| matches!(self.word(place), "and" | "e" | "ed" | "also" | "anche" | "too" | "both" | "pure"));
        let is_first = |kind: &Kind| self.marks[..index].iter().filter(|mark| kind(mark)).count() == 1;
        let denies = (index + 1..self.marks.len()).any(|place| {
            self.marks[place].operator() == Some(Operator::Negation) || matches!(self.marks[place].operator(), Some(Operator::Correction))
        });
        if corrected.is_empty() || adds || denies || corrected.len() != behind.len() || !corrected.iter().all(|kind| is_first(kind)) {
            return;
        }
        let dropped: Vec<usize> = (0..index).filter(|place| corrected.iter().any(|kind| kind(&self.marks[*place]))).collect();
        for place in dropped.into_iter().chain([index]) {
            self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
            self.use_mark(place);
        }
        for place in index + 1..self.marks.len() {
            if matches!(self.word(place), "no" | "sorry" | "scusa" | "scusate" | "pardon") {
                self.use_mark(place);
            }
        }
    }

    /// "Ubuntu 24.04 exactly (not 22.04)", "redis:7.4 (e non 7.2)": beside a value, in brackets, the one that it is not.
    pub(super) fn drop_what_it_is_not(&mut self) {
        for open in 1..self.marks.len() {
            let Some(close) = (open + 1..self.marks.len().min(open + 6)).find(|place| self.text(*place) == ")").filter(|_| self.text(open) == "(")
            else {
                continue;
            };
            let is_denial = |place: usize| matches!(self.text(place).to_lowercase().as_str(), "not" | "non" | "e non" | "and not" | "mica" | "no");
            let is_led = |place: &usize| is_denial(*place) || matches!(self.word(*place), "the" | "il" | "la" | "and" | "e" | "ubuntu" | "debian");
            let value = (open + 1..close).find(|place| !is_led(place));
            let is_same = |value: usize| {
                let kinds = KINDS.iter().filter(|kind| kind(&self.marks[value])).collect::<Vec<_>>();
                (open.saturating_sub(4)..open).any(|before| kinds.iter().any(|kind| kind(&self.marks[before])))
            };
            let is_value_alone = value.is_some_and(|value| value + 1 == close && self.marks[value].named().is_none() && is_same(value));
            if !is_value_alone || !(open + 1..close).any(is_denial) {
                continue;
            }
            for place in open + 1..close {
                self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
                self.use_mark(place);
            }
        }
    }

    /// "give 8GB to web-02, not to web-01": the other one is named to be told apart.
    pub(super) fn drop_who_is_left_out(&mut self) {
        if self.verbs().any(|(_, verb)| is_grave(verb) || matches!(verb, Verb::Create | Verb::Clone | Verb::Adopt | Verb::Promote)) {
            return;
        }
        for index in 0..self.marks.len() {
            let is_denial = matches!(
                self.text(index).to_lowercase().as_str(),
                "not" | "non" | "but not" | "ma non" | "mica" | "nothing" | "niente" | "nulla" | "none"
            );
            let is_led = |place: &usize| {
                matches!(self.word(*place), "to" | "for" | "on" | "of" | "a" | "per" | "su" | "di" | "la" | "il" | "the" | "al" | "alla")
            };
            let Some(name) = (index + 1..self.marks.len()).find(|place| !is_led(place)).filter(|_| is_denial) else { continue };
            if self.is_field_left_out(name) {
                for place in index..=name {
                    self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
                    self.use_mark(place);
                }
                continue;
            }
            let Some(left_out) = self.marks[name].named().filter(|named| named.how <= crate::names::How::Alias).cloned() else { continue };
            let is_end = |place: usize| {
                self.marks.get(place).is_none_or(|mark| mark.is(&Meaning::Punctuation))
                    || matches!(self.word(place), "so" | "quindi" | "please" | "pls" | "though" | "pero")
            };
            let is_other = |place: usize| {
                let named = self.marks[place].named();
                place != name && named.is_some_and(|named| named.how <= crate::names::How::Alias && named.addresses.is_disjoint(&left_out.addresses))
            };
            let is_named_again = (0..self.marks.len())
                .any(|place| place != name && self.marks[place].named().is_some_and(|named| !named.addresses.is_disjoint(&left_out.addresses)));
            // "not web-01 but web-02".
            let turns = matches!(self.word(name + 1), "but" | "ma") && self.marks.get(name + 2).is_some_and(|mark| mark.named().is_some());
            if !(is_end(name + 1) || turns) || is_named_again || !(0..self.marks.len()).any(is_other) {
                continue;
            }
            let last = if turns { name + 1 } else { name };
            for place in index..=last {
                self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
                self.use_mark(place);
            }
        }
    }

    /// "give web-02 80GB, not the disk": the field that an amount is not of.
    fn is_field_left_out(&self, index: usize) -> bool {
        let is_amount = |place: usize| self.marks[place].concept().is_some_and(super::amounts::is_amount);
        let ends = self.marks.get(index + 1).is_none_or(|mark| mark.is(&Meaning::Punctuation));
        is_amount(index) && ends && self.marks[..index].iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Size(_))))
    }

    /// "anzi no", "no wait", "I mean": said of what was said, and not of what shall be renamed.
    fn corrects(&self, index: usize) -> bool {
        let is_word = matches!(
            self.text(index).to_lowercase().as_str(),
            "anzi"
                | "no aspetta"
                | "volevo dire"
                | "no wait"
                | "wait no"
                | "i mean"
                | "i meant"
                | "scratch that"
                | "actually no"
                | "make that"
                | "or rather"
                | "correction"
        );
        is_word && self.marks[index].operator() == Some(Operator::Correction)
    }
}
