//! How are files on storages read and changed? A node downloads them; nothing passes through the daemon.
//!
//! Files have no place for a mark, so the record says which ones are ours. Proxmox downloads beside the file's place and moves
//! it there when it is whole.

mod apply;
mod cautions;
pub(crate) mod name;
mod places;
mod preflight;
mod types;

use async_trait::async_trait;
use core_model::plan::{Problem, Step};
use core_model::resource_type::ResourceType;
use core_model::state::{Gap, ObservedObject};
use engine_api::fields::{Flat, assemble};
use engine_api::{EngineError, ObserveScope};
use serde_json::json;

pub use types::File;

use self::name::FileName;
use self::places::{Places, find};
use crate::apply::Task;
use crate::cluster::Cluster;
use crate::import::Imported;
use crate::kind::{Kind, Sighting};
use crate::preflight::has;

const TYPE: &str = "file";
const PRIVILEGES: [&str; 2] = ["Datastore.Audit", "Datastore.AllocateSpace"];

/// Files on storages.
pub(crate) struct Files;

#[async_trait]
impl Kind for Files {
    fn resource_type(&self) -> &'static dyn ResourceType {
        &File
    }

    fn noun(&self) -> &'static str {
        "file"
    }

    async fn observe(&self, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
        let wanted = scope.wanted.iter().filter(|wanted| wanted.type_name == TYPE).filter_map(|wanted| FileName::parse(&wanted.object));
        let wanted: Vec<FileName> = wanted.collect();
        let mut sighting = Sighting::default();
        if wanted.is_empty() {
            return sighting;
        }
        let places = match Places::read(cluster.reader).await {
            Ok(places) => places,
            Err(error) => {
                sighting.gaps.push(Gap { type_name: Some(TYPE.to_owned()), object: None, why: error.to_string() });
                return sighting;
            }
        };
        for file in wanted {
            match look(cluster, &places, &file).await {
                Ok(true) => sighting.objects.push(object(&file)),
                Ok(false) => {}
                Err(why) => sighting.gaps.push(Gap { type_name: Some(TYPE.to_owned()), object: Some(file.to_string()), why }),
            }
        }
        sighting
    }

    async fn preflight(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<Problem>, EngineError> {
        preflight::preflight(cluster, steps).await
    }

    async fn cautions(&self, cluster: &Cluster<'_>, steps: &[&Step]) -> Result<Vec<String>, EngineError> {
        cautions::cautions(cluster, steps).await
    }

    async fn apply(&self, task: &Task<'_>) -> Result<(), EngineError> {
        apply::apply(task).await
    }

    /// Where a file came from is not known to the cluster, so that there is nothing a blueprint could say.
    async fn import(&self, _cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
        Ok(Vec::new())
    }
}

/// Whether the file is there, or why nobody can say.
async fn look(cluster: &Cluster<'_>, places: &Places, file: &FileName) -> Result<bool, String> {
    let permissions = cluster.permissions().await.map_err(|error| error.to_string())?;
    let path = format!("/storage/{}", file.storage);
    if !PRIVILEGES.iter().any(|privilege| has(permissions, &path, privilege)) {
        return Err(format!("the credential lacks `{}` on {path}", PRIVILEGES[0]));
    }
    let reach = places.of(file);
    let found = find(cluster.reader, file, &reach).await.map_err(|error| error.to_string())?;
    match (found.is_empty(), reach.unseen.is_empty()) {
        (false, _) => Ok(true),
        (true, true) => Ok(false),
        (true, false) => Err(reach.unseen.join("; ")),
    }
}

/// Its size and its age are no fields: nobody sets them.
fn object(file: &FileName) -> ObservedObject {
    let mut values = Flat::new();
    let told = [("specs.name", &file.file), ("specs.storage", &file.storage), ("specs.content", &file.content)];
    values.extend(told.into_iter().chain(file.node.as_ref().map(|node| ("metadata.node", node))).map(|(path, text)| (path.to_owned(), json!(text))));
    let values = assemble(File.facts(), &values);
    ObservedObject {
        type_name: TYPE.to_owned(),
        name: file.to_string(),
        marker: None,
        values,
        defaults: Default::default(),
        ready: None,
        is_shallow: false,
    }
}
