//! What does the environment's branch of records say, and how is one more record appended?

use std::collections::BTreeMap;

use core_config::Repository;
use core_model::record::{AppliedResource, RECORD_FORMAT, Record, RecordKind, Run};
use core_model::state::AppliedState;
use core_model::{Address, EnvironmentId, Name};
use daemon_github::{CommitDraft, CommitSha, PublishOutcome};
use daemon_history::CommitId;
use daemon_history::record::{RecordContent, RecordError, RecordFiles, RecordPublicKey, records_branch};

use crate::error::FlowError;
use crate::project::Project;

/// The newest record of an environment, verified.
#[derive(Debug, Clone)]
pub struct Tip {
    pub commit: CommitId,
    pub record: Record,
}

impl Tip {
    pub fn applied(&self) -> AppliedState {
        AppliedState { resources: self.record.state.clone(), targets: self.record.run.targets.clone() }
    }
}

/// What is believed of an environment.
#[derive(Debug, Clone)]
pub enum Records {
    /// There is no record yet.
    None,
    Tip(Box<Tip>),
    /// They do not verify. Nothing is done until a person decides.
    Stopped {
        why: String,
    },
}

impl Records {
    pub fn applied(&self) -> AppliedState {
        match self {
            Self::Tip(tip) => tip.applied(),
            Self::None | Self::Stopped { .. } => AppliedState::default(),
        }
    }
}

pub(crate) const LAST_SEEN: &str = "record-tip";

impl Project {
    /// Reads and verifies the newest record from the mirror. `repository` is the base: it says which keys may sign.
    pub async fn records(&self, environment: &EnvironmentId, repository: &Repository) -> Result<Records, FlowError> {
        let allowed = match allowed_keys(repository) {
            Ok(keys) => keys,
            Err(why) => return Ok(Records::Stopped { why }),
        };
        let last_seen = self.store.facts().recall(LAST_SEEN, &self.key(environment.as_str())).await?;
        let asked = environment.clone();
        let read = self.mirror.run(move |history| {
            let Some(commit) = history.record_tip(&asked)? else {
                return Ok(last_seen.map_or(Seen::Nothing, |last| Seen::Gone { last }));
            };
            let verified = history.verify_record(commit, &asked, &allowed)?;
            if let Some(last) = last_seen.as_deref().and_then(|text| text.parse::<CommitId>().ok())
                && !takes_the_place_of(&verified.files, last)
                && !history.descends_from(commit, last)?
            {
                return Ok(Seen::Rewound { last, now: commit });
            }
            Ok::<_, daemon_history::record::RecordError>(Seen::Verified(commit, verified.files))
        });
        Ok(match read.await? {
            Ok(Seen::Nothing) => Records::None,
            Ok(Seen::Gone { last }) => Records::Stopped { why: format!("the branch of its records is gone; the last record seen was {last}") },
            Ok(Seen::Rewound { last, now }) => {
                Records::Stopped { why: format!("its newest record {now} does not descend from {last}, the last one seen") }
            }
            // A repository that cannot be read is trouble of this machine, not of the record.
            Err(RecordError::History(error)) => return Err(error.into()),
            Err(error) => Records::Stopped { why: error.to_string() },
            Ok(Seen::Verified(commit, files)) => match Record::from_files(&files) {
                Ok(record) => {
                    self.store.facts().remember(LAST_SEEN, &self.key(environment.as_str()), &commit.to_string()).await?;
                    Records::Tip(Box::new(Tip { commit, record }))
                }
                Err(error) => Records::Stopped { why: error.to_string() },
            },
        })
    }

    /// Appends a record, with the artefacts of the one before.
    pub async fn append(&self, name: &Name, previous: Option<CommitId>, record: Record, message: String) -> Result<Tip, FlowError> {
        let artefacts = self.artefacts_of(previous).await?;
        self.append_with(name, previous, record, message, artefacts).await
    }

    /// What stands beside a record that is believed, or that we have written.
    pub(crate) async fn artefacts_of(&self, record: Option<CommitId>) -> Result<RecordFiles, FlowError> {
        let Some(record) = record else { return Ok(RecordFiles::new()) };
        Ok(self.mirror.run(move |history| history.record_artefacts(record)).await??)
    }

