//! What must be known to reach a BMC by IPMI? Where it is, whom to log in as, and how carefully.

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};

use super::command::user::PASSWORD_BYTES;
use super::lan::{Patience, SuiteChoice, USER_NAME_BYTES_MAX};

const PORT: u16 = 623;
const HOST_BYTES_MAX: usize = 255;

/// What a session may do at most. Power, boot options and the event log need an operator; accounts an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Privilege {
    User = 2,
    Operator = 3,
    #[default]
    Administrator = 4,
}

/// One BMC, and how it is talked to.
#[derive(Debug, Clone)]
pub struct IpmiOptions {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Secret,
    /// The BMC's own key ("Kg"), which few administrators set.
    pub bmc_key: Option<Secret>,
    pub privilege: Privilege,
    pub suites: SuiteChoice,
    pub patience: Patience,
}

impl IpmiOptions {
    /// `endpoint` is `ipmi://host`, `ipmi://host:port`, or the same without the scheme; IPv6 addresses stand in brackets.
    pub fn new(endpoint: &str, user: impl Into<String>, password: Secret) -> Result<Self, EngineError> {
        let user = user.into();
        let refused = |why: String| EngineError::new(ErrorKind::Rejected, format!("use the BMC at `{endpoint}`"), why);
        let (host, port) = host_and_port(endpoint).map_err(|why| refused(why.to_owned()))?;
        if user.len() > USER_NAME_BYTES_MAX {
            return Err(refused(format!("IPMI knows no user name longer than {USER_NAME_BYTES_MAX} bytes; log in with another account")));
        }
        if password.expose().len() > PASSWORD_BYTES {
            return Err(refused(format!("IPMI knows no password longer than {PASSWORD_BYTES} bytes; give the account a shorter one")));
        }
        Ok(Self {
            host,
            port,
            user,
            password,
            bmc_key: None,
            privilege: Privilege::default(),
            suites: SuiteChoice::default(),
            patience: Patience::default(),
        })
    }

    /// Whether an endpoint has the right form. The error completes the sentence "`x` ...".
    pub fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
        host_and_port(endpoint).map(|_| ())
    }
}

fn host_and_port(endpoint: &str) -> Result<(String, u16), &'static str> {
    let place = match endpoint.split_once("://") {
        Some(("ipmi", place)) => place,
        Some(_) => return Err("begins with another scheme than `ipmi://`"),
        None => endpoint,
    };
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or("has a bracket that is not closed")?;
            host.parse::<std::net::Ipv6Addr>().map_err(|_| "has something other than an IPv6 address in brackets")?;
            let port = if after.is_empty() { None } else { Some(after.strip_prefix(':').ok_or("has something behind the bracket")?) };
            (host, port)
        }
        None => place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port))),
    };
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':');
    if host.is_empty() || host.len() > HOST_BYTES_MAX || !host.chars().all(plain) || (!place.starts_with('[') && host.contains(':')) {
        return Err("names no host");
    }
    let port = port.map_or(Some(PORT), |port| port.parse().ok().filter(|port| *port > 0)).ok_or("has a port that is not between 1 and 65535")?;
    Ok((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn endpoints_name_a_host_and_maybe_a_port() {
        for (endpoint, host, port) in [
            ("ipmi://10.9.0.11", "10.9.0.11", 623),
            ("10.9.0.11:9623", "10.9.0.11", 9623),
            ("ipmi://bmc-1.acme.lan:624", "bmc-1.acme.lan", 624),
            ("ipmi://[fd00::1]", "fd00::1", 623),
            ("[fd00::1]:9000", "fd00::1", 9000),
        ] {
            assert_eq!(host_and_port(endpoint), Ok((host.to_owned(), port)));
        }
        for bad in ["", "ipmi://", "https://x", "a b", "x:0", "x:70000", "fd00::1", "[fd00::1", "[x]", "[fd00::1]9", "user@host", "host/path"] {
            assert!(host_and_port(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_would_be_cut_is_refused() {
        let options = |user: &str, password: &str| IpmiOptions::new("bmc", user, Secret::new(password));
        assert!(options("admin", "12345678901234567890").is_ok());
        assert!(options("admin", "123456789012345678901").is_err());
        assert!(options("a-name-of-17-byte", "x").is_err());
    }

    proptest! {
        #[test]
        fn any_endpoint_is_read_without_a_panic(text in prop_oneof![".{0,40}", "(ipmi://)?[\\[\\]a-z0-9:./]{0,30}"]) {
            let _ = IpmiOptions::check_endpoint(&text);
        }
    }
}
