//! Which amounts are only told? What it has now, what stands in a ticket's number, and how full something is.

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::Concept;
use crate::quantity::Quantity;

use super::Reader;

/// What has a number that is no amount: "ticket 8812", "chapter 5 of my thesis".
#[rustfmt::skip]
const NUMBERED: &[&str] = &[
    "ticket", "issue", "request", "incident", "inc", "task", "chapter", "room", "page", "section", "floor", "phase", "group", "team", "building", "week", "table", "figure", "step", "sprint", "story", "appendix", "milestone",
    "richiesta", "segnalazione", "capitolo", "stanza", "aula", "pagina", "sezione", "piano", "fase", "gruppo", "settimana", "tabella", "passo", "ufficio", "punto", "rif", "pratica", "commessa",
];

impl Reader<'_> {
    /// "cpu limit from .5 to 1.5": the decimal is no version.
    pub(crate) fn is_former_of_cpu(&self, index: usize) -> bool {
        let is_former = index.checked_sub(2).is_some_and(|before| self.marks[before].quantity().is_some() && self.is_used(before));
        let is_cpu = self.field_before(index, false).is_some_and(|place| self.marks[place].concept() == Some(Concept::Cpu));
        is_former && is_cpu && self.marks[index].quantity().is_some()
    }

    /// "three things for web-02", "ticket 8812": numbers of the request itself.
    pub(crate) fn drop_counts_of_wishes(&self) {
        for index in 0..self.marks.len() {
            let is_number = matches!(self.marks[index].quantity(), Some(Quantity::Number(_)));
            // "two tags: ci, linux".
            let counts_items = self.marks.get(index + 1).is_some_and(|mark| matches!(mark.concept(), Some(Concept::Tags | Concept::Packages)));
            if is_number && counts_items {
                self.use_mark(index);
            }
            let before = index.checked_sub(1).map_or("", |before| self.word(before));
            let is_numbered = NUMBERED.contains(&before);
            let counts = matches!(
                self.word(index + 1),
                "things" | "changes" | "points" | "requests" | "items" | "small" | "cose" | "modifiche" | "punti" | "richieste" | "cosette"
            );
            // "2 more cores 4 web-02": "for", as it is typed on phones.
            let is_for = self.word(index) == "4"
                && self.marks.get(index + 1).is_some_and(|mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact))
                && self.marks[..index].iter().any(|mark| mark.quantity().is_some());
            // "both web containers", "sui due web": as many as there are.
            let is_whole_set = (index + 1..self.marks.len().min(index + 3)).any(|next| {
                let named = self.marks[next].named().filter(|named| named.is_set);
                named.is_some_and(|named| self.marks[index].quantity() == Some(Quantity::Number(named.addresses.len() as u64)))
            });
            // "web-01 is at 95 % memory": how full it is.
            let is_state = matches!(self.marks[index].quantity(), Some(Quantity::Percent(_)))
                && matches!(before, "at" | "al" | "allo" | "over" | "above" | "oltre" | "around" | "sopra" | "all")
                && self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Size(_) | Quantity::Number(_))));
            if is_state {
                self.use_mark(index);
            }
            if is_number && (is_numbered || counts || is_for || is_whole_set && self.has_value_beside(index)) {
                self.use_mark(index);
            }
        }
    }

    /// Whether the text gives a value that is no number of members.
    fn has_value_beside(&self, index: usize) -> bool {
        self.marks.iter().enumerate().any(|(other, mark)| {
            other != index && (mark.quantity().is_some() || mark.assignment().is_some() || mark.image().or(mark.version()).is_some())
        })
    }

    /// "from 8GB to 16GB", "8GB -> 16GB": the first is what it is now.
    pub(crate) fn drop_former_amounts(&self) {
        for index in 0..self.marks.len() {
            if self.marks[index].quantity().is_some()
                && self.word(index + 1) == "->"
                && self.marks.get(index + 2).is_some_and(|mark| mark.quantity().is_some())
            {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        // "10.0.20.254/24 instead of .1": the end of an address.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_instead = matches!(self.word(index), "instead" | "rather" | "invece" | "anziche" | "piuttosto" | "not" | "non");
            let has_address = self.marks[..index].iter().any(|mark| mark.cidr().or(mark.ip()).is_some());
            if is_instead && has_address && self.text(index + 1).starts_with(['.', '/']) {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        // "half a terabyte, i.e. 500 GB", "mezzo tera cioè 500 GB": the same once more, and exactly.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_size = |place: usize| matches!(self.marks[place].quantity(), Some(Quantity::Size(_)));
            let restates = matches!(self.word(index), "cioe" | "ossia" | "ovvero" | "i.e" | "ie" | "meaning" | "(");
            let before = (index.saturating_sub(2)..index).rev().find(|place| is_size(*place));
            if let Some(before) = before.filter(|_| restates && is_size(index + 1)) {
                self.use_mark(before);
                self.use_mark(index);
            }
        }
        // "8GB instead of 4GB": what it has now stands behind.
        for index in 1..self.marks.len().saturating_sub(1) {
            let is_size = |place: usize| self.marks[place].quantity().is_some() || matches!(self.word(place), "mezza" | "mezzo" | "half");
            let is_instead = matches!(self.word(index), "instead" | "rather" | "invece" | "anziche" | "piuttosto" | "not" | "non");
            if is_instead && is_size(index + 1) && (0..index).any(is_size) {
                self.use_mark(index);
                self.use_mark(index + 1);
            }
        }
        for index in 1..self.marks.len() {
            let is_former = self.marks[index].quantity().is_some() && matches!(self.word(index - 1), "from" | "da" | "dai" | "dagli");
            let has_later = (index + 1..self.marks.len().min(index + 5))
                .any(|later| self.marks[later].quantity().is_some() && matches!(self.word(later - 1), "to" | "a" | "ad"));
            if is_former && has_later {
                self.use_mark(index);
                let names_field = self.marks.get(index + 1).is_some_and(|mark| mark.concept().is_some_and(super::amounts::is_amount));
                if names_field && self.marks.iter().skip(index + 2).any(|mark| mark.concept().is_some()) {
                    self.use_mark(index + 1);
                }
            }
        }
    }

    /// "only 2 cores is a joke, make it 6": of two numbers the one that it has is told, and the other is of the same field.
    pub(crate) fn read_number_beside_present(&self, draft: &mut Draft) {
        let cores = |index: &usize| {
            let is_cpu = self.marks.get(index + 1).is_some_and(|mark| mark.concept() == Some(Concept::Cpu));
            matches!(self.marks[*index].quantity(), Some(Quantity::Number(_))) && is_cpu && !self.is_used(*index)
        };
        let bare = |index: &usize| {
            let is_free = !self.is_used(*index)
                && self.field_of(*index, Quantity::Number(0)).is_none_or(|place| self.marks[place].concept() == Some(Concept::Cpu));
            matches!(self.marks[*index].quantity(), Some(Quantity::Number(_))) && is_free && !cores(index)
        };
        let (present, later): (Vec<usize>, Vec<usize>) =
            ((0..self.marks.len()).filter(cores).collect(), (0..self.marks.len()).filter(bare).collect());
        let ([present], [later]) = (present.as_slice(), later.as_slice()) else { return };
        let number = |index: usize| match self.marks[index].quantity() {
            Some(Quantity::Number(number)) => number,
            _ => 0,
        };
        let has_now = |address: &core_model::Address| {
            let resource = self.view.in_scope(draft.scope(), address);
            resource.and_then(|resource| crate::view::value_at(resource, "specs.cpu")).and_then(serde_json::Value::as_u64)
                == Some(number(*present) * 1000)
        };
        if later > present && !draft.resources.is_empty() && draft.resources.iter().all(|meant| has_now(&meant.address.value)) {
            [*present, present + 1, *later].into_iter().for_each(|place| self.use_mark(place));
            let wanted = Wanted::Change(FieldChange::Set(number(*later).to_string()));
            draft.wish(FieldName::Concept(Concept::Cpu), wanted, self.source(*present, *later));
        }
    }
}
