//! How is the snapshot before a step taken? Once for each step, however often it is carried out, and in place of our older one.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_api::{EngineError, ErrorKind};
use tokio::time::Instant;

use super::{is_wanted, moved, name};
use crate::apply::Task;
use crate::config::Config;
use crate::guest::find::Found;
use crate::reader::Snapshot;
use crate::stamp::{self, Stamp};

/// What a person reads in the list of snapshots.
const WORDS: &str = "Taken before a change. The next one takes its place.";
/// While one of these is on it, states of the guest come and go.
const LOCKS: [&str; 2] = ["snapshot", "snapshot-delete"];
/// What is a snapshot's own, or is not kept in one.
const NOT_COMPARED: [&str; 9] = ["description", "parent", "lock", "snaptime", "snapstate", "vmstate", "runningmachine", "runningcpu", "digest"];

impl Task<'_> {
    /// The guest as it is once the snapshot is there that its author wants before this step, if there is to be one.
    pub(crate) async fn with_snapshot(&self, found: Found) -> Result<Found, EngineError> {
        if !is_wanted(self.step()) {
            return Ok(found);
        }
        if let Some(change) = moved(self.step()).next() {
            return Err(self.refused(format!("`{}` moves a disk, which Proxmox does not do with one that is in a snapshot", change.path)));
        }
        let found = self.at_rest(found).await?;
        let (name, snapshots) = (name(self.step()), self.reader.snapshots(&found.guest).await?);
        if let Some(own) = snapshots.iter().find(|snapshot| snapshot.name == name) {
            if !self.is_own_snapshot(own, &found) {
                return Err(self.conflict(format!("the snapshot `{name}` is there and not ours")));
            }
            if self.is_begun(&found, own).await? {
                return Ok(found);
            }
        }
        if self.is_done(&found) {
            return Ok(found);
        }
        // Also one of this step: nothing was changed since, or the same step was carried out long ago.
        for older in snapshots.iter().filter(|snapshot| self.is_own_snapshot(snapshot, &found)) {
            self.calls.delete_snapshot(&found.place(), &older.name).await?;
        }
        let mark = Stamp::new(self.marker(), found.guest.vmid, self.step());
        self.calls.take_snapshot(&found.place(), &name, stamp::description(Some(WORDS), Some(&mark))).await?;
        self.again(found.guest.vmid).await
    }

    fn is_own_snapshot(&self, snapshot: &Snapshot, found: &Found) -> bool {
        let marker = &self.order.marker;
        let mark = Stamp::read(Some(&snapshot.description), found.guest.vmid);
        mark.is_some_and(|mark| stamp::belongs(&mark.marker, &marker.owner_id, Some(&marker.environment)))
    }

    /// Whether something was changed since its snapshot: then it holds what was before the step.
    async fn is_begun(&self, found: &Found, own: &Snapshot) -> Result<bool, EngineError> {
        let kept = self.reader.snapshot_config(&found.guest, &own.name).await?;
        Ok(kept.is_none_or(|kept| comparable(&kept) != comparable(&found.config)))
    }

    /// Whether nothing of the step is left to do. What the cluster does not tell cannot say so.
    fn is_done(&self, found: &Found) -> bool {
        let is_told = |path: &str| self.kind().field_of(path).is_none_or(|field| !field.write_only);
        self.step().changes.iter().any(|change| is_told(&change.path)) && self.is_settled(found)
    }

    /// The guest once no snapshot of it is being taken or deleted, perhaps by an earlier attempt of ours.
    async fn at_rest(&self, found: Found) -> Result<Found, EngineError> {
        let begun = Instant::now();
        let mut found = found;
        while found.config.get("lock").is_some_and(|lock| LOCKS.contains(&lock)) {
            if begun.elapsed() > self.options.timeouts.copy {
                return Err(self.error(ErrorKind::Busy, "a snapshot of it is still being taken or deleted"));
            }
            tokio::time::sleep(self.options.timeouts.poll.max(Duration::from_millis(1))).await;
            found = self.again(found.guest.vmid).await?;
        }
        Ok(found)
    }
}

fn comparable(config: &Config) -> BTreeMap<&str, &str> {
    let is_compared = |name: &str| !NOT_COMPARED.contains(&name) && !name.starts_with("unused");
    config.options.iter().map(|(name, text)| (name.as_str(), text.as_str())).filter(|(name, _)| is_compared(name)).collect()
}
