//! Which jobs are there, and in which lane does each wait? One lane runs one job at a time.

use core_model::Name;
use core_model::record::CommandId;
use daemon_github::{CommentId, IssueNumber, PullNumber};
use daemon_store::{ClaimedJob, Job};
use serde::{Deserialize, Serialize};

use crate::error::FlowError;
use crate::project::Project;

/// A job carries keys, never truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum JobKind {
    /// Plan a pull request. `asked` plans drafts too, and of a fork's heads it lets the one that is named reach further.
    Pull {
        number: PullNumber,
        asked: bool,
        #[serde(default)]
        covers: Option<String>,
    },
    /// Read a comment for commands.
    Comment { issue: IssueNumber, comment: CommentId },
    /// Look at an issue or pull request for requests to the assistant.
    Attend { issue: IssueNumber },
    /// Deal with what was merged since the cursor.
    Merges { environment: Name },
    /// Carry out a command on an environment, in its lane.
    Decide {
        environment: Name,
        comment: CommentId,
        /// Which of the commands in the comment.
        #[serde(default)]
        place: u64,
        decision: Decision,
    },
    /// Look for everything that no webhook told.
    Sweep,
}

/// What a person decided about a parked merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Decision {
    Apply {
        digest: Option<String>,
        deletes: Option<usize>,
        issue: IssueNumber,
    },
    Skip {
        #[serde(default)]
        named: Option<String>,
        issue: IssueNumber,
    },
}

impl Decision {
    pub(crate) fn issue(&self) -> IssueNumber {
        match self {
            Self::Apply { issue, .. } | Self::Skip { issue, .. } => *issue,
        }
    }

    /// What the person typed to say which merge is meant.
    pub(crate) fn named(&self) -> Option<&str> {
        match self {
            Self::Apply { digest, .. } => digest.as_deref(),
            Self::Skip { named, .. } => named.as_deref(),
        }
    }

    pub(crate) fn command(&self) -> &'static str {
        match self {
            Self::Apply { .. } => "/apply",
            Self::Skip { .. } => "/skip",
        }
    }
}

impl JobKind {
    /// Plan a pull request that nobody asked to be planned.
    pub(crate) fn pull(number: PullNumber) -> Self {
        Self::Pull { number, asked: false, covers: None }
    }

    /// Plans never wait for applies; an environment's runs wait for each other.
    fn lane(&self) -> String {
        match self {
            Self::Pull { number, .. } => format!("pull {}", number.0),
            Self::Comment { comment, .. } => format!("comment {}", comment.0),
            Self::Attend { issue } => format!("request {}", issue.0),
            Self::Merges { environment } | Self::Decide { environment, .. } => format!("environment {environment}"),
            Self::Sweep => "sweep".to_owned(),
        }
    }

    /// Jobs of one lane with one key are the same job.
    fn key(&self) -> String {
        match self {
            Self::Decide { comment, place, .. } => format!("decide {} {place}", comment.0),
            Self::Pull { asked, .. } => format!("plan {asked}"),
            Self::Comment { .. } | Self::Attend { .. } | Self::Merges { .. } | Self::Sweep => self.name().to_owned(),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Pull { .. } => "pull",
            Self::Comment { .. } => "comment",
            Self::Attend { .. } => "attend",
            Self::Merges { .. } => "merges",
            Self::Decide { .. } => "decide",
            Self::Sweep => "sweep",
        }
    }
}

impl Project {
    pub(crate) async fn enqueue(&self, kind: JobKind) -> Result<(), FlowError> {
        let job = Job { lane: self.key(&kind.lane()), key: kind.key(), kind: self.repository.to_string(), payload: serde_json::to_string(&kind)? };
        self.store.queue().enqueue(&job, None).await?;
        Ok(())
    }

    pub(crate) async fn enqueue_merges(&self) -> Result<(), FlowError> {
        for environment in &self.environments {
            self.enqueue(JobKind::Merges { environment: environment.clone() }).await?;
        }
        Ok(())
    }

    /// Plans of open pull requests are made again: the world has moved.
    pub(crate) async fn plan_open_pulls(&self) -> Result<(), FlowError> {
        for pull in self.github.open_pulls(&self.repository).await? {
            if pull.base_ref == self.default_branch && !pull.draft {
                self.enqueue(JobKind::pull(pull.number)).await?;
            }
        }
        Ok(())
    }

    /// Does one job.
    pub async fn work(&self, job: &ClaimedJob) -> Result<(), FlowError> {
        match serde_json::from_str(&job.payload)? {
            JobKind::Pull { number, asked, covers } => self.plan_pull(number, asked, covers.as_deref()).await,
            JobKind::Comment { issue, comment } => self.read_comment(issue, comment).await,
            JobKind::Attend { issue } => self.attend(issue).await,
            JobKind::Merges { environment } => self.advance(&environment).await,
            JobKind::Decide { environment, comment, place, decision } => {
                self.decide(&environment, CommandId { comment: comment.0, place }, &decision).await
            }
            JobKind::Sweep => self.sweep().await,
        }
    }
}
