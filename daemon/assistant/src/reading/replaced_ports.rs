//! Does a port take the place of one that is published now? "change grafana's port from 3000 to 3030 (inside stays 3000)".

use serde_json::Value;

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{Concept, Verb};
use crate::quantity::Quantity;

use super::Reader;

/// A port as it is published now. A canonical text has its address and protocol; those of every mapping are left out.
pub(super) struct Published {
    text: String,
    /// `127.0.0.1:`, or nothing for all addresses.
    bound: String,
    pub(super) host: String,
    container: String,
}

impl Published {
    /// Whether a pair is this port.
    pub(super) fn is(&self, pair: &str) -> bool {
        self.text == pair
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a pair of these would take the place of this port: of its number on the host, or, where one is replaced, of what it leads to.
    pub(super) fn is_in_place_of(&self, host: &str, container: &str, replaces: bool) -> bool {
        self.container == container && (self.host == host || replaces)
    }
}

/// A pair, or one number, that the author wrote.
struct Mention {
    index: usize,
    text: String,
}

/// What says that one port takes the place of another.
const REPLACING: &[&str] = &[
    "replace",
    "replaces",
    "replaced",
    "replacing",
    "sostituisce",
    "sostituendo",
    "becomes",
    "become",
    "instead",
    "rather",
    "from",
    "->",
    "diventa",
    "diventi",
    "invece",
    "anziche",
    "da",
    "dalla",
    "stays",
    "still",
    "resta",
    "rimane",
    "posto",
    "place",
    "occupata",
    "occupato",
    "taken",
    "busy",
    "clashes",
    "conflicts",
];
/// What says that a port comes to those that are there.
const ADDING: &[&str] =
    &["also", "too", "additionally", "well", "another", "second", "besides", "anche", "pure", "inoltre", "altra", "seconda", "oltre", "addition"];

impl Reader<'_> {
    pub(crate) fn read_replaced_port(&self, draft: &mut Draft) {
        self.read_bound_ports(draft);
        if draft.wishes.iter().any(|wish| wish.field == FieldName::Concept(Concept::Ports)) {
            return;
        }
        let published = self.published_ports(draft);
        if self.binds_locally(draft, &published) {
            return;
        }
        let mentions = self.port_mentions(&published);
        // "chiudi la 3000 di grafana", "unpublish 3000".
        let closes = |index: usize| {
            matches!(self.word(index), "unpublish" | "close" | "chiudi" | "chiudere" | "chiudete" | "chiudiamo" | "unexpose")
                || matches!(
                    (self.words.word(self.marks[index].from), self.words.word(self.marks[index].from + 1)),
                    ("stop", "publishing" | "exposing")
                )
        };
        if let (Some(index), [mention]) = ((0..self.marks.len()).find(|index| closes(*index)), mentions.as_slice())
            && let Some(port) = published.iter().find(|port| mention.text == port.host || mention.text == port.text)
        {
            [index, mention.index].into_iter().for_each(|place| self.use_mark(place));
            self.use_concept(Concept::Ports);
            return draft.wish(
                FieldName::Concept(Concept::Ports),
                Wanted::Change(FieldChange::Remove(vec![port.text.clone()])),
                self.source(index, mention.index),
            );
        }
        let has_word = |words: &[&str]| (0..self.marks.len()).any(|index| words.contains(&self.word(index)));
        // "porta" is a port, too.
        let sets = self.verbs().any(|(index, verb)| verb == Verb::Set && self.marks[index].concept() != Some(Concept::Ports));
        // "on 8090, not 8081 as it is now".
        let denial = |mention: &Mention| {
            let before = (mention.index.saturating_sub(4)..mention.index).rev();
            let before = before.into_iter().find(|place| {
                !matches!(self.word(*place), "on" | "at" | "su" | "sulla" | "the" | "la" | "port" | "porta" | "piu" | "longer" | "any")
            });
            let is_no_longer =
                |place: usize| self.words.word(self.marks[place].from) == "no" && self.words.word(self.marks[place].from + 1) == "longer";
            before.filter(|place| matches!(self.word(*place), "not" | "non") || is_no_longer(*place))
        };
        let is_denied = |mention: &Mention| denial(mention).is_some() && published.iter().any(|port| port.host == mention.text);
        let denied = mentions.iter().find(|mention| is_denied(mention));
        denied.and_then(denial).into_iter().for_each(|place| self.use_mark(place));
        // "the external port becomes 3100, the internal one stays".
        let stays = self.words.tokens.iter().any(|token| matches!(token.fold.as_str(), "unchanged" | "invariata" | "invariato"));
        let replaces = denied.is_some() || stays || has_word(REPLACING) || self.has(Verb::Move).is_some() || sets;
        // "another team grabbed that port": another one of something else.
        let adds_one = |index: usize| {
            let is_other = matches!(self.word(index), "another" | "second" | "altra" | "seconda");
            ADDING.contains(&self.word(index)) && (!is_other || self.marks.get(index + 1).is_some_and(|next| next.concept() == Some(Concept::Ports)))
        };
        let adds = (0..self.marks.len()).any(adds_one) || self.has(Verb::Add).is_some();
        if adds {
            return self.read_further_port(draft, &published, &mentions);
        }
        if !replaces {
            return;
        }
        let is_of = |port: &Published, mention: &Mention| mention.text == port.text || mention.text == port.host;
        // "move grafana to port 8080": from the only one that it has.
        let only = published.first().filter(|_| published.len() == 1 && mentions.len() == 1 && (stays || self.changes_port()));
        let Some(former) = published.iter().find(|port| mentions.iter().any(|mention| is_of(port, mention))).or(only) else { return };
        let mut new = mentions.iter().filter(|mention| !is_of(former, mention) && mention.text != former.container);
        let (Some(mention), None) = (new.next(), new.next()) else { return };
        let pair = if mention.text.contains(':') { mention.text.clone() } else { format!("{}{}:{}", former.bound, mention.text, former.container) };
        let ports = published.iter().map(|port| if port.text == former.text { pair.clone() } else { port.text.clone() }).collect();
        let (first, last) = (mentions.iter().map(|mention| mention.index).min(), mentions.iter().map(|mention| mention.index).max());
        mentions.iter().for_each(|mention| self.use_mark(mention.index));
        let source = self.source(first.unwrap_or_default(), last.unwrap_or_default());
        self.use_concept(Concept::Ports);
        (0..self.marks.len()).filter(|index| REPLACING.contains(&self.word(*index))).for_each(|index| self.use_mark(index));
        draft.wish(FieldName::Concept(Concept::Ports), Wanted::Change(FieldChange::SetList(ports)), source);
    }

