//! Does the text wait for something, or only tell of times and conditions? A blueprint says how things are, and not when.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{ASKING_IF, CONDITIONAL, Concept, EFFECTS, Verb, length_of, timely};
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

/// With these a sentence says that something has come to its end.
#[rustfmt::skip]
const DONE: &[&str] = &[
    "done", "over", "finished", "complete", "completed", "ready", "through", "closed", "gone",
    "finita", "finito", "finiti", "finite", "conclusa", "concluso", "completata", "completato", "pronta", "pronto", "terminata", "terminato", "chiusa", "chiuso",
];

impl Reader<'_> {
    /// "when the migration is finished": not now, and nobody here knows when.
    pub(super) fn is_conditional(&self, draft: &Draft) -> bool {
        // "delete it if it breaks nothing" waits for what nobody here knows.
        let is_politeness = |place: usize| {
            timely(self.words, place).is_some_and(|length| (place..place + length).all(|word| !EFFECTS.contains(&self.words.word(word))))
        };
        let is_wish = |mark: &crate::mark::Mark| {
            ASKING_IF.iter().any(|phrase| length_of(phrase, self.words, mark.from).is_some()) || self.is_wish_in_a_condition(mark.from)
        };
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

    /// "it would help in class if DEBUG were gone": what would be good, and not when.
    pub(super) fn is_wish_in_a_condition(&self, place: usize) -> bool {
        let is_if = matches!(self.words.word(place), "if" | "se");
        let before = || (place.saturating_sub(8)..place).rev().take_while(|place| !self.words.tokens[*place].is_punctuation());
        let would = before().find(|place| {
            matches!(
                self.words.word(*place),
                "would" | "d" | "sarebbe" | "piacerebbe" | "aiuterebbe" | "farebbe" | "gradirei" | "apprezzerei" | "preferirei" | "basterebbe"
            )
        });
        let is_plain = |mark: &crate::mark::Mark| {
            let is_value = mark.quantity().is_some() || mark.image().is_some() || mark.concept().is_some() || mark.named().is_some();
            !is_value && mark.verb().is_none_or(|verb| matches!(verb, Verb::Want | Verb::Explain | Verb::Status))
        };
        let between = |would: usize| self.marks.iter().filter(|mark| mark.from > would && mark.to <= place).all(is_plain);
        is_if && would.is_some_and(between)
    }

    /// "the nightly builds": of which builds, not when something shall be done.
    pub(super) fn is_adjective(&self, index: usize) -> bool {
        let next = index + 1;
        let is_noun = self.marks.get(next).is_some_and(|mark| mark.is(&Meaning::Other)) || REGULAR.contains(&self.word(next));
        // "a load test box before the review on monday": until when, and it is done at once.
        let is_deadline = (index.saturating_sub(5)..index)
            .rev()
            .take_while(|place| !self.marks[*place].is(&Meaning::Punctuation))
            .any(|place| matches!(self.words.word(self.marks[place].from), "before" | "prima") && (place == 0 || self.word(place - 1) != "not"));
        let is_grave = self.verbs().any(|(_, verb)| super::orders::is_grave(verb));
        if is_deadline && !is_grave {
            return true;
        }
        // "tomorrow's demo".
        if self.word(index + 1) == "s" {
            return true;
        }
        matches!(self.word(index), "nightly" | "weekly" | "daily" | "hourly" | "monthly") && is_noun && self.marks[next].verb().is_none()
    }

    /// "tomorrow is the go-live", "the config doesn't matter for now": a part that only tells has its time, too.
    pub(super) fn tells_of_time(&self, index: usize) -> bool {
        let is_edge = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || matches!(self.word(*place), "and" | "e" | "so" | "quindi");
        // "lower build-01 to 4 cpus nobody uses it on weekends": a sentence begins where somebody does.
        let is_start =
            |place: &usize| matches!(self.words.word(self.marks[*place].from), "nobody" | "noone" | "everyone" | "everybody" | "people" | "nessuno");
        let from = (0..index).rev().find(|place| is_edge(place) || is_start(place)).map_or(0, |place| place + 1 - usize::from(is_start(&place)));
        let to = (index..self.marks.len()).find(|place| is_edge(place) || self.has_colon(self.marks[*place].to - 1) && *place > index);
        let mut part = from..to.unwrap_or(self.marks.len());
        let wishes = part.clone().any(|place| {
            let mark = &self.marks[place];
            self.is_order(place) || self.is_amount_given(place) || mark.image().or(mark.version()).is_some() || mark.assignment().is_some()
        });
        let is_alone = part.len() == self.marks.len();
        // "..., that is for tomorrow": of what is asked for. "It fills up every weekend" tells of a habit.
        let is_plural = self.word(index) == "on" && self.words.word(self.marks[index].to - 1).ends_with('s');
        let is_habit = is_plural || matches!(self.word(index), "every" | "ogni" | "each") || self.words.word(self.marks[index].from) == "at";
        let tells_habit = |place: usize| is_habit && !matches!(self.words.word(place), "is" | "s" | "can" | "will" | "needs" | "goes" | "va" | "puo");
        let refers = part.clone().take(3).any(|place| {
            matches!(
                self.words.word(self.marks[place].from),
                "that" | "this" | "it" | "its" | "which" | "questo" | "questa" | "quello" | "tutto" | "do" | "done"
            )
        });
        // "it was down until lunch": what was is no wish for later.
        let has_been =
            |place: usize| matches!(self.words.word(place), "was" | "were" | "had" | "did" | "went" | "came" | "era" | "erano" | "aveva" | "avevano");
        let tells = |place: usize| self.is_telling(place) && (!refers || tells_habit(place) || has_been(place));
        // "sales start tomorrow".
        let starts = |place: usize| !refers && place > from && self.marks[place].verb().is_some() && !self.is_order(place);
        !wishes && !is_alone && part.any(|place| tells(self.marks[place].from) || starts(place))
    }

    /// "It is short of memory whenever two kernels compile. Please raise it": a sentence of its own that tells, and wishes for nothing.
    pub(super) fn tells_of_condition(&self, index: usize) -> bool {
        let from = (0..index).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        // "the db is slow when I run my reports: could it have 4GB?"
        let is_end = |place: &usize| self.is_break(*place) || self.has_colon(self.marks[*place].to - 1);
        let to = (index..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let is_own_deed = |place: usize| (index + 1..index + 4).contains(&place);
        let wishes = (from..to).any(|place| {
            let mark = &self.marks[place];
            self.is_order(place) && !is_own_deed(place)
                || self.is_amount_given(place)
                || mark.image().or(mark.version()).is_some()
                || mark.assignment().is_some()
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
        let ahead = (index + 1..self.marks.len().min(index + 6)).take_while(|place| !self.is_break(*place));
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
            // "three different answers".
            .get(place + 1 + usize::from(matches!(self.word(place + 1), "different" | "other" | "separate" | "full" | "diverse" | "diversi")))
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
        // "WHEN: asap".
        let is_label = |index: usize| super::labels::is_label(self.words, self.marks[index].from, 1);
        (0..self.marks.len()).any(|index| waits(index) && !is_label(index) && !self.is_when_it_was(index) && self.is_order_that_waits(index))
            || (1..self.marks.len()).any(|index| self.is_time_alone(index))
            || (1..self.marks.len()).any(|index| self.is_put_off(index))
    }

    /// "first web-02 to 8GB, later web-01".
    fn is_put_off(&self, index: usize) -> bool {
        let names = |place: Option<usize>| place.and_then(|place| self.marks.get(place)).is_some_and(|mark| mark.named().is_some());
        let is_italian = self.word(index) == "piu" && matches!(self.word(index + 1), "tardi" | "avanti");
        let behind = index + 1 + usize::from(is_italian);
        (self.word(index) == "later" || is_italian) && (names(Some(behind)) || names(index.checked_sub(1)))
    }

    /// "web-02 to 8GB. After the migration please", "Once the backup is done.": a sentence that says when, and nothing else.
    fn is_time_alone(&self, index: usize) -> bool {
        let start = (0..index).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let end = (index..self.marks.len()).find(|place| self.is_break(*place)).unwrap_or(self.marks.len());
        let from = self.marks[index].from;
        let word = self.words.word(from);
        if start == 0 || end == index + 1 || index > start + 2 || timely(self.words, from).is_some() || super::labels::is_label(self.words, from, 1) {
            return false;
        }
        // "When it rains it crawls" tells; "when the backup is done" waits.
        let ends =
            |place: usize| matches!(self.words.word(self.marks[place].from), "finisce" | "termina" | "conclude" | "ends" | "finishes" | "completes");
        let is_done =
            (index + 1..end).rev().take(2).any(|place| DONE.contains(&self.words.word(self.marks[place].from))) || (index + 1..end).any(ends);
        let verbs = (index + 1..end).filter(|place| self.is_telling(self.marks[*place].from)).count();
        let is_wait = match word {
            "after" | "dopo" => verbs == 0,
            "once" | "until" | "till" | "unless" | "finche" | "appena" => verbs <= 1 || is_done,
            "when" | "quando" => is_done,
            "if" | "se" => verbs == 1,
            _ => false,
        };
        let opens = (start..index).all(|place| self.marks[place].is(&Meaning::Ignored) || self.has_colon(self.marks[place].to - 1));
        let says_more = (index + 1..end).any(|place| {
            let mark = &self.marks[place];
            self.is_order(place) || mark.gives_value() || mark.is(&Meaning::Punctuation)
        });
        let wishes = (0..start).any(|place| self.is_order(place) || self.marks[place].gives_value());
        is_wait && opens && wishes && !says_more
    }

    /// "when we set web-02 up we gave it little memory", "quando ho creato web-02": when something was.
    pub(super) fn is_when_it_was(&self, index: usize) -> bool {
        let from = self.marks[index].from;
        let word = |place: usize| self.words.word(place);
        let is_past = |place: usize| {
            word(place).ends_with("ed") && word(place).len() > 4
                || matches!(
                    word(place),
                    "was"
                        | "were"
                        | "had"
                        | "made"
                        | "gave"
                        | "built"
                        | "bought"
                        | "got"
                        | "went"
                        | "came"
                        | "took"
                        | "began"
                        | "wrote"
                        | "left"
                        | "did"
                        | "ordered"
                        | "set"
                        | "put"
                )
        };
        let is_italian = word(from) == "quando" && matches!(word(from + 1), "ho" | "abbiamo" | "avevo" | "avevamo" | "era" | "erano" | "aveva");
        let is_english = word(from) == "when"
            && matches!(word(from + 1), "i" | "we" | "they" | "he" | "she")
            && (from + 2..from + 5).take_while(|place| !self.words.tokens.get(*place).is_none_or(crate::token::Token::is_punctuation)).any(is_past);
        // "after the last update grafana got slow, ...": what has happened since.
        let rest = || (from + 1..self.words.tokens.len()).take_while(|place| !self.words.tokens[*place].is_punctuation());
        let is_since = word(from) == "after"
            && rest().any(|place| matches!(word(place), "got" | "became" | "went" | "broke"))
            && self.words.tokens.get(from + 1 + rest().count()).is_some_and(|token| token.fold == ",");
        is_italian || is_english || is_since
    }

    /// Whether the word stands in the part that asks, right behind it ("..., when it is done") or right before it ("when it is done, ...").
    pub(super) fn is_order_that_waits(&self, index: usize) -> bool {
        let is_mark = |place: usize| self.marks[place].is(&Meaning::Punctuation);
        let start = (0..index).rev().find(|place| is_mark(*place)).map_or(0, |place| place + 1);
        // "the db is slow when I run my reports: could it have 4GB?": behind the colon stands what is wished.
        let tells = (start..index).any(|place| self.is_telling(self.marks[place].from));
        let turns = |place: usize| tells && place + 1 < self.marks.len() && self.has_colon(self.marks[place].to - 1);
        let end = (index..self.marks.len()).find(|place| is_mark(*place) || turns(*place)).unwrap_or(self.marks.len());
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
