//! Does GitHub answer, and is the token one that the daemon can work with?

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use core_config::Loaded;
use core_model::TargetName;
use daemon_github::GitHub;
use engine_api::{Check, CheckState};
use futures::future::join_all;

use super::repository::Visitor;
use super::{Entry, clock, within};
use crate::assembly::Forge;
use crate::config::{Config, GitHubConfig};
use crate::keys::FoundKeys;

const ASK_MAX: Duration = Duration::from_secs(20);

/// What GitHub's side told.
#[derive(Default)]
pub(super) struct Looked {
    pub(super) entries: Vec<Entry>,
    pub(super) seen: Seen,
}

/// What the looks at targets want to know of repositories.
#[derive(Default)]
pub(super) struct Seen {
    /// The default branches.
    pub(super) loaded: Vec<Arc<Loaded>>,
    /// Who records say that targets are.
    pub(super) identities: BTreeMap<TargetName, String>,
}

pub(super) async fn look(config: &Config, keys: &FoundKeys) -> Looked {
    let mut looked = Looked::default();
    let Some(token) = keys.github_token.clone() else {
        let hint = "put the token where the configuration says, and ask again";
        looked.entries.push(Entry::new("GitHub", Check::warning("not looked at, for there is no token", hint)));
        return looked;
    };
    let forge = Forge::new(&config.github, token).and_then(|forge| Ok((forge.client()?, forge)));
    let (client, forge) = match forge {
        Ok(made) => made,
        Err(failure) => {
            looked.entries.push(Entry::new("GitHub", Check::problem(failure.in_one_line(), "look at `github` in the configuration")));
            return looked;
        }
    };
    let checks = token_checks(&client, &config.github).await;
    let is_away = checks.first().is_none_or(|check| check.state == CheckState::Problem);
    looked.entries.extend(checks.into_iter().map(|check| Entry::new("GitHub", check)));
    if is_away {
        let unseen =
            |name| Entry::new(format!("repository {name}"), Check::warning("not looked at, nor its records", "see what is wrong with GitHub first"));
        looked.entries.extend(config.repositories.keys().map(unseen));
        return looked;
    }
    let visitor = Visitor { config, forge: &forge, client: &client, own_key: keys.record_key.as_ref() };
    for one in join_all(config.repositories.keys().map(|name| visitor.look(name))).await {
        looked.entries.extend(one.entries);
        looked.seen.loaded.extend(one.seen.loaded);
        looked.seen.identities.extend(one.seen.identities);
    }
    looked
}

async fn token_checks(client: &GitHub, config: &GitHubConfig) -> Vec<Check> {
    let access = match within(ASK_MAX, client.access()).await {
        Ok(Ok(access)) => access,
        Ok(Err(error)) => {
            return vec![Check::problem(error.to_string(), format!("look at the network, at `github.api` ({}) and at the token", config.api))];
        }
        Err(why) => return vec![Check::problem(why, format!("see that {} can be reached from this machine", config.api))],
    };
    let until = access.expires.as_ref().map(|time| format!(", until {time}")).unwrap_or_default();
    let mut checks = vec![Check::ok(format!("{} answers, and the token is {}'s{until}", config.api, access.login))];
    if let Some(scopes) = access.scopes.filter(|scopes| !scopes.iter().any(|scope| scope == "repo")) {
        let text = format!("the token has the scopes [{}]; without `repo` it can neither write nor read private repositories", scopes.join(", "));
        checks.push(Check::warning(text, "make a token with `repo`, or a fine-grained one for the repositories served"));
    }
    checks.extend(access.unix_time_s.map(|theirs| clock::compare(theirs, "GitHub")));
    checks
}
