//! How is a complete command put forward? Tried out first, then as the one pull request of its request.

use core_config::Files;
use daemon_assistant::{Change, Command, Language, Notes, Sourced};
use daemon_github::{GitHubError, GitHubErrorKind};
use daemon_store::RequestEntry;

use super::attend::voided;
use super::ground::Ground;
use super::publish::{Edits, Publication};
use super::request::{Origin, State, Text, hash_of};
use super::thread::Thread;
use crate::comment::assistant::{self as texts, ProposalView};
use crate::error::FlowError;
use crate::project::Project;

/// GitHub's bound for titles.
const TITLE_CHARACTERS_MAX: usize = 256;
/// What the assistant may change; the edit was checked for it already, and here it is once more.
const FOLDER: &str = "blueprints/";

/// What is to be put forward.
pub(crate) struct Wanted {
    pub edits: Edits,
    pub summary: String,
    pub slots: Vec<(String, Sourced<String>)>,
    pub notes: Notes,
    pub undo: String,
    /// The command as JSON, for "it" on the pull request; empty for a way back.
    pub command: String,
    pub name: &'static str,
}

impl Wanted {
    pub(crate) fn of(change: Change) -> Result<Self, FlowError> {
        Ok(Self {
            edits: change.edits.into_iter().map(|(path, text)| (path, text.map(String::into_bytes))).collect(),
            command: serde_json::to_string::<Command>(&change.command)?,
            name: change.command.name().as_str(),
            summary: change.summary,
            slots: change.slots,
            notes: change.notes,
            undo: change.undo,
        })
    }

    fn language(&self) -> Language {
        self.notes.language
    }
}

impl Project {
    pub(crate) async fn put_forward(
        &self,
        thread: &mut Thread,
        request: RequestEntry,
        text: &Text,
        ground: &Ground,
        wanted: Wanted,
    ) -> Result<(), FlowError> {
        if let Some(path) = wanted.edits.keys().find(|path| !path.starts_with(FOLDER) || path.split('/').any(|part| part == "..")) {
            tracing::error!(path, "an edit outside of blueprints/ was stopped; this is a bug in the daemon");
            return self
                .end(thread, request, State::Refused, texts::ended("The change would leave `blueprints/`, which the assistant never does."))
                .await;
        }
        if ground.amends.is_some() {
            return self.amend(thread, request, text, ground, wanted).await;
        }
        let files = edited(&ground.files, &wanted.edits);
        let plans = match self.try_out(ground.main, files.clone()).await? {
            Ok(plans) => plans,
            Err(problems) => {
                let body = texts::unfit(wanted.language(), &wanted.summary, &problems);
                return self.end(thread, request, State::Refused, body).await;
            }
        };
        let Some(origin) = Origin::parse(&request.origin) else { return Ok(()) };
        let branch = origin.branch(thread.number());
        let (is_as_it_was_read, found) = tokio::join!(self.is_as_it_was_read(thread, &request), self.look_for_proposal(&branch));
        if !is_as_it_was_read? {
            return self.end(thread, request, State::Void, texts::ended(voided(wanted.language()))).await;
        }
        let plans: Vec<_> = plans.into_iter().map(|(environment, plan)| (environment.to_string(), plan)).collect();
        let view = ProposalView {
            summary: &wanted.summary,
            requester: &request.author,
            asked_in: thread.number().0,
            closes: origin == Origin::Issue,
            slots: &wanted.slots,
            notes: &wanted.notes,
            undo: &wanted.undo,
            plans: &plans,
            registry: &self.planning.registry,
        };
        let publication = Publication {
            branch,
            main: ground.main,
            edits: &wanted.edits,
            files: &files,
            message: message(&wanted, thread, &request),
            title: wanted.summary.chars().take(TITLE_CHARACTERS_MAX).collect(),
            body: texts::proposal(&view),
        };
        let pull = self.publish_proposal(&publication, found?).await?;
        self.audit(thread, &request, &wanted, pull.number.0);
        let body = texts::proposed(wanted.language(), pull.number.0, &wanted.summary);
        let proposed = RequestEntry { pull: self.subject_number(pull.number), command: wanted.command, ..request };
        self.end(thread, proposed, State::Proposed, body).await
    }

    /// Whether the text that began the request still is the one that was read. Its author was asked for before.
    pub(crate) async fn is_as_it_was_read(&self, thread: &Thread, request: &RequestEntry) -> Result<bool, FlowError> {
        let hash = match Origin::parse(&request.origin) {
            Some(Origin::Issue) => self.github.issue(&self.repository, thread.number()).await.map(|issue| hash_of(&[&issue.title, &issue.body])),
            Some(Origin::Comment(id)) => self.github.comment(&self.repository, id).await.map(|comment| hash_of(&[&comment.body])),
            None => return Ok(false),
        };
        match hash {
            Ok(hash) => Ok(hash == request.text_hash),
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// One line for each pull request and amendment: who, where, what, and from where each value came.
    pub(crate) fn audit(&self, thread: &Thread, request: &RequestEntry, wanted: &Wanted, pull: u64) {
        let slots = serde_json::to_string(&wanted.slots).unwrap_or_default();
        let reading = serde_json::to_string(&wanted.notes.reading).unwrap_or_default();
        tracing::info!(
            repository = %self.repository,
            issue = %thread.number(),
            origin = request.origin,
            author = request.author,
            command = wanted.name,
            reading,
            pull,
            slots,
            "the assistant proposed a change"
        );
    }
}

/// Names nobody: a mention in a commit would notify.
pub(crate) fn message(wanted: &Wanted, thread: &Thread, request: &RequestEntry) -> String {
    format!("{}\n\nAsked for by {} in #{}.\n\n{}\n", wanted.summary, request.author, thread.number(), trailer(&request.origin))
}

/// By which a commit is found again.
pub(crate) fn trailer(origin: &str) -> String {
    format!("Ipr-Request: {origin}")
}

/// The files with the edits.
pub(crate) fn edited(files: &Files, edits: &Edits) -> Files {
    let mut edited = files.clone();
    for (path, content) in edits {
        match content {
            Some(content) => edited.insert(path.clone(), content.clone()),
            None => edited.remove(path),
        };
    }
    edited
}
