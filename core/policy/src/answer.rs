//! What did a rule answer? Values of the shapes that conftest takes become findings; every other shape is an error.

use core_model::{Address, Diagnostic, Span};
use regorus::{LimitError, Value};

use crate::entry::{Entry, Kind};
use crate::limits::{FINDINGS_MAX, MESSAGE_LENGTH_MAX, PATH_LENGTH_MAX, RULE_WORK_MAX};
use crate::verdict::{Effect, Finding};

/// The findings in what one rule answered.
pub(crate) fn findings(entry: &Entry, answer: &Value) -> Result<Vec<Finding>, Box<Diagnostic>> {
    let items: Vec<&Value> = match answer {
        Value::Undefined => return Ok(Vec::new()),
        Value::Set(items) => items.iter().collect(),
        Value::Array(items) => items.iter().collect(),
        other => return Err(wrong(entry, &format!("is {}, not a set of answers", kind_of(other)))),
    };
    if items.len() > FINDINGS_MAX {
        return Err(wrong(entry, &format!("has {} answers; more than {FINDINGS_MAX} are read by nobody", items.len())));
    }
    items.into_iter().map(|item| finding(entry, item)).collect()
}

fn finding(entry: &Entry, item: &Value) -> Result<Finding, Box<Diagnostic>> {
    let text = |name: &str| item.as_object().ok().and_then(|fields| fields.get(&Value::from(name)));
    let message = match item {
        Value::String(message) => message,
        Value::Object(_) => match text("msg") {
            Some(Value::String(message)) => message,
            Some(other) => return Err(wrong(entry, &format!("gives a `msg` that is {}, not a text", kind_of(other)))),
            None => return Err(wrong(entry, "gives an object without `msg`")),
        },
        other => return Err(wrong(entry, &format!("gives {} where a text or an object with `msg` belongs", kind_of(other)))),
    };
    let address = match text("address") {
        None => None,
        Some(Value::String(address)) => {
            Some(address.parse::<Address>().map_err(|_| wrong(entry, &format!("gives the address `{address}`, which is none")))?)
        }
        Some(other) => return Err(wrong(entry, &format!("gives an `address` that is {}, not a text", kind_of(other)))),
    };
    let path = path(entry, text("path"))?;
    let effect = match entry.kind {
        Kind::Deny => Effect::Deny,
        Kind::Warn => Effect::Warn,
        Kind::NeedsApproval => Effect::NeedsApproval { team: team(entry, text("team"))? },
    };
    let (rule, written_at) = (entry.name.clone(), entry.written_at.clone());
    Ok(Finding { effect, rule, written_at, address, path, message: one_line(message), blueprint: None })
}

/// `needs_approval contains {"team": "platform", "msg": ...}`. `@acme/platform` is the same team.
fn team(entry: &Entry, given: Option<&Value>) -> Result<String, Box<Diagnostic>> {
    let Some(Value::String(team)) = given else { return Err(wrong(entry, "asks for an approval without naming a `team`")) };
    let name = team.rsplit('/').next().unwrap_or_default().trim_start_matches('@');
    let is_slug = !name.is_empty() && name.len() <= 100 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_slug { Ok(name.to_ascii_lowercase()) } else { Err(wrong(entry, &format!("names the team `{team}`, which cannot be one"))) }
}

/// `specs.image`, or `["specs", "image"]`.
fn path(entry: &Entry, given: Option<&Value>) -> Result<Option<String>, Box<Diagnostic>> {
    let part = |part: &Value| match part {
        Value::String(part) => Some(part.to_string()),
        Value::Number(_) => Some(part.to_string()),
        _ => None,
    };
    let path = match given {
        None => return Ok(None),
        Some(Value::String(path)) => path.to_string(),
        Some(Value::Array(parts)) => match parts.iter().map(part).collect::<Option<Vec<String>>>() {
            Some(parts) => parts.join("."),
            None => return Err(wrong(entry, "gives a `path` whose parts are not all texts and numbers")),
        },
        Some(other) => return Err(wrong(entry, &format!("gives a `path` that is {}", kind_of(other)))),
    };
    if path.chars().count() > PATH_LENGTH_MAX {
        return Err(wrong(entry, &format!("gives a `path` of more than {PATH_LENGTH_MAX} characters")));
    }
    Ok(Some(path))
}

/// Messages stand in tables and lists: line breaks become spaces, what cannot be printed goes, and what nobody would read to its end is cut.
fn one_line(message: &str) -> String {
    // Most are so already, and there may be thousands.
    if message.len() <= MESSAGE_LENGTH_MAX && message.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) && !has_loose_spaces(message) {
        return message.to_owned();
    }
    let printable: String = message.chars().filter(|letter| letter.is_whitespace() || !letter.is_control()).collect();
    let words: Vec<&str> = printable.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= MESSAGE_LENGTH_MAX {
        return line;
    }
    line.chars().take(MESSAGE_LENGTH_MAX - 1).chain(['…']).collect()
}

fn has_loose_spaces(message: &str) -> bool {
    message.starts_with(' ') || message.ends_with(' ') || message.contains("  ")
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Set(_) => "a set",
        Value::Object(_) => "an object",
        Value::Undefined => "undefined",
    }
}

fn wrong(entry: &Entry, what: &str) -> Box<Diagnostic> {
    let form = match entry.kind {
        Kind::Deny => "`deny contains msg if { .. }`, or an object with `msg`, `address` and `path` in place of `msg`",
        Kind::Warn => "`warn contains msg if { .. }`, or an object with `msg`, `address` and `path` in place of `msg`",
        Kind::NeedsApproval => "`needs_approval contains {\"team\": \"platform\", \"msg\": msg} if { .. }`",
    };
    let detail = format!("The rule `{}` {what}.", entry.name);
    Box::new(Diagnostic::error("Wrong shape", detail).hint(format!("write {form}")).at(&entry.span))
}

/// What the interpreter complained about, at the place it names or else at `otherwise`.
pub(crate) fn diagnostic(summary: &'static str, error: &anyhow::Error, otherwise: &Span) -> Diagnostic {
    if let Some(limit) = error.downcast_ref::<LimitError>() {
        let detail = match limit {
            LimitError::TimeLimitExceeded { .. } => format!("It was stopped after {RULE_WORK_MAX} units of work."),
            other => format!("{other}."),
        };
        return Diagnostic::error("Rule does not end", detail)
            .hint("look at fewer combinations: every `some` in a rule multiplies its work")
            .at(otherwise);
    }
    let text = error.to_string();
    let span = text.lines().find_map(|line| place(line.strip_prefix("--> ")?)).unwrap_or_else(|| otherwise.clone());
    let said = text.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or(text.lines().next().unwrap_or_default());
    Diagnostic::error(summary, sentence(said)).at(&span)
}

/// `policies/a.rego:3:7`.
fn place(text: &str) -> Option<Span> {
    let mut parts = text.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    Some(Span::new(file, line, std::cmp::max(column, 1)))
}

fn sentence(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches(['.', ':']).chars();
    let sentence: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    format!("{sentence}.")
}
