//! How does a request go on over several turns? Its state is data that we keep; nothing is ever read back from the thread.

use core_model::Address;
use jiff::Zoned;
use serde::{Deserialize, Serialize};

use crate::clean::{TEXT_BYTES_MAX, clean};
use crate::command::{Command, CommandName};
use crate::complete::{Stop, complete};
use crate::draft::{Draft, FieldName, Meant};
use crate::edit::edit;
use crate::language::Language;
use crate::outcome::{Change, Outcome, Refusal, RefusalReason};
use crate::question::{Fill, Question, Slot};
use crate::reading::{self, Reply};
use crate::source::{Source, Sourced};
use crate::summary;
use crate::token::Words;
use crate::view::View;

/// The format of [`Conversation`]; another one is not read.
const VERSION: u32 = 1;
/// After so many questions a person writes the change by hand.
const QUESTIONS_MAX: u32 = 6;
/// The most names that are listed where none was understood.
const NAMES_MAX: usize = 40;

/// A text by an author whose permission was checked.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// As written, Markdown and all.
    pub text: &'a str,
    /// When it was written, in the author's or the environment's time zone: "yesterday" depends on it.
    pub now: &'a Zoned,
    /// What the pull request that is commented on does: "it" means its resources.
    pub about: Option<&'a Command>,
}

/// What an unanswered question leaves behind. Serialised by the caller, and shown to nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    version: u32,
    draft: Draft,
    question: Question,
    /// How many questions were asked.
    asked: u32,
    /// The last answer was not understood; a second one ends it.
    is_second_try: bool,
}

impl Conversation {
    /// From what [`Conversation::to_json`] gave. `None` for another version or a damaged text: the request starts over.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|conversation: &Self| conversation.version == VERSION)
    }

    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a conversation is made of texts, numbers and lists")
    }

    /// The language of the author.
    pub fn language(&self) -> Language {
        self.draft.notes.language
    }

    /// The question that waits for its answer.
    pub fn question(&self) -> &Question {
        &self.question
    }
}

/// What one text led to; with a question there is a conversation to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    pub outcome: Outcome,
    pub conversation: Option<Conversation>,
}

impl Turn {
    fn end(outcome: Outcome) -> Self {
        Self { outcome, conversation: None }
    }

    fn refuse(refusal: Refusal) -> Self {
        Self::end(Outcome::Refusal(refusal))
    }
}

/// Reads a request.
pub fn read(request: &Request<'_>, view: &View<'_>) -> Turn {
    read_turn(request, view, 0)
}

fn read_turn(request: &Request<'_>, view: &View<'_>, asked: u32) -> Turn {
    if request.text.len() > TEXT_BYTES_MAX {
        return Turn::refuse(reading::refuse(RefusalReason::TooLong, Language::English));
    }
    if let Some(error) = view.errors().next() {
        let text = format!("The repository does not load, so nothing can be proposed: {}", error.detail);
        return Turn::refuse(Refusal { reason: RefusalReason::Repository, text });
    }
    let clean = clean(request.text);
    let words = Words::new(&clean, request.text, asked);
    match reading::read(&clean, &words, view, request.now) {
        Ok(mut draft) => {
            take_up(&mut draft, request.about);
            go_on(draft, asked, view)
        }
        Err(refusal) => Turn::refuse(refusal),
    }
}

/// Reads the answer to a question.
pub fn answer(conversation: Conversation, reply: &Request<'_>, view: &View<'_>) -> Turn {
    let Conversation { mut draft, question, asked, is_second_try, .. } = conversation;
    let language = draft.notes.language;
    if reply.text.len() > TEXT_BYTES_MAX {
        return Turn::refuse(reading::refuse(RefusalReason::TooLong, language));
    }
    match reading::reply(reply.text, asked, &question, &draft, view, reply.now) {
        Reply::Withdrawn => Turn::refuse(reading::refuse(RefusalReason::Withdrawn, language)),
        Reply::Refused(refusal) => Turn::refuse(refusal),
        Reply::Wishes(wishes) => {
            drop_pending(&mut draft, &question);
            draft.replace(wishes);
            go_on(draft, asked, view)
        }
        Reply::Filled(fills) => {
            drop_pending(&mut draft, &question);
            let mut fits = true;
            for (fill, source) in fills {
                if let Fill::Clause(clause) = &fill {
                    return read_turn(&Request { text: clause, now: reply.now, about: reply.about }, view, asked);
                }
                fits &= draft.fill(&question.slot, fill, source);
            }
            if fits { go_on(draft, asked, view) } else { again(draft, question, asked, is_second_try, view) }
        }
        Reply::Unclear => again(draft, question, asked, is_second_try, view),
    }
}

