//! Which repositories does the daemon serve, which environments of each, and does it read requests there?

use std::collections::BTreeMap;

use daemon_github::RepositoryName;
use serde_saphyr::Spanned;

use super::{ServedRepository, check::Check, document::Repository};

impl Check<'_> {
    pub(super) fn repositories(&mut self, given: Option<&Spanned<Vec<Spanned<Repository>>>>) -> BTreeMap<RepositoryName, ServedRepository> {
        let mut served = BTreeMap::new();
        let Some(list) = self.required(given, "repositories", "It lists the repositories that the daemon serves.") else { return served };
        if list.value.is_empty() {
            self.error("Empty list", "`repositories` lists nothing.".to_owned(), list.referenced).hint = Some("name at least one".to_owned());
        }
        for entry in &list.value {
            let at = entry.referenced;
            let name = self.required_at(entry.value.name.as_ref(), "repositories.name", "It is `owner/name` on GitHub.", at);
            let meaning = "They are those that this daemon plans and applies.";
            let environments = self.required_at(entry.value.environments.as_ref(), "repositories.environments", meaning, at);
            let environments = environments.map(|list| self.names("repositories.environments", list)).unwrap_or_default();
            let assistant = entry.value.assistant.as_ref().and_then(|given| self.assistant(given));
            let Some(text) = name else { continue };
            let Some(name) = self.name::<RepositoryName>("repositories.name", text) else { continue };
            if served.insert(name, ServedRepository { environments, assistant }).is_some() {
                let detail = format!("`{}` is listed twice.", text.value);
                self.error("Repository listed twice", detail, text.referenced).hint = Some("list its environments in one place".to_owned());
            }
        }
        served
    }
}
