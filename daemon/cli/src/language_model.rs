//! How does the daemon reach the language model of its configuration? No packet is sent, and nothing started, before somebody asks it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use core_model::{Diagnostic, Secret};
use daemon_assistant::Proposer;
use daemon_model::{Endpoint, Model, Settings, Worker, WorkerSettings};
use url::Url;

use crate::config::{ModelBackend, ModelConfig};

/// A model of some gigabytes is read from a slow disk within it.
const START_TIMEOUT: Duration = Duration::from_secs(180);
const WORKER: &str = "ipr-model";
const BUILD_WORKER: &str = "cargo build --release --locked --package daemon-worker --features llama";

/// The model, or what is wrong with its settings.
pub(crate) fn connect(config: &ModelConfig, key: Option<Secret>) -> Result<Model, Box<Diagnostic>> {
    let proposer = match &config.backend {
        ModelBackend::Endpoint { root, .. } => endpoint(config, root, key),
        ModelBackend::File { path, worker } => on_this_machine(config, path, worker.as_deref()),
    };
    match proposer {
        Ok(proposer) => Ok(Model::new(proposer, config.asks_a_day)),
        Err(diagnostic) => Err(Box::new(diagnostic.at(&config.said_at))),
    }
}

fn endpoint(config: &ModelConfig, root: &Url, key: Option<Secret>) -> Result<Box<dyn Proposer>, Box<Diagnostic>> {
    let settings = Settings { root: root.clone(), model: config.name.clone(), key, timeout: config.timeout };
    match Endpoint::new(settings) {
        Ok(endpoint) => Ok(Box::new(endpoint)),
        Err(why) => Err(Box::new(unusable(format!("{why}.")))),
    }
}

fn on_this_machine(config: &ModelConfig, file: &Path, worker: Option<&Path>) -> Result<Box<dyn Proposer>, Box<Diagnostic>> {
    if !file.is_file() {
        let detail = format!("`{}` is no file.", file.display());
        return Err(Box::new(unusable(detail).hint("`model.file` names a GGUF file of a model that follows instructions")));
    }
    let program = worker.map_or_else(beside_this_program, Path::to_path_buf);
    if !program.is_file() {
        let detail = format!("The program `{}`, which loads the model, is not there.", program.display());
        let hint = "put it there, or name it with `model.worker`; it is built with";
        return Err(Box::new(unusable(detail).hint(hint).command(BUILD_WORKER)));
    }
    let settings =
        WorkerSettings { program, file: file.to_owned(), name: config.name.clone(), timeout: config.timeout, start_timeout: START_TIMEOUT };
    Ok(Box::new(Worker::new(settings)))
}

fn beside_this_program() -> PathBuf {
    std::env::current_exe().map_or_else(|_| PathBuf::from(WORKER), |own| own.with_file_name(WORKER))
}

fn unusable(detail: String) -> Diagnostic {
    Diagnostic::error("Unusable model", detail)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use core_model::Span;
    use daemon_model::AsksADay;
    use tempfile::TempDir;

    use super::*;

    fn told(path: &Path, worker: &Path) -> String {
        let config = ModelConfig {
            backend: ModelBackend::File { path: path.to_owned(), worker: Some(worker.to_owned()) },
            name: "tiny".to_owned(),
            timeout: Duration::from_secs(1),
            asks_a_day: AsksADay { author: 1, repository: 1 },
            repositories: Default::default(),
            said_at: Span::new("ipr.yaml", 1, 1),
        };
        connect(&config, None).map_or_else(|diagnostic| diagnostic.body(), |_| "usable".to_owned())
    }

    #[test]
    fn a_model_without_its_file_or_its_worker_is_said_before_the_daemon_starts() {
        let folder = TempDir::new().unwrap();
        let (model, worker) = (folder.path().join("a.gguf"), folder.path().join("ipr-model"));
        assert!(told(&model, &worker).contains("a.gguf` is no file"));
        std::fs::write(&model, "GGUF").unwrap();
        let missing = told(&model, &worker);
        assert!(missing.contains("ipr-model`, which loads the model, is not there") && missing.contains("--features llama"), "{missing}");
        std::fs::write(&worker, "").unwrap();
        assert_eq!(told(&model, &worker), "usable");
    }
}
