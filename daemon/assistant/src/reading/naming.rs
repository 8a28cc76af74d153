//! What is the new thing, how many are there, and where does it go?

use crate::command::CommandName;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;
use crate::source::Sourced;

use super::Reader;

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
        // "a jump host in the dmz, 1 vcpu, debian-12": what has an image or a machine's parts is no network, even where one is named.
        let is_compute = |index: usize, thing: Thing| thing.type_name() == Some("compute") && self.marks[index].named().is_none();
        let compute = || (0..self.marks.len()).find_map(|index| Some((index, self.marks[index].thing().filter(|thing| is_compute(index, *thing))?)));
        let described = self.describes_compute().map(|(index, thing)| compute().unwrap_or((index, thing)));
        let spoken = self.new_thing().filter(|(index, _)| self.marks[*index].thing().is_some() || self.is_new_vlan(*index));
        let spoken = spoken.filter(|(index, thing)| described.is_none() || is_compute(*index, *thing));
        let Some((index, thing)) = spoken.or(described).or_else(any) else { return };
        let cloud = self.marks.iter().position(|mark| mark.thing() == Some(Thing::Cloud));
        let (index, thing) = cloud.map_or((index, self.sharper(thing)), |place| (place, Thing::Cloud));
        draft.thing = Some(Sourced::new(thing, self.source(index, index)));
        self.read_provider(draft, thing);
        // "8 cores" say how many cores, not how many machines.
        if self.marks[index].concept() != Some(Concept::Cpu) && self.marks[index].quantity().is_none() {
            self.read_number_of(draft, index);
        }
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
        // "a VM with docker on it": what runs there is not what it runs on.
        let is_such = |provider: &str| thing != Thing::VirtualMachine || !self.has_containers(provider);
        let named = tokens.into_iter().find(|(_, token)| self.view.registry.get(&token.fold, type_name).is_some() && is_such(&token.fold));
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
            Thing::Machine => self.describes_compute().map_or(Thing::Machine, |(_, thing)| thing),
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
        // "we lost three machines last year, so make vm lab-105": of those that are wanted the number stands in their own clause.
        let clause = (thing + 1..self.marks.len()).find(|place| self.begins_consequence(*place));
        let is_told = clause.is_some_and(|clause| {
            (clause..self.marks.len()).any(|place| self.marks[place].thing().is_some_and(|kind| kind.type_name() == Some("compute")))
        });
        if is_told {
            return;
        }
        for place in (thing.saturating_sub(3)..thing).rev() {
            let mark = &self.marks[place];
            // "rocky 9 vm": a version.
            if self.is_used(place) && mark.quantity().is_some() {
                return;
            }
            if let Some(Quantity::Number(number)) = mark.quantity() {
                self.use_mark(place);
                if let Ok(count) = u32::try_from(number) {
                    draft.count = Some(Sourced::new(count, self.source(place, place)));
                }
                return;
            }
            // "la 8080 del container": a number of it, and not of them.
            let is_of = matches!(
                self.words.word(mark.from),
                "of" | "del"
                    | "dello"
                    | "della"
                    | "dei"
                    | "in"
                    | "nel"
                    | "inside"
                    | "on"
                    | "su"
                    | "for"
                    | "per"
                    | "from"
                    | "dal"
                    | "sul"
                    | "to"
                    | "al"
            );
            if is_of {
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

    /// "tools.landing", "tools/prom": the blueprint and the name in one word.
    pub(crate) fn read_new_address(&self, draft: &mut Draft) {
        let address = |index: usize| {
            let mark = self.marks.get(index).filter(|mark| mark.to == mark.from + 1 && mark.named().is_none())?;
            let (blueprint, name) = self.words.fold(mark.from).split_once(['.', '/'])?;
            let is_blueprint = self.view.resources().into_keys().any(|address| address.blueprint.as_str() == blueprint);
            Some((blueprint.parse().ok()?, name.parse().ok()?)).filter(|_: &(core_model::Name, core_model::Name)| is_blueprint)
        };
        let Some((index, (blueprint, name))) = (0..self.marks.len()).find_map(|index| Some((index, address(index)?))) else { return };
        self.use_mark(index);
        draft.blueprint = Some(Sourced::new(blueprint, self.source(index, index)));
        draft.names.push(Sourced::new(name, self.source(index, index)));
    }

    /// The blueprint in which a new resource is written.
    pub(crate) fn read_blueprint(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            if let Some(name) = self.marks[index].blueprint().filter(|_| !self.is_used(index) && self.marks[index].named().is_none()) {
                // "in front of the shop in staging": what is not there is no place.
                let is_elsewhere = match draft.scope() {
                    Some(crate::command::Scope::One(scope)) => !self
                        .view
                        .environment(scope)
                        .is_some_and(|environment| environment.desired.resources.keys().any(|address| address.blueprint == *name)),
                    _ => false,
                };
                // "a message queue for the staging shop".
                let noun = (0..index).rev().find(|before| self.marks[*before].environment().is_none());
                let has_article = noun.is_some_and(|before| matches!(self.word(before), "the" | "our" | "il" | "lo" | "del" | "dello" | "nostro"));
                if is_elsewhere && has_article {
                    continue;
                }
                self.use_mark(index);
                draft.blueprint = Some(Sourced::new(name.clone(), self.source(index, index)));
            }
        }
    }

    /// "delle vm, da pc-01 in avanti", "some VMs, pc-01 onwards": the first name is said, and not how many there shall be.
    pub(crate) fn ask_how_many(&self, draft: &mut Draft) {
        let ([_], None) = (draft.names.as_slice(), &draft.count) else { return };
        let is_onward = |index: usize| {
            let behind = self.marks[index].to;
            match (self.words.word(behind), self.words.word(behind + 1)) {
                ("in", "avanti" | "poi" | "su") | ("onward" | "onwards" | "upward" | "upwards", _) => true,
                ("on" | "up", next) => {
                    index > 0 && matches!(self.word(index - 1), "from" | "starting") && !matches!(next, "the" | "lan" | "dmz" | "a" | "to")
                }
                ("e", next) => next == "seguenti",
                _ => false,
            }
        };
        let is_first = |index: &usize| self.is_used(*index) && self.is_name_like(*index) && is_onward(*index);
        if (0..self.marks.len()).any(|index| is_first(&index)) {
            let text = draft.notes.language.choose("How many shall there be?", "Quante devono essere?");
            draft.ask(crate::question::Question::new(crate::question::Slot::Count, text));
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
                // "six copies in place of two", "3 instead of 2": what there is now.
                let is_former = (index.saturating_sub(3)..index)
                    .any(|before| matches!(self.word(before), "instead" | "place" | "rather" | "invece" | "posto" | "anziche"));
                if self.takes_some_away(index) || is_former && draft.count.is_some() {
                    continue;
                }
                if let Ok(count) = u32::try_from(number) {
                    draft.count = Some(Sourced::new(count, self.source(index, index)));
                    draft.count_is_more = more || by;
                }
            }
            if let Some(Quantity::Factor(times, per)) = mark.quantity().filter(|_| !self.is_used(index)) {
                self.use_mark(index);
                let is_written = self.text(index).contains(|letter: char| letter.is_ascii_digit());
                if let Some(count) = u32::try_from(times).ok().filter(|_| is_written && per == 1 && draft.count.is_none()) {
                    draft.count = Some(Sourced::new(count, self.source(index, index)));
                }
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

    /// Whether one of the words stands within two marks of a place.
    pub(crate) fn near_word(&self, index: usize, words: &[&str]) -> bool {
        (index.saturating_sub(2)..(index + 3).min(self.marks.len())).any(|place| place != index && words.contains(&self.word(place)))
    }

    /// A container joins networks of its own provider, a machine those that no containers have: "(front office)" is none for a VM.
    fn joins_network_of(&self, draft: &Draft, provider: &str) -> bool {
        let has_containers = self.has_containers(provider);
        match draft.thing.as_ref().map(|thing| thing.value).filter(|_| draft.resources.is_empty()) {
            Some(Thing::VirtualMachine) => !has_containers,
            Some(Thing::Container) => has_containers,
            _ => true,
        }
    }

    fn has_containers(&self, provider: &str) -> bool {
        let facts = self.view.registry.get(provider, "compute").map(|kind| kind.facts());
        let has = |path: &str| facts.is_some_and(|facts| crate::view::field_of(facts, path).is_some());
        has("specs.image") && !has("specs.storage")
    }

    /// A network that the thing is put on: "on front", "nella rete front", "connected to lan".
    pub(crate) fn read_links(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let Some(named) = self.marks[index].named().filter(|_| !self.is_used(index)) else { continue };
            let Some(address) = named.addresses.first().filter(|_| named.addresses.len() == 1) else { continue };
            let Some(resource) = self.view.in_scope(draft.scope(), address) else { continue };
            let is_joinable = self.joins_network_of(draft, &resource.provider);
            if resource.type_name == "network" && is_joinable && draft.resources.iter().all(|meant| meant.address.value != *address) {
                self.use_mark(index);
                let names = vec![address.resource.as_str().to_owned()];
                let is_new = matches!(draft.command.value, CommandName::Create | CommandName::Adopt);
                let change = match self.leaves(index).filter(|_| !is_new) {
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
        let is_passed = |place: &usize| !self.marks[*place].is(&Meaning::Punctuation) && self.marks[*place].image().is_none();
        let is_denied = (index.saturating_sub(4)..index).any(|place| self.marks[place].operator() == Some(crate::lexicon::Operator::Negation));
        // "from lan to dmz": the nearest word decides.
        let goes_in = |place: &usize| {
            matches!(
                self.word(*place),
                "to" | "into"
                    | "onto"
                    | "on"
                    | "in"
                    | "join"
                    | "joins"
                    | "joining"
                    | "for"
                    | "enter"
                    | "alla"
                    | "al"
                    | "sulla"
                    | "nella"
                    | "nel"
                    | "su"
                    | "a"
                    | "entrare"
                    | "entra"
                    | "entri"
                    | "passare"
                    | "verso"
            )
        };
        let before = (index.saturating_sub(4)..index).rev().take_while(is_passed).take_while(|place| is_denied || !goes_in(place));
        let word = before.into_iter().find(|place| match self.word(*place) {
            "off" | "leave" | "leaves" | "leaving" | "fuori" | "lasciare" | "scollega" | "disconnect" => true,
            "from" | "dalla" | "dal" | "dall" => *place + 3 >= index,
            "out" => matches!(self.word(place + 1), "of" | "from"),
            // "non deve stare nella dmz".
            _ => self.marks[*place].verb() == Some(Verb::Remove) || self.marks[*place].operator() == Some(crate::lexicon::Operator::Negation),
        })?;
        self.use_mark(word);
        Some(word)
    }

    fn joins_another_network(&self, index: usize) -> bool {
        (0..self.marks.len()).any(|place| place != index && self.is_network(place) && self.leaves(place).is_none())
    }
}
