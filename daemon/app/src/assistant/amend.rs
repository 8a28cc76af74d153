//! How does "make it 16 GB" become part of the pull request that it is said on? As one more commit, tried out as it would merge.

use core_config::Files;
use daemon_github::{CommitDraft, PullNumber, PullRequest};
use daemon_history::{CommitId, MergeOutcome};
use daemon_store::RequestEntry;

use super::attend::voided;
use super::ground::Ground;
use super::propose::{Wanted, edited, message, trailer};
use super::publish::{Edits, sha};
use super::request::{Origin, State, Text};
use super::thread::Thread;
use crate::comment::assistant::{self as texts, ProposalView, say};
use crate::error::FlowError;
use crate::project::Project;
use crate::records::parse_commit;
use crate::untold::Telling;

/// How many commits of a branch are looked at for an amendment that is there already.
const COMMITS_LOOKED_AT: usize = 50;

impl Project {
    pub(crate) async fn amend(
        &self,
        thread: &mut Thread,
        request: RequestEntry,
        text: &Text,
        ground: &Ground,
        wanted: Wanted,
    ) -> Result<(), FlowError> {
        let Some(pull) = &ground.amends else { return Ok(()) };
        let head = parse_commit(pull.head_sha.as_str())?;
        let language = wanted.notes.language;
        let files = match self.merged_with(ground, head, &wanted.edits).await? {
            Some(files) => files,
            None => {
                let words = say(
                    language,
                    "The default branch changed the same files, or no longer merges with this pull request. Update the branch, then ask again.",
                    "Il ramo principale ha cambiato gli stessi file, o non si unisce più con questa pull request. Aggiorna il ramo, poi chiedi di nuovo.",
                );
                return self.end(thread, request, State::Refused, texts::ended(words)).await;
            }
        };
        let plans = match self.try_out(ground.main, files).await? {
            Ok(plans) => plans,
            Err(problems) => return self.end(thread, request, State::Refused, texts::unfit(language, &wanted.summary, &problems)).await,
        };
        if !self.is_as_it_was_read(thread, &request).await? {
            return self.end(thread, request, State::Void, texts::ended(voided(language))).await;
        }
        let tree = self.mirror.run(move |history| history.tree(head)).await??;
        let draft = CommitDraft {
            branch: pull.head_ref.clone(),
            expected_tip: Some(pull.head_sha.clone()),
            extra_parents: Vec::new(),
            base_tree: Some(sha(&tree.to_string())?),
            files: wanted.edits.clone(),
            message: message(&wanted, thread, &request),
        };
        self.push(&draft).await?;
        self.audit(thread, &request, &wanted, pull.number.0);
        let plans: Vec<_> = plans.into_iter().map(|(environment, plan)| (environment.to_string(), plan)).collect();
        let view = ProposalView {
            summary: &wanted.summary,
            requester: text.author.as_str(),
            asked_in: pull.number.0,
            closes: false,
            slots: &wanted.slots,
            notes: &wanted.notes,
            undo: &wanted.undo,
            plans: &plans,
            registry: &self.planning.registry,
        };
        self.end_amended(thread, request, pull.number, Some(texts::amended(&view))).await
    }

    /// The files as the pull request would merge with the edits on its head. `None` where both sides changed an edited file.
    async fn merged_with(&self, ground: &Ground, head: CommitId, edits: &Edits) -> Result<Option<Files>, FlowError> {
        let main = ground.main;
        let merged = match self.mirror.run(move |history| history.merge(main, head)).await?? {
            MergeOutcome::Clean(merged) => merged.snapshot.files,
            MergeOutcome::Conflict { .. } => return Ok(None),
        };
        let is_alike = edits.keys().all(|path| merged.get(path) == ground.files.get(path));
        Ok(is_alike.then(|| edited(&merged, edits)))
    }

    /// Whether the branch has the commit of this very text: a process ended before it said so.
    pub(crate) async fn amended_before(&self, ground: &Ground, text: &Text) -> Result<Option<PullNumber>, FlowError> {
        let Some(PullRequest { number, head_sha, .. }) = &ground.amends else { return Ok(None) };
        let (mut commit, main, trailer) = (parse_commit(head_sha.as_str())?, ground.main, trailer(&text.origin.to_string()));
        let found = self.mirror.run(move |history| {
            for _ in 0..COMMITS_LOOKED_AT {
                let info = history.commit(commit)?;
                if info.message.lines().any(|line| line == trailer) {
                    return Ok(true);
                }
                match info.parents.first() {
                    Some(parent) if *parent != main => commit = *parent,
                    _ => return Ok::<_, daemon_history::HistoryError>(false),
                }
            }
            Ok(false)
        });
        Ok(found.await??.then_some(*number))
    }

    /// The word that makes its author one of those who asked for the pull request, and after it the note.
    pub(crate) async fn end_amended(
        &self,
        thread: &mut Thread,
        request: RequestEntry,
        pull: PullNumber,
        body: Option<String>,
    ) -> Result<(), FlowError> {
        if let Some(origin) = Origin::parse(&request.origin) {
            let body = body.unwrap_or_else(|| texts::ended("This is part of the pull request now."));
            self.notice_of_record(thread.number(), origin.amended_key(), body, Telling::Afterwards).await?;
        }
        let state = State::Proposed.as_str().to_owned();
        // What "it" is does not change: the request that opened the pull request says.
        self.save(thread, RequestEntry { state, conversation: String::new(), pull: 0, ..request }).await?;
        tracing::debug!(%pull, "a pull request was amended");
        Ok(())
    }
}
