//! Which of two ports is reached from without, and which does the container listen on?
//!
//! "map 8080 to 80" begins without, "publish 80 as 8080" within; what the image listens on, where it is known, says more than the verb.

use serde_json::Value;

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::language::Language;
use crate::lexicon::{Concept, INNER_PORTS, Verb};
use crate::mark::Meaning;

use super::Reader;

/// Words for the side of a pair that is reached from without.
pub(super) const OUTER: &[&str] =
    &["host", "outside", "out", "external", "externally", "public", "publicly", "fuori", "esterna", "esterno", "esternamente", "host port"];
/// Words for the side that the container listens on.
#[rustfmt::skip]
pub(super) const INNER: &[&str] = &[
    "container", "inside", "in", "internal", "internally", "dentro", "interna", "interno", "internamente", "contenitore", "container port",
];
/// Words between the two ports of a pair.
#[rustfmt::skip]
const MAPPING: &[&str] = &["towards", "toward", "->", "to", "into", "onto", "leading", "going", "goes", "mapped", "mapping", "maps", "map", "verso"];
/// Words before the number under which another one is published: "80 published on 8088", "la 6379 esposta come 16379".
#[rustfmt::skip]
const UNDER: &[&str] = &["as", "on", "at", "under", "via", "come", "sotto", "sulla", "sul", "su", "alla", "dalla", "per"];
/// Words for the same number on both sides.
const SAME: &[&str] = &["same", "both", "stessa", "stesso", "uguale", "identical", "itself", "entrambi", "entrambe"];
/// So far behind the second number a word may say on which side it is.
const SIDE_DISTANCE_MAX: usize = 4;

