//! How do our words reach GitHub, once? Writes wait in the outbox; a repeated one is looked up first.

use daemon_github::{CommentId, CommitSha, CommitStatus, GitHubError, GitHubErrorKind, IssueNumber, PullNumber, Reaction};
use daemon_store::{ClaimedEntry, PlanId};
use serde::{Deserialize, Serialize};

use crate::comment;
use crate::error::FlowError;
use crate::project::Project;

/// GitHub allows 80 content-creating writes a minute; the rest is for people.
const WRITES_A_MINUTE_MAX: i64 = 60;
const PAUSE_S: i64 = 2;

const LIVING_COMMENT: &str = "living-comment";
const LIVING_TEXT: &str = "living-text";

/// The living comment of a pull request, as it should read.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LivingWrite {
    pub number: PullNumber,
    pub body: String,
    /// The plans it shows: they count as published from then on.
    pub plans: Vec<i64>,
}

/// A new comment. `key` makes it findable, so that it is not written twice.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct NoticeWrite {
    pub issue: IssueNumber,
    pub key: String,
    pub body: String,
    /// Whether it may have been written already, by this or another process.
    #[serde(default)]
    pub look_first: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatusWrite {
    pub sha: CommitSha,
    #[serde(with = "status")]
    pub status: CommitStatus,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ReactionWrite {
    pub comment: CommentId,
    pub reaction: String,
}

/// The one issue of an environment: open with this text, or closed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IssueWrite {
    pub title: String,
    pub body: Option<String>,
    /// What people must be told of if the issue is open already: GitHub tells nobody that a text was edited.
    #[serde(default)]
    pub news: Vec<News>,
}

/// One thing that an issue says, and the comment for when it comes to one that is open.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct News {
    /// Stands in the issue's text exactly when the thing does.
    pub mark: String,
    pub key: String,
    pub comment: String,
}

