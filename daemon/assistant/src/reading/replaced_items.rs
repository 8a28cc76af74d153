//! Does a tag or a package take the place of another one? "replace the tag web with edge", "swap the web tag for edge on web-02".

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::Concept;
use crate::mark::Meaning;

use super::Reader;

/// Before the item that goes.
const REPLACING: &[&str] = &[
    "replace",
    "swap",
    "exchange",
    "trade",
    "substitute",
    "change",
    "switch",
    "turn",
    "sostituisci",
    "sostituire",
    "sostituite",
    "sostituiamo",
    "rimpiazza",
    "rimpiazzare",
    "scambia",
    "cambia",
    "cambiare",
    "cambiate",
    "cambiamo",
];
/// Between the item that goes and the one that comes.
const WITH: &[&str] = &["with", "for", "by", "to", "into", "con", "in", "->", "→", "=>"];
/// Beside an item they say nothing.
const ARTICLES: &[&str] = &[
    "the", "a", "an", "its", "of", "on", "from", "all", "current", "present", "existing", "attuali", "attuale", "tutti", "i", "gli", "le", "il",
    "lo", "la", "l", "un", "del", "di", "su", "sul", "sulla", "s",
];
/// So far behind the verb stands the field's name.
const DISTANCE_MAX: usize = 7;

impl Reader<'_> {
    pub(super) fn read_replaced_items(&self, draft: &mut Draft) {
        // "replace the tags by exactly these two: web, edge" was read as a whole list.
        if draft.wishes.iter().any(|wish| matches!(wish.field, FieldName::Concept(Concept::Tags | Concept::Packages))) {
            return;
        }
        if self.read_renamed_item(draft) {
            return;
        }
        let verbs = || (0..self.marks.len()).filter(|index| REPLACING.contains(&self.word(*index)));
        if let Some((verb, concept, items)) = verbs().find_map(|verb| self.whole_list(verb)) {
            let texts = items.iter().map(|place| self.words.tokens[self.marks[*place].from].text.clone()).collect();
            let source = self.source(items[0], items[items.len() - 1]);
            items.iter().chain([&verb]).for_each(|place| self.use_mark(*place));
            self.use_concept(concept);
            return draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::SetList(texts)), source);
        }
        let Some((verb, concept, former, new)) = verbs().find_map(|verb| self.replaced_item(verb)) else { return };
        [verb, former, new].into_iter().for_each(|place| self.use_mark(place));
        self.use_concept(concept);
        let text = |place: usize| vec![self.words.tokens[self.marks[place].from].text.clone()];
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Remove(text(former))), self.source(former, former));
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Add(text(new))), self.source(new, new));
    }

    /// "change the tags of web-02 to edge and canary": the list itself is changed to what stands behind.
    fn whole_list(&self, verb: usize) -> Option<(usize, Concept, Vec<usize>)> {
        let is_list = |index: &usize| matches!(self.marks[*index].concept(), Some(Concept::Tags | Concept::Packages));
        let passes = |index: &usize| ARTICLES.contains(&self.word(*index)) || self.marks[*index].named().is_some_and(|named| !named.is_set);
        let field = (verb + 1..self.marks.len()).find(|place| !passes(place)).filter(is_list)?;
        let link = (field + 1..self.marks.len())
            .find(|place| !passes(place))
            .filter(|place| matches!(self.word(*place), "to" | "a" | "in" | "into" | "with" | "by" | "con"))?;
        let mut items = Vec::new();
        for place in link + 1..self.marks.len() {
            let mark = &self.marks[place];
            let is_word = mark.to == mark.from + 1 && !mark.is(&Meaning::Punctuation) && mark.quantity().is_none();
            if is_row(self, place) {
                continue;
            }
            // "..., nothing else should remain".
            let ends = matches!(self.word(place), "nothing" | "no" | "none" | "only" | "those" | "niente" | "nient" | "nessun" | "solo" | "basta");
            if !is_word || ends || self.is_break(place) || !items.is_empty() && !is_row(self, place - 1) {
                break;
            }
            items.push(place);
        }
        (!items.is_empty()).then(|| (verb, self.marks[field].concept().unwrap_or(Concept::Tags), items))
    }

    /// The verb, the list, what goes and what comes.
    fn replaced_item(&self, verb: usize) -> Option<(usize, Concept, usize, usize)> {
        let is_list = |index: &usize| matches!(self.marks[*index].concept(), Some(Concept::Tags | Concept::Packages));
        let end = self.marks.len().min(verb + DISTANCE_MAX);
        let field = (verb + 1..end).take_while(|place| !self.is_break(*place)).find(is_list)?;
        let concept = self.marks[field].concept()?;
        let is_word = |index: &usize| {
            let mark = &self.marks[*index];
            let is_plain = !mark.is(&Meaning::Punctuation) && !ARTICLES.contains(&self.word(*index)) && !WITH.contains(&self.word(*index));
            is_plain && mark.to == mark.from + 1 && mark.concept().is_none() && mark.quantity().is_none()
        };
        let is_machine = |index: usize| self.marks[index].named().is_some_and(|named| !named.is_set);
        // "the web tag", "the tag web": not the machine that has it.
        let former = [Some(field + 1), field.checked_sub(1).filter(|before| *before > verb)];
        let former = former.into_iter().flatten().find(|place| *place < self.marks.len() && is_word(place) && !is_machine(*place))?;
        let link = (former.max(field) + 1..self.marks.len()).take_while(|place| !self.is_break(*place));
        let link = link.into_iter().find(|place| WITH.contains(&self.word(*place)) || WITH.contains(&self.text(*place).as_str()))?;
        let new =
            (link + 1..self.marks.len()).find(|place| !ARTICLES.contains(&self.word(*place)) && self.marks[*place].concept() != Some(concept))?;
        (is_word(&new) && !is_machine(new)).then_some((verb, concept, former, new))
    }
}

/// Whether a word joins two items.
fn is_row(reader: &Reader<'_>, index: usize) -> bool {
    matches!(reader.text(index).as_str(), "," | "and" | "e" | "ed" | "&" | "+")
}