    /// "la 3000 di grafana pubblicala anche sulla 3030": of two numbers one is published already, and comes under the other one, too.
    fn read_further_port(&self, draft: &mut Draft, published: &[Published], mentions: &[Mention]) {
        let is_known = |mention: &&Mention| published.iter().any(|port| [&port.text, &port.host, &port.container].contains(&&mention.text));
        let Some(known) = published.iter().find(|port| mentions.iter().any(|mention| mention.text == port.host || mention.text == port.container))
        else {
            return;
        };
        let mut new = mentions.iter().filter(|mention| !is_known(mention));
        let (Some(mention), None) = (new.next(), new.next()) else { return };
        if mention.text.contains(':') || mentions.len() < 2 {
            return;
        }
        mentions.iter().for_each(|mention| self.use_mark(mention.index));
        self.use_concept(Concept::Ports);
        let pair = format!("{}{}:{}", known.bound, mention.text, known.container);
        draft.wish(FieldName::Concept(Concept::Ports), Wanted::Change(FieldChange::Add(vec![pair])), self.source(mention.index, mention.index));
    }

    /// "port 3000 of grafana should only be reachable from localhost".
    fn binds_locally(&self, draft: &mut Draft, published: &[Published]) -> bool {
        let is_local = |index: usize| {
            matches!(self.word(index), "localhost" | "loopback" | "127.0.0.1") || self.marks[index].ip().is_some_and(|ip| ip == "127.0.0.1")
        };
        let speaks_of_ports = |index: usize| {
            self.marks[index].concept() == Some(Concept::Ports)
                || self.marks[index].verb() == Some(Verb::Publish)
                || matches!(self.word(index), "reachable" | "raggiungibile" | "bind" | "bound")
        };
        let local = (0..self.marks.len()).find(|index| is_local(*index) && !self.is_used(*index));
        let Some(local) = local.filter(|_| (0..self.marks.len()).any(speaks_of_ports)) else { return false };
        let [only] = published else { return false };
        self.use_mark(local);
        self.port_mentions(published)
            .iter()
            .filter(|mention| mention.text == only.host || mention.text == only.text)
            .for_each(|mention| self.use_mark(mention.index));
        self.use_concept(Concept::Ports);
        let pair = format!("127.0.0.1:{}:{}", only.host, only.container);
        draft.wish(FieldName::Concept(Concept::Ports), Wanted::Change(FieldChange::SetList(vec![pair])), self.source(local, local));
        true
    }

