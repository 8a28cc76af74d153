//! How are GitHub and the mirror of a repository reached, with which token and certificates?

use std::path::Path;
use std::time::Duration;

use core_model::Secret;
use daemon_github::{ClientOptions, GitHub, RepositoryName};
use daemon_history::{HistoryError, Mirror, MirrorOptions};

use crate::config::GitHubConfig;
use crate::failure::Failure;

/// One fetch may take so long.
const FETCH_TIMEOUT: Duration = Duration::from_secs(300);

/// GitHub as the configuration has it.
pub(crate) struct Forge {
    config: GitHubConfig,
    token: Secret,
    certificates: Vec<Vec<u8>>,
}

impl Forge {
    pub(crate) fn new(config: &GitHubConfig, token: Secret) -> Result<Self, Failure> {
        let certificates = match &config.ca {
            Some(path) => vec![
                std::fs::read(path)
                    .map_err(|error| Failure::of("Cannot read certificates", error).hint(format!("`github.ca` is {}", path.display())))?,
            ],
            None => Vec::new(),
        };
        Ok(Self { config: config.clone(), token, certificates })
    }

    pub(crate) fn client(&self) -> Result<GitHub, Failure> {
        let mut options = ClientOptions::new(&self.config.api, self.token.clone());
        options.extra_root_certificates_pem.clone_from(&self.certificates);
        GitHub::new(options).map_err(|error| Failure::of("Unusable GitHub settings", error))
    }

    /// The copy of a repository in a folder; made where there is none.
    pub(crate) async fn mirror(&self, repository: &RepositoryName, directory: &Path) -> Result<Mirror, HistoryError> {
        Mirror::open_or_clone(MirrorOptions {
            url: format!("{}/{repository}.git", self.config.web.trim_end_matches('/')),
            directory: directory.to_owned(),
            token: Some(self.token.clone()),
            extra_root_certificates_pem: self.certificates.clone(),
            timeout: FETCH_TIMEOUT,
        })
        .await
    }
}
