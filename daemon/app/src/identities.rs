//! Is an environment still the one it was? Its records, and the marks on what it made, hang on its id, so names and ids stay together.

use core_config::{Environment, Loaded};
use core_model::{Diagnostic, Name};

use crate::error::FlowError;
use crate::project::Project;
use crate::records::{Tip, parse_commit};

/// The id under which an environment is known.
const ENVIRONMENT_ID: &str = "environment-id";

/// Environments whose id another commit gives to another name, or whose name it gives another id.
pub(crate) fn moved(before: &Loaded, after: &Loaded) -> Vec<Diagnostic> {
    after.repository.environments.values().filter_map(|environment| moved_one(before, environment)).collect()
}

/// Whether one environment was another one before.
pub(crate) fn moved_one(before: &Loaded, after: &Environment) -> Option<Diagnostic> {
    let known = &before.repository.environments;
    let name = &after.name;
    let detail = match known.get(name).filter(|former| former.id != after.id) {
        Some(former) => format!("`{name}` has the id `{}` here, and it had `{}` before.", after.id, former.id),
        None => {
            let former = known.values().find(|former| former.id == after.id && former.name != *name)?;
            format!("`{name}` has the id `{}` here, which was that of `{}` before.", after.id, former.name)
        }
    };
    Some(changed(detail))
}

fn changed(detail: String) -> Diagnostic {
    Diagnostic::error("Environment id changed", detail)
        .because("What an environment has applied is known by its id, so with another id it would plan against what belongs to another one.")
        .hint("put the id back in `ipr.yaml`; an environment that is new takes an id that none had before")
}

impl Project {
    /// Whether the default branch gives an environment another id than it is known by. `tip` is what the records of that id say: the
    /// commit they dealt with last tells where nothing is remembered.
    pub(crate) async fn is_another(&self, environment: &Name, settings: &Environment, tip: Option<&Tip>) -> Result<Option<Diagnostic>, FlowError> {
        let key = self.key(environment.as_str());
        match self.store.facts().recall(ENVIRONMENT_ID, &key).await? {
            Some(known) if known == settings.id.as_str() => return Ok(None),
            Some(known) => return Ok(Some(changed(format!("`{environment}` has the id `{}` here, and it had `{known}` before.", settings.id)))),
            None => {}
        }
        let moved = match tip.and_then(|tip| tip.record.run.cursor.as_deref()) {
            Some(cursor) => moved_one(&*self.load_commit(parse_commit(cursor)?).await?, settings),
            None => None,
        };
        if moved.is_none() {
            self.store.facts().remember(ENVIRONMENT_ID, &key, settings.id.as_str()).await?;
        }
        Ok(moved)
    }

    /// Somebody took an environment out of `ipr.yaml`: one that comes back under its name may be another one.
    pub(crate) async fn forget_id(&self, environment: &Name) -> Result<(), FlowError> {
        Ok(self.store.facts().forget(ENVIRONMENT_ID, &self.key(environment.as_str())).await?)
    }
}
