//! Is a field asked for without a question? "the ip of web-02 please", "cpu cache", "need the dmz vlan id for my switch".

use crate::lexicon::{COMPARING, Concept, DETAILS, GIVING_ME, OF, TELLING_ME, Verb};
use crate::mark::Meaning;

use super::Reader;

/// "web-02 ram ?": with more marks than this more is said than a field and what has it.
pub(super) const SHORT_MAX: usize = 5;

impl Reader<'_> {
    /// "tell me the operating system on web-02", "I need the ip of web-02", "number of cores in build-01": a field is named, and no value.
    pub(super) fn asks_for_value(&self) -> Option<usize> {
        let is_change = |verb: Verb| {
            !matches!(verb, Verb::Explain | Verb::Status | Verb::Want | Verb::Set | Verb::Name | Verb::Create | Verb::Clone | Verb::Connect)
        };
        let compares = (0..self.marks.len()).any(|index| COMPARING.contains(&self.words.word(self.marks[index].from)));
        // "mi servirebbe che il LOG_LEVEL di cache fosse debug": what it shall be stands behind.
        let is_due = (0..self.marks.len()).any(|index| {
            let is_being =
                matches!(self.words.word(self.marks[index].from), "fosse" | "fossero" | "sia" | "siano" | "diventasse" | "diventi" | "were");
            is_being && self.marks.get(index + 1).is_some_and(|next| next.is(&Meaning::Other) || next.quantity().is_some())
        });
        // "porte pubblicate di grafana?": how they are.
        let is_participle = |index: usize| {
            let word = self.word(index);
            self.marks[index].verb() == Some(Verb::Publish)
                && ["ed", "ate", "ata", "ati", "ste", "sta", "te", "ta"].iter().any(|end| word.ends_with(end))
        };
        if self.verbs().any(|(index, verb)| is_change(verb) && !is_participle(index))
            || self.marks.iter().any(crate::mark::Mark::gives_value)
            || compares
            || is_due
        {
            return None;
        }
        // "tag ci on build-01".
        let is_tagging = matches!(self.words.word(0), "tag" | "label" | "tagga" | "etichetta")
            && self
                .marks
                .get(1)
                .is_some_and(|item| item.named().is_none() && !OF.contains(&self.words.word(item.from)) && !item.is(&Meaning::Punctuation))
            && matches!(self.word(2), "on" | "to" | "onto" | "su" | "a" | "for" | "at" | "over");
        if is_tagging {
            return None;
        }
        let is_field = |index: &usize| {
            let mark = &self.marks[*index];
            let concept = mark.concept().is_some_and(|concept| !matches!(concept, Concept::Power | Concept::Replicas | Concept::Protection));
            (concept && mark.verb().is_none() || self.is_variable(*index) || DETAILS.contains(&self.words.word(mark.from))) && mark.named().is_none()
        };
        let field = (0..self.marks.len()).find(is_field)?;
        let named = (field + 1..self.marks.len().min(field + 6)).find(|index| self.marks[*index].named().is_some());
        let is_short = self.marks.len() <= SHORT_MAX;
        // "need the dmz vlan id for my switch port".
        let is_sought = field.checked_sub(3).is_some_and(|before| {
            matches!(self.word(before + 1), "the" | "our" | "my" | "that")
                && (GIVING_ME.contains(&self.words.word(self.marks[before].to - 1))
                    || TELLING_ME.contains(&self.words.word(self.marks[before].to - 1)))
        }) && !self.marks[field].concept().is_some_and(super::amounts::is_amount);
        let named_before = field.checked_sub(1).filter(|before| (is_short || is_sought) && self.marks[*before].named().is_some());
        if let Some(field) = Some(field).filter(|_| is_sought && named_before.is_some()) {
            return Some(field);
        }
        // "remind me of web-01's disk size".
        let is_told_before = (0..field).any(|index| TELLING_ME.contains(&self.words.word(self.marks[index].from)));
        let possessed = (1..=2).filter_map(|back| field.checked_sub(back)).find(|before| self.marks[*before].named().is_some());
        if is_told_before && possessed.is_some() && self.verbs().all(|(_, verb)| matches!(verb, Verb::Explain | Verb::Status)) {
            return Some(field);
        }
        let named = named.or(named_before)?;
        // "tag critico su web-01": what stands between is a value.
        // "tag attuali di web-02": how they are.
        let is_present = |index: usize| {
            matches!(
                self.word(index),
                "attuali"
                    | "attuale"
                    | "correnti"
                    | "corrente"
                    | "presenti"
                    | "esistenti"
                    | "current"
                    | "currently"
                    | "present"
                    | "existing"
                    | "assegnati"
                    | "impostati"
                    | "set"
                    | "installati"
            )
        };
        let is_between =
            |index: usize| self.marks[index].is(&Meaning::Other) && !is_present(index) && !OF.contains(&self.words.word(self.marks[index].from));
        let is_list = matches!(self.marks[field].concept(), Some(Concept::Tags | Concept::Packages));
        // "LOG_LEVEL warning on cache".
        if (is_list || self.is_variable(field)) && (field + 1..named).any(is_between) {
            return None;
        }
        // "vlan dmz quale", "cpu cache": nothing else is said.
        let is_all_of_it = (0..self.marks.len()).all(|index| {
            let mark = &self.marks[index];
            index == field
                || index == named
                || mark.environment().is_some()
                || mark.is(&Meaning::Punctuation)
                || mark.verb() == Some(Verb::Explain)
                || mark.thing().is_some() && mark.verb().is_none()
                || matches!(
                    self.words.word(mark.from),
                    "what"
                        | "which"
                        | "quale"
                        | "qual"
                        | "quanta"
                        | "quanto"
                        | "now"
                        | "current"
                        | "attuale"
                        | "?"
                        | "is"
                        | "again"
                        | "exactly"
                        | "was"
                        | "era"
                        | "e"
                        | "pubblicate"
                        | "esposte"
                        | "aperte"
                        | "published"
                        | "exposed"
                        | "open"
                )
                || OF.contains(&self.words.word(mark.from))
        });
        if is_all_of_it && self.marks[field].concept().is_some() {
            return Some(field);
        }
        let is_of = (field + 1..named).any(|index| OF.contains(&self.words.word(self.marks[index].from)));
        let start = (0..field).rev().find(|place| self.is_break(*place) || self.word(*place) == ",").map_or(0, |place| place + 1);
        let words = || (self.marks[start].from..self.marks[field].from).map(|place| self.words.word(place));
        let is_told = words().any(|word| TELLING_ME.contains(&word));
        let is_definite =
            field.checked_sub(1).is_some_and(|before| matches!(self.word(before), "the" | "l" | "il" | "la" | "lo" | "i" | "gli" | "le"));
        let is_given = is_definite && words().any(|word| GIVING_ME.contains(&word)) && words().all(|word| word != "it");
        let is_all = (start..field).all(|index| {
            let mark = &self.marks[index];
            mark.is(&Meaning::Ignored) || matches!(self.words.word(mark.from), "number" | "count" | "numero" | "quantita")
        }) && self.verbs().all(|(_, verb)| verb == Verb::Want);
        let is_needed = words().any(|word| GIVING_ME.contains(&word)) && self.is_measured(field);
        (is_of && (is_told || is_given || is_needed || is_all && self.is_field_alone(field, named))).then_some(field)
    }

    /// "the ip of web-02 please", "ip of web-02": nothing is told of it in its sentence.
    fn is_field_alone(&self, field: usize, named: usize) -> bool {
        let is_for = (field + 1..named).any(|index| matches!(self.word(index), "for" | "per" | "to" | "a"));
        let behind = (named + 1..self.marks.len()).take_while(|index| !self.is_break(*index) && self.word(*index) != ",");
        // "ip of web-02 for the firewall team": what it is asked for. "Memory of web-02 for the render job" may be a wish for more.
        let is_amount = self.marks[field].concept().is_some_and(super::amounts::is_amount) && !self.is_measured(field);
        let has_purpose = self.marks.get(named + 1).is_some_and(|_| matches!(self.word(named + 1), "for" | "per" | "as" | "in" | "because" | "so"));
        if has_purpose && !is_amount && !is_for {
            return true;
        }
        !is_for
            && behind.into_iter().all(|index| {
                matches!(self.words.word(self.marks[index].from), "please" | "pls" | "plz" | "thanks" | "grazie" | "per" | "now" | "currently" | "?")
            })
    }

    /// "disk size", "the amount of memory", "la quantità di memoria": a word for how much there is.
    pub(super) fn is_measured(&self, field: usize) -> bool {
        let mark = &self.marks[field];
        let is_measure = |word: &str| {
            matches!(
                word,
                "size"
                    | "amount"
                    | "quantity"
                    | "number"
                    | "count"
                    | "value"
                    | "capacity"
                    | "dimensione"
                    | "quantita"
                    | "numero"
                    | "valore"
                    | "capienza"
                    | "taglia"
            )
        };
        (mark.from..mark.to).any(|place| is_measure(self.words.word(place)))
            || (1..=3).any(|back| mark.from.checked_sub(back).is_some_and(|place| is_measure(self.words.word(place))))
    }
}
