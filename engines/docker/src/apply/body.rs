//! What does Docker get for what an author wrote? Request bodies, made from typed values alone.

use std::collections::HashMap;

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HealthConfig, HostConfig, Ipam, IpamConfig, Mount, MountType, NetworkCreateRequest, NetworkingConfig,
    PortBinding, PortMap, RestartPolicy, RestartPolicyNameEnum, VolumeCreateRequest,
};

use crate::labels::{GIVEN, Labels};
use crate::spec::{self, Command, ComputeSpec, Healthcheck, NetworkSpec, StorageSpec};

const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;
const NANOCPUS_PER_THOUSANDTH: i64 = 1_000_000;

/// The body for a new container. It is in its first network only: engines before API 1.44 take no more at once.
pub(super) fn container(spec: &ComputeSpec, image: &str, alias: &str, labels: Labels) -> ContainerCreateBody {
    let first = spec.networks.first().map(|network| network.name.clone());
    let endpoint = EndpointSettings { aliases: Some(vec![alias.to_owned()]), ..Default::default() };
    let endpoints = first.clone().map(|network| NetworkingConfig { endpoints_config: Some(HashMap::from([(network, endpoint)])) });
    ContainerCreateBody {
        image: Some(image.to_owned()),
        cmd: spec.command.as_ref().map(Command::arguments),
        entrypoint: spec.entrypoint.as_ref().map(entrypoint),
        env: Some(spec.env.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        exposed_ports: Some(spec.ports.iter().filter_map(|mapping| inside(mapping)).collect()),
        healthcheck: spec.healthcheck.as_ref().map(healthcheck),
        labels: Some(labels),
        user: spec.user.clone(),
        working_dir: spec.workdir.clone(),
        hostname: spec.hostname.clone(),
        host_config: Some(host_config(spec, first)),
        networking_config: endpoints,
        ..Default::default()
    }
}

fn host_config(spec: &ComputeSpec, network_mode: Option<String>) -> HostConfig {
    HostConfig {
        port_bindings: Some(port_bindings(&spec.ports)),
        mounts: Some(spec.mounts.iter().map(mount).collect()),
        restart_policy: spec.restart.as_deref().map(restart_policy),
        nano_cpus: spec.cpu.map(nano_cpus),
        memory: spec.memory,
        network_mode,
        ..Default::default()
    }
}

/// Docker takes an empty list for "as the image says", and one empty text for "none".
fn entrypoint(command: &Command) -> Vec<String> {
    let arguments = command.arguments();
    if arguments.is_empty() { vec![String::new()] } else { arguments }
}

fn healthcheck(check: &Healthcheck) -> HealthConfig {
    let kind = match check.command {
        Command::Shell(_) => "CMD-SHELL",
        Command::Arguments(_) => "CMD",
    };
    let command = match &check.command {
        Command::Shell(text) => vec![text.clone()],
        Command::Arguments(arguments) => arguments.clone(),
    };
    let nanoseconds = |milliseconds: Option<i64>| milliseconds.map(|amount| amount.saturating_mul(NANOSECONDS_PER_MILLISECOND));
    HealthConfig {
        test: Some([kind.to_owned()].into_iter().chain(command).collect()),
        interval: nanoseconds(check.interval),
        timeout: nanoseconds(check.timeout),
        start_period: nanoseconds(check.start_period),
        retries: check.retries,
        ..Default::default()
    }
}

/// `address:host:inside/protocol`, as the table's canonical text has it.
fn parts(mapping: &str) -> Option<(&str, &str, String)> {
    let (addresses, protocol) = mapping.rsplit_once('/')?;
    let (front, inside) = addresses.rsplit_once(':')?;
    let (address, host) = front.rsplit_once(':')?;
    Some((address.trim_start_matches('[').trim_end_matches(']'), host, format!("{inside}/{protocol}")))
}

fn inside(mapping: &str) -> Option<String> {
    parts(mapping).map(|(_, _, inside)| inside)
}

fn port_bindings(mappings: &[String]) -> PortMap {
    let mut bindings = PortMap::new();
    for (address, host, inside) in mappings.iter().filter_map(|mapping| parts(mapping)) {
        let binding = PortBinding { host_ip: Some(address.to_owned()), host_port: Some(host.to_owned()) };
        bindings.entry(inside).or_default().get_or_insert_default().push(binding);
    }
    bindings
}

fn mount(mount: &spec::Mount) -> Mount {
    let (typ, source) = match (&mount.storage, &mount.host) {
        (Some(volume), _) => (MountType::VOLUME, Some(volume.name.clone())),
        (None, path) => (MountType::BIND, path.clone()),
    };
    Mount { typ: Some(typ), source, target: Some(mount.at.clone()), read_only: Some(mount.read_only), ..Default::default() }
}

pub(super) fn restart_policy(word: &str) -> RestartPolicy {
    let name = match word {
        "always" => RestartPolicyNameEnum::ALWAYS,
        "unless-stopped" => RestartPolicyNameEnum::UNLESS_STOPPED,
        "on-failure" => RestartPolicyNameEnum::ON_FAILURE,
        _ => RestartPolicyNameEnum::NO,
    };
    RestartPolicy { name: Some(name), maximum_retry_count: None }
}

pub(super) fn nano_cpus(thousandths: i64) -> i64 {
    thousandths.saturating_mul(NANOCPUS_PER_THOUSANDTH)
}

/// The body for a new network. Its labels remember which addresses were given.
pub(super) fn network(spec: &NetworkSpec, name: &str, mut labels: Labels) -> NetworkCreateRequest {
    let given: Vec<&str> = [("subnet", spec.subnet.is_some()), ("gateway", spec.gateway.is_some())]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect();
    labels.insert(GIVEN.to_owned(), given.join(","));
    let pool = IpamConfig { subnet: spec.subnet.clone(), gateway: spec.gateway.clone(), ..Default::default() };
    let ipam = spec.subnet.as_ref().map(|_| Ipam { config: Some(vec![pool]), ..Default::default() });
    NetworkCreateRequest {
        name: name.to_owned(),
        driver: spec.driver.clone(),
        internal: spec.internal,
        attachable: spec.attachable,
        ipam,
        labels: Some(labels),
        ..Default::default()
    }
}

pub(super) fn volume(spec: &StorageSpec, name: &str, labels: Labels) -> VolumeCreateRequest {
    VolumeCreateRequest {
        name: Some(name.to_owned()),
        driver: spec.driver.clone(),
        driver_opts: Some(spec.options.clone().into_iter().collect()),
        labels: Some(labels),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_mappings_become_bindings() {
        let bindings = port_bindings(&["0.0.0.0:8080:80/tcp", "[::1]:8080:80/tcp", "127.0.0.1:53:53/udp"].map(str::to_owned));
        let of = |inside: &str| bindings[inside].clone().unwrap_or_default();
        let binding = |address: &str, port: &str| PortBinding { host_ip: Some(address.to_owned()), host_port: Some(port.to_owned()) };
        assert_eq!(of("80/tcp"), [binding("0.0.0.0", "8080"), binding("::1", "8080")]);
        assert_eq!(of("53/udp"), [binding("127.0.0.1", "53")]);
    }

    #[test]
    fn an_empty_entrypoint_is_one_empty_text() {
        assert_eq!(entrypoint(&Command::Arguments(Vec::new())), [""]);
        assert_eq!(entrypoint(&Command::Shell("a b".to_owned())), ["/bin/sh", "-c", "a b"]);
    }
}
