//! What is a container of a fake target? The table that Docker has, too.

use core_model::plan::FieldChange;
use core_model::portable;
use core_model::resource_type::{Claim, DependencyEffect, Finding, Question, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

const RESTART_WORDS: &[&str] = &["no", "always", "unless-stopped", "on-failure"];

const MOUNT: &[Field] = &[
    Field::new("storage", Kind::Link(&["storage"]), "The volume that is mounted.").replace(),
    Field::new("host", Kind::Text, "The path on the host that is mounted.").replace(),
    Field::new("at", Kind::Text, "Where it is seen inside.").required().replace(),
    Field::new("read_only", Kind::Boolean, "`true` when it may not be written to; left out otherwise.").replace(),
];

const HEALTHCHECK: &[Field] = &[
    Field::new("command", Kind::Command, "What would tell whether it works; a fake target asks its registry instead.").required().replace(),
    Field::new("interval", Kind::Duration, "The time between two checks; 30s when left out.").replace(),
    Field::new("timeout", Kind::Duration, "How long one check may take; 30s when left out.").replace(),
    Field::new("start_period", Kind::Duration, "How long failures do not count after the start.").replace(),
    Field::new("retries", Kind::Integer { min: 1, max: 1_000 }, "How many failures in a row count; 3 when left out.").replace(),
];

const SPECS: &[Field] = &[
    Field::new("name", Kind::Text, "What it is called, in place of `<prefix><blueprint>-<resource>`.").replace(),
    portable::IMAGE.required().replace(),
    portable::COMMAND.replace(),
    Field::new("entrypoint", Kind::Command, "What the command is given to, in place of the image's own.").replace(),
    portable::ENV.replace(),
    portable::PORTS.replace(),
    Field::new("mounts", Kind::Set(&Kind::Object(MOUNT)), "Volumes and paths of the host that are seen inside.").replace(),
    Field::new("networks", Kind::Set(&Kind::Link(&["network"])), "The networks it is in."),
    Field::new("restart", Kind::Word(RESTART_WORDS), "Whether it is started again when it ends; `no` when left out."),
    Field::new("healthcheck", Kind::Object(HEALTHCHECK), "How to tell that it works.").replace(),
    portable::CPU,
    portable::MEMORY,
    Field::new("labels", Kind::Map(&Kind::Text), "Labels.").replace(),
    Field::new("user", Kind::Text, "Whom its processes run as.").replace(),
    Field::new("workdir", Kind::Text, "The directory its command starts in.").replace(),
    Field::new("hostname", Kind::Text, "What it calls itself; its name when left out.").replace(),
];

pub(super) const FACTS: TypeFacts = super::facts("compute", "A container of a fake target.", SPECS);

pub(super) struct Compute(pub(super) &'static TypeFacts);

impl ResourceType for Compute {
    fn facts(&self) -> &'static TypeFacts {
        self.0
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        let mounts = resource.spec("mounts").and_then(Value::as_array);
        let unclear = |mount: &Value| mount.get("storage").is_some() == mount.get("host").is_some();
        let numbered = mounts.into_iter().flatten().enumerate();
        numbered.filter(|(_, mount)| unclear(mount)).map(|(index, _)| mount_without_source(index)).collect()
    }

    fn questions(&self, resource: &DesiredResource) -> Vec<Question> {
        let image = resource.spec("image").and_then(Value::as_str).filter(|image| !image.contains('@'));
        image.map(|image| Question { path: "specs.image".to_owned(), text: image.to_owned() }).into_iter().collect()
    }

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

    /// So that there is a change which no step takes back, beside others that one does.
    fn stays(&self, change: &FieldChange) -> Option<&'static str> {
        let is_more = !change.before.is_null() && change.before.as_u64() < change.after.as_u64();
        (change.path == "specs.cpu" && is_more).then_some("a fake container gives no processor back")
    }

    fn replaced_dependency(&self, dependency_type: &str) -> DependencyEffect {
        match dependency_type {
            "network" => DependencyEffect::Reattach,
            "storage" => DependencyEffect::Replace,
            "setting" => DependencyEffect::Restart,
            _ => DependencyEffect::Nothing,
        }
    }
}

fn mount_without_source(index: usize) -> Finding {
    Finding {
        path: format!("specs.mounts[{index}]"),
        summary: "Mount without one source",
        detail: "A mount must name either `storage` or `host`.".to_owned(),
        hint: Some("a volume: {storage: name, at: ..}; a path: {host: /path, at: ..}".to_owned()),
    }
}

/// `0.0.0.0:8080:80/tcp` holds `0.0.0.0:8080/tcp`.
fn host_port(mapping: &str) -> Option<String> {
    let (addresses, protocol) = mapping.rsplit_once('/')?;
    let (host, _inside) = addresses.rsplit_once(':')?;
    Some(format!("{host}/{protocol}"))
}
