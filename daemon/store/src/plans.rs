//! Which plan was made for a pull request, and which digest had people seen when?
//!
//! Rows are appended, never changed but for the time of publication: a command is judged
//! against the digest that was published before it, so the order of publications matters.

use crate::{
    clock::now,
    error::{Attempted, StoreError, within},
    limits::{PLANS_PER_SUBJECT_MAX, PLANS_VERDICT_BYTES_MAX},
    sequence::next_id,
    store::Store,
};

macro_rules! select_plan {
    () => {
        "SELECT id, repository, number, environment, head, plan_hash, digest, verdict, \
         recorded_at, published_at FROM plans \
         WHERE repository = $1 AND number = $2 AND environment = $3"
    };
}

const RECORD: &str = concat!(
    "INSERT INTO plans (id, repository, number, environment, head, plan_hash, digest, verdict, \
     recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ",
    now!(),
    ")"
);
const MAKE_ROOM: &str = "DELETE FROM plans WHERE repository = $1 AND number = $2 \
    AND environment = $3 AND id NOT IN (SELECT id FROM plans WHERE repository = $1 \
    AND number = $2 AND environment = $3 ORDER BY id DESC LIMIT $4)";
/// The first time counts: what people could see does not become younger.
const PUBLISHED: &str = "UPDATE plans SET published_at = $2 WHERE id = $1 AND published_at IS NULL";
const EXISTS: &str = "SELECT COUNT(*) FROM plans WHERE id = $1";
const LATEST: &str = concat!(select_plan!(), " ORDER BY id DESC LIMIT 1");
const LATEST_FOR_HEAD: &str = concat!(select_plan!(), " AND head = $4 ORDER BY id DESC LIMIT 1");
const PUBLISHED_PLANS: &str = concat!(select_plan!(), " AND published_at IS NOT NULL ORDER BY published_at, id");
/// The newest plan of each digest that starts with the prefix; two are enough to know that
/// the prefix is ambiguous.
const BY_PREFIX: &str = concat!(
    select_plan!(),
    " AND substr(digest, 1, length($4)) = $4 AND id IN (SELECT MAX(id) FROM plans \
     WHERE repository = $1 AND number = $2 AND environment = $3 GROUP BY digest) \
     ORDER BY id DESC LIMIT 2"
);
const FORGET: &str = "DELETE FROM plans WHERE repository = $1 AND number = $2";

/// A stored plan. Never given out twice by one database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanId(pub i64);

/// What a plan is about: one environment of one pull request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlanSubject {
    /// The repository, as `owner/name`.
    pub repository: String,
    /// The number of the pull request.
    pub number: i64,
    /// The environment.
    pub environment: String,
}

/// A plan that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEntry {
    /// What it is about.
    pub subject: PlanSubject,
    /// The head commit it was made for.
    pub head: String,
    /// The hash of the plan's document among the blobs.
    pub plan_hash: String,
    /// The digest that people see, approve and type.
    pub digest: String,
    /// What the policies said, as the caller's own text.
    pub verdict: String,
}

/// A plan and its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPlan {
    /// Which one.
    pub id: PlanId,
    /// The plan.
    pub entry: PlanEntry,
    /// When it was recorded, by the database's clock.
    pub recorded_at_s: i64,
    /// When people could see it first, by GitHub's clock; none while unpublished.
    pub published_at_s: Option<i64>,
}

/// A digest that people could see from a time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedDigest {
    /// The digest.
    pub digest: String,
    /// The head commit it was published for.
    pub head: String,
    /// The plan behind it.
    pub plan: PlanId,
    /// When, by GitHub's clock.
    pub published_at_s: i64,
}

/// What a typed digest prefix means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanMatch {
    /// No plan's digest starts with it.
    None,
    /// One digest starts with it; this is its newest plan.
    One(Box<StoredPlan>),
    /// Several digests start with it.
    Ambiguous,
}

/// The plans of a [`Store`].
#[derive(Debug, Clone, Copy)]
pub struct Plans<'a> {
    pub(crate) store: &'a Store,
}

