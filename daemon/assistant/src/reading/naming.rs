//! What shall the new thing be called, and what is it?

use core_model::Name;

use crate::command::CommandName;
use crate::draft::{Draft, FieldName, Wanted};
use crate::language::Language;
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;
use crate::question::{Question, Slot};
use crate::source::Sourced;

use super::Reader;

/// Words that are never a name.
const NEVER_NAMES: &[&str] = &[
    "in", "on", "with", "from", "for", "to", "and", "at", "by", "of", "that", "which", "please", "con", "da", "su", "per", "di", "a", "e", "nel",
    "nella", "che", "dal", "dalla", "sul", "sulla", "or", "o",
];

/// Words between "called" and the name.
const BEFORE_NAMES: &[&str] = &["is", "be", "the", "it", ":", "=", "as", "il", "lo", "la", "essere"];

/// The most new resources of one request.
pub(crate) const NEW_RESOURCES_MAX: u64 = 50;

impl Reader<'_> {
    /// What kind of thing it is, and how many.
    pub(crate) fn read_thing(&self, draft: &mut Draft) {
        let any = || {
            self.marks.iter().enumerate().find_map(|(index, mark)| {
                let thing = mark.thing().filter(|thing| thing.type_name().is_some() || *thing == Thing::Cloud);
                thing.or_else(|| (mark.product().is_some() || mark.image().is_some()).then_some(Thing::Container)).map(|thing| (index, thing))
            })
        };
        let Some((index, thing)) =
            self.new_thing().filter(|(index, _)| self.marks[*index].thing().is_some() || self.is_new_vlan(*index)).or_else(any)
        else {
            return;
        };
        let cloud = self.marks.iter().position(|mark| mark.thing() == Some(Thing::Cloud));
        let (index, thing) = cloud.map_or((index, self.sharper(thing)), |place| (place, Thing::Cloud));
        draft.thing = Some(Sourced::new(thing, self.source(index, index)));
        self.read_provider(draft, thing);
        self.read_number_of(draft, index);
        for (place, mark) in self.marks.iter().enumerate() {
            // A name that is also a word for a kind, such as `lan`, is read by what names things.
            let is_kind = mark.thing().is_some() && mark.concept().is_none() && mark.named().is_none();
            if is_kind || place == index && mark.thing().is_some() {
                self.use_mark(place);
            }
        }
    }

    /// A provider that is named: "a docker network", "on proxmox".
    fn read_provider(&self, draft: &mut Draft, thing: Thing) {
        let Some(type_name) = thing.type_name() else { return };
        let tokens = self.words.tokens.iter().enumerate().filter(|(_, token)| !token.is_data);
        let named = tokens.into_iter().find(|(_, token)| self.view.registry.get(&token.fold, type_name).is_some());
        if let Some((place, token)) = named {
            let source = self.words.source(place, place + 1);
            draft.provider = Some(Sourced::new(token.fold.clone(), source.clone()));
            draft.type_name = Some(Sourced::new(type_name.to_owned(), source));
            for index in (0..self.marks.len()).filter(|index| self.marks[*index].from == place && self.marks[*index].is(&Meaning::Other)) {
                self.use_mark(index);
            }
        }
    }

    /// "server" and "machine" say little: an image makes it a container, "docker" too.
    fn sharper(&self, thing: Thing) -> Thing {
        let has = |wanted: Thing| self.marks.iter().any(|mark| mark.thing() == Some(wanted));
        match thing {
            Thing::Network if has(Thing::Dns) => Thing::Dns,
            Thing::Container | Thing::Machine
                if has(Thing::Network) && self.words.fold(0) != "container" && !has(Thing::VirtualMachine) && self.is_docker_network() =>
            {
                Thing::Network
            }
            Thing::Container | Thing::Machine
                if has(Thing::Volume)
                    && !self.marks.iter().any(|mark| mark.image().is_some() || mark.product().is_some())
                    && self.is_docker_volume() =>
            {
                Thing::Volume
            }
            Thing::Machine if has(Thing::VirtualMachine) => Thing::VirtualMachine,
            Thing::Machine if has(Thing::Container) => Thing::Container,
            other => other,
        }
    }

    fn is_docker_network(&self) -> bool {
        self.marks.windows(2).any(|pair| pair[0].thing() == Some(Thing::Container) && pair[1].thing() == Some(Thing::Network))
    }

    fn is_docker_volume(&self) -> bool {
        self.marks.windows(2).any(|pair| pair[0].thing() == Some(Thing::Container) && pair[1].thing() == Some(Thing::Volume))
    }

    fn read_number_of(&self, draft: &mut Draft, thing: usize) {
        for place in (thing.saturating_sub(3)..thing).rev() {
            let mark = &self.marks[place];
            if let Some(Quantity::Number(number)) = mark.quantity() {
                self.use_mark(place);
                if let Ok(count) = u32::try_from(number) {
                    draft.count = Some(Sourced::new(count, self.source(place, place)));
                }
                return;
            }
            let is_between = mark.is(&Meaning::Ignored)
                || mark.is(&Meaning::Other)
                || mark.product().is_some()
                || mark.thing().is_some()
                || mark.image().is_some();
            if !is_between || mark.product().is_some() && matches!(mark.quantity(), Some(Quantity::Number(_))) {
                return;
            }
        }
    }

    /// The names that new resources get.
    pub(crate) fn read_names(&self, draft: &mut Draft) {
        let after_verb: Vec<usize> = self.verbs().filter(|(_, verb)| *verb == Verb::Name).map(|(index, _)| index).collect();
        for index in after_verb {
            self.use_mark(index);
            let start = (index + 1..self.marks.len()).find(|next| !BEFORE_NAMES.contains(&self.word(*next))).unwrap_or(index + 1);
            if self.marks.get(start).is_some_and(|mark| {
                mark.to == mark.from + 1
                    && (mark.is(&Meaning::Ignored) || mark.concept().is_some() || mark.verb().is_some())
                    && mark.quantity().is_none()
            }) && self.give_name(draft, start)
            {
                self.read_name_list(draft, start + 1);
            } else {
                self.read_name_list(draft, start);
            }
        }
        if draft.names.is_empty() && draft.command.value != CommandName::Adopt {
            self.read_bare_name(draft);
        }
    }

    /// "a, b and c".
    fn read_name_list(&self, draft: &mut Draft, start: usize) {
        let mut index = start;
        while index < self.marks.len() {
            let mark = &self.marks[index];
            let is_joint = matches!(self.word(index), "," | "and" | "e" | "ed" | "&" | "to" | "as") || (index == start && mark.is(&Meaning::Ignored));
            if self.take_name(draft, index) {
                index += 1;
                continue;
            }
            if !is_joint || self.is_break(index) {
                return;
            }
            index += 1;
        }
    }

    /// Takes a word that has another meaning as the name that was announced.
    fn give_name(&self, draft: &mut Draft, index: usize) -> bool {
        let fold = self.words.fold(self.marks[index].from);
        let Some(name) = fold.parse::<Name>().ok().filter(|_| !NEVER_NAMES.contains(&fold)) else { return false };
        self.use_mark(index);
        draft.names.push(Sourced::new(name, self.source(index, index)));
        true
    }

    /// Takes a word as a new name if it can be one. One that exists already is asked about.
    fn take_name(&self, draft: &mut Draft, index: usize) -> bool {
        let mark = &self.marks[index];
        let is_word = mark.is(&Meaning::Other)
            || mark.named().is_some()
            || mark.product().is_some()
            || (draft.names.is_empty()
                && (mark.thing().is_some() || mark.environment().is_some() || mark.blueprint().is_some() || self.is_data(index)));
        let has_other_use = mark.is(&Meaning::Punctuation) || mark.quantity().is_some() || mark.concept().is_some_and(|_| !draft.names.is_empty());
        if !is_word || has_other_use || self.is_used(index) && mark.thing().is_none() {
            return false;
        }
        let text = self.words.fold(mark.from).replace('_', "-");
        let Ok(name) = text.parse::<Name>() else {
            if self.is_name_like(index) && draft.names.is_empty() {
                self.use_mark(index);
                draft.ask(bad_name(draft.notes.language, &self.text(index)));
            }
            return false;
        };
        self.use_mark(index);
        if mark.named().is_some_and(|named| named.how <= crate::names::How::Alias && named.addresses.iter().any(|address| address.resource == name)) {
            draft.ask(taken_name(draft.notes.language, &name));
            return true;
        }
        if !draft.names.iter().any(|known| known.value == name) {
            draft.names.push(Sourced::new(name, self.source(index, index)));
        }
        true
    }

    /// "create VM web-05", "clone web-02 as web-03", "container cache": a name beside the thing, or one that looks like a name.
    fn read_bare_name(&self, draft: &mut Draft) {
        let candidates: Vec<usize> = (0..self.marks.len())
            .filter(|index| self.marks[*index].is(&Meaning::Other) && !self.is_used(*index) && !self.follows_value_word(*index))
            .collect();
        let like_names =
            candidates.iter().copied().filter(|index| self.is_name_like(*index) && self.words.fold(self.marks[*index].from).parse::<Name>().is_ok());
        let named: Vec<usize> = like_names.collect();
        if let Some(first) = named.first() {
            self.read_name_list(draft, *first);
            return;
        }
        let beside = candidates.iter().copied().find(|index| self.stands_beside_thing(*index));
        // "a whoami container, image traefik/whoami:v1.10": called as its image is.
        let images: Vec<&str> = self.marks.iter().filter_map(|mark| mark.image()?.split(['@', ':']).next()?.rsplit('/').next()).collect();
        let as_image = || candidates.into_iter().find(|index| images.contains(&self.words.fold(self.marks[*index].from)));
        let beside = beside.or_else(as_image);
        if let Some(index) = beside {
            self.read_name_list(draft, index);
        }
    }

    /// Whether the word before is one whose value it is.
    fn follows_value_word(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).rev().any(|before| {
            self.marks[before].concept().is_some_and(|concept| concept != Concept::Replicas && self.marks[before].thing().is_none())
                || self.marks[before].verb() == Some(Verb::Install)
                || matches!(self.marks[before].verb(), Some(Verb::Move))
        })
    }

    fn stands_beside_thing(&self, index: usize) -> bool {
        let before = index.checked_sub(1).is_some_and(|before| self.marks[before].thing().is_some());
        let as_name = index.checked_sub(1).is_some_and(|before| {
            matches!(self.word(before), "as" | "come") || matches!(self.word(before), "in" | "to") && self.has(Verb::Clone).is_some()
                // "find a moment": in English it is no name.
                || self.word(before) == "a" && self.has(Verb::Clone).is_some() && crate::language::language(self.words) == Language::Italian
        });
        let end = self.marks.get(index + 1).is_none_or(|next| !next.is(&Meaning::Other));
        (before || as_name) && end
    }

    /// The blueprint in which a new resource is written.
    pub(crate) fn read_blueprint(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            if let Some(name) = self.marks[index].blueprint().filter(|_| !self.is_used(index) && self.marks[index].named().is_none()) {
                self.use_mark(index);
                draft.blueprint = Some(Sourced::new(name.clone(), self.source(index, index)));
            }
        }
    }

    /// How many members a set shall have: "to 4", "two more", "4 replicas".
    pub(crate) fn read_count(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let mark = &self.marks[index];
            let more =
                self.near_word(index, &["more", "additional", "extra", "another", "altri", "altre", "aggiuntivi", "ulteriori", "in piu", "piu"]);
            if let Some(Quantity::Number(number)) = mark.quantity().filter(|_| !self.is_used(index)) {
                self.use_mark(index);
                let before = index.checked_sub(1).map_or("", |before| self.word(before));
                let adds = self.has(Verb::Add).is_some() && !matches!(before, "to" | "a" | "at");
                let by = matches!(before, "by" | "di") || adds;
                if self.takes_some_away(index) {
                    continue;
                }
                if let Ok(count) = u32::try_from(number) {
                    draft.count = Some(Sourced::new(count, self.source(index, index)));
                    draft.count_is_more = more || by;
                }
            }
            if matches!(mark.quantity(), Some(Quantity::Factor(..))) && !self.is_used(index) {
                self.use_mark(index);
            }
        }
        let another = (0..self.marks.len()).find(|index| matches!(self.word(*index), "another" | "altro" | "altra"));
        if let (None, Some(index)) = (&draft.count, another) {
            draft.count = Some(Sourced::new(1, self.source(index, index)));
            draft.count_is_more = true;
            self.use_mark(index);
        }
        for index in 0..self.marks.len() {
            if self.marks[index].concept() == Some(Concept::Replicas)
                || matches!(self.word(index), "another" | "altro" | "altra" | "additional" | "extra")
            {
                self.use_mark(index);
            }
        }
    }

    /// "remove one web container", "two fewer": how many shall be left is asked.
    fn takes_some_away(&self, index: usize) -> bool {
        let is_less = self.near_word(index, &["fewer", "less", "meno"]);
        let takes = self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some();
        let is_total = index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "to" | "a" | "at"));
        is_less || takes && !is_total
    }

    /// How many copies: "two more like web-02".
    pub(crate) fn read_clone_count(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let is_times = matches!(self.word(index), "twice" | "two" | "three" | "four" | "due" | "tre" | "quattro" | "2x" | "3x" | "x2" | "x3");
            if let Some(Quantity::Factor(times, 1)) = self.marks[index].quantity().filter(|_| is_times && !self.is_used(index)) {
                self.use_mark(index);
                draft.count = u32::try_from(times).ok().map(|count| Sourced::new(count, self.source(index, index)));
                return;
            }
            let Some(Quantity::Number(number)) = self.marks[index].quantity().filter(|_| !self.is_used(index)) else { continue };
            let next_is_field = (index + 1..self.marks.len().min(index + 3)).any(|next| self.marks[next].concept().is_some());
            let is_count = (index + 1..self.marks.len().min(index + 4)).any(|next| {
                self.marks[next].thing().is_some()
                    || self.marks[next].verb() == Some(Verb::Clone)
                    || matches!(self.word(next), "more" | "times" | "copies" | "altre" | "altri" | "copie" | "volte")
            });
            if is_count && !next_is_field {
                self.use_mark(index);
                if let Ok(count) = u32::try_from(number) {
                    draft.count = Some(Sourced::new(count, self.source(index, index)));
                }
                return;
            }
        }
    }

    /// What the object to adopt is called on its target.
    pub(crate) fn read_object(&self, draft: &mut Draft) {
        let start = self.has(Verb::Adopt).unwrap_or(0);
        let found = (start..self.marks.len()).find(|index| {
            let mark = &self.marks[*index];
            let is_number = matches!(mark.quantity(), Some(Quantity::Number(100..=999_999_999)));
            (mark.is(&Meaning::Other) || mark.named().is_some() || is_number)
                && (self.is_name_like(*index)
                    || index
                        .checked_sub(1)
                        .is_some_and(|before| self.marks[before].thing().is_some() || self.marks[before].verb() == Some(Verb::Name)))
        });
        let Some(index) = found else { return };
        self.use_mark(index);
        draft.object = Some(Sourced::new(self.words.tokens[self.marks[index].from].text.clone(), self.source(index, index)));
        let as_name = (index + 1..self.marks.len()).find(|next| matches!(self.word(*next), "as" | "come"));
        if let Some(place) = as_name {
            self.use_mark(place);
            let next = (place + 1..self.marks.len()).find(|next| !self.marks[*next].is(&Meaning::Ignored));
            if let Some(next) = next
                && let Ok(address) = self.words.fold(self.marks[next].from).parse::<core_model::Address>()
            {
                self.use_mark(next);
                draft.blueprint = Some(Sourced::new(address.blueprint, self.source(next, next)));
                draft.names.push(Sourced::new(address.resource, self.source(next, next)));
            } else if let Some(next) = next {
                self.take_name(draft, next);
            }
        }
    }

    /// Whether one of the words stands within two marks of a place.
    pub(crate) fn near_word(&self, index: usize, words: &[&str]) -> bool {
        (index.saturating_sub(2)..(index + 3).min(self.marks.len())).any(|place| place != index && words.contains(&self.word(place)))
    }

    /// A network that the thing is put on: "on front", "nella rete front", "connected to lan".
    pub(crate) fn read_links(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let Some(named) = self.marks[index].named().filter(|_| !self.is_used(index)) else { continue };
            let Some(address) = named.addresses.first().filter(|_| named.addresses.len() == 1) else { continue };
            let Some(resource) = self.view.in_scope(draft.scope(), address) else { continue };
            if resource.type_name == "network" && draft.resources.iter().all(|meant| meant.address.value != *address) {
                self.use_mark(index);
                let names = vec![address.resource.as_str().to_owned()];
                let change = match self.leaves(index) {
                    // "out of the dmz, onto the lan": where it goes says it all.
                    Some(_) if self.joins_another_network(index) => continue,
                    Some(_) => crate::command::FieldChange::Remove(names),
                    None => crate::command::FieldChange::Add(names),
                };
                let wanted = Wanted::Change(change);
                draft.wish(FieldName::Concept(Concept::Networks), wanted, self.source(index, index));
                if draft.blueprint.is_none() && matches!(draft.command.value, CommandName::Create | CommandName::Adopt) {
                    draft.blueprint = Some(Sourced::new(address.blueprint.clone(), self.source(index, index)));
                }
            }
        }
        for index in 0..self.marks.len() {
            if self.marks[index].concept() == Some(Concept::Networks) || self.marks[index].verb() == Some(Verb::Connect) {
                self.use_mark(index);
            }
        }
    }
}

