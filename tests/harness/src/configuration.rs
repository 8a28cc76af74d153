//! Which files and variables does a daemon of a story start with?

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_sim::github::Forge;

use crate::beside::Beside;
use crate::edge;
use crate::metal;
use crate::model::{self, Script};
use crate::pve::{self, Certificate};
use crate::target::FakeTarget;

/// The value of the secret `db_password`. It must not be seen anywhere but on the target.
pub const CANARY: &str = "canary-4b1d-never-to-be-seen";
/// The secret that GitHub and the daemon share.
pub const WEBHOOK_SECRET: &str = "f2b1c9d07a6e4c55a1d3e8b9407fc216";
const OWNER_ID: &str = "6f0c2a9e";
const FINGERPRINT_KEY: &str = "9b5ad71ce1c5e0ba4f1f3f0b2a7c6d8e9f00112233445566778899aabbccddee";
/// Without webhooks the daemon looks this often. With them, it does not look again while a story lasts.
const SWEEP_WITHOUT_WEBHOOKS: &str = "1s";
const SWEEP_WITH_WEBHOOKS: &str = "6h";

/// What becomes of webhooks between GitHub and the daemon.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Webhooks {
    #[default]
    Delivered,
    /// Every one of them gets lost, and the daemon lives on its sweep.
    Lost,
    /// Every one of them comes twice, and those of one moment in any order. The seed decides which.
    DoubledAndReordered(u64),
}

/// What the environment `prod` is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Provider {
    #[default]
    Fake,
    /// A Docker engine that others use, too: only the owner id tells whose an object is.
    Docker { endpoint: String, owner_id: String, registry: String },
}

/// How a world is to be.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub(crate) webhooks: Webhooks,
    pub(crate) provider: Provider,
    /// Whether there is a Proxmox cluster beside it, and which certificate is expected of it.
    pub(crate) proxmox: Option<Certificate>,
    /// Whether there is a router beside it.
    pub(crate) mikrotik: bool,
    pub(crate) ipmi: bool,
    /// Where the BMC of a real machine beside it is, as the configuration writes it.
    pub(crate) bare_machine: Option<String>,
    /// Whether there is an environment `staging` on the target of `prod`.
    pub(crate) staging: bool,
    pub(crate) files: Vec<(String, String)>,
    pub(crate) rules: Vec<String>,
    /// What the daemon's configuration says of the assistant.
    pub(crate) assistant: Option<String>,
    /// What the assistant's language model will say.
    pub(crate) model: Option<Script>,
    /// A language model of this machine: the program of its worker, and its file.
    pub(crate) local_model: Option<(PathBuf, PathBuf)>,
}

impl Wish {
    pub fn webhooks(mut self, webhooks: Webhooks) -> Self {
        self.webhooks = webhooks;
        self
    }

    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// `prod` has a Proxmox cluster, too.
    pub fn proxmox(mut self) -> Self {
        self.proxmox = Some(Certificate::Known);
        self
    }

    /// As [`Wish::proxmox`]; and what answers there has not the certificate that the daemon was told.
    pub fn proxmox_with_another_certificate(mut self) -> Self {
        self.proxmox = Some(Certificate::Another);
        self
    }

    /// `prod` has a router, too.
    pub fn mikrotik(mut self) -> Self {
        self.mikrotik = true;
        self
    }

    /// `prod` has a bare machine, too.
    pub fn ipmi(mut self) -> Self {
        self.ipmi = true;
        self
    }

    /// There is an environment `staging`, too. Its objects stand on the target of `prod`, with names that begin with `staging-`.
    pub fn staging(mut self) -> Self {
        self.staging = true;
        self
    }

