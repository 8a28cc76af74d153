//! How are the definitions of storages read and changed?
//!
//! A definition says where a storage is and what it is for. Taking it out takes nothing from the storage itself. Definitions
//! have no place for a mark, so the record says which ones are ours.

mod apply;
mod form;
mod import;
mod keep;
mod options;
pub(crate) mod planned;
mod preflight;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use core_model::state::{Gap, ObservedObject};
use engine_api::{EngineError, LockDomain, ObserveScope};

pub use types::Storage;

use crate::apply::Task;
use crate::cluster::{Cluster, sees_all};
use crate::import::Imported;
use crate::kind::{Kind, Sighting};
use crate::reader::Definition;

const TYPE: &str = "storage";
/// One of these shows a definition; without them it is left out of the list, and nobody says so.
const PRIVILEGES: [&str; 2] = ["Datastore.Audit", "Datastore.AllocateSpace"];

/// Definitions of storages.
pub(crate) struct Definitions;

#[async_trait]
impl Kind for Definitions {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &Storage
    }

    fn noun(&self) -> &'static str {
        "storage"
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        let wanted = |definition: &&Definition| scope.wanted.iter().any(|wanted| wanted.type_name == TYPE && wanted.object == definition.name);
        if !scope.wanted.iter().any(|wanted| wanted.type_name == TYPE) {
            return Sighting::default();
        }
        match definitions(cluster).await {
            Ok(definitions) => Sighting { objects: definitions.iter().filter(wanted).map(object).collect(), ..Sighting::default() },
            Err(why) => {
                Sighting { objects: Vec::new(), gaps: vec![Gap { type_name: Some(TYPE.to_owned()), object: None, why }], ..Sighting::default() }
            }
        }
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        apply::apply(task).await
    }

    async fn import(&self, cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        import::import(cluster).await
    }

    /// All definitions are one file with one digest: two writes at a time would refuse each other.
    fn lock_domain(&self, _step: &Step) -> LockDomain {
        LockDomain(TYPE.to_owned())
    }
}

/// Every definition there is, or why not all of them can be seen.
pub(crate) async fn definitions(cluster: &Cluster<'_>) -> Result<Vec<Definition>, String> {
    let (permissions, definitions) = tokio::join!(cluster.permissions(), cluster.reader.definitions());
    let permissions = permissions.map_err(|error| error.to_string())?;
    if !sees_all(permissions, "/storage", &PRIVILEGES) {
        return Err(format!("the credential lacks `{}` on /storage, so that storages may be hidden from it", PRIVILEGES[0]));
    }
    definitions.map_err(|error| error.to_string())
}

fn object(definition: &Definition) -> ObservedObject {
    let seen = form::see(definition);
    let name = definition.name.clone();
    ObservedObject { type_name: TYPE.to_owned(), name, marker: None, values: seen.values, defaults: seen.defaults, ready: None, is_shallow: false }
}
