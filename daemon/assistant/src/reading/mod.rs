//! What does the text ask for? Words become a draft of a command; nothing is guessed, and what is not read is said.

mod adoption;
mod amounts;
mod asked_fields;
mod background;
mod beside;
mod clauses;
mod corrections;
mod creation;
mod denied;
mod directions;
mod doubts;
mod environment_copies;
mod environments;
mod features;
mod former;
mod going_back;
mod guards;
mod hearsay;
mod intent;
mod kept;
mod kept_environments;
mod labels;
mod leftovers;
mod likeness;
mod lists;
mod met_by_wish;
mod naming;
mod neighbours;
mod new_names;
mod new_things;
mod orders;
mod other_products;
mod packages;
mod port_pairs;
mod ports;
mod power;
mod present;
mod queries;
mod query_slots;
mod renamed_items;
mod replaced_items;
mod replaced_ports;
mod reply;
mod resources;
mod restarts;
mod rows;
mod scaling;
mod statements;
mod talk;
mod templates;
mod told_facts;
mod values;
mod variables;
mod waiting;
mod whole_lists;

use std::cell::{OnceCell, RefCell};

use jiff::Zoned;

use crate::clean::Clean;
use crate::command::{CommandName, PowerState};
use crate::draft::Draft;
use crate::language::language;
use crate::lexicon::Verb;
use crate::mark::{Mark, Meaning, marks};
use crate::outcome::{Refusal, RefusalReason};
use crate::source::Sourced;
use crate::token::Words;
use crate::view::View;

pub(crate) use environments::choose_environment;
pub(crate) use guards::{refusal, refuse};
pub(crate) use naming::NEW_RESOURCES_MAX;
pub(crate) use reply::{Reply, reply};

/// A text with everything its words may mean, and which of them were used.
pub(crate) struct Reader<'a> {
    pub(crate) view: &'a View<'a>,
    pub(crate) words: &'a Words<'a>,
    pub(crate) marks: Vec<Mark>,
    used: RefCell<Vec<bool>>,
    /// The order for something grave, with its parts; looked for once.
    order: OnceCell<Option<orders::Order>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(words: &'a Words<'a>, view: &'a View<'a>, now: &Zoned) -> Self {
        let marks = marks(words, view, now);
        let used = RefCell::new(vec![false; marks.len()]);
        let mut reader = Self { view, words, marks, used, order: OnceCell::new() };
        reader.drop_lines_of_people();
        reader.drop_neighbours();
        reader.complete_names();
        reader.drop_numbers_of_releases();
        reader.drop_environments_that_stay();
        reader.drop_descriptions_of_names();
        reader.drop_numbers_of_tickets();
        reader.drop_what_is_corrected();
        reader.drop_what_it_is_not();
        reader.drop_who_is_left_out();
        reader
    }

    /// Without the parts that only tell, where what is left is a change that can be taken back.
    fn in_front(self) -> Self {
        if self.between_environments().is_some() {
            return self;
        }
        let mut front = Self { view: self.view, words: self.words, marks: self.marks.clone(), used: self.used.clone(), order: OnceCell::new() };
        // "torniamo a stamattina alle 8:30, si è rotto qualcosa col deploy": what is ordered at once is no background.
        let is_back = self.intent().is_some_and(|(command, index)| {
            let begins = self.marks[..index].iter().all(|mark| mark.is(&Meaning::Ignored) || mark.is(&Meaning::Punctuation));
            command == CommandName::RollBack && begins && self.marks.iter().any(|mark| mark.past().is_some())
        });
        if is_back {
            return self;
        }
        let is_change = |command| matches!(command, CommandName::Create | CommandName::Update | CommandName::Clone | CommandName::Scale);
        let is_query = |command| matches!(command, CommandName::Explain | CommandName::Status | CommandName::WhoChanged);
        // "which redis is cache running, I need to match the client".
        let asks = self.intent().is_some_and(|(command, _)| command == CommandName::WhoChanged)
            || (self.words.tokens.iter().any(|token| token.fold == "?") || self.only_asks())
                && self.intent().is_some_and(|(command, _)| is_query(command));
        let has_background = !asks && front.drop_background();
        if has_background && front.intent().is_some_and(|(command, _)| is_change(command)) { front } else { self }
    }

    pub(crate) fn use_mark(&self, index: usize) {
        if let Some(used) = self.used.borrow_mut().get_mut(index) {
            *used = true;
        }
    }

    pub(crate) fn is_used(&self, index: usize) -> bool {
        self.used.borrow().get(index).copied().unwrap_or(true)
    }

    pub(crate) fn source(&self, from: usize, to: usize) -> crate::source::Source {
        let (Some(first), Some(last)) = (self.marks.get(from), self.marks.get(to)) else { return self.words.source(0, 0) };
        self.words.source(first.from, last.to)
    }

    /// The folded first word of a mark that may instruct.
    pub(crate) fn word(&self, index: usize) -> &str {
        self.marks.get(index).filter(|mark| !mark.is(&Meaning::Background)).map_or("", |mark| self.words.word(mark.from))
    }

    /// The words of a mark as written.
    pub(crate) fn text(&self, index: usize) -> String {
        self.marks
            .get(index)
            .map(|mark| self.words.tokens[mark.from..mark.to].iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    }

    pub(crate) fn is_data(&self, index: usize) -> bool {
        self.marks.get(index).is_some_and(|mark| self.words.tokens[mark.from].is_data)
    }

    /// Whether a sentence or a part of it ends at a mark.
    pub(crate) fn is_break(&self, index: usize) -> bool {
        self.marks.get(index).is_none_or(|mark| mark.is(&Meaning::Punctuation) && self.words.tokens[mark.from].ends_sentence())
    }

    /// The verbs in their order.
    pub(crate) fn verbs(&self) -> impl Iterator<Item = (usize, Verb)> {
        self.marks.iter().enumerate().filter_map(|(index, mark)| mark.verb().map(|verb| (index, verb)))
    }

    pub(crate) fn has(&self, wanted: Verb) -> Option<usize> {
        self.verbs().find(|(_, verb)| *verb == wanted).map(|(index, _)| index)
    }

    pub(crate) fn use_verbs(&self, wanted: &[Verb]) {
        for (index, verb) in self.verbs() {
            // In Italian "porta" is a port, too.
            if wanted.contains(&verb) && self.marks[index].concept() != Some(crate::lexicon::Concept::Ports) {
                self.use_mark(index);
            }
        }
    }
}

