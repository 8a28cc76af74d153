//! What is left to say of a step that was carried out? The snapshot that was taken before it, and what waits for a restart: the
//! options that Proxmox VE has written and not yet applied, in the words of the blueprint.

use engine_api::{EngineError, Order};

use super::{GuestKind, snapshot};
use crate::cluster::Cluster;
use crate::stamp;

/// Asked of what was changed: a guest that was just made has nothing to wait for.
pub(crate) async fn pending(cluster: &Cluster<'_>, order: &Order) -> Result<Option<String>, EngineError> {
    if order.applied.is_none() && !snapshot::is_wanted(&order.step) {
        return Ok(None);
    }
    let Some(guest) = stamp::of_order(cluster.guests().await?, order) else { return Ok(None) };
    let kept = snapshot::told(cluster.reader, guest, order).await?;
    let waits = match order.applied.is_some() && guest.is_running {
        true => words(guest.kind, &cluster.reader.pending(guest).await?),
        false => None,
    };
    let said: Vec<String> = kept.into_iter().chain(waits).collect();
    Ok((!said.is_empty()).then(|| said.join("; ")))
}

fn words(kind: GuestKind, options: &[String]) -> Option<String> {
    let mut fields: Vec<String> = options.iter().map(|option| format!("`{}`", kind.field_word(option))).collect();
    fields.sort();
    fields.dedup();
    let (last, noun) = (fields.pop()?, kind.noun());
    Some(match fields.is_empty() {
        true => format!("{last} waits for the {noun}'s next restart"),
        false => format!("{} and {last} wait for the {noun}'s next restart", fields.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_in_the_words_of_the_blueprint() {
        let said = |kind: GuestKind, options: &[&str]| words(kind, &options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>());
        let of_machine = |options: &[&str]| said(GuestKind::Machine, options);
        assert_eq!(of_machine(&[]), None);
        assert_eq!(of_machine(&["memory"]).as_deref(), Some("`memory` waits for the machine's next restart"));
        let many = of_machine(&["cores", "sockets", "net1", "scsi1", "somethingnew"]);
        assert_eq!(many.as_deref(), Some("`cpu`, `disks.scsi1`, `networks.net1` and `somethingnew` wait for the machine's next restart"));
        let of_container = said(GuestKind::Container, &["nameserver", "mp0"]);
        assert_eq!(of_container.as_deref(), Some("`dns.servers` and `mounts.mp0` wait for the container's next restart"));
    }
}
