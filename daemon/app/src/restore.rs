//! The newest record cannot be believed: which one holds? A person says so, and a signed record on top remembers it.

use core_model::Name;
use core_model::record::{Record, RecordKind};
use daemon_history::CommitId;
use daemon_history::record::RecordError;

use crate::error::FlowError;
use crate::preview::stopped;
use crate::project::Project;
use crate::records::{Tip, allowed_keys};

/// Records walked to find one that verifies.
const RECORDS_WALKED: usize = 1_000;

impl Project {
    /// Appends a record that goes on from `from`, or from the newest record that verifies. `abandoned` names records that were
    /// seen and are gone. Nothing is rewritten: what could not be believed stays in the history.
    pub async fn restore(&self, environment: &Name, from: Option<CommitId>, abandoned: Vec<String>) -> Result<Tip, FlowError> {
        self.mirror.fetch().await?;
        let refused = |why: String| FlowError::Stopped { environment: environment.clone(), why };
        let Some(main) = self.default_tip().await? else { return Err(refused("the default branch has no commit".to_owned())) };
        let newest = self.load_commit(main).await?;
        let Some(settings) = newest.repository.environments.get(environment) else {
            return Err(refused("ipr.yaml of the default branch does not have it".to_owned()));
        };
        let keys = allowed_keys(&newest.repository).map_err(|why| refused(stopped(environment, &why).detail))?;
        let id = settings.id.clone();
        let found = self.mirror.run(move |history| {
            let tip = history.record_tip(&id)?;
            let candidates = match from {
                Some(from) => vec![from],
                None => history.commits_below(tip, RECORDS_WALKED)?,
            };
            let believed = candidates.into_iter().find_map(|commit| history.verify_record(commit, &id, &keys).ok());
            Ok::<_, RecordError>((tip, believed))
        });
        let (tip, believed) = found.await??;
        let Some(believed) = believed else {
            return Err(refused("no record that verifies was found; name one with `--from`".to_owned()));
        };
        let record = Record::from_files(&believed.files).map_err(|error| refused(error.to_string()))?;
        let good = Tip { commit: believed.commit, record };
        let mut run = self.next_run(&settings.id, Some(&good), RecordKind::Restored);
        run.source.clone_from(&good.record.run.source);
        run.message = Some(format!("restored from {}", good.commit));
        run.abandons = abandoned;
        run.abandons.extend([Some(good.commit), tip].into_iter().flatten().map(|commit| commit.to_string()));
        run.abandons.dedup();
        let record = Record { run, plan: None, state: good.record.state };
        // Of the record that is believed: the newest one may be anybody's.
        let artefacts = self.artefacts_of(Some(good.commit)).await?;
        self.append_with(environment, tip, record, format!("ipr: restored the records of {environment}"), artefacts).await
    }
}
