//! Which existing resources are meant? Every mention is used; one that fits several is asked about.

use std::collections::BTreeSet;

use core_model::Address;

use crate::command::{CommandName, Scope};
use crate::draft::{Draft, FieldName, Meant, Wanted};
use crate::lexicon::{Concept, Thing, Verb};
use crate::mark::Meaning;
use crate::names::{How, Named, near};
use crate::question::{Fill, Question, Slot};
use crate::source::Sourced;

use super::Reader;

/// With these one is made like another.
#[rustfmt::skip]
const ALIGNING: &[&str] = &[
    "align", "aligned", "aligning", "equalise", "equalize", "harmonise", "harmonize",
    "allinea", "allineare", "allineate", "allineiamo", "allineassi", "adegua", "adeguare", "adeguate", "uniforma", "uniformare", "uniformate", "uniformiamo", "parifica", "parificare", "equipara", "equiparare", "pareggia", "pareggiare",
];

impl Reader<'_> {
    /// "the DNS record of web-01", "web-01's DNS record": the record, and not the machine.
    fn record_of(&self, index: usize) -> Option<Named> {
        let named = self.marks[index].named().filter(|named| named.addresses.len() == 1)?;
        let address = named.addresses.first()?;
        let is_record = |place: usize| self.marks.get(place).is_some_and(|mark| mark.thing() == Some(Thing::Dns) || self.word(place) == "record");
        let is_of = (index.saturating_sub(3)..index)
            .rev()
            .find(|place| is_record(*place))
            .is_some_and(|record| (record + 1..index).all(|place| self.marks[place].is(&Meaning::Ignored) || self.marks[place].thing().is_some()));
        if !is_of && !is_record(index + 1) && !is_record(index + 2) {
            return None;
        }
        let stem = format!("{}-", address.resource.as_str());
        let is_it = |other: &&Address| {
            let is_dns = self.view.in_scope(None, other).is_some_and(|resource| resource.type_name == "dns");
            is_dns && other.resource.as_str().starts_with(&stem)
        };
        let addresses: BTreeSet<Address> = self.view.resources().into_keys().filter(is_it).cloned().collect();
        (addresses.len() == 1).then_some(Named { addresses, how: named.how, is_set: false })
    }

    /// "both web machines (web-01 and web-02)": a set's name that only says what those are that are named.
    fn is_kind_of_machines(&self, index: usize) -> bool {
        let Some(named) = self.marks[index].named().filter(|named| named.is_set) else { return false };
        let is_kind = matches!(
            self.word(index + 1),
            "machines" | "servers" | "vms" | "boxes" | "hosts" | "nodes" | "machine" | "server" | "box" | "vm" | "ones" | "macchine"
        );
        let names_others = (index + 1..self.marks.len()).take_while(|place| !self.is_break(*place)).any(|place| {
            let other = self.marks[place].named().filter(|other| other.how == crate::names::How::Exact && !other.is_set);
            other.is_some_and(|other| other.addresses.is_disjoint(&named.addresses))
        });
        is_kind && names_others
    }

    /// Reads all mentions of existing resources, and near ones where none is found.
    pub(crate) fn read_resources(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            if self.is_used(index) {
                continue;
            }
            if let Some(named) = self.marks[index].named().filter(|_| !self.is_link(index, draft)) {
                // "delete the DNS record of web-01": the record, and not its owner.
                if let Some(record) = self.record_of(index) {
                    self.use_mark(index);
                    self.mean(draft, record, index);
                    continue;
                }
                if self.is_no_object(index, draft.command.value) {
                    continue;
                }
                self.use_mark(index);
                if self.is_kind_of_machines(index)
                    || draft.command.value == CommandName::Update && (self.is_measure_of_another(index) || self.is_said_of_place(index))
                {
                    continue;
                }
                if !self.is_place_of_named(index) {
                    self.mean(draft, named.clone(), index);
                }
            }
        }
        if draft.command.value == CommandName::Update && !draft.resources.is_empty() {
            self.read_slips_in_row(draft);
        }
        if draft.resources.iter().any(|meant| !self.view.resources().contains_key(&meant.address.value)) {
            draft.resources.clear();
        }
        if draft.resources.is_empty() && draft.pending.is_empty() && !self.read_by_image(draft) {
            self.read_near(draft);
        }
    }

    /// "wbe-02 nd build-01": one slip away from a name, where others are named.
    fn read_slips_in_row(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let is_free =
                !self.is_used(index) && self.marks[index].is(&Meaning::Other) && self.is_name_like(index) && !self.is_value_of_concept(index);
            let fold = self.words.fold(self.marks[index].from);
            let is_numbered = fold.contains('-') && fold.ends_with(|letter: char| letter.is_ascii_digit());
            if let Some(named) = Some(fold).filter(|_| is_free && is_numbered).and_then(|fold| near(self.view, fold)) {
                let is_slip = named.addresses.iter().all(|address| {
                    let known = address.resource.as_str();
                    // `web-03` is another machine and no slip for `web-02`.
                    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
                    strsim::osa_distance(fold, known) == 1 && digits(fold) == digits(known)
                });
                if is_slip {
                    self.use_mark(index);
                    self.mean(draft, named, index);
                }
            }
        }
    }

    /// "update the shop image to 1.5.0": what runs an image of that name, where a version is given for it.
    fn read_by_image(&self, draft: &mut Draft) -> bool {
        let Some((index, addresses)) = self.called_by_image() else { return false };
        self.use_mark(index);
        self.mean(draft, Named { addresses, how: How::Description, is_set: true }, index);
        true
    }

    /// A word that is the last part of an image's name, and all that runs that image.
    pub(crate) fn called_by_image(&self) -> Option<(usize, std::collections::BTreeSet<Address>)> {
        let has_version = self.marks.iter().any(|mark| mark.version().is_some() || mark.concept() == Some(Concept::Image));
        let resources = self.view.resources();
        let runs = |fold: &str| {
            let is_it = |image: &str| image.split(['@', ':']).next().and_then(|path| path.rsplit('/').next()) == Some(fold);
            let with = resources
                .iter()
                .filter(|(_, found)| found.iter().any(|(_, resource)| resource.spec("image").and_then(serde_json::Value::as_str).is_some_and(is_it)));
            with.map(|(address, _)| (*address).clone()).collect::<std::collections::BTreeSet<Address>>()
        };
        let named = |index: usize| {
            let mark = &self.marks[index];
            let is_word = mark.is(&Meaning::Other) || mark.blueprint().is_some();
            let addresses = runs(self.words.word(mark.from));
            let is_one = addresses.first().is_some_and(|first| {
                addresses.len() == 1 || self.view.group_of(first).is_some_and(|group| addresses.iter().all(|address| group.members.contains(address)))
            });
            (is_word && is_one).then_some((index, addresses))
        };
        (0..self.marks.len()).find_map(named).filter(|_| has_version)
    }

    /// "remove the lan, we use dmz": of what is taken away, only what the order names is meant.
    fn is_no_object(&self, index: usize, command: CommandName) -> bool {
        let is_grave = matches!(command, CommandName::Delete | CommandName::Power | CommandName::RollBack);
        if is_grave && self.is_owner_of_another(index) {
            // "Grafana's data volume (grafana-data) can go": what is meant is named, too.
            if self.owns_what_is_named(index) {
                self.use_mark(index);
            }
            return true;
        }
        if is_grave && self.is_network_of_another(index) {
            self.use_mark(index);
            return true;
        }
        is_grave && self.order().is_some_and(|order| order.is_aside(index) && !order.objects.contains(&index))
    }

    /// "spegni la macchina build-01 sulla rete dmz": where it is.
    fn is_network_of_another(&self, index: usize) -> bool {
        let joins = |words: &[&str]| (index.saturating_sub(3)..index).any(|before| words.contains(&self.word(before)));
        joins(&["on", "in", "sulla", "nella", "sul", "nel"]) && self.is_linked_to_named(index)
    }

    /// "remove web-02 from the lan network": it shall leave the network, and neither shall go.
    pub(crate) fn leaves_network(&self) -> bool {
        let is_from =
            |index: usize| (index.saturating_sub(3)..index).any(|before| matches!(self.word(before), "from" | "off" | "dalla" | "dal" | "da"));
        (0..self.marks.len()).any(|index| is_from(index) && self.is_linked_to_named(index))
    }

    fn is_linked_to_named(&self, index: usize) -> bool {
        let Some(networks) = self.marks[index].named().map(|named| &named.addresses) else { return false };
        let is_linked = |address: &Address| {
            let resource = self.view.in_scope(None, address);
            resource.is_some_and(|resource| networks.iter().any(|network| resource.depends_on.contains(network)))
        };
        let is_other = |mark: &crate::mark::Mark| mark.named().is_some_and(|named| named.how == How::Exact && named.addresses.iter().all(is_linked));
        self.is_network(index) && self.marks.iter().any(is_other)
    }

    /// "the volume of grafana", "web-02's dns record": something of another kind is meant, and not its owner.
    pub(crate) fn is_owner_of_another(&self, index: usize) -> bool {
        self.thing_of_owner(index).is_some()
    }

    fn thing_of_owner(&self, index: usize) -> Option<&'static str> {
        let named = self.marks[index].named()?;
        let other_kind = |place: usize| {
            let kind = self.marks[place].thing().and_then(crate::lexicon::Thing::type_name)?;
            let is_own = |address: &Address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == kind);
            (self.marks[place].named().is_none() && !named.addresses.iter().any(is_own)).then_some(kind)
        };
        let token = &self.words.tokens[self.marks[index].to - 1];
        let is_possessive = self.words.word(self.marks[index].to) == "s"
            && self.words.tokens.get(self.marks[index].to).is_some_and(|next| next.start == token.end + self.apostrophe_at(token.end));
        let behind = (index + 1..self.marks.len().min(index + 5))
            .take_while(|place| !self.marks[*place].is(&Meaning::Punctuation) && self.marks[*place].verb().is_none());
        if is_possessive {
            return behind.into_iter().find_map(other_kind);
        }
        // "the grafana volume", "volume grafana".
        let beside = [index.checked_sub(1), Some(index + 1).filter(|next| *next < self.marks.len())];
        if let Some(kind) = beside.into_iter().flatten().find_map(other_kind) {
            return Some(kind);
        }
        let joins = (index.saturating_sub(3)..index)
            .rev()
            .find(|place| matches!(self.word(*place), "of" | "for" | "behind" | "di" | "del" | "della" | "dello" | "dell" | "per"))?;
        (joins.saturating_sub(2)..joins).rev().find_map(other_kind)
    }

    /// The bytes of the apostrophe that stands at a place of the text.
    fn apostrophe_at(&self, place: usize) -> usize {
        self.words.text.get(place..).and_then(|rest| rest.chars().next()).filter(|sign| matches!(sign, '\'' | '\u{2019}')).map_or(0, char::len_utf8)
    }

    fn owns_what_is_named(&self, index: usize) -> bool {
        let Some(kind) = self.thing_of_owner(index) else { return false };
        let is_of_kind = |address: &Address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == kind);
        self.marks.iter().any(|mark| mark.named().is_some_and(|named| named.addresses.iter().all(is_of_kind)))
    }

    /// "delete r1-n02 from rack1": where it is, and not all that is there.
    pub(crate) fn is_place_of_named(&self, index: usize) -> bool {
        let Some(set) = self.marks[index].named().filter(|named| named.is_set) else { return false };
        let is_place = (index.saturating_sub(2)..index).any(|before| {
            matches!(
                self.word(before),
                "from" | "of" | "in" | "on" | "at" | "da" | "dal" | "dalla" | "di" | "del" | "della" | "nel" | "nella" | "su" | "sul"
            )
        });
        // "the second web, web-b": one of them, which is named.
        let is_one = (index.saturating_sub(3)..index).any(|before| {
            matches!(
                self.word(before),
                "second" | "first" | "third" | "one" | "other" | "secondo" | "seconda" | "primo" | "prima" | "terzo" | "altro" | "altra"
            )
        });
        let is_place = is_place || is_one;
        let is_member = |mark: &crate::mark::Mark| {
            mark.named().is_some_and(|named| !named.is_set && named.addresses.iter().all(|address| set.addresses.contains(address)))
        };
        is_place && self.marks.iter().any(is_member)
    }

    /// A network that a machine is put on is no resource to be changed.
    fn is_link(&self, index: usize, draft: &Draft) -> bool {
        let others = self.marks.iter().enumerate().any(|(other, mark)| {
            other != index
                && mark.named().is_some_and(|named| {
                    named.addresses.iter().any(|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == "compute"))
                })
        });
        self.is_network(index) && others && draft.command.value == CommandName::Update
    }

    fn read_near(&self, draft: &mut Draft) {
        for index in 0..self.marks.len() {
            let mark = &self.marks[index];
            // "something went wrong, please undo": of what is taken back or away, a word is only a name where one is expected.
            let is_grave = matches!(draft.command.value, CommandName::RollBack | CommandName::Delete | CommandName::Power);
            let is_beside = is_grave
                && self.order().is_some_and(|order| {
                    !order.clause().contains(&index)
                        && order.role(index) != super::orders::Role::Objects
                        && !(self.names_subject(index) && draft.past.is_none())
                });
            if is_beside || is_grave && self.is_owner_of_another(index) {
                continue;
            }
            let is_expected = self.is_name_like(index)
                || !matches!(draft.command.value, CommandName::RollBack | CommandName::Delete | CommandName::Power)
                || self.is_named_by_order(index);
            let is_candidate =
                is_expected && !self.is_used(index) && (mark.is(&Meaning::Other) || mark.product().is_some()) && !self.is_value_of_concept(index);
            if !is_candidate {
                continue;
            }
            let fold = self.words.fold(mark.from);
            if let Some(named) = near(self.view, fold) {
                self.use_mark(index);
                self.mean(draft, named, index);
                return;
            }
            if self.is_name_like(index) {
                self.use_mark(index);
                draft.ask(self.unknown_resource(draft, &self.text(index)));
                return;
            }
        }
    }

    /// "web-09 is gone for good, delete it": what is spoken of before the order, where the order names nothing.
    fn names_subject(&self, index: usize) -> bool {
        let opens = index == 0 || self.opens_sentence(index);
        self.is_name_like(index) && opens
    }

    /// "delete grafna", "undo the last change to the grafna container": behind the verb, a word for a kind, or a preposition.
    fn is_named_by_order(&self, index: usize) -> bool {
        let before =
            (0..index).rev().find(|before| !matches!(self.word(*before), "the" | "il" | "la" | "lo" | "l" | "our" | "my" | "and" | "e" | "old"));
        let in_order = self.order().is_none_or(|order| order.clause().contains(&index));
        in_order
            && before.is_some_and(|before| {
                let mark = &self.marks[before];
                mark.verb().is_some_and(super::orders::is_grave)
                    || mark.thing().is_some()
                    || mark.named().is_some()
                    || matches!(
                        self.word(before),
                        "to" | "of" | "on" | "for" | "in" | "di" | "del" | "della" | "su" | "a" | "al" | "alla" | "turn" | "switch" | "off" | "down"
                    )
            })
    }

    fn is_value_of_concept(&self, index: usize) -> bool {
        (index.saturating_sub(2)..index).any(|before| {
            self.marks[before]
                .concept()
                .is_some_and(|concept| matches!(concept, Concept::Tags | Concept::Variable | Concept::Packages | Concept::Node | Concept::Hostname))
        })
    }

    /// Whether a word looks like a name that somebody gave.
    pub(crate) fn is_name_like(&self, index: usize) -> bool {
        let Some(mark) = self.marks.get(index) else { return false };
        let token = &self.words.tokens[mark.from];
        let has_sign = token.fold.chars().any(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.'));
        token.fold.starts_with(|letter: char| letter.is_ascii_alphabetic()) && (has_sign || token.is_data)
    }

    fn unknown_resource(&self, draft: &Draft, text: &str) -> Question {
        let words = crate::text::shown(text);
        let language = draft.notes.language;
        let question = match language {
            crate::language::Language::English => format!("There is no `{words}` here. Which resource do you mean?"),
            crate::language::Language::Italian => format!("Qui non c'è `{words}`. Quale risorsa intendi?"),
        };
        let mut known: Vec<(usize, &Address)> = self
            .view
            .resources()
            .into_keys()
            .map(|address| (strsim::osa_distance(&text.to_ascii_lowercase(), address.resource.as_str()), address))
            .collect();
        known.sort();
        let options = known.into_iter().map(|(_, address)| (format!("`{address}`"), Fill::Resources(vec![address.clone()])));
        Question::new(Slot::Resource, question).options(options).without_default()
    }

    /// Takes a mention, or asks which of its resources is meant.
    pub(crate) fn mean(&self, draft: &mut Draft, named: Named, index: usize) {
        let source = self.source(index, index);
        let mut addresses = named.addresses.clone();
        let mut named = named;
        if named.is_set && self.speaks_of_one(index) {
            // "the web server" may be a member of the set, or a machine that is called so.
            let stem = format!("{}-", self.words.fold(self.marks[index].from));
            addresses.extend(self.view.resources().into_keys().filter(|address| address.resource.as_str().starts_with(&stem)).cloned());
            named.is_set = false;
        }
        if !named.is_set && addresses.len() > 1 {
            self.narrow(&mut addresses, index);
        }
        if named.how == How::Description && addresses.len() > 1 && self.is_named_beside(&addresses, index) {
            return;
        }
        if named.is_set || addresses.len() == 1 {
            for address in addresses {
                if !draft.resources.iter().any(|meant| meant.address.value == address) {
                    draft.resources.push(Meant { address: Sourced::new(address, source.clone()), is_near: named.how == How::Near });
                }
            }
            return;
        }
        let text = match draft.notes.language {
            crate::language::Language::English => format!("Which of these is `{}`?", crate::text::shown(&self.text(index))),
            crate::language::Language::Italian => format!("Quale di queste è `{}`?", crate::text::shown(&self.text(index))),
        };
        let options = addresses.into_iter().map(|address| (format!("`{address}`"), Fill::Resources(vec![address])));
        draft.ask(Question::new(Slot::Resource, text).options(options).without_default());
    }

    /// "our redis cache": what it is and what it is called.
    fn is_named_beside(&self, addresses: &std::collections::BTreeSet<Address>, index: usize) -> bool {
        let is_one_of = |other: usize| {
            let named = self.marks.get(other).and_then(|mark| mark.named());
            named.is_some_and(|named| named.how == How::Exact && named.addresses.iter().all(|address| addresses.contains(address)))
        };
        (0..self.marks.len()).any(|other| other != index && is_one_of(other))
    }

    /// Whether a word for one machine follows.
    fn speaks_of_one(&self, index: usize) -> bool {
        matches!(self.word(index + 1), "server" | "servers" | "vm" | "vms" | "machine" | "machines" | "box" | "macchina" | "macchine")
            // "il server web", "la macchina web".
            || index.checked_sub(1).is_some_and(|before| matches!(self.word(before), "server" | "vm" | "macchina" | "macchine"))
    }

    /// A blueprint, an environment or a kind that is named beside it decides between resources of one name.
    fn narrow(&self, addresses: &mut std::collections::BTreeSet<Address>, index: usize) {
        let blueprint = self.marks.iter().enumerate().find_map(|(other, mark)| (other != index).then(|| mark.blueprint()).flatten());
        let environment = self.marks.iter().find_map(|mark| mark.environment());
        let thing = self.marks.iter().find_map(|mark| mark.thing().and_then(|thing| thing.type_name()));
        let keep_if = |addresses: &mut std::collections::BTreeSet<Address>, test: &dyn Fn(&Address) -> bool| {
            if addresses.iter().any(test) {
                addresses.retain(|address| test(address));
            }
        };
        if let Some(blueprint) = blueprint {
            keep_if(addresses, &|address| address.blueprint == *blueprint);
        }
        if let Some(environment) = environment {
            keep_if(addresses, &|address| self.view.resource(environment, address).is_some());
        }
        if let Some(type_name) = thing {
            keep_if(addresses, &|address| self.view.in_scope(None, address).is_some_and(|resource| resource.type_name == type_name));
        }
    }

    /// A blueprint that is named without a resource means all its resources.
    pub(crate) fn read_whole_blueprint(&self, draft: &mut Draft) {
        if !draft.resources.is_empty() {
            return;
        }
        for index in 0..self.marks.len() {
            let Some(blueprint) = self.marks[index].blueprint().filter(|_| !self.is_used(index)) else { continue };
            self.use_mark(index);
            let source = self.source(index, index);
            let addresses = self.view.resources().into_keys().filter(|address| address.blueprint == *blueprint).cloned();
            draft.resources.extend(addresses.map(|address| Meant { address: Sourced::new(address, source.clone()), is_near: false }));
        }
    }

    /// "the same memory as web-02": the value is taken from there.
    pub(crate) fn read_same_as(&self, draft: &mut Draft) {
        if let Some((index, concept, original)) = self.same_field() {
            let address = self.marks[original].named().and_then(|named| named.addresses.first().filter(|_| named.addresses.len() == 1).cloned());
            if let (Some(address), Some(field)) = (address, self.marks[concept].concept()) {
                (index..=original).for_each(|place| self.use_mark(place));
                // "as many cores as web-01, i.e. four".
                let restated = (original + 1..self.marks.len().min(original + 6)).find(|place| self.marks[*place].quantity().is_some());
                restated.into_iter().for_each(|place| self.use_mark(place));
                // "the same memory and cpu as web-01".
                for other in (index + 1..original).filter(|other| *other != concept) {
                    if let Some(more) = self.marks[other].concept().filter(|more| *more != field) {
                        draft.wish(FieldName::Concept(more), Wanted::SameAs(address.clone()), self.source(index, original));
                    }
                }
                draft.wish(FieldName::Concept(field), Wanted::SameAs(address), self.source(index, original));
                return;
            }
        }
        let likeness = self.verbs().filter(|(_, verb)| *verb == Verb::Clone).find_map(|(index, _)| Some((index, self.original_after(index)?)));
        let Some((index, original)) = likeness else { return };
        let Some(address) = self.marks[original].named().and_then(|named| named.addresses.first().filter(|_| named.addresses.len() == 1).cloned())
        else {
            return;
        };
        // "like web-01: 4 vcpu, 8 GB": what is given is not looked up.
        let is_given = |place: usize| {
            let around = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
            around.into_iter().any(|beside| self.marks.get(beside).is_some_and(|mark| mark.quantity().is_some()))
        };
        let all = self.marks.iter().enumerate().filter_map(|(place, mark)| mark.concept().map(|concept| (place, concept)));
        let concepts: Vec<(usize, Concept)> = all.filter(|(place, _)| !is_given(*place)).collect();
        for place in [index, original] {
            self.use_mark(place);
        }
        if concepts.is_empty() && self.marks.iter().any(|mark| mark.quantity().is_some()) {
            return;
        }
        let concepts = if concepts.is_empty() { vec![(index, Concept::Cpu), (index, Concept::Memory)] } else { concepts };
        for (place, concept) in concepts {
            self.use_mark(place);
            draft.wish(FieldName::Concept(concept), Wanted::SameAs(address.clone()), self.source(index, original));
        }
    }

    /// "align web-02 with web-01", "match web-02's cores to web-01": the second is what the first shall be like. Whether it is said so.
    pub(crate) fn read_aligned(&self, draft: &mut Draft) -> bool {
        let names_before = |index: usize| self.marks[..index].iter().any(|mark| mark.named().is_some());
        let is_verb = |index: &usize| ALIGNING.contains(&self.word(*index)) || self.word(*index) == "match" && !names_before(*index);
        let Some(verb) = (0..self.marks.len()).find(is_verb) else { return false };
        let is_named = |index: usize| self.marks.get(index).is_some_and(|mark| mark.named().is_some_and(|named| named.how <= How::Alias));
        let standard = (verb + 3..self.marks.len().min(verb + 8))
            .find(|index| matches!(self.word(index - 1), "with" | "to" | "a" | "ad" | "con") && is_named(*index) && (verb..*index).any(is_named));
        let Some(standard) = standard else { return false };
        self.use_mark(verb);
        self.use_mark(standard);
        let address = self.marks[standard].named().and_then(|named| named.addresses.first().filter(|_| named.addresses.len() == 1).cloned());
        let has_values = self.marks.iter().any(|mark| mark.quantity().is_some());
        // "align web-02's memory with web-01": what is named, and nothing else.
        let is_field = |concept: &Concept| matches!(concept, Concept::Cpu | Concept::Memory | Concept::Storage | Concept::Os | Concept::Image);
        let named: Vec<Concept> = self.marks.iter().filter_map(crate::mark::Mark::concept).filter(is_field).collect();
        self.marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| mark.concept().is_some_and(|concept| is_field(&concept)))
            .for_each(|(place, _)| self.use_mark(place));
        let fields = if named.is_empty() { vec![Concept::Cpu, Concept::Memory] } else { named };
        for concept in fields.into_iter().filter(|_| !has_values) {
            if let Some(address) = &address {
                draft.wish(FieldName::Concept(concept), Wanted::SameAs(address.clone()), self.source(verb, standard));
            }
        }
        true
    }

    /// "the same memory as web-01", "as much memory as web-01", "la stessa memoria di web-01": where it begins, the field and the resource.
    fn same_field(&self) -> Option<(usize, usize, usize)> {
        let begins = |index: &usize| match self.word(*index) {
            "same" | "stesso" | "stessa" | "stessi" | "stesse" | "medesimo" | "medesima" | "medesimi" | "medesime" | "identica" | "pari" => true,
            "as" => matches!(self.marks.get(index + 1).map(|_| self.word(index + 1)), Some("much" | "many")),
            _ => false,
        };
        let index = (0..self.marks.len()).find(begins)?;
        let concept = (index + 1..self.marks.len()).take(4).find(|place| self.marks[*place].concept().is_some())?;
        // "memory and cpu as": the last of them is joined.
        let is_row = |place: usize| {
            matches!(self.word(place), "and" | "e" | "ed" | ",") && self.marks.get(place + 1).is_some_and(|mark| mark.concept().is_some())
        };
        let concept = std::iter::successors(Some(concept), |last| is_row(last + 1).then_some(last + 2)).last().unwrap_or(concept);
        let joined =
            self.marks.get(concept + 1).is_some_and(|_| matches!(self.word(concept + 1), "as" | "of" | "di" | "del" | "della" | "come" | "che"));
        // "up to the same ram web-01 has".
        let is_owner = self.marks.get(concept + 1).is_some_and(|mark| mark.named().is_some())
            && matches!(self.word(concept + 2), "has" | "have" | "got" | "ha" | "uses" | "gets");
        if is_owner {
            self.use_mark(concept + 2);
            return Some((index, concept, concept + 1));
        }
        let original = (concept + 2..self.marks.len()).take(2).find(|place| self.marks[*place].named().is_some())?;
        joined.then_some((index, concept, original))
    }

    /// The resource that is copied.
    pub(crate) fn read_original(&self, draft: &mut Draft) {
        let after = self.verbs().filter(|(_, verb)| *verb == Verb::Clone).find_map(|(index, _)| self.original_after(index));
        let any = || (0..self.marks.len()).find(|index| self.marks[*index].named().is_some());
        match after.or_else(any) {
            Some(index) => {
                self.use_mark(index);
                if let Some(named) = self.marks[index].named() {
                    let mut named = named.clone();
                    // "another cache container like the existing tools.cache": the same once more.
                    let is_again = |other: &usize| {
                        self.marks[*other].named().is_some_and(|again| again.how <= crate::names::How::Alias && again.addresses == named.addresses)
                    };
                    (0..self.marks.len()).filter(is_again).for_each(|other| self.use_mark(other));
                    // A set is copied by one more of its members.
                    if let (true, Some(last)) = (named.is_set, named.addresses.last().cloned()) {
                        named = Named { addresses: [last].into(), how: named.how, is_set: false };
                    }
                    self.mean(draft, named, index);
                }
            }
            None => self.read_near(draft),
        }
    }

    /// The environments that are named, where they say where a change holds.
    pub(crate) fn scope_of(names: &[core_model::Name], having: usize) -> Option<Scope> {
        match names {
            [] => None,
            [one] => Some(Scope::One(one.clone())),
            several => (several.len() == having).then_some(Scope::All),
        }
    }
}
