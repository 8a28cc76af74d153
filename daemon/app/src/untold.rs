//! Which records has nobody told of? A daemon may end after a record is written and before a word of it is said.
//!
//! What is told follows from the records alone, so it does not matter which process tells it.

use std::collections::BTreeSet;

use core_config::Environment;
use core_model::Name;
use core_model::record::{Record, RecordKind};
use daemon_github::PullNumber;
use daemon_history::CommitId;
use daemon_history::record::RecordError;

use crate::error::FlowError;
use crate::project::Project;
use crate::records::Tip;

/// The newest record that was told of, per environment.
const TOLD: &str = "told";
/// A daemon that was away for longer tells the newest ones.
const RECORDS_TOLD_MAX: usize = 50;

/// When is a record told of?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Telling {
    /// By the process that has just written it.
    AtOnce,
    /// Later. Another process may have said it already, so that each comment is looked for first.
    Afterwards,
}

impl Project {
    /// Tells what the records up to `tip` say and nobody has been told. An open run is told of by whoever goes on with it.
    pub(crate) async fn tell_untold(&self, environment: &Name, settings: &Environment, tip: &Tip, telling: Telling) -> Result<(), FlowError> {
        let key = self.key(settings.id.as_str());
        let told = self.store.facts().recall(TOLD, &key).await?.and_then(|text| text.parse::<CommitId>().ok());
        if told == Some(tip.commit) {
            return Ok(());
        }
        let Untold { records, mut waited } = self.untold(settings, tip, told).await?;
        for record in records {
            let waits: BTreeSet<u64> = record.record.run.parked.iter().filter_map(|parked| parked.pull_request).collect();
            self.tell_record(environment, settings, &record, telling).await?;
            for number in waited.difference(&waits).filter(|number| Some(**number) != record.record.run.pull_request) {
                self.refresh_living(PullNumber(*number)).await?;
            }
            waited = waits;
        }
        Ok(self.store.facts().remember(TOLD, &key, &tip.commit.to_string()).await?)
    }

    async fn tell_record(&self, environment: &Name, settings: &Environment, told: &Tip, telling: Telling) -> Result<(), FlowError> {
        let run = &told.record.run;
        match run.kind {
            RecordKind::Finished => {
                self.store.runs().close(&run.run_id).await?;
                self.tell_finished(environment, settings, told, telling).await?;
                self.plan_open_pulls().await
            }
            RecordKind::Noted => {
                let waits = run.parked.iter().find(|parked| run.result.is_none() && Some(&parked.commit) == run.source.as_ref());
                match (waits, run.pull_request) {
                    (Some(parked), _) => self.tell_parked(environment, settings, parked, telling).await,
                    (None, Some(number)) => self.refresh_living(PullNumber(number)).await,
                    (None, None) => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// The records after `told`, oldest first. Where that is not known, the newest alone.
    async fn untold(&self, settings: &Environment, tip: &Tip, told: Option<CommitId>) -> Result<Untold, FlowError> {
        let (id, newest) = (settings.id.clone(), tip.clone());
        let read = self.mirror.run(move |history| {
            let chain = history.record_chain(&id, RECORDS_TOLD_MAX)?;
            let known = told.and_then(|told| chain.iter().position(|commit| *commit == told));
            // A record below a verified tip is covered by the chain of parents that the tip's signature covers.
            let read = |commit: &CommitId| Ok::<_, RecordError>(Record::from_files(&history.record_files(*commit)?).ok());
            let older = chain.get(1..known.unwrap_or(1)).unwrap_or_default();
            let mut records = Vec::with_capacity(older.len() + 1);
            for commit in older.iter().rev() {
                records.extend(read(commit)?.map(|record| Tip { commit: *commit, record }));
            }
            records.push(newest);
            let before = match known {
                Some(place) => chain.get(place).map(read).transpose()?.flatten(),
                None => None,
            };
            let waited = before.iter().flat_map(|record| &record.run.parked).filter_map(|parked| parked.pull_request).collect();
            Ok::<_, RecordError>(Untold { records, waited })
        });
        Ok(read.await??)
    }
}

struct Untold {
    records: Vec<Tip>,
    /// The pull requests that waited for a person before them.
    waited: BTreeSet<u64>,
}
