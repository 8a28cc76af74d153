//! Is something to be switched, or to go, by words that stand apart? "switch build-01 back on", "build-01 off", "it is no longer needed".

use crate::command::PowerState;
use crate::lexicon::{Concept, ENDED, NO_MORE, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;

impl Reader<'_> {
    /// "port 3000 is not needed any more on grafana": that something has ended, whatever it is.
    pub(crate) fn tells_of_end(&self) -> Option<usize> {
        let length = |index: usize| ENDED.iter().filter_map(|phrase| length_of(phrase, self.words, self.marks[index].from)).max();
        let ends = |index: &usize| {
            let place = self.marks[*index].from;
            // "we do not need it" may be a wish for less; "not any more" is none.
            length(*index).is_some_and(|length| (place..place + length + 5).any(|word| NO_MORE.contains(&self.words.word(word))))
        };
        (0..self.marks.len()).find(ends)
    }

    /// "build-01 is no longer needed", and nothing else is wished.
    pub(crate) fn ended(&self) -> Option<usize> {
        let is_telling = |verb: Verb| matches!(verb, Verb::Want | Verb::Set | Verb::Explain | Verb::Status | Verb::Name);
        let names_one = self.marks.iter().any(|mark| mark.named().is_some());
        let wishes_else = self.verbs().any(|(_, verb)| !is_telling(verb)) || self.has_value();
        self.tells_of_end().filter(|_| names_one && !wishes_else)
    }

    /// Whether a mark is a part of that.
    pub(crate) fn says_it_ended(&self, index: usize) -> bool {
        let Some(start) = self.ended().map(|index| self.marks[index].from) else { return false };
        let length = ENDED.iter().filter_map(|phrase| length_of(phrase, self.words, start)).max().unwrap_or(0);
        (start..start + length).contains(&self.marks[index].from)
    }

    /// "switch build-01 back on", "shut it down": a verb of two words with what it is about between them.
    pub(crate) fn switches(&self, index: usize) -> Option<(usize, PowerState)> {
        let verb = self.word(index);
        // "web-02 shouldn't carry the web tag, take it off".
        if verb == "take"
            && self.marks.iter().any(|mark| {
                matches!(mark.concept(), Some(crate::lexicon::Concept::Tags | crate::lexicon::Concept::Packages | crate::lexicon::Concept::Variable))
            })
        {
            return None;
        }
        if !matches!(
            verb,
            "turn" | "switch" | "power" | "shut" | "put" | "bring" | "get" | "boot" | "start" | "fire" | "take" | "come" | "need" | "needs" | "want"
        ) {
            return None;
        }
        let names = |place: usize| {
            self.marks[place].named().is_some()
                || self.marks[place].thing().is_some()
                || matches!(self.word(place), "it" | "this" | "that" | "them" | "one")
        };
        // "power off web-02 if it's on": what it is now.
        let is_condition = |next: &usize| matches!(self.word(*next), "if" | "when" | "unless" | "se" | "quando" | "once");
        let ahead = (index + 1..self.marks.len().min(index + 12)).take_while(|next| !self.is_break(*next) && !is_condition(next));
        // "build-01 needs to come back up": it stands before.
        let is_subject = verb == "come" && self.marks[..index].iter().any(|mark| mark.named().is_some());
        let is_weak = matches!(verb, "come" | "need" | "needs" | "want");
        ahead.into_iter().filter(|next| is_subject || (index + 1..*next).any(names)).find_map(|next| {
            let is_end = self.marks.get(next + 1).is_none_or(|behind| {
                behind.is(&Meaning::Punctuation) || matches!(self.word(next + 1), "please" | "pls" | "plz" | "again" | "now" | "for" | "thanks")
            });
            let is_last = |next: usize| {
                self.marks.get(next + 1).is_none_or(|behind| {
                    behind.is(&Meaning::Punctuation) || matches!(self.word(next + 1), "please" | "pls" | "again" | "now" | "asap")
                })
            };
            let is_back = self.word(next - 1) == "back";
            let is_switch = matches!(verb, "turn" | "switch" | "power");
            let runs_again = is_back || self.word(next + 1) == "again" || (self.word(next + 1), self.word(next + 2)) == ("and", "running");
            // "off and on again": where the last of them stands.
            let on_again = (next + 1..self.marks.len().min(next + 5)).find(|place| self.word(*place) == "on");
            let joins = on_again.is_some_and(|on| (next + 1..on).all(|place| matches!(self.word(place), "and" | "then" | "back" | "," | "&")));
            match self.word(next) {
                "off" if joins && !is_weak => on_again.map(|place| (place, PowerState::Cycle)),
                "up" if is_weak && runs_again || verb == "get" && (is_back || is_end) => Some((next, PowerState::On)),
                "on" | "running" if matches!(verb, "need" | "needs" | "want") && is_last(next) => Some((next, PowerState::On)),
                "online" if runs_again || matches!(verb, "bring" | "get") => Some((next, PowerState::On)),
                "offline" if !is_weak => Some((next, PowerState::Off)),
                "sleep" if verb == "put" && self.word(next - 1) == "to" => Some((next, PowerState::Off)),
                "off" if verb != "start" && !is_weak => Some((next, PowerState::Off)),
                "down" if matches!(verb, "shut" | "power") => Some((next, PowerState::Off)),
                "on" if is_back && !is_weak || is_end && is_switch => Some((next, PowerState::On)),
                "up" if matches!(verb, "power" | "boot" | "start" | "fire") && (is_end || is_back) || is_back && verb == "bring" => {
                    Some((next, PowerState::On))
                }
                _ => None,
            }
        })
    }

    /// "both rack nodes off", "r1-n01 and r1-n02 off": nothing but names stands before it in its sentence.
    fn is_behind_names(&self, index: usize) -> bool {
        let is_name = |place: usize| self.marks[place].named().is_some();
        let passes = |place: &usize| {
            let mark = &self.marks[*place];
            is_name(*place)
                || mark.thing().is_some()
                || mark.is(&Meaning::Ignored)
                || matches!(self.word(*place), "," | "and" | "e" | "nodes" | "nodi")
        };
        let start = (0..index).rev().find(|place| !passes(place) || self.is_break(*place)).map_or(0, |place| place + 1);
        let opens = start == 0 || self.is_break(start - 1) || self.marks[start - 1].is(&Meaning::Punctuation);
        let denies = (start..index).any(|place| matches!(self.words.word(self.marks[place].from), "is" | "was" | "are" | "were" | "its" | "it"));
        opens
            && !denies
            && (start..index).any(is_name)
            && index > 0
            && (is_name(index - 1) || matches!(self.word(index - 1), "nodes" | "nodi") || self.marks[index - 1].thing().is_some())
    }

    /// "build-01 back on", "web-02 power=on".
    pub(crate) fn says_power(&self, index: usize) -> bool {
        let before = |words: &[&str]| index.checked_sub(1).is_some_and(|before| words.contains(&self.word(before)));
        let is_set = index.checked_sub(2).is_some_and(|before| self.marks[before].concept() == Some(Concept::Power)) && before(&["=", ":", "to"])
            || index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(Concept::Power));
        // "web-02 off please", "build-01 spenta, per favore": the name and its state are the whole sentence.
        let is_end = self.marks.get(index + 1).is_none_or(|behind| {
            behind.is(&Meaning::Punctuation)
                || matches!(
                    self.words.word(behind.from),
                    "please"
                        | "pls"
                        | "plz"
                        | "thanks"
                        | "thx"
                        | "grazie"
                        | "per"
                        | "now"
                        | "ora"
                        | "adesso"
                        | "since"
                        | "because"
                        | "perche"
                        | "che"
                )
        });
        let is_whole = is_end && self.word(index) != "on" && self.is_behind_names(index);
        super::power_word(self.word(index)).is_some() && (is_set || is_whole || before(&["back", "again"]))
    }

    pub(crate) fn sets_power(&self) -> bool {
        let has_power = self.marks.iter().any(|mark| mark.concept() == Some(Concept::Power));
        let has_state = (0..self.marks.len()).any(|index| super::power_word(self.word(index)).is_some() && self.word(index) != "on");
        let has_on = (0..self.marks.len()).any(|index| self.word(index) == "on");
        let has_named = self.marks.iter().any(|mark| mark.named().is_some());
        let switches = (0..self.marks.len()).any(|index| self.switches(index).is_some());
        has_named && (switches || has_power && (has_state || has_on) || has_state && !self.has_value())
    }
}