    /// Signs a record and moves the environment's branch to it. Moving it is the compare-and-swap: who loses has no lock.
    pub(crate) async fn append_with(
        &self,
        name: &Name,
        previous: Option<CommitId>,
        record: Record,
        message: String,
        artefacts: RecordFiles,
    ) -> Result<Tip, FlowError> {
        let environment = record.run.environment.clone();
        let source = record.run.source.as_deref().map(parse_commit).transpose()?;
        let files = record.to_files().into_iter().chain(artefacts).collect();
        let content = RecordContent { environment: environment.clone(), previous, source, files };
        let draft = content.sign(&self.record_key, message)?;
        let sha = |id: CommitId| id.to_string().parse::<CommitSha>().map_err(|_| FlowError::NotACommit(id.to_string()));
        let github_draft = CommitDraft {
            branch: records_branch(&environment),
            expected_tip: previous.map(sha).transpose()?,
            extra_parents: source.map(sha).transpose()?.into_iter().collect(),
            base_tree: None,
            files: draft.files.into_iter().map(|(path, content)| (path, Some(content))).collect(),
            message: draft.message,
        };
        match self.github.publish_commit(&self.repository, &github_draft).await? {
            PublishOutcome::Published(sha) => {
                // The mirror first: whoever reads "last seen" must find that commit in it.
                self.mirror.fetch().await?;
                self.store.facts().remember(LAST_SEEN, &self.key(environment.as_str()), sha.as_str()).await?;
                Ok(Tip { commit: parse_commit(sha.as_str())?, record })
            }
            PublishOutcome::Lost { .. } => Err(FlowError::LockLost { environment: name.clone() }),
        }
    }

    /// A record document that goes on from `tip`: same state, same parked merges, same cursor.
    pub(crate) fn next_run(&self, environment: &EnvironmentId, tip: Option<&Tip>, kind: RecordKind) -> Run {
        let before = tip.map(|tip| &tip.record.run);
        Run {
            format: RECORD_FORMAT,
            kind,
            environment: environment.clone(),
            run_id: String::new(),
            cursor: before.and_then(|run| run.cursor.clone()),
            cursor_after: None,
            source: None,
            base: None,
            pull_request: None,
            digest: None,
            requested_by: String::new(),
            command: None,
            approvals: Vec::new(),
            holder: self.holder.clone(),
            lease_until: String::new(),
            at: self.clock.now().to_string(),
            result: None,
            outcomes: Vec::new(),
            parked: before.map(|run| run.parked.clone()).unwrap_or_default(),
            targets: before.map(|run| run.targets.clone()).unwrap_or_default(),
            message: None,
            notes: Vec::new(),
            abandons: Vec::new(),
        }
    }
}

enum Seen {
    Nothing,
    Gone { last: String },
    Rewound { last: CommitId, now: CommitId },
    Verified(CommitId, RecordFiles),
}

/// Whether a person decided that this record holds instead of the one that was seen last.
fn takes_the_place_of(files: &RecordFiles, last: CommitId) -> bool {
    Record::from_files(files).is_ok_and(|record| record.run.kind == RecordKind::Restored && record.run.abandons.contains(&last.to_string()))
}

pub(crate) fn allowed_keys(repository: &Repository) -> Result<Vec<RecordPublicKey>, String> {
    if repository.record_keys.is_empty() {
        return Err("ipr.yaml of the default branch lists no key under `records: {keys: [..]}`; add the public half of the daemon's record key in a pull request".to_owned());
    }
    repository
        .record_keys
        .iter()
        .map(|line| RecordPublicKey::from_openssh(line).map_err(|_| format!("ipr.yaml lists `{line}`, which is not an SSH Ed25519 key")))
        .collect()
}

pub(crate) fn parse_commit(text: &str) -> Result<CommitId, FlowError> {
    text.parse().map_err(|_| FlowError::NotACommit(text.to_owned()))
}

/// The state of a record as a plain map, for those who only change it.
pub(crate) fn state_of(tip: Option<&Tip>) -> BTreeMap<Address, AppliedResource> {
    tip.map(|tip| tip.record.state.clone()).unwrap_or_default()
}
