//! What becomes of a request when the assistant asks a model that talks nonsense? Never a change: no word of it is the author's.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;
use test_gguf::{CHATML, THINKING, tiny};

use async_trait::async_trait;
use core_config::Files;
use core_model::portable;
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use daemon_assistant::{Outcome, Prompt, Proposed, Proposer, ProposerError, Reading, Request, View, prompt, read_with};
use daemon_model::{Worker, WorkerSettings};
use serde_json::Value;
use tempfile::TempDir;

use crate::worker::PROGRAM;

/// The rules understand none of them.
const UNCLEAR: [&str; 3] =
    ["the cachhee thing ought to hold 512MB of memory", "tools would like it cosier", "la cachhee dovrebbe stare più larga, 512MB"];

struct Container;

const FACTS: TypeFacts = TypeFacts {
    name: "compute",
    provider: "docker",
    meaning: "A container.",
    specs: &[portable::IMAGE.required(), portable::MEMORY],
    metadata: &[],
    ownership: Ownership::Marked,
    naming: Naming::BlueprintAndResource,
    data_bearing: false,
};

impl ResourceType for Container {
    fn facts(&self) -> &'static TypeFacts {
        const { &FACTS }
    }
}

fn files() -> Files {
    let settings = "version: \"1.0\"\nowner_id: 6f0c2a9e\nenvironments:\n  prod: {id: prod, targets: {docker: dock-01}}\n";
    let blueprint = "version: \"1.0\"\nname: tools\nresources:\n  - {type: compute, name: cache, provider: docker, specs: {image: \"redis:7.2\", memory: 256MB}}\n";
    [("ipr.yaml", settings), ("blueprints/tools.yaml", blueprint)].map(|(path, text)| (path.to_owned(), text.into())).into()
}

fn worker(file: &Path) -> Worker {
    Worker::new(WorkerSettings {
        program: PROGRAM.into(),
        file: file.to_owned(),
        name: "tiny".to_owned(),
        timeout: Duration::from_secs(60),
        start_timeout: Duration::from_secs(60),
    })
}

/// A worker, and what it said.
struct Overheard {
    worker: Worker,
    said: Mutex<Vec<Result<Proposed, ProposerError>>>,
}

#[async_trait]
impl Proposer for Overheard {
    fn name(&self) -> &str {
        self.worker.name()
    }

    async fn propose(&self, prompt: &Prompt) -> Result<Proposed, ProposerError> {
        let said = self.worker.propose(prompt).await;
        self.said.lock().unwrap().push(said.clone());
        said
    }
}

#[tokio::test]
async fn a_model_that_talks_nonsense_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let (files, registry) = (files(), Registry::new([&Container as &dyn ResourceType]));
    let view = View::new(&files, &registry);
    let validator = jsonschema::validator_for(&daemon_assistant::schema()).unwrap();
    let now = "2026-11-20T10:00:00+00:00[+00:00]".parse().unwrap();
    let mut invented = 0;
    for (seed, template) in [(1, CHATML), (2, THINKING), (3, CHATML)] {
        let worker = Overheard { worker: worker(&tiny(folder.path(), seed, Some(template))), said: Mutex::default() };
        for text in UNCLEAR {
            let (turn, reading) = read_with(&Request { text, now: &now, about: None }, &view, &worker).await;
            // A bare command may be asked about, or answered from the records where it only asks.
            assert!(!matches!(turn.outcome, Outcome::Change(_) | Outcome::RollBack(..)), "{text}: {:?}", turn.outcome);
            assert!(!matches!(reading, Reading::Deterministic), "{text}: the rules understand it");
        }
        for said in worker.said.into_inner().unwrap() {
            match said {
                Ok(proposed) => {
                    let proposal: Value = serde_json::from_str(&proposed.text).unwrap();
                    assert!(validator.is_valid(&proposal), "{proposal}");
                    invented += proposal["slots"].as_array().unwrap().len();
                }
                // It may not come to the end of a proposal within its tokens.
                Err(error) => assert_eq!(error, ProposerError::TooLong),
            }
        }
    }
    assert!(invented > 0, "no slot was invented, so nothing was checked");
}

#[tokio::test]
async fn the_worker_says_which_model_it_has() {
    let folder = TempDir::new().unwrap();
    let (files, registry) = (files(), Registry::new([&Container as &dyn ResourceType]));
    let now = "2026-11-20T10:00:00+00:00[+00:00]".parse().unwrap();
    let prompt = prompt(&Request { text: UNCLEAR[0], now: &now, about: None }, &View::new(&files, &registry), None);
    let mut versions = Vec::new();
    for seed in [1, 1, 2] {
        // A random model may not come to the end of a proposal within its tokens; of one word it does.
        let mut prompt = prompt.clone();
        prompt.schema = serde_json::json!({"enum": ["a", "b"]});
        versions.push(worker(&tiny(folder.path(), seed, Some(CHATML))).propose(&prompt).await.unwrap().version);
    }
    assert!(versions[0] == versions[1] && versions[1] != versions[2], "{versions:?}");
}
