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
    "date", "time", "giorno", "ora", "orario", "setup", "arrangement", "assetto", "assetti",
    "repo", "repository", "infra", "infrastructure", "infrastruttura", "moment", "momento", "exact", "exactly", "exact same", "esatto", "esattamente", "preciso", "data", "alla data", "date", "original", "working", "there", "li", "it", "config", "configs", "configurations", "stand", "applying", "deploying", "avevamo", "had", "facessimo", "mergiassimo", "fosse", "venisse", "stata", "arrivasse", "made", "done", "landed", "went", "came", "stood", "day", "then", "giorno", "quel", "allora", "vigente", "vigenti", "essere", "vigore", "force", "operativa", "date", "afterwards", "introduced", "introdotte", "introdotto", "fatte", "fatta",
];

/// Words by which a part of a text tells that all was well, and not what somebody did.
#[rustfmt::skip]
const WELL: &[&str] = &["grand", "lovely", "dandy", "splendid", "smooth", "smoothly", "peachy", "alive", "usable", "reachable", "responsive", "great", "normal", "normale", "liscio", "raggiungibile", "fine", "ok", "okay", "good", "well", "worked", "working", "works", "healthy", "stable", "perfect", "perfectly", "funzionava", "funzionavano", "funzionante", "andava", "andavano", "bene", "girava", "giravano", "stabile", "perfetto"];

/// What was changed behind the moment that is gone back to.
#[rustfmt::skip]
const LATER: &[&str] = &["after", "afterwards", "later", "since", "dopo", "poi", "allora", "successivamente"];

/// Words of how it was, between the wish and the moment.
#[rustfmt::skip]
const WAS: &[&str] = &[
    "had", "was", "were", "stood", "looked", "been", "used", "like", "state", "situation", "version", "point", "way", "where", "from", "as", "how", "left",
    "avevamo", "era", "erano", "eravamo", "com", "come", "stato", "situazione", "punto", "stavamo", "stava", "versione", "dove", "c",
];

/// Words before the change that is gone behind: "things as they were without #57".
const BOUNDS: &[&str] =
    &["without", "until", "till", "just", "right", "prior", "before", "preceding", "senza", "prima", "fino", "all", "all the", "long", "shortly"];

/// Words for all that there is.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "everything", "what", "things", "it", "us", "state", "all", "we", "repo", "repository", "config", "configuration", "setup", "state", "settings", "version", "situation", "point", "stuff", "whole", "infrastructure", "infra", "back", "version", "way",
    "tutto", "quello", "quel", "stato", "cose", "situazione", "punto", "configurazione", "infrastruttura", "versione",
];

/// So far behind the word for going back stands the one for what was named before.
const THAT_MAX: usize = 9;

