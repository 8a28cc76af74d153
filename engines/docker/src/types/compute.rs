//! What is a container? Its table: what an author may say, what a change costs, and what it holds on the host.

use core_model::portable;
use core_model::resource_type::{Claim, DependencyEffect, Finding, Naming, Ownership, Question, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use super::names::{ABSOLUTE_PATH, label_findings, name_findings};
use super::{METADATA, PROVIDER};

const RESTART_WORDS: &[&str] = &["no", "always", "unless-stopped", "on-failure"];

const MOUNT: &[Field] = &[
    Field::new("storage", Kind::Link(&["storage"]), "The volume that is mounted.").replace(),
    Field::new("host", Kind::Checked(&ABSOLUTE_PATH), "The path on the host that is mounted. It must exist.").replace(),
    Field::new("at", Kind::Checked(&ABSOLUTE_PATH), "Where it is seen in the container.").required().replace(),
    Field::new("read_only", Kind::Boolean, "`true` when the container may not write there; left out otherwise.").replace(),
];

const HEALTHCHECK: &[Field] = &[
    Field::new("command", Kind::Command, "What tells by its exit status whether the container is healthy.").required().replace(),
    Field::new("interval", Kind::Duration, "The time between two checks; 30s when left out.").replace(),
    Field::new("timeout", Kind::Duration, "How long one check may take; 30s when left out.").replace(),
    Field::new("start_period", Kind::Duration, "How long failures do not count after the start.").replace(),
    Field::new("retries", Kind::Integer { min: 1, max: 1_000 }, "How many failures in a row make it unhealthy; 3 when left out.").replace(),
];

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "What the container is called, in place of `<prefix><blueprint>-<resource>`.").replace(),
    portable::IMAGE.required().replace(),
    portable::COMMAND.replace(),
    Field::new("entrypoint", Kind::Command, "What the command is given to, in place of the image's own; `[]` for nothing.").replace(),
    portable::ENV.replace(),
    portable::PORTS.replace(),
    Field::new("mounts", Kind::Set(&Kind::Object(MOUNT)), "Volumes and paths of the host that the container sees.").replace(),
    Field::new(
        "networks",
        Kind::Set(&Kind::Link(&["network"])),
        "The networks it is in, under the resource's name; the default bridge when left out.",
    ),
    Field::new("restart", Kind::Word(RESTART_WORDS), "Whether Docker starts it again when it ends; `no` when left out."),
    Field::new("healthcheck", Kind::Object(HEALTHCHECK), "How Docker tells that it works, in place of the image's own check.").replace(),
    portable::CPU,
    portable::MEMORY,
    Field::new("labels", Kind::Map(&Kind::Text), "Labels; `ipr.` at the start is ours.").replace(),
    Field::new("user", Kind::Text, "Whom its processes run as, `user[:group]`.").replace(),
    Field::new("workdir", Kind::Checked(&ABSOLUTE_PATH), "The directory its command starts in.").replace(),
    Field::new("hostname", Kind::Text, "What it calls itself; Docker makes a name up when left out.").replace(),
];

/// The least memory that Docker takes as a limit.
const MEMORY_BYTES_MIN: u64 = 6 << 20;

/// A container.
#[derive(Debug, Clone, Copy)]
pub struct Compute;

impl ResourceType for Compute {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "compute",
            provider: PROVIDER,
            meaning: "A container of one Docker engine.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::BlueprintAndResource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mut findings = name_findings(resource);
        findings.extend(label_findings(resource));
        findings.extend(environment_findings(resource));
        findings.extend(mount_findings(resource));
        findings.extend(command_findings(resource));
        findings.extend(healthcheck_findings(resource));
        findings.extend(memory_finding(resource));
        findings
    }

    /// A tag can move, so its digest is looked up once, shown, and kept.
    fn questions(&self, resource: &DesiredResource) -> Vec<Question> {
        let image = resource.spec("image").and_then(Value::as_str).filter(|image| !image.contains('@'));
        image.map(|image| Question { path: "specs.image".to_owned(), text: image.to_owned() }).into_iter().collect()
    }

    /// `name:tag@sha256:..`: people read the tag, the digest is compared.
    fn pinned(&self, path: &str, value: &Value, answer: &str) -> Value {
        match value {
            Value::String(image) if path == "specs.image" && !image.contains('@') => Value::String(format!("{image}@{answer}")),
            other => other.clone(),
        }
    }

    fn claims(&self, values: &Map<String, Value>) -> Vec<Claim> {
        let ports = values.get("specs").and_then(|specs| specs.get("ports")).and_then(Value::as_array);
        let texts = ports.into_iter().flatten().filter_map(Value::as_str);
        texts.filter_map(host_port).map(|value| Claim { what: "host-port", value }).collect()
    }

    fn replaced_dependency(&self, dependency_type: &str) -> DependencyEffect {
        match dependency_type {
            "network" => DependencyEffect::Reattach,
            "storage" => DependencyEffect::Replace,
            _ => DependencyEffect::Nothing,
        }
    }
}

