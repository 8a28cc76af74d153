//! How is a target, before anything is planned for it? What `ipr doctor` asks; nothing is changed to answer it.

use serde::Serialize;

/// How it is with one thing that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    Ok,
    /// It works, and may hurt later; or it could not be looked at.
    Warning,
    /// Something that people rely on does not work.
    Problem,
}

impl CheckState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    pub state: CheckState,
    /// What it is about and how it is, without a full stop: "Proxmox VE 9.2, cluster lab".
    pub text: String,
    /// The next step, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Shown where one target is looked at closely; always where it is not ok.
    #[serde(skip)]
    pub is_detail: bool,
}

impl Check {
    pub fn ok(text: impl Into<String>) -> Self {
        Self { state: CheckState::Ok, text: text.into(), hint: None, is_detail: false }
    }

    pub fn warning(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { state: CheckState::Warning, text: text.into(), hint: Some(hint.into()), is_detail: false }
    }

    pub fn problem(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { state: CheckState::Problem, text: text.into(), hint: Some(hint.into()), is_detail: false }
    }

    /// The same, for those who look closely.
    pub fn detail(self) -> Self {
        Self { is_detail: true, ..self }
    }
}

/// What a target says of itself and of our credential.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkup {
    /// The target's own clock, in seconds since 1970, where it tells.
    pub unix_time_s: Option<i64>,
    pub checks: Vec<Check>,
}
