//! What does the Revert button make?

use crate::github::git::NewCommit;
use crate::github::refusal::Refusal;
use crate::github::world::World;

use super::PullOrder;

impl World {
    /// Opens the pull request that takes a merged one back, and answers its number.
    pub(crate) fn revert_pull(&mut self, full_name: &str, number: u64, author: &str) -> Result<u64, Refusal> {
        self.clock.tick();
        let repository = self.repository(full_name)?;
        let (issue, pull) = repository.pull(number).ok_or(Refusal::NOT_FOUND)?;
        let merged = pull.merged.as_ref().ok_or(Refusal::NotMergeable("Pull Request is not merged"))?;
        let base = pull.base_branch.clone();
        let tip = repository.branch(&base).ok_or(Refusal::NOT_FOUND)?.to_owned();
        let title = format!("Revert \"{}\"", issue.title);
        let conflict = Refusal::NotMergeable("Sorry, this pull request couldn't be reverted automatically.");
        let tree = repository.git.merge_trees(Some(&merged.sha), &tip, &merged.base_before)?.ok_or(conflict)?;
        let identity = self.identity(author);
        let commit = repository.git.write_commit(&NewCommit {
            tree,
            parents: vec![tip],
            author: identity,
            committer: self.forge_identity(),
            message: format!("{title}\n\nThis reverts commit {}.", merged.sha),
        })?;
        let branch = format!("revert-{number}-{}", pull.head_branch);
        self.move_ref(full_name, author, &format!("refs/heads/{branch}"), Some(&commit))?;
        let body = format!("Reverts {full_name}#{number}");
        let order = PullOrder { author, head: &branch, base: &base, title: &title, body: Some(&body), draft: false };
        self.open_pull(full_name, &order)
    }
}
