//! Which names only say beside what something stands? "a loki container next to grafana", "move web-02 to pve2, next to web-01".
//!
//! What is named so is a place, and nothing is done to it: of what is new it says in which blueprint that is written, too.

use core_model::{Address, Name};

use crate::lexicon::{Verb, length_of};
use crate::mark::Meaning;
use crate::names::How;

use super::Reader;

/// Before what stands beside something.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "next to", "right next to", "just next to", "beside", "besides", "alongside", "alongside of", "along side", "near", "near to", "close to", "nearby", "side by side with", "adjacent to", "next door to", "right by", "in the neighbourhood of",
    "accanto a", "accanto al", "accanto alla", "accanto ad", "vicino a", "vicino al", "vicino alla", "vicino ad", "di fianco a", "di fianco al", "di fianco alla", "a fianco di", "a fianco del", "a fianco della", "affianco a", "affianco al", "di lato a", "affiancare a", "affiancare al", "affiancare alla", "affiancato a", "affiancata a", "affiancato al", "affiancata al", "nei pressi di", "al fianco di",
];

/// Before what something new is there for or goes together with. Beside what is there already both may be meant: "raise cache along with cache-dev".
#[rustfmt::skip]
const TOGETHER: &[&str] = &[
    "together with", "along with", "in with", "same place as", "same host as", "same docker host as", "same node as", "same blueprint as", "same stack as", "same spot as", "same file as", "where", "where we have", "where we run", "where we keep", "wherever", "in front of", "behind", "for", "to go with", "that talks to", "talking to", "which talks to", "feeding", "that feeds", "connected to", "attached to", "to accompany", "to back up", "to monitor", "to watch", "monitoring", "scraping", "companion to", "sidecar to", "sidecar of", "companion of", "companion for", "to look into", "look into", "to look at", "to look inside", "look inside", "to peek into", "to poke around in", "to browse", "to manage", "to administer", "to query", "used by", "to be used by", "as a backend of", "as backend for",
    "dentro al", "dentro a", "dentro il", "dentro alla", "guardare", "per guardare", "per guardare il", "per gestire", "per gestire il", "per amministrare", "per interrogare",
    "insieme a", "insieme al", "insieme alla", "assieme a", "assieme al", "assieme alla", "stesso posto di", "stesso blueprint di", "stesso host di", "stesso nodo di", "stesso file di", "dove", "dove gira", "dove girano", "dove sta", "dove c e", "dov e", "dove abbiamo", "dove teniamo", "davanti a", "davanti al", "davanti alla", "dietro a", "dietro al", "dietro", "per", "per il", "per la", "che parli con", "che parla con", "collegato a", "collegata a", "che serve a", "a servizio di", "a supporto di", "di supporto a", "in appoggio a", "usato da", "usata da", "che monitori", "che controlli", "a corredo di",
];

/// Between the phrase and the name.
#[rustfmt::skip]
const ARTICLES: &[&str] = &["the", "our", "my", "your", "existing", "current", "a", "il", "la", "lo", "l", "al", "alla", "nostro", "nostra", "container", "vm", "machine", "server", "box", "macchina", "attuale", "esistente", "runs", "gira", "sta", "is", "there", "c", "e", "ora", "already", "gia"];

/// So many of them.
const ARTICLES_MAX: usize = 3;

