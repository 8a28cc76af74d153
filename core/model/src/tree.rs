//! What did the author write, before any type gives it a meaning? A tree of raw scalars with their origins.

use crate::source::Origin;

/// A value of a blueprint. Scalars stay raw text until the schema of the resource's type decodes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: NodeValue,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// An empty, `null` or `~` plain scalar.
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the order written; keys are unique, the reader refuses duplicates.
    Map(Vec<Entry>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_origin: Origin,
    pub node: Node,
}

/// A scalar as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    written: Written,
    pub style: Style,
}

/// Nearly every scalar is one text, and a repository has hundreds of thousands: those need no list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    Text(String),
    /// Secrets are referred to.
    Parts(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// `${secret.<name>}`: never the value, always the name.
    Secret(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// Quoted or a block scalar: never null, a number or a boolean by itself.
    Quoted,
}

impl Scalar {
    pub fn text(text: impl Into<String>, style: Style) -> Self {
        Self { written: Written::Text(text.into()), style }
    }

    /// Texts and secrets, one after the other.
    pub fn of_parts(mut parts: Vec<Part>, style: Style) -> Self {
        match parts.as_mut_slice() {
            [] => Self::text("", style),
            [Part::Text(text)] => Self::text(std::mem::take(text), style),
            _ => Self { written: Written::Parts(parts.into()), style },
        }
    }

    /// The text, unless a secret is part of it.
    pub fn as_text(&self) -> Option<&str> {
        match &self.written {
            Written::Text(text) => Some(text),
            Written::Parts(_) => None,
        }
    }

    pub fn into_parts(self) -> Vec<Part> {
        match self.written {
            Written::Text(text) => vec![Part::Text(text)],
            Written::Parts(parts) => parts.into_vec(),
        }
    }
}

impl Node {
    pub fn scalar(text: impl Into<String>, style: Style, origin: Origin) -> Self {
        Self { value: NodeValue::Scalar(Scalar::text(text, style)), origin }
    }

    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(scalar) => scalar.as_text(),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            NodeValue::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.value {
            NodeValue::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        self.value == NodeValue::Null
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The kind of the value, for messages: "a list", "a text".
    pub fn kind(&self) -> &'static str {
        match &self.value {
            NodeValue::Null => "empty",
            NodeValue::Scalar(_) => "a single value",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }
}
