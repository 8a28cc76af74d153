//! What does a name stand for, and what does a commit say? The read side that mirror and checkout share.

use std::path::Path;

use crate::{
    CommitId, HistoryError,
    error::{Attempted, Cause},
};

/// How many more packs one open repository can see than it began with. A fetch adds one, and the daemon fetches for months
/// without opening anew; gix's own default is 32.
const PACKS_ADDED_MAX: usize = 4_096;
/// Longer names than this are not looked up.
const SPEC_BYTES_MAX: usize = 255;

/// One repository's commits. Cheap to clone; every method blocks, see [`History::run`].
#[derive(Clone)]
pub struct History {
    repository: gix::ThreadSafeRepository,
}

/// What a commit says about itself. Author and message are text from outside: show them escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitInfo {
    pub id: CommitId,
    pub parents: Vec<CommitId>,
    pub author_name: String,
    pub message: String,
    /// Seconds since 1970, as the committer claims.
    pub committed_at_s: i64,
}

/// Options that read nothing outside the repository and follow nothing that its own configuration names: no merge
/// drivers, filters, address rewrites or credential helpers. Only its structure (bare, object format) is taken from it.
pub(crate) fn open_options() -> gix::open::Options {
    let slots = gix::odb::store::init::Slots::AsNeededByDiskState { multiplier: 2.0, minimum: PACKS_ADDED_MAX };
    gix::open::Options::isolated().filter_config_section(|_| false).object_store_slots(slots)
}

impl History {
    pub(crate) fn new(repository: gix::ThreadSafeRepository) -> Self {
        Self { repository }
    }

    pub(crate) fn open(path: &Path) -> Result<Self, HistoryError> {
        gix::ThreadSafeRepository::open_opts(path, open_options().open_path_as_is(true))
            .map(Self::new)
            .map_err(|error| HistoryError::Open { path: path.to_owned(), source: error.into() })
    }

    /// gix's handle for one thread.
    pub(crate) fn local(&self) -> gix::Repository {
        let mut repository = self.repository.to_thread_local();
        repository.object_cache_size_if_unset(4 << 20);
        repository
    }

    /// Runs blocking work on this history away from the async threads.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> T + Send + 'static) -> Result<T, HistoryError> {
        let history = self.clone();
        tokio::task::spawn_blocking(move || work(&history)).await.map_err(|error| HistoryError::Stopped { source: error.into() })
    }

    /// The commit a person means: a full commit id, `HEAD`, a branch, a tag, `origin/<branch>`, a full reference name, or
    /// the beginning of a commit id. They are tried in this order, so a tag cannot stand in for a branch.
    pub fn resolve(&self, spec: &str) -> Result<CommitId, HistoryError> {
        let unknown = || HistoryError::Unknown { spec: spec.chars().take(80).collect() };
        if spec.is_empty() || spec.len() > SPEC_BYTES_MAX {
            return Err(unknown());
        }
        let repository = self.local();
        if let Ok(id) = spec.parse::<CommitId>() {
            return repository.find_commit(id.object()).map(|_| id).map_err(|_| unknown());
        }
        let names = [format!("refs/heads/{spec}"), format!("refs/tags/{spec}"), format!("refs/remotes/{spec}")];
        let given = (spec == "HEAD" || spec.starts_with("refs/")).then(|| spec.to_owned());
        for name in given.into_iter().chain(names) {
            if let Some(id) = peel(&repository, &name)? {
                return Ok(id);
            }
        }
        if spec.len() < 4 || !spec.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(unknown());
        }
        let id = repository.rev_parse_single(spec).map_err(|_| unknown())?.detach();
        repository.find_commit(id).map(|_| id.into()).map_err(|_| unknown())
    }

    /// The commit a branch points to, or `None` when there is no such branch.
    pub fn tip(&self, branch: &str) -> Result<Option<CommitId>, HistoryError> {
        peel(&self.local(), &format!("refs/heads/{branch}"))
    }

    /// The branch that `HEAD` names: a mirror's default branch, a checkout's present one. `None` when it names a commit.
    pub fn head_branch(&self) -> Result<Option<String>, HistoryError> {
        let name = self.local().head_name().attempted(|| "read HEAD".into())?;
        Ok(name.map(|name| name.shorten().to_string()))
    }

    pub fn commit(&self, id: CommitId) -> Result<CommitInfo, HistoryError> {
        commit_info(&self.local(), id)
    }
}

fn peel(repository: &gix::Repository, name: &str) -> Result<Option<CommitId>, HistoryError> {
    // A name that git does not allow names nothing.
    let Ok(full) = gix::refs::FullName::try_from(name) else {
        return Ok(None);
    };
    let reading = || format!("read the reference {name}");
    let Some(mut reference) = repository.try_find_reference(full.as_ref()).attempted(reading)? else {
        return Ok(None);
    };
    match reference.peel_to_id() {
        Ok(id) => Ok(repository.find_commit(id.detach()).is_ok().then(|| id.detach().into())),
        // HEAD of a repository without commits names a branch that does not exist yet.
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(HistoryError::Git { attempted: reading(), source: error.into() }),
    }
}

pub(crate) fn commit_info(repository: &gix::Repository, id: CommitId) -> Result<CommitInfo, HistoryError> {
    let read = || -> Result<CommitInfo, Cause> {
        let commit = repository.find_commit(id.object())?;
        Ok(CommitInfo {
            id,
            parents: commit.parent_ids().map(|parent| parent.detach().into()).collect(),
            author_name: commit.author()?.name.to_string(),
            message: commit.message_raw()?.to_string(),
            committed_at_s: commit.time()?.seconds,
        })
    };
    read().attempted(|| format!("read the commit {id}"))
}
