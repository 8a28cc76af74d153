//! Bare machines, each by its BMC; or racks of them, whose members have addresses of their own.

use std::net::IpAddr;
use std::sync::Arc;

use core_model::TargetName;
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{IpmiDriver, IpmiOptions, Machine, Privilege, Suite, SuiteChoice};
use ipnet::IpNet;

use super::{Provider, Reach, Setting};

pub(super) const PROVIDER: Provider = Provider {
    name: engine_ipmi::PROVIDER,
    types: engine_ipmi::types,
    check_endpoint,
    is_networked: true,
    settings: SETTINGS,
    place: Some(place),
    connect,
};

const SUITE: &str = "cipher_suite";
const PRIVILEGE: &str = "privilege";

const SETTINGS: &[Setting] =
    &[Setting { name: SUITE, example: "17", check: check_suite }, Setting { name: PRIVILEGE, example: "operator", check: check_privilege }];

const SCHEME: &str = "ipmi://";

/// A network that the members of a group are in, and maybe a port: `10.9.0.0/24`, `10.9.0.0/24:624`.
fn network(endpoint: &str) -> Option<(IpNet, &str)> {
    let rest = endpoint.strip_prefix(SCHEME)?;
    let (address, after) = rest.split_once('/')?;
    let (prefix, port) = after.split_once(':').map_or((after, ""), |(prefix, port)| (prefix, port));
    let is_port = port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0);
    format!("{address}/{prefix}").parse().ok().filter(|_| is_port).map(|network| (network, port))
}

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    let is_host = endpoint.starts_with(SCHEME) && IpmiOptions::check_endpoint(endpoint).is_ok();
    if is_host || network(endpoint).is_some() { Ok(()) } else { Err("a BMC, ipmi://10.9.0.11, or the network of a rack, ipmi://10.9.0.0/24") }
}

/// The credential meets only hosts that the configuration names: the one BMC, or those of the rack's network.
fn place(endpoint: &str, target: &TargetName, declared: Option<&str>) -> Result<String, String> {
    let group = target.group();
    match (network(endpoint), target.member(), declared) {
        (None, None, None) => Ok(endpoint.to_owned()),
        (None, None, Some(address)) if endpoint == format!("{SCHEME}{address}") => Ok(endpoint.to_owned()),
        (None, ..) => Err(format!(
            "the daemon's configuration knows `{group}` as the one machine at {endpoint}; for a rack, give its network as `targets.{group}.endpoint`"
        )),
        (Some(_), _, None) => Err(format!("ipr.yaml gives no address for it; add it to `targets.{group}` there")),
        (Some((network, port)), _, Some(address)) => {
            let parsed: IpAddr = address.parse().map_err(|_| format!("its address `{address}` in ipr.yaml is no IP address"))?;
            if !network.contains(&parsed) {
                let why = "the credential is not meant for that host";
                return Err(format!(
                    "its address {address} in ipr.yaml is outside of {network}, the network of `{group}` in the daemon's configuration: {why}"
                ));
            }
            let host = if parsed.is_ipv6() { format!("[{parsed}]") } else { parsed.to_string() };
            Ok(if port.is_empty() { format!("{SCHEME}{host}") } else { format!("{SCHEME}{host}:{port}") })
        }
    }
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
    let name = &reach.target.name;
    let Some(credential) = reach.credential else {
        let why = format!("no BMC lets anybody in without a name and a password; add `user` and `password` to `targets.{name}` of the configuration");
        return Err(EngineError::new(ErrorKind::Unauthorised, format!("connect to the target `{name}`"), why));
    };
    let mut options = IpmiOptions::new(reach.endpoint, credential.user, credential.password)?;
    let setting = |name: &str| reach.target.settings.get(name).map(String::as_str);
    options.suites = setting(SUITE).and_then(suite).unwrap_or_default();
    options.privilege = setting(PRIVILEGE).and_then(privilege).unwrap_or_default();
    Ok(Arc::new(Machine::new(IpmiDriver::new(options))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_bmcs_or_networks_of_racks() {
        for good in ["ipmi://10.9.0.11", "ipmi://bmc-1.acme.lan:624", "ipmi://10.9.0.0/24", "ipmi://10.9.0.0/24:624", "ipmi://fd00::/64"] {
            assert!(check_endpoint(good).is_ok(), "{good}");
        }
        for bad in ["10.9.0.11", "https://10.9.0.11", "ipmi://", "ipmi://10.9.0.0/33", "ipmi://10.9.0.0/24:0", "ipmi://10.9.0.0/24:x", "ipmi://a/24"]
        {
            assert!(check_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_credential_meets_only_the_hosts_it_is_meant_for() {
        let at = |endpoint: &str, target: &str, declared: Option<&str>| place(endpoint, &target.parse().expect("a target"), declared);
        let rack = "ipmi://10.9.0.0/24";
        assert_eq!(at(rack, "rack1/r1-n01", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11"));
        assert_eq!(at("ipmi://10.9.0.0/24:624", "rack1/r1-n01", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11:624"));
        assert_eq!(at("ipmi://fd00::/64", "rack1/r1-n01", Some("fd00::11")).as_deref(), Ok("ipmi://[fd00::11]"));
        assert_eq!(at("ipmi://10.9.0.11", "node", None).as_deref(), Ok("ipmi://10.9.0.11"));
        assert_eq!(at("ipmi://10.9.0.11", "node", Some("10.9.0.11")).as_deref(), Ok("ipmi://10.9.0.11"));
        for (endpoint, target, declared) in [
            (rack, "rack1/r1-n01", Some("10.8.0.11")),
            (rack, "rack1/r1-n01", Some("bmc.evil.example")),
            (rack, "rack1/r1-n01", None),
            (rack, "rack1", None),
            ("ipmi://10.9.0.11", "node", Some("10.9.0.12")),
            ("ipmi://10.9.0.11", "rack1/r1-n01", Some("10.9.0.11")),
        ] {
            assert!(at(endpoint, target, declared).is_err(), "{endpoint} {target} {declared:?}");
        }
    }
}
