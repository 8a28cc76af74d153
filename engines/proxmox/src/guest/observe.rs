//! What is there? One list of all guests; configurations are read only for the guests that are asked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use core_model::Marker;
use core_model::state::{Gap, ObservedObject};
use engine_api::{EngineError, ObserveScope, Wanted};
use futures::{StreamExt, stream};

use super::GuestKind;
use crate::cluster::{Cluster, Permissions, sees_all};
use crate::config::Config;
use crate::kind::Sighting;
use crate::reader::{Guest, Reader};
use crate::stamp::{self, Stamp};

/// How many configurations are read at the same time.
const READS_IN_FLIGHT_MAX: usize = 16;
/// Without it guests are left out of every list, and nobody says so.
pub(crate) const PRIVILEGE: &str = "VM.Audit";

pub(crate) async fn observe(kind: GuestKind, cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
    let mut sighting = Sighting::default();
    let gap = |why: String| Gap { type_name: Some(kind.facts().name.to_owned()), object: None, why };
    let (guests, permissions) = tokio::join!(cluster.guests(), cluster.permissions());
    match permissions {
        Ok(permissions) if may_see_all(permissions) => {}
        Ok(_) => sighting.gaps.push(gap(format!("the token or user lacks `{PRIVILEGE}` on /vms, so {}s may be hidden from it", kind.noun()))),
        Err(error) => sighting.gaps.push(gap(error.to_string())),
    }
    match guests {
        Ok(guests) => look(kind, cluster.reader, scope, guests, &mut sighting).await,
        Err(error) => sighting.gaps.push(gap(error.to_string())),
    }
    sighting
}

pub(crate) fn may_see_all(permissions: &Permissions) -> bool {
    sees_all(permissions, "/vms", &[PRIVILEGE])
}

async fn look(kind: GuestKind, reader: Reader<'_>, scope: &ObserveScope, guests: &[Guest], sighting: &mut Sighting) {
    let of_type = |wanted: &&Wanted| wanted.type_name == kind.facts().name;
    let wanted: HashSet<&str> = scope.wanted.iter().filter(of_type).map(|wanted| wanted.object.as_str()).collect();
    let glanced_at: HashSet<&str> = scope.shallow.iter().filter(of_type).map(|wanted| wanted.object.as_str()).collect();
    let all: Vec<&Guest> = guests.iter().filter(|guest| guest.kind == kind).collect();
    let listed: HashSet<&str> = all.iter().map(|guest| guest.name.as_str()).collect();
    let is_missing = !wanted.is_subset(&listed);
    let is_ours = |guest: &Guest| guest.markers.first().is_some_and(|marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    // Without our tag, only its configuration says whose a machine is: the tag may have been taken off by hand.
    let is_glance_enough = |guest: &Guest| glanced_at.contains(guest.name.as_str()) && is_ours(guest);
    let (mut deep, mut shallow): (Vec<Guest>, Vec<&Guest>) = (Vec::new(), Vec::new());
    for guest in all {
        let (is_wanted, is_nameless) = (wanted.contains(guest.name.as_str()), guest.name.is_empty());
        // The list may be some seconds behind with names: one that is missed is looked for among those of ours that nobody asked for
        // by the name they are listed with. A guest whose node was not heard of for minutes has no name in the list, and may be any.
        if is_nameless || (is_wanted && !is_glance_enough(guest)) || (!is_wanted && is_missing && is_ours(guest)) {
            deep.push(guest.clone());
        } else if is_wanted || is_ours(guest) {
            shallow.push(guest);
        }
    }
    let reads = deep.into_iter().map(|mut guest| async move {
        let config = read(reader, &mut guest).await;
        (guest, config)
    });
    let answers: Vec<_> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await;
    let mut seen: Vec<ObservedObject> = shallow.into_iter().map(|guest| object(guest, &guest.name, tagged(guest), None)).collect();
    let mut unread = Vec::new();
    for (guest, answer) in answers {
        match answer {
            Ok(Some(config)) => {
                let marker = Stamp::read(config.get("description"), guest.vmid).map(|stamp| stamp.marker);
                let name = config.get(kind.name_option()).unwrap_or(&guest.name).to_owned();
                seen.push(object(&guest, &name, marker, Some(&config)));
            }
            // Between two nodes, or just removed: nobody knows before the next look.
            Ok(None) => unread.push((guest, "it moved or went while it was looked at".to_owned())),
            Err(error) => unread.push((guest, error.to_string())),
        }
    }
    if !unread.is_empty() {
        let known: HashSet<&str> = seen.iter().map(|object| object.name.as_str()).collect();
        let mut missing: Vec<&str> = wanted.difference(&known).copied().collect();
        missing.sort_unstable();
        sighting.gaps.extend(unread.into_iter().flat_map(|(guest, why)| gaps_of(&guest, &why, &missing)));
    }
    let belongs = |marker: &Marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref());
    seen.retain(|object| wanted.contains(object.name.as_str()) || object.marker.as_ref().is_some_and(belongs) || object.is_shallow);
    sighting.gaps.extend(settle_names(kind, &mut seen, scope));
    sighting.objects.extend(seen);
}

