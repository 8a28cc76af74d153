//! What is a model asked through, and why may it give no answer? The seam behind which it runs, wherever that is.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::prompt::Prompt;

/// The longest version that is kept.
const VERSION_CHARACTERS_MAX: usize = 80;

/// What a model said. It is data, and nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub text: String,
    /// Which model it was, as its own side tells it.
    pub version: ModelVersion,
}

/// What the other side calls the model that answered: plain characters, for logs and comments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelVersion(String);

impl ModelVersion {
    /// Keeps of a foreign text what can notify, link and hide nothing.
    pub fn of(text: &str) -> Self {
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | ':' | '+');
        Self(text.chars().filter(is_plain).take(VERSION_CHARACTERS_MAX).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a model gave no answer. The request then goes on without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposerError {
    #[error("the model did not answer in time")]
    Timeout,
    #[error("the model cannot be reached")]
    Unreachable,
    #[error("the model refused the request with status {0}")]
    Refused(u16),
    #[error("the model's answer has no form that can be read")]
    Malformed,
    #[error("the model's answer is too long")]
    TooLong,
    #[error("the request is longer than the model can hold")]
    PromptTooLong,
    /// With what its own side says about it.
    #[error("the model cannot run: {0}")]
    Unusable(String),
    #[error("the budget for this author or repository is used up")]
    Budget,
}

/// A language model, wherever it runs. It holds no token, no tool and no file.
#[async_trait]
pub trait Proposer: Send + Sync {
    /// What our own configuration calls it.
    fn name(&self) -> &str;

    /// One answer to one prompt, bounded in time and length.
    async fn propose(&self, prompt: &Prompt) -> Result<Proposed, ProposerError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_plain_and_short() {
        assert_eq!(ModelVersion::of("qwen2.5:3b-instruct_q4").as_str(), "qwen2.5:3b-instruct_q4");
        assert_eq!(ModelVersion::of("@alice `x`\n<img> [a](http://e.vil)#12").as_str(), "aliceximgahttp:e.vil12");
        assert_eq!(ModelVersion::of(&"x".repeat(500)).as_str().len(), VERSION_CHARACTERS_MAX);
    }
}
