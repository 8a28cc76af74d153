//! How is a list read that GitHub gives in pages? By following its own links, within a bound.

use std::ops::ControlFlow;

use http::HeaderMap;
use http::header::LINK;
use serde::de::DeserializeOwned;
use url::Url;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::transport::Call;

/// Three thousand entries. GitHub itself keeps at most 2,500 comments on an issue.
const PAGES_MAX: usize = 30;
const PER_PAGE: &str = "100";

/// How much of a list was looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All that was asked for.
    Whole,
    /// The bound on pages came first.
    Part,
}

impl GitHub {
    /// The whole list. An error, rather than a part, when it is longer than the bound.
    pub(crate) async fn list<T: DeserializeOwned>(&self, call: Call) -> Result<Vec<T>, GitHubError> {
        let attempted = call.attempted.clone();
        let mut all = Vec::new();
        let take = |page: Vec<T>| {
            all.extend(page);
            ControlFlow::Continue(())
        };
        match self.each_page(call, take).await? {
            Extent::Whole => Ok(all),
            Extent::Part => Err(GitHubError::protocol(&attempted, "the list is longer than 3,000 entries")),
        }
    }

    /// Gives page after page to `look` until it breaks off or the list ends.
    pub(crate) async fn each_page<T: DeserializeOwned>(
        &self,
        call: Call,
        mut look: impl FnMut(Vec<T>) -> ControlFlow<()>,
    ) -> Result<Extent, GitHubError> {
        let mut call = call.query(&[("per_page", PER_PAGE)]);
        for _ in 0..PAGES_MAX {
            let answer = self.answer(&call).await?;
            if look(answer.json(&call.attempted)?).is_break() {
                return Ok(Extent::Whole);
            }
            let Some(next) = next_link(&answer.headers) else {
                return Ok(Extent::Whole);
            };
            call = Call::get(next, call.attempted);
        }
        Ok(Extent::Part)
    }
}

/// The address marked `rel="next"` in the `Link` header. It is never built here: GitHub's links have another form than ours.
fn next_link(headers: &HeaderMap) -> Option<Url> {
    let links = headers.get(LINK)?.to_str().ok()?;
    // The addresses hold no comma or semicolon: GitHub escapes them.
    links.split(',').find_map(|link| {
        let (address, parameters) = link.split_once(';')?;
        let is_next = parameters.split(';').any(|parameter| parameter.trim() == "rel=\"next\"");
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        is_next.then(|| Url::parse(address).ok())?
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_next_page_is_found_among_the_links() {
        let link = |text: &str| next_link(&[(LINK, text.parse().unwrap())].into_iter().collect()).map(String::from);
        let two =
            r#"<https://api.github.com/repositories/1/pulls?page=1>; rel="prev", <https://api.github.com/repositories/1/pulls?page=3>; rel="next""#;
        assert_eq!(link(two).unwrap(), "https://api.github.com/repositories/1/pulls?page=3");
        for none in ["", r#"<https://a/?page=1>; rel="last""#, r#"<relative>; rel="next""#, "garbage"] {
            assert_eq!(link(none), None, "{none}");
        }
        assert_eq!(next_link(&HeaderMap::new()), None);
    }
}
