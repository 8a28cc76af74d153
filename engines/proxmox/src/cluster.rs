//! What is read of a cluster more than once while one question is answered? Each of these lists once.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::Step;
use engine_api::EngineError;
use tokio::sync::OnceCell;

use crate::options::ProxmoxOptions;
use crate::reader::{Guest, Reader};

/// Privileges by path, as `/access/permissions` tells them.
pub(crate) type Permissions = BTreeMap<String, BTreeSet<String>>;

/// A cluster while one question is answered: what it was, once read, stays so.
pub(crate) struct Cluster<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) options: &'a ProxmoxOptions,
    /// The steps of the plan that is being checked, of every kind: what is missing now may be made by one of them.
    pub(crate) steps: &'a [Step],
    guests: OnceCell<Vec<Guest>>,
    permissions: OnceCell<Permissions>,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(reader: Reader<'a>, options: &'a ProxmoxOptions) -> Self {
        Self { reader, options, steps: &[], guests: OnceCell::new(), permissions: OnceCell::new() }
    }

    /// The same while a plan is checked.
    pub(crate) fn with_plan(self, steps: &'a [Step]) -> Self {
        Self { steps, ..self }
    }

    /// Every guest that the credential may see.
    pub(crate) async fn guests(&self) -> Result<&[Guest], EngineError> {
        self.guests.get_or_try_init(|| self.reader.guests()).await.map(Vec::as_slice)
    }

    /// What the credential may do.
    pub(crate) async fn permissions(&self) -> Result<&Permissions, EngineError> {
        self.permissions.get_or_try_init(|| self.reader.permissions()).await
    }
}
