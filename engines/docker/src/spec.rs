//! What does the author want, in Rust's terms? The canonical values of the tables, typed.

use std::collections::BTreeMap;

use engine_api::{EngineError, ErrorKind, Order};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub(crate) struct ComputeSpec {
    pub(crate) image: String,
    pub(crate) command: Option<Command>,
    pub(crate) entrypoint: Option<Command>,
    #[serde(default)]
    pub(crate) env: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) ports: Vec<String>,
    #[serde(default)]
    pub(crate) mounts: Vec<Mount>,
    #[serde(default)]
    pub(crate) networks: Vec<Link>,
    pub(crate) restart: Option<String>,
    pub(crate) healthcheck: Option<Healthcheck>,
    /// In thousandths of a processor.
    pub(crate) cpu: Option<i64>,
    pub(crate) memory: Option<i64>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) user: Option<String>,
    pub(crate) workdir: Option<String>,
    pub(crate) hostname: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct NetworkSpec {
    pub(crate) driver: Option<String>,
    pub(crate) internal: Option<bool>,
    pub(crate) attachable: Option<bool>,
    pub(crate) subnet: Option<String>,
    pub(crate) gateway: Option<String>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct StorageSpec {
    pub(crate) driver: Option<String>,
    #[serde(default)]
    pub(crate) options: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
}

/// A list of arguments, or a text for the shell.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Command {
    Shell(String),
    Arguments(Vec<String>),
}

/// What runs a command that is one text. Docker keeps no other trace of how it was written.
pub(crate) const SHELL: [&str; 2] = ["/bin/sh", "-c"];

impl Command {
    pub(crate) fn arguments(&self) -> Vec<String> {
        match self {
            Self::Shell(text) => SHELL.iter().map(|word| (*word).to_owned()).chain([text.clone()]).collect(),
            Self::Arguments(arguments) => arguments.clone(),
        }
    }
}

/// The object on the target that a link leads to.
#[derive(Deserialize)]
pub(crate) struct Link {
    pub(crate) name: String,
}

#[derive(Deserialize)]
pub(crate) struct Mount {
    pub(crate) storage: Option<Link>,
    pub(crate) host: Option<String>,
    pub(crate) at: String,
    #[serde(default)]
    pub(crate) read_only: bool,
}

/// Times in milliseconds.
#[derive(Deserialize)]
pub(crate) struct Healthcheck {
    pub(crate) command: Command,
    pub(crate) interval: Option<i64>,
    pub(crate) timeout: Option<i64>,
    pub(crate) start_period: Option<i64>,
    pub(crate) retries: Option<i64>,
}

/// The wanted values of an order. The decoder's own words are left out: they may repeat a value.
pub(crate) fn of<T: DeserializeOwned>(order: &Order) -> Result<T, EngineError> {
    let specs = order.desired.get("specs").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    serde_json::from_value(specs).map_err(|_| {
        let attempt = format!("read what is wanted of `{}`", order.step.address);
        EngineError::new(ErrorKind::Rejected, attempt, "its values do not have the form of their type's table; this is a bug in the daemon")
    })
}
