//! What is written between `${` and `}`? Texts are cut into plain pieces and references.

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// `$${`, which stands for `${`.
    Escaped,
    /// What stands between `${` and `}`.
    Reference(&'a str),
    /// `${` without an end.
    Unclosed(&'a str),
}

/// The pieces of a text, in order.
pub(crate) struct Pieces<'a> {
    rest: &'a str,
}

pub(crate) const OPENING: &str = "${";
pub(crate) const ESCAPED_OPENING: &str = "$${";

pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { rest: text }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(rest) = self.rest.strip_prefix(ESCAPED_OPENING) {
            self.rest = rest;
            return Some(Piece::Escaped);
        }
        if let Some(inside) = self.rest.strip_prefix(OPENING) {
            let Some((reference, rest)) = inside.split_once('}') else {
                let unclosed = self.rest;
                self.rest = "";
                return Some(Piece::Unclosed(unclosed));
            };
            self.rest = rest;
            return Some(Piece::Reference(reference));
        }
        let end = match self.rest.find(OPENING) {
            None => self.rest.len(),
            Some(at) if self.rest[..at].ends_with('$') => at - 1,
            Some(at) => at,
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Piece::Text(text))
    }
}

/// What a text refers to, if it is one reference and nothing else.
pub(crate) fn whole(text: &str) -> Option<&str> {
    let mut pieces = pieces(text);
    match (pieces.next(), pieces.next()) {
        (Some(Piece::Reference(reference)), None) => Some(reference),
        _ => None,
    }
}

/// A reference, cut at its dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    pub(crate) scope: &'a str,
    pub(crate) path: Vec<&'a str>,
}

pub(crate) const SCOPES: [&str; 5] = ["each", "env", "parameter", "resource", "secret"];

/// Cuts what stands between `${` and `}`. The error completes the sentence "`${..}` ...".
pub(crate) fn parse(inside: &str) -> Result<Reference<'_>, &'static str> {
    if inside.is_empty() {
        return Err("is empty");
    }
    if inside.contains(char::is_whitespace) {
        return Err("holds a space");
    }
    let mut segments = inside.split('.');
    let scope = segments.next().unwrap_or_default();
    let path: Vec<&str> = segments.collect();
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !is_word(scope) || !path.iter().all(|segment| is_word(segment)) {
        return Err("is not made of words with dots between them");
    }
    if path.is_empty() { Err("has no dot") } else { Ok(Reference { scope, path }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_pieces() {
        use Piece::{Escaped, Reference, Text, Unclosed};
        for (text, expected) in [
            ("plain", vec![Text("plain")]),
            ("a-${env.b}c", vec![Text("a-"), Reference("env.b"), Text("c")]),
            ("$${env.b}", vec![Escaped, Text("env.b}")]),
            ("$$${x}", vec![Text("$"), Escaped, Text("x}")]),
            ("a$ ${b", vec![Text("a$ "), Unclosed("${b")]),
            ("${a}${b}", vec![Reference("a"), Reference("b")]),
        ] {
            assert_eq!(pieces(text).collect::<Vec<_>>(), expected, "{text}");
        }
        assert_eq!(whole("${env.b}"), Some("env.b"));
        assert_eq!(whole("${env.b} "), None);
    }

    #[test]
    fn references_are_words_with_dots() {
        assert_eq!(parse("env.a-b"), Ok(Reference { scope: "env", path: vec!["a-b"] }));
        for bad in ["", "env", "env.", "env a", "env..a", "VAR:-x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