fn drop_pending(draft: &mut Draft, question: &Question) {
    if draft.pending.first() == Some(question) {
        draft.pending.remove(0);
    }
}

/// The same question once more; after that a person takes over.
fn again(draft: Draft, question: Question, asked: u32, is_second_try: bool, view: &View<'_>) -> Turn {
    if is_second_try && question.slot == Slot::Resource {
        let names: std::collections::BTreeSet<&str> = view.resources().into_keys().map(|address| address.resource.as_str()).collect();
        let listed = names.into_iter().take(NAMES_MAX).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let text = match draft.notes.language {
            Language::English => format!("I found no such resource. There are: {listed}. Please open a new request with one of these names."),
            Language::Italian => format!("Non trovo una risorsa così. Ci sono: {listed}. Apri una nuova richiesta con uno di questi nomi."),
        };
        return Turn::refuse(Refusal { reason: RefusalReason::NotUnderstood, text });
    }
    if is_second_try {
        let text = draft.notes.language.choose(
            "I did not understand the answers. Please write the change into the blueprint, or open a new request.",
            "Non ho capito le risposte. Scrivi la modifica nel blueprint, o apri una nuova richiesta.",
        );
        return Turn::refuse(Refusal { reason: RefusalReason::NotUnderstood, text: text.to_owned() });
    }
    let conversation = Conversation { version: VERSION, draft, question: question.clone(), asked, is_second_try: true };
    Turn { outcome: Outcome::Question(question), conversation: Some(conversation) }
}

/// Completes what is known, or asks for what is missing.
pub(crate) fn go_on(mut draft: Draft, asked: u32, view: &View<'_>) -> Turn {
    match complete(&mut draft, view) {
        Ok(command) => Turn::end(carry_out_draft(command, draft, view)),
        Err(Stop::Refuse(refusal)) => Turn::refuse(refusal),
        Err(Stop::Ask(_)) if asked >= QUESTIONS_MAX => {
            let text = draft.notes.language.choose(
                "That takes more questions than it is worth; please write the change by hand.",
                "Servirebbero troppe domande; scrivi la modifica a mano.",
            );
            Turn::refuse(Refusal { reason: RefusalReason::NotUnderstood, text: text.to_owned() })
        }
        Err(Stop::Ask(mut question)) => {
            if let Some(refusal) = refused_anyway(&draft, &question, view) {
                return Turn::refuse(refusal);
            }
            if question.slot == Slot::Confirmation {
                let done = what_would_be_done(&draft, view);
                let rest = draft.notes.language.choose(" I will then ask for what is missing.", " Poi chiederò quello che manca.");
                question.text.push_str(if done.is_empty() { rest } else { &done });
                if let Some(first) = draft.pending.first_mut().filter(|pending| pending.slot == Slot::Confirmation) {
                    first.text.clone_from(&question.text);
                }
            }
            let conversation = Conversation { version: VERSION, draft, question: (*question).clone(), asked: asked + 1, is_second_try: false };
            Turn { outcome: Outcome::Question(*question), conversation: Some(conversation) }
        }
    }
}

/// What cannot be done whatever the author answers is not asked about: "delete db", where others need it in every environment.
fn refused_anyway(draft: &Draft, question: &Question, view: &View<'_>) -> Option<Refusal> {
    let mut known = draft.clone();
    known.is_confirmed = true;
    known.pending.retain(|pending| pending.slot != Slot::Confirmation);
    let answered = |fill: &Fill| {
        let mut answered = known.clone();
        answered.fill(&question.slot, fill.clone(), Source::rule("")).then_some(answered)
    };
    let drafts: Vec<Draft> = match question.slot {
        Slot::Confirmation => vec![known.clone()],
        Slot::Environment => question.options.iter().filter_map(|option| answered(&option.fill)).collect(),
        _ => Vec::new(),
    };
    let refusal = |mut draft: Draft| match complete(&mut draft, view) {
        Ok(Command::RollBack(_) | Command::Explain(_) | Command::Status(_) | Command::WhoChanged(_)) => None,
        Ok(command) => edit(&command, view, draft.notes.language).err(),
        Err(Stop::Refuse(refusal)) => Some(refusal),
        Err(Stop::Ask(question)) if question.slot == Slot::Environment => refused_anyway(&draft, &question, view),
        Err(Stop::Ask(_)) => None,
    };
    let refusals: Option<Vec<Refusal>> = drafts.into_iter().filter(|draft| draft.pending.is_empty()).map(refusal).collect();
    refusals?.into_iter().next()
}

