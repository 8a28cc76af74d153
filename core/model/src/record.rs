//! What was set out to be done, and what was done? The documents inside a record.
//!
//! A record is a commit on `ipr/records/<environment>`. Its tree holds `run.json`, `plan.json` and one
//! `state/<blueprint>/<resource>.json` for each resource: enough to delete a resource without any blueprint. What targets say of
//! themselves stands beside them, in `artefacts/`, and is nothing that is read back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::canonical::{self, Hash};
use crate::name::{Address, EnvironmentId, TargetName};
use crate::plan::{Pin, Plan};
use crate::resource_type::Ownership;

/// The version of every document of a record. Older ones keep loading.
pub const RECORD_FORMAT: u32 = 1;

/// What we put on a target for one resource: `state/<blueprint>/<resource>.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppliedResource {
    pub format: u32,
    pub address: Address,
    #[serde(rename = "type")]
    pub type_name: String,
    pub provider: String,
    pub target: TargetName,
    /// The identity of the target itself at that time (an engine id, a serial number).
    pub target_identity: String,
    /// What the object is called on the target.
    pub object: String,
    pub ownership: Ownership,
    /// What the author set, secrets as fingerprints.
    pub values: Map<String, Value>,
    #[serde(default)]
    pub pins: BTreeMap<String, Pin>,
    #[serde(default)]
    pub depends_on: BTreeSet<Address>,
    pub protect: bool,
    /// `keep` or `destroy`, as the blueprint or the type said.
    pub keep_on_delete: bool,
    /// Paths whose values are never shown, even after the secret is gone from the blueprint.
    #[serde(default)]
    pub sensitive: BTreeSet<String>,
    pub provenance: Provenance,
    /// Whether the gates passed: the object is healthy or answers.
    pub ready: bool,
}

/// Who asked for it, and where it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub commit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// `blueprints/web.yaml:12`.
    pub declared_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// The first record of an environment: nothing was done, the cursor is set.
    Initial,
    /// Written before the first mutation; moving the branch to it takes the environment's lock.
    Started,
    /// Another daemon went on with an open run.
    TakenOver,
    Finished,
    /// A merge that asks for nothing, was superseded, skipped or parked: only the cursor and the parked list changed.
    Noted,
    /// A person decided which record holds, after the newest one could not be believed.
    Restored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    NotStarted,
    Failed,
    /// A dependency failed first.
    Stopped,
    /// The target was so already.
    AlreadySo,
    Changed,
    /// It may have taken effect; a person has to look.
    Unknown,
    /// Undone after a failure.
    Undone,
}

/// What became of one step: *changed* × *ready*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepOutcome {
    pub step: Hash,
    pub address: Address,
    pub state: StepState,
    /// `None` where the step has no gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunResult {
    Applied,
    NothingToDo,
    /// A later merge asks for the same addresses and covers this one.
    Superseded,
    Failed,
    RolledBack,
    Skipped,
}

/// Why a merge waits, for a person where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParkedReason {
    Failed,
    RolledBack,
    /// The environment's rules say so: approvals, problems in the plan.
    Refused,
    /// What would be done now is more than what was reviewed.
    NotCovered,
    /// Pushed without a pull request.
    Unreviewed,
    /// Data loss, a confirmation the environment asks for, a mass delete, or manual mode.
    Waiting,
    /// A window of the environment. It goes on by itself when one opens.
    Window,
}

/// A merge that waits for `/apply <digest>` or `/skip`. It blocks only what overlaps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    pub commit: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    pub base: String,
    pub reason: ParkedReason,
    pub detail: String,
    /// The digest that `/apply` must name.
    pub digest: Hash,
    pub addresses: BTreeSet<Address>,
    /// Who said `/apply` while no window was open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
}

/// An `/apply` that is carried out when a window opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    pub command: CommandId,
    /// The issue or pull request that it stands on.
    pub issue: u64,
    pub login: String,
    pub digest: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletes: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub login: String,
    pub at: String,
}

