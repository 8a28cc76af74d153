//! What do the daemon and the worker of a local model say to each other? One line of JSON each way, bounded on both sides.
//!
//! The worker begins with [`FromWorker::Ready`] or [`FromWorker::Broken`]. After that it answers each [`Ask`] with one line. It is told
//! nothing else, and it can say nothing else.

use std::io::{BufRead, Read as _};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A longer line is not read, by neither side.
pub const LINE_BYTES_MAX: usize = 256 << 10;

/// Who says something to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    System,
    User,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub role: Role,
    pub content: String,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Comes back with the answer.
    pub number: u64,
    pub messages: Vec<Message>,
    /// The answer is JSON of this schema.
    pub schema: Value,
    /// The longest answer.
    pub tokens_max: u32,
    /// The longest thought before it, where the model thinks.
    pub thought_tokens_max: u32,
    /// After so long there is no answer any more.
    pub milliseconds: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FromWorker {
    /// The model is loaded and the process is confined. `version` is the model's own name and the beginning of its file's hash.
    Ready {
        version: String,
    },
    /// It will never be; a sentence for people.
    Broken {
        why: String,
    },
    Said {
        number: u64,
        text: String,
    },
    Declined {
        number: u64,
        why: Declined,
    },
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Declined {
    /// Question and answer do not fit what the model can hold at once.
    PromptTooLong,
    /// The answer was not complete within its tokens.
    AnswerTooLong,
    OutOfTime,
    /// Something else; a sentence for people, without any of the question.
    Failed {
        why: String,
    },
}

/// The next line, without its end. `None` at the end of the input.
pub fn read_line(input: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let count = input.take(LINE_BYTES_MAX as u64 + 1).read_until(b'\n', &mut line)?;
    if count == 0 {
        return Ok(None);
    }
    line_of(line).map(Some)
}

/// What was read up to a line break, at most one byte more than a line may have.
pub fn line_of(mut bytes: Vec<u8>) -> std::io::Result<String> {
    let refused = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, why);
    if bytes.pop() != Some(b'\n') {
        return Err(refused("a line that is too long or does not end"));
    }
    String::from_utf8(bytes).map_err(|_| refused("a line that is no text"))
}

/// A message as its line.
pub fn line(message: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(message).map(|text| text + "\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn lines_are_read_one_by_one_and_never_beyond_their_bound() {
        let mut input = "one\ntwo\n".as_bytes();
        assert_eq!(read_line(&mut input).unwrap().as_deref(), Some("one"));
        assert_eq!(read_line(&mut input).unwrap().as_deref(), Some("two"));
        assert_eq!(read_line(&mut input).unwrap(), None);
        let longest = "x".repeat(LINE_BYTES_MAX - 1) + "\n";
        assert_eq!(read_line(&mut longest.as_bytes()).unwrap().map(|line| line.len()), Some(LINE_BYTES_MAX - 1));
        for bad in ["x".repeat(LINE_BYTES_MAX + 5) + "\n", "cut".to_owned()] {
            assert!(read_line(&mut bad.as_bytes()).is_err());
        }
        assert!(read_line(&mut [0xff, b'\n'].as_slice()).is_err());
    }

    #[test]
    fn what_one_side_writes_the_other_reads() {
        for message in [
            FromWorker::Ready { version: "a".to_owned() },
            FromWorker::Said { number: 7, text: "line\nbreak".to_owned() },
            FromWorker::Declined { number: 7, why: Declined::Failed { why: "b".to_owned() } },
        ] {
            let text = line(&message).unwrap();
            assert_eq!(text.matches('\n').count(), 1, "{text}");
            assert_eq!(serde_json::from_str::<FromWorker>(&text).unwrap(), message);
        }
        assert!(serde_json::from_str::<Ask>(r#"{"number":1,"tools":[]}"#).is_err());
    }
}
