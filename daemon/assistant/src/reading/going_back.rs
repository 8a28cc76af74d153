//! What is taken back, or gone back to? A change by its number or commit, a moment, or the last change; of some resources, or of all.

use crate::draft::Draft;
use crate::lexicon::{Verb, length_of};
use crate::mark::Meaning;
use crate::past::Past;
use crate::source::Sourced;

use super::Reader;
use super::orders::Order;

/// Words for how things were, and for what holds all of them.
#[rustfmt::skip]
const FORMER: &[&str] = &[
    "merged", "merging", "deployed", "shipped", "applied", "roll", "back", "indietro", "changes", "modifiche", "modification", "cambiamenti", "everything", "deploys", "merges", "state", "situation", "point", "version",
    "way", "stato", "situazione", "punto", "com", "era", "stava", "stavano", "erano", "things", "thing", "looked", "worked", "stuff", "cose", "cosa", "merge", "clock",
    "repo", "repository", "infra", "infrastructure", "infrastruttura", "moment", "momento", "exact", "exactly", "exact same", "esatto", "esattamente", "preciso", "data", "alla data", "date", "original", "working", "there", "li", "it", "config", "configs", "configurations", "stand", "applying", "deploying", "avevamo", "had", "facessimo", "mergiassimo", "fosse", "venisse", "stata", "arrivasse", "made", "done", "landed", "went", "came", "introduced", "introdotte", "introdotto", "fatte", "fatta",
];

/// Words by which a part of a text tells that all was well, and not what somebody did.
#[rustfmt::skip]
const WELL: &[&str] = &["fine", "ok", "okay", "good", "well", "worked", "working", "works", "healthy", "stable", "perfect", "perfectly", "funzionava", "funzionavano", "funzionante", "andava", "andavano", "bene", "girava", "giravano", "stabile", "perfetto"];

/// What was changed behind the moment that is gone back to.
#[rustfmt::skip]
const LATER: &[&str] = &["after", "afterwards", "later", "since", "dopo", "poi", "allora", "successivamente"];

