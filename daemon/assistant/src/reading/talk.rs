//! What is said beside a wish for something new, and asks for nothing? It is told to the author.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Operator, Verb};
use crate::mark::Meaning;

use super::Reader;

/// Words with which a new clause begins.
#[rustfmt::skip]
const CLAUSES: &[&str] = &["so", "because", "since", "as", "therefore", "hence", "thus", "while", "\u{2026}", ";", "quindi", "perche", "siccome", "poiche", "percio", "dunque", "mentre", "visto", "dato"];

impl Reader<'_> {
    /// What is said beside a wish for something new and asks for nothing: "the devs hate mailpit, so ...", "on the meeting-room screen",
    /// "for k3s", "spin up uptime-kuma (louislam/uptime-kuma:1)". It is told to the author.
    pub(crate) fn is_talk_about_new(&self, index: usize, draft: &Draft) -> bool {
        if !matches!(draft.command.value, CommandName::Create | CommandName::Adopt) || draft.names.is_empty() {
            return false;
        }
        let mark = &self.marks[index];
        let fold = self.words.fold(mark.from);
        if mark.named().is_some() {
            // "a copy of mailpit: name mailpit-s, image axllent/mailpit:v1.20".
            let is_likeness = (index.saturating_sub(2)..index).any(|before| self.marks[before].verb() == Some(Verb::Clone)) && self.has_own_image();
            return is_likeness || !self.clause_is_read(index);
        }
        let is_word = mark.is(&Meaning::Other) && !self.is_data(index);
        let is_compound =
            is_word && fold.contains('-') && fold.split('-').all(|part| part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let is_product = is_word || mark.product().is_some();
        let is_numbered = fold.contains('-') && fold.ends_with(|letter: char| letter.is_ascii_digit());
        is_compound || is_product && self.is_called_as_image(fold) || is_product && !is_numbered && self.is_purpose(index)
    }

    /// "We start a new project next week and I'd like a VM": when something else is. It stands before the wish, in a clause with words of
    /// its own and no part of the wish.
    pub(crate) fn is_reason_of_new(&self, index: usize, draft: &Draft) -> bool {
        let is_wish = |place: usize| {
            let mark = &self.marks[place];
            // "is starting her thesis": what somebody does.
            let is_doing = self.word(place).ends_with("ing") && place > 0 && matches!(self.word(place - 1), "is" | "are" | "re" | "m" | "s");
            let wishes = mark.verb().is_some() && !is_doing;
            // "one of my students".
            let is_amount = mark.quantity().is_some() && !matches!(self.word(place), "one" | "uno" | "una" | "un");
            wishes || is_amount || mark.thing().is_some_and(|thing| thing.type_name() == Some("compute"))
        };
        let is_end = |place: &usize| {
            self.is_break(*place) || CLAUSES.contains(&self.word(*place)) || matches!(self.word(*place), "," | "and" | "e") && *place > index
        };
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let words = (start..end).filter(|place| self.marks[*place].is(&Meaning::Other)).count();
        let wishes_behind =
            (end..self.marks.len()).any(|place| self.marks[place].verb().is_some_and(|verb| matches!(verb, Verb::Want | Verb::Create | Verb::Add)));
        draft.command.value == CommandName::Create && words >= 2 && wishes_behind && !(start..end).any(is_wish)
    }

    /// "for the k3s tests", "per le prove di jenkins": what it shall serve.
    fn is_purpose(&self, index: usize) -> bool {
        let before = (index.saturating_sub(6)..index).rev().take_while(|place| {
            let mark = &self.marks[*place];
            !mark.is(&Meaning::Punctuation)
                && mark.quantity().is_none()
                && mark.concept().is_none()
                && (!self.is_used(*place) || mark.verb().is_some())
        });
        before.into_iter().any(|place| matches!(self.word(place), "for" | "per"))
    }

    /// Whether something else was read in the same clause: up to a full stop, or a word that gives a reason.
    fn clause_is_read(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.is_break(*place) || CLAUSES.contains(&self.word(*place)) || self.text(*place).starts_with("..");
        let is_read = |place: usize| self.is_used(place) && !matches!(self.marks[place].verb(), Some(Verb::Want));
        (0..index).rev().take_while(|place| !is_end(place)).any(is_read)
            || (index + 1..self.marks.len()).take_while(|place| !is_end(place)).any(is_read)
    }

    /// Whether what follows from the words before begins at a mark.
    pub(crate) fn begins_consequence(&self, index: usize) -> bool {
        matches!(self.word(index), "so" | "therefore" | "hence" | "thus" | "quindi" | "percio" | "dunque")
    }

    /// "(don't ask)", "I don't want forty students sharing one", "(he has twelve of them)": a part of the sentence that names nothing of
    /// the wish and gives no value.
    pub(crate) fn is_told_part(&self, index: usize, draft: &Draft) -> bool {
        let makes = matches!(draft.command.value, CommandName::Create | CommandName::Clone | CommandName::Adopt);
        let takes_back = matches!((self.word(index), self.word(index + 1)), ("never", "mind"));
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || CLAUSES.contains(&self.word(*place));
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index + 1..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        // "the good one we have": what somebody does is no order.
        let orders = |place: usize| {
            let is_told = place > 0 && crate::lexicon::SUBJECTS.contains(&self.word(place - 1));
            self.marks[place].verb().is_some_and(|verb| verb != Verb::Want) && !is_told
        };
        let holds = |place: usize| {
            let mark = &self.marks[place];
            let is_wanted = self.is_used(place) && mark.verb().is_none() && !mark.is(&Meaning::Background);
            let is_value = mark.concept().is_some() || mark.image().is_some() || mark.cidr().or(mark.ip()).is_some() || mark.environment().is_some();
            let other = place != index && matches!(mark.operator(), Some(Operator::Condition | Operator::Schedule | Operator::Correction));
            is_wanted || is_value || other || mark.blueprint().is_some() || mark.named().is_some() || orders(place)
        };
        let words = (start..end).filter(|place| self.marks[*place].is(&Meaning::Other)).count();
        let has_amount = (start..end).any(|place| self.marks[place].quantity().is_some());
        makes && !takes_back && end > start + 1 && (words >= 2 || !has_amount) && !(start..end).any(holds)
    }
}
