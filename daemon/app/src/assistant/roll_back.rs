//! What is taken back? A merged pull request, the changes of a day, or everything since a moment; never by rewriting history.
//!
//! The files come from Git: what was merged is merged out again in memory, or the blueprints of an older commit are put in the place
//! of today's. What comes of it is tried out and proposed like any other change.

use std::collections::BTreeSet;
use std::sync::Arc;

use core_config::Files;
use core_model::Address;
use daemon_assistant::{Language, Notes, Past, RollBack, Sourced};
use daemon_github::PullNumber;
use daemon_history::{CommitId, MergeOutcome};

use super::ground::Ground;
use super::propose::{Wanted, edited};
use super::publish::Edits;
use crate::comment::assistant::say;
use crate::error::FlowError;
use crate::project::Project;

/// How many changes are named where one must be chosen.
const NAMED_MAX: usize = 10;
const DAY_S: i64 = 86_400;

/// A change of the default branch, with what its summary says; or a sentence why there is none.
type WayBack = Result<(Wanted, Ground), String>;

/// What the default branch should lose, or be again.
enum Back {
    /// What came after the first commit, up to the second.
    Without { before: CommitId, after: CommitId, pull: u64 },
    /// The blueprints of this commit.
    To(CommitId),
}

impl Project {
    pub(crate) async fn way_back(&self, ground: &Ground, asked: &RollBack, notes: Notes) -> Result<WayBack, FlowError> {
        let language = notes.language;
        let back = match self.find_back(ground.main, &asked.past.value, language).await? {
            Ok(back) => back,
            Err(why) => return Ok(Err(why)),
        };
        let main = ground.main;
        let main_files = Arc::new(self.mirror.run(move |history| history.snapshot(main)).await??.files);
        let target = match back {
            Back::Without { before, after, .. } => match self.mirror.run(move |history| history.without(main, before, after)).await?? {
                MergeOutcome::Clean(merged) => merged.snapshot.files,
                MergeOutcome::Conflict { paths, .. } => return Ok(Err(conflict(language, &paths))),
            },
            Back::To(commit) => self.mirror.run(move |history| history.snapshot(commit)).await??.files,
        };
        let edits = blueprint_edits(&main_files, &target);
        if edits.is_empty() {
            let words = say(language, "Nothing of it is in the blueprints any more.", "Nei blueprint non ce n'è più nulla.");
            return Ok(Err(words.to_owned()));
        }
        if let Some(why) = self.beyond(&main_files, &edits, asked, language).await? {
            return Ok(Err(why));
        }
        let summary = match &back {
            Back::Without { pull, .. } => format!("{} #{pull}", say(language, "Take back", "Annulla")),
            Back::To(commit) => {
                let short: String = commit.to_string().chars().take(12).collect();
                format!("{} {short}", say(language, "Put the blueprints back to", "Riporta i blueprint a"))
            }
        };
        let slot = ("past".to_owned(), Sourced::new(in_words(&asked.past.value), asked.past.source.clone()));
        let undo = say(language, "To undo: revert this pull request.", "Per annullare: fai il revert di questa pull request.").to_owned();
        let wanted = Wanted { edits, summary, slots: vec![slot], notes, undo, command: String::new(), name: "roll-back" };
        // It is a pull request of its own, wherever it was asked for.
        Ok(Ok((wanted, Ground { main, files: main_files, amends: None, about: None })))
    }

    async fn find_back(&self, main: CommitId, past: &Past, language: Language) -> Result<Result<Back, String>, FlowError> {
        let unknown = || {
            Ok(Err(say(
                language,
                "I did not find that in the history of the default branch. Name a pull request, for example `undo #31`.",
                "Non l'ho trovato nella storia del ramo principale. Nomina una pull request, per esempio `annulla #31`.",
            )
            .to_owned()))
        };
        match past {
            Past::PullRequest(number) => Ok(self
                .merged(PullNumber(*number))
                .await?
                .map_or_else(|| Err(not_merged(language, *number)), |(before, after)| Ok(Back::Without { before, after, pull: *number }))),
            Past::BeforePullRequest(number) => {
                Ok(self.merged(PullNumber(*number)).await?.map_or_else(|| Err(not_merged(language, *number)), |(before, _)| Ok(Back::To(before))))
            }
            Past::Commit(name) => {
                let name = name.clone();
                let found = self.mirror.run(move |history| match history.resolve(&name) {
                    Ok(commit) => Ok(history.is_ancestor(commit, main)?.then_some(commit)),
                    Err(daemon_history::HistoryError::Unknown { .. }) => Ok(None),
                    Err(error) => Err(error),
                });
                found.await??.map_or_else(unknown, |commit| Ok(Ok(Back::To(commit))))
            }
            Past::Moment(moment) => {
                let Ok(moment) = moment.parse::<jiff::Timestamp>() else { return unknown() };
                let found = self.changes_of_main(main).await?.into_iter().find(|(_, at)| *at <= moment.as_second());
                found.map_or_else(unknown, |(commit, _)| Ok(Ok(Back::To(commit))))
            }
            Past::Day(day) => {
                let start = format!("{day}T00:00:00Z").parse::<jiff::Timestamp>();
                let Ok(start) = start.map(jiff::Timestamp::as_second) else { return unknown() };
                let day = self.changes_of_main(main).await?.into_iter().filter(|(_, at)| (start..start + DAY_S).contains(at));
                self.the_one_change(day.map(|(commit, _)| commit).collect(), language).await
            }
            Past::LastChange => {
                let newest = self.changes_of_main(main).await?.into_iter().next();
                self.the_one_change(newest.into_iter().map(|(commit, _)| commit).collect(), language).await
            }
        }
    }

