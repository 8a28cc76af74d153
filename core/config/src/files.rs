//! What do the files of a commit hold? Each is read once, and put where it belongs.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

use core_model::resource_type::Registry;
use core_model::tree::Node;
use core_model::{Diagnostic, Name, Sources, Span};

use crate::blueprint::{self, Blueprint};
use crate::layout::{self, Place, SETTINGS_FILE};
use crate::report::Report;
use crate::settings::{self, Environment};
use crate::template::{self, Templates};
use crate::{Files, reader, text};

const THREADS_MAX: usize = 4;
/// For fewer bytes another thread costs more than it saves.
const THREAD_BYTES_MIN: usize = 128 << 10;

/// A file that could be read.
struct Document {
    file: Arc<str>,
    root: Node,
}

/// An overlay that could be read, or its path if it could not.
struct OverlayDocument {
    file: Arc<str>,
    root: Option<Node>,
    base: String,
    environment: String,
}

/// A file that is to be read.
struct Wanted<'f> {
    place: Place,
    path: &'f str,
    bytes: &'f [u8],
}

/// What came of reading a file.
struct Reading<'f> {
    text: Option<&'f str>,
    document: Option<Document>,
    report: Report,
}

/// The files of a commit, as trees.
#[derive(Default)]
pub(crate) struct Documents {
    pub(crate) settings: Option<Node>,
    blueprints: Vec<Document>,
    overlays: Vec<OverlayDocument>,
    templates: Vec<Document>,
    /// The blueprints that could not be read, by path.
    unread_blueprints: Vec<String>,
    templates_are_partial: bool,
    /// The rules, as they are: what they mean is not decided here.
    pub(crate) policies: Files,
}

/// What was found, and whether something may be missing because it could not be read.
pub(crate) struct Found<T> {
    pub(crate) found: T,
    pub(crate) is_partial: bool,
}

pub(crate) fn read(files: &Files, sources: &mut Sources, report: &mut Report) -> Documents {
    let mut documents = Documents::default();
    let mut wanted = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        match layout::place(path) {
            Ok(Place::Other) => {}
            Ok(Place::Policy) => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    sources.insert(path.as_str(), text);
                }
                documents.policies.insert(path.clone(), bytes.clone());
            }
            Ok(place) => wanted.push(Wanted { place, path, bytes }),
            Err(diagnostic) => report.push(*diagnostic),
        }
    }
    for (wanted, reading) in wanted.iter().zip(read_all(&wanted)) {
        if let Some(text) = reading.text {
            sources.insert(wanted.path, text);
        }
        report.absorb(reading.report);
        documents.add(&wanted.place, wanted.path, reading.document);
    }
    if !files.contains_key(SETTINGS_FILE) {
        let diagnostic = Diagnostic::error("Missing ipr.yaml", "The repository has no `ipr.yaml`, which lists its environments and targets.");
        report.push(diagnostic.hint("let `ipr init` write one").command("ipr init"));
    }
    documents
}