impl Reader<'_> {
    pub(crate) fn fill_roll_back(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::RollBack, Verb::Set, Verb::Move, Verb::Want, Verb::Remove]);
        self.takes_out_a_change().into_iter().for_each(|index| self.use_mark(index));
        for index in 0..self.marks.len() {
            // "since Tuesday it behaves strangely, put it back to Tuesday at 14:00": a reason has its times, too.
            let in_order = |order: &Order| order.clause().contains(&index) || !self.names_past_in(order);
            let is_meant = self.order().is_none_or(|order| !order.is_aside(index) && in_order(order)) || !self.has_meant_past();
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
        self.use_snapshots_of_all();
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
        let ends = |place: usize| self.words.tokens.get(place).is_none_or(crate::token::Token::is_punctuation);
        let is_it = |place: usize| match self.words.word(place) {
            "before" => {
                matches!(self.words.word(place + 1), "it" | "that" | "this")
                    && (is_merged(place + 2) || ends(place + 2) || self.words.word(place + 2) == "one")
            }
            "prima" if self.words.word(place + 1) == "di" => matches!(self.words.word(place + 2), "quella" | "quello" | "questa" | "lei" | "essa"),
            "prima" if ends(place + 1) => true,
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

    /// "restore the config to its snapshot from yesterday 09:00": as it was then. The snapshot of a machine holds its data.
    fn use_snapshots_of_all(&self) {
        let is_all = |index: usize| {
            matches!(
                self.word(index),
                "config" | "configuration" | "configs" | "repo" | "repository" | "blueprints" | "blueprint" | "configurazione" | "infra"
            )
        };
        let names_machine = self.marks.iter().any(|mark| mark.named().is_some() || mark.thing().is_some());
        if names_machine || !(0..self.marks.len()).any(is_all) {
            return;
        }
        let is_snapshot = |index: &usize| matches!(self.word(*index), "snapshot" | "snapshots" | "istantanea" | "copy" | "copia" | "versione");
        (0..self.marks.len()).filter(is_snapshot).for_each(|index| self.use_mark(index));
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

    /// "Since Tuesday it is slow. Put it back as of Monday": the order says itself what is gone back to.
    pub(crate) fn names_past_in(&self, order: &Order) -> bool {
        order.clause().any(|index| self.marks[index].past().is_some())
    }

    /// "take #31 back", "back to monday 9am", "put web-01 back to how it was yesterday": by a verb that says so together with "back".
    pub(crate) fn goes_back_by_words(&self) -> Option<usize> {
        let has_past = self.marks.iter().any(|mark| mark.past().is_some());
        let is_back = |index: &usize| (index + 1..self.marks.len().min(index + 6)).any(|next| self.word(next) == "back");
        let begins = |index: &usize| self.word(*index) == "roll" || self.word(*index) == "take" && has_past && !self.has_value();
        // "back that commit out", "take commit 1a2b3c4 out again".
        let is_out = |index: &usize| {
            let goes = matches!(self.word(*index), "back" | "take" | "pull" | "rip") && has_past && !self.has_value();
            let named = |place: usize| {
                self.marks[place].past().is_some()
                    || matches!(self.words.word(self.marks[place].from), "it" | "that" | "this" | "commit" | "change" | "pr" | "one")
            };
            let out = (index + 1..self.marks.len().min(index + 6)).find(|next| self.word(*next) == "out");
            goes && out.is_some_and(|out| {
                (index + 1..out).any(named)
                    && (index + 1..out).all(|place| !self.marks[place].is(&Meaning::Punctuation) && self.marks[place].named().is_none())
            })
        };
        let split = (0..self.marks.len()).find(|index| begins(index) && is_back(index) || is_out(index));
        split.or_else(|| {
            // "we went back to Monday's state last week": what was done.
            let is_told = |index: usize| {
                index > 0
                    && matches!(
                        self.words.word(self.marks[index].from - 1),
                        "went" | "gone" | "came" | "got" | "are" | "were" | "was" | "been" | "tornati" | "siamo"
                    )
            };
            let index = (0..self.marks.len()).find(|index| matches!(self.word(*index), "back" | "indietro") && !is_told(*index))?;
            let is_named_before = self.marks[..index].iter().any(|mark| mark.past().is_some()) && self.means_that_time(index);
            // "need the state from 2:30 this morning back".
            let is_last = self
                .marks
                .get(index + 1)
                .is_none_or(|mark| mark.is(&Meaning::Punctuation) || matches!(self.word(index + 1), "please" | "pls" | "thanks"));
            let near = index.saturating_sub(8)..index;
            let holds_all = |place: usize| {
                matches!(self.word(place), "state" | "everything" | "things" | "config" | "configuration" | "setup" | "situation" | "version")
            };
            let is_named_before = is_named_before
                || is_last
                    && near.clone().any(|place| self.marks[place].past().is_some())
                    && near.clone().any(|place| holds_all(place) || self.text(place).starts_with("state"));
            let has_past = is_named_before || self.marks[index..].iter().take(8).any(|mark| mark.past().is_some());
            // "back to the state of Monday" is no question for the state.
            let is_order = self
                .verbs()
                .all(|(place, verb)| matches!(verb, Verb::Set | Verb::Move | Verb::Want | Verb::RollBack) || verb == Verb::Status && place > index);
            // "back to before #57, that one broke the login": a value in the same part would make something else of it.
            let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation);
            let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
            let end = (index..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
            (has_past && is_order && !self.has_value_in(start..end)).then_some(index)
        })
    }

    /// "bring it back to then", "return to how things stood that day": what is gone back to was named before.
    pub(crate) fn means_that_time(&self, from: usize) -> bool {
        let start = self.marks.get(from).map_or(usize::MAX, |mark| mark.from);
        let ends = |length: usize, place: usize| {
            self.words
                .tokens
                .get(place + length)
                .is_none_or(|token| token.is_punctuation() || matches!(token.fold.as_str(), "please" | "pls" | "thanks" | "grazie" | "again" | "per"))
        };
        let is_that = |place: usize| match (self.words.word(place), self.words.word(place + 1)) {
            ("then" | "there" | "allora" | "li", _) => ends(1, place),
            // "that day's setup".
            ("that", "day" | "morning" | "evening" | "afternoon" | "night" | "moment") if self.words.word(place + 2) == "s" => {
                WHOLE.contains(&self.words.word(place + 3)) && ends(4, place)
            }
            ("that" | "this", "day" | "moment" | "point" | "time" | "date" | "state" | "hour" | "situation") => ends(2, place),
            ("quel" | "quella" | "quello" | "quell", "giorno" | "momento" | "punto" | "data" | "stato" | "ora" | "istante" | "situazione") => {
                ends(2, place)
            }
            _ => false,
        };
        (start..self.words.tokens.len().min(start.saturating_add(THAT_MAX))).any(is_that)
    }

    /// "vorrei tutto come martedì sera alle 18", "put the repo where it was before #61": what was is wished for.
    pub(crate) fn wants_former_state(&self) -> Option<usize> {
        let is_then = |past: &Past| matches!(past, Past::Moment(_) | Past::Day(_) | Past::BeforePullRequest(_) | Past::Commit(_));
        let then = (0..self.marks.len()).find(|index| self.marks[*index].past().is_some_and(is_then))?;
        let is_wish = |index: &usize| {
            let verb = self.marks[*index].verb();
            matches!(verb, Some(Verb::Want | Verb::Set | Verb::Move))
                || matches!(self.word(*index), "put" | "take" | "bring" | "get" | "need" | "rewind")
        };
        let wish = (0..then).rev().take_while(|index| !self.is_break(*index)).find(is_wish)?;
        let words = || (self.marks[wish].to..self.marks[then].from).map(|place| self.words.word(place));
        let is_former = words().any(|word| WAS.contains(&word));
        let holds_all = words().any(|word| WHOLE.contains(&word)) || matches!(self.words.word(self.marks[wish].to - 1), "us" | "it" | "things");
        let is_free = |index: usize| {
            let mark = &self.marks[index];
            mark.is(&Meaning::Ignored)
                || FORMER.contains(&self.word(index))
                || mark.verb() == Some(Verb::Clone)
                || BOUNDS.contains(&self.word(index))
                || mark.is(&Meaning::Other) && (WAS.contains(&self.word(index)) || WHOLE.contains(&self.word(index)))
                || mark.verb() == Some(Verb::Status)
        };
        (is_former && holds_all && (wish + 1..then).all(is_free)).then_some(wish)
    }

    fn has_meant_past(&self) -> bool {
        (0..self.marks.len()).any(|index| self.marks[index].past().is_some() && self.order().is_none_or(|order| !order.is_aside(index)))
    }

    /// "#57 broke the database of staging, revert it": what a change did is no bound of what is taken back.
    fn drop_places_of_damage(&self) {
        let Some(order) = self.order() else { return };
        let own = order.clause();
        // "revert #61 it broke prod", "revert #61, it broke prod".
        let told = (1..self.marks.len()).find(|index| {
            let is_behind = self.marks[*index - 1].past().is_some()
                || self.text(*index - 1) == "," && index.checked_sub(2).is_some_and(|place| self.marks[place].past().is_some());
            is_behind && matches!(self.words.word(self.marks[*index].from), "it" | "that" | "which" | "che" | "ha") && *index > order.verb
        });
        if let Some(told) = told {
            let end = (told..self.marks.len()).find(|place| self.marks[*place].is(&Meaning::Punctuation)).unwrap_or(self.marks.len());
            let is_place = |place: &usize| self.marks[*place].environment().is_some() || self.marks[*place].named().is_some();
            (told..end).filter(is_place).for_each(|place| self.use_mark(place));
        }
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
        let is_taken = |index: &usize| !matches!(self.word(*index), "clear" | "strip" | "detach" | "stacca" | "unset");
        // "get rid of what #70 did", "togliete di mezzo la #44": no request that is closed, as "delete #70" might be.
        let is_strong = |index: &usize| self.marks[*index].to > self.marks[*index].from + 1;
        let index = self.has(Verb::Remove).filter(is_taken).or_else(|| self.has(Verb::Delete).filter(is_strong))?;
        let has_change = self.marks.iter().any(|mark| matches!(mark.past(), Some(Past::PullRequest(_) | Past::LastChange)));
        let is_else = |mark: &crate::mark::Mark| {
            mark.named().is_some() || mark.thing().is_some() || mark.concept().is_some() && mark.verb().is_none() || mark.blueprint().is_some()
        };
        // "..., it broke the login page": why.
        let end = (index..self.marks.len()).find(|place| self.marks[*place].is(&Meaning::Punctuation)).unwrap_or(self.marks.len());
        let names_else = self.marks[..end].iter().any(is_else) || self.marks[end..].iter().any(|mark| mark.named().is_some());
        (has_change && !names_else && self.verbs().all(|(other, verb)| verb != Verb::Delete || other == index)).then_some(index)
    }

    /// "state of this morning 8:30, please": a state that was, and no question for the one that is.
    pub(crate) fn names_former_state(&self) -> Option<usize> {
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        // "everything as of yesterday 3pm".
        let is_all = |index: usize| {
            matches!(self.word(index), "everything" | "tutto")
                && matches!(self.words.word(self.marks[index].to), "as" | "come" | "com" | "like" | "back")
        };
        let is_state = |index: usize| matches!(self.word(index), "state" | "stato" | "situation" | "situazione") || is_all(index);
        let first = self.verbs().next().filter(|(_, verb)| *verb == Verb::Status).map(|(index, _)| index);
        let plain = || (0..self.marks.len()).find(|index| is_state(*index)).filter(|_| self.verbs().next().is_none());
        let index = first.or_else(plain)?;
        let next = (index + 1..self.marks.len()).find(|next| !self.marks[*next].is(&Meaning::Ignored))?;
        let is_moment = matches!(self.marks[next].past(), Some(Past::Moment(_) | Past::BeforePullRequest(_)));
        // "the state before #57 was better".
        let behind = self.marks.get(next + 1).map_or("", |mark| self.words.word(mark.from));
        let is_told = matches!(behind, "was" | "were" | "is" | "looked" | "worked" | "had" | "seemed" | "era" | "andava" | "funzionava" | "sembrava");
        (is_state(index) && is_moment && !asks && !is_told && self.opens_sentence(index)).then_some(index)
    }

    /// "com'era alle 9, cioè prima che qualcuno ci mettesse le mani": the moment that was named, in other words.
    pub(crate) fn says_when_it_was(&self, index: usize) -> bool {
        let names_moment =
            self.marks[..index].iter().any(|mark| matches!(mark.past(), Some(Past::Moment(_) | Past::Day(_) | Past::BeforePullRequest(_))));
        let next = self.marks.get(index + 1).map_or("", |mark| self.words.word(mark.from));
        let names_other = self.marks[index..].iter().any(|mark| mark.past().is_some() || mark.gives_value() || mark.named().is_some());
        names_moment && matches!(next, "prima" | "before" | "quando" | "when") && !names_other && self.has(Verb::RollBack).is_some()
    }

    /// "as it was at nine, before I touched it": what was done behind the moment that is gone back to.
    pub(crate) fn tells_of_earlier(&self, place: usize) -> bool {
        matches!(self.words.word(place), "before" | "prima")
            && matches!(
                self.words.word(place + 1),
                "i" | "we" | "they" | "he" | "she" | "somebody" | "someone" | "the" | "my" | "our" | "everything" | "che"
            )
    }

    /// "whatever came after was garbage": what followed the moment that is gone back to.
    pub(crate) fn tells_of_later(&self, place: usize) -> bool {
        let before = (place.saturating_sub(4)..place).any(|before| {
            matches!(
                self.words.word(before),
                "came"
                    | "working"
                    | "worked"
                    | "stopped"
                    | "broke"
                    | "broken"
                    | "failing"
                    | "started"
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
        let is_bound = self.marks.iter().any(|mark| {
            // "after that one".
            let is_one = matches!(self.words.word(mark.from), "one" | "uno" | "una");
            mark.from > place && mark.from <= place + 2 && (mark.past().is_some() || mark.quantity().is_some() && !is_one)
        });
        // "it stopped working right after."
        let ends = self.words.tokens.get(place + 1).is_none_or(crate::token::Token::is_punctuation);
        LATER.contains(&self.words.word(place)) && (before || ends) && !is_bound
    }

    /// "everything was fine on Wednesday at two, when I gave my demo. Go back to that": the moment stands where it is told that all was
    /// well, and in the order nothing is left unread.
    pub(crate) fn goes_back_to_what_was_well(&self, order: &Order, unread: impl Fn(usize) -> bool) -> bool {
        let own = order.clause();
        // "On Monday all was fine. Go back to that day": of a day only where the order speaks of it.
        let is_that = self.means_that_time(order.verb);
        let is_moment = |index: &usize| match self.marks[*index].past() {
            Some(Past::Moment(_)) => true,
            Some(Past::Day(_) | Past::BeforePullRequest(_)) => is_that,
            _ => false,
        };
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
