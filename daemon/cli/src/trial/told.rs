//! How is a trial told? What it will make, a line for each stage with its time, and how it ended.

use std::process::ExitCode;
use std::time::Instant;

use daemon_app::TrialTrouble;
use engine_api::{Check, CheckState, Trial};
use serde_json::{Value, json};

use super::Order;
use crate::terminal::{self, Progress, several};

pub(super) struct Told<'a> {
    order: &'a Order<'a>,
    trial: &'a Trial,
    progress: Option<Progress>,
    stages: Vec<Value>,
    has_failed: bool,
}

impl<'a> Told<'a> {
    pub(super) fn new(order: &'a Order<'a>, trial: &'a Trial) -> Self {
        Self { order, trial, progress: None, stages: Vec::new(), has_failed: false }
    }

    /// Everything that somebody wants to know before they say yes.
    pub(super) fn beforehand(&self, left: &[String]) {
        if self.order.as_json {
            return;
        }
        terminal::print(terminal::plain(&format!("On `{}` these are made, changed, and removed again:\n", self.order.target)));
        self.trial.makes.iter().for_each(|object| terminal::print(terminal::plain(&format!("  - {object}\n"))));
        self.trial.omits.iter().for_each(|what| terminal::print(terminal::plain(&format!("Left out: {what}.\n"))));
        if !left.is_empty() {
            terminal::print(terminal::plain(&format!("An earlier trial left {}: removed first.\n", left.join(", "))));
        }
        if let Some(caveat) = &self.trial.caveat {
            terminal::print(terminal::plain(&format!("Note: {caveat}.\n")));
        }
        terminal::print("Ctrl-C stops it, and what was made is removed; a second Ctrl-C leaves it there.\n\n");
    }

    pub(super) fn begin(&mut self, title: &str) {
        let progress = Progress::new();
        progress.say(title);
        self.progress = Some(progress);
    }

    /// Tells how a stage ended, and hands its trouble on.
    pub(super) fn stage(&mut self, title: &str, begun: Instant, ended: Result<usize, TrialTrouble>) -> Result<(), TrialTrouble> {
        self.progress = None;
        let seconds = begun.elapsed().as_secs_f64();
        let (state, text) = match &ended {
            Ok(steps) => (CheckState::Ok, format!("{} in {seconds:.1} s", several(*steps, "step"))),
            Err(trouble) => (CheckState::Problem, format!("after {seconds:.1} s: {trouble}")),
        };
        let check = Check { state, text, hint: None, is_detail: false };
        let steps = ended.as_ref().copied().unwrap_or_default();
        self.has_failed |= check.state == CheckState::Problem;
        if !self.order.as_json {
            terminal::print_check(&check, title);
        }
        self.stages.push(json!({"title": title, "state": check.state, "steps": steps, "seconds": seconds, "text": check.text}));
        ended.map(drop)
    }

    pub(super) fn end(&self, trouble: Option<&TrialTrouble>) {
        if self.order.as_json {
            let json = json!({"target": self.order.target.to_string(), "makes": self.trial.makes, "omits": self.trial.omits, "stages": self.stages});
            return terminal::print(format_args!("{json:#}\n"));
        }
        match trouble {
            None => terminal::print("\nEverything was done as planned, each second plan was empty, and nothing is left.\n"),
            Some(_) if self.is_clean() => terminal::print("\nThe trial failed. Nothing of it is left on the target.\n"),
            Some(_) => {
                terminal::print("\nThe trial failed, and what is named above may still be there. Run it again to remove it, or do so by hand.\n")
            }
        }
    }

    /// The last stage is the removal.
    fn is_clean(&self) -> bool {
        self.stages.last().and_then(|stage| stage.get("state")).and_then(Value::as_str) == Some(CheckState::Ok.word())
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        if self.has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
