//! How is a cluster tried out? With one small machine and one small container: made, changed, moved where there is another node
//! for them, started, and removed by whoever asked.
//!
//! What exists is only read: a template or an image for the machine, a template on a storage for the container. Nothing is
//! downloaded, for that would stay.

mod found;
mod places;
mod stages;

use engine_api::{EngineError, ErrorKind, TRIAL, Trial, Wishes};

use crate::cluster::Cluster;
use found::{Source, container_source, machine_source};
use places::Places;

const ATTEMPT: &str = "prepare the trial";

/// Taken away by whoever has seen it pass on a real one.
const CAVEAT: &str = "this trial has been run against simulated clusters alone, and never against a real one";

/// What can be wished, with what it is.
const WISHES: [(&str, &str); 5] = [
    ("os", "what the machine is made from: a template, an image, or `none` for an empty disk"),
    ("container_os", "what the container is made from: a template on a storage, or `none` for no container"),
    ("node", "where both are made"),
    ("other_node", "where both are moved"),
    ("storage", "where the disks of both are"),
];

/// A guest of the trial, with where it goes.
struct Guest {
    name: String,
    source: Source,
    node: String,
    other_node: Option<String>,
    storage: String,
    /// The machine's card is in it, unplugged; a container has no card.
    bridge: Option<String>,
}

pub(crate) async fn trial(cluster: &Cluster<'_>, wishes: &Wishes) -> Result<Trial, EngineError> {
    check_wishes(wishes)?;
    let places = Places::read(cluster, wishes).await?;
    let machine = guest(&places, "vm", machine_source(cluster, &places, wishes).await?, "images").await?;
    let container = match container_source(cluster, &places, wishes).await? {
        Some(source) => Some(guest(&places, "ct", source, "rootdir").await?),
        None => None,
    };
    let mut omits = Vec::new();
    for guest in [Some(&machine), container.as_ref()].into_iter().flatten().filter(|guest| guest.other_node.is_none()) {
        omits.push(format!("`{}` is not moved: no other node that is online has what it needs", guest.name));
    }
    if container.is_none() {
        omits.push("no container is made, as you wished".to_owned());
    }
    let makes =
        [Some(machine.in_words("machine", "its network card unplugged")), container.as_ref().map(|it| it.in_words("container", "no network card"))];
    Ok(Trial {
        makes: makes.into_iter().flatten().collect(),
        caveat: Some(CAVEAT.to_owned()),
        omits,
        stages: stages::stages(&machine, container.as_ref()),
    })
}

fn check_wishes(wishes: &Wishes) -> Result<(), EngineError> {
    match wishes.keys().find(|wish| !WISHES.iter().any(|(name, _)| name == wish)) {
        None => Ok(()),
        Some(unknown) => {
            let known: Vec<String> = WISHES.iter().map(|(name, meaning)| format!("`{name}`, {meaning}")).collect();
            Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, format!("nothing is called `{unknown}` here; there is {}", known.join("; "))))
        }
    }
}

async fn guest(places: &Places<'_>, name: &str, source: Source, content: &str) -> Result<Guest, EngineError> {
    let node = places.node_for(&source)?;
    let storage = places.storage(&node, content).await?;
    let needed: Vec<(String, &str)> = source.storages.iter().chain([&storage]).map(|storage| (storage.clone(), content)).collect();
    let bridges = places.bridges(&node).await?;
    let other_node = places.other_node(&node, &needed, &bridges).await?;
    let bridge = places.bridge(&bridges, other_node.as_deref()).await?;
    Ok(Guest { name: format!("{TRIAL}-{name}"), source, node, other_node, storage, bridge })
}

impl Guest {
    fn in_words(&self, noun: &str, network: &str) -> String {
        let Self { name, source, node, storage, .. } = self;
        format!("the {noun} `{name}` on `{node}`, {}, with disks on `{storage}` and {network}", source.words)
    }
}
