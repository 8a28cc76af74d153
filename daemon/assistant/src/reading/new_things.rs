//! Is something spoken of as new? "a VM", "una rete", "three containers", and no machine that is there.

use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::quantity::Quantity;

use super::Reader;

impl Reader<'_> {
    /// A thing that is spoken of as a new one: "a VM", "una rete", "three containers", "new volume".
    pub(crate) fn new_thing(&self) -> Option<(usize, Thing)> {
        let is_italian = crate::language::language(self.words) == crate::language::Language::Italian;
        self.marks.iter().enumerate().find_map(|(index, mark)| {
            let thing = mark
                .thing()
                .or_else(|| self.is_new_vlan(index).then_some(Thing::Network))
                .or_else(|| mark.product().filter(|_| mark.named().is_none()).map(|_| Thing::Container))
                .or_else(|| mark.image().map(|_| Thing::Container))?;
            let is_exact = mark.named().is_some_and(|named| named.how <= crate::names::How::Alias);
            let is_kind = thing.type_name().is_some() && !is_exact;
            let before = (index.saturating_sub(4)..index).rev();
            let is_new = before
                .take_while(|place| {
                    self.marks[*place].is(&Meaning::Ignored)
                        || self.marks[*place].quantity().is_some()
                        || self.marks[*place].is(&Meaning::Other)
                        || self.marks[*place].product().is_some()
                        || self.marks[*place].thing().is_some()
                })
                .any(|place| {
                    self.word(place) == "a" && !is_italian
                        || matches!(
                            self.word(place),
                            "an" | "un" | "una" | "uno" | "new" | "nuovo" | "nuova" | "nuovi" | "nuove" | "another" | "altra" | "altro"
                        )
                        || matches!(self.marks[place].quantity(), Some(Quantity::Number(_)))
                });
            // "new postgres image 16.5 for db": of what is named and runs it.
            if mark.product().is_some_and(|product| self.is_run_by_named(product)) {
                return None;
            }
            let is_whole = mark.from == 0 || index == 0;
            if self.is_known_kind(index) || self.is_kind_of_named(thing) {
                return None;
            }
            (is_kind
                && (is_new || is_whole)
                && mark.named().is_none_or(|named| named.how == crate::names::How::Description || mark.thing().is_some()))
            .then_some((index, thing))
        })
    }

    /// "the vm needs 8 GB": one that is there, though which is not said.
    pub(super) fn is_known_kind(&self, index: usize) -> bool {
        let is_definite = index.checked_sub(1).is_some_and(|before| {
            matches!(
                self.words.word(self.marks[before].to - 1),
                "the" | "our" | "that" | "la" | "il" | "nostra" | "nostro" | "al" | "alla" | "del" | "della" | "sul" | "sulla" | "dal" | "dalla"
            )
        });
        let has_new =
            (0..self.marks.len()).any(|place| matches!(self.word(place), "new" | "nuova" | "nuovo") || self.marks[place].verb() == Some(Verb::Name));
        is_definite && !has_new && !self.has_unknown_name() && self.marks[index].thing().is_some_and(|thing| thing.type_name() == Some("compute"))
    }

    /// "deploy ghcr.io/acme/shop:1.4.3 on web-a": what is named runs that image already, of another version.
    pub(super) fn runs_that_image(&self) -> bool {
        let path = |image: &str| image.split('@').next().unwrap_or(image).rsplit_once(':').map_or(image.to_owned(), |(path, _)| path.to_owned());
        let is_new = self.has(Verb::Name).is_some()
            || self.has_unknown_name()
            || (0..self.marks.len())
                .any(|place| matches!(self.word(place), "new" | "another" | "second" | "nuovo" | "nuova" | "altro" | "altra" | "secondo"));
        if is_new {
            return false;
        }
        let Some(given) = self.marks.iter().find_map(|mark| mark.image()).map(|image| path(image)) else { return false };
        let runs = |address: &core_model::Address| {
            let resource = self.view.in_scope(None, address);
            resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str).is_some_and(|image| path(image) == given)
        };
        let is_exact = |mark: &&crate::mark::Mark| mark.named().is_some_and(|named| named.how <= crate::names::How::Alias);
        let mut named = self.marks.iter().filter(is_exact).peekable();
        named.peek().is_some() && named.all(|mark| mark.named().is_some_and(|named| named.addresses.iter().all(runs)))
    }

    fn is_run_by_named(&self, product: &str) -> bool {
        let runs = |address: &core_model::Address| {
            let resource = self.view.in_scope(None, address);
            let image = resource.and_then(|resource| resource.spec("image")).and_then(serde_json::Value::as_str).unwrap_or_default();
            image.split(['@', ':']).next().is_some_and(|path| path == product || path.ends_with(&format!("/{product}")))
        };
        let is_exact = |mark: &&crate::mark::Mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact);
        let creates = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Clone | Verb::Name));
        let mut named = self.marks.iter().filter(is_exact).peekable();
        !creates && named.peek().is_some() && named.all(|mark| mark.named().is_some_and(|named| named.addresses.iter().all(runs)))
    }

    /// A word for a node: one that some resource is on, or one of the same series.
    pub(crate) fn is_node(&self, index: usize) -> bool {
        self.marks[index].is(&Meaning::Other) && self.is_known_word(Concept::Node, self.words.fold(self.marks[index].from))
    }

    pub(crate) fn is_network(&self, index: usize) -> bool {
        self.marks[index].named().is_some_and(|named| {
            named.addresses.iter().all(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "network"))
        })
    }

    /// "record dns web-01-a to 10.0.20.21": the kind of what is named, and nothing new.
    fn is_kind_of_named(&self, thing: Thing) -> bool {
        let creates = self.verbs().any(|(_, verb)| matches!(verb, Verb::Create | Verb::Clone | Verb::Name | Verb::Add));
        let is_new = (0..self.marks.len()).any(|place| matches!(self.word(place), "new" | "nuova" | "nuovo" | "another" | "un" | "una" | "an"));
        let is_of_kind = |mark: &crate::mark::Mark| {
            mark.named().is_some_and(|named| {
                let types = |address: &core_model::Address| self.view.in_scope(None, address).map(|resource| resource.type_name.clone());
                named.how == crate::names::How::Exact && named.addresses.iter().all(|address| types(address).as_deref() == thing.type_name())
            })
        };
        !creates && !is_new && !self.has_unknown_name() && self.marks.iter().any(is_of_kind)
    }

    /// "add vm proxy-01": a machine or container with a name that is not there.
    pub(super) fn names_a_new_machine(&self) -> bool {
        (1..self.marks.len()).any(|index| {
            self.marks[index].is(&Meaning::Other)
                && self.is_name_like(index)
                && self.marks[index - 1].thing().is_some_and(|thing| thing.type_name() == Some("compute"))
        })
    }

    /// "a new vlan 70": a network, where no resource is named that would get it.
    pub(crate) fn is_new_vlan(&self, index: usize) -> bool {
        let names_none = self.marks.iter().all(|mark| mark.named().is_none());
        names_none && self.marks[index].concept() == Some(Concept::Vlan)
    }

    /// "mi serve una nuova VM": a kind and a word for new.
    pub(super) fn has_new_kind(&self) -> bool {
        if (0..self.marks.len()).any(|index| self.is_known_kind(index)) {
            return false;
        }
        // "deploy grafana 11.3.0", where there is one of that name, is about that one.
        let is_there = |mark: &crate::mark::Mark| mark.named().is_some_and(|named| named.how == crate::names::How::Exact);
        self.marks.iter().any(|mark| {
            mark.thing().is_some_and(|thing| thing.type_name().is_some()) || !is_there(mark) && (mark.product().is_some() || mark.image().is_some())
        })
    }
}
