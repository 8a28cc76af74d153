//! What is in the demo's repository, and what is its daemon told? The shipped files, adapted to this machine and this run.

use std::fmt::Write as _;
use std::path::Path;

pub(super) const REPOSITORY: &str = "acme/infra";
pub(super) const ENVIRONMENT: &str = "demo";
pub(super) const SETTINGS_PATH: &str = "ipr.yaml";
pub(super) const BLUEPRINT_PATH: &str = "blueprints/cdn.yaml";

const SETTINGS: &str = include_str!("../../../../ipr.yaml");
const BLUEPRINT: &str = include_str!("../../../../blueprints/cdn.yaml");

// What the shipped files say and the demo says differently. A test keeps these true.
const OWNER: &str = "owner_id: 4c6b98b7";
const TARGETS: &str = "targets: {docker: local}";
const VALUES: &str = "values: {registry: docker.io/library, http_port: \"18080\"}";
const PROVIDER: &str = "provider: docker";
const NETWORK: &str = "{type: network, name: cdn, provider: docker}";
const PORT: &str = "18080";
const GREETING: &str = "Hello from the origin.";

/// What the origin says first, and after the change.
pub(super) const FIRST_GREETING: &str = GREETING;
pub(super) const SECOND_GREETING: &str = "Hello again, by pull request.";

/// What differs from the shipped files.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// Random, so that nothing of another run or of anybody else is taken for ours.
    pub(super) owner_id: String,
    /// What the names of all objects begin with.
    pub(super) prefix: String,
    pub(super) provider: &'static str,
    /// Where images come from: `docker.io/library`.
    pub(super) registry: String,
    /// Where the site is published.
    pub(super) http_port: u16,
    /// For the network, where the engine has none left to choose.
    pub(super) subnet: Option<String>,
    /// Of the key that signs records.
    pub(super) public_key: String,
}

impl Facts {
    /// `ipr.yaml`.
    pub(super) fn settings(&self) -> String {
        let Self { owner_id, prefix, provider, registry, http_port, public_key, .. } = self;
        let text = without_head(SETTINGS)
            .replace(OWNER, &format!("owner_id: \"{owner_id}\""))
            .replace(TARGETS, &format!("targets: {{{provider}: local}}\n    prefix: {prefix}"))
            .replace(VALUES, &format!("values: {{registry: \"{registry}\", http_port: \"{http_port}\"}}"));
        format!("{text}records:\n  keys:\n    - \"{public_key}\"\n")
    }

    /// `blueprints/cdn.yaml`.
    pub(super) fn blueprint(&self) -> String {
        let mut text = BLUEPRINT.replace(PORT, &self.http_port.to_string());
        if let Some(subnet) = &self.subnet {
            text = text.replace(NETWORK, &format!("{{type: network, name: cdn, provider: docker, specs: {{subnet: {subnet}}}}}"));
        }
        text.replace(PROVIDER, &format!("provider: {}", self.provider))
    }

    /// The blueprint with another page.
    pub(super) fn changed_blueprint(&self) -> String {
        self.blueprint().replace(GREETING, SECOND_GREETING)
    }
}

/// The comment at the start is about the tree that the file is shipped in.
fn without_head(text: &str) -> &str {
    text.find("version:").map_or(text, |start| &text[start..])
}

/// Where the daemon listens, whom it talks to, and which target it has.
#[derive(Debug)]
pub(super) struct DaemonFacts<'a> {
    pub(super) port: u16,
    pub(super) api: &'a str,
    pub(super) web: &'a str,
    pub(super) endpoint: &'a str,
    /// The host that images may come from.
    pub(super) image_host: &'a str,
    pub(super) facts: &'a Facts,
}

pub(super) const RECORD_KEY: &str = "record-key";
pub(super) const FINGERPRINT_KEY: &str = "fingerprint-key";
pub(super) const TOKEN: &str = "github-token";
pub(super) const WEBHOOK_SECRET: &str = "webhook-secret";
pub(super) const CERTIFICATE: &str = "github-ca.pem";

