//! Who is logged in? Sessions by token; what is behind their end is forgotten.

use std::collections::BTreeMap;

use hyper::HeaderMap;
use serde_json::Value;

use super::refusal::Refusal;
use super::state::{LocalAccount, World};

#[derive(Default)]
pub(super) struct Sessions {
    /// The token of each, by its number.
    pub(super) open: BTreeMap<usize, String>,
    pub(super) opened: usize,
    pub(super) most: usize,
    pub(super) failures: usize,
}

impl World {
    /// A new session: its number and its token.
    pub(super) fn log_in(&mut self, body: &Value) -> Result<(usize, String), Refusal> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if self.accounts.who(text("UserName"), text("Password")).is_none() {
            self.sessions.failures += 1;
            return Err(Refusal::new(
                401,
                "ResourceAtUriUnauthorized",
                format!("While accessing the resource with the password '{}', denied.", text("Password")),
            ));
        }
        if self.sessions.open.len() >= self.kit.sessions_max {
            return Err(Refusal::new(503, "SessionLimitExceeded", "The session establishment failed due to the number of simultaneous sessions."));
        }
        self.sessions.opened += 1;
        let number = self.sessions.opened;
        let token = format!("token-{number}-{:x}", number.wrapping_mul(0x9e37_79b9));
        self.sessions.open.insert(number, token.clone());
        self.kit.crowd.iter().for_each(|crowd| crowd.enter());
        self.sessions.most = self.sessions.most.max(self.sessions.open.len());
        Ok((number, token))
    }

    /// Whether whoever asks may.
    pub(super) fn lets_in(&mut self, headers: &HeaderMap) -> Result<(), Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let has_session = self.kit.has_sessions && self.sessions.open.values().any(|token| token == text("x-auth-token"));
        let by_name = text("authorization").strip_prefix("Basic ").and_then(decoded).is_some_and(|pair| self.knows(&pair));
        if has_session || by_name {
            return Ok(());
        }
        if headers.contains_key("authorization") {
            self.sessions.failures += 1;
        }
        Err(Refusal::new(401, "NoValidSession", "There is no valid session established with the implementation."))
    }

    fn knows(&self, pair: &str) -> bool {
        let (name, password) = pair.split_once(':').unwrap_or_default();
        self.accounts.who(name, password).is_some_and(|account: &LocalAccount| account.enabled)
    }
}

/// Base64, by hand: the simulator shares nothing with what it tests.
fn decoded(text: &str) -> Option<String> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        bits = bits << 6 | u32::from(value(letter)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("YWRtaW46cGFzc3dvcmQ=", "admin:password")] {
            assert_eq!(super::decoded(text).as_deref(), Some(expected));
        }
        assert_eq!(super::decoded("!"), None);
    }
}
