//! What would a blueprint of a machine not say?

use std::collections::BTreeSet;

use engine_api::EngineError;
use engine_api::fields::Flat;

use super::form;
use crate::cluster::Cluster;
use crate::config::Config;
use crate::guest::{self, GuestKind};
use crate::import::Imported;

pub(super) async fn import(cluster: &Cluster<'_>) -> Result<Vec<Imported>, EngineError> {
    guest::import::import(GuestKind::Machine, cluster, "vm", left_out).await
}

/// The size of the first disk is `specs.storage`.
fn left_out(_: &Flat, config: &Config) -> BTreeSet<String> {
    form::disks::boot_slot(config).map(|slot| format!("specs.disks.{slot}.size")).into_iter().collect()
}
