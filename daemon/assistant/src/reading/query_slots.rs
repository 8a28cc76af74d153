//! What does a question ask about? Its resources, its field, its environment and its time.

use crate::command::CommandName;
use crate::draft::{Draft, FieldName, Wanted};
use crate::lexicon::{CONCEPTS, Concept, Thing, phrase_at};
use crate::quantity::Quantity;
use crate::source::Sourced;

use super::Reader;

impl Reader<'_> {
    pub(crate) fn fill_query(&self, draft: &mut Draft) {
        // "what runs on pve2": a node is no name that is missing.
        (0..self.marks.len()).filter(|index| self.is_node(*index)).for_each(|index| self.use_mark(index));
        if let Some((index, address)) = self.only_of_kind().filter(|_| self.marks.iter().all(|mark| mark.named().is_none())) {
            let named = crate::names::Named { addresses: [address].into(), how: crate::names::How::Description, is_set: false };
            self.use_mark(index);
            self.mean(draft, named, index);
        }
        self.read_networks_asked(draft);
        self.use_what_is_only_told();
        self.read_resources(draft);
        self.read_whole_blueprint(draft);
        self.read_environments(draft);
        // What is asked stands behind the word that asks; before it may be why.
        let start = self.asking_word().unwrap_or(0);
        for index in (start..self.marks.len()).chain(0..start) {
            let mark = &self.marks[index];
            if let Some(past) = mark.past().filter(|_| draft.past.is_none()) {
                draft.past = Some(Sourced::new(past.clone(), self.source(index, index)));
            }
            if let Some(field) = self.field_asked(index).filter(|_| draft.wishes.is_empty() && self.is_of_what_changed(index, draft.command.value)) {
                draft.wish(field, Wanted::Unsaid, self.source(index, index));
            }
            self.use_mark(index);
        }
    }

    /// "on which network does web-02 sit, lan or dmz?", "is web-02 on the lan?": the networks are answers, and what is asked of is another.
    fn read_networks_asked(&self, draft: &mut Draft) {
        let is_named = |index: usize| self.marks[index].named().is_some_and(|named| named.how <= crate::names::How::Alias);
        let networks: Vec<usize> = (0..self.marks.len()).filter(|index| is_named(*index) && self.is_network(*index)).collect();
        let names_other = (0..self.marks.len()).any(|index| is_named(index) && !self.is_network(index));
        let (Some(first), true) = (networks.first().copied(), names_other && draft.command.value != CommandName::WhoChanged) else { return };
        networks.iter().for_each(|index| self.use_mark(*index));
        if draft.wishes.is_empty() {
            draft.wish(FieldName::Concept(Concept::Networks), Wanted::Unsaid, self.source(first, first));
        }
    }

    /// "..., perché devo scriverlo nella relazione": places in the reason of a question are none that it asks about.
    fn use_what_is_only_told(&self) {
        let start = self.asking_word().unwrap_or(0);
        let reason = (start + 1..self.marks.len()).find(|index| self.introduces_reason(*index));
        let names_before = |reason: usize| self.marks[..reason].iter().any(|mark| mark.named().is_some() || mark.environment().is_some());
        let Some(reason) = reason.filter(|reason| names_before(*reason)) else { return };
        (reason..self.marks.len()).filter(|index| self.marks[*index].environment().is_some()).for_each(|index| self.use_mark(index));
    }

    /// "who was the last to edit build-01, the CPU count is not what I remember": why it is asked, where the question names its object.
    fn is_of_what_changed(&self, index: usize, command: CommandName) -> bool {
        let part = |index: usize| (0..index).filter(|place| self.is_break(*place) || self.word(*place) == ",").count();
        let Some((_, asked)) = self.who_changed().filter(|_| command == CommandName::WhoChanged) else { return true };
        let names_object = (0..self.marks.len()).any(|other| part(other) == part(asked) && self.marks[other].named().is_some());
        !names_object || part(index) == part(asked)
    }

    /// "what redis is cache on", "che debian c'è sulla build-01": the version of what is named so.
    pub(super) fn product_asked(&self, index: usize) -> Option<Concept> {
        let mark = &self.marks[index];
        let before = mark.from.checked_sub(1)?;
        if !matches!(self.words.word(before), "what" | "which" | "che" | "quale" | "whats") {
            return None;
        }
        let is_system = super::values::is_system(self.words.word(mark.from));
        if is_system { Some(Concept::Os) } else { mark.product().map(|_| Concept::Image) }
    }

    /// "is build-01 debian or ubuntu?", "does web-02 run ubuntu?"
    pub(super) fn is_system_asked(&self, index: usize) -> bool {
        let opens = matches!(self.words.word(0), "is" | "are" | "does" | "has" | "e" | "ha" | "gira");
        let asks = self.words.tokens.iter().any(|token| token.fold == "?");
        let mark = &self.marks[index];
        // "web-01 monta ubuntu o debian?"
        let is_system = |place: usize| super::values::is_system(self.words.word(place));
        let is_choice = matches!(self.words.word(mark.to), "or" | "o") && is_system(mark.to + 1);
        let opens = opens || is_choice;
        opens && asks && mark.named().is_none() && super::values::is_system(self.words.word(mark.from))
    }

    /// The field that a mark names: by its concept, its path, or as a variable.
    fn field_asked(&self, index: usize) -> Option<FieldName> {
        let mark = &self.marks[index];
        let fold = self.words.fold(mark.from);
        if fold.starts_with("specs.") || fold.starts_with("metadata.") {
            return Some(FieldName::Path(fold.to_owned()));
        }
        if let Some((key, last)) = self.known_variable(index).filter(|_| !self.is_variable(index)) {
            (index..=last).for_each(|place| self.use_mark(place));
            return Some(FieldName::Path(format!("specs.env.{key}")));
        }
        if self.is_variable(index) {
            return Some(FieldName::Path(format!("specs.env.{}", self.text(index))));
        }
        if self.is_system_asked(index) {
            return Some(FieldName::Concept(Concept::Os));
        }
        // "in which subnet does web-02 sit": of a machine it is the network that it is on.
        let is_of_machine = || {
            let is_other = |other: usize| self.marks[other].named().is_some_and(|named| !named.is_set) && !self.is_network(other);
            (0..self.marks.len()).any(is_other)
        };
        if mark.concept() == Some(Concept::Subnet) && is_of_machine() {
            return Some(FieldName::Concept(Concept::Networks));
        }
        // "is cache still on 7.2?"
        let is_being = || matches!(self.words.word(0), "is" | "are" | "e" | "ha" | "has");
        let names_field = || self.marks.iter().any(|mark| mark.concept().is_some() && mark.named().is_none());
        if mark.version().or(mark.image()).is_some() && mark.named().is_none() && is_being() && !names_field() {
            return Some(FieldName::Concept(Concept::Image));
        }
        // "which version", "che immagine": the words that ask name the field, too. "8 core" is an amount with its field.
        let last = || {
            let found = phrase_at(CONCEPTS, self.words, mark.to - 1).map(|(concept, _)| concept).filter(|_| mark.to > mark.from + 1);
            let is_asking = mark.verb().is_some() && matches!(found, Some(Concept::Image | Concept::Version));
            found.filter(|_| is_asking || matches!(mark.quantity(), Some(Quantity::Number(_) | Quantity::Thousandths(_))))
        };
        // "what network is web-02 on?", "where does web-01 run?"
        let is_running = || {
            (index + 1..self.marks.len()).any(|other| {
                matches!(
                    self.words.word(self.marks[other].from),
                    "run" | "runs" | "running" | "live" | "lives" | "hosted" | "gira" | "girano" | "sta" | "ospitato" | "ospitata"
                )
            })
        };
        let place = || {
            (matches!(self.words.word(mark.from), "where" | "dove") && is_running()
                || self.text(index) == "dove gira"
                || self.words.word(mark.from) == "dov" && is_running())
            .then_some(Concept::Node)
        };
        // "on which of the nodes does web-01 live".
        let nodes = || matches!(self.words.word(mark.from), "nodes" | "nodi" | "hosts" | "hypervisors").then_some(Concept::Node);
        let network = || (mark.thing() == Some(Thing::Network) && mark.named().is_none()).then_some(Concept::Networks);
        self.product_asked(index).or_else(|| mark.concept()).or_else(last).or_else(nodes).or_else(network).or_else(place).map(FieldName::Concept)
    }
}
