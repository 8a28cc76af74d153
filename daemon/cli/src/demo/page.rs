//! What does the published port answer, and did the edge ask the origin for it?

use std::time::Duration;

use crate::failure::Failure;

const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// One answer of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) status: u16,
    /// The header `X-Cache`.
    pub(super) cache: String,
    pub(super) text: String,
}

impl Page {
    /// What a person would read on it.
    pub(super) fn greeting(&self) -> &str {
        let after = self.text.rsplit_once("<p>").map_or(self.text.as_str(), |(_, after)| after);
        after.split("</p>").next().unwrap_or_default().trim()
    }
}

/// Fetches a page; `None` while nothing answers there with success.
pub(super) async fn fetch(client: &reqwest::Client, url: &str) -> Option<Page> {
    let answer = client.get(url).timeout(FETCH_TIMEOUT).send().await.ok()?;
    let status = answer.status().as_u16();
    let cache = answer.headers().get("x-cache").and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned();
    let text = answer.text().await.ok()?;
    (status == 200).then_some(Page { status, cache, text })
}

/// A client that goes straight to this machine, whatever proxy the environment names.
pub(super) fn client() -> Result<reqwest::Client, Failure> {
    reqwest::Client::builder().no_proxy().build().map_err(|error| Failure::of("Cannot make an HTTP client", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greeting_is_what_stands_in_the_paragraph() {
        let page = |text: &str| Page { status: 200, cache: String::new(), text: text.to_owned() };
        assert_eq!(page("<!doctype html><title>origin</title><p>Hello.</p>\n").greeting(), "Hello.");
        assert_eq!(page("plain\n").greeting(), "plain");
    }
}
