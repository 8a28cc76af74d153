//! What is a file on a storage? Its facts, what it is called, and the mistakes that its table does not see.

use core_model::diff::Sides;
use core_model::plan::{FieldChange, Risk};
use core_model::resource_type::{Finding, Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Effect, Field, Kind};
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::PROVIDER;
use crate::checks::{BRIDGE, CHECKSUM, DOWNLOAD_URL, FILE_NAME, STORAGE_ID};

/// The cluster is told and does not tell back.
const fn told(field: Field) -> Field {
    field.write_only().replace()
}

const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&FILE_NAME), "What the file is called on the storage.").required().replace(),
    Field::new("storage", Kind::Checked(&STORAGE_ID), "The storage it is on.").required().replace(),
    Field::new("content", Kind::Word(&["iso", "vztmpl", "import"]), "What it is: an ISO image, a container template, a disk image.")
        .required()
        .replace(),
    told(Field::new("url", Kind::Checked(&DOWNLOAD_URL), "Where the node downloads it from.")).required(),
    told(Field::new("checksum", Kind::Checked(&CHECKSUM), "Its checksum; the length tells the algorithm.")).keep_when_unset(),
    Field::new("verify_certificates", Kind::Boolean, "Whether the server's certificate is checked; it is when left out.")
        .write_only()
        .risk(Risk::None),
];

const METADATA: &[Field] = &[
    Field::new("node", Kind::Checked(&BRIDGE), "The node that has it, where its storage is not the same on all nodes.").replace(),
    Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.").write_only().risk(Risk::None),
];

/// Endings that Proxmox takes (pve-storage, `PVE::Storage`: `ISO_EXT_RE_0`, `VZTMPL_EXT_RE_1`, `UPLOAD_IMPORT_EXT_RE_1`).
const ENDINGS: [(&str, &[&str]); 3] = [
    ("iso", &[".iso", ".img"]),
    ("vztmpl", &[".tar", ".tar.gz", ".tar.xz", ".tar.zst", ".tar.bz2"]),
    ("import", &[".qcow2", ".raw", ".vmdk", ".ova"]),
];

/// A file on a storage.
#[derive(Debug, Clone, Copy)]
pub struct File;

impl ResourceType for File {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "file",
            provider: PROVIDER,
            meaning: "A file on a storage that a node downloads.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Recorded,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn object_name(&self, text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let volume = format!("{}:{}/{}", text("specs.storage")?, text("specs.content")?, text("specs.name")?);
        Some(text("metadata.node").map_or_else(|| volume.clone(), |node| format!("{node}/{volume}")))
    }

    fn validate(&self, resource: &DesiredResource) -> Vec<Finding> {
        ending(resource).into_iter().collect()
    }

    /// Of a file that is adopted nobody knows where it came from: it stays, and is no other one for that.
    fn weigh(&self, changes: &mut [FieldChange], _sides: &Sides<'_>) {
        let unknown = changes.iter_mut().filter(|change| change.before.is_null() && matches!(change.path.as_str(), "specs.url" | "specs.checksum"));
        unknown.for_each(|change| (change.effect, change.risk) = (Effect::InPlace, Risk::None));
    }
}

fn ending(resource: &DesiredResource) -> Option<Finding> {
    let text = |name: &str| resource.spec(name).and_then(Value::as_str);
    let (name, content) = text("name").zip(text("content"))?;
    let (_, endings) = ENDINGS.iter().find(|(known, _)| *known == content)?;
    let lower = if content == "import" { name.to_owned() } else { name.to_ascii_lowercase() };
    if endings.iter().any(|ending| lower.ends_with(ending)) {
        return None;
    }
    Some(Finding {
        path: "specs.name".to_owned(),
        summary: "Wrong ending",
        detail: format!("Proxmox takes a file among the `{content}` contents by its ending, and `{name}` has none of them."),
        hint: Some(format!("one of: {}; the name need not be the one of the address", endings.join(", "))),
    })
}
