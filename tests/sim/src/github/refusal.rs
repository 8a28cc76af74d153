//! In which words does GitHub say no?

use serde_json::{Value, json};

use super::error::ForgeError;
use super::git::GitError;

const DOCUMENTATION: &str = "https://docs.example.com/rest";

#[derive(Debug)]
pub(crate) enum Refusal {
    BadBody,
    Unauthorised(&'static str),
    /// `needs` goes into `X-Accepted-GitHub-Permissions`.
    Forbidden {
        message: String,
        needs: &'static str,
    },
    NotFound(&'static str),
    NotMergeable(&'static str),
    Conflict(&'static str),
    Invalid {
        message: String,
        errors: Vec<Value>,
    },
    Git(GitError),
}

impl From<GitError> for Refusal {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl From<Refusal> for ForgeError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Git(error) => Self::Git(error),
            other => {
                let details = other.errors().iter().filter_map(|error| error.get("message")?.as_str());
                let message = [other.message().as_str()].into_iter().chain(details).collect::<Vec<_>>().join(": ");
                Self::Refused { status: other.status(), message }
            }
        }
    }
}

impl Refusal {
    pub(crate) const NOT_FOUND: Self = Self::NotFound("Not Found");

    /// 422 without details.
    pub(crate) fn invalid(message: &str) -> Self {
        Self::Invalid { message: message.to_owned(), errors: Vec::new() }
    }

    /// 422 `Validation Failed` with a sentence.
    pub(crate) fn custom(resource: &str, message: &str) -> Self {
        let errors = vec![json!({ "resource": resource, "code": "custom", "message": message })];
        Self::Invalid { message: "Validation Failed".to_owned(), errors }
    }

    /// 422 `Validation Failed` for one field; `code` is `missing_field` or `invalid`.
    pub(crate) fn field(resource: &str, field: &str, code: &str) -> Self {
        let errors = vec![json!({ "resource": resource, "field": field, "code": code })];
        Self::Invalid { message: "Validation Failed".to_owned(), errors }
    }

    pub(crate) fn too_long(resource: &str, characters_max: usize) -> Self {
        let message = format!("Body is too long (maximum is {characters_max} characters)");
        let errors = vec![json!({ "resource": resource, "field": "data", "code": "unprocessable", "message": message })];
        Self::Invalid { message: "Validation Failed".to_owned(), errors }
    }

    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::BadBody => 400,
            Self::Unauthorised(_) => 401,
            Self::Forbidden { .. } => 403,
            Self::NotFound(_) => 404,
            Self::NotMergeable(_) => 405,
            Self::Conflict(_) => 409,
            Self::Invalid { .. } => 422,
            Self::Git(_) => 500,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::BadBody => "Problems parsing JSON".to_owned(),
            Self::Unauthorised(message) | Self::NotFound(message) | Self::NotMergeable(message) | Self::Conflict(message) => (*message).to_owned(),
            Self::Forbidden { message, .. } | Self::Invalid { message, .. } => message.clone(),
            Self::Git(error) => error.to_string(),
        }
    }

    fn errors(&self) -> &[Value] {
        match self {
            Self::Invalid { errors, .. } => errors,
            _ => &[],
        }
    }

    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "message": self.message(), "documentation_url": DOCUMENTATION, "status": self.status().to_string(),
        });
        if !self.errors().is_empty() {
            body["errors"] = json!(self.errors());
        }
        body
    }
}
