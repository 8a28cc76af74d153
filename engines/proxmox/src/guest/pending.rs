//! What waits for a restart? The options of our guests that Proxmox VE has written and not yet applied, in the words of the
//! blueprint where there are some.

use engine_api::EngineError;
use futures::{StreamExt, stream};

use super::GuestKind;
use crate::cluster::Cluster;
use crate::reader::Guest;
use crate::stamp;

const READS_IN_FLIGHT_MAX: usize = 8;

/// A line for each guest on which something waits.
pub(crate) async fn pending(kind: GuestKind, cluster: &Cluster<'_>) -> Result<Vec<String>, EngineError> {
    let mut guests = cluster.guests().await?.to_vec();
    guests.retain(|guest| guest.kind == kind && guest.is_running && is_ours(guest, &cluster.options.owner_id));
    let reads = guests.into_iter().map(|guest| async move {
        let options = cluster.reader.pending(&guest).await;
        (guest, options)
    });
    let mut answers: Vec<_> = stream::iter(reads).buffer_unordered(READS_IN_FLIGHT_MAX).collect().await;
    answers.sort_by_key(|(guest, _)| guest.vmid);
    let mut lines = Vec::new();
    for (guest, answer) in answers {
        let options = answer?;
        if !options.is_empty() {
            lines.push(format!(
                "`{}` ({}): {} {} for its next restart",
                guest.name,
                guest.vmid,
                options.join(", "),
                if options.len() == 1 { "waits" } else { "wait" }
            ));
        }
    }
    Ok(lines)
}

fn is_ours(guest: &Guest, owner_id: &str) -> bool {
    guest.tags.iter().filter_map(|tag| stamp::marker_of_tag(tag, guest.vmid)).any(|marker| marker.owner_id == owner_id)
}