/// Reads a request. The caller has bounded its length.
pub(crate) fn read(clean: &Clean, words: &Words<'_>, view: &View<'_>, now: &Zoned) -> Result<Draft, Refusal> {
    let language = language(words);
    if let Some(refusal) = refusal(words, language) {
        return Err(refusal);
    }
    let reader = Reader::new(words, view, now).in_front();
    let names_something =
        reader.marks.iter().any(|mark| mark.named().is_some() || mark.thing().is_some() || mark.image().is_some() || mark.environment().is_some());
    if !names_something && guards::has_other_subject(words) {
        return Err(refuse(RefusalReason::OtherSubject, language));
    }
    if reader.is_left_alone() {
        return Err(refuse(RefusalReason::Withdrawn, language));
    }
    let Some((command, index)) = reader.intent().filter(|(command, _)| reader.is_about_something(*command)) else {
        return Err(Refusal { reason: RefusalReason::NotUnderstood, text: not_understood(language) });
    };
    let mut draft = Draft::new(Sourced::new(command, reader.source(index, index)));
    draft.notes.language = language;
    draft.notes.asides = clean.asides.iter().copied().collect();
    reader.fill(&mut draft);
    reader.leftovers(&mut draft)?;
    Ok(draft)
}

fn not_understood(language: crate::language::Language) -> String {
    language
        .choose(
            "I could not read what shall be done. Name a resource and what it shall be, for example: give web-01 16 GB of memory.",
            "Non ho capito che cosa va fatto. Indica una risorsa e che cosa deve diventare, per esempio: dai 16 GB di memoria a web-01.",
        )
        .to_owned()
}