/// A command of a person on GitHub: the comment it stands in, and which of the commands in there it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandId {
    pub comment: u64,
    pub place: u64,
}

/// `run.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub format: u32,
    pub kind: RecordKind,
    pub environment: EnvironmentId,
    /// Empty for records that are not part of a run.
    #[serde(default)]
    pub run_id: String,
    /// The last commit of the default branch that was dealt with.
    pub cursor: Option<String>,
    /// In a started record: the cursor once the run is finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor_after: Option<String>,
    /// The commit whose blueprints this record follows.
    pub source: Option<String>,
    /// The commit the plan's scope was measured from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Hash>,
    #[serde(default)]
    pub requested_by: String,
    /// The command that this record carries out. A record that has it says that the command is done, whatever else was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// Which daemon holds the environment's lock, and until when without a sign of life (RFC 3339).
    #[serde(default)]
    pub holder: String,
    #[serde(default)]
    pub lease_until: String,
    pub at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<RunResult>,
    #[serde(default)]
    pub outcomes: Vec<StepOutcome>,
    #[serde(default)]
    pub parked: Vec<Parked>,
    /// The identity of each target, recorded at first use.
    #[serde(default)]
    pub targets: BTreeMap<TargetName, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What people should know of the run beside its outcomes, a sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// In a restored record: the commits it takes the place of. A daemon that last saw one of them goes on from here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abandons: Vec<String>,
}

/// Everything a record says.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub run: Run,
    pub plan: Option<Plan>,
    pub state: BTreeMap<Address, AppliedResource>,
}

#[derive(Debug, thiserror::Error)]
pub enum RecordFormatError {
    #[error("the record has no `{0}`")]
    Missing(&'static str),
    #[error("`{path}` of the record cannot be read")]
    Unreadable { path: String, source: serde_json::Error },
    #[error("`{path}` of the record has format {found}, and this program knows formats up to {RECORD_FORMAT}; update ipr")]
    Newer { path: String, found: u64 },
}

const RUN_PATH: &str = "run.json";
const PLAN_PATH: &str = "plan.json";
const STATE_FOLDER: &str = "state/";

impl Record {
    /// The files of the record's tree, without the signature.
    pub fn to_files(&self) -> BTreeMap<String, Vec<u8>> {
        let document = |value: Value| canonical::pretty(&value).into_bytes();
        let mut files = BTreeMap::new();
        files.insert(RUN_PATH.to_owned(), document(serde_json::to_value(&self.run).expect("a run always serialises")));
        if let Some(plan) = &self.plan {
            files.insert(PLAN_PATH.to_owned(), document(plan.to_json()));
        }
        for (address, resource) in &self.state {
            let value = serde_json::to_value(resource).expect("applied state always serialises");
            files.insert(format!("{STATE_FOLDER}{}/{}.json", address.blueprint, address.resource), document(value));
        }
        files
    }

    pub fn from_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, RecordFormatError> {
        let run = read(RUN_PATH, files.get(RUN_PATH).ok_or(RecordFormatError::Missing(RUN_PATH))?)?;
        let plan = files.get(PLAN_PATH).map(|bytes| read(PLAN_PATH, bytes)).transpose()?;
        let mut state = BTreeMap::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path.starts_with(STATE_FOLDER)) {
            let resource: AppliedResource = read(path, bytes)?;
            state.insert(resource.address.clone(), resource);
        }
        Ok(Self { run, plan, state })
    }

    /// Whether a run is open: started and not finished.
    pub fn is_open(&self) -> bool {
        matches!(self.run.kind, RecordKind::Started | RecordKind::TakenOver)
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &str, bytes: &[u8]) -> Result<T, RecordFormatError> {
    let unreadable = |source| RecordFormatError::Unreadable { path: path.to_owned(), source };
    let value: Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    let found = value.get("format").and_then(Value::as_u64).unwrap_or(0);
    if found > u64::from(RECORD_FORMAT) {
        return Err(RecordFormatError::Newer { path: path.to_owned(), found });
    }
    serde_json::from_value(value).map_err(unreadable)
}
