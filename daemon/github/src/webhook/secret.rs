//! Is a webhook secret worth its name? Asked once, when the daemon starts.

use core_model::Secret;

const LENGTH_MIN: usize = 16;
/// Fewer different characters than this is a key held down.
const DISTINCT_MIN: usize = 5;

/// Secrets that documentation and examples print, in lower case, letters and digits alone.
const SAMPLES: &[&str] = &[
    "itsasecrettoeverybody",
    "yourwebhooksecret",
    "yourwebhooksecrethere",
    "yoursecrethere",
    "yoursecrettoken",
    "mywebhooksecret",
    "mysecrettoken",
    "githubwebhooksecret",
    "webhooksecret",
    "supersecretwebhooksecret",
    "changemechangeme",
    "changemechangemechangeme",
    "pleasechangemenow",
    "replacemereplaceme",
    "secretsecretsecret",
    "developmentsecret",
    "developmentwebhooksecret",
    "passwordpassword",
    "0123456789abcdef",
    "1234567890123456",
    "abcdefghijklmnop",
];

/// Why a webhook secret is refused. The secret is not in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookSecretError {
    #[error("the webhook secret is empty")]
    Empty,
    #[error("the webhook secret is shorter than 16 characters; make one with `openssl rand -hex 32`")]
    TooShort,
    #[error("the webhook secret is a sample that anybody can guess; make one with `openssl rand -hex 32`")]
    Sample,
}

/// Refuses a secret that is missing, short, or printed in examples: who knows it can wake the daemon at will.
pub fn check_webhook_secret(secret: &Secret) -> Result<(), WebhookSecretError> {
    let text = secret.expose().trim();
    if text.is_empty() {
        return Err(WebhookSecretError::Empty);
    }
    if text.chars().count() < LENGTH_MIN {
        return Err(WebhookSecretError::TooShort);
    }
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let distinct: std::collections::BTreeSet<char> = text.chars().collect();
    if SAMPLES.contains(&plain.as_str()) || distinct.len() < DISTINCT_MIN {
        return Err(WebhookSecretError::Sample);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_secrets_are_refused() {
        let rows = [
            ("", WebhookSecretError::Empty),
            ("   ", WebhookSecretError::Empty),
            ("secret", WebhookSecretError::TooShort),
            ("changeme", WebhookSecretError::TooShort),
            ("development", WebhookSecretError::TooShort),
            ("fifteen-letters", WebhookSecretError::TooShort),
            ("It's a Secret to Everybody", WebhookSecretError::Sample),
            ("your-webhook-secret", WebhookSecretError::Sample),
            ("CHANGE_ME_CHANGE_ME", WebhookSecretError::Sample),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", WebhookSecretError::Sample),
        ];
        for (text, expected) in rows {
            assert_eq!(check_webhook_secret(&Secret::new(text)), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_random_secret_is_accepted() {
        assert_eq!(check_webhook_secret(&Secret::new("3b1f6f0b7c2e49d8a5d1c07e9f64b2aa")), Ok(()));
    }
}
