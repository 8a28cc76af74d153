//! Which GitHub, and with which credentials?

use serde_saphyr::Spanned;

use super::{
    GitHubConfig,
    check::Check,
    document::{GitHub, Text},
};

const API: &str = "https://api.github.com";
const WEB: &str = "https://github.com";

impl Check<'_> {
    pub(super) fn github(&mut self, given: Option<&Spanned<GitHub>>) -> Option<GitHubConfig> {
        let given = self.required(given, "github", "It says which GitHub, and with which token.")?;
        let github = &given.value;
        let api = self.url("github.api", github.api.as_ref(), API);
        let web = self.url("github.web", github.web.as_ref(), WEB);
        let token_meaning = "It is the token that the daemon acts with on GitHub.";
        let token = self.required_at(github.token.as_ref(), "github.token", token_meaning, given.referenced);
        let token = token.and_then(|place| self.secret_place(Some(place), "github.token", token_meaning));
        let secret_meaning = "GitHub signs its webhooks with it; without it anybody could wake the daemon.";
        let secret = self.required_at(github.webhook_secret.as_ref(), "github.webhook_secret", secret_meaning, given.referenced);
        let secret = secret.and_then(|place| self.secret_place(Some(place), "github.webhook_secret", secret_meaning));
        let ca = github.ca.as_ref().map(|text| self.folder(text));
        Some(GitHubConfig { api: api?, web: web?, token: token?, webhook_secret: secret?, ca })
    }

    fn url(&mut self, key: &str, text: Option<&Text>, default: &str) -> Option<String> {
        let Some(text) = text else { return Some(default.to_owned()) };
        let rest = text.value.strip_prefix("https://").or_else(|| text.value.strip_prefix("http://"));
        let is_url = rest.is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[') && !rest.contains(['@', '?', '#', ' '])
        });
        if !is_url {
            // The value is not repeated: it may hold a password.
            let detail = format!("`{key}` is not a plain address that begins with https://.");
            self.error("Invalid address", detail, text.referenced).hint = Some(format!("for example {default}; put no user or password in it"));
        }
        is_url.then(|| text.value.trim_end_matches('/').to_owned())
    }
}
