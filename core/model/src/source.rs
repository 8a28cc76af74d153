//! Where was it written? Positions in the files of the managed repository, and how a value got to where it is used.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One place in a file. Lines and columns count from 1; columns count characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
}

impl Span {
    pub fn new(file: impl Into<Arc<str>>, line: u32, column: u32) -> Self {
        Self { file: file.into(), line, column }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// A step on the way of a value: "set in overlay", "each key `b`", "template `small-vm`".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    pub what: Arc<str>,
    pub at: Span,
}

/// Where a value was written, and through what it came to its place (nearest first).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub span: Span,
    via: Option<Arc<Vec<Via>>>,
}

impl Origin {
    pub fn new(span: Span) -> Self {
        Self { span, via: None }
    }

    pub fn via(&self) -> &[Via] {
        self.via.as_deref().map_or(&[], Vec::as_slice)
    }

    /// The same value, used at another place: `used` becomes the position that diagnostics show first.
    pub fn through(&self, what: impl Into<Arc<str>>, used: Span) -> Self {
        let mut chain = Vec::with_capacity(self.via().len() + 1);
        chain.push(Via { what: what.into(), at: self.span.clone() });
        chain.extend_from_slice(self.via());
        Self { span: used, via: Some(Arc::new(chain)) }
    }

    /// [`Origin::through`], for a place that has a way behind it: the way of `used` comes first.
    pub fn used_at(&self, what: impl Into<Arc<str>>, used: &Self) -> Self {
        let mut chain = used.via().to_vec();
        chain.push(Via { what: what.into(), at: self.span.clone() });
        chain.extend_from_slice(self.via());
        Self { span: used.span.clone(), via: Some(Arc::new(chain)) }
    }
}

/// The texts of the files that were read, to print snippets from.
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<Arc<str>, Arc<str>>);

impl Sources {
    pub fn insert(&mut self, file: impl Into<Arc<str>>, text: impl Into<Arc<str>>) {
        self.0.insert(file.into(), text.into());
    }

    pub fn line(&self, span: &Span) -> Option<&str> {
        let number = usize::try_from(span.line).ok()?.checked_sub(1)?;
        self.0.get(&span.file)?.lines().nth(number)
    }
}
