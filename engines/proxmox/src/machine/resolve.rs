//! What is `debian-12` on this cluster? A template of that name, or a disk image; looked up once, shown, and kept.

use engine_api::{EngineError, ErrorKind};

use super::observe::{PRIVILEGE, may_see_all};
use crate::cluster::Cluster;
use crate::reader::Reader;

/// `template:9000`, or `image:local:import/debian-12.qcow2`.
pub(super) async fn os(cluster: &Cluster<'_>, wanted: &str) -> Result<String, EngineError> {
    let attempt = format!("look up the template or image `{wanted}`");
    if wanted.contains(':') {
        return image(cluster.reader, wanted, &attempt).await;
    }
    let guests = cluster.guests().await?;
    let is_it = |name: &str, vmid: u32| name == wanted || wanted.parse() == Ok(vmid);
    let templates: Vec<u32> =
        guests.iter().filter(|guest| guest.is_machine && guest.is_template && is_it(&guest.name, guest.vmid)).map(|guest| guest.vmid).collect();
    match templates.as_slice() {
        [vmid] => return Ok(format!("template:{vmid}")),
        [] => {}
        many => return Err(several(&attempt, many.iter().map(u32::to_string).collect())),
    }
    match image(cluster.reader, wanted, &attempt).await {
        // It may be there: what the credential may not see is left out of the list without a word.
        Err(error) if error.kind == ErrorKind::NotFound && !may_see_all(cluster.permissions().await?) => Err(EngineError::new(
            ErrorKind::Unauthorised,
            attempt,
            format!("the token or user lacks `{PRIVILEGE}` on /vms, so templates may be hidden from it"),
        )),
        other => other,
    }
}

/// An image among the contents of the cluster's storages: by its volume, or by the name of its file without its ending.
async fn image(reader: Reader<'_>, wanted: &str, attempt: &str) -> Result<String, EngineError> {
    let mut found = Vec::new();
    for node in reader.nodes().await?.into_iter().filter(|node| node.is_online) {
        for storage in reader.storages(&node.name).await?.into_iter().filter(|storage| storage.is_active && storage.content.contains("import")) {
            let volumes = reader.volumes(&node.name, &storage.name, "import").await?;
            found.extend(volumes.into_iter().filter(|volume| is_named(volume, wanted)));
        }
    }
    found.sort();
    found.dedup();
    match found.as_slice() {
        [volume] => Ok(format!("image:{volume}")),
        [] => Err(EngineError::new(
            ErrorKind::NotFound,
            attempt,
            "no template has this name, and no storage has an image of this name among its `import` contents; make the template, or download the image",
        )),
        _ => Err(several(attempt, found)),
    }
}

fn is_named(volume: &str, wanted: &str) -> bool {
    let file = volume.rsplit('/').next().unwrap_or(volume);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    volume == wanted || file == wanted || stem == wanted
}

fn several(attempt: &str, found: Vec<String>) -> EngineError {
    EngineError::new(ErrorKind::Conflict, attempt, format!("there is more than one: {}; write its number or its volume", found.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_volume_file_and_stem() {
        for wanted in ["local:import/debian-12.qcow2", "debian-12.qcow2", "debian-12"] {
            assert!(is_named("local:import/debian-12.qcow2", wanted), "{wanted}");
        }
        assert!(!is_named("local:import/debian-12.qcow2", "debian-1"));
    }
}
