//! What does the author answer? An option by its number or its words, a value, yes, no, or a new wish.

use jiff::Zoned;

use crate::clean::{Clean, clean};
use crate::command::{CommandName, FieldChange, Scope};
use crate::complete::PARAMETER;
use crate::draft::{Draft, FieldName};
use crate::lexicon::{CONFIRMATIONS, DENIALS, DENYING, is_ignored, length_of};
use crate::outcome::Refusal;
use crate::question::{Choice, Fill, Question, Slot};
use crate::source::{Source, Sourced};
use crate::token::Words;
use crate::view::View;

use super::Reader;
use super::guards::refusal;

/// The longest value of a template's parameter: a line of `authorized_keys` with its comment.
const PARAMETER_CHARACTERS_MAX: usize = 1_000;

/// What an answer says.
pub(crate) enum Reply {
    Filled(Vec<(Fill, Source)>),
    /// Wishes that were read from the answer, for questions about several fields.
    Wishes(Vec<crate::draft::Wish>),
    Withdrawn,
    Refused(Refusal),
    /// It does not answer the question.
    Unclear,
}

/// Reads the answer to a question about a draft.
pub(crate) fn reply(text: &str, turn: u32, question: &Question, draft: &Draft, view: &View<'_>, now: &Zoned) -> Reply {
    let clean = clean(text);
    let words = Words::new(&clean, text, turn);
    if let Some(refusal) = refusal(&words, draft.notes.language) {
        return Reply::Refused(refusal);
    }
    let whole = words.source(0, words.tokens.iter().rposition(|token| token.fold != "\n").map_or(0, |last| last + 1));
    if let Some(choice) = chosen(&words, question) {
        return match &choice.fill {
            Fill::No => Reply::Withdrawn,
            fill => Reply::Filled(vec![(fill.clone(), whole)]),
        };
    }
    let reader = Reader::new(&words, view, now);
    if let Some(value) = parameter(question, &clean, &words) {
        return Reply::Filled(vec![(value, whole)]);
    }
    if let Some(found) = by_slot(&reader, question, draft) {
        return found;
    }
    if (0..words.tokens.len()).any(|place| DENIALS.iter().any(|phrase| length_of(phrase, &words, place).is_some())) {
        return Reply::Withdrawn;
    }
    Reply::Unclear
}

/// The option that the words choose: its number, its label, or "yes" for the default.
fn chosen<'q>(words: &Words<'_>, question: &'q Question) -> Option<&'q Choice> {
    let said: Vec<&str> = words
        .tokens
        .iter()
        .map(|token| token.fold.as_str())
        .filter(|fold| !matches!(*fold, "\n" | "." | "!" | "," | "please" | "the" | "option" | "opzione" | "number" | "numero" | "la" | "il"))
        .collect();
    if let [only] = said.as_slice() {
        let digits = only.trim_end_matches([')', '.']).trim_start_matches('#');
        let is_amount = question.slot == Slot::Count;
        if let Some(number) = digits.parse::<usize>().ok().filter(|number| *number >= 1 && !is_amount && *number <= question.options.len()) {
            return question.options.get(number - 1);
        }
    }
    if let Some(place) = ordinal(&said) {
        return question.options.get(if place == usize::MAX { question.options.len().saturating_sub(1) } else { place });
    }
    let joined = said.join(" ");
    let exact = question.options.iter().find(|choice| crate::token::fold(&choice.label.replace('`', "")) == joined);
    if exact.is_some() {
        return exact;
    }
    if confirms(words, &said, &joined) {
        return match question.slot {
            Slot::Confirmation => question.options.iter().find(|choice| choice.fill == Fill::Yes),
            _ => question.default.and_then(|place| question.options.get(place)),
        };
    }
    None
}

/// "the first one", "la seconda", "l'ultima": the place of an option.
fn ordinal(said: &[&str]) -> Option<usize> {
    let mut places = said.iter().filter(|word| !is_ignored(word)).map(|word| match *word {
        "first" | "prima" | "primo" | "1st" => Some(0),
        "second" | "seconda" | "secondo" | "2nd" => Some(1),
        "third" | "terza" | "terzo" | "3rd" => Some(2),
        "fourth" | "quarta" | "quarto" => Some(3),
        "fifth" | "quinta" | "quinto" => Some(4),
        "last" | "ultima" | "ultimo" => Some(usize::MAX),
        _ => None,
    });
    places.next().flatten().filter(|_| places.next().is_none())
}