impl Plans<'_> {
    /// Records a plan whose document is among the blobs. If the latest plan of the subject is
    /// the same one, that one is returned and nothing changes.
    pub async fn record(&self, entry: &PlanEntry) -> Result<PlanId, StoreError> {
        const ATTEMPT: &str = "record a plan";
        within(ATTEMPT, entry.verdict.len(), PLANS_VERDICT_BYTES_MAX)?;
        if let Some(latest) = self.latest(&entry.subject).await?
            && latest.entry == *entry
        {
            return Ok(latest.id);
        }
        let subject = &entry.subject;
        let mut transaction = self.store.pool().begin().await.attempted(ATTEMPT)?;
        let id = next_id(&mut transaction, "plans").await.attempted(ATTEMPT)?;
        sqlx::query(RECORD)
            .bind(id)
            .bind(&subject.repository)
            .bind(subject.number)
            .bind(&subject.environment)
            .bind(&entry.head)
            .bind(&entry.plan_hash)
            .bind(&entry.digest)
            .bind(&entry.verdict)
            .execute(&mut *transaction)
            .await
            .attempted(ATTEMPT)?;
        sqlx::query(MAKE_ROOM)
            .bind(&subject.repository)
            .bind(subject.number)
            .bind(&subject.environment)
            .bind(PLANS_PER_SUBJECT_MAX)
            .execute(&mut *transaction)
            .await
            .attempted(ATTEMPT)?;
        transaction.commit().await.attempted(ATTEMPT)?;
        Ok(PlanId(id))
    }

    /// People can see the plan since this Unix time of GitHub's clock, the one that commands
    /// are timed by. Saying it again changes nothing.
    pub async fn published(&self, id: PlanId, at_s: i64) -> Result<(), StoreError> {
        const ATTEMPT: &str = "mark a plan as published";
        let rows = sqlx::query(PUBLISHED).bind(id.0).bind(at_s).execute(self.store.pool()).await.attempted(ATTEMPT)?.rows_affected();
        if rows == 1 {
            return Ok(());
        }
        let held: i64 = sqlx::query_scalar(EXISTS).bind(id.0).fetch_one(self.store.pool()).await.attempted(ATTEMPT)?;
        match held {
            0 => Err(StoreError::Unknown { attempted: ATTEMPT }),
            _ => Ok(()),
        }
    }

    /// The latest plan of a subject, whatever its head.
    pub async fn latest(&self, subject: &PlanSubject) -> Result<Option<StoredPlan>, StoreError> {
        let plans = self.select(LATEST, subject, None).await?;
        Ok(plans.into_iter().next())
    }

    /// The latest plan of a subject for one head commit.
    pub async fn latest_for_head(&self, subject: &PlanSubject, head: &str) -> Result<Option<StoredPlan>, StoreError> {
        let plans = self.select(LATEST_FOR_HEAD, subject, Some(head)).await?;
        Ok(plans.into_iter().next())
    }

    /// All published digests of a subject, in the order of their publication.
    pub async fn published_digests(&self, subject: &PlanSubject) -> Result<Vec<PublishedDigest>, StoreError> {
        let plans = self.select(PUBLISHED_PLANS, subject, None).await?;
        let digest = |plan: StoredPlan| {
            Some(PublishedDigest { published_at_s: plan.published_at_s?, digest: plan.entry.digest, head: plan.entry.head, plan: plan.id })
        };
        Ok(plans.into_iter().filter_map(digest).collect())
    }

    /// The plan whose digest starts with what a person typed. How short a prefix may be is
    /// the caller's decision.
    pub async fn by_digest_prefix(&self, subject: &PlanSubject, prefix: &str) -> Result<PlanMatch, StoreError> {
        let mut plans = self.select(BY_PREFIX, subject, Some(prefix)).await?;
        Ok(match (plans.pop(), plans.is_empty()) {
            (None, _) => PlanMatch::None,
            (Some(plan), true) => PlanMatch::One(Box::new(plan)),
            (Some(_), false) => PlanMatch::Ambiguous,
        })
    }

    /// Forgets all plans of a pull request. Their documents are pruned later.
    pub async fn forget(&self, repository: &str, number: i64) -> Result<(), StoreError> {
        sqlx::query(FORGET).bind(repository).bind(number).execute(self.store.pool()).await.attempted("forget the plans of a pull request")?;
        Ok(())
    }

    async fn select(&self, text: &'static str, subject: &PlanSubject, fourth: Option<&str>) -> Result<Vec<StoredPlan>, StoreError> {
        let mut query = sqlx::query_as(text).bind(&subject.repository).bind(subject.number).bind(&subject.environment);
        if let Some(fourth) = fourth {
            query = query.bind(fourth);
        }
        let rows: Vec<PlanRow> = query.fetch_all(self.store.pool()).await.attempted("read stored plans")?;
        Ok(rows.into_iter().map(StoredPlan::from).collect())
    }
}

type PlanRow = (i64, String, i64, String, String, String, String, String, i64, Option<i64>);

impl From<PlanRow> for StoredPlan {
    fn from(row: PlanRow) -> Self {
        let (id, repository, number, environment, head, plan_hash, digest, verdict, ..) = row;
        Self {
            id: PlanId(id),
            entry: PlanEntry { subject: PlanSubject { repository, number, environment }, head, plan_hash, digest, verdict },
            recorded_at_s: row.8,
            published_at_s: row.9,
        }
    }
}
