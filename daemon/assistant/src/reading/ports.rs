//! Which ports are published? Pairs, numbers behind a word for ports, and in what is new numbers that stand as ports do.

use crate::command::{CommandName, FieldChange};
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;
use super::port_pairs::{INNER, OUTER};

/// What may stand between the two ports of a pair.
#[rustfmt::skip]
const LEADING: &[&str] = &["sull", "sul", "all", "usa", "usi", "uses", "use", "itself", "own", "towards", "toward", "->", "to", "into", "onto", "leading", "going", "goes", "mapped", "mapping", "maps", "map", "forwarded", "forwarding", "forwards", "verso", "mappata", "mappato", "mappa", "inoltrata", "inoltra", "punta", "porta", "che", "su", "sulla", "alla", "a", "is", "e", "it", "listens", "listening", "ascolta", "as", "on", "at", "under", "come", "sotto", "stays", "remains", "still", "resta", "rimane", "published", "exposed", "pubblicata", "esposta", "reachable", "raggiungibile", "dalla"];
/// Words before or behind a number that is published.
#[rustfmt::skip]
const PUBLISHED_BEFORE: &[&str] = &["on", "at", "via", "la", "le", "sulla", "sulle", "alla", "su", "publish", "publishing", "listening", "fuori", "dalla", "tcp", "exposing", "esponendo", "pubblicando", "mappando"];
#[rustfmt::skip]
pub(super) const PUBLISHED_BEHIND: &[&str] = &["exposed", "open", "opened", "published", "public", "outside", "reachable", "fuori", "both", "aperta", "aperte", "aperto", "esposta", "esposte", "esposto", "pubblicata", "pubblicate", "pubblica", "raggiungibile"];
/// Below it nothing is published.
const LEAST_PORT: u64 = 20;
/// The least number that stands for a port without a word that says so.
const BARE_PORT_MIN: u64 = 80;

