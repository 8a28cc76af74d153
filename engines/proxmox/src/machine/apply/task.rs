//! Which machine does a step speak of?

use std::collections::BTreeSet;
use std::time::Duration;

use core_model::diff::{Sides, compare};
use core_model::plan::Action;
use core_model::resource_type::{Ownership, ResourceType as _};
use core_model::schema::Effect;
use engine_api::{EngineError, ErrorKind};
use serde_json::Map;
use tokio::time::Instant;

use crate::apply::Task;
use crate::checks::is_dns_name;
use crate::config::Config;
use crate::identity;
use crate::machine::form;
use crate::machine::types::Compute;
use crate::reader::Guest;
use crate::stamp::{self, Stamp};
use crate::writer::MachineRef;

/// A machine as it was just read.
pub(crate) struct Found {
    pub(crate) guest: Guest,
    pub(crate) config: Config,
    pub(crate) stamp: Option<Stamp>,
}

impl Found {
    pub(crate) fn machine(&self) -> MachineRef {
        let name = self.config.get("name").unwrap_or(&self.guest.name).to_owned();
        MachineRef { node: self.guest.node.clone(), vmid: self.guest.vmid, name }
    }
}

/// While one of these is on it, a machine is not whole.
const LOCKS_OF_MAKING: [&str; 2] = ["clone", "create"];
/// How many taken numbers are looked at for a machine that an earlier attempt made and that has no name yet.
const NUMBERS_LOOKED_AT_MAX: usize = 8;