impl Project {
    /// Sends one write and settles its entry.
    pub(crate) async fn deliver(&self, entry: &ClaimedEntry) -> Result<(), FlowError> {
        let outbox = self.store.outbox();
        if outbox.sent_since(60).await? >= WRITES_A_MINUTE_MAX {
            outbox.postpone(entry.id, entry.attempt, PAUSE_S).await?;
            return Ok(());
        }
        match self.send(entry).await {
            Ok(remote) => outbox.sent(entry.id, entry.attempt, remote.as_deref()).await?,
            // However long GitHub is away, what we have to say is said.
            Err(error) if error.is_absence() => {
                tracing::warn!(%error, kind = entry.kind, "a write to GitHub waits");
                outbox.postpone(entry.id, entry.attempt, error.pause_s(entry.attempt)).await?;
            }
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, kind = entry.kind, "a write to GitHub is tried again");
                outbox.retry(entry.id, entry.attempt, error.pause_s(entry.attempt), &error.to_string()).await?;
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, kind = entry.kind, "a write to GitHub was refused");
                outbox.sent(entry.id, entry.attempt, None).await?;
            }
        }
        Ok(())
    }

    async fn send(&self, entry: &ClaimedEntry) -> Result<Option<String>, FlowError> {
        match entry.kind.as_str() {
            "living" => self.send_living(&serde_json::from_str(&entry.payload)?).await,
            "notice" => self.send_notice(entry, &serde_json::from_str(&entry.payload)?).await,
            "status" => {
                let write: StatusWrite = serde_json::from_str(&entry.payload)?;
                self.send_status(&write).await
            }
            "reaction" => {
                let write: ReactionWrite = serde_json::from_str(&entry.payload)?;
                self.github.react(&self.repository, write.comment, reaction(&write.reaction)).await?;
                Ok(None)
            }
            "issue" => self.send_issue(&serde_json::from_str(&entry.payload)?).await,
            other => {
                tracing::error!(kind = other, "an unknown kind of write is dropped");
                Ok(None)
            }
        }
    }

    /// Edits the one comment, or writes it. An unchanged text is not sent again.
    async fn send_living(&self, write: &LivingWrite) -> Result<Option<String>, FlowError> {
        let key = self.key(&write.number.0.to_string());
        let text = core_model::Hash::of_bytes(write.body.as_bytes());
        let known = self.living_comment(write.number).await?;
        let unchanged = self.store.facts().recall(LIVING_TEXT, &key).await?.as_deref() == Some(text.as_str());
        let id = match known {
            Some(id) if unchanged => id,
            Some(id) => match self.github.update_comment(&self.repository, id, &write.body).await {
                Ok(()) => id,
                // Somebody deleted it.
                Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => {
                    self.github.create_comment(&self.repository, write.number, &write.body).await?
                }
                Err(error) => return Err(error.into()),
            },
            None => self.github.create_comment(&self.repository, write.number, &write.body).await?,
        };
        self.store.facts().remember(LIVING_COMMENT, &key, &id.0.to_string()).await?;
        self.store.facts().remember(LIVING_TEXT, &key, text.as_str()).await?;
        if !write.plans.is_empty() {
            let shown_at = self.github.comment(&self.repository, id).await?.updated_at;
            for plan in &write.plans {
                self.store.plans().published(PlanId(*plan), shown_at.unix_seconds()).await?;
            }
        }
        Ok(Some(id.0.to_string()))
    }

    /// The living comment's id: remembered, or found by its marker among our own comments.
    pub(crate) async fn living_comment(&self, number: PullNumber) -> Result<Option<CommentId>, FlowError> {
        let key = self.key(&number.0.to_string());
        if let Some(id) = self.store.facts().recall(LIVING_COMMENT, &key).await?.and_then(|text| text.parse().ok()) {
            return Ok(Some(CommentId(id)));
        }
        let comments = self.github.comments(&self.repository, number).await?;
        let own = comments.into_iter().find(|comment| comment.author.as_ref() == Some(&self.viewer) && comment.body.starts_with(comment::MARKER));
        if let Some(own) = &own {
            let text = core_model::Hash::of_bytes(own.body.as_bytes());
            self.store.facts().remember(LIVING_COMMENT, &key, &own.id.0.to_string()).await?;
            self.store.facts().remember(LIVING_TEXT, &key, text.as_str()).await?;
        }
        Ok(own.map(|own| own.id))
    }

    async fn send_notice(&self, entry: &ClaimedEntry, write: &NoticeWrite) -> Result<Option<String>, FlowError> {
        let look_first = write.look_first || entry.may_have_been_sent();
        let id = self.comment_once(write.issue, &write.key, &write.body, look_first).await?;
        Ok(Some(id.0.to_string()))
    }

    /// Writes a comment that its key makes findable, unless it stands there.
    async fn comment_once(&self, issue: IssueNumber, key: &str, body: &str, look_first: bool) -> Result<CommentId, FlowError> {
        let marker = format!("<!-- ipr:{key} -->");
        if look_first {
            let comments = self.github.comments(&self.repository, issue).await?;
            if let Some(own) = comments.iter().find(|comment| comment.author.as_ref() == Some(&self.viewer) && comment.body.starts_with(&marker)) {
                return Ok(own.id);
            }
        }
        Ok(self.github.create_comment(&self.repository, issue, &format!("{marker}\n{body}")).await?)
    }

    /// A status that says the same already is not written again.
    async fn send_status(&self, write: &StatusWrite) -> Result<Option<String>, FlowError> {
        let shown = self.github.statuses(&self.repository, &write.sha).await?;
        let same = shown.iter().any(|status| {
            status.creator.as_ref() == Some(&self.viewer)
                && status.context == write.status.context
                && status.state == write.status.state
                && status.description == write.status.description
        });
        if !same {
            self.github.set_status(&self.repository, &write.sha, &write.status).await?;
        }
        Ok(None)
    }

    async fn send_issue(&self, write: &IssueWrite) -> Result<Option<String>, FlowError> {
        let open = self.github.find_open_issue(&self.repository, &self.viewer, &write.title).await?;
        let number = match (open, &write.body) {
            (None, None) => return Ok(None),
            (None, Some(body)) => self.github.create_issue(&self.repository, &write.title, body).await?,
            (Some(issue), Some(body)) => {
                if issue.body != *body {
                    // Said before it is edited: once the text has it, it is news no more.
                    for news in write.news.iter().filter(|news| body.contains(&news.mark) && !issue.body.contains(&news.mark)) {
                        self.comment_once(issue.number, &news.key, &news.comment, true).await?;
                    }
                    let update = daemon_github::IssueUpdate { body: Some(body.clone()), state: None };
                    self.github.update_issue(&self.repository, issue.number, &update).await?;
                }
                issue.number
            }
            (Some(issue), None) => {
                let update = daemon_github::IssueUpdate { body: None, state: Some(daemon_github::IssueState::Closed) };
                self.github.update_issue(&self.repository, issue.number, &update).await?;
                issue.number
            }
        };
        Ok(Some(number.0.to_string()))
    }
}

fn reaction(word: &str) -> Reaction {
    match word {
        "rocket" => Reaction::Rocket,
        "+1" => Reaction::PlusOne,
        "-1" => Reaction::MinusOne,
        "confused" => Reaction::Confused,
        "hooray" => Reaction::Hooray,
        _ => Reaction::Eyes,
    }
}

/// `CommitStatus` in the outbox: the client's type is not a stored form.
mod status {
    use daemon_github::{CommitStatus, StatusState};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Stored {
        state: String,
        context: String,
        description: String,
        target_url: Option<String>,
    }

    pub(super) fn serialize<S: Serializer>(status: &CommitStatus, serializer: S) -> Result<S::Ok, S::Error> {
        let state = match status.state {
            StatusState::Success => "success",
            StatusState::Failure => "failure",
            StatusState::Error => "error",
            StatusState::Pending => "pending",
        };
        Stored {
            state: state.into(),
            context: status.context.clone(),
            description: status.description.clone(),
            target_url: status.target_url.clone(),
        }
        .serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CommitStatus, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        let state = match stored.state.as_str() {
            "success" => StatusState::Success,
            "failure" => StatusState::Failure,
            "error" => StatusState::Error,
            _ => StatusState::Pending,
        };
        Ok(CommitStatus { state, context: stored.context, description: stored.description, target_url: stored.target_url })
    }
}