    /// A file that the default branch holds before the daemon starts.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), text.to_owned()));
        self
    }

    /// A line of the environment `prod` in ipr.yaml, such as `confirm: [replace]`.
    pub fn rule(mut self, line: &str) -> Self {
        self.rules.push(line.to_owned());
        self
    }

    /// The daemon reads requests: issues with the label `ipr`, and whoever mentions `@ipr`.
    pub fn assistant(self) -> Self {
        self.assistant_as("{label: ipr, mention: ipr}")
    }

    /// The daemon reads requests, as its configuration says here.
    pub fn assistant_as(mut self, section: &str) -> Self {
        self.assistant = Some(section.to_owned());
        self
    }

    /// The assistant has a language model, which will say this.
    pub fn model(mut self, script: Script) -> Self {
        self.model = Some(script);
        self
    }

    /// The assistant has a language model of this machine: the program of its worker, and its file.
    pub fn local_model(mut self, worker: PathBuf, file: PathBuf) -> Self {
        self.local_model = Some((worker, file));
        self
    }

    pub(crate) fn provider_name(&self) -> &'static str {
        match self.provider {
            Provider::Fake => "fake",
            Provider::Docker { .. } => "docker",
        }
    }
}

/// The daemon's folder: configuration, keys, and beside them its state.
#[derive(Debug)]
pub(crate) struct Configuration {
    folder: PathBuf,
    public_key: String,
    repository: String,
    provider: &'static str,
    endpoint: String,
    owner_id: String,
    /// More lines of the target, and the targets after it.
    target_lines: String,
    sweep: &'static str,
    /// Those of the repository, as a list.
    environments: &'static str,
    /// More of the repository's own entry.
    assistant: String,
    /// The section of the language model.
    model: String,
    /// Set for the daemon; everything else of the test's environment is taken away.
    variables: BTreeMap<String, String>,
}

impl Configuration {
    pub(crate) fn new(folder: &Path, forge: &Forge, repository: &str, wish: &Wish, target: &FakeTarget, beside: &Beside) -> Self {
        let mut configuration = Self {
            folder: folder.to_owned(),
            public_key: make_key(&folder.join("record-key")),
            repository: repository.to_owned(),
            provider: wish.provider_name(),
            endpoint: match &wish.provider {
                Provider::Fake => target.endpoint(),
                Provider::Docker { endpoint, .. } => endpoint.clone(),
            },
            owner_id: match &wish.provider {
                Provider::Fake => OWNER_ID.to_owned(),
                Provider::Docker { owner_id, .. } => owner_id.clone(),
            },
            target_lines: match &wish.provider {
                Provider::Fake => String::new(),
                Provider::Docker { registry, .. } => format!("    registries: [\"{registry}\"]\n"),
            },
            environments: if wish.staging { "[prod, staging]" } else { "[prod]" },
            assistant: wish.assistant.as_ref().map(|section| format!(", assistant: {section}")).unwrap_or_default(),
            model: match (&beside.model, &wish.local_model) {
                (Some(model), _) => model.configuration(repository),
                (None, Some((worker, file))) => {
                    format!("model: {{file: {}, worker: {}, repositories: [{repository}]}}\n", file.display(), worker.display())
                }
                (None, None) => String::new(),
            },
            sweep: if wish.webhooks == Webhooks::Lost { SWEEP_WITHOUT_WEBHOOKS } else { SWEEP_WITH_WEBHOOKS },
            variables: BTreeMap::from([
                ("IPR_GITHUB_TOKEN".to_owned(), forge.token_for("ipr-bot")),
                ("IPR_WEBHOOK_SECRET".to_owned(), WEBHOOK_SECRET.to_owned()),
                ("IPR_SECRET_DB_PASSWORD".to_owned(), CANARY.to_owned()),
            ]),
        };
        if let Some(pve) = &beside.pve {
            configuration.target_lines.push_str(&pve.configuration(&configuration.owner_id, repository));
            configuration.set_variable(pve::TOKEN_VARIABLE, Some(pve::TOKEN));
        }
        if let Some(edge) = &beside.edge {
            configuration.target_lines.push_str(&edge.configuration(&configuration.owner_id, repository));
            configuration.set_variable(edge::PASSWORD_VARIABLE, Some(edge::PASSWORD));
        }
        if let Some(metal) = &beside.metal {
            configuration.target_lines.push_str(&metal.configuration(&configuration.owner_id, repository));
            configuration.set_variable(metal::PASSWORD_VARIABLE, Some(metal::PASSWORD));
        }
        if let Some(address) = &wish.bare_machine {
            configuration.target_lines.push_str(&metal::target(address, &configuration.owner_id, repository));
            configuration.set_variable(metal::PASSWORD_VARIABLE, Some(metal::PASSWORD));
        }
        if beside.model.is_some() {
            configuration.set_variable(model::KEY_VARIABLE, Some(model::KEY));
        }
        write_private(&folder.join("fingerprint-key"), FINGERPRINT_KEY);
        fs::write(folder.join("forge.pem"), forge.certificate_pem()).expect("the daemon's folder is ours");
        configuration.write(forge, 0);
        configuration
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("ipr.yaml")
    }

