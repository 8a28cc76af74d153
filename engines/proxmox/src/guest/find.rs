//! Which guest does a step speak of? By its stamp, by its name, or by the number that its address would get.

use std::collections::BTreeSet;
use std::time::Duration;

use core_model::diff::{Sides, compare};
use core_model::plan::Action;
use core_model::resource_type::Ownership;
use core_model::schema::Effect;
use engine_api::{EngineError, ErrorKind};
use serde_json::Map;
use tokio::time::Instant;

use super::{GuestKind, GuestRef, Located};
use crate::apply::Task;
use crate::checks::is_dns_name;
use crate::config::Config;
use crate::identity;
use crate::reader::Guest;
use crate::stamp::{self, Stamp};

/// A guest as it was just read.
pub(crate) struct Found {
    pub(crate) guest: Guest,
    pub(crate) config: Config,
    pub(crate) stamp: Option<Stamp>,
}

impl Found {
    pub(crate) fn place(&self) -> GuestRef {
        let name = self.name().unwrap_or(&self.guest.name).to_owned();
        GuestRef { kind: self.guest.kind, node: self.guest.node.clone(), vmid: self.guest.vmid, name }
    }

    fn name(&self) -> Option<&str> {
        self.config.get(self.guest.kind.name_option())
    }
}

impl Located for Found {
    fn kind(&self) -> GuestKind {
        self.guest.kind
    }

    fn node(&self) -> &str {
        &self.guest.node
    }

    fn vmid(&self) -> u32 {
        self.guest.vmid
    }
}

/// While one of these is on it, a guest is not whole.
const LOCKS_OF_MAKING: [&str; 2] = ["clone", "create"];
/// How many taken numbers are looked at for a guest that an earlier attempt made and that has no name yet.
const NUMBERS_LOOKED_AT_MAX: usize = 8;

