//! Which words beside what is named say no more than what it is? "the dev cache, cache-dev", "his playground build-01", "from the inventory".

use crate::draft::Draft;
use crate::mark::Meaning;
use crate::names::How;

use super::Reader;

/// Nouns and adjectives that say what something is, and name no part of it.
#[rustfmt::skip]
const APPOSITIONS: &[&str] = &[
    "section", "rule", "box", "sezione", "regola",
    "hard", "forced", "soft", "graceful", "clean", "brute", "forzato", "brusco", "secco", "netto", "pulito", "completo",
    "entry", "entries", "record", "playground", "sandbox", "thingy", "thingies", "thingie", "thing", "things", "guy", "guys", "beast", "dinosaur", "relic", "instance", "instances", "appliance", "guest", "guests", "physical", "idle", "unused", "abandoned", "orphaned", "obsolete", "dusty", "poor", "lonely", "forgotten", "dead", "broken", "ancient", "legacy", "dear", "good", "beloved", "damn", "bloody", "stupid", "useless", "redundant", "leftover", "spare", "temporary", "throwaway", "two", "pair", "darn", "silly", "faithful",
    "fisici", "fisico", "fisica", "fisiche", "virtuali", "virtuale", "voce", "istanza", "istanze", "inutilizzata", "inutilizzato", "inutile", "inutili", "abbandonata", "abbandonato", "vecchie", "vecchi", "povera", "povero", "cara", "caro", "famigerata", "famigerato", "famosa", "famoso", "benedetta", "benedetto", "maledetta", "maledetto", "cosiddetta", "cosiddetto", "temporanea", "temporaneo", "obsoleta", "obsoleto", "superflua", "superfluo", "aggeggio", "aggeggi", "coso", "cosi", "suddetta", "suddetto", "citata", "citato", "predetta", "predetto", "stessa", "due",
];

/// Where everything is written that there is.
#[rustfmt::skip]
pub(super) const PLACES: &[&str] = &[
    "repo", "repository", "inventory", "blueprint", "blueprints", "config", "configuration", "list", "lists", "estate", "fleet", "setup", "infrastructure", "infra", "rack", "cluster", "catalogue", "catalog", "register", "park", "environment", "git",
    "inventario", "elenco", "lista", "parco", "macchine", "registro", "configurazione", "infrastruttura", "catalogo", "patrimonio", "ambiente", "dotazione",
];

/// Before "di" these hold one thing against another.
const COMPARATIVES: &[&str] = &["piu", "meno", "minore", "maggiore", "inferiore", "superiore", "peggio", "meglio", "peggiore", "migliore"];

/// So far behind the stem of their names stand their ends.
const STEM_DISTANCE_MAX: usize = 5;

/// So far behind a description stands the name that says the same.
const NAME_DISTANCE_MAX: usize = 3;

