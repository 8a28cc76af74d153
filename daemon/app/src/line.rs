//! What came to the default branch since the cursor? Walks it commit by commit, passes what asks nothing of the environment, and
//! puts together what belongs together.

use std::collections::VecDeque;
use std::sync::Arc;

use core_config::Loaded;
use core_model::Name;
use daemon_github::PullRequest;
use daemon_history::{CommitId, Since};

use crate::error::FlowError;
use crate::merges::Group;
use crate::planning::{has_errors, retired};
use crate::project::Project;
use crate::records::{Tip, parse_commit};

/// How far nothing had to be done, so that the next look does not begin at the cursor: what was learned from `tip`, `commit`,
/// and how many commits that was. Whoever loses it learns it again.
const QUIET_UNTIL: &str = "quiet-until";

/// Since when a commit holds an open pull request.
const UNNOTICED_SINCE: &str = "unnoticed-since";
/// After so long, GitHub will not call the pull request merged.
const NOTICE_S: i64 = 60;

/// The commits that are still to be looked at.
pub(crate) struct Line {
    /// The last one that was dealt with.
    pub base: CommitId,
    ahead: VecDeque<CommitId>,
    /// So many commits passed since the cursor.
    pub quiet: usize,
    /// Whether any of them changed what is managed.
    pub has_changes: bool,
    /// The base, where it is at hand.
    loaded: Option<(CommitId, Arc<Loaded>)>,
}

/// What a look at the default branch finds.
pub(crate) enum Ahead {
    Line(Line),
    /// It cannot be followed from the cursor on, and why.
    Broken(String),
}

impl Line {
    fn next(&self) -> Option<CommitId> {
        self.ahead.front().copied()
    }

    fn pass(&mut self) {
        if let Some(commit) = self.ahead.pop_front() {
            self.base = commit;
        }
    }

    pub(crate) fn is_at_its_end(&self) -> bool {
        self.ahead.is_empty()
    }
}

impl Project {
    /// The commits after the cursor, or after those that are known to ask nothing.
    pub(crate) async fn ahead(&self, tip: &Tip, cursor: CommitId, main: CommitId) -> Result<Ahead, FlowError> {
        if let Some((commit, quiet)) = self.quiet_until(tip).await?
            && let Since::Commits(commits) = self.mirror.run(move |history| history.since(commit, main)).await??
        {
            return Ok(Ahead::Line(Line { base: commit, ahead: commits.into(), quiet, has_changes: false, loaded: None }));
        }
        Ok(match self.mirror.run(move |history| history.since(cursor, main)).await?? {
            Since::Commits(commits) => Ahead::Line(Line { base: cursor, ahead: commits.into(), quiet: 0, has_changes: false, loaded: None }),
            Since::Rewritten => Ahead::Broken(format!(
                "the branch `{}` was rewritten: `{cursor}`, the last commit that was dealt with, is no longer part of it",
                self.default_branch
            )),
            Since::TooMany { bound } => Ahead::Broken(format!("more than {bound} commits came since `{cursor}`, the last one that was dealt with")),
        })
    }

    /// The oldest commits ahead that ask something of the environment and belong together. The line is past them then.
    pub(crate) async fn next_group(&self, environment: &Name, line: &mut Line) -> Result<Option<Group>, FlowError> {
        while let Some(next) = line.next() {
            if self.stopping.is_cancelled() {
                return Err(FlowError::Stopping);
            }
            if !self.asks_nothing(environment, line, next).await? {
                break;
            }
            line.pass();
            line.quiet += 1;
        }
        let Some(head) = line.next() else { return Ok(None) };
        let mut group = Group { base: Some(line.base), head, pull: self.pull_of(head).await?, unreviewed: None };
        if group.pull.is_none() {
            self.let_github_notice(head).await?;
        }
        line.pass();
        line.has_changes = true;
        while let Some(next) = line.next() {
            let base = line.base;
            if self.mirror.run(move |history| history.is_changed(base, next)).await?? {
                let number = |pull: &Option<PullRequest>| pull.as_ref().map(|pull| pull.number);
                if group.pull.is_none() || number(&self.pull_of(next).await?) != number(&group.pull) {
                    break;
                }
                group.head = next;
            }
            line.pass();
        }
        Ok(Some(group))
    }