    /// "duplicate grafana as grafana-school on port 3010": a copy cannot publish what its original does, so its port takes the place of that.
    pub(crate) fn give_copy_its_port(&self, draft: &mut Draft) {
        let published = self.published_ports(draft);
        let [only] = published.as_slice() else { return };
        let ports = draft.wishes.iter_mut().filter(|wish| wish.field == FieldName::Concept(Concept::Ports));
        for wish in ports {
            let Wanted::Change(FieldChange::Add(items)) = &wish.wanted.value else { continue };
            let Some((host, container)) = items.first().filter(|_| items.len() == 1).and_then(|pair| pair.split_once(':')) else { continue };
            let container = if host == container { &only.container } else { container };
            wish.wanted.value = Wanted::Change(FieldChange::SetList(vec![format!("{}{host}:{container}", only.bound)]));
        }
    }

    fn changes_port(&self) -> bool {
        let is_change = |index: usize| matches!(self.word(index), "change" | "switch" | "cambia" | "cambiare" | "cambiamo" | "modifica");
        let replaces = |index: usize| matches!(self.word(index), "instead" | "invece" | "posto");
        self.has(Verb::Move).is_some() || (0..self.marks.len()).any(|index| is_change(index) || replaces(index))
    }

    pub(super) fn published_ports(&self, draft: &Draft) -> Vec<Published> {
        let [meant] = draft.resources.as_slice() else { return Vec::new() };
        let resource = self.view.in_scope(draft.scope(), &meant.address.value);
        let ports = resource.and_then(|resource| resource.spec("ports")).and_then(Value::as_array);
        let texts = ports.into_iter().flatten().filter_map(Value::as_str);
        let plain = texts.map(|text| text.strip_prefix("0.0.0.0:").unwrap_or(text)).map(|text| text.strip_suffix("/tcp").unwrap_or(text));
        let parts = plain.filter_map(|text| {
            let (before, container) = text.rsplit_once(':')?;
            let host = before.rsplit(':').next()?;
            let bound = before.strip_suffix(host)?;
            Some(Published { text: text.to_owned(), bound: bound.to_owned(), host: host.to_owned(), container: container.to_owned() })
        });
        parts.collect()
    }

    /// The pairs and numbers of a text that speaks of ports.
    fn port_mentions(&self, published: &[Published]) -> Vec<Mention> {
        let is_published = |index: usize| {
            let mark = &self.marks[index];
            let is_present =
                matches!(mark.quantity(), Some(Quantity::Number(number)) if published.iter().any(|port| port.host == number.to_string()));
            mark.concept() == Some(Concept::Ports)
                || mark.port_pair().is_some()
                || mark.verb() == Some(Verb::Publish)
                || super::ports::PUBLISHED_BEHIND.contains(&self.word(index))
                || is_present
        };
        let is_about_ports = (0..self.marks.len()).any(is_published);
        let is_of_field = |index: usize| {
            let concept = |place: Option<usize>| place.and_then(|place| self.marks.get(place)?.concept());
            [concept(index.checked_sub(1)), concept(Some(index + 1))].into_iter().flatten().any(|concept| concept != Concept::Ports)
        };
        let text = |index: usize| {
            let mark = &self.marks[index];
            let number = || match mark.quantity()? {
                Quantity::Number(number) if (1..=65_535).contains(&number) && !is_of_field(index) => Some(number.to_string()),
                _ => None,
            };
            mark.port_pair().cloned().or_else(number)
        };
        let all = (0..self.marks.len()).filter(|index| is_about_ports && !self.is_used(*index));
        all.filter_map(|index| Some(Mention { index, text: text(index)? })).collect()
    }
}
