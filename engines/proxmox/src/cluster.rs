//! What is read of a cluster more than once while a plan is made? Each of these lists once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use core_model::plan::Step;
use engine_api::EngineError;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::options::ProxmoxOptions;
use crate::reader::{Guest, Node, Reader};

/// Privileges by path, as `/access/permissions` tells them: one path for each guest, most of them with the same privileges.
pub(crate) type Permissions = BTreeMap<String, Arc<Privileges>>;

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

/// Lists that were read, or will be when they are first asked for.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    guests: OnceCell<Arc<Vec<Guest>>>,
    permissions: OnceCell<Permissions>,
    nodes: OnceCell<Vec<Node>>,
}

/// How long the check of a plan may rest on what was read for the plan.
const SEEN_AGE_MAX: Duration = Duration::from_secs(5);

/// The lists of the last look, for the check of the plan that follows it.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Option<(Instant, Arc<Lists>)>>);

impl Seen {
    /// New lists, that the check of a plan may use too.
    pub(crate) fn anew(&self) -> Arc<Lists> {
        let lists = Arc::<Lists>::default();
        *self.held() = Some((Instant::now(), lists.clone()));
        lists
    }

    /// The lists of the last look, where it was just now; else new ones.
    pub(crate) fn lately(&self) -> Arc<Lists> {
        let held = self.held().clone().filter(|(read, _)| read.elapsed() < SEEN_AGE_MAX);
        held.map_or_else(|| self.anew(), |(_, lists)| lists)
    }

    /// Something is changed: what was read is no longer so.
    pub(crate) fn forget(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<(Instant, Arc<Lists>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A cluster while one question is answered: what it was, once read, stays so.
pub(crate) struct Cluster<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) options: &'a ProxmoxOptions,
    /// The steps of the plan that is being checked, of every kind: what is missing now may be made by one of them.
    pub(crate) steps: &'a [Step],
    lists: Arc<Lists>,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(reader: Reader<'a>, options: &'a ProxmoxOptions, lists: Arc<Lists>) -> Self {
        Self { reader, options, steps: &[], lists }
    }

    /// The same while a plan is checked.
    pub(crate) fn with_plan(self, steps: &'a [Step]) -> Self {
        Self { steps, ..self }
    }

    /// Every guest that the credential may see.
    pub(crate) async fn guests(&self) -> Result<&[Guest], EngineError> {
        self.lists.guests.get_or_try_init(|| self.reader.guests()).await.map(|guests| guests.as_slice())
    }

    /// What the credential may do.
    pub(crate) async fn permissions(&self) -> Result<&Permissions, EngineError> {
        self.lists.permissions.get_or_try_init(|| self.reader.permissions()).await
    }

    pub(crate) async fn nodes(&self) -> Result<&[Node], EngineError> {
        self.lists.nodes.get_or_try_init(|| self.reader.nodes()).await.map(Vec::as_slice)
    }
}
