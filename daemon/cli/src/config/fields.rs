//! Is a key there? Missing ones are reported where they should stand.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use core_model::{Diagnostic, Span};
use serde_saphyr::{Location, Spanned};

use super::{check::Check, document::Text};

impl Check<'_> {
    /// A key of the whole file.
    pub(super) fn required<'v, T>(&mut self, value: Option<&'v Spanned<T>>, key: &str, meaning: &str) -> Option<&'v Spanned<T>> {
        let top = Span::new(self.file(), 1, 1);
        self.present(value, key, meaning, top)
    }

    /// A key of the section at `location`.
    pub(super) fn required_at<'v, T>(
        &mut self,
        value: Option<&'v Spanned<T>>,
        key: &str,
        meaning: &str,
        location: Location,
    ) -> Option<&'v Spanned<T>> {
        let span = self.span(location);
        self.present(value, key, meaning, span)
    }

    fn present<'v, T>(&mut self, value: Option<&'v Spanned<T>>, key: &str, meaning: &str, at: Span) -> Option<&'v Spanned<T>> {
        if value.is_none() {
            let diagnostic = Diagnostic::error("Missing key", format!("`{key}` is required. {meaning}")).at(&at);
            self.diagnostics.push(diagnostic.hint("deploy/ipr.example.yaml shows it"));
        }
        value
    }

    /// A list of names. Wrong ones are reported and left out.
    pub(super) fn names<T>(&mut self, key: &str, list: &Spanned<Vec<Text>>) -> BTreeSet<T>
    where
        T: FromStr<Err: Display> + Ord,
    {
        if list.value.is_empty() {
            self.error("Empty list", format!("`{key}` lists nothing."), list.referenced).hint = Some("name at least one".to_owned());
        }
        list.value.iter().filter_map(|text| self.name(key, text)).collect()
    }

    /// One name. A wrong one is reported.
    pub(super) fn name<T: FromStr<Err: Display>>(&mut self, key: &str, text: &Text) -> Option<T> {
        match text.value.parse() {
            Ok(name) => Some(name),
            Err(why) => {
                self.error("Invalid name", format!("`{}` in `{key}` is no name: {why}.", text.value), text.referenced);
                None
            }
        }
    }
}
