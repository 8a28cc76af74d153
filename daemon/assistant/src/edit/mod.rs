//! How does a command become a change of files? Only under `blueprints/`, comments and layout kept, loaded again and compared.

mod block;
mod clones;
mod deletions;
pub(crate) mod document;
mod environments;
mod fields;
mod guard;

use std::collections::{BTreeMap, BTreeSet};

use core_config::Files;
use core_model::{Address, Name};

use crate::command::{Command, Scope};
use crate::language::Language;
use crate::outcome::{Refusal, RefusalReason};
use crate::view::View;

use document::{EditError, File};
pub(crate) use guard::Expected;

/// The folder under which files may be changed.
const FOLDER: &str = "blueprints/";

/// The new texts of changed files, by path; `None` removes the file.
pub(crate) type Edits = BTreeMap<String, Option<String>>;

/// What was done to the files, what is expected of it, and what follows from it.
pub(crate) struct Edited {
    pub(crate) edits: Edits,
    pub(crate) assumptions: Vec<String>,
}

/// A change under construction.
pub(crate) struct Editor<'v, 'a> {
    pub(crate) view: &'v View<'a>,
    pub(crate) language: Language,
    edits: Edits,
    pub(crate) expected: Expected,
    pub(crate) assumptions: Vec<String>,
    /// Lists that were written whole into an overlay: file, entry and path. What comes after adds to them.
    pub(crate) whole_lists: BTreeSet<(String, String, String)>,
}

/// Carries a command out on the files of the view.
pub(crate) fn edit(command: &Command, view: &View<'_>, language: Language) -> Result<Edited, Refusal> {
    let mut editor =
        Editor { view, language, edits: Edits::new(), expected: Expected::default(), assumptions: Vec::new(), whole_lists: BTreeSet::new() };
    let outcome = match command {
        Command::Create(create) => editor.create(create, None),
        Command::Adopt(adopt) => editor.create(&adopt.create, Some(&adopt.object.value)),
        Command::Update(update) => editor.update(update),
        Command::Scale(scale) => editor.scale(scale),
        Command::Delete(delete) => editor.delete(delete),
        Command::Clone(clone) => editor.clone_resource(clone),
        Command::CloneEnvironment(clone) => editor.clone_environment(clone),
        Command::Power(power) => editor.power(power),
        Command::Promote(promote) => editor.promote(promote),
        Command::RollBack(_) | Command::Explain(_) | Command::Status(_) | Command::WhoChanged(_) => Ok(()),
    };
    outcome.map_err(|error| editor.refusal(error))?;
    editor.edits.retain(|path, text| view.files.get(path).map(Vec::as_slice) != text.as_ref().map(String::as_bytes));
    if editor.edits.is_empty() {
        let text = language.choose("It is so already; there is nothing to change.", "È già così; non c'è niente da cambiare.");
        return Err(Refusal { reason: RefusalReason::NotPossible, text: text.to_owned() });
    }
    editor.check()?;
    Ok(Edited { edits: editor.edits, assumptions: editor.assumptions })
}

/// Why a change could not be written.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The file cannot be edited safely.
    File(String, EditError),
    /// A sentence for the author.
    Said(RefusalReason, String),
}

pub(crate) type Done = Result<(), Failure>;

impl Editor<'_, '_> {
    fn refusal(&self, failure: Failure) -> Refusal {
        match failure {
            Failure::Said(reason, text) => Refusal { reason, text },
            Failure::File(path, error) => {
                let text = match self.language {
                    Language::English => format!("`{path}` {error}. Please write this change by hand."),
                    Language::Italian => format!("Non posso modificare `{path}` con sicurezza ({error}). Scrivi questa modifica a mano."),
                };
                Refusal { reason: RefusalReason::NotEditable, text }
            }
        }
    }

    pub(crate) fn say(&self, reason: RefusalReason, english: &str, italian: &str) -> Failure {
        Failure::Said(reason, self.language.choose(english, italian).to_owned())
    }

    /// The text of a file with the edits so far.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        match self.edits.get(path) {
            Some(text) => text.clone(),
            None => self.view.files.get(path).and_then(|bytes| String::from_utf8(bytes.clone()).ok()),
        }
    }

    /// Edits one file. It is refused outside the folder of blueprints.
    pub(crate) fn in_file<T>(&mut self, path: &str, change: impl FnOnce(&mut File) -> Result<T, EditError>) -> Result<T, Failure> {
        let failed = |error| Failure::File(path.to_owned(), error);
        let text = self.text(path).ok_or_else(|| failed(EditError::Unreadable))?;
        let mut file = File::parse(&text).map_err(failed)?;
        let done = change(&mut file).map_err(failed)?;
        self.put(path, Some(file.text().to_owned()))?;
        Ok(done)
    }

    pub(crate) fn put(&mut self, path: &str, text: Option<String>) -> Done {
        let is_inside = path.starts_with(FOLDER) && path.ends_with(".yaml") && !path.split('/').any(|part| part == ".." || part.is_empty());
        if !is_inside {
            return Err(self.say(RefusalReason::Settings, "I only change files under blueprints/.", "Modifico solo i file sotto blueprints/."));
        }
        self.edits.insert(path.to_owned(), text);
        Ok(())
    }

    /// Takes back the edit of a file.
    pub(crate) fn forget(&mut self, path: &str) {
        self.edits.remove(path);
    }

    /// The files as they are after the edits.
    pub(crate) fn files(&self) -> Files {
        let mut files = self.view.files.clone();
        for (path, text) in &self.edits {
            match text {
                Some(text) => _ = files.insert(path.clone(), text.clone().into_bytes()),
                None => _ = files.remove(path),
            }
        }
        files
    }

    /// The environments of a scope in which a resource is.
    pub(crate) fn environments(&self, scope: &Scope, address: &Address) -> Vec<Name> {
        let has = |name: &Name| self.view.resource(name, address).is_some();
        let names = self.view.environments().map(|environment| environment.name.clone());
        names.filter(|name| has(name) && (*scope == Scope::All || *scope == Scope::One(name.clone()))).collect()
    }
}

/// The overlay of a blueprint file for an environment.
pub(crate) fn overlay_of(path: &str, environment: &Name) -> String {
    let base = path.strip_suffix(".yaml").unwrap_or(path);
    format!("{base}.{}.yaml", environment.as_str())
}

/// Whether a path is that of an overlay.
pub(crate) fn is_overlay(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or(path).matches('.').count() == 2
}
