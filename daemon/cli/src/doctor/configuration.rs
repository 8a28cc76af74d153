//! Can the configuration be read, and are its secrets there, none of them a sample?

use std::path::Path;

use engine_api::Check;

use super::{Report, of_diagnostic};
use crate::config::{self, Config};
use crate::keys::FoundKeys;
use crate::terminal::several;

const ABOUT: &str = "configuration";

pub(super) fn read(path: &Path, report: &mut Report) -> Option<Config> {
    match config::load(path) {
        Ok((config, _)) => {
            let (repositories, targets) = (several(config.repositories.len(), "repository"), several(config.targets.len(), "target"));
            report.push(ABOUT, Check::ok(format!("{}: {repositories}, {targets}", path.display())));
            Some(config)
        }
        Err(mistakes) => {
            mistakes.diagnostics.iter().for_each(|mistake| report.push(ABOUT, of_diagnostic(mistake)));
            None
        }
    }
}

/// The daemon's own secrets, as `ipr serve` reads them; those of targets are looked at with each target.
pub(super) fn secrets(config: &Config, report: &mut Report) -> FoundKeys {
    let mut keys = FoundKeys::read(config);
    let found = std::mem::take(&mut keys.diagnostics);
    found.iter().for_each(|mistake| report.push("secrets", of_diagnostic(mistake)));
    if keys.are_complete() {
        report.push("secrets", Check::ok("token, webhook secret, record key and fingerprint key are there"));
    }
    keys
}
