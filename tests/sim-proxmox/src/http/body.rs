//! Which parameters does a request give, in its query and in its body?

use axum::http::HeaderMap;
use bytes::Bytes;
use futures::stream;
use serde_json::Value;

use crate::api::Upload;
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::scalar;

#[derive(Debug, Default)]
pub(super) struct Given {
    pub(super) parameters: Parameters,
    pub(super) upload: Option<Upload>,
}

/// Forms, JSON and multipart uploads are read, as by pve-http-server.
pub(super) async fn read(query: &str, headers: &HeaderMap, bytes: Bytes) -> Result<Given, Refusal> {
    let mut given = Given::default();
    add_form(&mut given.parameters, query.as_bytes());
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if bytes.is_empty() {
        return Ok(given);
    }
    if kind.starts_with("application/json") {
        add_json(&mut given.parameters, &bytes)?;
    } else if let Ok(boundary) = multer::parse_boundary(kind) {
        add_multipart(&mut given, boundary, bytes).await?;
    } else {
        add_form(&mut given.parameters, &bytes);
    }
    Ok(given)
}

fn add_form(parameters: &mut Parameters, text: &[u8]) {
    for (name, value) in url::form_urlencoded::parse(text) {
        // A name given twice is a list; the real one joins with a zero byte.
        parameters.entry(name.into_owned()).and_modify(|known| known.push_str(&format!("\0{value}"))).or_insert_with(|| value.into_owned());
    }
}

fn add_json(parameters: &mut Parameters, bytes: &[u8]) -> Result<(), Refusal> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| Refusal::with_status(400, format!("unable to decode JSON: {error}")))?;
    for (name, value) in value.as_object().into_iter().flatten() {
        let text = match value {
            Value::Array(items) => Some(items.iter().filter_map(scalar).collect::<Vec<_>>().join("\0")),
            other => scalar(other),
        };
        if let Some(text) = text {
            parameters.insert(name.clone(), text);
        }
    }
    Ok(())
}

async fn add_multipart(given: &mut Given, boundary: String, bytes: Bytes) -> Result<(), Refusal> {
    let refused = |error: multer::Error| Refusal::with_status(400, format!("error while parsing multipart: {error}"));
    let mut parts = multer::Multipart::new(stream::iter([Ok::<_, std::io::Error>(bytes)]), boundary);
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(refused)?;
        if name == "filename" && file.is_some() {
            given.upload = Some(Upload { name: file.clone().unwrap_or_default(), bytes });
            given.parameters.insert(name, file.unwrap_or_default());
        } else {
            given.parameters.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}
