//! What is read of a cluster more than once while a plan is made? Each of these lists once.

use std::collections::BTreeMap;
use std::sync::Arc;

use core_model::plan::Step;
use engine_api::EngineError;
use tokio::sync::OnceCell;

use crate::guest::names;
use crate::options::ProxmoxOptions;
use crate::reader::{Guest, Node, Reader};
use crate::seen::Lists;

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

/// Whether everything below a path can be seen with one of these privileges. What cannot be seen is left out of lists, and nobody
/// says so.
pub(crate) fn sees_all(permissions: &Permissions, path: &str, privileges: &[&str]) -> bool {
    let above = std::iter::successors(Some(path), |path| match path.rsplit_once('/') {
        Some(("", _)) => (*path != "/").then_some("/"),
        Some((above, _)) => Some(above),
        None => None,
    });
    // The nearest path decides. A privilege that does not reach below it says nothing of what is there.
    let nearest = above.filter_map(|path| permissions.get(path)).find(|held| held.any_reaches_below());
    // A path further down decides for itself.
    let is_below = |other: &str| other.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    let shows =
        |held: &Privileges| privileges.iter().any(|privilege| held.contains(privilege) && (held.reach_below(privilege) || !held.any_reaches_below()));
    nearest.is_some_and(|held| privileges.iter().any(|privilege| held.reach_below(privilege)))
        && permissions.iter().filter(|(other, _)| is_below(other)).all(|(_, held)| shows(held))
}

/// A cluster while one question is answered: what it was, once read, stays so.
pub(crate) struct Cluster<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) options: &'a ProxmoxOptions,
    /// The steps of the plan that is being checked, of every kind: what is missing now may be made by one of them.
    pub(crate) steps: &'a [Step],
    lists: Arc<Lists>,
    named_guests: OnceCell<Vec<Guest>>,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(reader: Reader<'a>, options: &'a ProxmoxOptions, lists: Arc<Lists>) -> Self {
        Self { reader, options, steps: &[], lists, named_guests: OnceCell::new() }
    }

    /// The same while a plan is checked.
    pub(crate) fn with_plan(self, steps: &'a [Step]) -> Self {
        Self { steps, ..self }
    }

    /// Every guest that the credential may see.
    pub(crate) async fn guests(&self) -> Result<&[Guest], EngineError> {
        self.lists.guests.get_or_try_init(|| self.reader.guests()).await.map(|guests| guests.as_slice())
    }

    /// The same, and those that are listed without a name are read for it.
    pub(crate) async fn named_guests(&self) -> Result<&[Guest], EngineError> {
        let guests = self.guests().await?;
        self.named_guests.get_or_try_init(|| names::with_names(self.reader, guests)).await.map(Vec::as_slice)
    }

    /// What the credential may do.
    pub(crate) async fn permissions(&self) -> Result<&Permissions, EngineError> {
        self.lists.permissions.get_or_try_init(|| self.reader.permissions()).await
    }

    pub(crate) async fn nodes(&self) -> Result<&[Node], EngineError> {
        self.lists.nodes.get_or_try_init(|| self.reader.nodes()).await.map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(entries: &[(&str, &[(&str, bool)])]) -> Permissions {
        let held = |held: &[(&str, bool)]| held.iter().map(|(privilege, reaches)| ((*privilege).to_owned(), *reaches)).collect::<Privileges>();
        entries.iter().map(|(path, privileges)| ((*path).to_owned(), Arc::new(held(privileges)))).collect()
    }

    #[test]
    fn everything_is_seen_only_where_nothing_on_the_way_hides_it() {
        let audit: &[(&str, bool)] = &[("Pool.Audit", true)];
        let other: &[(&str, bool)] = &[("VM.Audit", true)];
        let here: &[(&str, bool)] = &[("Pool.Audit", false), ("VM.Audit", true)];
        for (entries, expected) in [
            (vec![("/", audit)], true),
            (vec![("/pool", audit)], true),
            (vec![("/", audit), ("/pool", other)], false),
            (vec![("/pool", here)], false),
            (vec![("/", audit), ("/pool/prod", other)], false),
            (vec![("/", audit), ("/pool/prod", audit)], true),
            (vec![("/", audit), ("/pool/prod", here)], false),
            (vec![("/", audit), ("/storage/nas", other)], true),
            (vec![("/pool/prod", audit)], false),
        ] {
            assert_eq!(sees_all(&permissions(&entries), "/pool", &["Pool.Audit"]), expected, "{entries:?}");
        }
    }
}
