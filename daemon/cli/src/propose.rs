//! How does what somebody asks for on a terminal become files? Read by the assistant, shown, planned, asked for, and written.
//!
//! The same reader, the same edits and the same checks as for a request in an issue. What is missing here is GitHub: the change goes
//! into the working tree, and the person opens the pull request.

mod plan;
mod talk;
mod write;

use std::path::PathBuf;

use clap::Args;
use core_config::Files;
use core_model::Diagnostic;
use core_model::resource_type::Registry;
use daemon_assistant::Change;

use crate::{checkout::Place, engines, failure::Failure, folder, terminal};

pub(crate) use talk::{Spoken, Talk, way_back};
pub(crate) use write::put;

/// What is done with a change.
#[derive(Debug, Args)]
pub(crate) struct Manner {
    /// Take defaults where there are any, and write without asking.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Show the change, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Do not plan the change against the targets.
    #[arg(long)]
    no_plan: bool,
    #[command(flatten)]
    place: Place,
}

/// The files of the working tree, as a change is made on them.
pub(crate) struct Ground {
    root: PathBuf,
    pub(crate) files: Files,
    pub(crate) registry: Registry,
}

impl Manner {
    pub(crate) fn ground(&self) -> Result<Ground, Failure> {
        let root = folder::root(self.place.folder())?;
        let files = folder::read(&root)?;
        Ok(Ground { root, files, registry: engines::registry() })
    }

    /// Shows a change with its plan, and writes it once somebody agreed. Whether it was written.
    pub(crate) fn carry_out(&self, ground: &Ground, change: &Change, talk: &mut Talk) -> Result<bool, Failure> {
        terminal::print_change(change, &ground.files);
        let after = edited(&ground.files, change);
        plan::show(self, &ground.files, &after)?;
        if self.dry_run {
            terminal::print("\nNothing was written: this is a dry run.\n");
            return Ok(false);
        }
        if !self.yes && !talk.agrees("Write this?")? {
            terminal::print("\nNothing was written.\n");
            return Ok(false);
        }
        let written = write::write(&ground.root, &ground.files, change)?;
        terminal::print("\n");
        written.iter().for_each(|line| terminal::print(format_args!("{}\n", terminal::plain(line))));
        terminal::print(next_steps(change));
        Ok(true)
    }
}

/// The files with the edits.
fn edited(files: &Files, change: &Change) -> Files {
    let mut edited = files.clone();
    for (path, text) in &change.edits {
        match text {
            Some(text) => _ = edited.insert(path.clone(), text.clone().into_bytes()),
            None => _ = edited.remove(path),
        }
    }
    edited
}

/// The pull request is the person's own.
fn next_steps(change: &Change) -> String {
    let message = change.summary.replace('\'', "'\\''");
    let paths: Vec<&str> = change.edits.keys().map(String::as_str).collect();
    format!(
        "\nNext, on a branch of its own:\n    git add {}\n    git commit -m '{}'\n    git push -u origin HEAD\nThen open a pull request. Its comment is \
         the plan that counts. To take the change back before that: git restore, or git clean for a new file.\n",
        terminal::plain(&paths.join(" ")),
        terminal::plain(&message)
    )
}

/// Why a request comes to nothing.
pub(crate) fn refused(why: &str) -> Failure {
    Failure::new(Diagnostic::error("Nothing written", terminal::plain(why)))
}