    /// Whether a commit leaves everything as the environment wants it, which is seen without a look at any target.
    async fn asks_nothing(&self, environment: &Name, line: &mut Line, next: CommitId) -> Result<bool, FlowError> {
        let base = line.base;
        if !self.mirror.run(move |history| history.is_changed(base, next)).await?? {
            return Ok(true);
        }
        let before = match line.loaded.take().filter(|(commit, _)| *commit == base) {
            Some((_, loaded)) => loaded,
            None => self.load_commit(base).await?,
        };
        let after = self.load_commit(next).await?;
        line.loaded = Some((next, after.clone()));
        if has_errors(&before) || has_errors(&after) || retired(&before.repository) != retired(&after.repository) {
            return Ok(false);
        }
        let settings = |loaded: &Arc<Loaded>| loaded.repository.environments.get(environment).cloned();
        let (Some(before), Some(after)) = (settings(&before), settings(&after)) else { return Ok(false) };
        let asks_nothing = before.id == after.id && core_planner::scope(&before.desired, &after.desired).is_empty();
        line.has_changes |= asks_nothing;
        Ok(asks_nothing)
    }

    /// The merged pull request that a commit of the default branch came with.
    async fn pull_of(&self, commit: CommitId) -> Result<Option<PullRequest>, FlowError> {
        let sha = commit.to_string().parse().map_err(|_| FlowError::NotACommit(commit.to_string()))?;
        let pulls = self.github.pulls_of_commit(&self.repository, &sha).await?;
        let candidate = pulls.into_iter().find(|pull| pull.base_ref == self.default_branch && pull.merged_at.is_some());
        // The list leaves out some fields of a pull request; the whole one says who merged what.
        match candidate {
            Some(pull) => Ok(Some(self.github.pull(&self.repository, pull.number).await?)),
            None => Ok(None),
        }
    }

    /// Whoever merges on a command line pushes first, and GitHub calls the pull request merged a little later. Until then the
    /// commit looks like one that nobody reviewed. Waits for that, though not for ever.
    async fn let_github_notice(&self, commit: CommitId) -> Result<(), FlowError> {
        for pull in self.github.open_pulls(&self.repository).await?.into_iter().filter(|pull| pull.base_ref == self.default_branch) {
            let head = parse_commit(pull.head_sha.as_str())?;
            if !self.mirror.run(move |history| history.is_ancestor(head, commit)).await?.unwrap_or(false) {
                continue;
            }
            let (key, now) = (self.key(&commit.to_string()), self.clock.now().unix_seconds());
            let seen = self.store.facts().recall(UNNOTICED_SINCE, &key).await?.and_then(|text| text.parse::<i64>().ok());
            if seen.is_none() {
                self.store.facts().remember(UNNOTICED_SINCE, &key, &now.to_string()).await?;
            }
            if now - seen.unwrap_or(now) < NOTICE_S {
                return Err(FlowError::NotYetMerged { number: pull.number.0, commit: commit.to_string() });
            }
        }
        Ok(())
    }

    async fn quiet_until(&self, tip: &Tip) -> Result<Option<(CommitId, usize)>, FlowError> {
        let key = self.key(tip.record.run.environment.as_str());
        let Some(fact) = self.store.facts().recall(QUIET_UNTIL, &key).await? else { return Ok(None) };
        let mut words = fact.split(' ');
        let (Some(known), Some(commit), Some(quiet)) = (words.next(), words.next(), words.next()) else { return Ok(None) };
        if known != tip.commit.to_string() {
            return Ok(None);
        }
        quiet.parse().ok().map(|quiet| Ok((parse_commit(commit)?, quiet))).transpose()
    }

    pub(crate) async fn remember_quiet(&self, tip: &Tip, line: &Line) -> Result<(), FlowError> {
        let key = self.key(tip.record.run.environment.as_str());
        Ok(self.store.facts().remember(QUIET_UNTIL, &key, &format!("{} {} {}", tip.commit, line.base, line.quiet)).await?)
    }
}