impl Reader<'_> {
    /// Makes places of the names behind such words.
    pub(super) fn drop_neighbours(&mut self) {
        let mut is_new = None;
        for place in 0..self.words.tokens.len() {
            let length = |phrases: &[&str]| phrases.iter().filter_map(|phrase| length_of(phrase, self.words, place)).max();
            let beside = length(BESIDE);
            let Some(length) = beside.or_else(|| length(TOGETHER)) else { continue };
            let Some((first, names)) = self.names_behind(place, place + length) else { continue };
            let is_other = |index: usize| !names.contains(&index) && self.is_compute_named(index);
            let has_other = (0..self.marks.len()).any(is_other);
            let is_another = *is_new.get_or_insert_with(|| self.speaks_of_another()) && !self.runs_image_of_text(&names);
            let makes = is_another || beside.is_some() && self.has_own_image();
            let is_place = if beside.is_some() { has_other || makes || self.has_kind_before(first) } else { makes && !has_other };
            if !is_place {
                continue;
            }
            let blueprint = self.blueprint_of(&names).filter(|_| makes && !has_other && self.marks.iter().all(|mark| mark.blueprint().is_none()));
            for index in first..names.last().map_or(first, |last| last + 1) {
                self.marks[index].meanings = vec![Meaning::Ignored, Meaning::Background];
                self.use_mark(index);
            }
            // Beside it is where it is written, too.
            if let (Some(blueprint), Some(index)) = (blueprint, names.first()) {
                self.marks[*index].meanings = vec![Meaning::Blueprint(blueprint)];
                self.used.borrow_mut()[*index] = false;
            }
        }
    }

    /// The mark of the phrase at a token, and those of the names behind it: "next to grafana and cache".
    fn names_behind(&self, from: usize, to: usize) -> Option<(usize, Vec<usize>)> {
        let mut index = self.marks.iter().position(|mark| mark.from >= to)?;
        let first = self.marks.iter().position(|mark| mark.to > from)?;
        let start = index;
        while !self.is_compute_named(index) && index < start + ARTICLES_MAX && ARTICLES.contains(&self.word(index)) {
            index += 1;
        }
        let mut names = Vec::new();
        while self.is_compute_named(index) {
            names.push(index);
            let joins = matches!(self.text(index + 1).as_str(), "and" | "e" | "," | "&");
            index += if joins && self.is_compute_named(index + 2) { 2 } else { 1 };
        }
        (!names.is_empty()).then_some((first, names))
    }

    fn is_compute_named(&self, index: usize) -> bool {
        let is_compute = |address: &Address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "compute");
        let named = self.marks.get(index).and_then(|mark| mark.named()).filter(|named| named.how <= How::Alias);
        named.is_some_and(|named| named.addresses.iter().all(is_compute))
    }

    /// "the container next to grafana": what stands there is spoken of by its kind.
    fn has_kind_before(&self, first: usize) -> bool {
        (first.saturating_sub(2)..first).any(|before| self.marks[before].thing().is_some())
    }

    /// "a loki container: grafana/loki:3.1.0", "a small VM: proxy-01, 2 cores, 2 GB": something is described that is not there.
    fn speaks_of_another(&self) -> bool {
        let describes = self.has_own_image() || self.machine_parts() >= 2;
        let gives_name = self.calls_new_thing() || self.names_beside_existing() || self.wishes_for_product();
        let creates = self.verbs().any(|(_, verb)| verb == Verb::Create) && self.calls_itself();
        describes && (gives_name || creates || self.new_thing().is_some_and(|(place, _)| self.marks[place].thing().is_some()))
    }

    /// "nginx:1.28 for web-a", which runs nginx: of what is named, and of nothing new.
    fn runs_image_of_text(&self, names: &[usize]) -> bool {
        let path = |image: &str| image.split('@').next().unwrap_or(image).rsplit_once(':').map_or(image.to_owned(), |(path, _)| path.to_owned());
        let given: Vec<String> = self.marks.iter().filter_map(|mark| mark.image()).map(|image| path(image)).collect();
        let runs = |address: &Address| {
            let image = self.view.in_scope(None, address).and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str);
            image.is_some_and(|image| given.contains(&path(image)))
        };
        names.iter().filter_map(|index| self.marks[*index].named()).any(|named| named.addresses.iter().any(runs)) && !self.calls_new_thing()
    }

    fn blueprint_of(&self, names: &[usize]) -> Option<Name> {
        names.iter().find_map(|index| self.marks[*index].named()?.addresses.first().map(|address| address.blueprint.clone()))
    }
}
