//! What is asked of the router? A command with its arguments, as the words of a sentence.

use std::fmt;

use super::decoder::encode_word;

/// One command: `/ip/address/print`, arguments, and queries for `print`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Command {
    path: String,
    /// `=name=value` and `?name=value`, in order. Queries are a stack machine, so that their order means something.
    words: Vec<String>,
}

impl Command {
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), words: Vec::new() }
    }

    /// `print` of a menu.
    pub(crate) fn print(menu: &str) -> Self {
        Self::new(format!("{menu}/print"))
    }

    pub(crate) fn argument(mut self, name: &str, value: &str) -> Self {
        self.words.push(format!("={name}={value}"));
        self
    }

    /// Only these properties come back.
    pub(crate) fn only(self, names: &[&str]) -> Self {
        self.argument(".proplist", &names.join(","))
    }

    /// Only rows where the property has this value. Several are joined by "and".
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.words.push(format!("?{name}={value}"));
        self
    }

    /// Only rows of which the last query is not so.
    pub(crate) fn negated(mut self) -> Self {
        self.words.push("?#!".to_owned());
        self
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Whether the command only reads.
    pub(crate) fn is_read(&self) -> bool {
        const READS: [&str; 4] = ["/print", "/get", "/inspect", "/listen"];
        READS.iter().any(|read| self.path.ends_with(read))
    }

    /// The sentence, with its tag.
    pub(super) fn encode(&self, tag: u32, bytes: &mut Vec<u8>) {
        encode_word(self.path.as_bytes(), bytes);
        self.words.iter().for_each(|word| encode_word(word.as_bytes(), bytes));
        encode_word(format!(".tag={tag}").as_bytes(), bytes);
        encode_word(&[], bytes);
    }
}

impl fmt::Debug for Command {
    /// Without values: passwords and keys are among them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.words.iter().map(|word| word.get(1..).unwrap_or_default().split('=').next().unwrap_or_default());
        formatter.debug_struct("Command").field("path", &self.path).field("arguments", &names.collect::<Vec<_>>()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_printed_without_its_values() {
        let command = Command::new("/user/add").argument("name", "ops").argument("password", "canary").query("a", "canary");
        let printed = format!("{command:?}");
        assert!(printed.contains("password") && !printed.contains("canary"), "{printed}");
    }

    #[test]
    fn reads_are_told_from_writes() {
        assert!(Command::print("/ip/address").is_read());
        assert!(Command::new("/safe-mode/get").is_read());
        for write in ["/ip/address/add", "/system/reboot", "/safe-mode/take", "/import"] {
            assert!(!Command::new(write).is_read(), "{write}");
        }
    }
}
