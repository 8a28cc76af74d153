//! Whose token is it, what may it do, how long does it last, and what time is it on GitHub? Told with one read.

use http::HeaderMap;
use http::header::DATE;

use crate::client::GitHub;
use crate::error::GitHubError;
use crate::names::Login;
use crate::rate_limit::http_date;
use crate::repositories::ViewerBody;
use crate::transport::Call;

/// What an answer tells of the token that asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub login: Login,
    /// Of a classic token. Others do not tell.
    pub scopes: Option<Vec<String>>,
    /// As GitHub writes it; absent where the token does not end, or GitHub does not tell.
    pub expires: Option<String>,
    /// GitHub's own clock, in seconds since 1970.
    pub unix_time_s: Option<i64>,
}

impl GitHub {
    pub async fn access(&self) -> Result<Access, GitHubError> {
        let call = Call::get(self.url(&["user"]), "read whose token this is");
        let answer = self.answer(&call).await?;
        let viewer: ViewerBody = answer.json(&call.attempted)?;
        Ok(told(viewer.login, &answer.headers))
    }
}

fn told(login: Login, headers: &HeaderMap) -> Access {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let words = |list: &str| list.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    Access {
        login,
        scopes: text("x-oauth-scopes").map(words),
        expires: text("github-authentication-token-expiration").map(str::to_owned),
        unix_time_s: text(DATE.as_str()).and_then(http_date),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told_by(headers: &[(&'static str, &'static str)]) -> Access {
        let headers = headers.iter().map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())).collect();
        told("ipr-bot".parse().unwrap(), &headers)
    }

    #[test]
    fn a_classic_token_tells_its_scopes_and_others_do_not() {
        let classic = told_by(&[("x-oauth-scopes", "repo, read:org"), ("date", "Fri, 20 Nov 2026 20:00:00 GMT")]);
        assert_eq!((classic.scopes, classic.unix_time_s), (Some(vec!["repo".to_owned(), "read:org".to_owned()]), Some(1_795_204_800)));
        assert_eq!(told_by(&[("x-oauth-scopes", "")]).scopes, Some(Vec::new()));
        let other = told_by(&[("github-authentication-token-expiration", "2026-12-01 00:00:00 UTC")]);
        assert_eq!((other.scopes, other.expires.as_deref()), (None, Some("2026-12-01 00:00:00 UTC")));
    }
}
