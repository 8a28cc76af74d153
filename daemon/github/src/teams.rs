//! Who is in a team?

use serde::Deserialize;

use crate::client::GitHub;
use crate::error::{GitHubError, GitHubErrorKind};
use crate::names::Login;
use crate::transport::Call;

#[derive(Deserialize)]
struct MembershipBody {
    state: Option<String>,
}

impl GitHub {
    /// Whether `login` is an active member of the organisation's team, through a child team too. An invitation that was not
    /// accepted is none, and neither is a membership in a team or an organisation that does not exist or that the token may not see.
    ///
    /// GitHub: `GET /orgs/{org}/teams/{team_slug}/memberships/{username}`.
    pub async fn is_in_team(&self, organisation: &str, team: &str, login: &Login) -> Result<bool, GitHubError> {
        let url = self.url(&["orgs", organisation, "teams", team, "memberships", login.as_str()]);
        let call = Call::get(url, format!("read whether {login} is in the team {organisation}/{team}"));
        match self.json::<MembershipBody>(call).await {
            Ok(body) => Ok(body.state.as_deref() == Some("active")),
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
