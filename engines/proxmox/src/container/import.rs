//! What would a blueprint of a container not say?

use std::collections::BTreeSet;

use engine_api::EngineError;
use engine_api::fields::Flat;

use super::checks::ROOT;
use super::form::mounts::GROUP;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::{self, GuestKind};
use crate::import::Imported;

pub(super) async fn import(cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
    guest::import::import(GuestKind::Container, cluster, "ct", left_out).await
}

/// The size of the root is `specs.storage`.
fn left_out(_: &Flat, _: &Config) -> BTreeSet<String> {
    BTreeSet::from([format!("{GROUP}.{ROOT}.size")])
}
