//! What does an answer say? `data`, or why there is none: the words are in the body, or in the status line alone.

use std::time::SystemTime;

use engine_api::EngineError;
use hyper::ext::ReasonPhrase;
use reqwest::Response;
use reqwest::header::DATE;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Answer;
use crate::fault;

/// More than a list of ten thousand guests.
const ANSWER_MEBIBYTES_MAX: usize = 64;

/// What came back and was no refusal, not yet understood.
pub(super) struct Body {
    bytes: Vec<u8>,
    date: Option<SystemTime>,
}

pub(super) async fn body(attempt: &str, response: Response) -> Result<Body, EngineError> {
    let status = response.status().as_u16();
    let reason = response.extensions().get::<ReasonPhrase>().map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
    let date = response.headers().get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let bytes = engine_http::body(attempt, response, ANSWER_MEBIBYTES_MAX).await?;
    if !(200..300).contains(&status) {
        let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        return Err(fault::of_answer(attempt, status, &words(&value, reason)));
    }
    Ok(Body { bytes, date })
}

impl Body {
    /// The whole of it.
    pub(super) fn answer(&self, attempt: &str) -> Result<Answer, EngineError> {
        let mut value: Value = serde_json::from_slice(&self.bytes).map_err(|_| not_json(attempt))?;
        let total = value.get("total").and_then(Value::as_u64);
        let changes = value.get("changes").and_then(Value::as_str).filter(|changes| !changes.trim().is_empty()).map(str::to_owned);
        match value.get_mut("data") {
            Some(data) => Ok(Answer { data: data.take(), total, changes, date: self.date }),
            None => Err(fault::senseless(attempt, "the answer holds no `data`")),
        }
    }

    /// Its `data` alone, read straight into what is wanted of it: a tree of ten thousand guests takes longer than the call.
    pub(super) fn data<T: DeserializeOwned>(&self, attempt: &str) -> Result<T, EngineError> {
        let enveloped: Result<Enveloped<T>, _> = serde_json::from_slice(&self.bytes);
        enveloped.map(|enveloped| enveloped.data).map_err(|error| match error.is_data() {
            true => fault::senseless(attempt, "the answer has another form than Proxmox VE describes for it"),
            false => not_json(attempt),
        })
    }
}

#[derive(Deserialize)]
struct Enveloped<T> {
    data: T,
}

fn not_json(attempt: &str) -> EngineError {
    fault::senseless(attempt, "the answer is not JSON; is this the address of a Proxmox VE node?")
}

/// `Parameter verification failed. cores: type check failed`.
fn words(body: &Value, reason: Option<String>) -> String {
    let message = body.get("message").and_then(Value::as_str).map(|message| message.trim().to_owned());
    let mut words = message.filter(|message| !message.is_empty()).or(reason).unwrap_or_default();
    for (name, why) in body.get("errors").and_then(Value::as_object).into_iter().flatten() {
        let why = why.as_str().unwrap_or("is refused").trim();
        words.push_str(&format!(" {name}: {why}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_are_in_the_body_or_in_the_status_line() {
        let body = json!({"data": null, "message": "Parameter verification failed.\n", "errors": {"cores": "type check failed\n"}});
        assert_eq!(words(&body, None), "Parameter verification failed. cores: type check failed");
        assert_eq!(words(&json!({"data": null}), Some("VM 100 not running".to_owned())), "VM 100 not running");
    }
}
