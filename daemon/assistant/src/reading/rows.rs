//! Does a row of fields and amounts begin with the field? "cpu 2 mem 4G disk 40G" does, "2 cores 4G RAM 40G disk" does not.

use crate::lexicon::Concept;
use crate::mark::Meaning;

use super::Reader;

/// What stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Field,
    Amount,
}

impl Reader<'_> {
    /// Whether a field's name is followed by its own amount: by a colon, or because the whole row goes so.
    pub(crate) fn leads_its_amount(&self, field: usize) -> bool {
        let is_told = self.has_colon(self.marks[field].to - 1) || self.word(field + 1) == "=";
        is_told && self.part_behind(field) == Some(Part::Amount) || self.is_field_first(field)
    }

    fn part_behind(&self, field: usize) -> Option<Part> {
        (field + 1..self.marks.len())
            .find(|place| self.row_part(*place).is_some() || !self.is_between_parts(*place))
            .and_then(|place| self.row_part(place))
    }

    /// Strictly in turn from a field to an amount.
    fn is_field_first(&self, field: usize) -> bool {
        let goes_on = |place: &usize| self.row_part(*place).is_some() || self.is_between_parts(*place);
        let start = (0..=field).rev().take_while(goes_on).last().unwrap_or(field);
        let parts: Vec<Part> = (start..self.marks.len()).take_while(goes_on).filter_map(|place| self.row_part(place)).collect();
        let in_turn = parts.windows(2).all(|pair| pair[0] != pair[1]);
        parts.len() >= 4 && in_turn && parts.first() == Some(&Part::Field) && parts.last() == Some(&Part::Amount)
    }

    fn row_part(&self, place: usize) -> Option<Part> {
        let mark = self.marks.get(place)?;
        let is_amount_field = mark.concept().is_some_and(|concept| matches!(concept, Concept::Cpu | Concept::Memory | Concept::Storage));
        if is_amount_field {
            return Some(Part::Field);
        }
        let is_system = place.checked_sub(1).is_some_and(|before| super::values::is_system(self.words.fold(self.marks[before].from)));
        (mark.quantity().is_some() && !is_system).then_some(Part::Amount)
    }

    /// Words that part nothing: articles, commas, signs, and a system in the midst.
    fn is_between_parts(&self, place: usize) -> bool {
        let mark = &self.marks[place];
        let is_system = |place: usize| super::values::is_system(self.words.fold(self.marks[place].from));
        let is_of_system = is_system(place) || mark.concept() == Some(Concept::Os) || place.checked_sub(1).is_some_and(is_system);
        mark.is(&Meaning::Punctuation) || mark.is(&Meaning::Ignored) || self.word(place) == "=" || is_of_system
    }
}
