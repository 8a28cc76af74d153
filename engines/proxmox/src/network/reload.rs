//! How does what is staged come true, and what if the node does not come back?
//!
//! Proxmox first puts the staged file into the place of the other, and then reloads: nothing is staged any more when a reload fails,
//! whatever words it fails with. So what is there decides, and not the kind of an error.

use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use tokio::time::Instant;

use super::batch::{Batch, State, error};
use super::reach::{Reach, prove};
use super::{Session, unreachable};

const PAUSE_MAX: Duration = Duration::from_millis(500);

/// How an attempt to apply ended.
enum Ended {
    Well,
    /// Nothing was applied; what was staged is staged still.
    NotBegun(EngineError),
    /// It went well, and the call failed for another reason: the journal could not be written.
    WellButFor(EngineError),
    /// The file is in place, and reloading it failed.
    Badly(EngineError),
    /// Nobody saw its end.
    GoesOn,
}

impl Batch {
    /// Applies what is staged, and looks whether the node comes back.
    pub(super) async fn come_true(&mut self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        if self.expected.is_empty() {
            return Ok(());
        }
        let network = session.reader.network(node).await?;
        self.check_only_ours(node, &network)?;
        if network.changes.is_none() && !self.is_settled(&network) {
            return Err(error(ErrorKind::Conflict, node, "somebody threw away what was staged; plan again"));
        }
        let ended = if network.changes.is_some() { reload(session, node).await } else { Ended::Well };
        if let Ended::NotBegun(error) = ended {
            return Err(error);
        }
        self.state = State::InForce;
        if matches!(ended, Ended::GoesOn) {
            self.state = State::Lost;
            return Err(unreachable(node, &format!("its network was applied, and the reload has not ended. {}", self.way_back_in(node))));
        }
        match prove(session, node, &self.ways).await {
            Reach::Answers => self.judge(session, node, ended).await,
            Reach::OnlyThroughOthers(lost) => {
                let lost: Vec<String> = lost.into_iter().collect();
                let why = format!("after its network was applied, `{node}` answered no more at {}", lost.join(", "));
                Err(self.put_back(session, node, &why).await)
            }
            Reach::Gone(why) => {
                self.state = State::Lost;
                Err(unreachable(node, &format!("its network was applied, and it did not come back: {why}. {}", self.way_back_in(node))))
            }
        }
    }

    /// The node answers. Is what was staged there?
    async fn judge(&mut self, session: Session<'_>, node: &str, ended: Ended) -> Result<(), EngineError> {
        if let Ended::Badly(error) = &ended {
            return Err(self.put_back(session, node, &error.to_string()).await);
        }
        let network = session.reader.network(node).await?;
        if self.is_settled(&network) {
            return if let Ended::WellButFor(error) = ended { Err(error) } else { Ok(()) };
        }
        Err(error(ErrorKind::Conflict, node, "it was applied, and something else is there; plan again"))
    }
}

/// Applies what is staged, and says how that ended.
async fn reload(session: Session<'_>, node: &str) -> Ended {
    match session.calls.apply_network(node).await {
        Ok(()) => Ended::Well,
        Err(error) => how_it_ended(session, node, error).await,
    }
}

/// The call failed, or nobody heard how it ended.
async fn how_it_ended(session: Session<'_>, node: &str, error: EngineError) -> Ended {
    if !wait_for_its_end(session, node).await {
        return Ended::GoesOn;
    }
    // A node that cannot be read may have lost its way to us by what was applied; that is proved next.
    if session.reader.network(node).await.is_ok_and(|network| network.changes.is_some()) {
        return Ended::NotBegun(error);
    }
    match session.reader.last_reload(node).await {
        Ok(Some(words)) if words == "OK" || words.starts_with("WARNINGS:") => {
            if was_unheard(&error) {
                Ended::Well
            } else {
                Ended::WellButFor(error)
            }
        }
        Ok(Some(words)) if was_unheard(&error) => Ended::Badly(EngineError::new(ErrorKind::Rejected, error.attempted, words)),
        // Nobody says how it ended: what is there tells.
        Ok(None) | Err(_) if was_unheard(&error) => Ended::Well,
        _ => Ended::Badly(error),
    }
}

fn was_unheard(error: &EngineError) -> bool {
    matches!(error.kind, ErrorKind::Timeout | ErrorKind::Unreachable | ErrorKind::Protocol)
}

/// Until no reload of the node is under way, or as long as a node has to answer again. A node that does not answer meanwhile may be
/// reloading; when it still does not at the end, nothing is known of a reload, and the proof says the rest.
async fn wait_for_its_end(session: Session<'_>, node: &str) -> bool {
    let until = Instant::now() + session.options.timeouts.network;
    let pause = session.options.timeouts.poll.min(PAUSE_MAX);
    loop {
        let reloading = session.reader.is_reloading(node).await;
        if reloading.as_ref().is_ok_and(|is_reloading| !is_reloading) {
            return true;
        }
        if Instant::now() + pause > until {
            return reloading.is_err();
        }
        tokio::time::sleep(pause).await;
    }
}
