//! What can the guests of a trial be made from? What is wished, or the first thing that is there.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind, Wishes};

use super::ATTEMPT;
use super::places::Places;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::GuestKind;
use crate::kind::kind;
use crate::reader::Guest;
use crate::usage;

const NONE: &str = "none";
const IMAGES: &str = "import";
const TEMPLATES: &str = "vztmpl";

/// What a guest is made from.
pub(super) struct Source {
    /// What the blueprint says; nothing for an empty disk.
    pub(super) os: Option<String>,
    /// "from the template `debian-13`".
    pub(super) words: String,
    /// The node that has it, if only that one does.
    pub(super) node: Option<String>,
    /// Where disks are that come with it.
    pub(super) storages: BTreeSet<String>,
}

pub(super) async fn machine_source(cluster: &Cluster<'_>, places: &Places<'_>, wishes: &Wishes) -> Result<Source, EngineError> {
    match wishes.get("os").map(String::as_str) {
        Some(NONE) => return Ok(Source { os: None, words: "from an empty disk".to_owned(), node: None, storages: BTreeSet::new() }),
        Some(wished) => return wished_machine(cluster, places, wished).await,
        None => {}
    }
    let is_usable =
        |guest: &&Guest| guest.kind == GuestKind::Machine && guest.is_template && places.is_online(&guest.node) && places.is_wished(&guest.node);
    if let Some(template) = cluster.guests().await?.iter().filter(is_usable).min_by_key(|guest| guest.vmid) {
        return from_template(cluster, template).await;
    }
    if let Some((node, volume)) = places.volumes(IMAGES).await?.into_iter().next() {
        return Ok(from_image(volume, Some(node)));
    }
    let why = "the cluster has neither a template nor an image among `import` contents that the token may see; make or download one, \
               name one with `--set os=...`, or use an empty disk with `--set os=none`";
    Err(EngineError::new(ErrorKind::NotFound, ATTEMPT, why))
}

/// As the type itself looks it up, so that a name means what it means in a blueprint.
async fn wished_machine(cluster: &Cluster<'_>, places: &Places<'_>, wished: &str) -> Result<Source, EngineError> {
    let answer = match kind("compute") {
        Some(kind) => kind.resolve(cluster, wished).await?,
        None => return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "there is no type `compute`")),
    };
    if let Some(vmid) = answer.strip_prefix("template:").and_then(|number| number.parse::<u32>().ok())
        && let Some(template) = cluster.guests().await?.iter().find(|guest| guest.vmid == vmid)
    {
        return from_template(cluster, template).await;
    }
    let volume = answer.strip_prefix("image:").unwrap_or(&answer).to_owned();
    let node = places.volumes(IMAGES).await?.into_iter().find(|(_, known)| *known == volume).map(|(node, _)| node);
    Ok(from_image(volume, node))
}

async fn from_template(cluster: &Cluster<'_>, template: &Guest) -> Result<Source, EngineError> {
    let config = cluster.reader.config(template).await?;
    let volumes = config.as_ref().map(volumes).unwrap_or_default();
    let words = format!("from the template `{}` ({})", template.name, template.vmid);
    Ok(Source { os: Some(template.vmid.to_string()), words, node: Some(template.node.clone()), storages: volumes })
}

/// The storages of the disks.
fn volumes(config: &Config) -> BTreeSet<String> {
    usage::volumes(config).into_iter().filter_map(|(_, volume)| volume.split_once(':').map(|(storage, _)| storage.to_owned())).collect()
}

fn from_image(volume: String, node: Option<String>) -> Source {
    Source { words: format!("from the image `{volume}`"), os: Some(volume), node, storages: BTreeSet::new() }
}

/// `None`: none is wished. A template that would have to be downloaded first is refused, for it would stay.
pub(super) async fn container_source(cluster: &Cluster<'_>, places: &Places<'_>, wishes: &Wishes) -> Result<Option<Source>, EngineError> {
    let wished = wishes.get("container_os").map(String::as_str);
    if wished == Some(NONE) {
        return Ok(None);
    }
    let volumes = places.volumes(TEMPLATES).await?;
    let found = match (wished, kind("container")) {
        (Some(wished), Some(kind)) => {
            let answer = kind.resolve(cluster, wished).await?;
            let archive = answer.strip_prefix("archive:").unwrap_or(&answer).to_owned();
            volumes.into_iter().find(|(_, volume)| *volume == archive || volume.ends_with(&format!("/{archive}")))
        }
        _ => volumes.into_iter().next(),
    };
    let why = "no storage has the template of a container that the token may see; download one first, on a node: \
               `pveam update && pveam available`, then `pveam download local NAME`; or leave the container out with `--set container_os=none`";
    let (node, volume) = found.ok_or_else(|| EngineError::new(ErrorKind::NotFound, ATTEMPT, why))?;
    Ok(Some(Source { words: format!("from the template `{volume}`"), os: Some(volume), node: Some(node), storages: BTreeSet::new() }))
}
