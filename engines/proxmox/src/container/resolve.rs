//! What is `debian-12` for a container? A template on a storage, or one of Proxmox's index of appliances; looked up once, shown,
//! and kept.

use std::collections::BTreeSet;

use engine_api::{EngineError, ErrorKind};

use crate::reader::Reader;

const CONTENT: &str = "vztmpl";
const ENDINGS: [&str; 5] = [".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2", ".tgz"];

/// `archive:debian-12-standard_12.7-1_amd64.tar.zst`: which storage has it is found out where the container is made. A volume is
/// answered by itself.
pub(super) async fn os(reader: Reader<'_>, wanted: &str) -> Result<String, EngineError> {
    let attempt = format!("look up the container template `{wanted}`");
    let mut nodes = reader.nodes().await?;
    nodes.retain(|node| node.is_online);
    let mut volumes = BTreeSet::new();
    for node in &nodes {
        for storage in reader.storages(&node.name).await?.into_iter().filter(|storage| storage.is_active && storage.content.contains(CONTENT)) {
            volumes.extend(reader.volumes(&node.name, &storage.name, CONTENT).await?);
        }
    }
    if volumes.contains(wanted) {
        return Ok(format!("archive:{wanted}"));
    }
    if let Some(file) = chosen(&attempt, volumes.iter().map(|volume| file_of(volume)).collect(), wanted)? {
        return Ok(format!("archive:{file}"));
    }
    let index = match nodes.first() {
        Some(node) => reader.appliances(&node.name).await?,
        None => BTreeSet::new(),
    };
    if wanted.contains(':') && index.contains(file_of(wanted)) {
        return Ok(format!("archive:{wanted}"));
    }
    let file = chosen(&attempt, index.iter().map(String::as_str).collect(), wanted)?;
    let why = "no storage has a template of this name, and the index of appliances (`pveam available`) does not list it; upload it, or write \
               another name";
    file.map(|file| format!("archive:{file}")).ok_or_else(|| EngineError::new(ErrorKind::NotFound, attempt, why))
}

/// The file that is meant; the closest way in which any of them is called so counts.
fn chosen(attempt: &str, files: BTreeSet<&str>, wanted: &str) -> Result<Option<String>, EngineError> {
    let is_whole = |file: &str| file == wanted;
    let is_stem = |file: &str| stem_of(file) == wanted;
    // `debian-12` is the beginning of `debian-12-standard_12.7-1_amd64`, and `debian-1` is not.
    let is_beginning = |file: &str| stem_of(file).strip_prefix(wanted).is_some_and(|rest| rest.starts_with(['-', '_']));
    let ways: [&dyn Fn(&str) -> bool; 3] = [&is_whole, &is_stem, &is_beginning];
    for is_called in ways {
        let fitting: Vec<&str> = files.iter().copied().filter(|file| is_called(file)).collect();
        match fitting.as_slice() {
            [] => {}
            [one] => return Ok(Some((*one).to_owned())),
            many => {
                let why = format!("there is more than one: {}; write one of them", many.join(", "));
                return Err(EngineError::new(ErrorKind::Conflict, attempt, why));
            }
        }
    }
    Ok(None)
}

fn file_of(volume: &str) -> &str {
    volume.rsplit(['/', ':']).next().unwrap_or(volume)
}

fn stem_of(file: &str) -> &str {
    ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "debian-12-standard_12.7-1_amd64.tar.zst";
    const OLD: &str = "debian-12-standard_12.2-1_amd64.tar.zst";

    fn found(files: &[&str], wanted: &str) -> Result<Option<String>, EngineError> {
        chosen("look", files.iter().copied().collect(), wanted)
    }

    #[test]
    fn templates_are_known_by_file_stem_and_beginning() {
        for wanted in [NEW, "debian-12-standard_12.7-1_amd64", "debian-12-standard_12.7-1"] {
            assert_eq!(found(&[NEW, OLD], wanted).ok().flatten().as_deref(), Some(NEW), "{wanted}");
        }
        assert_eq!(found(&[NEW], "debian-12").ok().flatten().as_deref(), Some(NEW));
        assert!(matches!(found(&[NEW], "debian-1"), Ok(None)));
        assert!(found(&[NEW, OLD], "debian-12").is_err_and(|error| error.kind == ErrorKind::Conflict && error.message.contains(OLD)));
        assert_eq!(file_of("local:vztmpl/a.tar.gz"), "a.tar.gz");
    }
}