impl Reader<'_> {
    /// `HOST:CONTAINER` of two numbers that stand at two places.
    pub(super) fn pair(&self, draft: &Draft, first: (usize, u64), second: (usize, u64)) -> String {
        let is_turned = self.begins_within(draft, first, second);
        let (host, container) = if is_turned { (second.1, first.1) } else { (first.1, second.1) };
        format!("{host}:{container}")
    }

    fn begins_within(&self, draft: &Draft, first: (usize, u64), second: (usize, u64)) -> bool {
        let (from, to) = (first.0, second.0);
        let begins = |words: &[&str]| self.side_of(from, to, words);
        let ends = |words: &[&str]| self.ends_on_side(to, words);
        if begins(INNER) || begins(OUTER) {
            return begins(INNER) && !begins(OUTER);
        }
        if ends(OUTER) != ends(INNER) {
            return ends(OUTER);
        }
        let known = self.inner_ports(draft);
        match (known.contains(&first.1), known.contains(&second.1)) {
            (true, false) => true,
            (false, true) => false,
            _ => self.is_published_under(from, to),
        }
    }

    /// "publish 80 as 8080", "80 exposed on 8088"; "map 8080 on 80" begins without.
    pub(super) fn is_published_under(&self, from: usize, to: usize) -> bool {
        let is_publishing = |index: usize| {
            let is_verb = self.marks[index].verb() == Some(Verb::Publish) && !matches!(self.word(index), "map" | "mappa" | "mappare" | "maps");
            is_verb || super::ports::PUBLISHED_BEHIND.contains(&self.word(index))
        };
        let publishes = (from.saturating_sub(4)..to).filter(|index| *index != from).any(is_publishing);
        publishes && self.stands_under(from, to)
    }

    /// Whether only such a word with its articles stands right before the second number.
    pub(super) fn stands_under(&self, from: usize, to: usize) -> bool {
        let passes = |index: &usize| {
            let is_article = self.marks[*index].is(&Meaning::Ignored) || matches!(self.word(*index), "the" | "la" | "port" | "porta" | "host");
            is_article && !UNDER.contains(&self.word(*index)) || self.marks[*index].concept() == Some(Concept::Ports)
        };
        let before = (from + 1..to).rev().find(|index| !passes(index));
        before.is_some_and(|index| UNDER.contains(&self.word(index)))
    }

    /// "redis on port 6380": one number is what the host shows, where the image is known to listen on another one and nobody says which.
    pub(super) fn lead_to_inner_port(&self, draft: &mut Draft) {
        let inner = self.inner_ports_of(draft, false);
        let Some(first) = inner.first().copied().filter(|_| !listens_as_told(draft)) else { return };
        self.drop_published(draft);
        self.bind_anew(draft);
        let says_side = self.marks.iter().filter(|mark| !mark.is(&Meaning::Background)).any(|mark| {
            (mark.from..mark.to).any(|place| {
                let word = self.words.word(place);
                SAME.contains(&word) || INNER.contains(&word) && !matches!(word, "in" | "container" | "contenitore")
            })
        });
        let is_port = |wish: &&mut crate::draft::Wish| wish.field == FieldName::Concept(Concept::Ports);
        let mut ports = draft.wishes.iter_mut().filter(is_port);
        let (Some(wish), None) = (ports.next(), ports.next()) else { return };
        let Wanted::Change(FieldChange::Add(items)) = &mut wish.wanted.value else { return };
        let [item] = items.as_mut_slice() else { return };
        let is_written = self.marks.iter().any(|mark| mark.port_pair().is_some());
        let Some((host, container)) = item.rsplit_once(':').filter(|(host, container)| host.rsplit(':').next() == Some(*container)) else { return };
        // "open 3443 to 3443": both sides were said.
        let is_said_twice = self
            .marks
            .iter()
            .filter(|mark| matches!(mark.quantity(), Some(crate::quantity::Quantity::Number(number)) if number.to_string() == container))
            .count()
            > 1;
        if is_said_twice {
            return;
        }
        let is_known = container.parse().is_ok_and(|number| inner.contains(&number));
        // "inside it's still 3000": the side that is told of is the one that is known.
        let told = first.to_string();
        let is_told = |index: &usize| self.words.fold(self.marks[*index].from) == told;
        let is_inner_told = (0..self.marks.len()).any(|index| is_told(&index));
        if is_known || is_written || says_side && !is_inner_told {
            return;
        }
        (0..self.marks.len()).filter(is_told).for_each(|index| self.use_mark(index));
        let (outer, pair) = (container.to_owned(), format!("{host}:{first}"));
        *item = pair;
        draft.assume(match draft.notes.language {
            Language::English => format!("What runs there listens on {first} inside, so {outer} leads to it."),
            Language::Italian => format!("Quello che ci gira ascolta sulla {first} all'interno: la {outer} porta lì."),
        });
    }

    /// "3000 only on localhost, 127.0.0.1:3000:3000", "replace its port with 3005:3000": what takes a port of the host that is published
    /// already, or the place of one that leads to the same port inside, comes instead of it.
    fn bind_anew(&self, draft: &mut Draft) {
        let published = self.published_ports(draft);
        let replaces = (0..self.marks.len())
            .any(|index| matches!(self.word(index), "replace" | "swap" | "sostituisci" | "sostituire" | "sostituite" | "rimpiazza"));
        for wish in draft.wishes.iter_mut().filter(|wish| wish.field == FieldName::Concept(Concept::Ports)) {
            let Wanted::Change(FieldChange::Add(items)) = &wish.wanted.value else { continue };
            let [item] = items.as_slice() else { continue };
            let Some((outer, container)) = item.rsplit_once(':') else { continue };
            let host = outer.rsplit(':').next().unwrap_or(outer);
            let Some(former) = published.iter().find(|port| port.is_in_place_of(host, container, replaces)) else { continue };
            let ports = published.iter().map(|port| if std::ptr::eq(port, former) { item.clone() } else { port.text().to_owned() }).collect();
            wish.wanted.value = Wanted::Change(FieldChange::SetList(ports));
        }
    }

    /// "keep grafana on 3000 and publish it on 8443 as well": what is published now does not come to it.
    fn drop_published(&self, draft: &mut Draft) {
        let published = self.published_ports(draft);
        let is_published = |item: &String| published.iter().any(|port| port.is(item));
        let added = |wish: &crate::draft::Wish| match &wish.wanted.value {
            Wanted::Change(FieldChange::Add(items)) if wish.field == FieldName::Concept(Concept::Ports) => items.clone(),
            _ => Vec::new(),
        };
        if draft.wishes.iter().flat_map(added).all(|item| is_published(&item)) {
            return;
        }
        for wish in &mut draft.wishes {
            if let Wanted::Change(FieldChange::Add(items)) = &mut wish.wanted.value
                && wish.field == FieldName::Concept(Concept::Ports)
            {
                items.retain(|item| !is_published(item));
            }
        }
        let is_empty = |wish: &crate::draft::Wish| {
            wish.field == FieldName::Concept(Concept::Ports) && wish.wanted.value == Wanted::Change(FieldChange::Add(Vec::new()))
        };
        draft.wishes.retain(|wish| !is_empty(wish));
    }

    /// What the container listens on: what it publishes now, and what its image is known for.
    fn inner_ports(&self, draft: &Draft) -> Vec<u64> {
        self.inner_ports_of(draft, true)
    }

    /// "a Redis Commander container": a product that is only spoken of says nothing of what listens, where one number is told.
    fn inner_ports_of(&self, draft: &Draft, counts_products: bool) -> Vec<u64> {
        let resources = draft.resources.iter().filter_map(|meant| self.view.in_scope(draft.scope(), &meant.address.value));
        let (mut images, mut ports): (Vec<String>, Vec<u64>) = (Vec::new(), Vec::new());
        for resource in resources {
            images.extend(resource.spec("image").and_then(Value::as_str).map(str::to_owned));
            let published = resource.spec("ports").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            ports.extend(published.filter_map(|text| text.rsplit(':').next()?.split('/').next()?.parse::<u64>().ok()));
        }
        images.extend(
            self.marks.iter().filter(|_| counts_products).filter_map(|mark| mark.image().cloned().or_else(|| mark.product().map(str::to_owned))),
        );
        images.extend(draft.wishes.iter().filter_map(|wish| match (&wish.field, &wish.wanted.value) {
            (FieldName::Concept(Concept::Image), Wanted::Change(FieldChange::Set(text))) => Some(text.clone()),
            _ => None,
        }));
        let product = |image: &String| image.split(['@', ':']).next().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
        let known = images.iter().map(product).filter_map(|name| INNER_PORTS.iter().find(|(own, _)| *own == name));
        ports.extend(known.flat_map(|(_, ports)| ports.iter().copied()));
        ports
    }

    /// Whether a word for a side belongs to the first number of a pair: behind it before the second, or just before it.
    fn side_of(&self, from: usize, to: usize, words: &[&str]) -> bool {
        let before = (from.saturating_sub(2)..from).any(|place| words.contains(&self.word(place)) && !matches!(self.word(place), "in" | "out"));
        // "inside it listens on 80, they want it on 8090".
        let before = before || words.contains(&"inside") && self.is_listened_on(from);
        // "sulla 8095 mentre dentro usa la 80": of the second one.
        let is_turn = |place: usize| {
            matches!(
                self.words.word(self.marks[place].from),
                "mentre" | "while" | "ma" | "but" | "e" | "and" | "whereas" | "which" | "that" | "che" | "where" | "dove"
            )
        };
        let is_end = |place: &usize| self.marks[*place].is(&Meaning::Punctuation) || MAPPING.contains(&self.word(*place)) || is_turn(*place);
        // "80 on host port 8080": of what stands behind it.
        let is_led = || (from + 1..to).find(|place| UNDER.contains(&self.word(*place)) && self.leads_side(*place, to));
        let end = (from + 1..to).find(is_end).or_else(is_led).unwrap_or(to);
        before || (from + 1..end).any(|place| words.contains(&self.word(place)))
    }

    /// "it listens on 80", "dentro ascolta sulla 80": what the container itself does.
    pub(super) fn is_listened_on(&self, index: usize) -> bool {
        let before = (index.saturating_sub(5)..index).rev().take_while(|place| !self.marks[*place].is(&Meaning::Punctuation));
        before.into_iter().any(|place| matches!(self.words.word(self.marks[place].from), "listens" | "listening" | "listen" | "ascolta"))
    }

    fn leads_side(&self, place: usize, to: usize) -> bool {
        let is_plain = |index: usize| {
            self.marks[index].is(&Meaning::Ignored)
                || self.marks[index].concept() == Some(Concept::Ports)
                || OUTER.contains(&self.word(index))
                || INNER.contains(&self.word(index))
        };
        place + 1 < to && (place + 1..to).all(is_plain)
    }

    /// Whether a word for a side belongs to the second number: behind it, or before it where it is led to.
    fn ends_on_side(&self, to: usize, words: &[&str]) -> bool {
        let is_word = |place: usize| words.contains(&self.word(place)) && !matches!(self.word(place), "in" | "out");
        let ahead = (to + 1..self.marks.len().min(to + 1 + SIDE_DISTANCE_MAX)).take_while(|place| !self.marks[*place].is(&Meaning::Punctuation));
        ahead.into_iter().any(is_word)
            || (to.saturating_sub(3)..to).any(|place| is_word(place) && (place + 1..to).all(|between| !self.marks[between].is(&Meaning::Punctuation)))
    }
}

/// Whether what is new listens where its settings tell it to: "traefik on 8443" may well do so inside, too.
fn listens_as_told(draft: &Draft) -> bool {
    draft.wishes.iter().any(|wish| match (&wish.field, &wish.wanted.value) {
        (FieldName::Concept(Concept::Image), Wanted::Change(FieldChange::Set(text))) => {
            let path = text.split(['@', ':']).next().unwrap_or_default();
            matches!(path.rsplit('/').next(), Some("traefik" | "haproxy" | "envoy"))
        }
        _ => false,
    })
}
