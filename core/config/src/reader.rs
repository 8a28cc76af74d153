//! What does the text say? YAML becomes a tree of raw scalars, each with its position.
//!
//! Deliberately absent: tags, merge keys, directives and more than one document. They change what a text means in ways that
//! a reviewer does not see.

mod syntax;

use std::collections::HashMap;
use std::sync::Arc;

use core_model::tree::{Entry, Node, NodeValue, Style};
use core_model::{Diagnostic, Origin, Span};
use granit_parser::{Event, Marker, Parser, ScalarStyle, StrInput, Tag};

use crate::limits::{DEPTH_MAX, FILE_NODES_MAX};
use crate::report::Report;
use crate::text::bounded;

/// Reads one document. `None` when there is none, or when the text cannot be read to its end; both are reported.
pub(crate) fn read(file: &Arc<str>, text: &str, report: &mut Report) -> Option<Node> {
    let options = granit_parser::options! {
        disallow_directives: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        emit_comments: false,
    };
    let parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader { file, text, parser, report, nodes: 0, names: HashMap::new(), anchors: HashMap::new(), flow_reference: false };
    reader.document().ok()
}

/// The rest of the file cannot be read. Always reported before it is returned.
struct Stop;

/// A value that aliases may repeat.
struct Anchored {
    node: Node,
    nodes: usize,
    depth: usize,
}

struct Reader<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    report: &'a mut Report,
    /// How many values were made so far.
    nodes: usize,
    /// The names of the anchors met so far, with their positions.
    names: HashMap<usize, (String, Span)>,
    /// The values of the anchors that are complete.
    anchors: HashMap<usize, Anchored>,
    /// An unquoted reference in a flow map was reported; the parser's own words about it are noise.
    flow_reference: bool,
}

