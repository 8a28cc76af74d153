//! Which lines of a ticket only say who is concerned? "Approved by: Karen" is a field of a form, and asks for nothing.

use crate::mark::Meaning;
use crate::quantity::Quantity;
use crate::token::Words;

use super::Reader;

/// Labels of lines that name people, or the ticket itself.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "approved by", "approver", "approvers", "authorised by", "authorized by", "confirmed by", "requested by", "requester", "requestor", "raised by", "reported by", "reporter", "submitted by", "opened by", "contact", "contact person", "cc",
    "approvato da", "autorizzato da", "confermato da", "richiesto da", "richiedente", "referente", "contatto", "aperto da", "segnalato da", "firmato", "reparto", "department", "cost center", "cost centre", "centro di costo", "priority", "priorita", "urgency", "urgenza", "ticket id", "ticket no", "reference", "riferimento", "protocollo",
];
/// Labels of lines that say what is meant, or why: the words behind them are read.
#[rustfmt::skip]
const NEUTRAL: &[&str] = &[
    "target", "reason", "motivation", "justification", "rationale", "details", "description", "summary", "title", "subject", "category", "item", "asset", "system", "ref", "comment", "comments", "note", "notes", "background", "context",
    "scope", "object", "objective", "goal", "expected", "outcome", "ambito", "obiettivo", "esito", "bersaglio",
    "motivo", "motivazione", "giustificazione", "causale", "dettagli", "descrizione", "titolo", "oggetto", "categoria", "sistema", "annotazioni", "contesto", "nota", "ragione",
];
/// Labels that would ask, if no colon stood behind them.
#[rustfmt::skip]
const HEADS: &[&str] = &["what", "why", "when", "who", "where", "which", "how", "task", "action", "change", "request", "wish", "cosa", "perche", "quando", "chi", "dove", "come", "quale", "azione", "modifica", "richiesta", "attivita", "intervento"];
/// Labels of the line that says in short what the others ask for.
const SUBJECTS: &[&str] = &["subject", "title", "re", "topic", "summary", "oggetto", "titolo", "argomento"];
/// A line with more words than this says more than a name.
const WORDS_MAX: usize = 4;

/// What has a number of its own.
const NUMBERED: [&str; 10] = ["ticket", "issue", "incident", "task", "case", "segnalazione", "pratica", "rif", "protocollo", "richiesta"];

impl Reader<'_> {
    /// "Rif. ticket 8812: eliminare cache-dev": the number of what is written, and of nothing in it.
    pub(crate) fn drop_numbers_of_tickets(&mut self) {
        for index in 1..self.marks.len() {
            let is_number = matches!(self.marks[index].quantity(), Some(Quantity::Number(_)));
            let is_sign = self.text(index).strip_prefix('#').is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
            let is_field = self.marks.get(index + 1).is_some_and(|next| next.concept().is_some() || next.thing().is_some());
            if (is_number && !is_field || is_sign && self.marks[index].past().is_none()) && NUMBERED.contains(&self.word(index - 1)) {
                for place in [index - 1, index] {
                    self.marks[place].meanings = vec![Meaning::Ignored];
                    self.use_mark(place);
                }
            }
        }
    }

    /// Takes the meaning from lines that name who asks, approves or is to be called.
    pub(crate) fn drop_lines_of_people(&mut self) {
        let mut index = 0;
        while index < self.marks.len() {
            if self.marks[index].is(&Meaning::Other) && is_label(self.words, self.marks[index].from, 1) && NEUTRAL.contains(&self.word(index)) {
                self.marks[index].meanings = vec![Meaning::Ignored];
            }
            if is_label(self.words, self.marks[index].from, 1) && SUBJECTS.contains(&self.words.word(self.marks[index].from)) {
                self.drop_line_of_subject(index);
            }
            if is_label(self.words, self.marks[index].from, 1) && HEADS.contains(&self.word(index)) {
                self.marks[index].meanings = vec![Meaning::Ignored, Meaning::Background];
                self.use_mark(index);
            }
            let Some(length) = label_at(self.words, self.marks[index].from) else {
                index += 1;
                continue;
            };
            let start = self.marks[index].from;
            let end = (start + 1..self.words.tokens.len()).find(|place| begins_line(self.words, *place)).unwrap_or(self.words.tokens.len());
            let last = (index..self.marks.len()).take_while(|place| self.marks[*place].to <= end).last().unwrap_or(index);
            // A verb, a name that is here or a word that turns something round makes of it more than a label.
            let is_plain = |place: usize| {
                let mark = &self.marks[place];
                let is_free = mark.is(&Meaning::Other) || mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation) || mark.quantity().is_some();
                mark.from < start + length || is_free && !self.is_data(place)
            };
            let is_line = end - start <= length + WORDS_MAX && (index..=last).all(is_plain);
            for place in (index..=last).filter(|_| is_line) {
                if !self.marks[place].is(&Meaning::Punctuation) {
                    self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
                }
                self.use_mark(place);
            }
            index = last + 1;
        }
    }
}

impl Reader<'_> {
    /// "Oggetto: cancellazione record DNS", where a line below asks for it: the words that nothing reads say no more.
    fn drop_line_of_subject(&mut self, index: usize) {
        let end = (index + 1..self.marks.len()).find(|place| begins_line(self.words, self.marks[*place].from)).unwrap_or(self.marks.len());
        let asks = (end..self.marks.len()).any(|place| self.is_order(place));
        let says_more = (index..end).any(|place| {
            let mark = &self.marks[place];
            mark.named().is_some() || mark.gives_value() || mark.operator().is_some() || mark.environment().is_some()
        });
        for place in (index..end).filter(|_| asks && !says_more) {
            if !self.marks[place].is(&Meaning::Punctuation) {
                self.marks[place].meanings = vec![Meaning::Ignored, Meaning::Background];
            }
            self.use_mark(place);
        }
    }
}

/// The number of words of a label that begins a line and ends with a colon.
pub(crate) fn label_at(words: &Words<'_>, place: usize) -> Option<usize> {
    let length = LABELS.iter().filter_map(|label| crate::lexicon::length_of(label, words, place)).max()?;
    is_label(words, place, length).then_some(length)
}

/// Whether so many words begin a line and end with a colon.
pub(super) fn is_label(words: &Words<'_>, place: usize, length: usize) -> bool {
    let behind = words.tokens.get(place + length - 1).and_then(|token| words.text.get(token.end..));
    begins_line(words, place) && behind.is_some_and(|behind| behind.trim_start_matches(['*', ' ']).starts_with(':'))
}

/// Whether a line of the text begins at a word, with the sign of a list before it.
pub(super) fn begins_line(words: &Words<'_>, place: usize) -> bool {
    let Some(token) = words.tokens.get(place) else { return true };
    let before = place.checked_sub(1).and_then(|before| words.tokens.get(before));
    before.is_none_or(|before| before.fold == "\n" || words.text.get(before.end..token.start).is_some_and(|between| between.contains('\n')))
}
