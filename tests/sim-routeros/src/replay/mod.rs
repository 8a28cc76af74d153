//! Does a real router answer as the simulated one does?
//!
//! The same requests go to a router and to a simulator of its release; where the answers differ, the simulator is wrong, or the
//! device has something that the requests did not expect. Within this project it was run against simulators only.

mod conversation;
mod form;
mod found;
mod requests;
mod told;
mod way;

use std::net::SocketAddr;

pub use found::{Difference, Replay};
pub use way::Way;

use crate::error::RouterError;
use crate::router::{Router, RouterOptions};
use crate::version::Version;
use conversation::Conversation;

/// What the engine asks, recorded by its own tests.
const READS: &str = include_str!("reads.txt");
/// What shows how a router takes changes: it makes things and removes them again.
const REQUESTS: &str = include_str!("requests.txt");

/// How far a replay goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Nothing is changed.
    Reads,
    /// Things called ipr-replay are made as well, and removed again.
    ReadsAndChanges,
}

/// A router, and who asks it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub address: SocketAddr,
    pub way: Way,
    pub user: &'a str,
    pub password: &'a str,
}

impl Subject<'_> {
    async fn greet(&self) -> Result<Conversation, RouterError> {
        Conversation::begin(self.address, self.way, self.user, self.password).await
    }
}

/// Asks a router at its API, and a simulator of its release.
pub async fn replay(subject: Subject<'_>, extent: Extent) -> Result<Replay, RouterError> {
    let mut real = subject.greet().await?;
    let release = real.release().await?;
    let version = nearest(&release);
    let twin = Router::start(RouterOptions { version, ..RouterOptions::default() }).await?;
    let mut simulated = Conversation::begin(twin.api_address(), Way::Plain, twin.user(), twin.password()).await?;
    let mut found = Replay { release, version, requests: 0, differences: Vec::new(), kept_back: Vec::new(), besides: Vec::new() };
    look(&mut real, &mut simulated, &twin, &mut found).await?;
    if extent == Extent::ReadsAndChanges {
        let in_the_way = real.in_the_way().await?;
        if !in_the_way.is_empty() {
            let message = format!("this stands there already, and would be removed: {}", in_the_way.join(", "));
            return Err(RouterError::Refused { command: "a replay of changes".to_owned(), message });
        }
        let changed = change(&mut real, &mut simulated, &mut found).await;
        // What a request that failed on the way has left behind; over another connection where this one broke.
        if real.tidy_up().await.is_err() {
            subject.greet().await?.tidy_up().await?;
        }
        changed?;
    }
    twin.stop().await;
    Ok(found)
}

/// Compares what only reads.
async fn look(real: &mut Conversation, simulated: &mut Conversation, twin: &Router, found: &mut Replay) -> Result<(), RouterError> {
    for request in requests::parse(READS) {
        let menu = twin.shared().lock().menu(request.menu());
        let router = real.hear(&request, menu.as_deref()).await?;
        let verdict = router.beside(&simulated.hear(&request, menu.as_deref()).await?, &request, menu.as_deref());
        found.requests += 1;
        if verdict.is_kept_back {
            found.kept_back.push(request.text.clone());
        }
        if !verdict.besides.is_empty() {
            found.besides.push((request.text.clone(), verdict.besides));
        }
        if !verdict.router.is_empty() || !verdict.simulator.is_empty() {
            found.differences.push(Difference { request: request.text, router: verdict.router, simulator: verdict.simulator });
        }
    }
    Ok(())
}

/// Compares how changes are taken.
async fn change(real: &mut Conversation, simulated: &mut Conversation, found: &mut Replay) -> Result<(), RouterError> {
    for request in requests::parse(REQUESTS) {
        let (router, simulator) = (real.ask(&request).await?, simulated.ask(&request).await?);
        found.requests += 1;
        if router != simulator {
            found.differences.push(Difference { request: request.text, router, simulator });
        }
    }
    Ok(())
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

    #[test]
    fn the_record_of_reads_only_reads() {
        let reads = requests::parse(READS);
        assert!(reads.len() > 80, "{}", reads.len());
        for request in reads {
            assert!(request.only_reads() && request.kept_as.is_none(), "{}", request.text);
        }
    }
}
