//! Is the new thing made from a template? Only the names of templates that are there are read as such.

use core_model::Name;

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Verb};
use crate::quantity::Quantity;
use crate::source::Sourced;

use super::Reader;

/// Words that announce a template.
const ANNOUNCING: &[&str] = &["template", "profile", "modello", "profilo"];

impl Reader<'_> {
    /// "from the template web-server", "a web-server called web-05".
    pub(crate) fn read_template(&self, draft: &mut Draft) {
        let Some((index, name)) = (0..self.marks.len()).find_map(|index| Some((index, self.template_at(index)?))) else {
            return self.read_numbered_template(draft);
        };
        self.use_mark(index);
        draft.template = Some(Sourced::new(name, self.source(index, index)));
        (0..self.marks.len()).filter(|other| ANNOUNCING.contains(&self.word(*other))).for_each(|other| self.use_mark(other));
    }

    /// "from the Proxmox template 9000": what a machine is cloned from has a number there.
    fn read_numbered_template(&self, draft: &mut Draft) {
        let is_number = |index: usize| matches!(self.marks[index].quantity(), Some(Quantity::Number(100..=999_999_999)));
        let found = (1..self.marks.len()).find(|index| ANNOUNCING.contains(&self.word(index - 1)) && is_number(*index));
        let Some(index) = found else { return };
        self.use_mark(index - 1);
        self.use_mark(index);
        let wanted = Wanted::Change(FieldChange::Set(self.text(index)));
        draft.wish(FieldName::Concept(Concept::Os), wanted, self.source(index - 1, index));
    }

    fn template_at(&self, index: usize) -> Option<Name> {
        let mark = &self.marks[index];
        let name = self.words.fold(mark.from).parse::<Name>().ok().filter(|name| self.view.template(name).is_some())?;
        let before = index.checked_sub(1);
        let is_announced = before.is_some_and(|before| ANNOUNCING.contains(&self.word(before)));
        // A machine may be called as a template is.
        let is_its_name = before.is_some_and(|before| self.marks[before].verb() == Some(Verb::Name)) || mark.named().is_some();
        (mark.to == mark.from + 1 && (is_announced || !is_its_name)).then_some(name)
    }
}
