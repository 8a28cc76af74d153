//! Is a list given in whole? "the tags shall be exactly these: web, canary", "web-02's tags -> [web, edge]".

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Verb, length_of};
use crate::mark::Meaning;

use super::Reader;

/// What announces all of a list, where a colon stands behind.
#[rustfmt::skip]
const ANNOUNCING: &[&str] = &[
    "these two", "these three", "those two", "those three", "the following two", "the following three", "questi due", "questi tre", "queste due", "queste tre",
    "exactly these", "exactly those", "exactly the following", "these", "those", "the following", "following", "as follows", "in full", "in this order", "in whole", "precisely these", "only these", "just these",
    "esattamente questi", "esattamente queste", "questi", "queste", "i seguenti", "le seguenti", "seguenti", "questi qui", "solo questi", "per intero", "i seguenti soltanto",
];

/// Signs that give all of it.
const SIGNS: &[&str] = &["->", "→", "=>", "=", ":=", "["];

/// What joins two items, or stands around them.
const JOINTS: &[&str] = &[",", "and", "e", "ed", "&", "+", "[", "]"];

/// So far behind the field's name its list is announced.
const DISTANCE_MAX: usize = 12;

impl Reader<'_> {
    /// Reads a list that is announced as the whole of it. "Add these tags: a, b" gives only more of it.
    pub(super) fn read_announced_list(&self, draft: &mut Draft) {
        let is_list = |index: &usize| matches!(self.marks[*index].concept(), Some(Concept::Tags | Concept::Packages)) && !self.is_used(*index);
        for index in (0..self.marks.len()).filter(is_list) {
            if self.read_lines(draft, index) {
                continue;
            }
            let Some((last, items)) = self.announced(index) else { continue };
            let concept = self.marks[index].concept().unwrap_or(Concept::Tags);
            let texts = items.iter().map(|place| self.words.tokens[self.marks[*place].from].text.clone()).collect();
            let source = self.source(items[0], items[items.len() - 1]);
            (index..=last).filter(|place| self.marks[*place].named().is_none_or(|named| named.is_set)).for_each(|place| self.use_mark(place));
            items.iter().for_each(|place| self.use_mark(*place));
            draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::SetList(texts)), source);
        }
    }

    /// "Tags of web-02:", and below it one item in each line. Whether there are such lines.
    fn read_lines(&self, draft: &mut Draft, field: usize) -> bool {
        let is_line_end = |place: &usize| self.words.tokens[self.marks[*place].from].fold == "\n";
        let Some(end) = (field..self.marks.len()).find(is_line_end).filter(|end| self.has_colon(self.marks[end - 1].to - 1)) else { return false };
        let mut items = Vec::new();
        let mut place = end + 1;
        while place < self.marks.len() {
            let is_alone = place + 1 == self.marks.len() || is_line_end(&(place + 1));
            if !is_alone || self.marks[place].to != self.marks[place].from + 1 || self.marks[place].is(&Meaning::Punctuation) {
                break;
            }
            items.push(place);
            place += 2;
        }
        let start = (0..field).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let has = |wanted: &[Verb]| (start..end).any(|place| self.marks[place].verb().is_some_and(|verb| wanted.contains(&verb)));
        if items.len() < 2 {
            return false;
        }
        let texts = items.iter().map(|place| self.words.tokens[self.marks[*place].from].text.clone()).collect();
        let change = match (has(&[Verb::Add, Verb::Install]), has(&[Verb::Remove, Verb::Delete])) {
            (true, false) => FieldChange::Add(texts),
            (false, true) => FieldChange::Remove(texts),
            (true, true) => return false,
            (false, false) => FieldChange::SetList(texts),
        };
        (start..end).filter(|place| self.marks[*place].named().is_none_or(|named| named.is_set)).for_each(|place| self.use_mark(place));
        items.iter().for_each(|place| self.use_mark(*place));
        let concept = self.marks[field].concept().unwrap_or(Concept::Tags);
        draft.wish(FieldName::Concept(concept), Wanted::Change(change), self.source(items[0], items[items.len() - 1]));
        true
    }

    /// Where the announcement ends, and the items behind it.
    fn announced(&self, field: usize) -> Option<(usize, Vec<usize>)> {
        let start = (0..field).rev().find(|place| self.is_break(*place)).map_or(0, |place| place + 1);
        let end = self.marks.len().min(field + DISTANCE_MAX);
        let last = (field + 1..end).take_while(|place| !self.is_break(*place)).find(|place| self.announces(*place))?;
        // "add these tags", "remove the following packages".
        let changes =
            |place: usize| matches!(self.marks[place].verb(), Some(Verb::Add | Verb::Install | Verb::Remove | Verb::Delete | Verb::Increase));
        let gives = |place: usize| self.marks[place].gives_value() || self.marks[place].operator().is_some();
        if (start..last).any(changes) || (field + 1..last).any(gives) {
            return None;
        }
        let items = self.announced_items(last + 1);
        (!items.is_empty()).then_some((last, items))
    }

    fn announces(&self, index: usize) -> bool {
        let mark = &self.marks[index];
        let ends_so = |phrase: &&str| {
            let length = phrase.split(' ').count();
            mark.to >= length && length_of(phrase, self.words, mark.to - length).is_some()
        };
        SIGNS.contains(&self.text(index).as_str()) || self.has_colon(mark.to - 1) && ANNOUNCING.iter().any(ends_so)
    }

    /// Single words in a row; with anything else between them it is no list.
    fn announced_items(&self, from: usize) -> Vec<usize> {
        let mut items: Vec<usize> = Vec::new();
        let mut is_open = true;
        for place in from..self.marks.len() {
            let mark = &self.marks[place];
            if JOINTS.contains(&self.text(place).as_str()) {
                is_open = true;
            } else if mark.is(&Meaning::Punctuation) {
                break;
            } else if !is_open || mark.to != mark.from + 1 {
                return Vec::new();
            } else {
                items.push(place);
                is_open = false;
            }
        }
        items
    }
}
