//! What does a pull request look like, from its plan to running containers and back? Played on this machine alone.
//!
//! The daemon is the real one, in a process of its own, and speaks the real protocol to a simulated GitHub. What the demo
//! knows, it knows as a person would: from comments, from the branch of records, from the target, and over HTTP.

mod content;
mod daemon;
mod docker;
mod images;
mod narrator;
mod page;
mod pull;
mod stage;
mod story;
mod target;

use core_model::Diagnostic;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;
use narrator::Narrator;
use stage::Stage;

/// How a demo ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// With its story.
    Once,
    /// When it is told to: after the first merge there is something to look at.
    Stay,
}

/// Plays the demo and removes what it made, whatever happens.
pub(crate) async fn play(mode: Mode) -> Result<(), Failure> {
    let mut signals = Signals::new()?;
    let mut narrator = Narrator::default();
    narrator.title("A pull request, from its plan to what runs, and back. All of it on this machine.");
    let mut stage = Stage::set().await?;
    let told = tokio::select! {
        told = story::tell(&mut stage, &mut narrator, mode) => told,
        () = signals.any() => match mode {
            Mode::Once => Err(Failure::new(Diagnostic::error("Interrupted", "The story was ended by a signal."))),
            Mode::Stay => Ok(()),
        },
    };
    if told.is_err() {
        narrator.log_of_daemon(&stage.last_log_lines());
    }
    let cleared = stage.clear(&mut narrator).await;
    told.and(cleared)
}

/// The signals by which people end a program.
struct Signals([Signal; 3]);

impl Signals {
    fn new() -> Result<Self, Failure> {
        let watch = |kind| signal(kind).map_err(|error| Failure::of("Cannot watch for signals", error));
        Ok(Self([watch(SignalKind::interrupt())?, watch(SignalKind::terminate())?, watch(SignalKind::hangup())?]))
    }

    async fn any(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
