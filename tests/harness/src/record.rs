//! What stands on the branch of records? Read from the forge's git as files, and checked with ssh-keygen and SHA-256.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use test_sim::github::{CommitView, Forge};

/// The branch of an environment's records is this and the environment's id.
const BRANCH_PREFIX: &str = "ipr/records/";
const NAMESPACE: &str = "ipr-record";

/// One record.
#[derive(Debug, Clone)]
pub struct Record {
    pub commit: CommitView,
    pub run: Run,
    /// By address, such as `web.app`.
    pub state: BTreeMap<String, Value>,
    pub files: BTreeMap<String, Vec<u8>>,
}

/// `run.json`, as far as stories look at it.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// `initial`, `started`, `taken-over`, `finished`, `noted`.
    pub kind: String,
    #[serde(default)]
    pub run_id: String,
    pub cursor: Option<String>,
    pub source: Option<String>,
    pub pull_request: Option<u64>,
    pub digest: Option<String>,
    /// `applied`, `nothing-to-do`, `superseded`, `failed`, `rolled-back`, `skipped`.
    pub result: Option<String>,
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
    #[serde(default)]
    pub notes: Vec<String>,
    #[serde(default)]
    pub parked: Vec<Parked>,
}

/// What became of one step.
#[derive(Debug, Clone, Deserialize)]
pub struct Outcome {
    pub address: String,
    /// `not-started`, `failed`, `stopped`, `already-so`, `changed`, `unknown`, `undone`.
    pub state: String,
}

/// A merge that waits for a person.
#[derive(Debug, Clone, Deserialize)]
pub struct Parked {
    pub commit: String,
    pub pull_request: Option<u64>,
    /// `failed`, `rolled-back`, `refused`, `not-covered`, `unreviewed`, `waiting`, `window`.
    pub reason: String,
    /// The `/apply` that is kept for a window.
    pub confirmed: Option<Value>,
    pub detail: String,
    pub digest: String,
}

impl Record {
    /// All records of an environment, newest first.
    pub(crate) async fn all(forge: &Forge, repository: &str, environment: &str) -> Vec<Self> {
        let branch = format!("{BRANCH_PREFIX}{environment}");
        if forge.ref_sha(repository, &format!("refs/heads/{branch}")).is_none() {
            return Vec::new();
        }
        // Records hang together by their first parents; the second parents are commits of the default branch.
        let commits: BTreeMap<String, CommitView> =
            forge.branch_log(repository, &branch).await.expect("the branch exists").into_iter().map(|commit| (commit.sha.clone(), commit)).collect();
        let mut next = forge.ref_sha(repository, &format!("refs/heads/{branch}"));
        let mut records = Vec::new();
        while let Some(commit) = next.and_then(|sha| commits.get(&sha)) {
            let files = forge.files_at(repository, &commit.sha).await.expect("a commit of the branch has a tree");
            let Some(run) = files.get("run.json") else { break };
            let run = serde_json::from_slice(run).unwrap_or_else(|error| panic!("run.json of {} cannot be read: {error}", commit.sha));
            records.push(Self { commit: commit.clone(), run, state: state(&files), files });
            next = commit.parents.first().cloned();
        }
        records
    }

    /// What a resource was set to, from its file in the record.
    pub fn value(&self, address: &str, path: &str) -> &Value {
        let resource = self.state.get(address).unwrap_or_else(|| panic!("the record has no `{address}`; it has {:?}", self.addresses()));
        path.split('.').fold(&resource["values"], |value, key| &value[key])
    }

    /// What a target said of itself: `edge/export.rsc`.
    pub fn artefact(&self, path: &str) -> Option<String> {
        self.files.get(&format!("artefacts/{path}")).map(|text| String::from_utf8_lossy(text).into_owned())
    }

    pub fn addresses(&self) -> Vec<&str> {
        self.state.keys().map(String::as_str).collect()
    }

    /// The state of each step by address.
    pub fn outcomes(&self) -> Vec<(&str, &str)> {
        self.run.outcomes.iter().map(|outcome| (outcome.address.as_str(), outcome.state.as_str())).collect()
    }

    /// Panics unless the key signed exactly these files.
    pub(crate) fn verify(&self, public_key: &str) {
        let file = |name: &str| self.files.get(name).unwrap_or_else(|| panic!("the record has no `{name}`"));
        let manifest = file("manifest");
        let folder = tempfile::tempdir().expect("a folder for temporary files can be made");
        let (signers, signature) = (folder.path().join("signers"), folder.path().join("signature"));
        fs::write(&signers, format!("ipr {public_key}\n")).expect("the folder is ours");
        fs::write(&signature, file("signature")).expect("the folder is ours");
        let mut check = Command::new("ssh-keygen");
        check.args(["-q", "-Y", "verify", "-n", NAMESPACE, "-I", "ipr", "-f"]).arg(&signers).arg("-s").arg(&signature);
        let mut check = check.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("ssh-keygen can be run");
        check.stdin.take().expect("its input is piped").write_all(manifest).expect("ssh-keygen reads what it verifies");
        let status = check.wait().expect("a child of ours can be waited for");
        assert!(status.success(), "the signature of the record {} is not one of the daemon's key", self.commit.sha);
        let manifest = String::from_utf8_lossy(manifest);
        for (path, content) in self.files.iter().filter(|(path, _)| !matches!(path.as_str(), "manifest" | "signature")) {
            let line = format!("{}  {path}", hex::encode(Sha256::digest(content)));
            assert!(manifest.lines().any(|signed| signed == line), "`{path}` of the record {} is not what was signed", self.commit.sha);
        }
    }
}

fn state(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Value> {
    let resources = files.iter().filter_map(|(path, content)| {
        let address = path.strip_prefix("state/")?.strip_suffix(".json")?.replace('/', ".");
        Some((address, serde_json::from_slice(content).ok()?))
    });
    resources.collect()
}
