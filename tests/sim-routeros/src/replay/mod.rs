//! Does a real router answer as the simulated one does?
//!
//! The same requests go to a router and to a simulator of its release; where the answers differ, the simulator is wrong, or the
//! device has something that the requests did not expect. Within this project it was run against simulators only.

mod conversation;
mod requests;

use std::fmt;
use std::net::SocketAddr;

use crate::error::RouterError;
use crate::router::{Router, RouterOptions};
use crate::version::Version;

use conversation::Conversation;

const REQUESTS: &str = include_str!("requests.txt");

/// A request that a router answered otherwise than its simulator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub request: String,
    /// What the router said, reply by reply.
    pub router: Vec<String>,
    pub simulator: Vec<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = |replies: &[String]| replies.join(" / ");
        write!(formatter, "{}\n  router     {}\n  simulator  {}", self.request, answer(&self.router), answer(&self.simulator))
    }
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// As the router itself names its release.
    pub release: String,
    /// The simulated release that it was compared with: the newest that is not newer.
    pub version: Version,
    pub requests: usize,
    pub differences: Vec<Difference>,
}

/// Asks a router at its API without TLS, and a simulator of its release.
pub async fn replay(address: SocketAddr, user: &str, password: &str) -> Result<Replay, RouterError> {
    let mut real = Conversation::begin(address, user, password).await?;
    let release = real.release().await?;
    let version = nearest(&release);
    let simulator = Router::start(RouterOptions { version, ..RouterOptions::default() }).await?;
    let mut simulated = Conversation::begin(simulator.api_address(), simulator.user(), simulator.password()).await?;
    let mut differences = Vec::new();
    let requests = requests::parse(REQUESTS);
    for request in &requests {
        let (router, simulator) = (real.ask(request).await?, simulated.ask(request).await?);
        if router != simulator {
            differences.push(Difference { request: request.text.clone(), router, simulator });
        }
    }
    // What a request that failed on the way has left behind.
    real.tidy_up().await?;
    simulator.stop().await;
    Ok(Replay { release, version, requests: requests.len(), differences })
}

/// The newest simulated release that is not newer than `7.19.3 (stable)`; the oldest for what is older.
fn nearest(release: &str) -> Version {
    let number = |text: &str| {
        let mut parts = text.split(['.', ' ', 'r', 'b']).map_while(|part| part.parse::<u32>().ok());
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    };
    let found = Version::ALL.into_iter().rev().find(|version| number(version.as_str()) <= number(release));
    found.unwrap_or(Version::V7_15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_compared_with_the_newest_that_is_not_newer() {
        let table = [("7.15 (stable)", "7.15"), ("7.19.3 (stable)", "7.18"), ("7.20rc1 (testing)", "7.20"), ("7.30", "7.24"), ("6.49", "7.15")];
        for (release, expected) in table {
            assert_eq!(nearest(release).as_str(), expected, "{release}");
        }
    }
}
