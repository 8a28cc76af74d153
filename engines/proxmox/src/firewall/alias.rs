//! What is an alias, and how is it read and changed? A name for an address or a network.

use async_trait::async_trait;
use core_model::plan::{Action, Problem, Step};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind as FieldKind};
use core_model::state::DesiredResource;
use engine_api::{EngineError, ErrorKind, LockDomain, ObserveScope};
use serde_json::{Value, json};

use super::group::name_finding;
use super::named::{self, Specs};
use super::read::{Listed, Names};
use super::scope::Scope;
use super::words::{self, CIDR, SET_NAME};
use super::{NOTES, OWNER};
use crate::PROVIDER;
use crate::apply::Task;
use crate::client::Parameters;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};

const NAMES: Names = Names::Aliases;
const TYPE: &str = "alias";
const SPECS: &[Field] = &[
    Field::new("name", FieldKind::Checked(&SET_NAME), "What the alias is called, in place of `<prefix><resource>`.").replace(),
    Field::new("cidr", FieldKind::Checked(&CIDR), "The address or network that it stands for.").required(),
];
const METADATA: &[Field] = &[NOTES, OWNER];
const ATTEMPTS_MAX: usize = 3;

/// A name for an address or a network.
#[derive(Debug, Clone, Copy)]
pub struct Alias;

impl ResourceType for Alias {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: TYPE,
            provider: PROVIDER,
            meaning: "A name for an address or a network, for rules and IP sets.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        name_finding(resource, SET_NAME.parse, 64).into_iter().collect()
    }
}

/// Aliases of the cluster.
pub(crate) struct AliasKind;

#[async_trait]
impl Kind for AliasKind {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Alias
    }

    fn noun(&self) -> &'static str {
        NAMES.noun()
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        let listed = match cluster.reader.names(NAMES).await {
            Ok(listed) => named::chosen(listed, scope, TYPE),
            Err(error) => return named::unseen(TYPE, &error),
        };
        let mut sighting = Sighting::default();
        // The list has all of them.
        listed.iter().for_each(|(entry, _)| named::sight(&mut sighting, TYPE, entry, Some(Ok(Some(specs(entry))))));
        sighting
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        named::permissions(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        match task.step().action {
            Action::Create | Action::Replace => match task.made_name(NAMES).await? {
                None => task.calls.make_name(NAMES, task.name(), parameters(task, None)).await,
                Some(found) => change(task, found).await,
            },
            Action::Update | Action::Restart => change(task, task.existing_name(NAMES).await?).await,
            Action::Delete => match task.doomed_name(NAMES).await? {
                Some(_) => task.calls.remove_name(NAMES, task.name()).await,
                None => Ok(()),
            },
            Action::Adopt | Action::Move | Action::Release => Ok(()),
        }
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        let listed = cluster.reader.names(NAMES).await?;
        Ok(listed.iter().filter(|entry| entry.marker.is_none()).map(|entry| named::imported(entry, specs(entry), "alias")).collect())
    }

    fn lock_domain(&self, _step: &Step) -> LockDomain {
        named::lock_domain(&Scope::Cluster)
    }
}

fn specs(entry: &Listed) -> Specs {
    let cidr = entry.cidr.as_deref().map(|cidr| words::masked(cidr).unwrap_or_else(|| cidr.to_owned()));
    [("cidr".to_owned(), json!(cidr))].into_iter().collect()
}

/// The whole of it: what a call leaves out is taken out. What the step does not touch stays as it was found.
fn parameters(task: &Task<'_>, found: Option<&Listed>) -> Parameters {
    let values = task.firewall_values();
    let wanted = values.get("specs.cidr").and_then(Value::as_str).filter(|_| found.is_none() || task.touches("specs.cidr"));
    let cidr = wanted.map(str::to_owned).or_else(|| found.and_then(|found| found.cidr.clone())).unwrap_or_default();
    let comment = match found {
        Some(found) if !task.touches("metadata.notes") => super::mark::comment(found.notes.as_deref(), found.marker.as_ref()),
        found => task.comment_of_name(found.is_none_or(|found| found.marker.is_some())),
    };
    let comment = Some(("comment".to_owned(), comment)).filter(|(_, text)| !text.is_empty());
    [("cidr".to_owned(), cidr)].into_iter().chain(comment).collect()
}

/// All aliases have one digest: a change of another one is no reason to stop.
async fn change(task: &Task<'_>, mut found: Listed) -> Result<(), EngineError> {
    for _ in 0..ATTEMPTS_MAX {
        let wanted = parameters(task, Some(&found));
        let comment = super::mark::comment(found.notes.as_deref(), found.marker.as_ref());
        let cidr = found.cidr.as_deref().and_then(words::masked).unwrap_or_default();
        let is_so = |name: &str, seen: &str| wanted.iter().find(|(wanted, _)| wanted == name).map_or("", |(_, text)| text.as_str()) == seen;
        if is_so("cidr", &cidr) && is_so("comment", &comment) {
            return Ok(());
        }
        match task.calls.change_name(NAMES, task.name(), wanted, found.digest.as_deref()).await {
            Err(error) if error.kind == ErrorKind::Conflict => found = task.existing_name(NAMES).await?,
            other => return other,
        }
    }
    Err(task.conflict("the aliases were changed again and again by somebody else; plan again"))
}
