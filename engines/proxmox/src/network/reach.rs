//! Does a node still answer after its network was reloaded? Asked through every way that there is.

use std::collections::BTreeSet;
use std::time::Duration;

use engine_api::EngineError;
use tokio::time::Instant;

use super::Session;

const PAUSE_MAX: Duration = Duration::from_millis(500);

/// How a node is reached.
pub(super) enum Reach {
    Answers,
    /// It is in the cluster and answers other nodes, but not at these addresses of its own, at which it did before.
    OnlyThroughOthers(BTreeSet<String>),
    Gone(String),
}

/// Looks again until the node answers in every way it did before, or time is up.
pub(super) async fn prove(session: Session<'_>, node: &str, ways_before: &BTreeSet<String>) -> Reach {
    let until = Instant::now() + session.options.timeouts.network;
    let pause = session.options.timeouts.poll.min(PAUSE_MAX);
    loop {
        let reach = look(session, node, ways_before).await;
        if matches!(reach, Reach::Answers) || Instant::now() + pause > until {
            return reach;
        }
        tokio::time::sleep(pause).await;
    }
}

async fn look(session: Session<'_>, node: &str, ways_before: &BTreeSet<String>) -> Reach {
    if let Err(error) = in_cluster(session, node).await {
        return Reach::Gone(error.to_string());
    }
    let lost: BTreeSet<String> = if ways_before.is_empty() { BTreeSet::new() } else { ways_before - &session.reader.ways_to(node).await };
    if lost.is_empty() { Reach::Answers } else { Reach::OnlyThroughOthers(lost) }
}

/// The cluster sees it, and it answers for itself, whichever node passes the question on.
async fn in_cluster(session: Session<'_>, node: &str) -> Result<(), EngineError> {
    let statuses = session.reader.statuses().await?;
    if statuses.iter().any(|status| status.name == node && !status.is_online) {
        return Err(super::unreachable(node, "the cluster sees it as offline"));
    }
    session.reader.network(node).await.map(drop)
}
