//! What can a blueprint say about a Docker engine? Three tables: containers, networks and volumes.

mod compute;
mod names;
mod network;
mod storage;
#[cfg(test)]
mod tests;

use core_model::resource_type::ResourceType;
use core_model::schema::{Field, Kind};

pub use compute::Compute;
pub use network::Network;
pub use storage::Storage;

pub(crate) use names::is_object_name;

/// The provider's name in blueprints.
pub const PROVIDER: &str = "docker";

/// Every type of this engine.
pub fn types() -> [&'static dyn ResourceType; 3] {
    [&Compute, &Network, &Storage]
}

/// Notes for people and policies. No engine has a place for them that can be changed later, so that the record alone keeps them.
const METADATA: &[Field] = &[
    Field::new("owner", Kind::Any, "Whose it is. Docker is not told.").write_only().risk(core_model::plan::Risk::None),
    Field::new("tags", Kind::Any, "Words to find it by. Docker is not told.").write_only().risk(core_model::plan::Risk::None),
    Field::new("notes", Kind::Any, "Anything worth knowing. Docker is not told.").write_only().risk(core_model::plan::Risk::None),
];
