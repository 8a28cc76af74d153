//! Where is a secret? In a variable or in a file; the configuration says which, never the secret itself.

use std::path::PathBuf;

use core_model::Span;
use serde_saphyr::{Location, Spanned};

use super::{
    check::Check,
    document::{Place, Text},
};

/// Where a secret is, and where the configuration says so.
#[derive(Debug, Clone)]
pub(crate) enum SecretPlace {
    Variable { name: String, said_at: Span },
    File { path: PathBuf, said_at: Span },
}

impl Check<'_> {
    /// `{env: NAME}` or `{file: PATH}`.
    pub(super) fn secret_place(&mut self, given: Option<&Spanned<Place>>, key: &str, meaning: &str) -> Option<SecretPlace> {
        let given = self.required(given, key, meaning)?;
        self.place_of(key, given.value.env.as_ref(), given.value.file.as_ref(), given.referenced)
    }

    pub(super) fn place_of(&mut self, key: &str, variable: Option<&Text>, file: Option<&Text>, location: Location) -> Option<SecretPlace> {
        match (variable, file) {
            (Some(text), None) if is_variable(&text.value) => {
                Some(SecretPlace::Variable { name: text.value.clone(), said_at: self.span(text.referenced) })
            }
            (Some(text), None) => {
                let detail = format!("`{key}.env` is `{}`, which is no name of an environment variable.", text.value);
                self.error("Invalid variable", detail, text.referenced).hint =
                    Some("letters, digits and `_`, for example IPR_GITHUB_TOKEN".to_owned());
                None
            }
            (None, Some(text)) => Some(SecretPlace::File { path: self.folder(text), said_at: self.span(text.referenced) }),
            (None, None) | (Some(_), Some(_)) => {
                let what = if variable.is_some() { "has two places" } else { "does not say where the secret is" };
                let hint = "write exactly one of {env: NAME} and {file: PATH}";
                self.error("Secret needs one place", format!("`{key}` {what}."), location).hint = Some(hint.to_owned());
                None
            }
        }
    }
}

fn is_variable(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= 128 && !text.starts_with(|first: char| first.is_ascii_digit()) && text.bytes().all(plain)
}
