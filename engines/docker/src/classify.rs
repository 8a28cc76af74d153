//! Did a call take effect, whose reply nobody heard? A fresh read tells, except where a call leaves no trace of its own.

use core_model::Hash;
use engine_api::{Classification, EngineError, Intent};

use crate::labels;
use crate::reader::Reader;
use crate::writer::operation;

pub(crate) async fn classify(reader: &Reader, intent: &Intent) -> Result<Classification, EngineError> {
    let key = intent.key.as_str();
    let is_done = match intent.operation.as_str() {
        operation::IMAGE_PULL => reader.image(key).await?.is_some(),
        operation::CONTAINER_CREATE => is_container_made(reader, key, &intent.step).await?,
        operation::CONTAINER_START => is_running(reader, key).await?,
        operation::CONTAINER_STOP => !is_running(reader, key).await?,
        operation::CONTAINER_REMOVE => reader.container(key).await?.is_none(),
        operation::CONTAINER_RENAME => return renamed(reader, key).await,
        operation::NETWORK_CREATE => is_network_made(reader, key, &intent.step).await?,
        operation::NETWORK_REMOVE => reader.network(key).await?.is_none(),
        operation::NETWORK_CONNECT => return connected(reader, key, true).await,
        operation::NETWORK_DISCONNECT => return connected(reader, key, false).await,
        operation::VOLUME_CREATE => reader.volume(key).await?.is_some_and(|volume| labels::made_by(Some(&volume.labels), &intent.step)),
        operation::VOLUME_REMOVE => reader.volume(key).await?.is_none(),
        // Limits and restarts leave nothing that names their step. Both may simply be repeated.
        _ => return Ok(Classification::Unknown),
    };
    Ok(done(is_done))
}

fn done(is_done: bool) -> Classification {
    if is_done { Classification::Done } else { Classification::NotDone }
}

async fn is_container_made(reader: &Reader, name: &str, step: &Hash) -> Result<bool, EngineError> {
    let found = reader.container(name).await?;
    let labels = found.as_ref().and_then(|container| container.config.as_ref()).and_then(|config| config.labels.as_ref());
    Ok(labels::made_by(labels, step))
}

async fn is_running(reader: &Reader, id: &str) -> Result<bool, EngineError> {
    let found = reader.container(id).await?;
    Ok(found.and_then(|container| container.state).and_then(|state| state.running) == Some(true))
}

async fn is_network_made(reader: &Reader, name: &str, step: &Hash) -> Result<bool, EngineError> {
    let listed = reader.networks().await?;
    Ok(listed.iter().any(|network| network.name.as_deref() == Some(name) && labels::made_by(network.labels.as_ref(), step)))
}

/// The key is `<container id> <new name>`.
async fn renamed(reader: &Reader, key: &str) -> Result<Classification, EngineError> {
    let Some((id, name)) = key.split_once(' ') else { return Ok(Classification::Unknown) };
    let found = reader.container(id).await?;
    Ok(done(found.and_then(|container| container.name).is_some_and(|found| found.trim_start_matches('/') == name)))
}

/// The key is `<container id> <network id> <network name>`. A container that never ran does not know the network's id yet.
async fn connected(reader: &Reader, key: &str, wanted: bool) -> Result<Classification, EngineError> {
    let parts: Vec<&str> = key.splitn(3, ' ').collect();
    let [container, network_id, network_name] = parts.as_slice() else { return Ok(Classification::Unknown) };
    let Some(container) = reader.container(container).await? else { return Ok(done(!wanted)) };
    let networks = container.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let known = networks.get(*network_name).and_then(|endpoint| endpoint.network_id.clone().or(Some(String::new())));
    let is_connected = known.is_some_and(|id| id.is_empty() || id == *network_id);
    Ok(done(is_connected == wanted))
}
