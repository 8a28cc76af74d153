//! How does a container read in the form of its table?
//!
//! Docker merges what the request said with what the image says, so the image's part is told apart as defaults: it is never
//! drift, and it is what an unset field goes back to.

use bollard::models::{ContainerInspectResponse, ContainerState, HealthConfig, HealthStatusEnum, HostConfig, ImageInspect, MountPoint};
use serde_json::{Map, Value, json};

use super::{Seen, authors_labels, put_text, set};
use crate::image;
use crate::spec::SHELL;

/// What the host has to give: a container without a limit may use all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HostCapacity {
    pub(crate) cpu_thousandths: i64,
    pub(crate) memory_bytes: i64,
}

const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;
const NANOCPUS_PER_THOUSANDTH: i64 = 1_000_000;
/// The scheduler's period where a quota is given without one, in microseconds.
const CPU_PERIOD_DEFAULT: i64 = 100_000;
const ID_LENGTH_SHORT: usize = 12;
/// A container is in it when it names no network. It cannot be linked.
pub(crate) const DEFAULT_BRIDGE: &str = "bridge";

/// `image` is that of the container, if the engine still has it.
pub(crate) fn read(container: &ContainerInspectResponse, image: Option<&ImageInspect>, host: HostCapacity) -> Seen {
    let name = container.name.as_deref().unwrap_or_default().trim_start_matches('/');
    Seen::of_specs(values(container, image, name), defaults(container, image, name, host))
}

fn values(container: &ContainerInspectResponse, image: Option<&ImageInspect>, name: &str) -> Map<String, Value> {
    let config = container.config.clone().unwrap_or_default();
    let host_config = container.host_config.clone().unwrap_or_default();
    let mut values = Map::new();
    put_text(&mut values, "name", Some(name));
    put_text(&mut values, "image", config.image.as_deref().map(|text| image_text(text, image)).as_deref());
    put_command(&mut values, config.cmd.as_deref());
    values.insert("entrypoint".to_owned(), command(config.entrypoint.as_deref().unwrap_or_default()));
    values.insert("env".to_owned(), environment(config.env.as_deref()));
    values.insert("ports".to_owned(), ports(&host_config));
    values.insert("mounts".to_owned(), mounts(container.mounts.as_deref().unwrap_or_default(), &host_config));
    values.insert("networks".to_owned(), networks(container));
    values.insert("restart".to_owned(), json!(restart(&host_config)));
    if let Some(check) = healthcheck(config.healthcheck.as_ref()) {
        values.insert("healthcheck".to_owned(), check);
    }
    if let Some(thousandths) = cpu_thousandths(&host_config) {
        values.insert("cpu".to_owned(), json!(thousandths));
    }
    if let Some(bytes) = host_config.memory.filter(|bytes| *bytes > 0) {
        values.insert("memory".to_owned(), json!(bytes));
    }
    values.insert("labels".to_owned(), authors_labels(config.labels.as_ref()));
    put_text(&mut values, "user", config.user.as_deref());
    put_text(&mut values, "workdir", config.working_dir.as_deref());
    put_text(&mut values, "hostname", config.hostname.as_deref());
    values
}

fn defaults(container: &ContainerInspectResponse, image: Option<&ImageInspect>, name: &str, host: HostCapacity) -> Map<String, Value> {
    let config = image.and_then(|image| image.config.clone()).unwrap_or_default();
    let mut defaults = Map::new();
    put_text(&mut defaults, "name", Some(name));
    put_command(&mut defaults, config.cmd.as_deref());
    defaults.insert("entrypoint".to_owned(), command(config.entrypoint.as_deref().unwrap_or_default()));
    defaults.insert("env".to_owned(), environment(config.env.as_deref()));
    for empty in ["ports", "mounts", "networks"] {
        defaults.insert(empty.to_owned(), json!([]));
    }
    defaults.insert("restart".to_owned(), json!("no"));
    if let Some(check) = healthcheck(config.healthcheck.as_ref()) {
        defaults.insert("healthcheck".to_owned(), check);
    }
    defaults.insert("cpu".to_owned(), json!(host.cpu_thousandths));
    defaults.insert("memory".to_owned(), json!(host.memory_bytes));
    defaults.insert("labels".to_owned(), authors_labels(config.labels.as_ref()));
    put_text(&mut defaults, "user", config.user.as_deref());
    put_text(&mut defaults, "workdir", config.working_dir.as_deref());
    let id = container.id.as_deref().unwrap_or_default();
    put_text(&mut defaults, "hostname", id.get(..ID_LENGTH_SHORT));
    defaults
}

/// The image with its digest: as the request gave it, or as the engine knows it.
fn image_text(requested: &str, image: Option<&ImageInspect>) -> String {
    if requested.contains('@') {
        return requested.to_owned();
    }
    if requested.starts_with("sha256:") {
        let tag = image.and_then(|image| image.repo_tags.as_ref()).and_then(|tags| tags.first());
        return tag.map_or_else(|| requested.to_owned(), |tag| format!("{tag}@{requested}"));
    }
    image.and_then(|image| image::digest_of(requested, image)).map_or_else(|| requested.to_owned(), |digest| format!("{requested}@{digest}"))
}

fn put_command(map: &mut Map<String, Value>, arguments: Option<&[String]>) {
    if let Some(arguments) = arguments.filter(|arguments| !arguments.is_empty()) {
        map.insert("command".to_owned(), command(arguments));
    }
}

