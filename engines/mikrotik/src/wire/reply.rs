//! What did the router say? One sentence of an answer, taken apart.

use std::collections::BTreeMap;

/// The properties of a row, by name.
pub(crate) type Row = BTreeMap<String, String>;

/// What kind of sentence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReplyKind {
    /// One row of an answer.
    Row,
    /// The answer is whole.
    Done,
    /// The command failed. `!done` still follows.
    Trap,
    /// The router closes the connection.
    Fatal,
    /// The command has no rows (7.18 and newer). `!done` still follows.
    Empty,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) kind: ReplyKind,
    pub(crate) tag: Option<u32>,
    pub(crate) row: Row,
    /// Words that are no properties: the reason of a `!fatal`.
    pub(crate) text: String,
}

impl Reply {
    /// `None`: the first word is none of those that the protocol knows. Bytes that are no UTF-8 are replaced: comments may be written
    /// in the code page of whoever typed them.
    pub(crate) fn parse(words: &[Vec<u8>]) -> Option<Self> {
        let (first, rest) = words.split_first()?;
        let kind = match first.as_slice() {
            b"!re" => ReplyKind::Row,
            b"!done" => ReplyKind::Done,
            b"!trap" => ReplyKind::Trap,
            b"!fatal" => ReplyKind::Fatal,
            b"!empty" => ReplyKind::Empty,
            _ => return None,
        };
        let mut reply = Self { kind, tag: None, row: Row::new(), text: String::new() };
        for word in rest {
            let word = String::from_utf8_lossy(word);
            if let Some(property) = word.strip_prefix('=') {
                let (name, value) = property.split_once('=').unwrap_or((property, ""));
                reply.row.insert(name.to_owned(), value.to_owned());
            } else if let Some(tag) = word.strip_prefix(".tag=") {
                reply.tag = tag.parse().ok();
            } else {
                reply.text.push_str(&word);
            }
        }
        Some(reply)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(words: &[&str]) -> Option<Reply> {
        Reply::parse(&words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn properties_keep_everything_after_the_second_sign() {
        let reply = parse(&["!re", "=.id=*1A", "=comment=a=b", "=address=", "=flag", ".tag=7"]).expect("a reply");
        assert_eq!((reply.kind, reply.tag), (ReplyKind::Row, Some(7)));
        let expected = [(".id", "*1A"), ("address", ""), ("comment", "a=b"), ("flag", "")];
        assert!(reply.row.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));
    }

    #[test]
    fn the_kinds_of_the_protocol_are_known_and_no_others() {
        for (word, kind) in [("!done", ReplyKind::Done), ("!trap", ReplyKind::Trap), ("!fatal", ReplyKind::Fatal), ("!empty", ReplyKind::Empty)] {
            assert_eq!(parse(&[word, "too many"]).map(|reply| (reply.kind, reply.text)), Some((kind, "too many".to_owned())));
        }
        assert_eq!(parse(&["!new"]), None);
        assert_eq!(parse(&[]), None);
    }

    proptest! {
        #[test]
        fn any_sentence_is_read_without_a_panic(words in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6)) {
            for first in [&b"!re"[..], b"!trap", b"!done", b"x"] {
                let sentence: Vec<Vec<u8>> = std::iter::once(first.to_vec()).chain(words.clone()).collect();
                let _ = Reply::parse(&sentence);
            }
        }
    }
}
