//! What is a resource pool? Its table.

use core_model::plan::{Action, Risk, Step};
use core_model::resource_type::{Naming, Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

use crate::PROVIDER;
use crate::checks::{POOL_NAME, STORAGE_NAME};
use crate::comment::NOTES;

/// A resource pool.
#[derive(Debug, Clone, Copy)]
pub struct Pool;

const SPECS: &[Field] = &[
    Field::new("name", Kind::Checked(&POOL_NAME), "What the pool is called, in place of `<prefix><resource>`; `a/b` is below `a`.")
        .replace()
        .keep_when_unset(),
    Field::new("storages", Kind::Set(&Kind::Checked(&STORAGE_NAME)), "The storages in it. Guests say themselves which pool they are in."),
];

const METADATA: &[Field] = &[
    Field::new("notes", Kind::Checked(&NOTES), "What people should know of it."),
    Field::new("owner", Kind::Any, "Whose it is. Proxmox is not told.").write_only().risk(Risk::None),
];

impl ResourceType for Pool {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: super::TYPE,
            provider: PROVIDER,
            meaning: "A resource pool: guests and storages that belong together, and can be given to people together.",
            specs: SPECS,
            metadata: METADATA,
            ownership: Ownership::Marked,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn remarks(&self, step: &Step) -> Vec<String> {
        let goes = format!("Proxmox takes away the permissions that people have on `/pool/{}`; they do not come back with the pool", step.object);
        (step.action == Action::Delete).then_some(goes).into_iter().collect()
    }
}
