//! What does a delivery wake? Keys only: the job reads GitHub again.

use daemon_github::{CommentAction, PullAction, Wake};
use daemon_store::Delivery;

use crate::error::FlowError;
use crate::jobs::JobKind;
use crate::project::Project;
use crate::records::LAST_SEEN;

/// What the names of all branches of records begin with.
const RECORDS: &str = "refs/heads/ipr/records/";

impl Project {
    /// Turns a delivery into jobs. What is not about this repository wakes nothing.
    pub async fn wake(&self, delivery: &Delivery) -> Result<(), FlowError> {
        let Ok(wake) = daemon_github::parse(&delivery.event, &delivery.body) else {
            // The door refused what cannot be parsed; what is here is a form that a newer door let in.
            tracing::warn!(delivery = delivery.id, event = delivery.event, "a delivery cannot be parsed and is dropped");
            return Ok(());
        };
        match wake {
            Wake::PullRequest { repository, number, action } if repository == self.repository => {
                if action == PullAction::Closed {
                    self.enqueue_merges().await?;
                } else {
                    self.enqueue(JobKind::pull(number)).await?;
                }
            }
            Wake::Review { repository, number } if repository == self.repository => self.enqueue(JobKind::pull(number)).await?,
            Wake::Comment { repository, number, comment, action, .. } if repository == self.repository && action != CommentAction::Deleted => {
                self.enqueue(JobKind::Comment { issue: number, comment }).await?;
            }
            Wake::Issue { repository, number } if repository == self.repository => self.ring(number).await?,
            Wake::Push { repository, reference, .. }
                if repository == self.repository && reference == format!("refs/heads/{}", self.default_branch) =>
            {
                self.enqueue_merges().await?;
                self.plan_open_pulls().await?;
            }
            Wake::Push { repository, reference, after: Some(after) } if repository == self.repository => {
                // A record of our own is known already; one by somebody else may stop an environment, or let it go on.
                if let Some(environment) = reference.strip_prefix(RECORDS)
                    && self.store.facts().recall(LAST_SEEN, &self.key(environment)).await?.as_deref() != Some(after.as_str())
                {
                    self.enqueue_merges().await?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