/// Reads every file, on several threads where there is much to read. The results are in the order of the files.
fn read_all<'f>(wanted: &[Wanted<'f>]) -> Vec<Reading<'f>> {
    let bytes: usize = wanted.iter().map(|file| file.bytes.len()).sum();
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
    let threads = (bytes / THREAD_BYTES_MIN).clamp(1, processors);
    if threads == 1 {
        return wanted.iter().map(Wanted::read).collect();
    }
    std::thread::scope(|scope| {
        let parts = wanted.chunks(wanted.len().div_ceil(threads));
        let started: Vec<_> = parts.map(|part| scope.spawn(|| part.iter().map(Wanted::read).collect::<Vec<_>>())).collect();
        // A panic of a reader is a bug, and goes on as if there were no threads.
        started.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

impl<'f> Wanted<'f> {
    fn read(&self) -> Reading<'f> {
        let file: Arc<str> = self.path.into();
        let mut report = Report::default();
        match text::checked(&file, self.bytes) {
            Ok(text) => {
                let document = reader::read(&file, text, &mut report).map(|root| Document { file, root });
                Reading { text: Some(text), document, report }
            }
            Err(diagnostic) => {
                report.push(*diagnostic);
                Reading { text: None, document: None, report }
            }
        }
    }
}

impl Documents {
    fn add(&mut self, place: &Place, path: &str, document: Option<Document>) {
        match (place, document) {
            (Place::Settings, document) => self.settings = document.map(|document| document.root),
            (Place::Blueprint, Some(document)) => self.blueprints.push(document),
            (Place::Blueprint, None) => self.unread_blueprints.push(path.to_owned()),
            (Place::Template, Some(document)) => self.templates.push(document),
            (Place::Template, None) => self.templates_are_partial = true,
            (Place::Overlay { base, environment }, document) => {
                let root = document.map(|document| document.root);
                self.overlays.push(OverlayDocument { file: path.into(), root, base: base.clone(), environment: environment.clone() });
            }
            (Place::Other | Place::Policy, _) => {}
        }
    }

    pub(crate) fn templates(&self, report: &mut Report) -> Found<Templates> {
        let mut found = Templates::new();
        let mut is_partial = self.templates_are_partial;
        for document in &self.templates {
            let Some(template) = template::read(document.file.clone(), &document.root, report) else {
                is_partial = true;
                continue;
            };
            if let Some(first) = found.get(&template.name) {
                let detail = format!("The template `{}` is written a second time; the first is in {}.", template.name, first.file);
                let diagnostic = Diagnostic::error("Duplicate template", detail).hint("give one of them another name");
                report.push(diagnostic.at_origin(document.root.get("template").map_or(&document.root.origin, |node| &node.origin)));
                continue;
            }
            found.insert(template.name.clone(), template);
        }
        Found { found, is_partial }
    }

    pub(crate) fn blueprints(self, known: &BTreeMap<Name, Environment>, registry: &Registry, report: &mut Report) -> Found<Vec<Blueprint>> {
        let mut by_path: BTreeMap<Arc<str>, Blueprint> = BTreeMap::new();
        let mut unread = self.unread_blueprints;
        for Document { file, root } in self.blueprints {
            match blueprint::read(root, known, registry, report) {
                Some(blueprint) => _ = by_path.insert(file, blueprint),
                None => unread.push(file.to_string()),
            }
        }
        let mut is_partial = !unread.is_empty();
        for overlay in self.overlays {
            let overlaid = by_path.get_mut(overlay.base.as_str());
            if overlaid.is_none() && !unread.contains(&overlay.base) {
                report.push(lonely(&overlay));
            }
            is_partial |= overlaid.is_none();
            add_overlay(overlaid, overlay, known, registry, report);
        }
        Found { found: unique(by_path, report), is_partial }
    }
}

impl Found<Vec<Blueprint>> {
    /// The environments that the blueprint of a file is in; none for other files.
    pub(crate) fn environments(&self, file: &str, known: &BTreeMap<Name, Environment>) -> BTreeSet<Name> {
        let blueprint = self.found.iter().find(|blueprint| *blueprint.named_at.file == *file);
        blueprint.map(|blueprint| known.keys().filter(|name| blueprint.is_in(name)).cloned().collect()).unwrap_or_default()
    }
}

fn add_overlay(
    blueprint: Option<&mut Blueprint>,
    document: OverlayDocument,
    known: &BTreeMap<Name, Environment>,
    registry: &Registry,
    report: &mut Report,
) {
    let start = Span::new(document.file.clone(), 1, 1);
    let environment = document.environment.parse::<Name>().ok().filter(|name| known.is_empty() || known.contains_key(name));
    let Some(environment) = environment else {
        report.push(settings::unknown_environment(&document.environment, known.keys(), &core_model::Origin::new(start)));
        return;
    };
    let overlay = document.root.map(|root| blueprint::read_overlay(root, registry, report));
    let Some(blueprint) = blueprint else { return };
    match overlay {
        None => blueprint.body.is_partial = true,
        Some(overlay) => {
            if !blueprint.is_in(&environment) {
                let detail = format!("The blueprint `{}` is not in the environment `{environment}`.", blueprint.name);
                let hint = format!("add `{environment}` to its environments, or remove the overlay");
                report.push(Diagnostic::warning("Overlay never used", detail).hint(hint).at(&start));
            }
            blueprint.overlays.insert(environment, overlay);
        }
    }
}

fn lonely(overlay: &OverlayDocument) -> Diagnostic {
    let detail = format!("`{}` lies over `{}`, which does not exist.", overlay.file, overlay.base);
    Diagnostic::error("Overlay without blueprint", detail)
        .hint("an overlay is named `<blueprint file>.<environment>.yaml`; other names have no second dot")
        .at(&Span::new(overlay.file.clone(), 1, 1))
}

/// Blueprints in the order of their paths; of two with one name the first is kept.
fn unique(by_path: BTreeMap<Arc<str>, Blueprint>, report: &mut Report) -> Vec<Blueprint> {
    let mut seen: BTreeMap<Name, Span> = BTreeMap::new();
    let mut unique = Vec::with_capacity(by_path.len());
    for blueprint in by_path.into_values() {
        if let Some(first) = seen.get(&blueprint.name) {
            let detail = format!("The blueprint `{}` is written a second time; the first is at {first}.", blueprint.name);
            report.push(Diagnostic::error("Duplicate blueprint", detail).hint("give one of them another name").at(&blueprint.named_at));
            continue;
        }
        seen.insert(blueprint.name.clone(), blueprint.named_at.clone());
        unique.push(blueprint);
    }
    unique
}
