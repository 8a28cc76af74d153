//! What may a resource say? Tables of fields, each with everything the planner must know about it.
//!
//! A resource type is a table. Decoding, validation, comparison, unsetting, risk, the JSON Schema for editors and the
//! engine's page all read the same table, so they cannot disagree.

use serde::{Deserialize, Serialize};

use crate::plan::Risk;

/// How a change of a field is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    InPlace,
    Restart,
    Replace,
}

/// What leaving a field out of the blueprint does, once it was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    /// The target's own default comes back.
    Default,
    /// The value stays as it is; we stop looking at it.
    Keep,
}

/// One field of a resource type.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    /// What the field means, in one sentence, for the reference page and for editors.
    pub meaning: &'static str,
    pub kind: Kind,
    pub required: bool,
    pub effect: Effect,
    pub unset: Unset,
    pub risk: Option<Risk>,
    /// Its value is never shown, whoever set it.
    pub sensitive: bool,
    pub accepts_secret: bool,
    /// The target never tells it back: it is compared with the record alone.
    pub write_only: bool,
    /// Its items are known by their `name`, and only those that are ours are compared.
    pub named_items: bool,
    /// The target tells it even when it is empty: one that is absent could not be read.
    pub told_when_empty: bool,
}

impl Field {
    pub const fn new(name: &'static str, kind: Kind, meaning: &'static str) -> Self {
        Self {
            name,
            meaning,
            kind,
            required: false,
            effect: Effect::InPlace,
            unset: Unset::Default,
            risk: None,
            sensitive: false,
            accepts_secret: false,
            write_only: false,
            named_items: false,
            told_when_empty: false,
        }
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A change needs a restart of the object.
    pub const fn restart(mut self) -> Self {
        self.effect = Effect::Restart;
        self
    }

    /// A change needs the object to be made anew.
    pub const fn replace(mut self) -> Self {
        self.effect = Effect::Replace;
        self
    }

    pub const fn keep_when_unset(mut self) -> Self {
        self.unset = Unset::Keep;
        self
    }

    /// The risk of a change, where it is not the one its effect implies.
    pub const fn risk(mut self, risk: Risk) -> Self {
        self.risk = Some(risk);
        self
    }

    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    pub const fn accepts_secret(mut self) -> Self {
        self.accepts_secret = true;
        self
    }

    pub const fn write_only(mut self) -> Self {
        self.write_only = true;
        self
    }

    /// For a set of objects with a `name` among what others put there, such as the accounts of a machine. Items that nobody of
    /// ours sets are not compared, and neither are fields that the author leaves out of an item; fields that can only be
    /// written are compared with the record's item of that name.
    pub const fn named_items(mut self) -> Self {
        self.named_items = true;
        self
    }

    /// For a map or a list at the top of a specification. What is taken out of it while the target does not tell it is unknown, and
    /// not gone.
    pub const fn told_when_empty(mut self) -> Self {
        self.told_when_empty = true;
        self
    }

    /// Whether the target does not tell all of it back, so that only writing again is sure.
    pub fn is_partly_write_only(&self) -> bool {
        let in_items = match self.kind {
            Kind::List(Kind::Object(fields)) | Kind::Set(Kind::Object(fields)) => fields.iter().any(Field::is_partly_write_only),
            _ => false,
        };
        self.write_only || in_items
    }
}

/// What values a field takes, and their canonical form.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Any scalar, exactly as written. Canonical: text.
    Text,
    /// One of these words. Canonical: text.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    Integer {
        min: i64,
        max: i64,
    },
    /// A decimal number with at most three digits after the point. Canonical: an integer, in thousandths.
    Thousandths {
        min: i64,
        max: i64,
    },
    /// Bytes, with a unit. Canonical: an integer, in bytes.
    Size,
    /// A length of time, with a unit. Canonical: an integer, in milliseconds.
    Duration,
    /// An address or a network, `10.0.20.11/24`. Canonical: text. References may use `.host`, `.network`, `.prefix`.
    Cidr,
    /// An IP address. Canonical: text.
    Ip,
    /// A text with a grammar of its own. Canonical: what `parse` gives.
    Checked(&'static Check),
    /// A command: a list of arguments, or one text for the target's shell. Canonical: list or text.
    Command,
    /// In order. Canonical: list.
    List(&'static Kind),
    /// Order means nothing. Canonical: list, sorted, without repetition.
    Set(&'static Kind),
    /// Free keys. Canonical: object. Where the values are objects the keys hold no dots, and every field is compared by itself.
    Map(&'static Kind),
    /// Known keys.
    Object(&'static [Field]),
    /// Another resource by name, or `{external: x}`. Canonical: `{resource, name}` or `{external, name}`, where `name` is
    /// what the object is called on the target. The types that may be linked are named.
    Link(&'static [&'static str]),
    /// Anything, typed by YAML 1.2's core schema. For notes that no target reads.
    Any,
}

impl Kind {
    /// What may be written, in a few words, for pages and hints.
    pub fn in_words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Word(words) => words.join(", "),
            Self::Boolean => "true or false".to_owned(),
            Self::Integer { min, max } => format!("{min} to {max}"),
            Self::Thousandths { .. } => "number".to_owned(),
            Self::Size => "size, `512MB`".to_owned(),
            Self::Duration => "duration, `30s`".to_owned(),
            Self::Cidr => "network, `10.0.20.0/24`".to_owned(),
            Self::Ip => "address".to_owned(),
            Self::Checked(check) => format!("{}, `{}`", check.what, check.example),
            Self::Command => "list of arguments, or text".to_owned(),
            Self::List(inner) => format!("list: {}", inner.in_words()),
            Self::Set(inner) => format!("list in any order: {}", inner.in_words()),
            Self::Map(inner) => format!("map: {}", inner.in_words()),
            Self::Object(_) => "map".to_owned(),
            Self::Link(types) => format!("{} resource", types.join(" or ")),
            Self::Any => "anything".to_owned(),
        }
    }
}

/// A text with a grammar of its own.
#[derive(Debug)]
pub struct Check {
    /// What it is called in messages: "an image reference".
    pub what: &'static str,
    /// An example for the hint.
    pub example: &'static str,
    /// The canonical text, or why it is none (completing "`x` ...").
    pub parse: fn(&str) -> Result<String, String>,
    /// The part of the canonical text that decides whether two values are the same.
    pub comparable: fn(&str) -> &str,
}

impl Check {
    /// For checks whose whole canonical text is compared.
    pub fn whole(text: &str) -> &str {
        text
    }
}

/// Finds the field that rules over a path (its segments below `specs` or `metadata`).
pub fn field_at<'a>(fields: &'a [Field], path: &[&str]) -> Option<&'a Field> {
    let (first, rest) = path.split_first()?;
    let field = fields.iter().find(|field| field.name == *first)?;
    match field.kind {
        Kind::Object(inner) if !rest.is_empty() => field_at(inner, rest),
        Kind::Map(Kind::Object(inner)) if rest.len() > 1 => field_at(inner, &rest[1..]),
        _ => Some(field),
    }
}
