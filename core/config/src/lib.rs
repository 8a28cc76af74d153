//! What does a commit want? The text of its files becomes the desired state of every environment.
//!
//! Text, value tree with positions, overlays, `each`, templates, references, decoding by the resource type: in this order, and
//! nothing reads a file a second way. Every mistake is collected; none stops the search for others.

mod blueprint;
mod circle;
mod desired;
mod each;
mod expand;
mod expression;
mod files;
mod follow;
mod fuel;
mod index;
mod layout;
mod lifecycle;
mod limits;
mod links;
mod merge;
mod offer;
mod parameter;
mod reader;
mod render;
mod report;
mod resolve;
mod resource;
mod rollout;
mod schema;
mod section;
mod settings;
mod substitute;
mod template;
mod text;
mod walk;

use std::collections::BTreeMap;

use core_model::resource_type::Registry;
use core_model::{Diagnostic, Name, Sources};

pub use offer::{ParameterOffer, TemplateOffer};
pub use schema::schema;
pub use settings::{
    ApplyMode, Approvals, Confirm, Drift, Environment, Notify, OnFailure, Repair, Repository, SecretDeclaration, SecretSource, TargetDeclaration,
    Window, WindowPurpose, later, tables,
};

/// The files of one commit by path: `ipr.yaml`, `blueprints/**`, `templates/**`, `policies/**`. Others are not looked at.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a commit wants, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    pub repository: Repository,
    /// Sorted. With an error among them nothing may be planned: what could not be read would look deleted.
    pub diagnostics: Vec<Diagnostic>,
    /// Settings that the language knows and this version does not act on. Callers treat them as errors.
    pub not_yet: Vec<Diagnostic>,
    /// The texts that were read, to print snippets from.
    pub sources: Sources,
    /// The files of rules, unread: `policies/**/*.rego`.
    pub policies: Files,
    /// The templates that a resource may use as they are.
    pub templates: BTreeMap<Name, TemplateOffer>,
}

impl Loaded {
    /// Whether anything forbids a plan.
    pub fn is_plannable(&self) -> bool {
        self.not_yet.is_empty() && !self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Reads the files of a commit. The same files give the same result on every machine.
pub fn load(files: &Files, registry: &Registry) -> Loaded {
    let mut report = report::Report::default();
    let mut sources = Sources::default();
    let mut documents = files::read(files, &mut sources, &mut report);
    let policies = std::mem::take(&mut documents.policies);
    let mut repository = documents.settings.as_ref().map(|root| settings::read(root, registry, &mut report)).unwrap_or_default();
    let templates = documents.templates(&mut report);
    let blueprints = documents.blueprints(&repository.environments, registry, &mut report);
    let commit = desired::Commit {
        repository: &repository,
        registry,
        blueprints: &blueprints.found,
        templates: &templates.found,
        blueprints_are_partial: blueprints.is_partial,
        templates_are_partial: templates.is_partial,
    };
    let states: Vec<_> = repository.environments.values().map(|environment| commit.desired(environment, &mut report)).collect();
    let (diagnostics, not_yet) = report.finish(|file| blueprints.environments(file, &repository.environments));
    for (environment, desired) in repository.environments.values_mut().zip(states) {
        environment.desired = desired;
    }
    let sound = templates.found.values().filter(|template| !template.is_broken);
    let offers = sound.filter_map(|template| Some((template.name.clone(), offer::TemplateOffer::of(template)?))).collect();
    Loaded { repository, diagnostics, not_yet, sources, policies, templates: offers }
}