impl Task<'_> {
    pub(super) fn check_name(&self) -> Result<(), EngineError> {
        if is_dns_name(self.name()) { Ok(()) } else { Err(self.refused("Proxmox does not take this name")) }
    }

    /// The machine of this step, by its stamp, or else by its name. `None` when there is none.
    pub(super) async fn find(&self) -> Result<Option<Found>, EngineError> {
        let guests = self.reader.guests().await?;
        let numbers = self.own_numbers(&guests);
        let mut candidates = Vec::new();
        for guest in guests.iter().filter(|guest| guest.is_machine && self.may_be(guest, &numbers)) {
            match self.look_at(guest).await {
                // It is out of reach, and its tag says that it is another one.
                Err(error) if self.is_another_by_its_tag(guest) => tracing::debug!(guest.vmid, error = %error, "a machine cannot be read"),
                found => candidates.extend(found?),
            }
        }
        let named = |found: &Found| {
            self.has_name(&found.guest) || found.config.get("name").is_some_and(|name| name == self.name() || name == self.former_name())
        };
        if let Some(place) = candidates.iter().position(|found| self.is_stamped_as_this(found)) {
            return Ok(Some(candidates.swap_remove(place)));
        }
        candidates.retain(named);
        if candidates.len() > 1 {
            let numbers: Vec<String> = candidates.iter().map(|found| found.guest.vmid.to_string()).collect();
            return Err(self.conflict(format!("several machines have this name: {}; rename all but one", numbers.join(", "))));
        }
        Ok(candidates.pop())
    }

    fn has_name(&self, guest: &Guest) -> bool {
        guest.name == self.name() || guest.name == self.former_name()
    }

    /// For a machine that is made: one that moved keeps the tag of its former address.
    fn is_another_by_its_tag(&self, guest: &Guest) -> bool {
        let mut markers = guest.tags.iter().filter_map(|tag| stamp::marker_of_tag(tag, guest.vmid));
        self.step().action == Action::Create && guest.name.is_empty() && markers.any(|marker| marker != self.order.marker)
    }

    /// By its tag or name; or by its number, for a machine that is being made has neither at first. A machine whose node was
    /// not heard of lately is listed without its name, and may be any.
    fn may_be(&self, guest: &Guest, numbers: &BTreeSet<u32>) -> bool {
        let is_tagged = guest.tags.iter().any(|tag| stamp::marker_of_tag(tag, guest.vmid).as_ref() == Some(&self.order.marker));
        is_tagged || self.has_name(guest) || guest.name.is_empty() || numbers.contains(&guest.vmid)
    }

    /// The numbers that this step would take one after the other, as far as they are taken.
    pub(super) fn own_numbers(&self, guests: &[Guest]) -> BTreeSet<u32> {
        let taken: BTreeSet<u32> = guests.iter().map(|guest| guest.vmid).collect();
        let declared = self.declared_vmid();
        let by_hash = identity::vmid_candidates(&self.order.marker, &self.options.vmid_range).take(NUMBERS_LOOKED_AT_MAX);
        declared.into_iter().chain(by_hash.take_while(|vmid| taken.contains(vmid))).collect()
    }

    pub(super) fn declared_vmid(&self) -> Option<u32> {
        let vmid = self.order.desired.get("specs").and_then(|specs| specs.get("vmid"))?;
        vmid.as_u64().and_then(|vmid| u32::try_from(vmid).ok())
    }

    /// Reads one machine; waits while it is being made by an earlier attempt of ours.
    async fn look_at(&self, guest: &Guest) -> Result<Option<Found>, EngineError> {
        let begun = Instant::now();
        let mut guest = guest.clone();
        loop {
            let config = self.reader.config(&guest.node, guest.vmid).await?;
            let config = config.ok_or_else(|| self.error(ErrorKind::Busy, format!("the machine {} moved while it was looked at", guest.vmid)))?;
            let stamp = Stamp::read(config.get("description"), guest.vmid);
            let is_in_the_making = config.get("lock").is_some_and(|lock| LOCKS_OF_MAKING.contains(&lock));
            let may_be_ours = stamp.as_ref().map_or(config.get("name").is_none(), |stamp| stamp.marker == self.order.marker);
            if !is_in_the_making || !may_be_ours {
                return Ok(Some(Found { guest, config, stamp }));
            }
            if begun.elapsed() > self.options.timeouts.copy {
                return Err(self.error(ErrorKind::Busy, format!("the machine {} is still being made by somebody", guest.vmid)));
            }
            tokio::time::sleep(self.options.timeouts.poll.max(Duration::from_millis(1))).await;
            // A clone that failed is gone again.
            match self.reader.guest(guest.vmid).await? {
                Some(seen) => guest = seen,
                None => return Ok(None),
            }
        }
    }

    /// [`Task::find`] for a machine that must be there and be ours.
    pub(super) async fn existing(&self) -> Result<Found, EngineError> {
        let found = self.find().await?;
        let found = found.ok_or_else(|| self.error(ErrorKind::NotFound, format!("there is no machine `{}`", self.former_name())))?;
        self.check_ours(&found)?;
        if self.step().changes.iter().any(|change| change.effect == Effect::Replace) && self.step().action != Action::Replace {
            return Err(self.refused("a field that needs a new machine cannot be changed in place; this is a bug in the daemon"));
        }
        Ok(found)
    }

    /// The machine again, as it is now.
    pub(super) async fn again(&self, vmid: u32) -> Result<Found, EngineError> {
        let gone = || self.error(ErrorKind::NotFound, format!("the machine {vmid} is gone"));
        let guest = self.reader.guest(vmid).await?.ok_or_else(gone)?;
        let config = self.reader.config(&guest.node, vmid).await?.ok_or_else(gone)?;
        let stamp = Stamp::read(config.get("description"), vmid);
        Ok(Found { guest, config, stamp })
    }

    /// Whether the machine is this resource's, word for word.
    pub(super) fn is_stamped_as_this(&self, found: &Found) -> bool {
        found.stamp.as_ref().is_some_and(|stamp| stamp.marker == self.order.marker)
    }

    pub(super) fn is_made_by_this_step(&self, found: &Found) -> bool {
        found.stamp.as_ref().is_some_and(|stamp| stamp.marker == self.order.marker && stamp.step == self.step().digest.as_str())
    }

    /// Refuses to touch what neither stamp nor record calls ours. A stamp stays when the address changes (a move), and an
    /// adopted machine has none.
    pub(super) fn check_ours(&self, found: &Found) -> Result<(), EngineError> {
        let recorded = self.order.applied.is_some();
        let ours = match &found.stamp {
            Some(stamp) if stamp.marker == self.order.marker => true,
            Some(stamp) => recorded && stamp::belongs(&stamp.marker, &self.order.marker.owner_id, Some(&self.order.marker.environment)),
            None => self.is_adopted(found),
        };
        if ours { Ok(()) } else { Err(self.not_ours(found)) }
    }

    /// A machine without a stamp that has the name of one of ours is a copy or a restored backup, and not ours for its name.
    /// It is where the record knows it as adopted, or where the step takes it over with changes: no record speaks of it then,
    /// and such a step makes and deletes nothing.
    fn is_adopted(&self, found: &Found) -> bool {
        let Some(applied) = &self.order.applied else { return matches!(self.step().action, Action::Update | Action::Restart) };
        let number = applied.values.get("specs").and_then(|specs| specs.get("vmid")).and_then(serde_json::Value::as_u64);
        applied.ownership == Ownership::Recorded && number.is_none_or(|number| number == u64::from(found.guest.vmid))
    }

    pub(super) fn not_ours(&self, found: &Found) -> EngineError {
        let whose = match found.stamp.as_ref().map(|stamp| &stamp.marker) {
            Some(marker) => format!("marked as `{marker}`"),
            None => "not ours; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`".to_owned(),
        };
        self.conflict(format!("a machine `{}` ({}) exists and is {whose}", found.machine().name, found.guest.vmid))
    }

    /// Whether nothing that the step changes differs any more. Fields that the cluster does not tell do not count.
    pub(super) fn is_settled(&self, found: &Found) -> bool {
        let nothing = Map::new();
        let applied = self.order.applied.as_ref().map_or(&nothing, |applied| &applied.values);
        let seen = form::see(&found.guest, Some(&found.config));
        let sides = Sides { desired: &self.order.desired, applied, live: &seen.values, defaults: &seen.defaults, ignore: &[] };
        let differing = compare(Compute.facts(), &sides);
        let told = |path: &str| form::field_of(path).is_none_or(|field| !field.write_only);
        self.step().changes.iter().all(|change| !told(&change.path) || !differing.iter().any(|difference| difference.path == change.path))
    }
}
