//! Does "keep", "instead of" or "no longer" only say what the change brings about anyway?

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Operator};

use super::Reader;

impl Reader<'_> {
    /// Whether what an exception or a denial speaks of is what the change leaves or takes away anyway.
    ///
    /// "keep grafana on 3000 but publish it on 8443, too", "dhcp instead of the fixed address", "on 3030 and no longer on 3000".
    pub(super) fn is_met_by_wish(&self, index: usize, draft: &Draft) -> bool {
        let published = self.published_ports(draft);
        let ports = draft.wishes.iter().find_map(|wish| match (&wish.field, &wish.wanted.value) {
            (FieldName::Concept(Concept::Ports), Wanted::Change(change)) => Some(change),
            _ => None,
        });
        let ahead = || (index + 1..self.marks.len().min(index + 6)).take_while(|place| !self.is_break(*place));
        let is_former = |place: usize| published.iter().any(|port| port.host == self.words.fold(self.marks[place].from));
        let word = self.words.word(self.marks[index].to - 1);
        let keeps = |index: usize| {
            matches!(
                self.word(index),
                "keep" | "keeping" | "leave" | "leaving" | "lascia" | "lasciando" | "lasciate" | "tieni" | "tenendo" | "mantieni" | "mantenendo"
            )
        };
        let is_adding = matches!(ports, Some(FieldChange::Add(_))) && draft.wishes.len() == 1;
        let speaks_of_port = || ahead().any(|place| is_former(place) || self.marks[place].concept() == Some(Concept::Ports));
        if is_adding && (keeps(index) && speaks_of_port() || matches!(word, "but" | "ma") && (0..self.marks.len()).any(keeps)) {
            return true;
        }
        let is_gone = |place: usize| matches!(ports, Some(FieldChange::SetList(list)) if is_former(place) && list.iter().all(|pair| !pair.contains(&format!("{}:", self.words.fold(self.marks[place].from)))));
        if self.marks[index].operator() == Some(Operator::Negation) && ahead().take(4).any(is_gone) {
            return true;
        }
        let is_set = |place: usize| {
            let concept = self.marks[place].concept();
            concept.is_some_and(|concept| draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(concept)))
                || matches!(self.word(place), "addr" | "fixed" | "static" | "fisso" | "statico")
                    && draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Address))
        };
        let is_instead = matches!(self.text(index).to_lowercase().as_str(), "instead of" | "rather than" | "invece di" | "anziche" | "piuttosto che");
        let names_other = || ahead().any(|place| self.marks[place].named().is_some());
        is_instead && !names_other() && ahead().take(4).any(is_set)
    }
}