type Read<'a> = (Event<'a>, granit_parser::Span);

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd if root.is_none() => {}
                Event::DocumentEnd => {}
                Event::StreamEnd => break,
                Event::DocumentStart(..) => {
                    let detail = format!("`{}` holds more than one document.", self.file);
                    self.refuse("More than one document", detail, "write the second one into a file of its own", &self.at(span.start));
                    return Err(Stop);
                }
                _ => root = Some(self.node((event, span), 1)?.0),
            }
        }
        root.ok_or_else(|| {
            let detail = format!("`{}` says nothing.", self.file);
            self.refuse("Empty file", detail, "remove the file, or write at least a version and a name", &Span::new(self.file.clone(), 1, 1));
            Stop
        })
    }

    /// The next event that is a part of the tree.
    fn next(&mut self) -> Result<Read<'a>, Stop> {
        loop {
            match self.parser.next_event() {
                None => return Ok((Event::StreamEnd, granit_parser::Span::default())),
                Some(Ok((Event::Anchor(id, name), span))) => {
                    let at = self.at(span.start);
                    self.names.insert(id, (name.into_owned(), at));
                }
                Some(Ok(read)) => return Ok(read),
                Some(Err(error)) => {
                    self.invalid(&error);
                    return Err(Stop);
                }
            }
        }
    }

    /// The value that an event begins, and how deep it nests.
    fn node(&mut self, (event, span): Read<'a>, depth: usize) -> Result<(Node, usize), Stop> {
        let at = self.at(span.start);
        if let Some(tag) = event.tag() {
            self.tag(tag, span.tag_start().map_or_else(|| at.clone(), |start| self.at(start)));
        }
        if depth > DEPTH_MAX {
            self.refuse("Nested too deep", format!("Maps and lists nest deeper than {DEPTH_MAX} levels here."), "flatten them", &at);
            return Err(Stop);
        }
        self.count(1, &at)?;
        let anchor = event.anchor_id();
        let before = self.nodes;
        let (value, inner) = match event {
            Event::Scalar(text, style, ..) => {
                self.unquoted_reference(&text, style, &span, &at);
                (scalar(&text, style, &at), 0)
            }
            Event::SequenceStart(..) => self.list(&at, depth)?,
            Event::MappingStart(..) => self.map(&at, depth)?,
            Event::Alias(id) => self.alias(id, &at, depth)?,
            Event::UnresolvedAlias(name) => {
                self.refuse("Unknown anchor", format!("No `&{name}` stands before `*{name}`."), "quote the text if it is not meant as an alias", &at);
                self.report.fail_everywhere(&at);
                (Node::scalar(format!("*{name}"), Style::Plain, Origin::new(at)), 0)
            }
            _ => {
                self.refuse("Invalid YAML", "A value is missing here.".to_owned(), "write a value", &at);
                return Err(Stop);
            }
        };
        if let Some(id) = anchor {
            let anchored = Anchored { node: value.clone(), nodes: self.nodes - before + 1, depth: inner + 1 };
            self.anchors.insert(id, anchored);
        }
        Ok((value, inner + 1))
    }

    fn list(&mut self, at: &Span, depth: usize) -> Result<(Node, usize), Stop> {
        let (mut items, mut deepest) = (Vec::new(), 0);
        loop {
            let read = self.next()?;
            if matches!(read.0, Event::SequenceEnd) {
                break;
            }
            let (item, inner) = self.node(read, depth + 1)?;
            deepest = deepest.max(inner);
            items.push(item);
        }
        Ok((Node { value: NodeValue::List(items), origin: Origin::new(at.clone()) }, deepest))
    }

    fn map(&mut self, at: &Span, depth: usize) -> Result<(Node, usize), Stop> {
        let (mut entries, mut deepest): (Vec<Entry>, usize) = (Vec::new(), 0);
        let mut seen = Keys::default();
        loop {
            let read = self.next()?;
            if matches!(read.0, Event::MappingEnd) {
                break;
            }
            let key = self.key(read, depth)?;
            let read = self.next()?;
            let (node, inner) = self.node(read, depth + 1)?;
            deepest = deepest.max(inner);
            let Some((key, key_at)) = key else { continue };
            if let Some(first) = seen.first(&entries, &key) {
                let detail = format!("`{key}` is set a second time; the first is at {}.", entries[first].key_origin.span);
                self.refuse("Duplicate key", detail, "keep one of them", &key_at);
            } else {
                entries.push(Entry { key, key_origin: Origin::new(key_at), node });
            }
        }
        Ok((Node { value: NodeValue::Map(entries), origin: Origin::new(at.clone()) }, deepest))
    }

    /// A key, or `None` when it is no text. Its value is then read and dropped.
    fn key(&mut self, read: Read<'a>, depth: usize) -> Result<Option<(String, Span)>, Stop> {
        let at = self.at(read.1.start);
        match read.0 {
            Event::Scalar(text, style, 0, None) => {
                if text == "<<" && style == ScalarStyle::Plain {
                    self.refuse("Merge key refused", "`<<` merges another map into this one.".to_owned(), "repeat the keys, or use a template", &at);
                    return Ok(None);
                }
                self.unquoted_reference(&text, style, &read.1, &at);
                Ok(Some((text.into_owned(), at)))
            }
            event => {
                self.refuse(
                    "Key is not text",
                    "A key must be one plain text, without anchor, alias or tag.".to_owned(),
                    "quote the key if it holds a special character; a reference as a value needs quotes: \"${env.key}\"",
                    &at,
                );
                self.node((event, read.1), depth + 1)?;
                Ok(None)
            }
        }
    }

    fn alias(&mut self, id: usize, at: &Span, depth: usize) -> Result<(Node, usize), Stop> {
        let (name, defined) = self.names.get(&id).cloned().unwrap_or_else(|| (String::new(), at.clone()));
        let Some(anchored) = self.anchors.get(&id) else {
            self.refuse("Alias inside itself", format!("`*{name}` stands inside the value of `&{name}` at {defined}."), "write the value out", at);
            return Err(Stop);
        };
        let (nodes, inner) = (anchored.nodes - 1, anchored.depth - 1);
        if depth + inner > DEPTH_MAX {
            let detail = format!("`*{name}` nests the value of `&{name}` at {defined} deeper than {DEPTH_MAX} levels.");
            self.refuse("Nested too deep", detail, "flatten it", at);
            return Err(Stop);
        }
        if self.nodes + nodes > FILE_NODES_MAX {
            let detail = format!("`*{name}` repeats the {} values of `&{name}` at {defined}, which makes more than {FILE_NODES_MAX}.", nodes + 1);
            self.refuse("Alias expands too far", detail, "write less with aliases", at);
            return Err(Stop);
        }
        self.nodes += nodes;
        let origin = anchored.node.origin.through(format!("value of anchor `{name}` at"), at.clone());
        Ok((Node { value: anchored.node.value.clone(), origin }, inner))
    }

    fn count(&mut self, nodes: usize, at: &Span) -> Result<(), Stop> {
        self.nodes += nodes;
        if self.nodes <= FILE_NODES_MAX {
            return Ok(());
        }
        let detail = format!("`{}` holds more than {FILE_NODES_MAX} values.", self.file);
        self.refuse("Too many values", detail, "split it into several files", at);
        Err(Stop)
    }

    fn tag(&mut self, tag: &Tag, at: Span) {
        let detail = format!("`{}` changes how the value is read.", tag.original());
        self.refuse("Tag refused", detail, "leave it out; values are read by the field they stand in", &at);
    }

    fn at(&self, marker: Marker) -> Span {
        Span::new(self.file.clone(), bounded(marker.line()), bounded(marker.col() + 1))
    }

    fn refuse(&mut self, summary: &'static str, detail: String, hint: &str, at: &Span) {
        self.report.push(Diagnostic::error(summary, detail).hint(hint).at(at));
    }
}

/// The keys of a map so far. Most maps are small, and need no table.
#[derive(Default)]
struct Keys(HashMap<String, usize>);

const SEARCHED_KEYS_MAX: usize = 16;

impl Keys {
    /// The place of the entry that has the key already.
    fn first(&mut self, entries: &[Entry], key: &str) -> Option<usize> {
        if entries.len() <= SEARCHED_KEYS_MAX {
            return entries.iter().position(|entry| entry.key == key);
        }
        for (place, entry) in entries.iter().enumerate().skip(self.0.len()) {
            self.0.insert(entry.key.clone(), place);
        }
        self.0.get(key).copied()
    }
}

fn scalar(text: &str, style: ScalarStyle, at: &Span) -> Node {
    let origin = Origin::new(at.clone());
    match style {
        ScalarStyle::Plain if matches!(text, "" | "~" | "null" | "Null" | "NULL") => Node { value: NodeValue::Null, origin },
        ScalarStyle::Plain => Node::scalar(text, Style::Plain, origin),
        _ => Node::scalar(text, Style::Quoted, origin),
    }
}
