//! Bare machines, each by its BMC; or racks of them, whose members have addresses of their own.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use core_model::{Secret, TargetName};
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::driver::Driver;
use engine_ipmi::{IpmiDriver, IpmiOptions, Machine, Privilege, ProbingDriver, RedfishDriver, RedfishOptions, Suite, SuiteChoice};
use engine_tls::{Fingerprint, Trust};
use ipnet::IpNet;

use super::{Provider, Reach, Setting};
use crate::config::TargetTrust;

pub(super) const PROVIDER: Provider = Provider {
    name: engine_ipmi::PROVIDER,
    types: engine_ipmi::types,
    check_endpoint,
    is_networked: true,
    settings: SETTINGS,
    place: Some(place),
    import_text: None,
    connect,
};

const SUITE: &str = "cipher_suite";
const PRIVILEGE: &str = "privilege";
const SYSTEM: &str = "system";
const FINGERPRINTS: &str = "fingerprints";

const SETTINGS: &[Setting] = &[
    Setting { name: SUITE, example: "17", check: check_suite },
    Setting { name: PRIVILEGE, example: "operator", check: check_privilege },
    Setting { name: SYSTEM, example: "1", check: check_system },
    Setting { name: FINGERPRINTS, example: "10.9.0.11=AB:CD:..", check: |text| fingerprints(text).map(drop) },
];

/// What is spoken, as the endpoint's scheme says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Ipmi,
    Redfish,
    /// Whichever the BMC has, each on its own port.
    Probe,
}

const SCHEMES: &[(&str, Protocol)] = &[("ipmi://", Protocol::Ipmi), ("https://", Protocol::Redfish), ("bmc://", Protocol::Probe)];

/// The scheme of an endpoint, what it means, and what follows it.
fn apart(endpoint: &str) -> Option<(&'static str, Protocol, &str)> {
    SCHEMES.iter().find_map(|(scheme, protocol)| endpoint.strip_prefix(scheme).map(|rest| (*scheme, *protocol, rest)))
}

/// A network that the members of a group are in, and maybe a port: `10.9.0.0/24`, `10.9.0.0/24:624`.
fn network(endpoint: &str) -> Option<(IpNet, &str)> {
    let (_, protocol, rest) = apart(endpoint)?;
    let (address, after) = rest.split_once('/')?;
    let (prefix, port) = after.split_once(':').map_or((after, ""), |(prefix, port)| (prefix, port));
    let is_port = port.is_empty() || (protocol != Protocol::Probe && port.parse::<u16>().is_ok_and(|port| port > 0));
    format!("{address}/{prefix}").parse().ok().filter(|_| is_port).map(|network| (network, port))
}

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let is_host = match apart(endpoint) {
        Some((_, Protocol::Ipmi, _)) => IpmiOptions::check_endpoint(endpoint).is_ok(),
        Some((_, Protocol::Redfish, _)) => RedfishOptions::check_endpoint(endpoint).is_ok(),
        Some((_, Protocol::Probe, host)) => is_host_alone(host),
        None => false,
    };
    if is_host || network(endpoint).is_some() {
        return Ok(());
    }
    Err("a BMC, https://10.9.0.11 (Redfish), ipmi://10.9.0.11 or bmc://10.9.0.11 (whichever it has), or the network of a rack, https://10.9.0.0/24")
}

/// Without a port: each protocol has its own.
fn is_host_alone(host: &str) -> bool {
    let has_port = host.rsplit_once(':').is_some_and(|(before, _)| !before.starts_with('[') || before.ends_with(']'));
    !has_port && IpmiOptions::check_endpoint(host).is_ok() && RedfishOptions::check_endpoint(&format!("https://{host}")).is_ok()
}

/// The credential meets only hosts that the configuration names: the one BMC, or those of the rack's network.
fn place(endpoint: &str, target: &TargetName, declared: Option<&str>) -> Result<String, String> {
    let group = target.group();
    let scheme = apart(endpoint).map_or("", |(scheme, ..)| scheme);
    match (network(endpoint), target.member(), declared) {
        (None, None, None) => Ok(endpoint.to_owned()),
        (None, None, Some(address)) if endpoint == format!("{scheme}{address}") => Ok(endpoint.to_owned()),
        (None, ..) => Err(format!(
            "the daemon's configuration knows `{group}` as the one machine at {endpoint}; for a rack, give its network as `targets.{group}.endpoint`"
        )),
        (Some(_), _, None) => Err(format!("ipr.yaml gives no address for it; add it to `targets.{group}` there")),
        (Some((network, port)), _, Some(address)) => {
            let parsed: IpAddr = address.parse().map_err(|_| format!("its address `{address}` is no IP address"))?;
            if !network.contains(&parsed) {
                let why = "the credential is not meant for that host";
                return Err(format!("its address {address} is outside of {network}, the network of `{group}` in the daemon's configuration: {why}"));
            }
            let host = if parsed.is_ipv6() { format!("[{parsed}]") } else { parsed.to_string() };
            Ok(if port.is_empty() { format!("{scheme}{host}") } else { format!("{scheme}{host}:{port}") })
        }
    }
}

fn check_system(text: &str) -> Result<(), &'static str> {
    if text.trim().is_empty() { Err("is not the id, name, UUID or serial number of a system") } else { Ok(()) }
}