/// What the command would be if the author says yes.
fn what_would_be_done(draft: &Draft, view: &View<'_>) -> String {
    let mut confirmed = draft.clone();
    confirmed.pending.clear();
    confirmed.is_confirmed = true;
    let Ok(command) = complete(&mut confirmed, view) else { return String::new() };
    let slots = summary::slots(&command).into_iter().map(|(name, slot)| format!("{name} {}", slot.value)).collect::<Vec<_>>().join(", ");
    let summary = summary::summary(&command, draft.notes.language);
    if slots.is_empty() { format!(" {summary}.") } else { format!(" {summary}: {slots}") }
}

fn carry_out_draft(command: Command, draft: Draft, view: &View<'_>) -> Outcome {
    let notes = draft.notes;
    match command {
        Command::RollBack(roll_back) => Outcome::RollBack(Box::new(roll_back), notes),
        command @ (Command::Explain(_) | Command::Status(_) | Command::WhoChanged(_)) => Outcome::Answer(Box::new(command), notes),
        command => match edit(&command, view, notes.language) {
            Err(refusal) => Outcome::Refusal(refusal),
            Ok(edited) => {
                let mut notes = notes;
                notes.assumptions.extend(edited.assumptions);
                Outcome::Change(Box::new(Change {
                    slots: summary::slots(&command),
                    summary: summary::summary(&command, notes.language),
                    undo: summary::undo(notes.language).to_owned(),
                    edits: edited.edits,
                    command,
                    notes,
                }))
            }
        },
    }
}

/// Carries out a command that is complete already, from a form or a stored request. The same checks as for any other.
pub fn carry_out(command: Command, language: Language, view: &View<'_>) -> Outcome {
    let mut draft = Draft::new(Sourced::new(command.name(), Source::rule("a complete command")));
    draft.notes.language = language;
    carry_out_draft(command, draft, view)
}

/// "make it 16 GB" on a pull request: its resources, and its field if it has only one.
fn take_up(draft: &mut Draft, about: Option<&Command>) {
    let Some(command) = about else { return };
    let (addresses, settings): (Vec<Address>, &[crate::command::Setting]) = match command {
        Command::Update(update) => (update.resources.iter().map(|meant| meant.value.clone()).collect(), &update.settings),
        Command::Create(create) => {
            let addresses = create.names.iter().map(|name| Address::new(create.blueprint.value.clone(), name.value.clone()));
            (addresses.collect(), &create.settings)
        }
        _ => return,
    };
    let takes_resources = matches!(draft.command.value, CommandName::Update | CommandName::Delete | CommandName::Power);
    // What was named and not found, or found twice, is asked about; it is not what the pull request is about.
    let is_asked = draft.pending.iter().any(|question| question.slot == Slot::Resource);
    if !takes_resources || is_asked || !draft.resources.is_empty() {
        return;
    }
    let rule = Source::rule(draft.notes.language.choose("what this pull request is about", "ciò di cui tratta questa pull request"));
    draft.resources = addresses.into_iter().map(|address| Meant { address: Sourced::new(address, rule.clone()), is_near: false }).collect();
    if let ([only], [wish]) = (settings, draft.wishes.as_mut_slice())
        && let Some(placed) = wish.wanted.value.placed()
    {
        wish.field = FieldName::Path(only.path.clone());
        wish.wanted.value = placed;
    }
}

impl Draft {
    /// A wish from an answer takes the place of one for the same field that was not clear.
    fn replace(&mut self, wishes: Vec<crate::draft::Wish>) {
        let paths = |field: &FieldName| match field {
            FieldName::Path(path) => vec![path.clone()],
            FieldName::Concept(concept) => concept.paths().iter().map(|path| (*path).to_owned()).collect(),
        };
        // "1 core, 1gb, 10gb": two sizes without a field do not replace each other.
        let own: Vec<String> = wishes.iter().flat_map(|wish| paths(&wish.field)).collect();
        self.wishes.retain(|other| paths(&other.field).iter().all(|path| !own.contains(path)) && paths(&other.field) != ["specs"]);
        self.wishes.extend(wishes);
    }
}
