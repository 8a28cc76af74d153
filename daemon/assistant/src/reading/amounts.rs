//! How much of what? Every amount is tied to the field whose name stands nearest, and to the words that make it relative.

use core_model::units::Size;

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::language::Language;
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;
use super::directions::Direction;

const COMPARATIVES: [(&str, bool); 12] = [
    ("more", true),
    ("bigger", true),
    ("larger", true),
    ("faster", true),
    ("piu", true),
    ("maggiore", true),
    ("grosso", true),
    ("less", false),
    ("smaller", false),
    ("fewer", false),
    ("meno", false),
    ("minore", false),
];

/// "more power", "più risorse": of what is not said.
const STRENGTH: [&str; 9] = ["power", "powerful", "resources", "horsepower", "muscle", "potenza", "potente", "potenti", "risorse"];

/// What people have amounts of, and nothing here sets.
#[rustfmt::skip]
const UNKNOWN_UNITS: &[&str] = &[
    "swap", "vram", "gpu", "heap", "shm", "shared", "bandwidth", "banda", "traffic", "tmpfs", "quota", "backup", "backups", "logs", "log", "cache",
    "video", "grafica",
];

/// Fields that hold an amount.
pub(crate) fn is_amount(concept: Concept) -> bool {
    matches!(concept, Concept::Memory | Concept::Cpu | Concept::Storage | Concept::Replicas)
}

