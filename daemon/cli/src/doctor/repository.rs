//! Can the daemon work in a repository? What the token may do there, what the default branch says, and its records.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use core_config::Loaded;
use daemon_github::{GitHub, Repository, RepositoryName, Timestamp};
use daemon_history::Mirror;
use daemon_history::record::RecordKey;
use engine_api::Check;

use super::github::Looked;
use super::{Entry, content, records, within};
use crate::assembly::Forge;
use crate::config::{self, Config};

const ASK_MAX: Duration = Duration::from_secs(20);
/// A first copy of a repository is more than a question.
const COPY_MAX: Duration = Duration::from_secs(120);

/// Who looks at repositories, with what that takes.
pub(super) struct Visitor<'a> {
    pub(super) config: &'a Config,
    pub(super) forge: &'a Forge,
    pub(super) client: &'a GitHub,
    /// The key that the daemon signs with.
    pub(super) own_key: Option<&'a RecordKey>,
}

impl Visitor<'_> {
    /// Looks at one repository, until something keeps it from looking further.
    pub(super) async fn look(&self, name: &RepositoryName) -> Looked {
        let mut looked = Looked::default();
        if let Err(check) = self.look_into(name, &mut looked).await {
            looked.entries.push(Entry::new(about(name), check));
        }
        looked
    }

    async fn look_into(&self, name: &RepositoryName, looked: &mut Looked) -> Result<(), Check> {
        let known = self.known(name).await?;
        looked.entries.push(Entry::new(about(name), permissions(&known)));
        looked.entries.extend(self.reads(name).await.into_iter().map(|check| Entry::new(about(name), check)));
        let mirror = self.copy(name).await?;
        let loaded = records::default_branch(&mirror, &known.default_branch).await;
        let loaded = loaded.map_err(|why| Check::problem(format!("`{}` cannot be read: {why}", known.default_branch), "push a first commit"))?;
        let written = [content::of_loaded(&loaded), content::of_reach(&loaded, self.config, name)].concat();
        let branch = format!("{}, {}", about(name), known.default_branch);
        looked.entries.extend(written.into_iter().map(|check| Entry::new(&branch, check)));
        self.records(name, &mirror, &loaded, looked).await;
        looked.seen.loaded.push(Arc::new(loaded));
        Ok(())
    }

    async fn known(&self, name: &RepositoryName) -> Result<Repository, Check> {
        let known = within(ASK_MAX, self.client.repository(name)).await.and_then(|known| known.map_err(|error| error.to_string()));
        known.map_err(|why| Check::problem(why, "see that the name is right and that the token may see it"))
    }

    /// What every sweep reads. An answer without anything new is an answer.
    async fn reads(&self, name: &RepositoryName) -> Vec<Check> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let Ok(now) = Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or_default()) else { return Vec::new() };
        let pulls = async { self.client.recently_updated_pulls(name, now).await.map(drop) };
        let comments = async { self.client.comments_since(name, now).await.map(drop) };
        let (pulls, comments) = tokio::join!(within(ASK_MAX, pulls), within(ASK_MAX, comments));
        let mut checks = Vec::new();
        for (what, permission, answer) in [("pull requests", "Pull requests", pulls), ("comments", "Issues", comments)] {
            checks.push(match answer.and_then(|read| read.map_err(|error| error.to_string())) {
                Ok(()) => Check::ok(format!("the token reads {what}")).detail(),
                Err(why) => Check::problem(why, format!("give the token the permission `{permission}`: read and write")),
            });
        }
        checks
    }

    /// A copy of our own: that of a daemon belongs to the daemon.
    async fn copy(&self, name: &RepositoryName) -> Result<Mirror, Check> {
        let made = async {
            let folder = config::personal_state().ok_or("neither XDG_STATE_HOME nor HOME says where a copy of it belongs")?;
            tokio::fs::create_dir_all(&folder).await.map_err(|error| format!("{}: {error}", folder.display()))?;
            let mirror = self.forge.mirror(name, &folder.join(config::mirror_name(name))).await.map_err(|error| error.to_string())?;
            mirror.fetch().await.map_err(|error| error.to_string())?;
            Ok(mirror)
        };
        within(COPY_MAX, made).await.and_then(|made: Result<Mirror, String>| made).map_err(|why| {
            let hint = "see that the token may read the contents; blueprints and records there are not looked at";
            Check::problem(format!("it cannot be copied: {why}"), hint)
        })
    }

    async fn records(&self, name: &RepositoryName, mirror: &Mirror, loaded: &Loaded, looked: &mut Looked) {
        let settings = format!("{}/{name}/settings/rules", self.config.github.web.trim_end_matches('/'));
        let served = self.config.repositories.get(name);
        for environment in
            loaded.repository.environments.values().filter(|known| served.is_some_and(|served| served.environments.contains(&known.name)))
        {
            let about = format!("records of {}", environment.name);
            let believed = records::look(mirror, &environment.id, &loaded.repository, self.own_key).await;
            looked.seen.identities.extend(believed.identities);
            looked.entries.extend(believed.checks.into_iter().map(|check| Entry::new(&about, check)));
            let reserved = records::reserved(self.client, name, &environment.id, &settings).await;
            looked.entries.push(Entry::new(about, reserved));
        }
    }
}

fn about(name: &RepositoryName) -> String {
    format!("repository {name}")
}

fn permissions(known: &Repository) -> Check {
    let permissions = known.permissions;
    match (permissions.push, permissions.pull) {
        (true, _) => Check::ok(format!("may be written, its default branch is `{}`", known.default_branch)),
        (false, true) => Check::problem(
            "the token may only read it: no comment, no status and no record can be written",
            "give the account write access, or make another token",
        ),
        (false, false) => Check::warning("GitHub does not say what the token may do there", "the first record that is written will show it"),
    }
}
