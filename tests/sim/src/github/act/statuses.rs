//! How does a commit get a status?

use serde_json::json;

use crate::github::json::with;
use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::{Status, World};

/// The longest description GitHub takes for a commit status.
const STATUS_DESCRIPTION_CHARACTERS_MAX: usize = 140;
/// GitHub takes this many statuses for one commit and context.
const STATUSES_MAX: usize = 1_000;

#[derive(Debug)]
pub(crate) struct NewStatus<'a> {
    pub(crate) sha: &'a str,
    pub(crate) state: &'a str,
    pub(crate) context: &'a str,
    pub(crate) description: Option<&'a str>,
    pub(crate) target_url: Option<&'a str>,
}

impl World {
    pub(crate) fn add_status(&mut self, full_name: &str, by: &str, order: &NewStatus<'_>) -> Result<Status, Refusal> {
        let repository = self.repository(full_name)?;
        if !["error", "failure", "pending", "success"].contains(&order.state) {
            return Err(Refusal::field("Status", "state", "invalid"));
        }
        if order.description.is_some_and(|text| text.chars().count() > STATUS_DESCRIPTION_CHARACTERS_MAX) {
            return Err(Refusal::custom("Status", "description is too long (maximum is 140 characters)"));
        }
        let sha = repository.git.resolve_commit(order.sha).filter(|sha| sha == order.sha);
        let sha = sha.ok_or_else(|| Refusal::invalid(&format!("No commit found for SHA: {}", order.sha)))?;
        let before = repository.statuses.iter().filter(|status| status.sha == sha && status.context == order.context);
        if before.count() >= STATUSES_MAX {
            let message = "This SHA and context has reached the maximum number of statuses.";
            return Err(Refusal::custom("Status", message));
        }
        let (id, created_at) = (self.next_id(), self.clock.tick());
        let status = Status {
            id,
            sha,
            state: order.state.to_owned(),
            context: order.context.to_owned(),
            description: order.description.map(str::to_owned),
            target_url: order.target_url.map(str::to_owned),
            creator: by.to_owned(),
            created_at,
        };
        self.repository_mut(full_name)?.statuses.push(status.clone());
        self.emit_status(full_name, by, &status)?;
        Ok(status)
    }

    fn emit_status(&mut self, full_name: &str, by: &str, status: &Status) -> Result<(), Refusal> {
        let repository = self.repository(full_name)?;
        if repository.hooks.is_empty() {
            return Ok(());
        }
        let commit = repository.git.commit(&status.sha)?;
        self.emit(full_name, Event::plain("status"), by, |world| {
            let heads = world.repositories.get(full_name).into_iter().flat_map(|found| &found.refs);
            let here = heads.filter(|(_, sha)| **sha == status.sha).filter_map(|(name, _)| name.strip_prefix("refs/heads/"));
            let url = format!("{}/commits/{}", world.repository_url(full_name), status.sha);
            let commit_ref = json!({ "sha": status.sha, "url": url });
            let branches = here.map(|name| json!({ "name": name, "commit": commit_ref, "protected": false }));
            let branches: Vec<_> = branches.collect();
            let fields = json!({
                "name": full_name, "sha": status.sha, "commit": world.commit_json(full_name, &commit), "branches": branches,
            });
            with(world.status_json(full_name, status), fields)
        });
        Ok(())
    }
}