impl Task<'_> {
    /// The sort of guest that the step is about.
    pub(crate) fn kind(&self) -> GuestKind {
        GuestKind::of_type(&self.step().type_name)
    }

    pub(crate) fn check_name(&self) -> Result<(), EngineError> {
        if is_dns_name(self.name()) { Ok(()) } else { Err(self.refused("Proxmox does not take this name")) }
    }

    /// The guest of this step, by its stamp, or else by its name. `None` when there is none.
    pub(crate) async fn find(&self) -> Result<Option<Found>, EngineError> {
        let guests = self.reader.guests().await?;
        let numbers = self.own_numbers(&guests);
        let mut candidates = Vec::new();
        for guest in guests.iter().filter(|guest| guest.kind == self.kind() && self.may_be(guest, &numbers)) {
            match self.look_at(guest).await {
                // It is out of reach, and its tag says that it is another one.
                Err(error) if self.is_another_by_its_tag(guest) => tracing::debug!(guest.vmid, error = %error, "a guest cannot be read"),
                found => candidates.extend(found?),
            }
        }
        let named = |found: &Found| self.has_name(&found.guest) || found.name().is_some_and(|name| name == self.name() || name == self.former_name());
        if let Some(place) = candidates.iter().position(|found| self.is_stamped_as_this(found)) {
            return Ok(Some(candidates.swap_remove(place)));
        }
        candidates.retain(named);
        if candidates.len() > 1 {
            let numbers: Vec<String> = candidates.iter().map(|found| found.guest.vmid.to_string()).collect();
            return Err(self.conflict(format!("several {}s have this name: {}; rename all but one", self.kind().noun(), numbers.join(", "))));
        }
        Ok(candidates.pop())
    }

    fn has_name(&self, guest: &Guest) -> bool {
        guest.name == self.name() || guest.name == self.former_name()
    }

    /// For a guest that is made: one that moved keeps the tag of its former address.
    fn is_another_by_its_tag(&self, guest: &Guest) -> bool {
        let is_of_another = guest.markers.iter().any(|marker| *marker != self.order.marker);
        self.step().action == Action::Create && guest.name.is_empty() && is_of_another
    }

    /// By its tag or name; or by its number, for a guest that is being made has neither at first: what other steps make is not
    /// waited for. One whose node was not heard of lately is listed without its name, and may be any.
    fn may_be(&self, guest: &Guest, numbers: &BTreeSet<u32>) -> bool {
        let is_nameless = guest.name.is_empty() && !guest.is_told;
        guest.markers.contains(&self.order.marker) || self.has_name(guest) || is_nameless || numbers.contains(&guest.vmid)
    }

    /// The numbers that this step would take one after the other, as far as they are taken.
    pub(super) fn own_numbers(&self, guests: &[Guest]) -> BTreeSet<u32> {
        let taken: BTreeSet<u32> = guests.iter().map(|guest| guest.vmid).collect();
        let declared = self.declared_vmid();
        let by_hash = identity::vmid_candidates(&self.order.marker, &self.options.vmid_range).take(NUMBERS_LOOKED_AT_MAX);
        declared.into_iter().chain(by_hash.take_while(|vmid| taken.contains(vmid))).collect()
    }

    pub(crate) fn declared_vmid(&self) -> Option<u32> {
        let vmid = self.order.desired.get("specs").and_then(|specs| specs.get("vmid"))?;
        vmid.as_u64().and_then(|vmid| u32::try_from(vmid).ok())
    }

    /// Reads one guest; waits while it is being made by an earlier attempt of ours.
    async fn look_at(&self, guest: &Guest) -> Result<Option<Found>, EngineError> {
        let begun = Instant::now();
        let mut guest = guest.clone();
        loop {
            let config = self.reader.config(&guest).await?;
            let moved = || self.error(ErrorKind::Busy, format!("the {} {} moved while it was looked at", guest.kind.noun(), guest.vmid));
            let config = config.ok_or_else(moved)?;
            let stamp = Stamp::read(config.get("description"), guest.vmid);
            let is_in_the_making = config.get("lock").is_some_and(|lock| LOCKS_OF_MAKING.contains(&lock));
            let may_be_ours = stamp.as_ref().map_or(config.get(guest.kind.name_option()).is_none(), |stamp| stamp.marker == self.order.marker);
            if !is_in_the_making || !may_be_ours {
                return Ok(Some(Found { guest, config, stamp }));
            }
            if begun.elapsed() > self.options.timeouts.copy {
                let why = format!("the {} {} is still being made by somebody", guest.kind.noun(), guest.vmid);
                return Err(self.error(ErrorKind::Busy, why));
            }
            tokio::time::sleep(self.options.timeouts.poll.max(Duration::from_millis(1))).await;
            // A clone that failed is gone again.
            match self.reader.guest(guest.vmid).await? {
                Some(seen) => guest = seen,
                None => return Ok(None),
            }
        }
    }

    /// [`Task::find`] for a guest that must be there and be ours.
    pub(crate) async fn existing(&self) -> Result<Found, EngineError> {
        let found = self.find().await?;
        let found = found.ok_or_else(|| self.error(ErrorKind::NotFound, format!("there is no {} `{}`", self.kind().noun(), self.former_name())))?;
        self.check_ours(&found)?;
        if self.step().changes.iter().any(|change| change.effect == Effect::Replace) && self.step().action != Action::Replace {
            return Err(self.refused("a field that needs a new guest cannot be changed in place; this is a bug in the daemon"));
        }
        Ok(found)
    }

    /// The guest again, as it is now.
    pub(crate) async fn again(&self, vmid: u32) -> Result<Found, EngineError> {
        let gone = || self.error(ErrorKind::NotFound, format!("the {} {vmid} is gone", self.kind().noun()));
        let guest = self.reader.guest(vmid).await?.ok_or_else(gone)?;
        let config = self.reader.config(&guest).await?.ok_or_else(gone)?;
        let stamp = Stamp::read(config.get("description"), vmid);
        Ok(Found { guest, config, stamp })
    }

    /// Whether the guest is this resource's, word for word.
    pub(crate) fn is_stamped_as_this(&self, found: &Found) -> bool {
        found.stamp.as_ref().is_some_and(|stamp| stamp.marker == self.order.marker)
    }

    pub(crate) fn is_made_by_this_step(&self, found: &Found) -> bool {
        found.stamp.as_ref().is_some_and(|stamp| stamp.marker == self.order.marker && stamp.step == self.step().digest.as_str())
    }

    /// Refuses to touch what neither stamp nor record calls ours. A stamp stays when the address changes (a move), and an
    /// adopted guest has none.
    pub(crate) fn check_ours(&self, found: &Found) -> Result<(), EngineError> {
        let recorded = self.order.applied.is_some();
        let ours = match &found.stamp {
            Some(stamp) if stamp.marker == self.order.marker => true,
            Some(stamp) => recorded && stamp::belongs(&stamp.marker, &self.order.marker.owner_id, Some(&self.order.marker.environment)),
            None => self.is_adopted(found),
        };
        if ours { Ok(()) } else { Err(self.not_ours(found)) }
    }

    /// A guest without a stamp that has the name of one of ours is a copy or a restored backup, and not ours for its name.
    /// It is where the record knows it as adopted, or where the step takes it over with changes: no record speaks of it then,
    /// and such a step makes and deletes nothing.
    fn is_adopted(&self, found: &Found) -> bool {
        let Some(applied) = &self.order.applied else { return matches!(self.step().action, Action::Update | Action::Restart) };
        let number = applied.values.get("specs").and_then(|specs| specs.get("vmid")).and_then(serde_json::Value::as_u64);
        applied.ownership == Ownership::Recorded && number.is_none_or(|number| number == u64::from(found.guest.vmid))
    }

    pub(crate) fn not_ours(&self, found: &Found) -> EngineError {
        let whose = match found.stamp.as_ref().map(|stamp| &stamp.marker) {
            Some(marker) => format!("marked as `{marker}`"),
            None => "not ours; adopt it with `lifecycle: {adopt: true}`, or choose another `specs.name`".to_owned(),
        };
        self.conflict(format!("a {} `{}` ({}) exists and is {whose}", self.kind().noun(), found.place().name, found.guest.vmid))
    }

    /// Whether nothing that the step changes differs any more. Fields that the cluster does not tell do not count.
    pub(crate) fn is_settled(&self, found: &Found) -> bool {
        let nothing = Map::new();
        let applied = self.order.applied.as_ref().map_or(&nothing, |applied| &applied.values);
        let seen = self.kind().see(&found.guest, &found.config);
        let sides = Sides { desired: &self.order.desired, applied, live: &seen.values, defaults: &seen.defaults, ignore: &[] };
        let differing = compare(self.kind().facts(), &sides);
        let told = |path: &str| self.kind().field_of(path).is_none_or(|field| !field.write_only);
        self.step().changes.iter().all(|change| !told(&change.path) || !differing.iter().any(|difference| difference.path == change.path))
    }
}
