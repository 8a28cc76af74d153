//! Where is the router, and who are we there? What the daemon's configuration says about one target.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use core_model::Secret;
use engine_tls::Trust;

use crate::ssh::SshOptions;

/// The port of the API over TLS (`/ip/service` calls it `api-ssl`).
const PORT_TLS: u16 = 8729;
/// The port of the API without TLS (`api`).
const PORT_PLAIN: u16 = 8728;

/// How the connection is kept from others.
#[derive(Debug, Clone)]
pub enum Security {
    Tls(Trust),
    /// No encryption: for a management network that nobody else is in, and only where the endpoint says `api://`.
    Plain,
}

/// One address of a router.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub host: String,
    pub port: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') { write!(formatter, "[{}]:{}", self.host, self.port) } else { write!(formatter, "{}:{}", self.host, self.port) }
    }
}

/// `api-ssl://10.0.0.1`, or `api://10.0.0.1:8728` without encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub place: Place,
    pub is_encrypted: bool,
}

impl FromStr for Endpoint {
    type Err = &'static str;

    /// The error completes the sentence "the endpoint ...".
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, is_encrypted) = match (text.strip_prefix("api-ssl://"), text.strip_prefix("api://")) {
            (Some(place), _) => (place, true),
            (_, Some(place)) => (place, false),
            _ => return Err("begins with neither `api-ssl://` nor `api://`"),
        };
        let port = if is_encrypted { PORT_TLS } else { PORT_PLAIN };
        Ok(Self { place: parse_place(place, port)?, is_encrypted })
    }
}

fn parse_place(text: &str, default_port: u16) -> Result<Place, &'static str> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']').ok_or("has a `[` without `]`")?;
            (host, rest.strip_prefix(':'))
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Ok(default_port), |port| port.parse().map_err(|_| "has a port that is no number up to 65535"))?;
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    if is_host { Ok(Place { host: host.to_owned(), port }) } else { Err("has an address that is neither a host name nor an IP address") }
}

/// How long the engine waits.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For a connection and its log-in.
    pub connect: Duration,
    /// For a whole answer. RouterOS ends commands of its own accord after 60 s.
    pub answer: Duration,
    /// How long the router waits for a sign of ours before it undoes a change that may have cut our way.
    pub switch: Duration,
    /// How long what `reach` names may take to answer before a change is confirmed.
    pub reach: Duration,
    /// How long somebody else's safe mode is waited for.
    pub busy: Duration,
    /// For a whole export over SSH. A small router writes a large one for a minute.
    pub export: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(65),
            switch: Duration::from_secs(180),
            reach: Duration::from_secs(30),
            busy: Duration::from_secs(15),
            export: Duration::from_secs(120),
        }
    }
}

/// One router.
#[derive(Debug, Clone)]
pub struct MikrotikOptions {
    pub places: Vec<Place>,
    pub security: Security,
    pub user: String,
    pub password: Secret,
    /// The owner id of the repository's `ipr.yaml`. Orders of another owner are refused.
    pub owner_id: String,
    /// How its export is had. `None`: it is not.
    pub ssh: Option<SshOptions>,
    pub timeouts: Timeouts,
}

impl MikrotikOptions {
    pub(crate) fn shown(&self) -> String {
        self.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<(String, bool), &'static str> {
        text.parse::<Endpoint>().map(|endpoint| (endpoint.place.to_string(), endpoint.is_encrypted))
    }

    #[test]
    fn an_endpoint_is_one_address_of_a_router() {
        assert_eq!(parse("api-ssl://10.0.0.1"), Ok(("10.0.0.1:8729".to_owned(), true)));
        assert_eq!(parse("api-ssl://edge.acme.lan:9000"), Ok(("edge.acme.lan:9000".to_owned(), true)));
        assert_eq!(parse("api://[fd00::1]"), Ok(("[fd00::1]:8728".to_owned(), false)));
        for bad in ["10.0.0.1", "https://10.0.0.1", "api-ssl://", "api-ssl://a,b", "api://a:99999", "api://[fd00::1", "api://a/b"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_endpoint_is_read_without_a_panic(text in prop_oneof![".{0,40}", "api(-ssl)?://[\\[\\]a-z0-9:.]{0,30}"]) {
            let _ = parse(&text);
        }
    }
}