    pub(crate) fn state_folder(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub(crate) fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    pub(crate) fn set_variable(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.variables.insert(name.to_owned(), value.to_owned()),
            None => self.variables.remove(name),
        };
    }

    /// The line of ipr.yaml's `records.keys`.
    pub(crate) fn public_key(&self) -> &str {
        &self.public_key
    }

    /// Writes the daemon's configuration. Port 0 takes a free one.
    pub(crate) fn write(&self, forge: &Forge, port: u16) {
        let Self { folder, repository, provider, endpoint, owner_id, target_lines, sweep, environments, assistant, model, .. } = self;
        let (folder, api, web) = (folder.display(), forge.api_url(), forge.web_url());
        let text = format!(
            r#"version: "1.0"
listen: 127.0.0.1:{port}
state: {folder}/state
record_key: {{file: {folder}/record-key}}
fingerprint_key: {{id: k1, file: {folder}/fingerprint-key}}
github:
  api: {api}
  web: {web}
  token: {{env: IPR_GITHUB_TOKEN}}
  webhook_secret: {{env: IPR_WEBHOOK_SECRET}}
  ca: {folder}/forge.pem
repositories:
  - {{name: {repository}, environments: {environments}{assistant}}}
targets:
  lab:
    provider: {provider}
    endpoint: {endpoint}
    owner_id: {owner_id}
    repositories: [{repository}]
    environments: {environments}
{target_lines}{model}secrets:
  environment_prefix: IPR_SECRET_
sweep: {{every: {sweep}}}
log:
  format: json
"#
        );
        fs::write(self.file(), text).expect("the daemon's folder is ours");
    }

    /// The repository's own ipr.yaml.
    pub(crate) fn repository_file(&self, wish: &Wish) -> String {
        let mut text = format!(
            r#"version: "1.0"
owner_id: {}
records: {{keys: ["{}"]}}
secrets:
  db_password: {{env: DB_PASSWORD}}
environments:
  prod:
    id: prod
    targets: {{{}: lab{}{}{}}}
"#,
            self.owner_id,
            self.public_key,
            wish.provider_name(),
            if wish.proxmox.is_some() { format!(", proxmox: {}", pve::TARGET) } else { String::new() },
            if wish.mikrotik { format!(", mikrotik: {}", edge::TARGET) } else { String::new() },
            if wish.ipmi || wish.bare_machine.is_some() { format!(", ipmi: {}", metal::TARGET) } else { String::new() },
        );
        for rule in &wish.rules {
            text.push_str(&format!("    {rule}\n"));
        }
        if wish.staging {
            text.push_str(&format!("  staging:\n    id: staging\n    targets: {{{}: lab}}\n    prefix: staging-\n", wish.provider_name()));
        }
        text
    }
}

/// Writes a file that only its owner may read, as the daemon wants it.
fn write_private(path: &Path, text: &str) {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).expect("the daemon's folder is ours");
}

/// Makes the key that signs records and answers its public half.
fn make_key(path: &Path) -> String {
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "ipr-test", "-f"]).arg(path).status();
    assert!(made.is_ok_and(|status| status.success()), "ssh-keygen cannot make a key; is openssh-client installed?");
    let public = fs::read_to_string(path.with_extension("pub")).expect("ssh-keygen writes both halves");
    public.trim().to_owned()
}
