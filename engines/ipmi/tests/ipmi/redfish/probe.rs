//! Is a BMC reached by the protocol that it has, and never by a weaker one because somebody closed a port?

use core_model::Secret;
use engine_api::{Engine, EngineError, ErrorKind};
use engine_ipmi::{IpmiDriver, IpmiOptions, Machine, ProbingDriver, RedfishDriver, RedfishOptions};
use engine_tls::Trust;
use test_sim_bmc::SimBmc;
use test_sim_bmc::redfish::SimRedfish;

use super::{TIMEOUTS, options};
use crate::world::{LIMITS, options as ipmi_options};

fn probing(redfish: RedfishOptions, ipmi: Result<IpmiOptions, EngineError>) -> Machine {
    Machine::new(ProbingDriver::new(RedfishDriver::new(redfish).unwrap(), ipmi.map(IpmiDriver::new))).with_limits(LIMITS)
}

/// Nobody listens there.
async fn closed() -> RedfishOptions {
    let address = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut options = RedfishOptions::new(&format!("https://{address}"), "admin", Secret::new("password"), Trust::System).unwrap();
    options.timeouts = TIMEOUTS;
    options
}

#[tokio::test]
async fn redfish_is_taken_where_there_is_redfish() {
    let (redfish, ipmi) = (SimRedfish::start().await, SimBmc::start().await);
    let probe = probing(options(&redfish), Ok(ipmi_options(&ipmi))).probe().await.unwrap();
    assert!(probe.version.starts_with("Redfish on "), "{}", probe.version);
    assert_eq!(ipmi.sessions_opened(), 0);
}

#[tokio::test]
async fn ipmi_is_taken_where_there_is_no_redfish() {
    let ipmi = SimBmc::start().await;
    let web = SimRedfish::start().await;
    web.refuse("GET", "/redfish/v1/", 404, "ResourceMissingAtURI", usize::MAX);
    for redfish in [closed().await, options(&web)] {
        let probe = probing(redfish, Ok(ipmi_options(&ipmi))).probe().await.unwrap();
        assert!(probe.version.starts_with("IPMI on "), "{}", probe.version);
    }
    assert_eq!(web.logins_failed() + web.sessions_opened(), 0, "no credential is given to what is no Redfish");
}

#[tokio::test]
async fn what_is_silent_or_another_is_not_taken_for_none() {
    let (redfish, ipmi) = (SimRedfish::start().await, SimBmc::start().await);
    let mut another = options(&redfish);
    another.trust = Trust::System;
    assert_eq!(probing(another, Ok(ipmi_options(&ipmi))).probe().await.expect_err("not trusted").kind, ErrorKind::Unreachable);
    redfish.fall_silent();
    assert_eq!(probing(options(&redfish), Ok(ipmi_options(&ipmi))).probe().await.expect_err("silent").kind, ErrorKind::Unreachable);
    assert_eq!(ipmi.sessions_opened(), 0);
}

#[tokio::test]
async fn who_spoke_redfish_is_never_spoken_to_by_ipmi() {
    let (redfish, ipmi) = (SimRedfish::start().await, SimBmc::start().await);
    let machine = probing(options(&redfish), Ok(ipmi_options(&ipmi)));
    machine.probe().await.unwrap();
    redfish.refuse("GET", "/redfish/v1/", 404, "ResourceMissingAtURI", usize::MAX);
    assert_eq!(machine.probe().await.expect_err("no way back").kind, ErrorKind::Unreachable);
    assert_eq!(ipmi.sessions_opened(), 0);
}

#[tokio::test]
async fn a_password_that_ipmi_does_not_take_matters_only_where_it_is_needed() {
    let redfish = SimRedfish::start().await;
    let too_long = || IpmiOptions::new("127.0.0.1", "admin", Secret::new("123456789012345678901"));
    probing(options(&redfish), too_long()).probe().await.unwrap();
    let error = probing(closed().await, too_long()).probe().await.expect_err("too long");
    assert!(error.to_string().contains("IPMI knows no password longer than 20 bytes"), "{error}");
}
