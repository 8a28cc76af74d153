//! How much is "double", "4GB more", "increase to"? Relative wishes become values, against what desired state says.

use core_model::resource_type::TypeFacts;
use core_model::schema::Kind;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::command::FieldChange;
use crate::draft::{Draft, FieldName, Wanted, Wish};
use crate::language::Language;
use crate::lexicon::Concept;
use crate::question::{Fill, Question, Slot};
use crate::view::{field_of, value_at};

use super::settings::{canonical, path_of, written};
use super::{Completed, Completion, Stop, impossible};

/// The value that a relative wish comes to.
pub(crate) fn resolved(draft: &Draft, wanted: &Wanted, facts: &TypeFacts, path: &str, now: Option<&Value>) -> Completed<String> {
    let amount = |text: &str| canonical(facts, path, text).ok().and_then(|value| value.as_u64());
    let language = draft.notes.language;
    let Some(now) = now.and_then(Value::as_u64) else {
        return match wanted {
            // Without a value of its own there is nothing to compare with.
            Wanted::AtLeast(text) | Wanted::AtMost(text) => Ok(text.clone()),
            _ => Err(ask(draft, facts, path, None)),
        };
    };
    let value = match wanted {
        Wanted::Times(times, per) => now.checked_mul(*times).map(|value| value / (*per).max(1)),
        Wanted::PlusPercent(percent) => 100_u64.checked_add(*percent).and_then(|parts| now.checked_mul(parts)).map(|value| value / 100),
        Wanted::MinusPercent(percent) => now.checked_mul(100_u64.saturating_sub(*percent)).map(|value| value / 100),
        Wanted::Plus(text) => amount(text).and_then(|more| now.checked_add(more)),
        Wanted::Minus(text) => amount(text).and_then(|less| now.checked_sub(less)),
        Wanted::AtLeast(text) => amount(text).filter(|value| *value > now),
        Wanted::AtMost(text) => amount(text).filter(|value| *value < now),
        _ => return Err(ask(draft, facts, path, Some(now))),
    };
    let Some(value) = value.filter(|value| *value > 0) else { return Err(ask(draft, facts, path, Some(now))) };
    let value = rounded(facts, path, value);
    written(facts, path, &Value::from(value))
        .ok_or_else(|| impossible(language.choose("That value cannot be worked out.", "Quel valore non si può calcolare.")))
}

/// Sizes to whole MiB; processors to whole ones where more than one is left.
fn rounded(facts: &TypeFacts, path: &str, value: u64) -> u64 {
    match field_of(facts, path).map(|field| field.kind) {
        Some(Kind::Size) if value >= 1 << 20 => value >> 20 << 20,
        Some(Kind::Thousandths { .. }) if value >= 1000 => value / 1000 * 1000,
        _ => value,
    }
}

fn ask(draft: &Draft, facts: &TypeFacts, path: &str, now: Option<u64>) -> Stop {
    let shown = now.and_then(|value| written(facts, path, &Value::from(value)));
    let name = path.rsplit('.').next().unwrap_or(path);
    let text = match (draft.notes.language, shown) {
        (Language::English, Some(now)) => format!("How much {name} shall it be? Now it is {now}."),
        (Language::English, None) => format!("How much {name} shall it be?"),
        (Language::Italian, Some(now)) => format!("Quanto deve essere `{name}`? Ora è {now}."),
        (Language::Italian, None) => format!("Quanto deve essere `{name}`?"),
    };
    let shrinks = draft.wishes.iter().any(|wish| matches!(wish.wanted.value, Wanted::Less));
    let factors: [(u64, u64); 3] = if shrinks { [(1, 2), (3, 4), (1, 4)] } else { [(2, 1), (3, 2), (4, 1)] };
    let options = factors.into_iter().filter_map(|(times, per)| {
        let value = rounded(facts, path, now?.checked_mul(times)? / per);
        let text = written(facts, path, &Value::from(value)).filter(|_| value > 0)?;
        Some((text.clone(), Fill::Settings(vec![(path.to_owned(), FieldChange::Set(text))])))
    });
    Question::new(Slot::Field(path.to_owned()), text).options(options).into()
}

impl Completion<'_, '_> {
    /// "make web-01 bigger": what of it?
    pub(crate) fn ask_which_grows(&self, draft: &Draft, wish: &Wish, facts: &TypeFacts, like: Option<&DesiredResource>) -> Stop {
        let (times, per) = match wish.wanted.value {
            Wanted::Times(times, per) => (times, per),
            Wanted::Less => (1, 2),
            _ => (2, 1),
        };
        let language = draft.notes.language;
        let grown = |concept: Concept| {
            let path = path_of(&FieldName::Concept(concept), facts)?;
            let now = value_at(like?, &path)?.as_u64()?;
            let text = written(facts, &path, &Value::from(rounded(facts, &path, now.checked_mul(times)? / per)))?;
            Some((path, FieldChange::Set(text)))
        };
        let (memory, cpu) = (grown(Concept::Memory), grown(Concept::Cpu));
        let mut options = Vec::new();
        for (name, found) in [(language.choose("memory", "memoria"), &memory), (language.choose("processors", "processori"), &cpu)] {
            if let Some((path, change)) = found {
                options.push((format!("{name}: {change}"), Fill::Settings(vec![(path.clone(), change.clone())])));
            }
        }
        if let (Some(memory), Some(cpu)) = (memory, cpu) {
            options.push((language.choose("both", "entrambi").to_owned(), Fill::Settings(vec![memory, cpu])));
        }
        let text = language.choose("Of what shall it have more or less?", "Di che cosa deve avere di più o di meno?");
        Question::new(Slot::Size, text).options(options).into()
    }
}
