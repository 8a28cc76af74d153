//! What is read of a cluster more than once while one question is answered? Each of these lists once.

use std::collections::BTreeMap;

use core_model::plan::Step;
use engine_api::EngineError;
use tokio::sync::OnceCell;

use crate::guest::names;
use crate::options::ProxmoxOptions;
use crate::reader::{Guest, Reader};

/// Privileges by path, as `/access/permissions` tells them.
pub(crate) type Permissions = BTreeMap<String, Privileges>;

/// The privileges on one path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Privileges {
    /// Each with whether it holds on the paths below, too.
    reaches_below: BTreeMap<String, bool>,
}

impl FromIterator<(String, bool)> for Privileges {
    fn from_iter<Items: IntoIterator<Item = (String, bool)>>(items: Items) -> Self {
        Self { reaches_below: items.into_iter().collect() }
    }
}

impl Privileges {
    /// On the path itself.
    pub(crate) fn contains(&self, privilege: &str) -> bool {
        self.reaches_below.contains_key(privilege)
    }

    /// On what is below the path.
    pub(crate) fn reach_below(&self, privilege: &str) -> bool {
        self.reaches_below.get(privilege) == Some(&true)
    }

    /// Whether anything of it holds below the path. Where nothing does, what comes from further above holds there.
    pub(crate) fn any_reaches_below(&self) -> bool {
        self.reaches_below.values().any(|reaches| *reaches)
    }
}

/// A cluster while one question is answered: what it was, once read, stays so.
pub(crate) struct Cluster<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) options: &'a ProxmoxOptions,
    /// The steps of the plan that is being checked, of every kind: what is missing now may be made by one of them.
    pub(crate) steps: &'a [Step],
    guests: OnceCell<Vec<Guest>>,
    named_guests: OnceCell<Vec<Guest>>,
    permissions: OnceCell<Permissions>,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(reader: Reader<'a>, options: &'a ProxmoxOptions) -> Self {
        Self { reader, options, steps: &[], guests: OnceCell::new(), named_guests: OnceCell::new(), permissions: OnceCell::new() }
    }

    /// The same while a plan is checked.
    pub(crate) fn with_plan(self, steps: &'a [Step]) -> Self {
        Self { steps, ..self }
    }

    /// Every guest that the credential may see.
    pub(crate) async fn guests(&self) -> Result<&[Guest], EngineError> {
        self.guests.get_or_try_init(|| self.reader.guests()).await.map(Vec::as_slice)
    }

    /// The same, and those that are listed without a name are read for it.
    pub(crate) async fn named_guests(&self) -> Result<&[Guest], EngineError> {
        let guests = self.guests().await?;
        self.named_guests.get_or_try_init(|| names::with_names(self.reader, guests)).await.map(Vec::as_slice)
    }

    /// What the credential may do.
    pub(crate) async fn permissions(&self) -> Result<&Permissions, EngineError> {
        self.permissions.get_or_try_init(|| self.reader.permissions()).await
    }
}
