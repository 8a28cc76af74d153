//! What must be known to reach a BMC by Redfish? Where it is, whom to log in as, whose certificate is believed, and how long we wait.

use std::time::Duration;

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use engine_tls::Trust;
use url::Url;

/// One BMC, and how it is talked to.
#[derive(Debug, Clone)]
pub struct RedfishOptions {
    pub(super) base: Url,
    pub(super) user: String,
    pub(super) password: Secret,
    pub trust: Trust,
    /// Which system is meant where the BMC has several: its id, name, UUID or serial number.
    pub system: Option<String>,
    pub timeouts: Timeouts,
}

/// How long each kind of thing may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// To reach the BMC at all.
    pub connect: Duration,
    /// One request. Some BMCs need ten seconds for one resource.
    pub answer: Duration,
    /// Putting an image into a drive: some answer when they have fetched it.
    pub insert: Duration,
    /// A task, until it has ended.
    pub task: Duration,
    /// Until a BMC shows what it said yes to.
    pub settle: Duration,
    /// Between two looks at a task, or at what is to settle.
    pub poll: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            insert: Duration::from_secs(120),
            task: Duration::from_secs(45),
            settle: Duration::from_secs(10),
            poll: Duration::from_secs(1),
        }
    }
}

impl RedfishOptions {
    /// `endpoint` is `https://host` or `https://host:port`.
    pub fn new(endpoint: &str, user: impl Into<String>, password: Secret, trust: Trust) -> Result<Self, EngineError> {
        let refused = |why: &str| EngineError::new(ErrorKind::Rejected, format!("use the BMC at `{endpoint}`"), why);
        let base = base(endpoint).map_err(refused)?;
        let user = user.into();
        if user.is_empty() || user.contains(':') {
            return Err(refused("a user name is not empty and has no `:`"));
        }
        Ok(Self { base, user, password, trust, system: None, timeouts: Timeouts::default() })
    }

    /// The address or name of the BMC, without brackets.
    pub fn host(&self) -> String {
        self.base.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned()
    }

    /// Whether an endpoint has the right form. The error completes the sentence "`x` ...".
    pub fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
        base(endpoint).map(|_| ())
    }
}

fn base(endpoint: &str) -> Result<Url, &'static str> {
    let url = Url::parse(endpoint).map_err(|_| "is no address such as https://10.9.0.11")?;
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    if url.scheme() != "https" {
        return Err("begins with another scheme than `https://`");
    }
    if is_bare && is_anonymous && url.host().is_some() { Ok(url) } else { Err("has more in it than a host and a port") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_bare_https_addresses() {
        for good in ["https://10.9.0.11", "https://10.9.0.11/", "https://bmc-1.acme.lan:8443", "https://[fd00::11]"] {
            assert_eq!(RedfishOptions::check_endpoint(good), Ok(()), "{good}");
        }
        for bad in ["http://10.9.0.11", "10.9.0.11", "https://", "https://root@10.9.0.11", "https://10.9.0.11/redfish/v1", "https://10.9.0.11?x"] {
            assert!(RedfishOptions::check_endpoint(bad).is_err(), "{bad}");
        }
    }
}
