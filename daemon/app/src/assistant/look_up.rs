//! What do records, plans and blueprints say? Questions are answered from them, with links, and never from memory of a talk.

use core_config::{Environment, Loaded};
use core_model::plan::{Action, Step};
use core_model::record::{Record, RecordKind, Run, StepState};
use core_model::resource_type::Registry;
use core_model::{Address, Name};
use daemon_assistant::{Command, Query};
use daemon_github::{GitHubError, GitHubErrorKind, PullNumber};
use daemon_history::CommitId;
use daemon_history::record::RecordError;

use super::ground::Ground;
use crate::comment::look_up::{self as texts, Changed, Standing};
use crate::error::FlowError;
use crate::project::Project;
use crate::records::Records;

/// The records that are walked.
const RECORDS_WALKED: usize = 200;
/// The changes that are told of each environment.
const CHANGES_MAX: usize = 5;
/// The resources that are told of.
const RESOURCES_MAX: usize = 20;

impl Project {
    /// The lines of an answer.
    pub(crate) async fn look_up(&self, ground: &Ground, command: &Command) -> Result<Vec<String>, FlowError> {
        let main = self.load_commit(ground.main).await?;
        let query = match command {
            Command::WhoChanged(query) | Command::Status(query) | Command::Explain(query) => query,
            // Only questions come here; what changes something has flows of its own.
            _ => return Ok(Vec::new()),
        };
        let mut lines = Vec::new();
        for (name, settings) in environments(&main, query) {
            if !self.environments.contains(name) {
                lines.push(texts::not_served_here(name.as_str()));
                continue;
            }
            lines.extend(match command {
                Command::WhoChanged(_) => self.who_changed(name, settings, query).await?,
                Command::Status(_) => self.standing_of(name, settings, &main, query).await?,
                _ => explained(name, settings, query, &self.planning.registry),
            });
        }
        Ok(lines)
    }

    /// The newest changes of what was asked for, from the records.
    async fn who_changed(&self, name: &Name, settings: &Environment, query: &Query) -> Result<Vec<String>, FlowError> {
        let (id, addresses) = (settings.id.clone(), addresses(query));
        let field = query.field.as_ref().map(|field| field.value.clone());
        let found = self.mirror.run(move |history| {
            let mut found = Vec::new();
            for commit in history.record_chain(&id, RECORDS_WALKED)? {
                // A record below a verified tip is covered by the chain of parents that the tip's signature covers.
                let Ok(record) = Record::from_files(&history.record_files(commit)?) else { continue };
                let steps = steps_about(&record, &addresses, field.as_deref());
                if !steps.is_empty() {
                    found.push((commit, record.run, steps));
                }
                if found.len() == CHANGES_MAX {
                    break;
                }
            }
            Ok::<_, RecordError>(found)
        });
        let found = found.await??;
        if found.is_empty() {
            return Ok(vec![texts::never_changed(name.as_str())]);
        }
        let mut lines = Vec::new();
        for (commit, run, steps) in &found {
            let askers = self.askers_of_run(run).await?;
            lines.extend(steps.iter().take(RESOURCES_MAX).map(|step| self.changed(name, *commit, (run, &askers), step)));
        }
        Ok(lines)
    }

    /// Who asked for what a run did: of a pull request its author, of anything else whoever gave the command.
    async fn askers_of_run(&self, run: &Run) -> Result<Vec<String>, FlowError> {
        let Some(number) = run.pull_request else { return Ok(run.requested_by.strip_prefix('@').map(str::to_owned).into_iter().collect()) };
        let pull = match self.github.pull(&self.repository, PullNumber(number)).await {
            Ok(pull) => pull,
            Err(GitHubError { kind: GitHubErrorKind::NotFound, .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        Ok(self.askers(Some(&pull)).await?.people.into_iter().map(String::from).collect())
    }

    fn changed(&self, name: &Name, commit: CommitId, (run, askers): (&Run, &[String]), step: &Step) -> String {
        texts::changed(&Changed {
            environment: name.as_str(),
            address: &step.address,
            action: step.action,
            fields: step.changes.iter().map(|change| change.path.as_str()).collect(),
            askers,
            run,
            record: &commit.to_string(),
            url: &self.commit_url(&commit.to_string()),
        })
    }

    /// How an environment, or some resources of it, stand: what was applied, and what waits.
    async fn standing_of(&self, name: &Name, settings: &Environment, main: &Loaded, query: &Query) -> Result<Vec<String>, FlowError> {
        let records = self.records(&settings.id, &main.repository).await?;
        let tip = match &records {
            Records::Tip(tip) => tip,
            Records::None => return Ok(vec![texts::no_record(name.as_str())]),
            Records::Stopped { why } => return Ok(vec![texts::stopped(name.as_str(), why)]),
        };
        let commit = tip.commit.to_string();
        let standing = |address: Option<&Address>| {
            texts::standing(&Standing {
                environment: name.as_str(),
                address,
                is_wanted: address.is_some_and(|address| settings.desired.resources.contains_key(address)),
                is_applied: address.is_some_and(|address| tip.record.state.contains_key(address)),
                resources: tip.record.state.len(),
                run: &tip.record.run,
                record: &commit,
                url: &self.commit_url(&commit),
            })
        };
        let named = addresses(query);
        if named.is_empty() {
            return Ok(vec![standing(None)]);
        }
        Ok(named.iter().map(|address| standing(Some(address))).collect())
    }
}

fn addresses(query: &Query) -> Vec<Address> {
    query.resources.iter().take(RESOURCES_MAX).map(|resource| resource.value.clone()).collect()
}

fn environments<'l>(loaded: &'l Loaded, query: &'l Query) -> impl Iterator<Item = (&'l Name, &'l Environment)> {
    let wanted = query.environment.as_ref().map(|name| &name.value);
    loaded.repository.environments.iter().filter(move |(name, _)| wanted.is_none_or(|wanted| wanted == *name))
}

/// The steps of a run that ended and that changed what is asked for.
fn steps_about(record: &Record, addresses: &[Address], field: Option<&str>) -> Vec<Step> {
    if record.run.kind != RecordKind::Finished {
        return Vec::new();
    }
    let steps = record.plan.iter().flat_map(|plan| &plan.steps);
    let is_done = |step: &&Step| record.run.outcomes.iter().any(|outcome| outcome.step == step.digest && outcome.state == StepState::Changed);
    let about = |step: &&Step| {
        (addresses.is_empty() || addresses.contains(&step.address))
            && field.is_none_or(|field| step.action != Action::Update || step.changes.iter().any(|change| change.path == field))
    };
    steps.filter(about).filter(is_done).cloned().collect()
}

/// What the blueprints want of resources, and where they say so.
pub fn explained(name: &Name, settings: &Environment, query: &Query, registry: &Registry) -> Vec<String> {
    let mut lines = Vec::new();
    for address in addresses(query) {
        let Some(resource) = settings.desired.resources.get(&address) else { continue };
        match &query.field {
            Some(field) => {
                let value =
                    field.value.split('.').try_fold(&serde_json::Value::Object(resource.values.clone()), |value, part| value.get(part)).cloned();
                let is_secret = resource.sensitive.iter().any(|path| *path == field.value || path.starts_with(&format!("{}.", field.value)));
                lines.push(texts::explained_field(name.as_str(), resource, &field.value, value.as_ref().filter(|_| !is_secret), registry));
            }
            None => lines.push(texts::explained(name.as_str(), resource)),
        }
    }
    if lines.is_empty() { vec![texts::explained_environment(name.as_str(), settings.desired.resources.keys())] } else { lines }
}
