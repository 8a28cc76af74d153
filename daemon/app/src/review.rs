//! What did people review, and who approved it?

use core_model::Name;
use core_model::plan::Plan;
use core_model::record::Approval;
use core_policy::Verdict;
use daemon_github::{Login, Permission, PullNumber, PullRequest, ReviewState, Timestamp};
use daemon_store::{PlanId, PlanMatch, PublishedDigest, StoredPlan};

use crate::error::FlowError;
use crate::judge::{Judged, digest_at};
use crate::planning::{KnownPins, pins_of};
use crate::project::Project;

/// What stood on the pull request when it was merged or when a command was given.
#[derive(Debug, Clone)]
pub enum Reviewed {
    Nothing,
    /// The digest had changed within the minute before.
    Unsettled {
        before: String,
        latest: String,
    },
    /// The plan itself is at hand.
    Plan(Box<Plan>),
    /// The database was lost; GitHub still has the digest in our own commit status.
    DigestOnly(String),
}

impl Project {
    /// What was shown for an environment before `at`.
    pub async fn reviewed(&self, pull: &PullRequest, environment: &Name, at: Timestamp) -> Result<Reviewed, FlowError> {
        let published = self.shown(pull, environment).await?;
        Ok(match digest_at(&published, at) {
            Judged::Nothing => Reviewed::Nothing,
            Judged::Unsettled { before, latest } => Reviewed::Unsettled { before: before.digest.clone(), latest: latest.digest.clone() },
            Judged::Digest(shown) => match self.stored_plan(pull.number, environment, &shown.digest).await? {
                Some(plan) => Reviewed::Plan(Box::new(plan)),
                None => Reviewed::DigestOnly(shown.digest.clone()),
            },
        })
    }

    pub(crate) async fn published(&self, number: PullNumber, environment: &Name) -> Result<Vec<PublishedDigest>, FlowError> {
        Ok(self.store.plans().published_digests(&self.subject(number, environment)).await?)
    }

    /// The newest plan of a pull request for an environment, whatever its head.
    pub(crate) async fn latest_plan(&self, number: PullNumber, environment: &Name) -> Result<Option<(StoredPlan, Plan)>, FlowError> {
        let Some(stored) = self.store.plans().latest(&self.subject(number, environment)).await? else { return Ok(None) };
        let plan = self.plan_of(&stored).await?;
        Ok(plan.map(|plan| (stored, plan)))
    }

    async fn stored_plan(&self, number: PullNumber, environment: &Name, digest: &str) -> Result<Option<Plan>, FlowError> {
        match self.store.plans().by_digest_prefix(&self.subject(number, environment), digest).await? {
            PlanMatch::One(stored) => self.plan_of(&stored).await,
            PlanMatch::None | PlanMatch::Ambiguous => Ok(None),
        }
    }

    async fn plan_of(&self, stored: &StoredPlan) -> Result<Option<Plan>, FlowError> {
        let Some(bytes) = self.store.blobs().get(&stored.entry.plan_hash).await? else { return Ok(None) };
        Ok(Some(serde_json::from_slice(&bytes)?))
    }

    /// What the newest plan looked up: an unchanged question keeps its answer, so that a moved tag does not move the plan.
    pub(crate) async fn reviewed_pins(&self, number: PullNumber, environment: &Name) -> Result<KnownPins, FlowError> {
        Ok(self.latest_plan(number, environment).await?.map(|(_, plan)| pins_of(&plan)).unwrap_or_default())
    }

    /// What was shown and when: as the database knows it, or, after its loss, as our own commit statuses on the head tell.
    async fn shown(&self, pull: &PullRequest, environment: &Name) -> Result<Vec<PublishedDigest>, FlowError> {
        let published = self.published(pull.number, environment).await?;
        if published.is_empty() { self.shown_on_github(pull, environment).await } else { Ok(published) }
    }

    /// Our own commit statuses on the head name the digest: what GitHub remembers of the plans.
    async fn shown_on_github(&self, pull: &PullRequest, environment: &Name) -> Result<Vec<PublishedDigest>, FlowError> {
        let context = status_context(environment);
        let statuses = self.github.status_history(&self.repository, &pull.head_sha).await?;
        let own = statuses.into_iter().filter(|status| status.context == context && status.creator.as_ref() == Some(&self.viewer));
        let shown = own.zip(0_i64..).filter_map(|(status, place)| {
            let digest = status.description.rsplit(' ').next().filter(|word| is_digest(word))?.to_owned();
            // The newest comes first; of two in one second it is the later one.
            Some(PublishedDigest { digest, head: pull.head_sha.to_string(), plan: PlanId(-place), published_at_s: status.created_at?.unix_seconds() })
        });
        Ok(shown.collect())
    }

    /// The approvals that count for a digest: given while it was shown, by people who may write and did not ask for the change.
    pub async fn approvals(&self, pull: &PullRequest, environment: &Name, digest: &str) -> Result<Vec<Approval>, FlowError> {
        let published = self.shown(pull, environment).await?;
        let mut latest: std::collections::BTreeMap<Login, (ReviewState, Timestamp)> = std::collections::BTreeMap::new();
        for review in self.github.reviews(&self.repository, pull.number).await? {
            let (Some(author), Some(at)) = (review.author, review.submitted_at) else { continue };
            if matches!(review.state, ReviewState::Approved | ReviewState::ChangesRequested | ReviewState::Dismissed) {
                latest.insert(author, (review.state, at));
            }
        }
        let askers = self.askers(Some(pull)).await?;
        let mut counted = Vec::new();
        for (login, (state, at)) in latest {
            // A status has room for the beginning of a digest only.
            let of_this_digest = match digest_at(&published, at) {
                Judged::Digest(shown) => digest.starts_with(&shown.digest),
                Judged::Nothing | Judged::Unsettled { .. } => false,
            };
            if state == ReviewState::Approved
                && of_this_digest
                && !askers.people.contains(&login)
                && self.github.permission(&self.repository, &login).await? >= Permission::Write
            {
                counted.push(Approval { login: login.as_str().to_owned(), at: at.to_string() });
            }
        }
        Ok(counted)
    }
}

/// What the rules said of a stored plan. Plans of versions that knew no rules have no verdict.
pub(crate) fn stored_verdict(stored: &StoredPlan) -> Result<Verdict, FlowError> {
    let text = stored.entry.verdict.as_str();
    Ok(if text.is_empty() { Verdict::default() } else { serde_json::from_str(text)? })
}

/// The name of our commit status for an environment.
pub(crate) fn status_context(environment: &Name) -> String {
    format!("ipr/{environment}")
}

fn is_digest(word: &str) -> bool {
    word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}
