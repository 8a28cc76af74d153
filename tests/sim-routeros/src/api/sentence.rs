//! What does a sentence from a client ask, and how is it answered?

use super::words::write_sentence;
use crate::commands::{Answer, Request, Row};
use crate::trap::Trap;
use crate::version::Version;

/// A sentence that was read: the request, and the tag that its answers carry.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sentence {
    pub(super) request: Request,
    pub(super) tag: Option<String>,
}

impl Sentence {
    /// Nothing for a sentence without words.
    pub(super) fn parse(words: &[String]) -> Option<Self> {
        let (command, rest) = words.split_first()?;
        let mut sentence = Self { request: Request::new(command, Vec::new()), tag: None };
        for word in rest {
            if let Some(query) = word.strip_prefix('?') {
                sentence.request.query.push(query.to_owned());
            } else if let Some(tag) = word.strip_prefix(".tag=") {
                sentence.tag = Some(tag.to_owned());
            } else if let Some(names) = word.strip_prefix("=.proplist=").or_else(|| word.strip_prefix(".proplist=")) {
                sentence.request.proplist = Some(crate::values::list(names));
            } else if let Some(attribute) = word.strip_prefix('=') {
                let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
                sentence.request.arguments.push((name.to_owned(), value.to_owned()));
            }
        }
        Some(sentence)
    }
}

/// Answers to one sentence, as bytes.
#[derive(Debug)]
pub(super) struct Replies<'tag> {
    tag: Option<&'tag str>,
    pub(super) bytes: Vec<u8>,
}

impl<'tag> Replies<'tag> {
    pub(super) fn new(tag: Option<&'tag str>) -> Self {
        Self { tag, bytes: Vec::new() }
    }

    fn sentence(&mut self, reply: &str, attributes: &[(String, String)]) {
        let mut words = vec![reply.to_owned()];
        words.extend(self.tag.map(|tag| format!(".tag={tag}")));
        words.extend(attributes.iter().map(|(name, value)| format!("={name}={value}")));
        write_sentence(&mut self.bytes, words.iter().map(String::as_str));
    }

    pub(super) fn row(&mut self, row: &Row) {
        self.sentence("!re", row);
    }

    pub(super) fn done(&mut self, ret: Option<String>) {
        let ret = ret.map(|ret| ("ret".to_owned(), ret));
        self.sentence("!done", ret.as_slice());
    }

    pub(super) fn trap(&mut self, trap: &Trap) {
        let mut attributes: Vec<(String, String)> = Vec::new();
        attributes.extend(trap.category.map(|category| ("category".to_owned(), category.to_string())));
        attributes.push(("message".to_owned(), trap.message.clone()));
        self.sentence("!trap", &attributes);
    }

    pub(super) fn fatal(&mut self, message: &str) {
        write_sentence(&mut self.bytes, ["!fatal", message]);
    }

    /// The whole answer: rows, or that there are none, and the end.
    pub(super) fn answer(&mut self, answer: Answer, version: Version, command: &str) {
        answer.rows.iter().for_each(|row| self.row(row));
        if answer.rows.is_empty() && answer.ret.is_none() && command == "print" && version.says_empty() {
            self.sentence("!empty", &[]);
        }
        self.done(answer.ret);
    }

    /// A refusal is followed by `!done`, as any answer.
    pub(super) fn refusal(&mut self, trap: &Trap) {
        self.trap(trap);
        self.done(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let words = ["/ip/address/print", "=.proplist=.id,address", "?address=10.0.0.1/24", "?#!", "=detail=", "=comment=a=b", ".tag=7"];
        let sentence = Sentence::parse(&words.map(str::to_owned)).expect("a sentence");
        assert_eq!((sentence.request.menu.as_str(), sentence.request.command.as_str()), ("/ip/address", "print"));
        assert_eq!(sentence.request.query, ["address=10.0.0.1/24", "#!"]);
        assert_eq!(sentence.request.proplist, Some(vec![".id".to_owned(), "address".to_owned()]));
        assert_eq!((sentence.request.argument("detail"), sentence.request.argument("comment")), (Some(""), Some("a=b")));
        assert_eq!(sentence.tag.as_deref(), Some("7"));
    }
}
