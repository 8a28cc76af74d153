//! What that runs already shall be managed from now on, and what shall it be called here?

use crate::draft::Draft;
use crate::lexicon::{Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;
use crate::source::Sourced;

use super::Reader;

/// Words that are parted from their verb: "take it over", "prendila in carico", "bring the VM under management".
#[rustfmt::skip]
const PARTED: &[(&[&str], &[&str])] = &[
    (&["take", "taking", "taken", "took"], &["over"]),
    (&["bring", "bringing", "brought", "put", "get", "take", "taken", "taking", "placed", "pulled", "moved", "place", "have", "pull", "move"], &["under management", "under control", "under our management", "under our control", "under your wing", "under our wing", "under its wing", "under their wing", "under the wing", "into the fold", "into our care", "into your care", "under your care", "under your roof", "under ipr", "under the management", "into management", "under the control", "into ipr", "under git", "into git"]),
    (&["bring", "pull", "take"], &["in as", "in under", "into the repo", "into the repository", "into the blueprint"]),
    (&["prendi", "prendila", "prendilo", "prendiamo", "prendiamola", "prendiamolo", "prendere", "prenderla", "prenderlo", "prendete", "prendetela", "prendetelo", "prendili", "prendile", "prenda", "presa", "preso"], &["in carico", "in gestione", "in mano", "in consegna", "sotto gestione", "sotto controllo"]),
    (&["metti", "mettila", "mettilo", "mettiamo", "mettiamola", "mettere", "metterla", "metterlo", "porta", "portala", "portalo", "portiamo", "portiamola", "portare", "portarla", "portarlo", "mettete", "mettetela", "portate"], &["sotto gestione", "sotto controllo", "sotto ipr", "in gestione", "sotto la gestione", "dentro ipr", "sotto git"]),
    (&["take", "taking", "bring", "get", "put", "have", "pull"], &["under your wing", "under our wing", "under its wing", "under your care", "under our care", "on board", "into the blueprints", "into our blueprints", "into the blueprint", "into git", "into the config", "into the inventory", "into our repo", "into our repository", "into management", "into our care", "on our books", "onto our books"]),
    (&["porta", "portala", "portalo", "metti", "mettila", "mettilo", "mettete", "mettetela", "inserisci", "inseriscila", "inserite", "inseritela", "portate", "portatela"], &["sotto la vostra ala", "sotto la tua ala", "nei blueprint", "nel blueprint", "nel repo", "nel repository", "in git", "in inventario"]),
];
/// To manage what has a number on its target is to adopt it.
#[rustfmt::skip]
const MANAGING: &[&str] = &["manage", "manages", "managed", "managing", "track", "tracked", "gestire", "gestisci", "gestiamo", "gestisca", "gestisse", "gestita", "gestito", "gestirla", "gestirlo", "gestiscila", "censire", "censita"];
/// So many words stand between the two parts at most.
const PARTED_MAX: usize = 9;
/// Words before the number that an object has on its target.
const NUMBER_WORDS: &[&str] =
    &["id", "vmid", "ct", "lxc", "number", "numero", "guest", "ctid", "identificativo", "identifier", "ident", "codice", "matricola"];

impl Reader<'_> {
    /// Where it is said that something is to be adopted.
    pub(crate) fn adoption(&self) -> Option<usize> {
        let managed = || (0..self.marks.len()).find(|index| MANAGING.contains(&self.word(*index))).filter(|_| self.numbered_object().is_some());
        self.has(Verb::Adopt).or_else(|| self.parted_adoption().map(|(index, _)| index)).or_else(managed)
    }

    /// "VM 301 isn't in the repository yet": told of it, and not of what shall be done.
    pub(crate) fn tells_of_unmanaged(&self, index: usize) -> bool {
        let adopts = |place: usize| self.marks[place].verb() == Some(Verb::Adopt) || Some(place) == self.adoption();
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || matches!(self.word(*place), "but" | "ma");
        let start = (0..index).rev().find(is_end).map_or(0, |place| place + 1);
        let end = (index..self.marks.len()).find(is_end).unwrap_or(self.marks.len());
        !(start..end).any(adopts)
    }

    fn parted_adoption(&self) -> Option<(usize, Vec<usize>)> {
        // "I would be glad if you took it over", and no "we took over the project".
        let is_told = |index: usize| self.word(index) == "took" && index.checked_sub(1).is_none_or(|before| self.word(before) != "you");
        (0..self.marks.len()).filter(|index| !is_told(*index)).find_map(|index| {
            let behind = PARTED.iter().filter(|(verbs, _)| verbs.contains(&self.word(index))).flat_map(|(_, behind)| behind.iter());
            behind.into_iter().find_map(|phrase| Some((index, self.phrase_behind(index, phrase)?)))
        })
    }

    /// The marks of a phrase that stands behind a verb in the same sentence.
    fn phrase_behind(&self, index: usize, phrase: &str) -> Option<Vec<usize>> {
        let ahead = (index + 1..self.marks.len().min(index + PARTED_MAX)).take_while(|place| !self.is_break(*place));
        let start = ahead.into_iter().find(|place| crate::lexicon::length_of(phrase, self.words, self.marks[*place].from).is_some())?;
        let length = phrase.split(' ').count();
        let end = self.marks[start].from + length;
        Some((start..self.marks.len()).take_while(|place| self.marks[*place].from < end).collect())
    }

    pub(crate) fn fill_adopt(&self, draft: &mut Draft) {
        if let Some((index, behind)) = self.parted_adoption() {
            // "in as": the second word announces the name.
            behind.iter().chain([&index]).filter(|place| !matches!(self.word(**place), "as" | "under")).for_each(|place| self.use_mark(*place));
        }
        // "a VM that I created by hand": how it came to be.
        self.use_verbs(&[Verb::Adopt, Verb::Create, Verb::Want, Verb::Status, Verb::Explain, Verb::Set, Verb::PowerOn]);
        self.read_numbered_object(draft);
        self.read_name_as(draft);
        if draft.names.is_empty() {
            self.read_names(draft);
        }
        if draft.names.is_empty() && draft.object.is_some() {
            self.read_only_name(draft);
        }
        if draft.object.is_none() {
            self.read_object(draft);
        }
        self.read_thing(draft);
        // What has a number on its target is a machine there.
        let is_number = draft.object.as_ref().is_some_and(|object| object.value.bytes().all(|byte| byte.is_ascii_digit()));
        if is_number && draft.thing.as_ref().is_none_or(|thing| thing.value == Thing::Machine) {
            let source = draft.object.as_ref().map_or_else(|| self.source(0, 0), |object| object.source.clone());
            draft.thing = Some(Sourced::new(Thing::VirtualMachine, source));
        }
        self.read_environments(draft);
        self.read_blueprint(draft);
        self.read_links(draft);
        self.read_values(draft);
        self.read_amounts(draft);
    }

    /// "VM 117", "with the id 131", "vmid=300".
    fn read_numbered_object(&self, draft: &mut Draft) {
        if let Some(index) = self.numbered_object() {
            self.use_mark(index);
            (index.saturating_sub(2)..index).filter(|place| NUMBER_WORDS.contains(&self.word(*place))).for_each(|place| self.use_mark(place));
            draft.object = Some(Sourced::new(self.words.tokens[self.marks[index].from].text.clone(), self.source(index, index)));
            return;
        }
        let assigned =
            (0..self.marks.len()).find_map(|index| Some((index, self.marks[index].assignment().filter(|(key, _)| NUMBER_WORDS.contains(key))?)));
        if let Some((index, (_, value))) = assigned {
            self.use_mark(index);
            draft.object = Some(Sourced::new(value.to_owned(), self.source(index, index)));
        }
    }

    /// "adopt VM 140 => nas-01", "VM 130, name to be used: lis-01": what has a number there has one name here.
    fn read_only_name(&self, draft: &mut Draft) {
        let is_name = |index: &usize| {
            let mark = &self.marks[*index];
            mark.is(&Meaning::Other) && self.is_name_like(*index) && !self.is_used(*index) && !self.is_node(*index) && !self.is_variable(*index)
        };
        let names: Vec<usize> = (0..self.marks.len()).filter(is_name).collect();
        let [only] = names.as_slice() else { return };
        if !self.take_name(draft, *only) {
            return;
        }
        let is_arrow = |index: usize| matches!(self.text(index).as_str(), "->" | "=>" | "=" | ":");
        (0..*only).filter(|index| is_arrow(*index)).for_each(|index| self.use_mark(index));
    }

    /// The number by which an object is known on its target.
    fn numbered_object(&self) -> Option<usize> {
        let is_number = |index: usize| matches!(self.marks[index].quantity(), Some(Quantity::Number(100..=999_999_999)));
        let bare = || {
            // "la 151 l'ha fatta a mano il collega": the only number there is.
            let numbers: Vec<usize> = (0..self.marks.len()).filter(|index| self.marks[*index].quantity().is_some()).collect();
            let [only] = numbers.as_slice() else { return None };
            let is_article = only.checked_sub(1).is_some_and(|before| matches!(self.word(before), "la" | "il" | "the" | "number"));
            let adopts = self.has(Verb::Adopt).is_some() || self.parted_adoption().is_some();
            (is_article && is_number(*only) && adopts).then_some(*only)
        };
        let announced = (0..self.marks.len()).find(|index| {
            let before = (index.saturating_sub(3)..*index).rev().find(|place| {
                !self.marks[*place].is(&Meaning::Punctuation)
                    && !matches!(
                        self.word(*place),
                        "=" | "is" | "e" | "number" | "numero" | "n" | "esistente" | "existing" | "unmanaged" | "orphaned" | "numbered"
                    )
            });
            let is_announced = before.is_some_and(|place| {
                self.marks[place].thing().is_some()
                    || self.marks[place].verb() == Some(Verb::Adopt)
                    || NUMBER_WORDS.contains(&self.word(place))
                    || self.word(place) == "proxmox"
            });
            // "a virtual machine with the number 118 that no one claims".
            let is_called = index.checked_sub(1).is_some_and(|before| NUMBER_WORDS.contains(&self.word(before)));
            is_number(*index) && (is_announced || is_called)
        });
        announced.or_else(bare)
    }

    /// "as crm-01", "come shop.plex-01".
    fn read_name_as(&self, draft: &mut Draft) {
        for place in (0..self.marks.len()).filter(|place| matches!(self.word(*place), "as" | "come")) {
            let next = (place + 1..self.marks.len()).find(|next| !self.marks[*next].is(&Meaning::Ignored) && self.marks[*next].thing().is_none());
            let Some(next) = next.filter(|next| *next <= place + 3) else { continue };
            if let Ok(address) = self.words.fold(self.marks[next].from).parse::<core_model::Address>() {
                self.use_mark(next);
                draft.blueprint = Some(Sourced::new(address.blueprint, self.source(next, next)));
                draft.names.push(Sourced::new(address.resource, self.source(next, next)));
            } else if !self.take_name(draft, next) {
                continue;
            }
            self.use_mark(place);
            return;
        }
    }

    /// "adopt the container uptime", "adotta old-nginx": the word that stands where the object does.
    fn read_object(&self, draft: &mut Draft) {
        let is_free = |index: usize| {
            !self.is_used(index)
                && !NUMBER_WORDS.contains(&self.word(index))
                && (self.marks[index].is(&Meaning::Other) || self.marks[index].named().is_some() || self.marks[index].product().is_some())
        };
        let start = self.adoption().unwrap_or(0);
        let beside = |index: usize| {
            let before = (0..index).rev().find(|place| !self.marks[*place].is(&Meaning::Ignored));
            before.is_some_and(|before| {
                self.marks[before].thing().is_some()
                    || self.marks[before].verb() == Some(Verb::Adopt)
                    || self.marks[before].verb() == Some(Verb::Name)
            })
        };
        let all = || (start..self.marks.len()).chain(0..start).filter(|index| is_free(*index));
        // "the container watchtower runs on dock-01": what stands beside its kind is meant before what only looks like a name.
        let is_both = |index: &usize| self.is_name_like(*index) && beside(*index);
        let found = all().find(is_both).or_else(|| all().find(|index| beside(*index))).or_else(|| all().find(|index| self.is_name_like(*index)));
        // "adopt nginx-old" is called here as it is there; "adopt the VM called old-crm" gives one name for both.
        let Some(index) = found else {
            draft.object = draft.names.first().map(|name| Sourced::new(name.value.as_str().to_owned(), name.source.clone()));
            return;
        };
        self.use_mark(index);
        draft.object = Some(Sourced::new(self.words.tokens[self.marks[index].from].text.clone(), self.source(index, index)));
    }
}
