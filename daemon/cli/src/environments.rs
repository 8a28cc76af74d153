//! How are the environments, for the page that people open? Only what the database knows; nothing is fetched for it.

use std::sync::Arc;

use daemon_store::{OpenRun, Store};
use daemon_web::{EnvironmentQuestion, EnvironmentState};

use crate::config::Config;

/// Asks the database for each request.
pub(crate) fn question(config: Arc<Config>, store: Store) -> EnvironmentQuestion {
    Box::new(move || {
        let (config, store) = (config.clone(), store.clone());
        Box::pin(async move {
            let open = store.runs().all().await;
            states(&config, open.as_deref().ok())
        })
    })
}

/// One line for each environment served. Without `open` the database did not answer.
fn states(config: &Config, open: Option<&[OpenRun]>) -> Vec<EnvironmentState> {
    let mut states = Vec::new();
    for (repository, served) in &config.repositories {
        for environment in &served.environments {
            let is_open = |run: &&OpenRun| run.repository == repository.to_string() && run.environment == environment.as_str();
            let state = match open.map(|runs| runs.iter().find(is_open)) {
                None => "the database does not answer".to_owned(),
                Some(None) => "no run is open".to_owned(),
                Some(Some(run)) => format!("run {} is open: {}", run.run_id, run.state),
            };
            let link = Some(format!("{}/{repository}/pulls", config.github.web));
            states.push(EnvironmentState { environment: format!("{repository} {environment}"), state, link });
        }
    }
    states
}