/// "I meant the RAM": the only option that is about this field.
fn by_field(reader: &Reader<'_>, question: &Question) -> Option<Reply> {
    let is_denied = (0..reader.words.tokens.len()).any(|place| DENYING.contains(&reader.words.word(place)));
    let mut fields = reader.marks.iter().enumerate().filter_map(|(index, mark)| Some((index, mark.concept()?)));
    let (index, concept) = fields.next().filter(|_| fields.next().is_none() && !is_denied)?;
    let is_of_field = |choice: &&Choice| matches!(&choice.fill, Fill::Settings(settings) if matches!(settings.as_slice(), [(path, _)] if concept.paths().contains(&path.as_str())));
    let mut fitting = question.options.iter().filter(is_of_field);
    let choice = fitting.next().filter(|_| fitting.next().is_none())?;
    Some(Reply::Filled(vec![(choice.fill.clone(), reader.source(index, index))]))
}

/// A yes, with nothing behind it but politeness: "ok, never mind" is none.
fn confirms(words: &Words<'_>, said: &[&str], joined: &str) -> bool {
    let is_filler = |word: &&str| is_ignored(word) || CONFIRMATIONS.iter().any(|phrase| phrase.split(' ').any(|part| part == *word));
    let is_denied = said.iter().any(|word| DENYING.contains(word))
        || (0..words.tokens.len()).any(|place| DENIALS.iter().any(|phrase| length_of(phrase, words, place).is_some()));
    let begins = |phrase: &&&str| length_of(phrase, words, 0).is_some();
    let opening = CONFIRMATIONS.iter().filter(begins).map(|phrase| phrase.split(' ').count()).max();
    !is_denied && (CONFIRMATIONS.contains(&joined) || opening.is_some_and(|length| said.iter().skip(length).all(is_filler)))
}

/// The value of a template's parameter is the whole line: a key, an address, a name. A word that takes the request back is none.
fn parameter(question: &Question, clean: &Clean, words: &Words<'_>) -> Option<Fill> {
    let Slot::Field(path) = &question.slot else { return None };
    let text: String = clean.glyphs.iter().map(|glyph| glyph.character).collect();
    let text = text.trim();
    let is_value = path.starts_with(PARAMETER) && !text.is_empty() && text.chars().count() <= PARAMETER_CHARACTERS_MAX && !text.contains('\n');
    let is_denied = DENIALS.iter().any(|phrase| length_of(phrase, words, 0) == Some(words.tokens.len()));
    (is_value && !is_denied).then(|| Fill::Settings(vec![(path.clone(), FieldChange::Set(text.to_owned()))]))
}