/// A list of arguments, or the text that a shell was given. An entrypoint of one empty text is Docker's way to say "none".
fn command(arguments: &[String]) -> Value {
    match arguments {
        [shell, option, text] if [shell.as_str(), option.as_str()] == SHELL => json!(text),
        [only] if only.is_empty() => json!([]),
        other => json!(other),
    }
}

fn environment(lines: Option<&[String]>) -> Value {
    let pairs = lines.into_iter().flatten().filter_map(|line| line.split_once('='));
    Value::Object(pairs.map(|(name, value)| (name.to_owned(), json!(value))).collect())
}

/// Ports that Docker chose by itself have no fixed number, and are shown with 0.
fn ports(host_config: &HostConfig) -> Value {
    let bindings = host_config.port_bindings.iter().flatten();
    set(bindings.flat_map(|(inside, published)| {
        published.iter().flatten().map(move |binding| port(inside, binding.host_ip.as_deref(), binding.host_port.as_deref()))
    }))
}

fn port(inside: &str, address: Option<&str>, host_port: Option<&str>) -> Value {
    let address = address.filter(|address| !address.is_empty()).unwrap_or("0.0.0.0");
    let address = if address.contains(':') { format!("[{address}]") } else { address.to_owned() };
    let host_port = host_port.filter(|port| !port.is_empty()).unwrap_or("0");
    let inside = if inside.contains('/') { inside.to_owned() } else { format!("{inside}/tcp") };
    json!(format!("{address}:{host_port}:{inside}"))
}

/// Only mounts that somebody asked for: a volume which the image declares is made by Docker, and is a default.
fn mounts(points: &[MountPoint], host_config: &HostConfig) -> Value {
    let asked_for = |place: &str| {
        let in_mounts = host_config.mounts.iter().flatten().any(|mount| mount.target.as_deref() == Some(place));
        // `source:place[:options]`
        in_mounts || host_config.binds.iter().flatten().any(|bind| bind.split(':').nth(1) == Some(place))
    };
    let shown = points.iter().filter_map(|point| {
        let at = point.destination.as_deref().filter(|at| asked_for(at))?;
        let mut mount = match point.typ.as_deref()? {
            "volume" => json!({"storage": {"name": point.name.as_deref()?}, "at": at}),
            "bind" => json!({"host": point.source.as_deref()?, "at": at}),
            _ => return None,
        };
        if point.rw == Some(false) {
            mount["read_only"] = json!(true);
        }
        Some(mount)
    });
    set(shown)
}

fn networks(container: &ContainerInspectResponse) -> Value {
    let attached = container.network_settings.as_ref().and_then(|settings| settings.networks.as_ref());
    set(attached.into_iter().flatten().filter(|(name, _)| *name != DEFAULT_BRIDGE).map(|(name, _)| json!({"name": name})))
}

fn restart(host_config: &HostConfig) -> String {
    let name = host_config.restart_policy.as_ref().and_then(|policy| policy.name);
    name.map(|name| name.to_string()).filter(|name| !name.is_empty()).unwrap_or_else(|| "no".to_owned())
}

fn cpu_thousandths(host_config: &HostConfig) -> Option<i64> {
    if let Some(nano) = host_config.nano_cpus.filter(|nano| *nano > 0) {
        return Some(nano / NANOCPUS_PER_THOUSANDTH);
    }
    let quota = host_config.cpu_quota.filter(|quota| *quota > 0)?;
    let period = host_config.cpu_period.filter(|period| *period > 0).unwrap_or(CPU_PERIOD_DEFAULT);
    quota.checked_mul(1_000).map(|scaled| scaled / period)
}

fn healthcheck(check: Option<&HealthConfig>) -> Option<Value> {
    let check = check?;
    let mut map = Map::new();
    let test = check.test.as_deref().unwrap_or_default();
    match test.split_first() {
        Some((kind, [text])) if kind == "CMD-SHELL" => map.insert("command".to_owned(), json!(text)),
        Some((kind, arguments)) if kind == "CMD" => map.insert("command".to_owned(), json!(arguments)),
        // `NONE` switches the image's check off.
        _ => return None,
    };
    for (name, nanoseconds) in [("interval", check.interval), ("timeout", check.timeout), ("start_period", check.start_period)] {
        if let Some(nanoseconds) = nanoseconds.filter(|nanoseconds| *nanoseconds > 0) {
            map.insert(name.to_owned(), json!(nanoseconds / NANOSECONDS_PER_MILLISECOND));
        }
    }
    if let Some(retries) = check.retries.filter(|retries| *retries > 0) {
        map.insert("retries".to_owned(), json!(retries));
    }
    Some(Value::Object(map))
}

/// Running, and healthy where somebody checks.
pub(crate) fn ready(state: Option<&ContainerState>) -> Option<bool> {
    let state = state?;
    let healthy = match state.health.as_ref().and_then(|health| health.status) {
        None | Some(HealthStatusEnum::EMPTY | HealthStatusEnum::NONE | HealthStatusEnum::HEALTHY) => true,
        Some(HealthStatusEnum::STARTING | HealthStatusEnum::UNHEALTHY) => false,
    };
    Some(state.running == Some(true) && state.restarting != Some(true) && state.paused != Some(true) && healthy)
}
