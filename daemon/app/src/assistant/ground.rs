//! What is a request read against? The default branch as it is now, or the head of the pull request that it is about.

use std::sync::Arc;

use core_config::Files;
use daemon_assistant::{Command, Conversation, Reading, Request, Turn, View, answer, read, read_with};
use daemon_github::{PullRequest, PullState};
use daemon_history::{CommitId, HistoryError};
use daemon_model::{Model, Payers};

use super::request::{Origin, Text};
use super::thread::Thread;
use crate::error::FlowError;
use crate::project::Project;
use crate::records::parse_commit;

/// The files that a request is read against.
pub(crate) struct Ground {
    /// The newest commit of the default branch.
    pub main: CommitId,
    pub files: Arc<Files>,
    /// Our own open pull request that would be amended.
    pub amends: Option<PullRequest>,
    /// What it does so far: "it" means its resources.
    pub about: Option<Command>,
}

impl Project {
    /// As it was fetched last. `None` without a default branch, and for files that are not read at all.
    pub(crate) async fn ground(&self, thread: &Thread) -> Result<Option<Ground>, FlowError> {
        let Some(main) = self.default_tip().await? else { return Ok(None) };
        let pull = match thread.issue.is_pull_request {
            true => Some(self.github.pull(&self.repository, thread.number().as_pull()).await?),
            false => None,
        };
        let about = match &pull {
            Some(pull) => self.store.requests().of_pull(&self.repository.to_string(), self.subject_number(pull.number)).await?,
            None => None,
        };
        let about = about.and_then(|request| serde_json::from_str(&request.command).ok());
        let amends = pull.filter(|pull| pull.state == PullState::Open && self.is_our_proposal(pull));
        let commit = amends.as_ref().map_or(Ok(main), |pull| parse_commit(pull.head_sha.as_str()))?;
        match self.mirror.run(move |history| history.snapshot(commit)).await? {
            Ok(snapshot) => Ok(Some(Ground { main, files: Arc::new(snapshot.files), amends, about })),
            Err(HistoryError::Snapshot(refusal)) => {
                tracing::warn!(%refusal, "a request cannot be read against files that are not read");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a pull request was opened by the assistant.
    pub(crate) fn is_our_proposal(&self, pull: &PullRequest) -> bool {
        pull.author.as_ref() == Some(&self.viewer) && !pull.is_from_fork(&self.repository) && Origin::of_branch(&pull.head_ref).is_some()
    }

    /// One turn of a conversation: by rules and, where a request is not understood by them, by the model. Away from the workers' threads.
    pub(crate) async fn read_text(&self, ground: &Ground, text: &Text, conversation: Option<Conversation>) -> Result<(Turn, Reading), FlowError> {
        let (files, registry, about) = (ground.files.clone(), self.planning.registry.clone(), ground.about.clone());
        let (words, at, model) = (text.words.clone(), text.at, self.model_of(text));
        let (stopping, handle) = (self.stopping.clone(), tokio::runtime::Handle::current());
        let read = self.mirror.run(move |_| {
            let now = jiff::Timestamp::from_second(at.unix_seconds()).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
            let request = Request { text: &words, now: &now, about: about.as_ref() };
            let view = View::new(&files, &registry);
            match (conversation, model) {
                (Some(conversation), _) => Some((answer(conversation, &request, &view), Reading::Deterministic)),
                (None, None) => Some((read(&request, &view), Reading::Deterministic)),
                (None, Some((model, payers, now_s))) => {
                    let asked = model.on_account(&payers, now_s);
                    handle.block_on(stopping.run_until_cancelled(read_with(&request, &view, &asked)))
                }
            }
        });
        read.await?.ok_or(FlowError::Stopping)
    }

    /// The model, and on whose account it is asked now.
    fn model_of(&self, text: &Text) -> Option<(Arc<Model>, Payers, i64)> {
        let model = self.assistant.as_ref()?.model.clone()?;
        let payers = Payers { author: text.author.as_str().to_ascii_lowercase(), repository: self.repository.to_string() };
        Some((model, payers, self.clock.now().unix_seconds()))
    }
}
