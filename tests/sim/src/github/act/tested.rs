//! What does GitHub's background job find out about a pull request?

use crate::github::git::NewCommit;
use crate::github::refusal::Refusal;
use crate::github::world::{TestMerge, World};

impl World {
    /// Merges head into base for `mergeable` and `refs/pull/N/merge`, if either moved since the last look.
    ///
    /// Only a look at the pull request does this: between looks the merge ref goes stale, as on GitHub.
    pub(crate) fn test_merge(&mut self, full_name: &str, number: u64) -> Result<(), Refusal> {
        let repository = self.repository(full_name)?;
        let (issue, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
        let Some(base) = repository.branch(&pull.base_branch).filter(|_| issue.open) else { return Ok(()) };
        let (base, head) = (base.to_owned(), pull.head_sha.clone());
        if pull.test_merge.as_ref().is_some_and(|test| test.head == head && test.base == base) {
            return Ok(());
        }
        let git = &repository.git;
        let merge_base = git.merge_base(&base, &head)?;
        let files = git.changes(Some(&merge_base), &head, false)?;
        let commit = match git.merge_trees(None, &base, &head)? {
            None => None,
            Some(tree) => Some(git.write_commit(&NewCommit {
                tree,
                parents: vec![base.clone(), head.clone()],
                author: self.identity(&issue.author),
                committer: self.forge_identity(),
                message: format!("Merge {head} into {base}"),
            })?),
        };
        let commits = git.count(&format!("{base}..{head}"))?;
        let test = TestMerge {
            head,
            base,
            commit,
            commits,
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            changed_files: files.len() as u64,
        };
        self.store_test(full_name, number, test)
    }

    fn store_test(&mut self, full_name: &str, number: u64, test: TestMerge) -> Result<(), Refusal> {
        let repository = self.repository_mut(full_name)?;
        let name = format!("refs/pull/{number}/merge");
        // A conflict leaves the old merge ref where it was.
        if let Some(commit) = &test.commit {
            repository.git.set_ref(&name, Some(commit))?;
            repository.refs.insert(name, commit.clone());
        }
        if let Some(pull) = repository.pull_mut(number) {
            pull.test_merge = Some(test);
        }
        Ok(())
    }
}
