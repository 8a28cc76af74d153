//! Who calls the assistant in a repository, and how often may they? Without this section it reads nothing.

use daemon_app::AssistantSettings;
use daemon_github::Login;
use serde_saphyr::Spanned;

use super::{
    check::Check,
    document::{ADay, Assistant, Text},
};

const AUTHOR_REQUESTS_A_DAY: u32 = 20;
const REPOSITORY_REQUESTS_A_DAY: u32 = 100;
const A_DAY_MAX: u32 = 10_000;
const LABEL_CHARACTERS_MAX: usize = 50;

impl Check<'_> {
    pub(super) fn assistant(&mut self, given: &Spanned<Assistant>) -> Option<AssistantSettings> {
        let assistant = &given.value;
        let label = assistant.label.as_ref().and_then(|text| self.label(text));
        let mention = assistant.mention.as_ref().and_then(|text| self.mention(text));
        if assistant.label.is_none() && assistant.mention.is_none() {
            let detail = "`assistant` has neither `label` nor `mention`, so nobody could call it.".to_owned();
            self.error("Nobody is called", detail, given.referenced).hint = Some("for example label: ipr".to_owned());
        }
        let default = (AUTHOR_REQUESTS_A_DAY, REPOSITORY_REQUESTS_A_DAY);
        let (author, repository) = self.a_day("assistant.requests_a_day", assistant.requests_a_day.as_ref(), default);
        Some(AssistantSettings { label, mention, author_requests_a_day: author, repository_requests_a_day: repository, model: None })
    }

    fn label(&mut self, text: &Text) -> Option<String> {
        let is_label = !text.value.trim().is_empty() && text.value.chars().count() <= LABEL_CHARACTERS_MAX && !text.value.contains(',');
        if !is_label {
            let detail = format!("`assistant.label` is `{}`, which is not 1 to {LABEL_CHARACTERS_MAX} characters without a comma.", text.value);
            self.error("Invalid label", detail, text.referenced).hint = Some("for example ipr".to_owned());
        }
        is_label.then(|| text.value.clone())
    }

    /// Without the `@`, which YAML reserves.
    fn mention(&mut self, text: &Text) -> Option<String> {
        self.name::<Login>("assistant.mention", text).map(|login| login.as_str().to_owned())
    }

    /// A budget of an author and of a repository.
    pub(super) fn a_day(&mut self, key: &str, given: Option<&ADay>, (author, repository): (u32, u32)) -> (u32, u32) {
        let author = self.budget(&format!("{key}.author"), given.and_then(|budget| budget.author.as_ref()), author);
        (author, self.budget(&format!("{key}.repository"), given.and_then(|budget| budget.repository.as_ref()), repository))
    }

    fn budget(&mut self, key: &str, given: Option<&Spanned<u32>>, default: u32) -> u32 {
        let Some(number) = given else { return default };
        if number.value == 0 || number.value > A_DAY_MAX {
            let detail = format!("`{key}` is {}, which is not from 1 to {A_DAY_MAX}.", number.value);
            self.error("Number out of range", detail, number.referenced).hint = Some(format!("leave it out for {default}"));
        }
        number.value
    }
}
