//! What went wrong on the way to a target? A kind that decides about retries, and words for people.

use std::fmt;

/// Retry and blame are decided from the kind, never from the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// No answer came: the target, or the way to it, is down.
    Unreachable,
    /// The credential is wrong or may not do this.
    Unauthorised,
    NotFound,
    /// The target holds something that is in the way, or it changed under us.
    Conflict,
    /// The target understood and refuses.
    Rejected,
    /// The target is locked or overloaded; the same call may succeed later.
    Busy,
    /// The deadline passed; the call may have taken effect.
    Timeout,
    /// The answer makes no sense.
    Protocol,
}

impl ErrorKind {
    pub const ALL: [Self; 8] =
        [Self::Unreachable, Self::Unauthorised, Self::NotFound, Self::Conflict, Self::Rejected, Self::Busy, Self::Timeout, Self::Protocol];

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Unreachable | Self::Busy | Self::Timeout)
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Unreachable => "the target cannot be reached",
            Self::Unauthorised => "the target refuses the credential",
            Self::NotFound => "the target does not have it",
            Self::Conflict => "the target holds something in the way",
            Self::Rejected => "the target refuses",
            Self::Busy => "the target is busy",
            Self::Timeout => "the target did not answer in time",
            Self::Protocol => "the target's answer makes no sense",
        }
    }
}

/// A failed attempt on a target. Never holds a secret; `Display` says what was attempted and leaves the source out.
#[derive(Debug)]
pub struct EngineError {
    pub kind: ErrorKind,
    /// "create the container `web`".
    pub attempted: String,
    /// The target's own words, bounded.
    pub message: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// A target's words are cut here: enough for log lines, too little to flood a comment.
const MESSAGE_LENGTH_MAX: usize = 2_000;

impl EngineError {
    pub fn new(kind: ErrorKind, attempted: impl Into<String>, message: impl Into<String>) -> Self {
        let mut message = message.into();
        if message.len() > MESSAGE_LENGTH_MAX {
            let end = (0..=MESSAGE_LENGTH_MAX).rev().find(|index| message.is_char_boundary(*index)).unwrap_or(0);
            message.truncate(end);
            message.push('…');
        }
        Self { kind, attempted: attempted.into(), message, source: None }
    }

    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not {}: {}", self.attempted, self.kind.words())?;
        if self.message.is_empty() { Ok(()) } else { write!(formatter, ": {}", self.message) }
    }
}

impl std::error::Error for EngineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_messages_are_cut_between_characters() {
        let error = EngineError::new(ErrorKind::Rejected, "create it", "é".repeat(3_000));
        assert!(error.message.len() <= MESSAGE_LENGTH_MAX + '…'.len_utf8());
        assert!(error.to_string().starts_with("could not create it: the target refuses: é"));
    }
}
