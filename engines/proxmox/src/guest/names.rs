//! What is a guest called that the cluster's list has without a name? A list knows names from what nodes tell: it has none for a
//! guest that was just made, and none for those of a node that was not heard of for minutes. Their configurations say them.

use engine_api::{EngineError, ErrorKind};
use futures::{StreamExt, TryStreamExt, stream};

use crate::reader::{Guest, Reader};

const READS_IN_FLIGHT_MAX: usize = 16;

/// All guests, with their names. One that cannot be read may be any of them, so that nobody can say who is missing.
pub(crate) async fn with_names(reader: Reader<'_>, guests: &[Guest]) -> Result<Vec<Guest>, EngineError> {
    let reads = guests.iter().cloned().map(|guest| async move { if guest.name.is_empty() { named(reader, guest).await } else { Ok(guest) } });
    stream::iter(reads).buffered(READS_IN_FLIGHT_MAX).try_collect().await
}

async fn named(reader: Reader<'_>, guest: Guest) -> Result<Guest, EngineError> {
    let unread = |kind: ErrorKind, why: &str| {
        EngineError::new(kind, "find a guest by its name", format!("the {} {} is listed without one, and {why}", guest.kind.noun(), guest.vmid))
    };
    let config = reader.config(&guest).await.map_err(|error| unread(error.kind, &format!("cannot be read: {error}")))?;
    let config = config.ok_or_else(|| unread(ErrorKind::Busy, "moved or went while it was looked at"))?;
    let name = config.get(guest.kind.name_option()).unwrap_or_default().to_owned();
    Ok(Guest { name, is_template: config.is_set("template"), ..guest })
}
