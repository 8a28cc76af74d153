//! Which rows is a resource made of? Tables that are read in both directions: from what a blueprint says to rows, and back.

use core_model::schema::{Field, Kind, field_at};
use serde_json::{Map, Value};

/// One menu that a resource has rows in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) menu: &'static str,
    pub(crate) rows: Rows,
    pub(crate) when: When,
    pub(crate) arguments: &'static [Argument],
    /// Whether the rows have a comment, and with it a place for our marker.
    pub(crate) has_comment: bool,
}

/// How many rows there are, and how they are found again.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows {
    /// One row; this argument holds the object's name.
    Named(&'static str),
    /// One row, told by our comment alone. One that is nobody's is found by these arguments.
    Marked(&'static [&'static str]),
    /// One row of the object: this argument holds the object's name. The slot names the part.
    Attached { argument: &'static str, slot: &'static str },
    /// One row, told by arguments that hold the values of fields.
    Keyed { arguments: &'static [(&'static str, &'static str)], slot: &'static str },
    /// A row for each text of a list field. `owner` holds the object's name.
    Each { field: &'static str, argument: &'static str, owner: &'static str, only: fn(&str) -> bool },
    /// A row for each item of a list field; the item's field `key` is in the argument `argument`.
    Items { field: &'static str, key: &'static str, argument: &'static str, owner: &'static str },
    /// The settings of a menu: there is always exactly one.
    Settings,
    /// A row that always exists; this argument holds the object's name.
    Fixed(&'static str),
}

/// When a part has its row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    Always,
    Set(&'static [&'static str]),
    NotSet(&'static str),
}

/// A field and the argument it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Argument {
    /// Below `specs`, with dots; for items, the field of the item.
    pub(crate) field: &'static str,
    pub(crate) name: &'static str,
    /// What the argument holds when nobody set it. `None`: nothing at all.
    pub(crate) default: Option<&'static str>,
    /// `enabled` in a blueprint is `disabled` on the router.
    pub(crate) is_inverted: bool,
}

impl Argument {
    pub(crate) const fn new(field: &'static str, name: &'static str) -> Self {
        Self { field, name, default: None, is_inverted: false }
    }

    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }

    pub(crate) const fn inverted(mut self) -> Self {
        self.is_inverted = true;
        self
    }
}

impl Part {
    pub(crate) const fn new(menu: &'static str, rows: Rows, arguments: &'static [Argument]) -> Self {
        Self { menu, rows, when: When::Always, arguments, has_comment: true }
    }

    pub(crate) const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    pub(crate) const fn without_comment(mut self) -> Self {
        self.has_comment = false;
        self
    }

    pub(crate) fn is_there(&self, specs: &Map<String, Value>) -> bool {
        match self.when {
            When::Always => true,
            When::Set(fields) => fields.iter().any(|field| value_at(specs, field).is_some()),
            When::NotSet(field) => value_at(specs, field).is_none(),
        }
    }
}

/// The value at a path with dots.
pub(crate) fn value_at<'v>(specs: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    match path.split_once('.') {
        None => specs.get(path),
        Some((first, rest)) => value_at(specs.get(first)?.as_object()?, rest),
    }
}

/// Puts a value at a path with dots.
pub(crate) fn put(specs: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => _ = specs.insert(path.to_owned(), value),
        Some((first, rest)) => {
            let inner = specs.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// The field of a table at a path with dots.
pub(crate) fn field<'f>(fields: &'f [Field], path: &str) -> Option<&'f Field> {
    field_at(fields, &path.split('.').collect::<Vec<_>>())
}

/// The fields of the items of a list.
pub(crate) fn item_fields(fields: &'static [Field], path: &str) -> &'static [Field] {
    match field(fields, path).map(|field| field.kind) {
        Some(Kind::List(Kind::Object(inner)) | Kind::Set(Kind::Object(inner))) => inner,
        _ => &[],
    }
}
