//! What can a blueprint say about a fake target? One table for each type.

mod account;
mod compute;
mod defaults;
mod network;
mod rule;
mod setting;
mod storage;
mod task;

use core_model::plan::Risk;
use core_model::resource_type::{Ownership, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};

pub(crate) use defaults::{ALWAYS_THERE, defaults};

/// The provider's name in blueprints.
pub const PROVIDER: &str = "fake";

/// Every type of the fake engine.
pub fn types() -> Vec<&'static dyn ResourceType> {
    const COMPUTE: &compute::Compute = &compute::Compute(&compute::FACTS);
    const NETWORK: &network::Network = &network::Network(&network::FACTS);
    const STORAGE: &storage::Storage = &storage::Storage(&storage::FACTS);
    vec![COMPUTE, NETWORK, STORAGE, &setting::Setting, &rule::Rule, &task::Task, &account::Account]
}

/// Compute, network and storage under another provider's name: a blueprint for Docker then runs on a fake target. The
/// tables are made once and kept until the process ends; call it once for each provider.
pub fn container_types(provider: &'static str) -> Vec<&'static dyn ResourceType> {
    let under = |facts: &TypeFacts| -> &'static TypeFacts { Box::leak(Box::new(TypeFacts { provider, ..*facts })) };
    vec![
        Box::leak(Box::new(compute::Compute(under(&compute::FACTS)))),
        Box::leak(Box::new(network::Network(under(&network::FACTS)))),
        Box::leak(Box::new(storage::Storage(under(&storage::FACTS)))),
    ]
}

/// Notes for people and policies. The target has no place for them: the record alone keeps them.
const METADATA: &[Field] = &[note("owner", "Whose it is."), note("tags", "Words to find it by."), note("notes", "Anything worth knowing.")];

const fn note(name: &'static str, meaning: &'static str) -> Field {
    Field::new(name, Kind::Any, meaning).write_only().risk(Risk::None)
}

/// What most tables share.
const fn facts(name: &'static str, meaning: &'static str, specs: &'static [Field]) -> TypeFacts {
    TypeFacts {
        name,
        provider: PROVIDER,
        meaning,
        specs,
        metadata: METADATA,
        ownership: Ownership::Marked,
        naming: core_model::resource_type::Naming::BlueprintAndResource,
        data_bearing: false,
    }
}
