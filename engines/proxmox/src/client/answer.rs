//! What does an answer say? `data`, or why there is none: the words are in the body, or in the status line alone.

use engine_api::EngineError;
use hyper::ext::ReasonPhrase;
use reqwest::Response;
use reqwest::header::DATE;
use serde_json::Value;

use super::Answer;
use crate::fault;

/// More than a list of ten thousand guests.
const ANSWER_BYTES_MAX: usize = 64 << 20;

pub(super) async fn read(attempt: &str, response: Response) -> Result<Answer, EngineError> {
    let status = response.status().as_u16();
    let reason = response.extensions().get::<ReasonPhrase>().map(|reason| String::from_utf8_lossy(reason.as_bytes()).into_owned());
    let date = response.headers().get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    let body = body(attempt, response).await?;
    let value: Result<Value, _> = serde_json::from_slice(&body);
    if !(200..300).contains(&status) {
        let value = value.unwrap_or_default();
        return Err(fault::of_answer(attempt, status, &words(&value, reason)));
    }
    let mut value = value.map_err(|_| fault::senseless(attempt, "the answer is not JSON; is this the address of a Proxmox VE node?"))?;
    let total = value.get("total").and_then(Value::as_u64);
    let changes = value.get("changes").and_then(Value::as_str).filter(|changes| !changes.trim().is_empty()).map(str::to_owned);
    match value.get_mut("data") {
        Some(data) => Ok(Answer { data: data.take(), total, changes, date }),
        None => Err(fault::senseless(attempt, "the answer holds no `data`")),
    }
}

async fn body(attempt: &str, mut response: Response) -> Result<Vec<u8>, EngineError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| fault::of_transport(attempt, error))? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(fault::senseless(attempt, "the answer is longer than 64 MiB"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
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