fn by_slot(reader: &Reader<'_>, question: &Question, draft: &Draft) -> Option<Reply> {
    let mut probe = Draft::new(Sourced::new(draft.command.value, Source::rule("")));
    probe.notes.language = draft.notes.language;
    probe.thing = draft.thing.clone();
    match &question.slot {
        Slot::Environment | Slot::FromEnvironment | Slot::ToEnvironment => {
            reader.read_environments(&mut probe);
            let scope = probe.environment?;
            Some(Reply::Filled(vec![(Fill::Environment(scope.value), scope.source)]))
        }
        Slot::Resource => {
            // "cache, not the dev one": what stands behind a negation is not meant.
            let denied = (0..reader.words.tokens.len()).find(|place| DENYING.contains(&reader.words.word(*place))).unwrap_or(usize::MAX);
            (0..reader.marks.len()).filter(|index| reader.marks[*index].from >= denied).for_each(|index| reader.use_mark(index));
            reader.read_resources(&mut probe);
            let first = probe.resources.first()?.address.source.clone();
            let addresses = probe.resources.into_iter().map(|meant| meant.address.value).collect();
            let mut fills = vec![(Fill::Resources(addresses), first)];
            if let Some(index) =
                (0..reader.marks.len()).find(|index| reader.marks[*index].environment().is_some() && reader.marks[*index].from < denied)
                && let Some(name) = reader.marks[index].environment()
            {
                fills.push((Fill::Environment(Scope::One(name.clone())), reader.source(index, index)));
            }
            Some(Reply::Filled(fills))
        }
        Slot::Name => names(reader, &mut probe),
        Slot::Count => {
            reader.read_count(&mut probe);
            let count = probe.count?;
            Some(Reply::Filled(vec![(Fill::Count(count.value), count.source)]))
        }
        Slot::Past => {
            let index = (0..reader.marks.len()).find(|index| reader.marks[*index].past().is_some())?;
            Some(Reply::Filled(vec![(Fill::Past(reader.marks[index].past()?.clone()), reader.source(index, index))]))
        }
        Slot::Object => {
            let index = (0..reader.marks.len())
                .find(|index| reader.is_name_like(*index))
                .or_else(|| (0..reader.marks.len()).find(|index| !reader.is_break(*index)))?;
            Some(Reply::Filled(vec![(Fill::Object(reader.text(index)), reader.source(index, index))]))
        }
        Slot::Field(path) => field(reader, probe, path),
        Slot::Size | Slot::Command | Slot::Provider => {
            let probe = wishes(reader, probe);
            if probe.wishes.is_empty() { by_field(reader, question) } else { Some(Reply::Wishes(probe.wishes)) }
        }
        Slot::Confirmation | Slot::Order => None,
    }
}

fn names(reader: &Reader<'_>, probe: &mut Draft) -> Option<Reply> {
    probe.command.value = CommandName::Create;
    reader.read_names(probe);
    if let Some(name) = probe.names.first() {
        let source = name.source.clone();
        return Some(Reply::Filled(vec![(Fill::Names(probe.names.iter().map(|name| name.value.clone()).collect()), source)]));
    }
    let free = (0..reader.marks.len()).filter(|index| !reader.is_break(*index) && !reader.marks[*index].is(&crate::mark::Meaning::Ignored));
    let mut names: Vec<(usize, core_model::Name)> =
        free.filter_map(|index| Some((index, reader.words.fold(reader.marks[index].from).parse().ok()?))).collect();
    let (index, name) = if names.len() == 1 { names.remove(0) } else { return None };
    Some(Reply::Filled(vec![(Fill::Names(vec![name]), reader.source(index, index))]))
}

fn wishes(reader: &Reader<'_>, mut probe: Draft) -> Draft {
    probe.command.value = CommandName::Create;
    reader.read_values(&mut probe);
    reader.read_amounts(&mut probe);
    probe
}

/// A value for one field: read as in a request, or the bare words.
fn field(reader: &Reader<'_>, probe: Draft, path: &str) -> Option<Reply> {
    let probe = wishes(reader, probe);
    let mut found: Vec<crate::draft::Wish> = Vec::new();
    for mut wish in probe.wishes {
        let is_relative = matches!(wish.wanted.value, crate::draft::Wanted::Times(..));
        let fits = match &wish.field {
            // "double it".
            FieldName::Path(own) => own == path || own == "specs" && is_relative,
            FieldName::Concept(concept) => concept.paths().contains(&path),
        };
        if let Some(placed) = wish.wanted.value.placed() {
            wish.field = FieldName::Path(path.to_owned());
            wish.wanted.value = placed;
            found.push(wish);
        } else if fits {
            wish.field = FieldName::Path(path.to_owned());
            found.push(wish);
        }
    }
    if !found.is_empty() {
        return Some(Reply::Wishes(found));
    }
    let said: Vec<usize> = (0..reader.marks.len())
        .filter(|index| {
            !reader.is_break(*index)
                && !matches!(reader.word(*index), "," | "to" | "a" | "the" | "it" | "use" | "set" | "make" | "please" | "con" | "di" | "il")
        })
        .collect();
    let [index] = said.as_slice() else { return None };
    let text =
        reader.marks[*index].image().cloned().or_else(|| reader.marks[*index].product().map(str::to_owned)).unwrap_or_else(|| reader.text(*index));
    Some(Reply::Filled(vec![(Fill::Settings(vec![(path.to_owned(), FieldChange::Set(text))]), reader.source(*index, *index))]))
}