impl DaemonFacts<'_> {
    /// The daemon's configuration. Paths are meant from the folder it is in.
    pub(super) fn configuration(&self) -> String {
        let Self { port, api, web, endpoint, image_host, facts } = self;
        let Facts { owner_id, provider, .. } = facts;
        let mut text = format!("version: \"1.0\"\nlisten: 127.0.0.1:{port}\nstate: state\nrecord_key: {{file: {RECORD_KEY}}}\n");
        // Writing to a String cannot fail, here and below.
        let _ = write!(text, "fingerprint_key: {{id: demo, file: {FINGERPRINT_KEY}}}\ngithub:\n  api: {api}\n  web: {web}\n");
        let _ = write!(text, "  token: {{file: {TOKEN}}}\n  webhook_secret: {{file: {WEBHOOK_SECRET}}}\n  ca: {CERTIFICATE}\n");
        let _ = write!(text, "repositories:\n  - {{name: {REPOSITORY}, environments: [{ENVIRONMENT}]}}\n");
        let _ = write!(text, "targets:\n  local:\n    provider: {provider}\n    endpoint: \"{endpoint}\"\n    owner_id: \"{owner_id}\"\n");
        let _ = write!(text, "    repositories: [{REPOSITORY}]\n    environments: [{ENVIRONMENT}]\n    registries: [\"{image_host}\"]\n");
        text + "sweep: {every: 30s}\n"
    }
}

/// The endpoint of a fake target that is kept in a folder.
pub(super) fn fake_endpoint(folder: &Path) -> String {
    format!("file://{}", folder.join("fake-target.json").display())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use core_model::Name;

    use super::*;
    use crate::{config, engines};

    fn facts(provider: &'static str) -> Facts {
        Facts {
            owner_id: "4e123456".to_owned(),
            prefix: "demo-4e12-".to_owned(),
            provider,
            registry: "127.0.0.1:5000/library".to_owned(),
            http_port: 40_001,
            subnet: Some("10.213.7.0/24".to_owned()),
            public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUw9R4kjLlgAFvKWBDaZMpkg3vGTX7RhJWH8vm9yyMj".to_owned(),
        }
    }

    #[test]
    fn the_shipped_files_still_say_what_is_adapted() {
        for (file, text) in [
            (SETTINGS, OWNER),
            (SETTINGS, TARGETS),
            (SETTINGS, VALUES),
            (BLUEPRINT, PROVIDER),
            (BLUEPRINT, NETWORK),
            (BLUEPRINT, PORT),
            (BLUEPRINT, GREETING),
        ] {
            assert!(file.contains(text), "{text}");
        }
    }

    #[test]
    fn the_adapted_files_load_without_a_mistake_for_either_engine() {
        for provider in ["docker", "fake"] {
            let mut facts = facts(provider);
            if provider == "fake" {
                facts.subnet = None;
            }
            let files = [(SETTINGS_PATH, facts.settings()), (BLUEPRINT_PATH, facts.blueprint())];
            let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes()));
            let loaded = core_config::load(&files.into(), &engines::registry());
            assert!(loaded.diagnostics.is_empty(), "{provider}: {:?}", loaded.diagnostics);
            let environment = &loaded.repository.environments[&ENVIRONMENT.parse::<Name>().unwrap()];
            assert_eq!(environment.desired.resources.len(), 4);
            let changed = facts.changed_blueprint();
            let differing = facts.blueprint().lines().zip(changed.lines()).filter(|(before, after)| before != after).count();
            assert_eq!(differing, 1);
        }
    }

    #[test]
    fn the_daemon_can_read_its_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let facts = facts("fake");
        let endpoint = fake_endpoint(folder.path());
        let daemon = DaemonFacts {
            port: 40_002,
            api: "https://127.0.0.1:40003/api/v3",
            web: "https://127.0.0.1:40003",
            endpoint: &endpoint,
            image_host: "127.0.0.1:5000",
            facts: &facts,
        };
        let path = folder.path().join("ipr.yaml");
        std::fs::write(&path, daemon.configuration()).unwrap();
        let (config, _) = config::load(&path).map_err(|mistakes| mistakes.diagnostics).unwrap();
        assert_eq!(config.listen.port(), 40_002);
        assert_eq!(config.targets.len(), 1);
    }
}
