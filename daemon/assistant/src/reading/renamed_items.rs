//! Shall a tag or a package that is there be another one? "the tag web on web-01 should be frontend", "tag web-01: swap web for edge".

use core_model::Address;

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, length_of};
use crate::mark::Meaning;
use crate::names::How;

use super::Reader;

/// Between the item that is there and the one that it shall be.
#[rustfmt::skip]
const BECOMING: &[&str] = &[
    "should be", "should read", "should say", "should become", "should be called", "ought to be", "ought to read", "ought to say", "must be", "must read", "shall be", "shall read", "needs to be", "needs to become", "has to be", "has to become", "is to be", "is to become", "is now", "becomes", "wants to be",
    "deve essere", "deve diventare", "dovrebbe essere", "dovrebbe diventare", "dovra essere", "va cambiato in", "va sostituito con", "diventa", "diventi", "sara",
];
/// Between the two where a verb that replaces stands before them.
const WITH: &[&str] = &["with", "for", "by", "to", "into", "con", "in", "->", "→", "=>"];
#[rustfmt::skip]
const REPLACING: &[&str] = &[
    "swap", "replace", "exchange", "trade", "substitute", "change", "switch", "rename", "turn",
    "sostituisci", "sostituire", "sostituite", "rimpiazza", "rimpiazzare", "scambia", "cambia", "cambiare", "cambiate", "rinomina",
];
/// Behind the two they order what was said.
#[rustfmt::skip]
const ORDERING: &[&str] = &[
    "swap it", "swap them", "change it", "replace it", "fix it", "fix that", "rename it", "switch it",
    "cambialo", "cambiala", "sostituiscilo", "sostituiscila", "cambiatelo", "cambiatela", "rinominalo", "correggilo", "correggila", "correggete",
];
/// So far behind the field's name stands what becomes of the item.
const DISTANCE_MAX: usize = 8;

impl Reader<'_> {
    /// Whether there was one.
    pub(super) fn read_renamed_item(&self, draft: &mut Draft) -> bool {
        let is_list = |index: &usize| matches!(self.marks[*index].concept(), Some(Concept::Tags | Concept::Packages)) && !self.is_used(*index);
        let found = (0..self.marks.len()).filter(is_list).find_map(|field| {
            let concept = self.marks[field].concept()?;
            self.becoming(field, concept).or_else(|| self.swapped(field, concept)).map(|(former, new)| (field, concept, former, new))
        });
        let Some((field, concept, former, new)) = found else { return false };
        (field.min(former)..=field.max(former)).filter(|place| self.is_word_of_item(*place)).for_each(|place| self.use_mark(place));
        (former..=new).filter(|place| self.marks[*place].named().is_none_or(|named| named.is_set)).for_each(|place| self.use_mark(place));
        self.use_orders_behind(new);
        self.use_concept(concept);
        let text = |place: usize| vec![self.words.tokens[self.marks[place].from].text.clone()];
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Remove(text(former))), self.source(former, former));
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Add(text(new))), self.source(new, new));
        true
    }

    /// "the tag web on web-01 ought to be frontend".
    fn becoming(&self, field: usize, concept: Concept) -> Option<(usize, usize)> {
        let former = [Some(field + 1), field.checked_sub(1)].into_iter().flatten().find(|place| self.is_there(*place, concept))?;
        let from = former.max(field) + 1;
        let passes = |place: &usize| !self.is_break(*place) && self.marks[*place].verb().is_none_or(|_| self.begins_phrase(*place));
        let link = (from..self.marks.len().min(from + DISTANCE_MAX)).take_while(passes).find(|place| self.begins_phrase(*place))?;
        let from = self.marks[link].from;
        let end = BECOMING.iter().filter_map(|phrase| Some(from + length_of(phrase, self.words, from)?)).max()?;
        let new = (link..self.marks.len()).find(|place| self.marks[*place].from >= end && !self.is_article(*place))?;
        self.is_new_item(new, concept).then_some((former, new))
    }

    /// "tag web-01: swap web with frontend".
    fn swapped(&self, field: usize, concept: Concept) -> Option<(usize, usize)> {
        let verb = (0..self.marks.len()).find(|place| REPLACING.contains(&self.word(*place)))?;
        let former = (verb + 1..self.marks.len()).find(|place| !self.is_article(*place) && *place != field)?;
        let link = (former + 1..self.marks.len()).find(|place| *place != field)?;
        let is_link = WITH.contains(&self.word(link)) || WITH.contains(&self.text(link).as_str());
        let new = (link + 1..self.marks.len()).find(|place| !self.is_article(*place) && *place != field)?;
        (is_link && self.is_there(former, concept) && self.is_new_item(new, concept)).then_some((former, new))
    }

    fn begins_phrase(&self, index: usize) -> bool {
        BECOMING.iter().any(|phrase| length_of(phrase, self.words, self.marks[index].from).is_some())
    }

    fn is_article(&self, index: usize) -> bool {
        matches!(self.word(index), "the" | "a" | "an" | "its" | "tag" | "il" | "lo" | "la" | "l" | "un" | "uno" | "una" | "called" | "chiamato")
    }

    fn is_word_of_item(&self, index: usize) -> bool {
        self.marks[index].to == self.marks[index].from + 1 && self.marks[index].named().is_none_or(|named| named.is_set)
    }

    /// One word that is no machine and no amount, and that the list does not hold yet.
    fn is_new_item(&self, index: usize, concept: Concept) -> bool {
        let mark = &self.marks[index];
        let is_plain = self.is_data(index) || mark.is(&Meaning::Other) || mark.product().is_some() || mark.named().is_some_and(|named| named.is_set);
        is_plain && self.is_word_of_item(index) && mark.quantity().is_none() && !self.is_there(index, concept)
    }

    /// Whether one of the resources that are named by their own names has the item now.
    fn is_there(&self, index: usize, concept: Concept) -> bool {
        let Some(mark) = self.marks.get(index).filter(|mark| mark.to == mark.from + 1) else { return false };
        let text = &self.words.tokens[mark.from].text;
        let has = |address: &Address| {
            let value = |path: &&str| crate::view::value_at(self.view.in_scope(None, address)?, path)?.as_array();
            concept.paths().iter().filter_map(value).flatten().any(|item| item.as_str() == Some(text))
        };
        let named = self.marks.iter().filter_map(crate::mark::Mark::named).filter(|named| named.how == How::Exact && !named.is_set);
        named.flat_map(|named| &named.addresses).any(has)
    }

    fn use_orders_behind(&self, new: usize) {
        for index in new + 1..self.marks.len() {
            let from = self.marks[index].from;
            let Some(length) = ORDERING.iter().filter_map(|phrase| length_of(phrase, self.words, from)).max() else { continue };
            (index..self.marks.len()).take_while(|place| self.marks[*place].from < from + length).for_each(|place| self.use_mark(place));
        }
    }
}
