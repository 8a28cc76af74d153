//! Where in a file does a resource stand, and how is one value of it changed? Edits keep comments and layout.
//!
//! yaml-edit keeps the text as it is around what it changes. What comes out is never trusted: `edit/guard.rs` loads it again.

use std::fmt::Write as _;
use std::str::FromStr;

use core_model::Span;
use yaml_edit::path::YamlPath;
use yaml_edit::{Document, Mapping, Sequence, YamlNode};

/// Why a file could not be edited; completes "the file ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EditError {
    #[error("cannot be read by the editor")]
    Unreadable,
    #[error("has no such item in that list")]
    NoItem,
    #[error("has no entry at the position where the resource is declared")]
    NoEntry,
    #[error("is written in a form that cannot be edited safely")]
    Form,
}

/// A value as it will stand in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    Text(String),
    List(Vec<String>),
    /// Takes away what the blueprint below sets.
    Null,
}

impl Written {
    /// As YAML in flow style.
    pub(crate) fn flow(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Null => "null".to_owned(),
            Self::List(items) => format!("[{}]", items.iter().map(|item| scalar(item)).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// A scalar that our reader reads back as this text. Quoted where it could be read as anything else.
pub(crate) fn scalar(text: &str) -> String {
    let first_is_plain = text.starts_with(|letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '_' | '+'));
    let is_plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._/+-:@".contains(letter)) && !text.ends_with(':');
    let is_word = matches!(text, "null" | "Null" | "NULL");
    // 8080:80 is a number to base 60 for older readers.
    let is_base_60 = text.contains(':') && text.split(':').all(|part| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    if first_is_plain && is_plain && !is_base_60 && !is_word {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            control if control.is_control() => {}
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// One key of an `each`, with its fields as text.
pub(crate) type Member = (String, Vec<(String, String)>);

/// A blueprint file or an overlay.
pub(crate) struct File {
    document: Document,
    text: String,
}

impl File {
    pub(crate) fn parse(text: &str) -> Result<Self, EditError> {
        let document = Document::from_str(text).map_err(|_| EditError::Unreadable)?;
        if document.to_string() != text {
            return Err(EditError::Unreadable);
        }
        Ok(Self { document, text: text.to_owned() })
    }

    fn items(&self) -> Option<Sequence> {
        self.document.get_sequence("resources")
    }

    /// The entry that stands at a position of our own reader.
    pub(crate) fn item_at(&self, span: &Span) -> Result<usize, EditError> {
        let items = self.items().ok_or(EditError::NoEntry)?;
        let found = items.values().position(|item| {
            let at = start_of(&item, &self.text);
            at == (span.line, span.column)
        });
        found.ok_or(EditError::NoEntry)
    }

    pub(crate) fn item_named(&self, name: &str) -> Option<usize> {
        self.items()?.values().position(|item| item.as_mapping().and_then(|map| text_of(&map.get("name")?)).as_deref() == Some(name))
    }

    pub(crate) fn name_of(&self, item: usize) -> Option<String> {
        text_of(&self.items()?.get(item)?.as_mapping()?.get("name")?)
    }

    pub(crate) fn count(&self) -> usize {
        self.items().map_or(0, |items| items.len())
    }

    fn mapping(&self, item: usize) -> Result<Mapping, EditError> {
        self.items().and_then(|items| items.get(item)).and_then(|node| node.as_mapping().cloned()).ok_or(EditError::NoEntry)
    }

    pub(crate) fn has(&self, item: usize, path: &str) -> bool {
        let Some(mut node) = self.items().and_then(|items| items.get(item)) else { return false };
        for segment in path.split('.') {
            match node.as_mapping().and_then(|map| map.get(segment)) {
                Some(next) => node = next,
                None => return false,
            }
        }
        true
    }

    /// Sets a value of an entry, with the maps that lead to it.
    pub(crate) fn set(&mut self, item: usize, path: &str, value: &Written) -> Result<(), EditError> {
        self.mapping(item)?;
        let full = format!("resources[{item}].{path}");
        let rendered = Document::from_str(&value.flow()).map_err(|_| EditError::Form)?;
        let outcome = match value {
            Written::List(_) => self.document.try_set_path(&full, rendered.as_sequence().ok_or(EditError::Form)?),
            Written::Text(_) | Written::Null => self.document.try_set_path(&full, rendered.as_scalar().ok_or(EditError::Form)?),
        };
        outcome.map_err(|_| EditError::Form)?;
        self.renewed()
    }

    pub(crate) fn remove(&mut self, item: usize, path: &str) -> Result<(), EditError> {
        self.document.try_remove_path(&format!("resources[{item}].{path}")).map_err(|_| EditError::Form)?;
        self.renewed()
    }

    /// Adds an item to a list of an entry; the list is made where there is none.
    pub(crate) fn push(&mut self, item: usize, path: &str, text: &str) -> Result<(), EditError> {
        let full = format!("resources[{item}].{path}");
        let list = self.document.try_get_path(&full).ok().and_then(|node| node.as_sequence().cloned());
        let Some(list) = list else { return self.set(item, path, &Written::List(vec![text.to_owned()])) };
        let rendered = Document::from_str(&scalar(text)).map_err(|_| EditError::Form)?;
        list.push(rendered.as_scalar().ok_or(EditError::Form)?);
        self.renewed()
    }

    pub(crate) fn pull(&mut self, item: usize, path: &str, is_it: impl Fn(&str) -> bool) -> Result<(), EditError> {
        let full = format!("resources[{item}].{path}");
        let list = self.document.try_get_path(&full).ok().and_then(|node| node.as_sequence().cloned()).ok_or(EditError::NoItem)?;
        let place = list.values().position(|node| text_of(&node).is_some_and(|text| is_it(&text))).ok_or(EditError::NoItem)?;
        if list.len() == 1 {
            return self.remove(item, path);
        }
        list.remove(place);
        self.renewed()
    }

    /// Sets a map of an entry's `each` to what another key of it has, with some texts replaced.
    pub(crate) fn set_flow(&mut self, item: usize, path: &str, flow: &str) -> Result<(), EditError> {
        let rendered = Document::from_str(flow).map_err(|_| EditError::Form)?;
        let full = format!("resources[{item}].{path}");
        match rendered.as_mapping() {
            Some(map) => self.document.try_set_path(&full, map),
            None => self.document.try_set_path(&full, rendered.as_scalar().ok_or(EditError::Form)?),
        }
        .map_err(|_| EditError::Form)?;
        self.renewed()
    }

    /// The keys of an entry's `each`, each with its fields as text.
    pub(crate) fn each(&self, item: usize) -> Option<Vec<Member>> {
        let each = self.items()?.get(item)?.as_mapping()?.get("each")?;
        let fields =
            |node: &YamlNode| node.as_mapping().map(pairs).unwrap_or_default().into_iter().filter_map(|(key, value)| Some((key, text_of(&value)?)));
        Some(pairs(each.as_mapping()?).into_iter().map(|(key, value)| (key, fields(&value).collect())).collect())
    }

    /// The lines of an entry, from its dash to its end.
    pub(crate) fn source_of(&self, item: usize) -> Result<String, EditError> {
        let (from, to) = self.lines_of(item)?;
        Ok(self.text.lines().skip(from).take(to - from).map(|line| format!("{line}\n")).collect())
    }

    /// The entry's lines `from..to`, counted from 0.
    fn lines_of(&self, item: usize) -> Result<(usize, usize), EditError> {
        let node = self.items().and_then(|items| items.get(item)).ok_or(EditError::NoEntry)?;
        let range = node.byte_range();
        let (start, end) = (range.start as usize, range.end as usize);
        let from = self.text.get(..start).ok_or(EditError::Form)?.matches('\n').count();
        let body = self.text.get(start..end).ok_or(EditError::Form)?.trim_end();
        let to = from + body.matches('\n').count() + 1;
        let first = self.text.lines().nth(from).unwrap_or_default().trim_start();
        if first.starts_with('-') { Ok((from, to)) } else { Err(EditError::Form) }
    }

    /// Appends an entry, written at column 0 without its dash, behind the last one.
    pub(crate) fn append(&mut self, entry: &str) -> Result<(), EditError> {
        let count = self.count();
        let (line, indent) = if count == 0 {
            let at =
                self.text.lines().position(|line| line.trim_end() == "resources:" || line.starts_with("resources: []")).ok_or(EditError::Form)?;
            (at + 1, 2)
        } else {
            let (from, to) = self.lines_of(count - 1)?;
            let dash = self.text.lines().nth(from).unwrap_or_default();
            (to, dash.len() - dash.trim_start().len())
        };
        let pad = " ".repeat(indent);
        let mut block = String::new();
        for (number, own) in entry.lines().enumerate() {
            let lead = if number == 0 { "- " } else { "  " };
            let _ = if own.is_empty() { writeln!(block) } else { writeln!(block, "{pad}{lead}{own}") };
        }
        let mut lines: Vec<String> = self.text.lines().map(|line| line.replace("resources: []", "resources:")).collect();
        lines.insert(line.min(lines.len()), block.trim_end_matches('\n').to_owned());
        self.replace(format!("{}\n", lines.join("\n")))
    }

    /// Takes an entry out, with the comment that stands directly above it.
    pub(crate) fn take_out(&mut self, item: usize) -> Result<(), EditError> {
        let (mut from, to) = self.lines_of(item)?;
        let lines: Vec<&str> = self.text.lines().collect();
        let indent = |line: &str| line.len() - line.trim_start().len();
        let own = indent(lines[from]);
        while from > 0 && lines[from - 1].trim_start().starts_with('#') && indent(lines[from - 1]) == own {
            from -= 1;
        }
        // One blank line between its neighbours is enough.
        let mut to = to;
        if from > 0 && lines[from - 1].trim().is_empty() && lines.get(to).is_some_and(|line| line.trim().is_empty()) {
            to += 1;
        }
        let kept: Vec<&str> = lines[..from].iter().chain(&lines[to..]).copied().collect();
        self.replace(format!("{}\n", kept.join("\n").trim_end()))
    }

    /// Adds an environment to the blueprint's list. `false` if there is no list, and it is in all of them.
    pub(crate) fn add_environment(&mut self, name: &str) -> Result<bool, EditError> {
        let Some(list) = self.document.get_sequence("environments") else { return Ok(false) };
        list.push(name);
        self.renewed()?;
        Ok(true)
    }

    /// Positions are those of a text that was parsed; after an edit it is parsed again.
    fn renewed(&mut self) -> Result<(), EditError> {
        self.replace(self.document.to_string())
    }

    fn replace(&mut self, text: String) -> Result<(), EditError> {
        *self = Self::parse(&text)?;
        Ok(())
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn start_of(node: &YamlNode, text: &str) -> (u32, u32) {
    let start = node.byte_range().start as usize;
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

fn text_of(node: &YamlNode) -> Option<String> {
    node.as_scalar().map(yaml_edit::Scalar::as_string)
}

/// The keys of a map with their values.
fn pairs(map: &Mapping) -> Vec<(String, YamlNode)> {
    map.keys().filter_map(|key| Some((text_of(&key)?, map.get(&key)?))).collect()
}

/// The name as written of an entry that has `each`, by its position.
pub(crate) fn each_name(text: &str, span: &Span) -> Option<String> {
    let file = File::parse(text).ok()?;
    let item = file.item_at(span).ok()?;
    file.each(item)?;
    file.name_of(item)
}

/// The entry's text at column 0, without its dash.
pub(crate) fn outdented(source: &str) -> String {
    let first = source.lines().next().unwrap_or_default();
    let width = first.len() - first.trim_start().len() + 2;
    let lines = source.lines().enumerate().map(|(number, line)| {
        if number == 0 {
            line.trim_start().trim_start_matches('-').trim_start().to_owned()
        } else {
            line.get(width.min(line.len() - line.trim_start().len())..).unwrap_or_default().to_owned()
        }
    });
    lines.map(|line| format!("{line}\n")).collect()
}
