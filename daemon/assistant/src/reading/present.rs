//! Which values are only told because they are so now? "la 1.4.2 ha il carrello rotto" names no version that shall be.

use crate::draft::Draft;
use crate::lexicon::{Concept, Operator};
use crate::mark::{Mark, Meaning};
use crate::quantity::Quantity;
use crate::view::value_at;

use super::Reader;

/// What is said of an amount that is too small.
#[rustfmt::skip]
const INSUFFICIENT: &[&str] = &[
    "enough", "insufficient", "little", "small", "joke", "basta", "bastano", "insufficienti", "insufficiente", "poco", "poca", "pochi", "stretti",
    "stretto", "stretta", "ridicoli", "ridicolo",
];

/// Values of one kind: of two the one that is there already is not what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Version,
    Address,
    Node,
}

impl Reader<'_> {
    /// Drops each value that all named resources have, where another value of its kind is given.
    pub(crate) fn drop_present_values(&self, draft: &Draft) {
        for kind in [Kind::Version, Kind::Address, Kind::Node] {
            let given: Vec<(usize, String)> = (0..self.marks.len()).filter_map(|index| Some((index, self.given(index, kind)?))).collect();
            let (present, wanted): (Vec<_>, Vec<_>) = given.into_iter().partition(|(_, text)| self.is_present(draft, kind, text));
            if wanted.is_empty() {
                continue;
            }
            for (index, _) in present {
                self.use_mark(index);
                self.use_words_of_replacement(index);
            }
        }
        self.drop_insufficient_sizes();
        self.drop_present_cores(draft);
        self.drop_ends_of_addresses(draft);
        self.drop_present_sizes(draft);
    }

    /// "build-01 needs another address in the dmz": where it is already is no wish beside another one.
    pub(crate) fn drop_present_links(&self, draft: &mut Draft) {
        let is_there = |address: &core_model::Address, name: &str| {
            let resource = self.view.in_scope(draft.scope(), address);
            let link = resource.and_then(|resource| value_at(resource, "specs.network.link"));
            let link = link.and_then(|link| link.as_str().or_else(|| link.get("resource")?.as_str()));
            link.is_some_and(|link| link.rsplit('.').next() == Some(name))
        };
        let is_present = |wish: &crate::draft::Wish| {
            let crate::draft::Wanted::Change(crate::command::FieldChange::Add(names)) = &wish.wanted.value else { return false };
            let [name] = names.as_slice() else { return false };
            wish.field == crate::draft::FieldName::Concept(Concept::Networks)
                && draft.resources.iter().all(|meant| is_there(&meant.address.value, name))
        };
        if draft.wishes.len() > 1 && !draft.resources.is_empty() {
            let kept = draft.wishes.iter().filter(|wish| !is_present(wish)).cloned().collect();
            draft.wishes = kept;
        }
    }

    /// "it dies with OOM at 16 GB; 48 GB would do": of two sizes without a field the one that it has is told.
    fn drop_present_sizes(&self, draft: &Draft) {
        let bytes = |index: usize| match self.marks[index].quantity() {
            Some(Quantity::Size(size)) if !self.is_used(index) => Some(size.bytes),
            _ => None,
        };
        let has_field = |index: usize| {
            let around = [index.checked_sub(1), Some(index + 1), Some(index + 2)];
            around.into_iter().flatten().any(|place| self.marks.get(place).is_some_and(|mark| mark.concept().is_some()))
        };
        let bare: Vec<(usize, u64)> =
            (0..self.marks.len()).filter_map(|index| Some((index, bytes(index)?))).filter(|(index, _)| !has_field(*index)).collect();
        let has_now = |wanted: u64| {
            let has = |address: &core_model::Address| {
                let values = ["specs.memory", "specs.storage"]
                    .into_iter()
                    .filter_map(|path| value_at(self.view.in_scope(draft.scope(), address)?, path)?.as_u64());
                values.into_iter().any(|value| value == wanted)
            };
            !draft.resources.is_empty() && draft.resources.iter().all(|meant| has(&meant.address.value))
        };
        let (present, wanted): (Vec<_>, Vec<_>) = bare.into_iter().partition(|(_, bytes)| has_now(*bytes));
        // "does it really have only 100GB? make it 150GB disk".
        let has_other = (0..self.marks.len()).any(|index| bytes(index).is_some_and(|bytes| !has_now(bytes)) && has_field(index));
        // "double the disk, the 50 gigs are full of photos".
        let is_amount = |mark: &Mark| mark.concept().is_some_and(super::amounts::is_amount);
        let has_other =
            has_other || self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Factor(..)))) && self.marks.iter().any(is_amount);
        if !wanted.is_empty() || has_other {
            present.into_iter().for_each(|(index, _)| self.use_mark(index));
        }
    }

    /// "lan onto vlan 120, 20 collides with the phones".
    pub(crate) fn drop_present_vlan(&self, draft: &Draft, wanted: &str) {
        let vlan = |address: &core_model::Address| value_at(self.view.in_scope(draft.scope(), address)?, "specs.vlan")?.as_u64();
        let present: Vec<u64> = draft.resources.iter().filter_map(|meant| vlan(&meant.address.value)).collect();
        for index in 0..self.marks.len() {
            let is_present =
                matches!(self.marks[index].quantity(), Some(Quantity::Number(number)) if present.contains(&number) && number.to_string() != wanted);
            if is_present {
                self.use_mark(index);
            }
        }
    }

    /// "the .20 is the printer's": the end of an address that is given or there.
    pub(crate) fn drop_ends_of_addresses(&self, draft: &Draft) {
        let given = self.marks.iter().filter_map(|mark| mark.cidr().or(mark.ip())).cloned();
        let own = |address: &core_model::Address| {
            let resource = self.view.in_scope(draft.scope(), address)?;
            Concept::Address.paths().iter().find_map(|path| value_at(resource, path)?.as_str().map(str::to_owned))
        };
        let present = draft.resources.iter().filter_map(|meant| own(&meant.address.value));
        let ends: Vec<String> = given.chain(present).filter_map(|text| text.split('/').next()?.rsplit('.').next().map(str::to_owned)).collect();
        for index in 0..self.marks.len() {
            let text = self.text(index);
            if text.strip_prefix('.').is_some_and(|end| ends.iter().any(|own| own == end)) {
                self.use_mark(index);
            }
        }
    }

    /// "a copy of web-02, same Ubuntu 22.04 and everything": what the original has, the copy has, too.
    pub(crate) fn drop_system_of_original(&self, draft: &mut Draft) {
        let Some(original) = draft.resources.first().map(|meant| meant.address.value.clone()) else { return };
        let Some(resource) = self.view.in_scope(draft.scope(), &original) else { return };
        let own = Concept::Os.paths().iter().find_map(|path| value_at(resource, path)?.as_str().map(str::to_owned));
        let is_same = |wish: &crate::draft::Wish| {
            wish.field == crate::draft::FieldName::Concept(Concept::Os)
                && matches!(&wish.wanted.value, crate::draft::Wanted::Change(crate::command::FieldChange::Set(text)) if Some(text) == own.as_ref())
        };
        draft.wishes.retain(|wish| !is_same(wish));
    }

    /// "it has 8 cores as far as I can see. 12 cores would be ideal".
    fn drop_present_cores(&self, draft: &Draft) {
        let cores = |index: usize| match self.marks[index].quantity() {
            Some(Quantity::Number(number)) if self.marks.get(index + 1).is_some_and(|next| next.concept() == Some(Concept::Cpu)) => Some(number),
            _ => None,
        };
        let given: Vec<(usize, u64)> = (0..self.marks.len()).filter_map(|index| Some((index, cores(index)?))).collect();
        let has_now = |number: u64| {
            let cores = |address: &core_model::Address| value_at(self.view.in_scope(draft.scope(), address)?, "specs.cpu")?.as_u64();
            !draft.resources.is_empty() && draft.resources.iter().all(|meant| cores(&meant.address.value) == Some(number * 1000))
        };
        let (present, wanted): (Vec<_>, Vec<_>) = given.into_iter().partition(|(_, number)| has_now(*number));
        if !wanted.is_empty() {
            present.into_iter().flat_map(|(index, _)| [index, index + 1]).for_each(|index| self.use_mark(index));
        }
    }

    /// "512 MB is not enough. 1 GB please": what is too little is what it has.
    fn drop_insufficient_sizes(&self) {
        let is_size = |index: usize| matches!(self.marks[index].quantity(), Some(Quantity::Size(_))) && !self.is_used(index);
        let sizes: Vec<usize> = (0..self.marks.len()).filter(|index| is_size(*index)).collect();
        let is_short = |index: usize| {
            let behind = (index + 1..self.marks.len().min(index + 7)).take_while(|place| !self.is_break(*place) && !is_size(*place));
            let words = behind.flat_map(|place| self.marks[place].from..self.marks[place].to);
            words.into_iter().any(|place| INSUFFICIENT.contains(&self.words.word(place)))
        };
        let short: Vec<usize> = sizes.iter().copied().filter(|index| is_short(*index)).collect();
        if short.len() < sizes.len() {
            short.into_iter().for_each(|index| self.use_mark(index));
        }
    }

    /// Whether a mark gives the version that is there now, and another one gives another.
    pub(crate) fn is_former_version(&self, draft: &Draft, index: usize) -> bool {
        let own = version_of(&self.marks[index]);
        let others = (0..self.marks.len()).filter(|other| *other != index).filter_map(|other| version_of(&self.marks[other]));
        own.is_some_and(|own| self.is_present(draft, Kind::Version, &own) && others.into_iter().any(|other| other != own))
    }

    /// "instead of 7.2", "from pve2": the words that say that it is the former one.
    fn use_words_of_replacement(&self, index: usize) {
        for before in index.saturating_sub(2)..index {
            let replaces = self.marks[before].operator() == Some(Operator::Negation)
                && matches!(self.word(before), "instead" | "rather" | "invece" | "anziche" | "piuttosto");
            if replaces {
                self.use_mark(before);
            }
        }
    }

    /// The value of a kind that a mark gives.
    fn given(&self, index: usize, kind: Kind) -> Option<String> {
        let mark = self.marks.get(index).filter(|_| !self.is_used(index))?;
        match kind {
            Kind::Version => version_of(mark).or_else(|| self.version_of_system(index)),
            Kind::Address => mark.cidr().or(mark.ip()).map(|text| text.split('/').next().unwrap_or(text).to_owned()),
            Kind::Node => {
                mark.is(&Meaning::Other).then(|| self.words.fold(mark.from)).filter(|fold| self.is_known_word(Concept::Node, fold)).map(str::to_owned)
            }
        }
    }

    /// "22.04" reads as a number, too.
    fn version_of_system(&self, index: usize) -> Option<String> {
        let text = self.text(index);
        let is_version =
            text.contains('.') && text.chars().all(|letter| letter.is_ascii_digit() || letter == '.') && self.marks[index].ip().is_none();
        is_version.then_some(text)
    }

    fn is_present(&self, draft: &Draft, kind: Kind, text: &str) -> bool {
        let paths: &[&str] = match kind {
            Kind::Version => &["specs.image", "specs.os"],
            Kind::Address => Concept::Address.paths(),
            Kind::Node => Concept::Node.paths(),
        };
        let has_it = |address: &core_model::Address| {
            let resource = self.view.in_scope(draft.scope(), address);
            let values = paths.iter().filter_map(|path| value_at(resource?, path)?.as_str());
            values.into_iter().any(|value| match kind {
                Kind::Version => value.rsplit_once([':', '-']).is_some_and(|(_, tag)| tag == text) || value == text,
                Kind::Address => value.split('/').next() == Some(text),
                Kind::Node => value == text,
            })
        };
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| has_it(&meant.address.value))
    }
}

fn version_of(mark: &Mark) -> Option<String> {
    mark.version().cloned().or_else(|| mark.image().map(|image| image.rsplit_once(':').map_or(image.as_str(), |(_, tag)| tag).to_owned()))
}
