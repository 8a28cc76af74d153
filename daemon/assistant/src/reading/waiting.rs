//! Does the text wait for something, or only tell of times and conditions? A blueprint says how things are, and not when.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{ASKING_IF, CONDITIONAL, Concept, length_of, timely};
use crate::mark::Meaning;

use super::Reader;

/// What begins something to wait for.
#[rustfmt::skip]
const WAITING: &[&str] = &[
    "when", "whenever", "as soon as", "once the", "once it", "once they", "once this", "once we", "after the", "after it", "after they", "until", "unless",
    "quando", "appena", "finche", "qualora", "dopo che", "dopo il", "dopo la", "dopo lo", "una volta che",
];

/// More words than this before "when" say more than that it is meant.
const REFERENCE_MAX: usize = 4;

/// What is done at regular times by others.
const REGULAR: [&str; 10] = ["builds", "build", "jobs", "job", "tests", "test", "traffic", "load", "peak", "run"];

/// What people count that no field holds.
const COUNTED: &[&str] =
    &["users", "customers", "jobs", "builds", "tests", "people", "developers", "services", "workloads", "sites", "colleagues", "utenti", "clienti"];

/// Words of what was. A value beside them is told, where nobody asks for anything.
#[rustfmt::skip]
const WAS: &[&str] = &[
    "was", "were", "had", "gave", "moved", "ran", "got", "upgraded", "raised", "increased", "doubled", "unused",
    "era", "erano", "aveva", "avevano", "dato", "spostato", "spostata", "messo", "alzato",
];