/// `0.0.0.0:8080:80/tcp` holds `0.0.0.0:8080/tcp`.
fn host_port(mapping: &str) -> Option<String> {
    let (addresses, protocol) = mapping.rsplit_once('/')?;
    let (host, _inside) = addresses.rsplit_once(':')?;
    Some(format!("{host}/{protocol}"))
}

fn finding(path: impl Into<String>, summary: &'static str, detail: impl Into<String>, hint: &str) -> Finding {
    Finding { path: path.into(), summary, detail: detail.into(), hint: Some(hint.to_owned()) }
}

fn environment_findings(resource: &DesiredResource) -> Vec<Finding> {
    let Some(Value::Object(variables)) = resource.spec("env") else { return Vec::new() };
    let impossible = variables.keys().filter(|name| name.is_empty() || name.contains(['=', '\0']));
    impossible
        .map(|name| {
            let detail = format!("`{name}` cannot be the name of an environment variable.");
            finding(format!("specs.env.{name}"), "Name not possible", detail, "leave `=` out of the name")
        })
        .collect()
}

fn mount_findings(resource: &DesiredResource) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut places = Vec::new();
    for (index, mount) in resource.spec("mounts").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let path = format!("specs.mounts[{index}]");
        let at = mount.get("at").and_then(Value::as_str).unwrap_or_default();
        if mount.get("storage").is_some() == mount.get("host").is_some() {
            let detail = format!("The mount at `{at}` must name either `storage` or `host`.");
            findings.push(finding(&path, "Mount without one source", detail, "a volume: {storage: name, at: ..}; a path: {host: /path, at: ..}"));
        }
        // Inside a list there are no defaults: `false` and nothing would be two values for one thing.
        if mount.get("read_only") == Some(&Value::Bool(false)) {
            let detail = format!("The mount at `{at}` says `read_only: false`, which is so anyway.");
            findings.push(finding(format!("{path}.read_only"), "Needless value", detail, "leave `read_only` out"));
        }
        if places.contains(&at) {
            let detail = format!("Two mounts are at `{at}`.");
            findings.push(finding(format!("{path}.at"), "Two mounts at one place", detail, "give each mount a path of its own"));
        }
        places.push(at);
    }
    findings
}

/// A text is run by `/bin/sh -c`, and Docker keeps the list it becomes. A list that says the same could not be told from it.
fn command_findings(resource: &DesiredResource) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["command", "entrypoint"] {
        let Some(Value::Array(arguments)) = resource.spec(name) else { continue };
        let path = format!("specs.{name}");
        if name == "command" && arguments.is_empty() {
            findings.push(finding(&path, "Empty command", "The command has no arguments.", "leave `command` out to use the image's own"));
        }
        if let [shell, option, text] = arguments.as_slice()
            && shell == "/bin/sh"
            && option == "-c"
        {
            let detail = format!("`{path}` runs `/bin/sh -c` itself.");
            findings.push(finding(&path, "Shell written out", detail, &format!("write it as one text: {name}: {text}")));
        }
    }
    findings
}

fn healthcheck_findings(resource: &DesiredResource) -> Vec<Finding> {
    let Some(check) = resource.spec("healthcheck") else { return Vec::new() };
    let mut findings = Vec::new();
    if check.get("command").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        let detail = "The health check has no command.";
        findings.push(finding("specs.healthcheck.command", "Empty command", detail, "for example [pg_isready, -U, postgres]"));
    }
    for name in ["interval", "timeout", "start_period"] {
        if check.get(name).and_then(Value::as_u64) == Some(0) {
            let detail = format!("`{name}` of the health check is 0, which Docker takes for its own default.");
            findings.push(finding(format!("specs.healthcheck.{name}"), "No time at all", detail, "leave it out, or give at least 1ms"));
        }
    }
    findings
}

fn memory_finding(resource: &DesiredResource) -> Option<Finding> {
    let bytes = resource.spec("memory").and_then(Value::as_u64).filter(|bytes| *bytes < MEMORY_BYTES_MIN)?;
    Some(finding("specs.memory", "Too little memory", format!("{bytes} bytes are less than Docker's minimum."), "at least 6MB"))
}