    /// The pull request that these commits came with; where there are several, they are named.
    async fn the_one_change(&self, commits: Vec<CommitId>, language: Language) -> Result<Result<Back, String>, FlowError> {
        let mut numbers = BTreeSet::new();
        for commit in commits {
            if let Some(pull) = self.merged_with_commit(commit).await? {
                numbers.insert(pull.number.0);
            }
        }
        let listed = numbers.iter().take(NAMED_MAX).map(|number| format!("`#{number}`")).collect::<Vec<_>>().join(", ");
        let numbers: Vec<u64> = numbers.into_iter().collect();
        match numbers.as_slice() {
            [only] => Ok(self
                .merged(PullNumber(*only))
                .await?
                .map_or_else(|| Err(not_merged(language, *only)), |(before, after)| Ok(Back::Without { before, after, pull: *only }))),
            [] => Ok(Err(say(
                language,
                "No pull request was merged then that changed anything here.",
                "Allora non è stata unita alcuna pull request che cambiasse qualcosa qui.",
            )
            .to_owned())),
            _ => Ok(Err(format!(
                "{} {listed}. {}",
                say(language, "Several pull requests were merged then:", "Allora sono state unite più pull request:"),
                say(language, "Name one, for example with `undo #31`.", "Nominane una, per esempio con `annulla #31`.")
            ))),
        }
    }

    /// Where only some resources or one environment were named: whether the way back would change more than them.
    async fn beyond(&self, main: &Files, edits: &Edits, asked: &RollBack, language: Language) -> Result<Option<String>, FlowError> {
        let before = self.load_files(main.clone()).await?;
        let after = self.load_files(edited(main, edits)).await?;
        let named: BTreeSet<&Address> = asked.resources.iter().map(|resource| &resource.value).collect();
        let mut more = BTreeSet::new();
        for (name, settings) in &after.repository.environments {
            let Some(base) = before.repository.environments.get(name) else { continue };
            let is_asked = asked.environment.as_ref().is_none_or(|only| only.value == *name);
            for address in core_planner::scope(&base.desired, &settings.desired) {
                if !is_asked || !(named.is_empty() || named.contains(&address)) {
                    more.insert(format!("`{address}` in `{name}`"));
                }
            }
        }
        if more.is_empty() {
            return Ok(None);
        }
        let listed = more.into_iter().take(NAMED_MAX).collect::<Vec<_>>().join(", ");
        let opening =
            say(language, "That would also take back more than what you named:", "Così si annullerebbe anche altro oltre a quello che hai nominato:");
        let next = say(language, "Ask for all of it, or write the change by hand.", "Chiedi tutto, o scrivi la modifica a mano.");
        Ok(Some(format!("{opening} {listed}. {next}")))
    }
}

/// What of the blueprints differs.
fn blueprint_edits(main: &Files, target: &Files) -> Edits {
    let paths: BTreeSet<&String> = main.keys().chain(target.keys()).collect();
    let differing = paths.into_iter().filter(|path| path.starts_with("blueprints/") && main.get(*path) != target.get(*path));
    differing.map(|path| (path.clone(), target.get(path).cloned())).collect()
}

fn in_words(past: &Past) -> String {
    match past {
        Past::PullRequest(number) => format!("#{number}"),
        Past::BeforePullRequest(number) => format!("before #{number}"),
        Past::Commit(name) => name.clone(),
        Past::Moment(moment) => moment.clone(),
        Past::Day(day) => day.clone(),
        Past::LastChange => "the last change".to_owned(),
    }
}

fn not_merged(language: Language, number: u64) -> String {
    let what = say(
        language,
        "was not merged into the default branch, so there is nothing to take back.",
        "non è stata unita al ramo principale, quindi non c'è nulla da annullare.",
    );
    format!("`#{number}` {what}")
}

fn conflict(language: Language, paths: &[String]) -> String {
    let what = say(
        language,
        "Later changes touch the same lines, so a person has to take it back:",
        "Modifiche successive toccano le stesse righe, quindi deve annullarla una persona:",
    );
    let listed = paths.iter().take(NAMED_MAX).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    format!("{what} {listed}.")
}