/// Each BMC's own certificate, by its address: `10.9.0.11=AB:CD:.., 10.9.0.12=..`.
fn fingerprints(text: &str) -> Result<BTreeMap<String, Fingerprint>, &'static str> {
    let pair = |pair: &str| {
        let (address, fingerprint) = pair.trim().split_once('=')?;
        Some((address.trim().to_owned(), fingerprint.trim().parse().ok()?))
    };
    let pairs = text.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect::<Option<BTreeMap<_, _>>>();
    pairs.filter(|pairs| !pairs.is_empty()).ok_or("is not a list such as 10.9.0.11=AB:CD:.., 10.9.0.12=..")
}

fn check_suite(text: &str) -> Result<(), &'static str> {
    suite(text).map(|_| ()).ok_or("is neither `best` nor a cipher suite that may be used, 17 or 3")
}

fn suite(text: &str) -> Option<SuiteChoice> {
    match text {
        "best" => Some(SuiteChoice::Best),
        number => number.parse().ok().and_then(Suite::from_id).map(SuiteChoice::Only),
    }
}

fn check_privilege(text: &str) -> Result<(), &'static str> {
    privilege(text).map(|_| ()).ok_or("is none of `user`, `operator` and `administrator`")
}

fn privilege(text: &str) -> Option<Privilege> {
    match text {
        "user" => Some(Privilege::User),
        "operator" => Some(Privilege::Operator),
        "administrator" => Some(Privilege::Administrator),
        _ => None,
    }
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    let refused = |kind, why: String| EngineError::new(kind, format!("connect to the target `{}`", reach.target.name), why);
    let (_, protocol, host) =
        apart(reach.endpoint).ok_or_else(|| refused(ErrorKind::Rejected, format!("`{}` is no address of a BMC", reach.endpoint)))?;
    if reach.credential.is_none() {
        let name = &reach.target.name;
        let why = format!("no BMC lets anybody in without a name and a password; add `user` and `password` to `targets.{name}` of the configuration");
        return Err(refused(ErrorKind::Unauthorised, why));
    }
    let meaningless: &[&str] = match protocol {
        Protocol::Ipmi => &[SYSTEM, FINGERPRINTS],
        Protocol::Redfish => &[SUITE, PRIVILEGE],
        Protocol::Probe => &[],
    };
    if protocol == Protocol::Ipmi && reach.target.trust != TargetTrust::System {
        let why = "`ca` and `fingerprint` mean nothing to IPMI, which has no certificates; take them out, or reach it by https://";
        return Err(refused(ErrorKind::Rejected, why.to_owned()));
    }
    if let Some(name) = meaningless.iter().find(|name| reach.target.settings.contains_key(**name)) {
        return Err(refused(ErrorKind::Rejected, format!("the setting `{name}` means nothing to a BMC at {}; take it out", reach.endpoint)));
    }
    Ok(match protocol {
        Protocol::Ipmi => machine(ipmi(&reach, reach.endpoint)?),
        Protocol::Redfish => machine(redfish(&reach, reach.endpoint)?),
        Protocol::Probe => machine(ProbingDriver::new(redfish(&reach, &format!("https://{host}"))?, ipmi(&reach, &format!("ipmi://{host}")))),
    })
}

fn machine(driver: impl Driver) -> Arc<dyn Engine> {
    Arc::new(Machine::new(driver))
}

fn ipmi(reach: &Reach<'_>, endpoint: &str) -> Result<IpmiDriver, EngineError> {
    let (user, password) = login(reach);
    let mut options = IpmiOptions::new(endpoint, user, password)?;
    options.suites = setting(reach, SUITE).and_then(suite).unwrap_or_default();
    options.privilege = setting(reach, PRIVILEGE).and_then(privilege).unwrap_or_default();
    Ok(IpmiDriver::new(options))
}

fn redfish(reach: &Reach<'_>, endpoint: &str) -> Result<RedfishDriver, EngineError> {
    let (user, password) = login(reach);
    let mut options = RedfishOptions::new(endpoint, user, password, reach.trust.clone())?;
    // The certificate that is pinned for this very address goes before what holds for the whole target.
    // The configuration was checked; a pin that cannot be read is never taken for none.
    let unreadable = |why: &str| EngineError::new(ErrorKind::Rejected, format!("read the fingerprints of the target `{}`", reach.target.name), why);
    let pinned = setting(reach, FINGERPRINTS).map(fingerprints).transpose().map_err(unreadable)?.unwrap_or_default();
    options.trust = pinned.get(&options.host()).copied().map_or(options.trust, Trust::Fingerprint);
    options.system = setting(reach, SYSTEM).map(str::to_owned);
    RedfishDriver::new(options)
}

fn setting<'r>(reach: &'r Reach<'_>, name: &str) -> Option<&'r str> {
    reach.target.settings.get(name).map(String::as_str)
}

fn login(reach: &Reach<'_>) -> (String, Secret) {
    let credential = reach.credential.as_ref();
    (
        credential.map(|credential| credential.user.clone()).unwrap_or_default(),
        credential.map_or_else(|| Secret::new(""), |credential| credential.password.clone()),
    )
}

#[cfg(test)]
mod tests;
