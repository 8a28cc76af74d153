//! Which states of a guest are kept, and can any be?

use engine_api::EngineError;
use serde_json::Value;

use super::{Reader, found, text};
use crate::config::{Config, text_of};
use crate::guest::Located;

/// The entry that stands for the guest as it is.
const CURRENT: &str = "current";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) name: String,
    pub(crate) description: String,
}

impl Reader<'_> {
    pub(crate) async fn snapshots(&self, guest: &impl Located) -> Result<Vec<Snapshot>, EngineError> {
        let attempt = format!("list the snapshots of the {} {}", guest.kind().noun(), guest.vmid());
        let entries = self.list(&attempt, &guest.path("/snapshot"), &[]).await?;
        let snapshot = |entry: &Value| Some(Snapshot { name: text(entry, "name")?, description: text(entry, "description").unwrap_or_default() });
        Ok(entries.iter().filter_map(snapshot).filter(|snapshot| snapshot.name != CURRENT).collect())
    }

    /// The configuration that a snapshot holds. `None` when it is gone.
    pub(crate) async fn snapshot_config(&self, guest: &impl Located, name: &str) -> Result<Option<Config>, EngineError> {
        let attempt = format!("read the snapshot `{name}` of the {} {}", guest.kind().noun(), guest.vmid());
        let data = found(self.read(&attempt, &guest.path("/config"), &[("snapshot", name)]).await)?;
        Ok(data.map(|data| Config::of(&data)))
    }

    /// Whether all its disks are where snapshots can be taken.
    pub(crate) async fn can_have_snapshots(&self, guest: &impl Located) -> Result<bool, EngineError> {
        let attempt = format!("ask whether the {} {} can have snapshots", guest.kind().noun(), guest.vmid());
        let data = self.read(&attempt, &guest.path("/feature"), &[("feature", "snapshot")]).await?;
        Ok(data.get("hasFeature").is_some_and(|has| text_of(has) == "1"))
    }
}
