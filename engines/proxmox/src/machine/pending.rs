//! What of a step waits for a restart? The options that Proxmox VE has written and not yet applied, in the words of the
//! blueprint.

use core_model::Marker;
use engine_api::{EngineError, Order};

use crate::cluster::Cluster;
use crate::machine::form;
use crate::reader::Guest;
use crate::stamp;

/// Asked of what was changed: a machine that was just made has nothing to wait for.
pub(super) async fn pending(cluster: &Cluster<'_>, order: &Order) -> Result<Option<String>, EngineError> {
    let guests = cluster.guests().await?;
    let Some(guest) = guests.iter().find(|guest| is_of(guest, &order.marker, &order.step.object)) else { return Ok(None) };
    if order.applied.is_none() || !guest.is_running {
        return Ok(None);
    }
    let options = cluster.reader.pending(&guest.node, guest.vmid).await?;
    Ok(words(&options))
}

fn is_of(guest: &Guest, marker: &Marker, name: &str) -> bool {
    let is_tagged = || guest.tags.iter().any(|tag| stamp::marker_of_tag(tag, guest.vmid).as_ref() == Some(marker));
    guest.is_machine && (guest.name == name || is_tagged())
}

fn words(options: &[String]) -> Option<String> {
    let mut fields: Vec<String> = options.iter().map(|option| format!("`{}`", form::word_of(option))).collect();
    fields.sort();
    fields.dedup();
    let last = fields.pop()?;
    Some(match fields.is_empty() {
        true => format!("{last} waits for the machine's next restart"),
        false => format!("{} and {last} wait for the machine's next restart", fields.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_in_the_words_of_the_blueprint() {
        let said = |options: &[&str]| words(&options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>());
        assert_eq!(said(&[]), None);
        assert_eq!(said(&["memory"]).as_deref(), Some("`memory` waits for the machine's next restart"));
        let many = said(&["cores", "sockets", "net1", "scsi1", "somethingnew"]);
        assert_eq!(many.as_deref(), Some("`cpu`, `disks.scsi1`, `networks.net1` and `somethingnew` wait for the machine's next restart"));
    }
}
