//! What was the router asked?

use std::collections::{BTreeSet, VecDeque};

/// Calls kept; older ones are only counted.
const CALLS_KEPT: usize = 100_000;
/// Different questions kept.
const QUESTIONS_KEPT: usize = 10_000;

/// Over which interface a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Api,
    Rest,
    /// A command over SSH.
    Ssh,
    /// A script of the router, or a test through the handle.
    Script,
}

/// One request to the router, with what became of it. Values of secrets are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub via: Via,
    /// Such as `/ip/address/add`.
    pub command: String,
    /// Names and values as they came.
    pub arguments: Vec<(String, String)>,
    /// The words of a refusal.
    pub refused: Option<String>,
}

impl Call {
    /// The command changes something, or tries to.
    pub fn is_write(&self) -> bool {
        is_write(&self.command)
    }
}

/// Whether a command such as `/ip/address/add` changes something.
pub(crate) fn is_write(command: &str) -> bool {
    let name = command.rsplit('/').next().unwrap_or_default();
    !matches!(name, "print" | "get" | "listen" | "inspect" | "login" | "cancel" | "find" | "read" | "export" | "quit")
}

#[derive(Debug, Default)]
pub(crate) struct Calls {
    kept: VecDeque<Call>,
    questions: BTreeSet<String>,
}

impl Calls {
    pub(crate) fn add(&mut self, call: Call) {
        if self.kept.len() == CALLS_KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(call);
    }

    /// Keeps a sentence over the API that only reads, as a line of the replay's requests.
    pub(crate) fn add_question(&mut self, words: &[String]) {
        // What is listened to has no answer that could be compared.
        let is_kept = |command: &String| !is_write(command) && !["login", "cancel", "quit", "listen"].iter().any(|name| command.ends_with(name));
        let reads = words.first().is_some_and(is_kept);
        if reads && self.questions.len() < QUESTIONS_KEPT {
            let said = words.iter().filter(|word| !word.starts_with(".tag="));
            let quoted = said.map(|word| if word.contains(' ') { format!("\"{word}\"") } else { word.clone() });
            self.questions.insert(quoted.collect::<Vec<_>>().join(" "));
        }
    }

    pub(crate) fn questions(&self) -> Vec<String> {
        self.questions.iter().cloned().collect()
    }

    pub(crate) fn all(&self) -> Vec<Call> {
        self.kept.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }
}