impl Reader<'_> {
    /// "both web VMs (01 and 02)", "web 01 and 02": the numbers are the ends of names.
    pub(crate) fn complete_names(&mut self) {
        for index in 1..self.marks.len() {
            let fold = self.words.fold(self.marks[index].from).to_owned();
            let is_end = fold.len() == 2 && fold.starts_with('0') && fold.bytes().all(|digit| digit.is_ascii_digit());
            if !is_end || self.marks[index].named().is_some() || self.marks[index].to != self.marks[index].from + 1 {
                continue;
            }
            let stem_of = |place: usize| {
                let mark = &self.marks[place];
                let own = mark.named().filter(|named| !named.is_set).and_then(|named| named.addresses.first());
                let own = own.and_then(|address| address.resource.as_str().rsplit_once('-').map(|(stem, _)| stem.to_owned()));
                let names = own.into_iter().chain([self.words.word(mark.from).to_owned()]);
                names.into_iter().find_map(|stem| {
                    let name = format!("{stem}-{fold}");
                    self.view.resources().into_keys().find(|address| address.resource.as_str() == name).cloned()
                })
            };
            let nearest = (index.saturating_sub(STEM_DISTANCE_MAX)..index).rev();
            let Some((place, address)) = nearest.take_while(|place| !self.is_break(*place)).find_map(|place| Some((place, stem_of(place)?))) else {
                continue;
            };
            // What stands for all of that stem gives way to those that are numbered.
            if self.marks[place].named().is_none_or(|named| named.is_set || named.addresses.len() > 1) {
                self.marks[place].meanings = vec![Meaning::Ignored];
                self.use_mark(place);
            }
            let named = crate::names::Named { addresses: [address].into(), how: How::Exact, is_set: false };
            self.marks[index].meanings = vec![Meaning::Named(named)];
        }
    }

    /// "la cache di sviluppo (cache-dev)", "the little cache for development, cache-dev": the environment is a part of the name.
    pub(crate) fn drop_descriptions_of_names(&mut self) {
        for index in 0..self.marks.len() {
            let Some(environment) = self.marks[index].environment().cloned() else { continue };
            let is_said_by = |place: usize| {
                self.marks[place].named().is_some_and(|named| {
                    let ends = |name: &str| name.split('-').any(|part| part == environment.as_str());
                    named.how == How::Exact && !named.is_set && named.addresses.iter().all(|address| ends(address.resource.as_str()))
                })
            };
            // "VM di collaudo collaudo-01": the word is a part of the new name.
            let said = self.words.fold(self.marks[index].from).to_owned();
            let is_new_name = self.marks.get(index + 1).is_some_and(|mark| {
                mark.is(&Meaning::Other) && self.words.fold(mark.from).split('-').any(|part| part == said) && self.words.fold(mark.from) != said
            });
            let describes_thing = index >= 2 && self.marks[index - 2].thing().is_some() || index >= 1 && self.marks[index - 1].thing().is_some();
            if is_new_name && describes_thing {
                self.marks[index].meanings = vec![Meaning::Ignored];
                self.use_mark(index);
                continue;
            }
            let is_gap = |place: usize| self.marks[place].is(&Meaning::Punctuation) || self.is_gap_before(place + 1);
            let ahead = || index + 1..self.marks.len().min(index + 1 + NAME_DISTANCE_MAX);
            let name = ahead().find(|place| is_said_by(*place) && (index..*place).any(is_gap));
            // "in dev, cache-dev": where something is done.
            let described = (index.saturating_sub(2)..index).rev().find(|place| self.marks[*place].named().is_some());
            let joins =
                (index.saturating_sub(2)..index).any(|place| matches!(self.word(place), "di" | "for" | "per" | "of" | "da" | "the" | "della"));
            let (Some(_), Some(described), true) = (name, described, joins) else { continue };
            for place in [described, index] {
                self.marks[place].meanings = vec![Meaning::Ignored];
                self.use_mark(place);
            }
        }
    }

    /// "web-02 has less memory than web-01. Make it 8 GB": what the other one is held against.
    pub(super) fn is_measure_of_another(&self, index: usize) -> bool {
        let word = |place: usize| self.words.word(place);
        let from = self.marks[index].from;
        let joint = (from.saturating_sub(3)..from).rev().find(|place| !matches!(word(*place), "the" | "il" | "la" | "lo" | "l" | "our"));
        let Some(joint) = joint else { return false };
        let is_joined = match word(joint) {
            "than" | "rispetto" => true,
            "a" | "al" | "alla" => joint > 0 && word(joint - 1) == "rispetto",
            "di" | "del" | "della" | "dello" | "dell" => (joint.saturating_sub(4)..joint).any(|place| COMPARATIVES.contains(&word(place))),
            _ => false,
        };
        let is_other = |mark: &crate::mark::Mark| mark.named().is_some_and(|named| named.how <= How::Alias);
        is_joined && self.marks[..index].iter().any(is_other)
    }

    /// "move web-02 to pve2, where web-01 lives": what else is at the place.
    pub(super) fn is_said_of_place(&self, index: usize) -> bool {
        let joint = (index.saturating_sub(4)..index).rev().find(|place| matches!(self.word(*place), "where" | "dove"));
        let is_named = |place: usize| self.marks[place].named().is_some_and(|named| named.how <= How::Alias) && !self.is_network(place);
        joint.is_some_and(|joint| {
            let is_place = |place: usize| self.is_node(place) || self.is_network(place);
            (joint.saturating_sub(2)..joint).any(is_place) && (0..joint).any(is_named)
        })
    }

    /// Words that only say what is to go, or where it is written.
    pub(crate) fn use_words_beside_objects(&self, draft: &Draft) {
        let Some(order) = self.order() else { return };
        let is_free = |index: usize| self.marks[index].is(&Meaning::Other) && !self.is_used(index) && !self.is_data(index);
        for index in order.clause().filter(|index| is_free(*index)) {
            let is_object = |place: usize| {
                place == order.verb
                    || self.marks.get(place).is_some_and(|mark| {
                        mark.named().is_some_and(|named| named.how <= How::Alias) || mark.product().is_some() || mark.thing().is_some()
                    })
            };
            let around = (index.saturating_sub(1)..index).chain(index + 1..index + 3);
            let describes = APPOSITIONS.contains(&self.word(index)) && around.into_iter().any(is_object);
            let is_from =
                |place: usize| matches!(self.word(place), "from" | "of" | "out" | "dal" | "dall" | "dalla" | "dai" | "da" | "nel" | "nell" | "in");
            let is_place = PLACES.contains(&self.word(index)) && (index.saturating_sub(3)..index).any(is_from);
            // "we have decided to delete it".
            let is_own = self.is_own_deed(self.marks[index].from);
            if describes || is_place && draft.resources.is_empty() || is_own {
                self.use_mark(index);
            }
        }
    }

    /// "bin mailpit, I use the staging inbox": in a reason, a place where nothing of what goes is.
    pub(crate) fn use_places_of_others(&self, draft: &Draft) {
        let Some(order) = self.order() else { return };
        let is_elsewhere = |index: usize| {
            self.marks[index].environment().is_some_and(|name| {
                !draft.resources.is_empty() && draft.resources.iter().all(|meant| self.view.resource(name, &meant.address.value).is_none())
            })
        };
        (0..self.marks.len()).filter(|index| order.is_aside(*index) && is_elsewhere(*index)).for_each(|index| self.use_mark(index));
    }
}