impl Reader<'_> {
    /// "web-02 was given 8GB yesterday", "I gave web-02 8GB": what was done, in one sentence that asks for nothing.
    pub(super) fn tells_of_what_was(&self) -> bool {
        let is_participle = |index: usize| {
            let before = index.checked_sub(1).map_or("", |before| self.words.word(self.marks[before].from));
            WAS.contains(&before)
                || matches!(before, "has" | "have" | "been" | "ha" | "hanno" | "abbiamo" | "ho" | "i" | "we" | "they" | "he" | "she")
        };
        let asks = (0..self.marks.len()).any(|index| {
            let is_modal = matches!(
                self.words.word(self.marks[index].from),
                "should"
                    | "must"
                    | "shall"
                    | "please"
                    | "pls"
                    | "plz"
                    | "can"
                    | "could"
                    | "would"
                    | "may"
                    | "need"
                    | "needs"
                    | "want"
                    | "deve"
                    | "devono"
                    | "dovrebbe"
                    | "vorrei"
                    | "serve"
                    | "servono"
            );
            is_modal || self.is_order(index) && !is_participle(index)
        });
        let was = self.words.tokens.iter().any(|token| WAS.contains(&token.fold.as_str()));
        // "it had 4 GB, 8 is better": another part gives the value.
        let end = self.marks.iter().rposition(|mark| !mark.is(&Meaning::Punctuation)).map_or(0, |last| last + 1);
        let is_one = self.marks[..end].iter().all(|mark| !mark.is(&Meaning::Punctuation));
        was && is_one && !asks
    }

    /// "when the migration is finished": not now, and nobody here knows when.
    pub(super) fn is_conditional(&self, draft: &Draft) -> bool {
        let is_politeness = |place: usize| timely(self.words, place).is_some();
        let is_wish = |mark: &crate::mark::Mark| ASKING_IF.iter().any(|phrase| length_of(phrase, self.words, mark.from).is_some());
        let is_free = |mark: &crate::mark::Mark| !mark.is(&Meaning::Punctuation) && !is_wish(mark);
        // "it was fine on Wednesday, when I gave my demo. go back to that": when it was, and not when it shall be.
        let tells_when = |index: usize, order: &super::orders::Order| {
            let is_back = self.marks.get(order.verb).and_then(crate::mark::Mark::verb) == Some(crate::lexicon::Verb::RollBack);
            is_back
                && matches!(self.word(index), "when" | "quando")
                && !order.clause().contains(&index)
                && self.marks[..index].iter().any(|mark| mark.past().is_some())
        };
        let is_aside = |index: usize| self.order().is_some_and(|order| order.is_aside(index) || tells_when(index, order));
        let mut unread = self.marks.iter().enumerate().filter(|(index, mark)| !self.is_used(*index) && !is_aside(*index) && is_free(mark));
        let is_back = draft.command.value == CommandName::RollBack;
        // "back to a1b2c3d, whatever came after is broken".
        let is_later = |place: usize| is_back && self.tells_of_later(place);
        unread.any(|(_, mark)| {
            (mark.from..mark.to).any(|place| CONDITIONAL.contains(&self.words.word(place)) && !is_politeness(place) && !is_later(place))
        })
    }

    /// "the nightly builds": of which builds, not when something shall be done.
    pub(super) fn is_adjective(&self, index: usize) -> bool {
        let next = index + 1;
        let is_noun = self.marks.get(next).is_some_and(|mark| mark.is(&Meaning::Other)) || REGULAR.contains(&self.word(next));
        // "tomorrow's demo".
        if self.word(index + 1) == "s" {
            return true;
        }
        matches!(self.word(index), "nightly" | "weekly" | "daily" | "hourly" | "monthly") && is_noun && self.marks[next].verb().is_none()
    }

    /// "tomorrow is the go-live", "the config doesn't matter for now": a part that only tells has its time, too.
    pub(super) fn tells_of_time(&self, index: usize) -> bool {
        let is_edge = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || matches!(self.word(*place), "and" | "e" | "so" | "quindi");
        let from = (0..index).rev().find(is_edge).map_or(0, |place| place + 1);
        let to = (index..self.marks.len()).find(|place| is_edge(place) || self.has_colon(self.marks[*place].to - 1) && *place > index);
        let mut part = from..to.unwrap_or(self.marks.len());
        let wishes = part.clone().any(|place| {
            let mark = &self.marks[place];
            self.is_order(place) || mark.quantity().is_some() || mark.image().or(mark.version()).is_some() || mark.assignment().is_some()
        });
        let is_alone = part.len() == self.marks.len();
        // "..., that is for tomorrow": of what is asked for.
        let refers = part.clone().take(3).any(|place| {
            matches!(
                self.words.word(self.marks[place].from),
                "that" | "this" | "it" | "its" | "which" | "questo" | "questa" | "quello" | "tutto" | "do" | "done"
            )
        });
        !wishes && !refers && !is_alone && part.any(|place| self.is_telling(self.marks[place].from))
    }

    /// "It is short of memory whenever two kernels compile. Please raise it": a sentence of its own that tells, and wishes for nothing.
    pub(super) fn tells_of_condition(&self, index: usize) -> bool {
        let from = (0..index).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let to = (index..self.marks.len()).find(|place| self.is_break(*place)).unwrap_or(self.marks.len());
        let wishes = (from..to).any(|place| {
            let mark = &self.marks[place];
            self.is_order(place) || self.is_amount_given(place) || mark.image().or(mark.version()).is_some() || mark.assignment().is_some()
        });
        // "That's only when the backup is done": of what is asked for, and only a habit tells.
        let refers = (from..index)
            .any(|place| matches!(self.words.word(self.marks[place].from), "that" | "this" | "which" | "only" | "solo" | "questo" | "quello"));
        let is_habit = matches!(self.word(index), "whenever" | "when" | "quando");
        let asks_later = (to..self.marks.len()).any(|place| self.is_order(place) || self.is_amount_given(place));
        let tells = is_habit && asks_later && !refers && (from..index).any(|place| self.is_telling(self.marks[place].from));
        tells && !wishes && to < self.marks.len() && !self.opens_sentence(index)
    }

    /// "restart always if it crashes": what the policy is there for.
    pub(super) fn is_occasion_of_policy(&self, index: usize, draft: &Draft) -> bool {
        let sets_policy = draft.wishes.iter().any(|wish| wish.field == crate::draft::FieldName::Concept(Concept::RestartPolicy));
        let ahead = (index + 1..self.marks.len().min(index + 4)).take_while(|place| !self.is_break(*place));
        let is_crash = |place: usize| {
            matches!(
                self.word(place),
                "cade"
                    | "crasha"
                    | "muore"
                    | "fallisce"
                    | "crashes"
                    | "crash"
                    | "dies"
                    | "fails"
                    | "falls"
                    | "stops"
                    | "reboots"
                    | "goes"
                    | "pianta"
                    | "spegne"
            )
        };
        sets_policy && ahead.into_iter().any(is_crash)
    }

    /// "two kernels" counts what nothing here has; "two cores" and "two gigs" are amounts.
    pub(crate) fn is_amount_given(&self, place: usize) -> bool {
        let is_number = matches!(self.marks[place].quantity(), Some(crate::quantity::Quantity::Number(_)));
        let has_noun = self
            .marks
            .get(place + 1)
            .is_some_and(|next| (next.is(&Meaning::Other) && !self.is_data(place + 1)) || COUNTED.contains(&self.word(place + 1)));
        self.marks[place].quantity().is_some() && !(is_number && has_noun)
    }

    /// "give cache 2GB when the backup is finished": not now. "It swaps when the builds run, give it 8GB" only tells.
    pub(super) fn waits_for_something(&self) -> bool {
        let is_polite = |place: usize| timely(self.words, place).is_some();
        let waits = |index: usize| {
            let from = self.marks[index].from;
            WAITING.iter().any(|phrase| length_of(phrase, self.words, from).is_some()) && !is_polite(from)
        };
        (0..self.marks.len()).any(|index| waits(index) && self.is_order_that_waits(index))
    }

    /// Whether the word stands in the part that asks, right behind it ("..., when it is done") or right before it ("when it is done, ...").
    pub(super) fn is_order_that_waits(&self, index: usize) -> bool {
        let is_mark = |place: usize| self.marks[place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(|place| is_mark(*place)).map_or(0, |place| place + 1);
        let end = (index..self.marks.len()).find(|place| is_mark(*place)).unwrap_or(self.marks.len());
        let asks = |from: usize, to: usize| {
            (from..to).any(|place| {
                let mark = &self.marks[place];
                self.is_amount_given(place)
                    || mark.image().or(mark.version()).is_some()
                    || mark.assignment().is_some()
                    || mark.cidr().or(mark.ip()).is_some()
            })
        };
        let opens = self.marks[start..index].iter().all(|mark| mark.is(&Meaning::Ignored));
        // "Give it 8GB. That's for when the backup is done."
        let refers = (start..index).any(|place| matches!(self.words.word(self.marks[place].from), "that" | "this" | "questo" | "quello"));
        if refers && index - start <= REFERENCE_MAX && start > 0 {
            return true;
        }
        let before = start
            .checked_sub(1)
            .filter(|place| self.text(*place) == ",")
            .map(|comma| ((0..comma).rev().find(|place| is_mark(*place)).map_or(0, |place| place + 1), comma));
        let behind = Some(end)
            .filter(|place| *place < self.marks.len() && self.text(*place) == ",")
            .map(|comma| (comma + 1, (comma + 1..self.marks.len()).find(|place| is_mark(*place)).unwrap_or(self.marks.len())));
        asks(start, end) || opens && [before, behind].into_iter().flatten().any(|(from, to)| asks(from, to))
    }

    /// Whether nothing that was read or could be a value stands right beside an "or".
    pub(super) fn is_idle_choice(&self, index: usize) -> bool {
        let is_or = matches!(self.word(index), "or" | "o");
        let is_idle = |place: Option<usize>| {
            place.and_then(|place| self.marks.get(place).map(|mark| (place, mark))).is_some_and(|(place, mark)| {
                let is_word = mark.is(&Meaning::Other) && !self.is_name_like(place) && !self.is_data(place)
                    || matches!(self.word(place), "i" | "we" | "else" | "reboot" | "restart")
                    || mark.verb() == Some(crate::lexicon::Verb::PowerCycle);
                is_word && (!self.is_used(place) || mark.verb().is_some())
            })
        };
        is_or && is_idle(Some(index + 1)) && (is_idle(index.checked_sub(1)) || matches!(self.word(index + 1), "i" | "we" | "else"))
    }
}
