//! What is there? One list of all guests; configurations are read only for the machines that are asked for.

use std::collections::BTreeSet;

use core_model::Marker;
use core_model::state::{Gap, ObservedObject};
use engine_api::{ObserveScope, Wanted};
use futures::{StreamExt, stream};

use crate::cluster::{Cluster, Permissions};
use crate::config::Config;
use crate::kind::Sighting;
use crate::machine::form;
use crate::reader::{Guest, Reader};
use crate::stamp::{self, Stamp};

/// How many configurations are read at the same time.
const READS_IN_FLIGHT_MAX: usize = 16;
const TYPE: &str = "compute";
/// Without it guests are left out of every list, and nobody says so.
const PRIVILEGE: &str = "VM.Audit";

pub(super) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
    let mut sighting = Sighting::default();
    let gap = |why: String| Gap { type_name: Some(TYPE.to_owned()), object: None, why };
    let (guests, permissions) = tokio::join!(cluster.guests(), cluster.permissions());
    match permissions {
        Ok(permissions) if may_see_all(permissions) => {}
        Ok(_) => sighting.gaps.push(gap(format!("the credential lacks `{PRIVILEGE}` on /vms, so that machines may be hidden from it"))),
        Err(error) => sighting.gaps.push(gap(error.to_string())),
    }
    match guests {
        Ok(guests) => machines(cluster.reader, scope, guests, &mut sighting).await,
        Err(error) => sighting.gaps.push(gap(error.to_string())),
    }
    sighting
}

fn may_see_all(permissions: &Permissions) -> bool {
    ["/", "/vms"].iter().any(|path| permissions.get(*path).is_some_and(|privileges| privileges.contains(PRIVILEGE)))
}

async fn machines(reader: Reader<'_>, scope: &ObserveScope, guests: &[Guest], sighting: &mut Sighting) {
    let of_type = |wanted: &&Wanted| wanted.type_name == TYPE;
    let wanted: BTreeSet<&str> = scope.wanted.iter().filter(of_type).map(|wanted| wanted.object.as_str()).collect();
    let glanced_at: BTreeSet<&str> = scope.shallow.iter().filter(of_type).map(|wanted| wanted.object.as_str()).collect();
    let is_read = |name: &str| wanted.contains(name) && !glanced_at.contains(name);
    let all: Vec<&Guest> = guests.iter().filter(|guest| guest.is_machine).collect();
    let is_missing = wanted.iter().any(|name| !all.iter().any(|guest| guest.name == *name));
    let is_ours = |guest: &Guest| tagged(guest).is_some_and(|marker| stamp::belongs(&marker, &scope.owner_id, scope.environment.as_ref()));
    // The list may be some seconds behind with names: one that is missed is looked for among ours.
    let (deep, shallow): (Vec<&Guest>, Vec<&Guest>) = all
        .into_iter()
        .filter(|guest| wanted.contains(guest.name.as_str()) || is_ours(guest))
        .partition(|guest| is_read(&guest.name) || is_missing || guest.name.is_empty());
    let deep: Vec<Guest> = deep.into_iter().cloned().collect();
    let reads = deep.into_iter().map(|guest| async move {
        let config = reader.config(&guest.node, guest.vmid).await;
        (guest, config)
    });
    let answers: Vec<_> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await;
    let mut seen: Vec<ObservedObject> = shallow.into_iter().map(|guest| object(guest, &guest.name, tagged(guest), None)).collect();
    for (guest, answer) in answers {
        match answer {
            Ok(Some(config)) => {
                let marker = Stamp::read(config.get("description"), guest.vmid).map(|stamp| stamp.marker);
                let name = config.get("name").unwrap_or(&guest.name).to_owned();
                seen.push(object(&guest, &name, marker, Some(&config)));
            }
            // Between two nodes, or just removed: nobody knows before the next look.
            Ok(None) => sighting.gaps.push(gap_of(&guest, "it moved or went while it was looked at".to_owned())),
            Err(error) => sighting.gaps.push(gap_of(&guest, error.to_string())),
        }
    }
    sighting.gaps.extend(settle_names(&mut seen, scope));
    sighting.objects.extend(seen);
}

/// Two machines may have one name. Ours is the one that is meant; two that are not are nobody's to choose from.
fn settle_names(seen: &mut Vec<ObservedObject>, scope: &ObserveScope) -> Vec<Gap> {
    let is_ours =
        |object: &ObservedObject| object.marker.as_ref().is_some_and(|marker| stamp::belongs(marker, &scope.owner_id, scope.environment.as_ref()));
    let mut gaps = Vec::new();
    let names: BTreeSet<String> = seen.iter().map(|object| object.name.clone()).collect();
    for name in names {
        let count = |wanted: &dyn Fn(&ObservedObject) -> bool| seen.iter().filter(|object| object.name == name && wanted(object)).count();
        match (count(&is_ours), count(&|_| true)) {
            (_, 1) => {}
            (1, _) => seen.retain(|object| object.name != name || is_ours(object)),
            (_, many) => {
                seen.retain(|object| object.name != name);
                gaps.push(Gap {
                    type_name: Some(TYPE.to_owned()),
                    object: Some(name.clone()),
                    why: format!("{many} machines are called `{name}`; rename all but one"),
                });
            }
        }
    }
    gaps
}

fn tagged(guest: &Guest) -> Option<Marker> {
    guest.tags.iter().find_map(|tag| stamp::marker_of_tag(tag, guest.vmid))
}

fn gap_of(guest: &Guest, why: String) -> Gap {
    Gap { type_name: Some(TYPE.to_owned()), object: Some(guest.name.clone()), why }
}

fn object(guest: &Guest, name: &str, marker: Option<Marker>, config: Option<&Config>) -> ObservedObject {
    let seen = form::see(guest, config);
    let ready = guest.is_running.then_some(true);
    ObservedObject {
        type_name: TYPE.to_owned(),
        name: name.to_owned(),
        marker,
        values: seen.values,
        defaults: seen.defaults,
        ready,
        is_shallow: config.is_none(),
    }
}
