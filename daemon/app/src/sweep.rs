//! What did no webhook tell? Open pull requests without a plan for their head, unanswered comments, merges after the cursor.
//!
//! A daemon without a public address lives on this alone.

use daemon_github::Timestamp;

use crate::error::FlowError;
use crate::jobs::JobKind;
use crate::project::Project;

const COMMENTS_SEEN: &str = "comments-seen";
/// At the very first look, comments of the last day are read.
const FIRST_LOOK_S: i64 = 86_400;

impl Project {
    pub async fn sweep(&self) -> Result<(), FlowError> {
        self.store.prune().await?;
        self.enqueue_merges().await?;
        self.sweep_pulls().await?;
        self.sweep_comments().await?;
        self.sweep_requests().await
    }

    async fn sweep_pulls(&self) -> Result<(), FlowError> {
        for pull in self.github.open_pulls(&self.repository).await? {
            if pull.base_ref != self.default_branch || pull.draft {
                continue;
            }
            if self.looked_at(pull.number).await?.as_deref() != Some(pull.head_sha.as_str()) {
                self.enqueue(JobKind::pull(pull.number)).await?;
            }
        }
        Ok(())
    }

    async fn sweep_comments(&self) -> Result<(), FlowError> {
        let facts = self.store.facts();
        let key = self.repository.to_string();
        let first = || Timestamp::from_unix_seconds((self.clock.now().unix_seconds() - FIRST_LOOK_S).max(0)).ok();
        let seen = facts.recall(COMMENTS_SEEN, &key).await?.and_then(|text| text.parse::<Timestamp>().ok());
        let Some(since) = seen.or_else(first) else { return Ok(()) };
        let comments = self.github.comments_since(&self.repository, since).await?;
        let mut newest = since;
        for comment in comments {
            newest = newest.max(comment.updated_at);
            if !comment.author_is_bot && comment.author.as_ref() != Some(&self.viewer) && !self.is_answered(comment.id).await? {
                self.enqueue(JobKind::Comment { issue: comment.issue, comment: comment.id }).await?;
            }
        }
        facts.remember(COMMENTS_SEEN, &key, &newest.to_string()).await?;
        Ok(())
    }
}