impl Reader<'_> {
    /// Fills the slots of the command that was recognised.
    pub(crate) fn fill(&self, draft: &mut Draft) {
        match draft.command.value {
            CommandName::Create => self.fill_create(draft),
            CommandName::Update => self.fill_update(draft),
            CommandName::Scale => self.fill_scale(draft),
            CommandName::Delete => self.fill_plain(draft, &[Verb::Delete, Verb::Remove, Verb::PowerOff]),
            CommandName::Clone => self.fill_clone(draft),
            CommandName::CloneEnvironment => self.fill_clone_environment(draft),
            CommandName::Power => self.fill_power(draft),
            CommandName::RollBack => self.fill_roll_back(draft),
            CommandName::Adopt => self.fill_adopt(draft),
            CommandName::Promote => self.fill_promote(draft),
            CommandName::Explain | CommandName::Status | CommandName::WhoChanged => self.fill_query(draft),
        }
    }

    fn fill_create(&self, draft: &mut Draft) {
        // "the boards on line 4 need a server of their own" is one server.
        self.drop_counts_of_wishes();
        self.use_verbs(&[
            Verb::Create,
            Verb::Want,
            Verb::Add,
            Verb::Set,
            Verb::Install,
            Verb::Publish,
            Verb::Connect,
            Verb::Name,
            Verb::PowerOn,
            Verb::Move,
        ]);
        // Systems, nodes and policies look like names: "debian-12", "pve2", "unless-stopped".
        self.read_systems(draft);
        self.read_known_node(draft);
        self.read_restart(draft);
        self.read_template(draft);
        self.read_thing(draft);
        self.read_installed(draft);
        self.read_dns(draft);
        self.read_new_address(draft);
        if draft.names.is_empty() {
            self.read_names(draft);
        }
        self.use_count_of_names(draft);
        self.ask_how_many(draft);
        // "set MEILI_ENV to production": a value that is called like an environment.
        self.read_variables(draft);
        self.read_environments(draft);
        self.read_blueprint(draft);
        self.read_links(draft);
        self.read_values(draft);
        self.lead_to_inner_port(draft);
        self.read_amounts(draft);
        self.drop_ends_of_addresses(draft);
    }

    fn fill_update(&self, draft: &mut Draft) {
        self.use_verbs(&[
            Verb::Set,
            Verb::Increase,
            Verb::Decrease,
            Verb::Add,
            Verb::Remove,
            Verb::Want,
            Verb::Move,
            Verb::Install,
            Verb::Publish,
            Verb::Delete,
            Verb::Scale,
            Verb::Connect,
            // "bring it back to 8GB", "deploy grafana 11.3.0".
            Verb::RollBack,
            Verb::Create,
        ]);
        if !self.read_aligned(draft) {
            self.read_same_as(draft);
        }
        self.read_list_words(draft);
        self.read_variables(draft);
        self.read_resources(draft);
        self.read_environments(draft);
        self.drop_present_values(draft);
        self.read_replaced_port(draft);
        self.drop_former_amounts();
        self.read_links(draft);
        self.read_values(draft);
        self.lead_to_inner_port(draft);
        self.read_packages(draft);
        self.read_amounts(draft);
        self.drop_present_links(draft);
    }

    fn fill_scale(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::Scale, Verb::Want, Verb::Add, Verb::Set, Verb::Increase, Verb::Decrease, Verb::Create, Verb::Remove, Verb::Delete]);
        self.read_resources(draft);
        self.read_environments(draft);
        // "6 instances instead of 2".
        self.drop_former_amounts();
        self.read_count(draft);
        self.use_things();
    }

    /// A command whose only slots are resources and an environment.
    fn fill_plain(&self, draft: &mut Draft, verbs: &[Verb]) {
        self.use_verbs(verbs);
        // "have cache-dev deleted".
        let has = |index: usize| self.marks[index].verb() == Some(Verb::Set) && matches!(self.word(index), "have" | "get");
        (0..self.marks.len()).filter(|index| has(*index)).for_each(|index| self.use_mark(index));
        // "the dev mailpit should be deleted".
        let is_being = |index: usize| {
            let mark = &self.marks[index];
            let next = (index + 1..self.marks.len().min(index + 3)).find(|next| !self.marks[*next].is(&crate::mark::Meaning::Ignored));
            let is_order = next.is_some_and(|next| self.order().is_some_and(|order| order.verb == next));
            mark.verb() == Some(Verb::Set) && self.words.word(mark.to - 1) == "be" && is_order
        };
        (0..self.marks.len()).filter(|index| is_being(*index)).for_each(|index| self.use_mark(index));
        self.use_words_beside_objects(draft);
        self.read_resources(draft);
        self.use_places_of_others(draft);
        self.read_environments(draft);
        self.use_things();
    }

    fn fill_clone(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::Clone, Verb::Create, Verb::Want, Verb::Add, Verb::Set, Verb::Name, Verb::Scale]);
        self.read_original(draft);
        self.read_names(draft);
        self.read_environments(draft);
        self.read_clone_count(draft);
        self.use_things();
        // "published on 3001 rather than 3000".
        self.drop_former_amounts();
        self.read_links(draft);
        self.read_values(draft);
        self.read_amounts(draft);
        self.drop_system_of_original(draft);
        self.drop_ends_of_addresses(draft);
        self.give_copy_its_port(draft);
    }

    fn fill_clone_environment(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::Clone, Verb::Create, Verb::Want, Verb::Set, Verb::Add]);
        self.read_pair_of_environments(draft);
        self.read_share(draft);
        self.use_things();
        (0..self.marks.len()).filter(|index| ENTIRE.contains(&self.word(*index))).for_each(|index| self.use_mark(index));
    }

    fn fill_power(&self, draft: &mut Draft) {
        let state = self.verbs().find_map(|(index, verb)| {
            let state = match verb {
                Verb::PowerOn => PowerState::On,
                Verb::PowerOff => PowerState::Off,
                Verb::PowerCycle => PowerState::Cycle,
                _ => return None,
            };
            Some((index, state))
        });
        let by_word = || (0..self.marks.len()).find_map(|index| Some((index, power_word(self.word(index))?)));
        let split = (0..self.marks.len()).find_map(|index| self.switches(index).map(|(place, state)| (index, place, state)));
        if let Some((index, place, state)) = split {
            draft.power = Some(Sourced::new(state, self.source(index, place)));
            (index..=place).filter(|between| self.marks[*between].named().is_none()).for_each(|between| self.use_mark(between));
        } else if let Some((index, state)) = state.or_else(by_word) {
            draft.power = Some(Sourced::new(state, self.source(index, index)));
        }
        for index in 0..self.marks.len() {
            let is_again = matches!(self.word(index), "back" | "again" | "di" | "nuovo") && self.marks[index].is(&Meaning::Other);
            if is_again || self.marks[index].concept() == Some(crate::lexicon::Concept::Power) || power_word(self.word(index)).is_some() {
                self.use_mark(index);
            }
        }
        self.fill_plain(draft, &[Verb::PowerOn, Verb::PowerOff, Verb::PowerCycle, Verb::Set]);
    }

    fn fill_promote(&self, draft: &mut Draft) {
        self.use_verbs(&[Verb::Promote, Verb::Set, Verb::Move, Verb::Clone, Verb::Status]);
        self.read_pair_of_environments(draft);
        self.read_resources(draft);
        self.read_whole_blueprint(draft);
        self.use_things();
    }

    /// "smaller" is half, unless a factor is given.
    /// Words for kinds of things say nothing more once the resource is known.
    fn use_things(&self) {
        for (index, mark) in self.marks.iter().enumerate() {
            if mark.thing().is_some() {
                self.use_mark(index);
            }
        }
    }
}

/// How large a copy is, or how exact.
#[rustfmt::skip]
const ENTIRE: &[&str] = &["full-size", "fullsize", "full", "full-scale", "whole", "entire", "complete", "identical", "exact", "exactly", "faithful", "scaled-down", "scaled", "down", "half-size", "quarter-size", "pocket", "tascabile", "formato", "risorse", "potenza", "intera", "intero", "piena", "pieno", "scala", "completa", "fedele", "identica", "identico", "dimensione", "grandezza", "specchio", "set-up", "layout", "assetto", "medesime", "medesima", "dimensioni", "mantenendo", "keeping", "goal"];

fn power_word(word: &str) -> Option<PowerState> {
    match word {
        "on" | "acceso" | "accesa" | "accesi" => Some(PowerState::On),
        "off" | "spento" | "spenta" | "spenti" => Some(PowerState::Off),
        _ => None,
    }
}