impl Reader<'_> {
    /// The word that says that a network is left: "out of the front network", "has to leave the dmz", "dalla lan alla dmz".
    fn leaves(&self, index: usize) -> Option<usize> {
        let before = (index.saturating_sub(4)..index).rev().take_while(|place| !self.marks[*place].is(&Meaning::Punctuation));
        let word = before.into_iter().find(|place| match self.word(*place) {
            "off" | "from" | "leave" | "leaves" | "leaving" | "fuori" | "lasciare" | "dalla" | "dal" | "scollega" | "disconnect" => true,
            "out" => matches!(self.word(place + 1), "of" | "from"),
            _ => self.marks[*place].verb() == Some(Verb::Remove),
        })?;
        self.use_mark(word);
        Some(word)
    }

    fn joins_another_network(&self, index: usize) -> bool {
        let is_network = |place: usize| {
            self.marks[place].named().is_some_and(|named| {
                named.addresses.iter().all(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "network"))
            })
        };
        (0..self.marks.len()).any(|place| place != index && is_network(place) && self.leaves(place).is_none())
    }
}

fn bad_name(language: Language, text: &str) -> Question {
    let words = crate::text::shown(text);
    let sentence = match language {
        Language::English => format!(
            "`{words}` cannot be a name: names start with a letter and hold lower-case letters, digits and `-`, at most 40. What shall it be called?"
        ),
        Language::Italian => format!(
            "`{words}` non può essere un nome: i nomi iniziano con una lettera e contengono minuscole, cifre e `-`, al massimo 40. Come si deve chiamare?"
        ),
    };
    Question::new(Slot::Name, sentence)
}

fn taken_name(language: Language, name: &Name) -> Question {
    let sentence = match language {
        Language::English => format!("`{}` exists already. What shall the new one be called?", name.as_str()),
        Language::Italian => format!("`{}` esiste già. Come si deve chiamare quello nuovo?", name.as_str()),
    };
    Question::new(Slot::Name, sentence)
}
