//! What stands in the files that `ipr init` writes, and what is to be done after it?

use std::path::Path;

use core_model::Name;
use daemon_github::RepositoryName;

/// What the files are filled in with.
pub(super) struct Texts<'a> {
    pub(super) owner_id: &'a str,
    pub(super) environment: &'a Name,
    pub(super) repository: &'a RepositoryName,
    /// Of the key that signs records, as one line.
    pub(super) public_key: &'a str,
}

const BLUEPRINT: &str = r#"# A first blueprint: one web server on the environment's Docker host.
#
#   curl http://127.0.0.1:8081/
version: "1.0"
name: hello
resources:
  - {type: network, name: front, provider: docker}
  - type: compute
    name: web
    provider: docker
    specs:
      image: docker.io/library/nginx:1.27
      networks: [front]
      ports: ["127.0.0.1:${env.http_port}:80"]
      restart: unless-stopped
"#;

/// The issue forms of the assistant: the very ones of this product's own repository.
const FORMS: [(&str, &str); 5] = [
    (".github/ISSUE_TEMPLATE/new-machine.yml", include_str!("../../../../../.github/ISSUE_TEMPLATE/new-machine.yml")),
    (".github/ISSUE_TEMPLATE/new-container.yml", include_str!("../../../../../.github/ISSUE_TEMPLATE/new-container.yml")),
    (".github/ISSUE_TEMPLATE/network-change.yml", include_str!("../../../../../.github/ISSUE_TEMPLATE/network-change.yml")),
    (".github/ISSUE_TEMPLATE/undo.yml", include_str!("../../../../../.github/ISSUE_TEMPLATE/undo.yml")),
    (".github/ISSUE_TEMPLATE/question.yml", include_str!("../../../../../.github/ISSUE_TEMPLATE/question.yml")),
];

/// The shipped templates: what `ipr new` and the form for machines offer.
const PROFILES: [(&str, &str); 7] = [
    ("templates/branch-router.yaml", include_str!("../../../../../templates/branch-router.yaml")),
    ("templates/cache-node.yaml", include_str!("../../../../../templates/cache-node.yaml")),
    ("templates/container-host.yaml", include_str!("../../../../../templates/container-host.yaml")),
    ("templates/database-server.yaml", include_str!("../../../../../templates/database-server.yaml")),
    ("templates/development-machine.yaml", include_str!("../../../../../templates/development-machine.yaml")),
    ("templates/kubernetes-node.yaml", include_str!("../../../../../templates/kubernetes-node.yaml")),
    ("templates/web-server.yaml", include_str!("../../../../../templates/web-server.yaml")),
];

const TEMPLATES: &str = "# Templates\n\nResource templates with typed parameters, one file each. A blueprint uses one with `template: name` and gives the\n\
    parameters in `with`.\n";

const POLICIES: &str =
    "# Policies\n\nRego rules over a plan, one file each, named `*.rego`. A policy reads the plan as JSON and returns what it refuses.\n";

impl Texts<'_> {
    /// What the repository holds, by path.
    pub(super) fn repository_files(&self) -> Vec<(&'static str, String)> {
        let own = [
            ("ipr.yaml", self.settings()),
            ("blueprints/hello.yaml", BLUEPRINT.to_owned()),
            ("templates/README.md", TEMPLATES.to_owned()),
            ("policies/README.md", POLICIES.to_owned()),
        ];
        own.into_iter().chain(PROFILES.into_iter().chain(FORMS).map(|(path, text)| (path, text.to_owned()))).collect()
    }

    fn settings(&self) -> String {
        let Self { owner_id, environment, public_key, .. } = self;
        format!(
            "# What this repository manages. Blueprints are in blueprints/; `ipr validate` checks them.\n\
             version: \"1.0\"\n\n\
             # Random. It is part of the marker on everything that is made from here; the daemon's configuration repeats it.\n\
             owner_id: \"{owner_id}\"\n\n\
             environments:\n  {environment}:\n    id: {environment}\n    targets: {{docker: local}}\n    values: {{http_port: \"8081\"}}\n\n\
             # Whose signatures on records count: the public half of the daemon's record key.\n\
             records:\n  keys:\n    - \"{public_key}\"\n"
        )
    }

    /// The configuration of a daemon that serves this repository.
    pub(super) fn daemon_config(&self) -> String {
        let Self { owner_id, environment, repository, .. } = self;
        format!(
            "# The daemon's configuration. Paths are meant from this folder. It holds no secret, only where each one is.\n\
             version: \"1.0\"\nlisten: 127.0.0.1:8080\nstate: state\n\
             record_key: {{file: record-key}}\nfingerprint_key: {{id: k1, file: fingerprint-key}}\n\n\
             github:\n  token: {{env: IPR_GITHUB_TOKEN}}\n  webhook_secret: {{file: webhook-secret}}\n\n\
             repositories:\n  - {{name: {repository}, environments: [{environment}]}}\n    \
             # assistant: {{label: ipr}}         # issues with this label become pull requests; docs/assistant.md\n\n\
             targets:\n  local:\n    provider: docker\n    endpoint: unix:///var/run/docker.sock\n    owner_id: \"{owner_id}\"\n    \
             repositories: [{repository}]\n    environments: [{environment}]\n\n\
             secrets:\n  environment_prefix: IPR_SECRET_\n  directory: secrets\n\nsweep: {{every: 2m}}\n"
        )
    }

    /// What a person does next.
    pub(super) fn next_steps(&self, folder: &Path, config: &Path, is_new: bool) -> String {
        let Self { owner_id, environment, repository, .. } = self;
        let adapt = if is_new {
            format!("Look at {}: the repository is {repository}, the target is the Docker host of this machine.", config.display())
        } else {
            format!(
                "{} was there and was kept. Add the repository {repository} with the environment {environment} to it, and a target \
                 `local` with the owner id {owner_id}.",
                config.display()
            )
        };
        format!(
            "\nNext:\n  1. ipr validate {}\n  2. {adapt}\n  3. Commit ipr.yaml and the folders, and push them to GitHub.\n  \
             4. Put a GitHub token into IPR_GITHUB_TOKEN and start the daemon: ipr serve --config {}\n  \
             5. Open a pull request that changes a blueprint. The daemon answers with its plan.\n",
            folder.display(),
            config.display()
        )
    }
}