/// Two guests may have one name. Ours is the one that is meant; two that are not are nobody's to choose from.
fn settle_names(kind: GuestKind, seen: &mut Vec<ObservedObject>, scope: &ObserveScope) -> Vec<Gap> {
    let is_ours =
        |object: &ObservedObject| object.marker.as_ref().is_some_and(|marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    let mut gaps = Vec::new();
    // How many of ours have a name, and how many in all.
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::with_capacity(seen.len());
    for object in seen.iter() {
        let (ours, all) = counts.entry(object.name.as_str()).or_default();
        *ours += usize::from(is_ours(object));
        *all += 1;
    }
    let shared: BTreeMap<String, (usize, usize)> =
        counts.into_iter().filter(|(_, (_, all))| *all > 1).map(|(name, count)| (name.to_owned(), count)).collect();
    for (name, count) in shared {
        match count {
            (1, _) => seen.retain(|object| object.name != name || is_ours(object)),
            (_, many) => {
                seen.retain(|object| object.name != name);
                gaps.push(Gap {
                    type_name: Some(kind.facts().name.to_owned()),
                    object: Some(name.clone()),
                    why: format!("{many} {}s are called `{name}`; rename all but one", kind.noun()),
                });
            }
        }
    }
    gaps
}

fn tagged(guest: &Guest) -> Option<Marker> {
    guest.markers.first().cloned()
}

/// The configuration of a guest, and whether it runs, where the list does not know.
async fn read(reader: Reader<'_>, guest: &mut Guest) -> Result<Option<Config>, EngineError> {
    let config = reader.config(&*guest).await?;
    if config.is_some() && !guest.is_told {
        guest.is_running = reader.is_running(&*guest).await?;
    }
    Ok(config)
}

/// What may be hidden behind a guest that could not be read. Where the list has no name for it, its tag tells which of the
/// missing ones it is; without a tag it may be any of them.
fn gaps_of(guest: &Guest, why: &str, missing: &[&str]) -> Vec<Gap> {
    let gap =
        |object: Option<&str>| Gap { type_name: Some(guest.kind.facts().name.to_owned()), object: object.map(str::to_owned), why: why.to_owned() };
    if !guest.name.is_empty() {
        return vec![gap(Some(&guest.name))];
    }
    let Some(marker) = tagged(guest) else { return vec![gap(None)] };
    let named: Vec<&&str> = missing.iter().filter(|name| name.ends_with(marker.address.resource.as_str())).collect();
    if named.is_empty() { vec![gap(None)] } else { named.into_iter().map(|name| gap(Some(name))).collect() }
}

fn object(guest: &Guest, name: &str, marker: Option<Marker>, config: Option<&Config>) -> ObservedObject {
    // A glance says that it is there and whose it is; of its values nothing would be concluded.
    let seen = config.map(|config| guest.kind.see(guest, config)).unwrap_or_default();
    let ready = guest.is_running.then_some(true);
    ObservedObject {
        type_name: guest.kind.facts().name.to_owned(),
        name: name.to_owned(),
        marker,
        values: seen.values,
        defaults: seen.defaults,
        ready,
        is_shallow: config.is_none(),
    }
}