impl Reader<'_> {
    pub(crate) fn read_amounts(&self, draft: &mut Draft) {
        self.drop_former_amounts();
        self.drop_counts_of_wishes();
        self.read_single_processor(draft);
        self.read_number_beside_present(draft);
        self.read_number_beside_present_size(draft);
        self.read_factor_of_present(draft);
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            match self.marks[index].quantity() {
                // "2x vcpu" of something new is a number of them.
                Some(Quantity::Factor(times, 1)) if draft.command.value == CommandName::Create && self.field_behind(index, false).is_some() => {
                    self.read_amount(draft, index, Quantity::Number(times))
                }
                Some(Quantity::Factor(times, per)) => self.read_factor(draft, index, times, per),
                // "cpu 0.25", "0.25 cpu" are no versions.
                Some(quantity)
                    if self.marks[index].version().is_none()
                        || self.field_behind(index, false).is_some()
                        || self.is_former_of_cpu(index)
                        || self.is_behind_processors(index) =>
                {
                    self.read_amount(draft, index, quantity)
                }
                _ => {}
            }
        }
        self.read_bare_numbers(draft);
        self.bind_only_field(draft);
        self.bind_only_number(draft);
        self.read_growth(draft);
        self.read_unsaid(draft);
    }

    /// "dotato di un processore", "with a single core": of something new an article before the processor counts it.
    fn read_single_processor(&self, draft: &mut Draft) {
        let is_told = draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Cpu));
        let found = (1..self.marks.len()).find(|index| {
            let counts = matches!(self.word(index - 1), "un" | "uno" | "una" | "a" | "one" | "single" | "singolo" | "singola" | "solo");
            let is_limit = matches!(self.word(index + 1), "limit" | "quota" | "share");
            // "half of a core" is less than one.
            let is_part = (index.saturating_sub(4)..index - 1)
                .any(|place| matches!(self.word(place), "half" | "quarter" | "quarters" | "third" | "mezzo" | "mezza" | "quarto" | "quarti"));
            counts && !is_part && !is_limit && !self.is_used(*index) && self.marks[*index].concept() == Some(Concept::Cpu)
        });
        // "un limite di 768 MB e una CPU": of what is there, beside another amount, and nothing more of it.
        let is_beside = self.marks.iter().any(|mark| matches!(mark.quantity(), Some(Quantity::Size(_))));
        let adds = self.has(Verb::Add).or(self.has(Verb::Increase)).is_some()
            || (0..self.marks.len()).any(|place| matches!(self.word(place), "piu" | "more" | "extra" | "additional" | "another" | "altra" | "altro"));
        let is_wished = draft.command.value == CommandName::Create || draft.command.value == CommandName::Update && is_beside && !adds;
        if let Some(index) = found.filter(|_| is_wished && !is_told) {
            self.use_mark(index);
            draft.wish(FieldName::Concept(Concept::Cpu), Wanted::Change(FieldChange::Set("1".to_owned())), self.source(index - 1, index));
        }
    }

    /// "memory 16", "memory=8192": of a machine small numbers are gigabytes and large ones megabytes, as its console shows them.
    fn read_bare_numbers(&self, draft: &mut Draft) {
        let provider = |address: &core_model::Address| self.view.in_scope(None, address).map(|resource| resource.provider.clone());
        let are_machines = draft.resources.iter().all(|meant| provider(&meant.address.value).as_deref() == Some("proxmox"));
        let is_machine = match draft.thing.as_ref().map(|thing| thing.value) {
            // "una macchina ... 40 di disco": without an image it is none of the containers.
            Some(Thing::Machine) => !self.has_own_image(),
            Some(thing) => thing == Thing::VirtualMachine,
            None => are_machines && !draft.resources.is_empty(),
        };
        for index in 0..self.marks.len() {
            let Some(Quantity::Number(number)) = self.marks[index].quantity().filter(|_| !self.is_used(index)) else { continue };
            // "memory 8 disk 80": the field stands just before its number.
            let is_free_size =
                |place: &usize| !self.is_used(*place) && matches!(self.marks[*place].concept(), Some(Concept::Memory | Concept::Storage));
            let just_before = index.checked_sub(1).filter(is_free_size);
            let field = just_before.or_else(|| self.field_behind(index, true)).or_else(|| self.field_before(index, true));
            let Some(place) = field else { continue };
            let concept = self.marks[place].concept().filter(|concept| matches!(concept, Concept::Memory | Concept::Storage));
            let unit = match number {
                1..=128 if is_machine => "GB",
                64.. if !is_machine && concept == Some(Concept::Memory) && !draft.resources.is_empty() => "MB",
                512.. if is_machine && concept == Some(Concept::Memory) => "MB",
                129.. if is_machine && concept == Some(Concept::Storage) => "GB",
                _ => continue,
            };
            let Some((concept, direction)) = concept.map(|concept| (concept, self.direction(index, Some(place)))) else { continue };
            let Ok(size) = format!("{number}{unit}").parse::<Size>() else { continue };
            if direction != Direction::To {
                continue;
            }
            self.use_mark(index);
            self.use_mark(place);
            draft.assume(match draft.notes.language {
                Language::English => format!("{number} without a unit is {size}."),
                Language::Italian => format!("{number} senza unità è {size}."),
            });
            draft.wish(
                FieldName::Concept(concept),
                Wanted::Change(FieldChange::Set(size.to_string())),
                self.source(index.min(place), index.max(place)),
            );
        }
    }

    /// One size without a field, and one field without an amount: they belong together.
    fn bind_only_field(&self, draft: &mut Draft) {
        let free: Vec<usize> = (0..self.marks.len())
            .filter(|index| !self.is_used(*index) && matches!(self.marks[*index].concept(), Some(Concept::Memory | Concept::Storage)))
            .collect();
        let [place] = free.as_slice() else { return };
        let mut bare = draft.wishes.iter_mut().filter(|wish| wish.wanted.value.bare_size().is_some());
        if let (Some(wish), None, Some(concept)) = (bare.next(), bare.next(), self.marks[*place].concept())
            && let Some(placed) = wish.wanted.value.placed()
        {
            self.use_mark(*place);
            wish.field = FieldName::Concept(concept);
            wish.wanted.value = placed;
        }
    }

    /// "web-01 has too few cores. 6 would be good.", "meno cpu, 0.25 basta": one number without a field, and processors without a number.
    fn bind_only_number(&self, draft: &mut Draft) {
        let is_told = draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Cpu));
        let fields: Vec<usize> =
            (0..self.marks.len()).filter(|index| !self.is_used(*index) && self.marks[*index].concept().is_some_and(is_amount)).collect();
        let number = |index: &usize| {
            let is_number = matches!(self.marks[*index].quantity(), Some(Quantity::Number(_) | Quantity::Thousandths(_)));
            // "too few cores for 6 users" counts people.
            is_number && !self.is_used(*index) && self.is_amount_given(*index)
        };
        let numbers: Vec<usize> = (0..self.marks.len()).filter(number).collect();
        let ([field], [number]) = (fields.as_slice(), numbers.as_slice()) else { return };
        let Some(concept) = self.marks[*field].concept().filter(|_| draft.command.value == CommandName::Update && number > field) else { return };
        let is_machine = |address: &core_model::Address| self.view.in_scope(None, address).is_some_and(|resource| resource.provider == "proxmox");
        let are_machines = !draft.resources.is_empty() && draft.resources.iter().all(|meant| is_machine(&meant.address.value));
        let text = match self.marks[*number].quantity() {
            // "the disk is full, make it 150": as its console shows it.
            Some(Quantity::Number(number)) if concept != Concept::Cpu && are_machines && (2..=4096).contains(&number) => format!("{number}GB"),
            _ if concept != Concept::Cpu || is_told => return,
            Some(Quantity::Number(number)) if (1..=64).contains(&number) => number.to_string(),
            Some(Quantity::Thousandths(thousandths)) => core_model::decode::shown_thousandths(i64::try_from(thousandths).unwrap_or(i64::MAX)),
            _ => return,
        };
        if self.direction(*number, None) != Direction::To {
            return;
        }
        [*field, *number].into_iter().for_each(|place| self.use_mark(place));
        draft.wish(FieldName::Concept(concept), Wanted::Change(FieldChange::Set(text)), self.source(*field, *number));
    }

    fn read_amount(&self, draft: &mut Draft, index: usize, quantity: Quantity) {
        let field = self.field_of(index, quantity);
        let direction = self.direction(index, field);
        let text = match quantity {
            Quantity::Size(size) => size.to_string(),
            Quantity::Number(number) => number.to_string(),
            Quantity::Thousandths(thousandths) => core_model::decode::shown_thousandths(i64::try_from(thousandths).unwrap_or(i64::MAX)),
            Quantity::Sizes(count, each) => Size { bytes: each.bytes.saturating_mul(count) }.to_string(),
            Quantity::Percent(percent) => return self.read_percent(draft, index, field, percent),
            Quantity::Factor(..) => return,
        };
        let is_size = matches!(quantity, Quantity::Size(_) | Quantity::Sizes(..));
        let Some(place) = field else {
            if is_size && !self.has_unknown_unit(index) {
                self.use_mark(index);
                // "it fills a terabyte a month, so a machine with 1 TB disk": told before, and wished with its field.
                let same = |other: &usize| self.marks[*other].quantity() == Some(quantity) && self.field_of(*other, quantity).is_some();
                if (index + 1..self.marks.len()).any(|other| same(&other)) {
                    return;
                }
                // "Yes, two terabytes.": the same once more.
                if draft.wishes.iter().any(|wish| wish.wanted.value == Wanted::Change(FieldChange::Set(text.clone()))) {
                    return;
                }
                // An answer, too, may say "4GB more".
                let is_of_what_is_there = draft.command.value == CommandName::Update || self.words.turn > 0;
                let wanted = match direction {
                    Direction::Plus if is_of_what_is_there => Wanted::OneOfMore(text),
                    Direction::Minus if is_of_what_is_there => Wanted::OneOfLess(text),
                    _ => Wanted::OneOf(text),
                };
                let (concept, wanted) = match self.field_of_former(draft, index, quantity) {
                    Some(concept) => (concept, wanted.placed().unwrap_or(wanted)),
                    None => (Concept::Memory, wanted),
                };
                draft.wish(FieldName::Concept(concept), wanted, self.source(index, index));
            }
            return;
        };
        let concept = self.marks[place].concept().unwrap_or(Concept::Memory);
        let is_another_disk = concept == Concept::Storage
            && (matches!(quantity, Quantity::Sizes(..))
                || self.near_word(place, &["second", "another", "new", "third", "secondo", "nuovo", "terzo"]));
        let fits = match concept {
            // A machine has one disk here: another one is not more of the same.
            Concept::Storage if is_another_disk && draft.command.value == crate::command::CommandName::Update => false,
            Concept::Memory | Concept::Storage => is_size,
            Concept::Cpu => !is_size,
            _ => false,
        };
        if !fits {
            return;
        }
        self.use_mark(index);
        self.use_mark(place);
        let wanted = match direction {
            Direction::To => Wanted::Change(FieldChange::Set(text)),
            Direction::Plus => Wanted::Plus(text),
            Direction::Minus => Wanted::Minus(text),
            Direction::Up => Wanted::AtLeast(text),
            Direction::Down => Wanted::AtMost(text),
        };
        draft.wish(FieldName::Concept(concept), wanted, self.source(index.min(place), index.max(place)));
    }

    /// "from 4 to 8 GB": what has 4 GB now is what gets 8.
    fn field_of_former(&self, draft: &Draft, index: usize, quantity: Quantity) -> Option<Concept> {
        let former = index.checked_sub(2).filter(|place| self.is_used(*place) && matches!(self.word(index - 1), "->" | "to" | "a" | "ad"))?;
        let size = match (self.marks[former].quantity()?, quantity) {
            (Quantity::Size(size), _) => size,
            (Quantity::Number(number), Quantity::Size(later)) => {
                let later = later.to_string();
                format!("{number}{}", later.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic())).parse().ok()?
            }
            _ => return None,
        };
        let has_now = |concept: &Concept| {
            !draft.resources.is_empty()
                && draft.resources.iter().all(|meant| {
                    let resource = self.view.in_scope(None, &meant.address.value);
                    let values =
                        |path: &&str| resource.and_then(|resource| crate::view::value_at(resource, path)).and_then(serde_json::Value::as_u64);
                    concept.paths().iter().any(|path| values(path) == Some(size.bytes))
                })
        };
        let mut fields = [Concept::Memory, Concept::Storage].into_iter().filter(has_now);
        fields.next().filter(|_| fields.next().is_none())
    }

    fn read_percent(&self, draft: &mut Draft, index: usize, field: Option<usize>, percent: u64) {
        // "the disk is nearly full. Could it grow by 20 percent?": of the only field that is spoken of.
        let is_field = |place: &usize| !self.is_used(*place) && self.marks[*place].concept().is_some_and(is_amount);
        let only = || (0..self.marks.len()).filter(is_field).collect::<Vec<_>>();
        let only = || if let [only] = only().as_slice() { Some(*only) } else { None };
        let Some(place) = field.or_else(only) else { return };
        let Some(concept) = self.marks[place].concept().filter(|concept| is_amount(*concept)) else { return };
        let wanted = match self.direction(index, field) {
            Direction::Plus | Direction::Up => Wanted::PlusPercent(percent),
            Direction::Minus | Direction::Down => Wanted::MinusPercent(percent),
            // "reduce it to 50 %": of what it is now.
            Direction::To if index > 0 && matches!(self.word(index - 1), "to" | "a" | "al" | "ad") => Wanted::Times(percent, 100),
            Direction::To => return,
        };
        self.use_mark(index);
        self.use_mark(place);
        draft.wish(FieldName::Concept(concept), wanted, self.source(index.min(place), index.max(place)));
    }

    /// The mark that names the field of an amount: just behind it ("8GB of RAM"), or before it ("memory of web-01 to 8GB").
    pub(crate) fn field_of(&self, index: usize, quantity: Quantity) -> Option<usize> {
        let is_size = matches!(quantity, Quantity::Size(_) | Quantity::Sizes(..) | Quantity::Percent(_));
        self.field_just_before(index, is_size).or_else(|| self.field_behind(index, is_size)).or_else(|| self.field_before(index, is_size))
    }

    /// "cpu 4 ram 8 GB disk 100 GB": each field stands right before its amount. Of "8 GB RAM 4 cores" the field has an amount already.
    fn field_just_before(&self, index: usize, is_size: bool) -> Option<usize> {
        let before = index.checked_sub(1)?;
        let concept = self.marks[before].concept().filter(|concept| is_amount(*concept) && fits(*concept, is_size))?;
        let is_taken = before.checked_sub(1).is_some_and(|place| self.marks[place].quantity().is_some() && !self.is_used(place));
        (!is_taken && !self.is_used(before) && concept != Concept::Replicas).then_some(before)
    }

    fn field_behind(&self, index: usize, is_size: bool) -> Option<usize> {
        for next in index + 1..self.marks.len().min(index + 5) {
            let mark = &self.marks[next];
            // "memory=8GB cpu=4".
            if self.word(next + 1) == "=" {
                return None;
            }
            if let Some(concept) = mark.concept().filter(|concept| is_amount(*concept) && fits(*concept, is_size)) {
                let taken = self.is_used(next) && concept != Concept::Cpu;
                return (!taken && !self.belongs_to_next(next)).then_some(next);
            }
            let is_between = matches!(
                self.word(next),
                "of" | "di"
                    | "d"
                    | "dei"
                    | "degli"
                    | "della"
                    | "del"
                    | "more"
                    | "per"
                    | "in"
                    | "piu"
                    | "the"
                    | "additional"
                    | "extra"
                    | "for"
                    | "its"
                    | "to"
                    | "alla"
                    | "al"
                    | "virtual"
                    | "total"
                    | "memory"
                    | "as"
                    | "su"
                    | "a"
                    | "sul"
                    | "on"
                    | "la"
                    | "il"
                    | "i"
                    | "gli"
                    | "le"
                    | "l"
            ) && !matches!((self.word(next), self.word(next + 1)), ("to" | "alla" | "al" | "for" | "a" | "su" | "on", _) if !self.marks.get(next + 1).is_some_and(|after| after.concept().is_some() || matches!(self.word(next + 1), "the" | "its")));
            if !is_between {
                return None;
            }
        }
        None
    }

    fn is_behind_processors(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| self.marks[before].concept() == Some(Concept::Cpu) && !self.is_used(before))
    }

    /// "4 cores, memory 8GB": a field that is followed by its own amount is not that of the amount before it.
    fn belongs_to_next(&self, field: usize) -> bool {
        if self.leads_its_amount(field) {
            return true;
        }
        let next = (field + 1..self.marks.len().min(field + 3))
            .find(|place| !matches!(self.word(*place), "to" | "a" | "=" | "is" | ":" | "di" | "of" | "at" | "da"));
        let followed = next.is_some_and(|place| {
            self.marks[place].quantity().is_some() && !self.is_used(place) && !matches!(self.word(place.saturating_sub(1)), "and" | "e" | ",")
        });
        // "8GB RAM 4 cores": the amount behind has a field of its own behind it.
        followed
            && next.is_none_or(|place| {
                self.marks.get(place + 1).is_none_or(|mark| mark.concept().is_none())
                    && self.marks.get(place + 2).is_none_or(|mark| mark.concept().is_none() || !matches!(self.word(place + 1), "of" | "di"))
            })
            && self.marks.get(field.wrapping_sub(1)).is_some_and(|mark| mark.quantity().is_none() && !matches!(self.word(field - 1), "of" | "di"))
    }

    pub(crate) fn field_before(&self, index: usize, is_size: bool) -> Option<usize> {
        for before in (index.saturating_sub(9)..index).rev() {
            let mark = &self.marks[before];
            if let Some(concept) = mark.concept() {
                let fits = is_amount(concept) && fits(concept, is_size);
                return (fits && !self.is_used(before)).then_some(before);
            }
            let is_former = mark.quantity().is_some() && self.is_used(before);
            let passes = is_former
                || mark.is(&Meaning::Ignored)
                || mark.named().is_some()
                || mark.environment().is_some()
                || mark.thing().is_some()
                || mark.blueprint().is_some()
                || mark.verb().is_some()
                || matches!(self.word(before), ":" | "=" | "->" | "down" | "back" | "giu" | "fino" | "sino")
                || self.text(before) == ",";
            if !passes || self.is_break(before) && !self.follows_pronoun(before) {
                return None;
            }
        }
        None
    }

    /// "It is low on memory. Give it 16GB": a pronoun carries the field over the end of a sentence.
    fn follows_pronoun(&self, place: usize) -> bool {
        (place + 1..self.marks.len().min(place + 4)).any(|next| matches!(self.word(next), "it" | "lo" | "la" | "portala" | "portalo"))
    }

    /// "16GB of swap": a word that is not known stands where the field's name would.
    fn has_unknown_unit(&self, index: usize) -> bool {
        let next = index + 1;
        let of = matches!(self.word(next), "of" | "di" | "d");
        let word = if of { next + 1 } else { next };
        let is_unit = UNKNOWN_UNITS.contains(&self.word(word));
        self.marks.get(word).is_some_and(|mark| mark.is(&Meaning::Other) && !self.is_used(word) && !self.is_name_like(word) && (of || is_unit))
    }

    pub(super) fn adds_to_existing(&self) -> bool {
        self.new_thing().is_none() && self.intent().is_none_or(|(command, _)| command != CommandName::Create)
    }

    /// "double the RAM and the CPUs of web-01".
    fn read_factor(&self, draft: &mut Draft, index: usize, times: u64, per: u64) {
        let (times, per) = if times < per { self.share_of_present(index, times, per) } else { (times, per) };
        self.use_mark(index);
        // "halve the cores, half is enough": the same once more.
        if draft.wishes.iter().any(|wish| wish.wanted.value == Wanted::Times(times, per)) {
            return;
        }
        let ahead = (index + 1..self.marks.len()).take_while(|next| !self.is_break(*next) && self.marks[*next].quantity().is_none());
        let mut fields: Vec<usize> = ahead.filter(|next| self.marks[*next].concept().is_some_and(is_amount)).collect();
        if fields.is_empty() {
            fields = (index.saturating_sub(5)..index)
                .rev()
                .filter(|before| self.marks[*before].concept().is_some_and(is_amount) && !self.is_used(*before))
                .take(2)
                .collect();
        }
        if fields.is_empty() {
            draft.wish(FieldName::Path("specs".to_owned()), Wanted::Times(times, per), self.source(index, index));
        }
        for place in fields {
            self.use_mark(place);
            if let Some(concept) = self.marks[place].concept() {
                draft.wish(FieldName::Concept(concept), Wanted::Times(times, per), self.source(index.min(place), index.max(place)));
            }
        }
    }

    /// "grafana gets killed at 512mb, double it": the size that it has now says of what.
    fn read_factor_of_present(&self, draft: &mut Draft) {
        let factor = (0..self.marks.len()).find_map(|index| match self.marks[index].quantity() {
            Some(Quantity::Factor(times, per)) if !self.is_used(index) => Some((index, times, per)),
            _ => None,
        });
        let Some((index, times, per)) = factor else { return };
        let names_field = self.marks.iter().any(|mark| mark.concept().is_some_and(is_amount) && mark.named().is_none());
        let Some((place, concept)) = self.present_size(draft).filter(|_| !names_field) else { return };
        let (times, per) = if times < per { self.share_of_present(index, times, per) } else { (times, per) };
        [index, place].into_iter().for_each(|place| self.use_mark(place));
        draft.wish(FieldName::Concept(concept), Wanted::Times(times, per), self.source(index.min(place), index.max(place)));
    }

    fn present_size(&self, draft: &Draft) -> Option<(usize, Concept)> {
        let has_now = |concept: Concept, bytes: u64| {
            let value = |address: &core_model::Address| {
                let resource = self.view.in_scope(draft.scope(), address)?;
                concept.paths().iter().find_map(|path| crate::view::value_at(resource, path)?.as_u64())
            };
            !draft.resources.is_empty() && draft.resources.iter().all(|meant| value(&meant.address.value) == Some(bytes))
        };
        (0..self.marks.len()).filter(|place| !self.is_used(*place)).find_map(|place| {
            let Some(Quantity::Size(size)) = self.marks[place].quantity() else { return None };
            let mut fields = [Concept::Memory, Concept::Storage].into_iter().filter(|concept| has_now(*concept, size.bytes));
            let only = fields.next().filter(|_| fields.next().is_none())?;
            Some((place, only))
        })
    }

    /// A part as a share of what there is: "up by half" is 3/2, "by a third less" 2/3, "to a third" 1/3.
    fn share_of_present(&self, index: usize, times: u64, per: u64) -> (u64, u64) {
        let (first, before) = (self.words.word(self.marks[index].from), index.checked_sub(1).map_or("", |before| self.word(before)));
        let is_by = [first, before].iter().any(|word| matches!(*word, "by" | "di" | "della"));
        let is_to = matches!(before, "to" | "a" | "alla" | "ad" | "in" | "at");
        let near = |words: &[&str], back: usize, ahead: usize| {
            (index.saturating_sub(back)..self.marks.len().min(index + ahead)).any(|place| place != index && words.contains(&self.word(place)))
        };
        let grows = self.has(Verb::Increase).is_some() || near(&["up", "su"], 3, 0) || near(&["more", "again", "piu", "extra"], 0, 5);
        let shrinks = self.has(Verb::Decrease).is_some()
            || near(&["down", "giu", "off", "away"], 3, 0)
            || near(&["less", "fewer", "meno", "off", "away"], 0, 5)
            || self.has(Verb::Remove).is_some();
        match (grows, shrinks) {
            _ if is_to => (times, per),
            (true, false) => (per + times, per),
            (false, true) if times * 2 != per => (per - times, per),
            // "a quarter by a quarter" of nothing that grows: by what?
            _ if is_by && self.has(Verb::Add).is_some() => (per + times, per),
            _ => (times, per),
        }
    }

    /// "more memory", "a bigger disk": how much is not said.
    fn read_growth(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let Some((_, grows)) = COMPARATIVES.iter().find(|(word, _)| *word == self.word(index)) else { continue };
            let field =
                (index + 1..self.marks.len().min(index + 3)).find(|next| self.marks[*next].concept().is_some_and(is_amount) && !self.is_used(*next));
            let wanted = if *grows { Wanted::More } else { Wanted::Less };
            let strength = (index + 1..self.marks.len().min(index + 3)).find(|next| STRENGTH.contains(&self.word(*next)));
            if let Some(place) = field {
                self.use_mark(place);
                if let Some(concept) = self.marks[place].concept() {
                    draft.wish(FieldName::Concept(concept), wanted, self.source(index, place));
                }
            } else if let Some(place) = strength.filter(|_| draft.wishes.is_empty()) {
                self.use_mark(place);
                draft.wish(FieldName::Path("specs".to_owned()), wanted, self.source(index, place));
            } else if draft.wishes.is_empty() && matches!(self.word(index), "bigger" | "smaller" | "larger" | "faster") {
                draft.wish(FieldName::Path("specs".to_owned()), wanted, self.source(index, index));
            }
        }
    }

    /// A field that is named with a verb of change, and no value at all.
    fn read_unsaid(&self, draft: &mut Draft) {
        if draft.command.value != crate::command::CommandName::Update {
            return;
        }
        let grows = self.has(Verb::Increase).is_some();
        let shrinks = self.has(Verb::Decrease).is_some();
        for index in 0..self.marks.len() {
            let Some(concept) = self.marks[index].concept().filter(|_| !self.is_used(index) && self.marks[index].verb().is_none()) else { continue };
            // "the memory of host web-01", "sulla 8443 dell'host": a kind of machine, or a side of a port.
            // "..., I need the headroom elsewhere on that hypervisor".
            let is_spoken_of =
                matches!(self.word(index), "hypervisor" | "node" | "nodo") && !draft.wishes.is_empty() && self.has(Verb::Move).is_none();
            let is_kind = concept == Concept::Node
                && (self.word(index) == "host" || is_spoken_of)
                && (self.marks.get(index + 1).is_some_and(|next| next.named().is_some()) || !draft.wishes.is_empty());
            if is_kind {
                self.use_mark(index);
                continue;
            }
            let is_known = draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(concept));
            if is_known || self.marks[index].thing().is_some() && !draft.wishes.is_empty() || !draft.wishes.is_empty() && self.is_mention(index) {
                self.use_mark(index);
                continue;
            }
            self.use_mark(index);
            let wanted = match (grows, shrinks) {
                (true, _) if is_amount(concept) => Wanted::More,
                (_, true) if is_amount(concept) => Wanted::Less,
                _ => Wanted::Unsaid,
            };
            draft.wish(FieldName::Concept(concept), wanted, self.source(index, index));
        }
    }

    /// A field's name that only explains: "because it runs out of disk".
    fn is_mention(&self, index: usize) -> bool {
        (index.saturating_sub(4)..index).any(|before| {
            matches!(
                self.word(before),
                "because"
                    | "since"
                    | "perche"
                    | "siccome"
                    | "low"
                    | "without"
                    | "senza"
                    | "short"
                    | "out"
                    | "finendo"
                    | "poca"
                    | "poco"
                    | "for"
                    | "per"
                    | "as"
            )
        })
    }
}

fn fits(concept: Concept, is_size: bool) -> bool {
    match concept {
        Concept::Memory | Concept::Storage => is_size,
        _ => true,
    }
}