impl Reader<'_> {
    /// "8080:80", "port 8080", "port 8080 to 80", "ports 80 and 443".
    pub(crate) fn read_ports(&self, draft: &mut Draft) {
        let removes = self.has(Verb::Remove).or(self.has(Verb::Delete)).is_some();
        let change = |ports: Vec<String>| Wanted::Change(if removes { FieldChange::Remove(ports) } else { FieldChange::Add(ports) });
        for index in 0..self.marks.len() {
            if let Some(pair) = self.marks[index].port_pair().filter(|_| !self.is_used(index)) {
                self.use_mark(index);
                self.use_concept(Concept::Ports);
                // "only on localhost, i.e. 127.0.0.1:3000:3000": said twice.
                let is_set =
                    |wish: &crate::draft::Wish| matches!(&wish.wanted.value, Wanted::Change(FieldChange::SetList(items)) if items.contains(pair));
                if draft.wishes.iter().any(is_set) {
                    continue;
                }
                draft.wish(FieldName::Concept(Concept::Ports), change(vec![pair.clone()]), self.source(index, index));
            }
        }
        self.read_bound_ports(draft);
        self.read_bare_ports(draft);
        let publishes = self.has(Verb::Publish).is_some();
        for index in 0..self.marks.len() {
            let names_ports = self.marks[index].concept() == Some(Concept::Ports) && !self.is_used(index);
            if names_ports {
                self.read_port_numbers(draft, index, &change);
            } else if publishes && self.marks[index].verb() == Some(Verb::Publish) {
                let direct = (index + 1..self.marks.len().min(index + 3)).find(|next| self.port_number(*next).is_some());
                if let Some(place) = direct {
                    self.read_port_numbers(draft, place - 1, &change);
                }
            }
        }
    }

    /// "127.0.0.1:9090 to 9090", "127.0.0.1:3000 -> 3000": the address and the port of the host, and what the container listens on.
    pub(super) fn read_bound_ports(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let fold = self.words.fold(self.marks[index].from);
            let bound = fold.rsplit_once(':').filter(|(address, port)| address.parse::<std::net::IpAddr>().is_ok() && port.parse::<u16>().is_ok());
            let Some((address, host)) = bound.filter(|_| !self.is_used(index) && self.marks[index].to == self.marks[index].from + 1) else {
                continue;
            };
            let leads =
                |place: usize| matches!(self.word(place), "to" | "a" | "su" | "onto" | "alla") || matches!(self.text(place).as_str(), "->" | "→");
            let container = Some(index + 2).filter(|place| leads(index + 1) && self.port_number(*place).is_some());
            let inner = container.and_then(|place| self.port_number(place)).map_or(host.to_owned(), |number| number.to_string());
            let pair = format!("{address}:{host}:{inner}");
            let last = container.unwrap_or(index);
            (index..=last).for_each(|place| self.use_mark(place));
            self.use_concept(Concept::Ports);
            let is_new = draft.command.value == CommandName::Create;
            let change = if is_new || !self.replaces_binding() { FieldChange::Add(vec![pair]) } else { FieldChange::SetList(vec![pair]) };
            draft.wish(FieldName::Concept(Concept::Ports), Wanted::Change(change), self.source(index, last));
        }
    }

    /// "bind Grafana's port to loopback only": the one that is there is bound anew.
    fn replaces_binding(&self) -> bool {
        let words = ["bind", "rebind", "only", "loopback", "solo", "soltanto", "instead", "invece"];
        (0..self.marks.len()).any(|index| {
            let is_it = words.contains(&self.word(index));
            if is_it {
                self.use_mark(index);
            }
            is_it
        })
    }

    fn is_owner(&self, index: usize) -> bool {
        self.marks[index].named().is_some() || self.word(index) == "s"
    }

    fn port_number(&self, index: usize) -> Option<u64> {
        match self.marks.get(index)?.quantity()? {
            Quantity::Number(number) if (1..=65535).contains(&number) && !self.is_used(index) => Some(number),
            _ => None,
        }
    }

    fn read_port_numbers(&self, draft: &mut Draft, index: usize, change: &dyn Fn(Vec<String>) -> Wanted) {
        let mut numbers = Vec::new();
        let mut next = index + 1;
        let mut maps = false;
        while next < self.marks.len() {
            if let Some(number) = self.port_number(next) {
                numbers.push((next, number));
            } else if matches!(self.word(next), "(" | "maps" | "mapped" | "mapping" | "forwards" | "forwarded" | "which") && !numbers.is_empty()
                || maps && self.is_owner(next)
            {
                // "port 8443 (maps to 3000)", "port 8080 to grafana's 3000".
            } else if matches!(self.word(next), "to" | "->" | "verso" | "sulla" | "alla" | "sull" | "sul" | "all" | "onto") {
                maps = !numbers.is_empty() && ((next + 1)..self.marks.len().min(next + 5)).any(|place| self.port_number(place).is_some());
                if !maps {
                    break;
                }
            } else if self.marks[next].named().is_some()
                && (next + 1..self.marks.len().min(next + 4)).any(|place| matches!(self.word(place), "to" | "->" | "verso" | "alla" | "sulla"))
            {
                // "port 8080 of grafana to 3000": the name stands between the two.
            } else if !matches!(
                self.word(next),
                "of" | "di"
                    | "da"
                    | "la"
                    | "and"
                    | "e"
                    | ","
                    | "container"
                    | "port"
                    | "porta"
                    | "host"
                    | "the"
                    | "del"
                    | "number"
                    | "copy"
                    | "copia"
                    | "new"
                    | "be"
                    | "should"
                    | "will"
                    | "tcp"
                    | "is"
                    | "are"
                    | "="
                    | ":"
            ) || self.is_break(next)
            {
                break;
            }
            next += 1;
        }
        let Some((last, _)) = numbers.last().copied() else { return };
        self.use_mark(index);
        let mut ports = Vec::new();
        if let (true, [first, second]) = (maps, numbers.as_slice()) {
            ports.push(self.pair(draft, *first, *second));
            self.use_concept(Concept::Ports);
        } else {
            ports.extend(numbers.iter().map(|(place, number)| self.bound(format!("{number}:{number}"), *place)));
        }
        for place in (index + 1..=last).filter(|place| self.marks[*place].named().is_none()) {
            self.use_mark(place);
        }
        let source = self.source(index, last);
        draft.wish(FieldName::Concept(Concept::Ports), change(ports), source);
    }

    /// "8088 fuori 80 dentro", "port 3030 leading to 3000", "la 9090 aperta", "tools / nats / 4222": in a new container a free number is a port.
    fn read_bare_ports(&self, draft: &mut Draft) {
        let is_new = draft.command.value == CommandName::Create && draft.thing.as_ref().is_some_and(|thing| thing.value == Thing::Container);
        let speaks_of_ports = self.has(Verb::Publish).is_some()
            || (0..self.marks.len()).any(|index| self.marks[index].concept() == Some(Concept::Ports) || PUBLISHED_BEHIND.contains(&self.word(index)));
        let publishes = matches!(draft.command.value, CommandName::Update | CommandName::Clone) && speaks_of_ports && self.are_containers(draft);
        if !is_new && !publishes {
            return;
        }
        let mut index = 0;
        while index < self.marks.len() {
            let Some(number) = self.free_port(index) else {
                index += 1;
                continue;
            };
            if let Some((place, other)) = self.other_side(index) {
                let pair = self.pair(draft, (index, number), (place, other));
                (index..=place).for_each(|used| self.use_mark(used));
                self.publish(draft, pair, index, place);
                index = place + 1;
                continue;
            }
            let may_publish = is_new || draft.command.value == CommandName::Clone || self.has(Verb::Publish).is_some();
            if self.is_published(index, number) && may_publish {
                self.use_mark(index);
                self.publish(draft, format!("{number}:{number}"), index, index);
            }
            index += 1;
        }
    }

    /// The second number of a pair, where the first stands.
    fn other_side(&self, index: usize) -> Option<(usize, u64)> {
        let place = (index + 1..self.marks.len().min(index + 12)).find(|next| self.free_port(*next).is_some())?;
        Some((place, self.free_port(place)?)).filter(|_| self.leads_to(index, place))
    }

    fn are_containers(&self, draft: &Draft) -> bool {
        let has_ports = |address: &core_model::Address| {
            let facts = self.view.in_scope(None, address).and_then(|resource| self.view.facts(resource));
            facts.is_some_and(|facts| crate::view::field_of(facts, "specs.ports").is_some())
        };
        !draft.resources.is_empty() && draft.resources.iter().all(|meant| has_ports(&meant.address.value))
    }

    fn publish(&self, draft: &mut Draft, pair: String, from: usize, to: usize) {
        self.use_concept(Concept::Ports);
        let pair = self.bound(pair, to);
        draft.wish(FieldName::Concept(Concept::Ports), Wanted::Change(FieldChange::Add(vec![pair])), self.source(from, to));
    }

    /// "9187 published on localhost only", "port 5432, only on 127.0.0.1": reached from its own machine alone.
    fn bound(&self, pair: String, to: usize) -> String {
        let is_local =
            |index: &usize| matches!(self.words.fold(self.marks[*index].from), "localhost" | "loopback" | "127.0.0.1") && !self.is_used(*index);
        let ahead = (to + 1..self.marks.len().min(to + 7)).take_while(|next| !self.is_break(*next) && self.free_port(*next).is_none());
        let Some(local) = ahead.into_iter().find(is_local) else { return pair };
        (to + 1..self.marks.len().min(local + 2))
            .filter(|place| *place == local || matches!(self.word(*place), "only" | "solo" | "soltanto" | "just"))
            .for_each(|place| self.use_mark(place));
        format!("127.0.0.1:{pair}")
    }

    /// A number that no field claims.
    fn free_port(&self, index: usize) -> Option<u64> {
        let claimed = (index + 1..self.marks.len().min(index + 3))
            .take_while(|next| *next == index + 1 || matches!(self.word(next - 1), "of" | "di"))
            .any(|next| self.marks[next].concept().is_some_and(|concept| matches!(concept, Concept::Cpu | Concept::Memory | Concept::Storage)));
        let behind_field = index.checked_sub(1).and_then(|before| self.marks[before].concept());
        let is_value = behind_field.is_some_and(|concept| concept != Concept::Ports && concept != Concept::Node);
        // "back in 5": no port that anybody publishes.
        self.port_number(index).filter(|number| *number >= LEAST_PORT && !claimed && !is_value && self.marks[index].version().is_none())
    }

    /// Whether what stands between two numbers makes them the two sides of one port.
    fn leads_to(&self, from: usize, to: usize) -> bool {
        let is_known = |place: usize| {
            let word = self.word(place);
            self.marks[place].is(&Meaning::Ignored)
                || self.is_owner(place)
                || self.marks[place].thing().is_some()
                || matches!(word, "(" | ")" | "," | "->" | "side" | "end" | "lato")
                || self.marks[place].concept() == Some(Concept::Ports)
                || OUTER.contains(&word)
                || INNER.contains(&word)
                || LEADING.contains(&word)
        };
        let between = || from + 1..to;
        let is_parted = between().any(|place| self.word(place) == ",");
        let has_side = between().chain(to + 1..self.marks.len().min(to + 3)).any(|place| {
            let word = self.word(place);
            !matches!(word, "in" | "out") && (OUTER.contains(&word) || INNER.contains(&word))
        });
        let leads = between().any(|place| {
            let word = self.word(place);
            LEADING.contains(&word) && !matches!(word, "e" | "a" | "che" | "it" | "su" | "sulla" | "as" | "on" | "at" | "come" | "sotto" | "dalla")
                || matches!(word, "a" | "su" | "sulla") && place == to - 1
        });
        // "reachable on port 3002; the application itself listens on 3001".
        let listens =
            between().any(|place| matches!(self.word(place), "listens" | "listening" | "listen" | "ascolta" | "inside" | "dentro" | "internally"));
        let is_pair = self.marks[from..to].iter().filter(|mark| matches!(mark.quantity(), Some(Quantity::Number(_)))).count() == 1;
        // "listens on 80 and 443": two of one side.
        let is_row = between().all(|place| matches!(self.word(place), "and" | "e" | "ed" | "&" | "plus"));
        if (listens || self.is_listened_on(from)) && !is_row && is_pair && to < from + 12 {
            return true;
        }
        let is_under = self.stands_under(from, to);
        // "publish 9091 on cache-dev, going to 6379".
        let is_parted = is_parted
            && !between().any(|place| matches!(self.word(place), "going" | "leading" | "pointing" | "mapped" | "forwarded" | "goes" | "leads"));
        between().all(is_known) && to > from + 1 && (has_side || (leads || is_under) && !is_parted)
    }

    /// "publish 3100", "la 9090 aperta", "on 3001", or a number alone between commas.
    fn is_published(&self, index: usize, number: u64) -> bool {
        let before = index.checked_sub(1).map_or("", |before| self.word(before));
        let publishes = (index.saturating_sub(3)..index).any(|place| self.marks[place].verb() == Some(Verb::Publish));
        let behind = (index + 1..self.marks.len().min(index + 4))
            .take_while(|next| !self.is_break(*next))
            .any(|next| PUBLISHED_BEHIND.contains(&self.word(next)) || self.marks[next].verb() == Some(Verb::Publish));
        let is_edge = |place: Option<usize>| {
            place.is_none_or(|place| self.marks.get(place).is_none_or(|mark| mark.is(&Meaning::Punctuation)) && self.word(place) != "->")
        };
        let is_alone = is_edge(index.checked_sub(1)) && is_edge(Some(index + 1));
        // "port 8080" is read by its word.
        let has_word = (index.saturating_sub(2)..index).any(|place| self.marks[place].concept() == Some(Concept::Ports));
        // "prom/pushgateway:v1.9.0 9091".
        let behind_image = index.checked_sub(1).is_some_and(|before| self.marks[before].image().is_some());
        // "web ui is 9090".
        let is_face = before == "is"
            && (index.saturating_sub(4)..index).any(|place| {
                (self.marks[place].from..self.marks[place].to)
                    .any(|word| matches!(self.words.word(word), "ui" | "gui" | "interface" | "frontend" | "interfaccia" | "dashboard"))
            });
        let is_alone = is_alone || behind_image || is_face;
        number >= BARE_PORT_MIN && !has_word && (publishes || behind || PUBLISHED_BEFORE.contains(&before) || is_alone)
    }
}
