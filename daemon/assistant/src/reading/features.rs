//! Is a feature named that the assistant does not set? "a container ..., privileged", "a VM ... with uefi" is not made without it unasked.

use crate::command::CommandName;
use crate::draft::Draft;
use crate::lexicon::{Concept, Thing, feature_at};
use crate::mark::Meaning;

use super::Reader;

/// Before these something is listed that it shall have.
const JOINING: &[&str] = &["with", "con", "plus", "and", "e", "ed", "no", "not", "non", "senza", "without", "&", "+"];

impl Reader<'_> {
    /// Whether an unread mark names such a feature among what is wished.
    pub(super) fn is_feature(&self, index: usize, draft: &Draft) -> bool {
        let is_change = matches!(draft.command.value, CommandName::Create | CommandName::Update | CommandName::Clone);
        let mark = &self.marks[index];
        if !is_change || mark.is(&Meaning::Background) || mark.is(&Meaning::Punctuation) {
            return false;
        }
        let is_machine = draft.thing.as_ref().is_some_and(|thing| matches!(thing.value, Thing::VirtualMachine | Thing::Container));
        let is_field = is_machine
            && draft.command.value == CommandName::Create
            && matches!(
                mark.concept(),
                Some(Concept::Backup | Concept::Availability | Concept::Hostname | Concept::Bridge | Concept::StorageKind | Concept::Pool)
            );
        // "container wiki ..., volume wiki-data on /data".
        let is_volume = mark.is(&Meaning::Other)
            && index.checked_sub(1).is_some_and(|before| self.marks[before].thing() == Some(Thing::Volume) && self.is_listed(before))
            && draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Container);
        // "8GB of which 2 for the cache".
        let is_part = self.words.word(mark.from) == "of" && self.words.word(mark.from + 1) == "which"
            || self.words.word(mark.from) == "di" && self.words.word(mark.from + 1) == "cui";
        let is_part = is_part && self.marks[index..].iter().take(4).any(|next| next.quantity().is_some());
        (is_field || feature_at(self.words, mark.from).is_some()) && self.is_listed(index) || is_volume || is_part
    }

    /// "..., privileged", "with uefi": an item of its own, and no word of a purpose like "for the backups", nor of a reason.
    fn is_listed(&self, index: usize) -> bool {
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || self.has_colon(self.marks[*place].to - 1);
        let start = (0..index).rev().find(is_end).map_or(0, |end| end + 1);
        let end = (index..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        let tells = (start..end)
            .filter(|place| *place != index)
            .any(|place| (self.marks[place].from..self.marks[place].to).any(|word| self.is_telling(word)));
        let opens = (start..index)
            .all(|place| matches!(self.word(place), "a" | "an" | "the" | "un" | "una" | "il" | "la") || JOINING.contains(&self.word(place)))
            && start > 0;
        let is_joined = index.checked_sub(1).is_some_and(|before| JOINING.contains(&self.words.word(self.marks[before].to - 1)))
            || index.checked_sub(2).is_some_and(|before| {
                JOINING.contains(&self.words.word(self.marks[before].to - 1)) && matches!(self.word(index - 1), "a" | "an" | "un" | "una")
            });
        !tells && (opens || is_joined)
    }
}
