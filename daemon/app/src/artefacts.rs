//! What do targets say of themselves after a run? Texts of their own, kept in the record's tree for people to compare.
//!
//! `artefacts/<target>/<file>`. Each record carries the files of the one before, so that git shows what changed between any two.
//! Nothing is ever read back from them, and a run never fails for want of one.

use std::collections::BTreeSet;
use std::time::Duration;

use core_model::TargetName;
use core_model::plan::Plan;
use core_model::record::{StepOutcome, StepState};
use daemon_executor::Engines;
use daemon_history::record::{ARTEFACTS_FOLDER, RecordFiles};
use engine_api::Artefact;
use futures::stream::{self, StreamExt};
use tokio_util::sync::CancellationToken;

/// How long one target may take to tell all of itself.
const ASK_MAX: Duration = Duration::from_secs(150);
const ASKED_AT_ONCE: usize = 8;
/// All artefacts of a record together. A record travels to GitHub in one piece.
const TOGETHER_BYTES_MAX: usize = 8 << 20;

/// Whom to ask: the targets that a run touched.
pub(crate) struct Touched<'a> {
    pub(crate) engines: &'a dyn Engines,
    pub(crate) plan: &'a Plan,
    pub(crate) outcomes: &'a [StepOutcome],
    pub(crate) stopping: &'a CancellationToken,
}

/// What a target said of itself, or why it did not.
pub(crate) type Answer = (TargetName, Result<Option<Artefact>, String>);

impl Touched<'_> {
    /// Asks each touched target once, some of them at a time.
    pub(crate) async fn ask(&self) -> Vec<Answer> {
        let asking = stream::iter(self.targets()).map(|target| async move { (target.clone(), self.ask_one(&target).await) });
        asking.buffered(ASKED_AT_ONCE).collect().await
    }

    fn targets(&self) -> BTreeSet<TargetName> {
        let touches = |outcome: &&StepOutcome| match outcome.state {
            StepState::Changed | StepState::Failed | StepState::Unknown | StepState::Undone => true,
            StepState::NotStarted | StepState::Stopped | StepState::AlreadySo => false,
        };
        let steps: BTreeSet<_> = self.outcomes.iter().filter(touches).map(|outcome| &outcome.step).collect();
        self.plan.steps.iter().filter(|step| steps.contains(&step.digest)).map(|step| step.target.clone()).collect()
    }

    async fn ask_one(&self, target: &TargetName) -> Result<Option<Artefact>, String> {
        let engine = self.engines.engine(target).map_err(|error| error.to_string())?;
        let told = tokio::select! {
            told = tokio::time::timeout(ASK_MAX, engine.artefact()) => told.map_err(|_| format!("no answer within {} s", ASK_MAX.as_secs()))?,
            () = self.stopping.cancelled() => return Err("the daemon was ending".to_owned()),
        };
        let artefact = told.map_err(|error| error.to_string())?;
        match artefact.as_ref().and_then(Artefact::refusal) {
            Some(why) => Err(why),
            None => Ok(artefact),
        }
    }
}

/// What stands beside a record, and what people should know of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) files: RecordFiles,
    pub(crate) notes: Vec<String>,
}

impl Kept {
    /// New files in the place of the old ones of their target. `managed` are the targets on which something is left to manage;
    /// what others said goes with the record before.
    pub(crate) fn of(before: RecordFiles, answers: Vec<Answer>, managed: &BTreeSet<&TargetName>) -> Self {
        let mut kept = Self::default();
        let mut told = BTreeSet::new();
        let mut bytes = 0;
        for (target, answer) in answers {
            match answer {
                Ok(None) => {}
                Ok(Some(artefact)) if bytes + artefact.text.len() <= TOGETHER_BYTES_MAX => {
                    bytes += artefact.text.len();
                    kept.files.insert(format!("{ARTEFACTS_FOLDER}/{target}/{}", artefact.file_name), artefact.text.into_bytes());
                    told.insert(folder(&target));
                }
                Ok(Some(_)) => kept.notes.push(format!("What `{target}` says of itself is not kept: {}.", too_many())),
                Err(why) => kept.notes.push(format!("What `{target}` says of itself is not kept: {why}.")),
            }
        }
        let managed: BTreeSet<String> = managed.iter().map(|target| folder(target)).collect();
        for (path, content) in before {
            let place = path.rsplit_once('/').map_or("", |(place, _)| place);
            if told.contains(place) || !managed.contains(place) {
                continue;
            }
            if bytes + content.len() > TOGETHER_BYTES_MAX {
                kept.notes.push(format!("`{path}` of the record before is left out: {}.", too_many()));
                continue;
            }
            bytes += content.len();
            kept.files.insert(path, content);
        }
        kept
    }
}

fn folder(target: &TargetName) -> String {
    format!("{ARTEFACTS_FOLDER}/{target}")
}

fn too_many() -> String {
    format!("all of them together have more than {TOGETHER_BYTES_MAX} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(name: &str) -> TargetName {
        name.parse().expect("a name")
    }

    fn says(name: &str, text: &str) -> Answer {
        (target(name), Ok(Some(Artefact { file_name: "export.rsc".to_owned(), text: text.to_owned() })))
    }

    fn files(pairs: &[(&str, &str)]) -> RecordFiles {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn each_target_keeps_the_newest_that_it_said() {
        let before = files(&[
            ("artefacts/core/export.rsc", "core"),
            ("artefacts/edge/export.rsc", "old"),
            ("artefacts/edge/other.txt", "older"),
            ("artefacts/gone/export.rsc", "gone"),
            ("artefacts/rack/r1/state.txt", "member"),
        ]);
        let managed = [target("core"), target("edge"), target("rack/r1")];
        let kept = Kept::of(before, vec![says("edge", "new"), (target("mute"), Ok(None))], &managed.iter().collect());
        let expected = [("artefacts/core/export.rsc", "core"), ("artefacts/edge/export.rsc", "new"), ("artefacts/rack/r1/state.txt", "member")];
        assert_eq!(kept, Kept { files: files(&expected), notes: Vec::new() });
    }

    #[test]
    fn what_is_not_told_is_said_and_the_old_one_stays() {
        let before = files(&[("artefacts/edge/export.rsc", "old")]);
        let edge = target("edge");
        let kept = Kept::of(before.clone(), vec![(edge.clone(), Err("no answer".to_owned()))], &BTreeSet::from([&edge]));
        assert_eq!(kept, Kept { files: before, notes: vec!["What `edge` says of itself is not kept: no answer.".to_owned()] });
    }

    #[test]
    fn all_together_they_are_bounded() {
        let half = "x".repeat(TOGETHER_BYTES_MAX / 2 + 1);
        let (a, b, c) = (target("a"), target("b"), target("c"));
        let before = files(&[("artefacts/c/export.rsc", &half)]);
        let kept = Kept::of(before, vec![says("a", &half), says("b", &half)], &BTreeSet::from([&a, &b, &c]));
        assert_eq!(kept.files.keys().collect::<Vec<_>>(), ["artefacts/a/export.rsc"]);
        assert_eq!(kept.notes.len(), 2, "{:?}", kept.notes);
    }
}
