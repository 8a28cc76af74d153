//! What goes back to the caller?

use serde_json::Value;

use crate::github::refusal::Refusal;

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Nothing,
    Json(Value),
    Raw(Vec<u8>),
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

/// What every handler answers.
pub(crate) type Outcome = Result<Answer, Refusal>;

impl Answer {
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(value) }
    }

    pub(crate) fn ok(value: Value) -> Self {
        Self::json(200, value)
    }

    pub(crate) fn created(value: Value) -> Self {
        Self::json(201, value)
    }

    pub(crate) fn no_content() -> Self {
        Self { status: 204, headers: Vec::new(), content: Content::Nothing }
    }

    pub(crate) fn raw(bytes: Vec<u8>) -> Self {
        let headers = vec![("content-type", "application/vnd.github.raw+json; charset=utf-8".to_owned())];
        Self { status: 200, headers, content: Content::Raw(bytes) }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        match &self.content {
            Content::Nothing => Vec::new(),
            Content::Json(value) => value.to_string().into_bytes(),
            Content::Raw(bytes) => bytes.clone(),
        }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let answer = Self::json(refusal.status(), refusal.body());
        match refusal {
            Refusal::Forbidden { needs, .. } => answer.with_header("x-accepted-github-permissions", needs.to_owned()),
            _ => answer,
        }
    }
}
