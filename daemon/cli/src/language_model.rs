//! How does the daemon reach the language model of its configuration? No packet is sent before somebody asks it.

use core_model::{Diagnostic, Secret};
use daemon_model::{Endpoint, Model, Settings};

use crate::config::ModelConfig;

/// The model, or what is wrong with its settings.
pub(crate) fn connect(config: &ModelConfig, key: Option<Secret>) -> Result<Model, Box<Diagnostic>> {
    let settings = Settings { root: config.root.clone(), model: config.name.clone(), key, timeout: config.timeout };
    match Endpoint::new(settings) {
        Ok(endpoint) => Ok(Model::new(Box::new(endpoint), config.asks_a_day)),
        Err(why) => Err(Box::new(Diagnostic::error("Unusable model", format!("{why}.")).at(&config.said_at))),
    }
}