impl Reader<'_> {
    pub(crate) fn fill_roll_back(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::RollBack, Verb::Set, Verb::Move, Verb::Want, Verb::Remove]);
        for index in 0..self.marks.len() {
            // "since Tuesday it behaves strangely, put it back to Tuesday at 14:00": a reason has its times, too.
            let is_meant = self.order().is_none_or(|order| !order.is_aside(index)) || !self.has_meant_past();
            let Some(past) = self.marks[index].past().filter(|_| is_meant) else { continue };
            if draft.past.is_none() {
                draft.past = Some(Sourced::new(past.clone(), self.source(index, index)));
                self.use_mark(index);
            } else if draft.past.as_ref().is_some_and(|known| known.value == *past) {
                // "Subject: rollback of #57. Please revert #57."
                self.use_mark(index);
            }
        }
        self.read_before_it(draft);
        self.drop_places_of_damage();
        self.use_nouns_of_change();
        self.read_resources(draft);
        self.read_environments(draft);
        self.use_things();
        // "back to the state before #31", "com'era ieri".
        for index in 0..self.marks.len() {
            if self.marks[index].is(&Meaning::Other) && FORMER.contains(&self.word(index)) {
                self.use_mark(index);
            }
        }
    }

    /// "pull request 57 broke it. Take us back to just before it was merged": what stands before it, and not the request alone.
    fn read_before_it(&self, draft: &mut Draft) {
        let is_merged = |place: usize| {
            matches!(
                self.words.word(place),
                "was" | "were" | "got" | "landed" | "went" | "came" | "merged" | "venisse" | "fosse" | "mergiata" | "unita"
            )
        };
        let is_it = |place: usize| match self.words.word(place) {
            "before" => matches!(self.words.word(place + 1), "it" | "that" | "this") && is_merged(place + 2),
            "prima" => self.words.word(place + 1) == "che" && (place + 2..place + 4).any(is_merged),
            _ => false,
        };
        // "undo #57, before it was merged all was well" tells: only what is gone back to lies before it.
        let leads_back = |place: usize| {
            (place.saturating_sub(6)..place).any(|before| {
                matches!(
                    self.words.word(before),
                    "back" | "return" | "torna" | "tornare" | "torniamo" | "state" | "stato" | "riporta" | "riportare" | "restore" | "ripristina"
                )
            }) && (place.saturating_sub(6)..place).all(|before| self.words.word(before) != ",")
        };
        let says_before = (0..self.words.tokens.len()).any(|place| is_it(place) && leads_back(place));
        if let Some(past) = draft.past.as_mut().filter(|_| says_before)
            && let Past::PullRequest(number) = past.value
        {
            past.value = Past::BeforePullRequest(number);
        }
    }

    /// "last night's deploy", "il deploy di ieri": by another name, what was merged then.
    fn use_nouns_of_change(&self) {
        let is_past = |place: Option<usize>| place.and_then(|place| self.marks.get(place)).is_some_and(|mark| mark.past().is_some());
        for index in 0..self.marks.len() {
            let is_noun = matches!(
                self.word(index),
                "deploy"
                    | "deploys"
                    | "deployment"
                    | "deployments"
                    | "release"
                    | "rollout"
                    | "push"
                    | "apply"
                    | "update"
                    | "upgrade"
                    | "aggiornamento"
                    | "made"
                    | "done"
            );
            let stands_by = is_past(index.checked_sub(1)) || is_past(index.checked_sub(2)) || is_past(Some(index + 1)) || is_past(Some(index + 2));
            if is_noun && stands_by {
                self.use_mark(index);
            }
        }
    }

    fn has_meant_past(&self) -> bool {
        (0..self.marks.len()).any(|index| self.marks[index].past().is_some() && self.order().is_none_or(|order| !order.is_aside(index)))
    }

    /// "#57 broke the database of staging, revert it": what a change did is no bound of what is taken back.
    fn drop_places_of_damage(&self) {
        let Some(order) = self.order() else { return };
        let own = order.clause();
        let is_change = |index: &usize| matches!(self.marks[*index].past(), Some(Past::PullRequest(_) | Past::Commit(_)));
        let Some(change) = (0..self.marks.len()).find(is_change).filter(|change| !own.contains(change)) else { return };
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let end = (change..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        for index in (change + 1..end).filter(|index| !own.contains(index)) {
            if self.marks[index].named().is_some() || self.marks[index].environment().is_some() {
                self.use_mark(index);
            }
        }
    }

    /// "revert #57 and #58": another change than the one that was read.
    pub(crate) fn is_another_change(&self, index: usize, draft: &Draft) -> bool {
        let is_change = |past: &Past| !matches!(past, Past::Day(_) | Past::Moment(_));
        let is_other = |past: &Past| is_change(past) && draft.past.as_ref().is_some_and(|known| known.value != *past && is_change(&known.value));
        self.marks[index].past().is_some_and(is_other)
    }

    /// "la PR 57 è stata un errore, toglila": what goes is a change, and nothing that is there.
    pub(crate) fn takes_out_a_change(&self) -> Option<usize> {
        let index = self.has(Verb::Remove).filter(|index| !matches!(self.word(*index), "clear" | "strip" | "detach" | "stacca" | "unset"))?;
        let has_change = self.marks.iter().any(|mark| matches!(mark.past(), Some(Past::PullRequest(_))));
        let is_else = |mark: &crate::mark::Mark| {
            mark.named().is_some() || mark.thing().is_some() || mark.concept().is_some() && mark.verb().is_none() || mark.blueprint().is_some()
        };
        (has_change && !self.marks.iter().any(is_else) && self.verbs().all(|(_, verb)| verb != Verb::Delete)).then_some(index)
    }

    /// "state of this morning 8:30, please": a state that was, and no question for the one that is.
    pub(crate) fn names_former_state(&self) -> Option<usize> {
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let index = self.verbs().next().filter(|(_, verb)| *verb == Verb::Status).map(|(index, _)| index)?;
        let is_state = matches!(self.word(index), "state" | "stato" | "situation" | "situazione");
        let next = (index + 1..self.marks.len()).find(|next| !self.marks[*next].is(&Meaning::Ignored))?;
        let is_moment = matches!(self.marks[next].past(), Some(Past::Moment(_)));
        (is_state && is_moment && !asks && self.opens_sentence(index)).then_some(index)
    }

    /// "whatever came after was garbage": what followed the moment that is gone back to.
    pub(crate) fn tells_of_later(&self, place: usize) -> bool {
        let before = (place.saturating_sub(4)..place).any(|before| {
            matches!(
                self.words.word(before),
                "came"
                    | "comes"
                    | "merged"
                    | "done"
                    | "did"
                    | "happened"
                    | "changed"
                    | "followed"
                    | "went"
                    | "everything"
                    | "all"
                    | "whatever"
                    | "anything"
                    | "venuto"
                    | "venute"
                    | "fatto"
                    | "fatte"
                    | "arrivato"
                    | "successo"
                    | "cambiato"
                    | "da"
            )
        });
        let is_bound =
            self.marks.iter().any(|mark| mark.from > place && mark.from <= place + 2 && (mark.past().is_some() || mark.quantity().is_some()));
        LATER.contains(&self.words.word(place)) && before && !is_bound
    }

    /// "everything was fine on Wednesday at two, when I gave my demo. Go back to that": the moment stands where it is told that all was
    /// well, and in the order nothing is left unread.
    pub(crate) fn goes_back_to_what_was_well(&self, order: &Order, unread: impl Fn(usize) -> bool) -> bool {
        let own = order.clause();
        let is_moment = |index: &usize| matches!(self.marks[*index].past(), Some(Past::Moment(_)));
        let Some(moment) = (0..self.marks.len()).find(is_moment).filter(|moment| !own.contains(moment)) else { return false };
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
        let start = (0..moment).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (moment..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let is_well = (start..end).any(|index| (self.marks[index].from..self.marks[index].to).any(|place| WELL.contains(&self.words.word(place))));
        let is_denied = (start..end).any(|index| {
            (self.marks[index].from..self.marks[index].to)
                .any(|place| crate::lexicon::DENYING.iter().any(|word| length_of(word, self.words, place).is_some()))
        });
        is_well && !is_denied && !own.into_iter().any(unread)
    }
}
