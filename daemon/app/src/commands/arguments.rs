//! What do the words after a command mean? Environments, digests and options.

use core_model::Address;

/// What is wrong with the arguments of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) detail: String,
    pub(super) hint: Option<String>,
}

const DIGEST_LENGTH_MIN: usize = 8;
const DIGEST_LENGTH_MAX: usize = 64;

/// A word without the punctuation of the sentence it may stand in: `/plan.`, `3f9c0a1b2c3d…`, `prod,`.
pub(super) fn trimmed(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ';', ':', '!', '?', '…', '\\'])
}

/// The words that are left to understand.
pub(super) struct Words(Vec<String>);

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        Self(words.iter().map(|word| with_plain_dashes(word)).collect())
    }

    /// The value of `--name value` or `--name=value`, once.
    pub(super) fn option(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let Some(place) = self.0.iter().position(|word| word == name || word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))) else {
            return Ok(None);
        };
        let word = self.0.remove(place);
        if let Some((_, value)) = word.split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        if place < self.0.len() {
            return Ok(Some(self.0.remove(place)));
        }
        Err(Problem { detail: format!("`{name}` wants a value after it."), hint: None })
    }

    /// The last word that can be a digest: `/apply beadfeed 3f9c0a1b` leaves an environment that looks like one.
    pub(super) fn digest(&mut self) -> Option<String> {
        let place = self.0.iter().rposition(|word| is_digest(word))?;
        Some(self.0.remove(place).to_ascii_lowercase())
    }

    /// The first word, if it can be the name of an environment.
    pub(super) fn environment(&mut self) -> Option<String> {
        let word = self.0.first().filter(|word| is_name(word))?.to_ascii_lowercase();
        self.0.remove(0);
        Some(word)
    }

    /// The first word as the address of a resource, in backticks or without.
    pub(super) fn address(&mut self) -> Result<Option<Address>, Problem> {
        let Some(word) = self.0.first() else { return Ok(None) };
        let hint = || Some("an address is `<blueprint>.<resource>`".to_owned());
        let shown: String = word.chars().take(80).collect();
        let address = word.trim_matches('`').parse().map_err(|_| Problem { detail: format!("`{shown}` is no address."), hint: hint() })?;
        self.0.remove(0);
        Ok(Some(address))
    }

    /// Every word must have been understood.
    pub(super) fn end(&self) -> Result<(), Problem> {
        let Some(word) = self.0.first() else { return Ok(()) };
        let shown: String = word.chars().take(80).collect();
        let is_short_digest = word.len() < DIGEST_LENGTH_MIN && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (detail, hint) = if word.starts_with("--emergency") {
            (format!("`{shown}` is not supported yet."), None)
        } else if is_short_digest {
            (format!("`{shown}` is too short for a digest."), Some(format!("type at least {DIGEST_LENGTH_MIN} of its digits")))
        } else {
            (format!("`{shown}` is not understood here."), None)
        };
        Err(Problem { detail, hint })
    }
}

/// Telephones make one long dash of two short ones.
fn with_plain_dashes(word: &str) -> String {
    match word.strip_prefix(['—', '–']) {
        Some(rest) => format!("--{rest}"),
        None => word.to_owned(),
    }
}

fn is_digest(word: &str) -> bool {
    (DIGEST_LENGTH_MIN..=DIGEST_LENGTH_MAX).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_name(word: &str) -> bool {
    word.to_ascii_lowercase().parse::<core_model::Name>().is_ok()
}
