//! What must survive a restart, but can be rebuilt?
//!
//! One SQLite file holds the daemon's inbox, job queue, journal, outbox, stored plans,
//! remembered facts, the requests to the assistant and the index of open runs. Everything in it can be given back by Git,
//! GitHub or the targets: `docs/state.md` says from where, table by table. Deleting the file
//! is therefore always a safe answer, and the one we give to a downgrade.
//!
//! What is deliberately absent: no decision is taken here. The store keeps the ids, digests
//! and JSON texts of other crates as text and never looks inside.
//!
//! The SQL is literal and would also run on PostgreSQL: `$N` placeholders, TEXT, BIGINT and
//! BLOB columns, partial unique indexes for "at most one", and `ON CONFLICT`. A claim is one
//! `UPDATE` that repeats the state in its outer `WHERE`. Leases are judged by the database's
//! clock, so that the clocks of several daemons need not agree.

mod backlog;
mod blobs;
mod clock;
mod error;
mod facts;
mod inbox;
mod inspection;
mod journal;
mod limits;
mod lock;
mod migrations;
mod outbox;
mod outbox_sql;
mod plans;
mod queue;
mod queue_sql;
mod requests;
mod retention;
mod runs;
mod sequence;
mod store;
mod wakeup;

pub use backlog::Backlog;
pub use blobs::Blobs;
pub use error::StoreError;
pub use facts::{Fact, Facts};
pub use inbox::{Delivery, Inbox, Received};
pub use inspection::{Inspection, inspect};
pub use journal::{Intent, IntentId, Journal, JournalEntry};
pub use limits::*;
pub use outbox::{ClaimedEntry, DeadEntry, Outbox, OutboxEntry, OutboxId};
pub use plans::{PlanEntry, PlanId, PlanMatch, PlanSubject, Plans, PublishedDigest, StoredPlan};
pub use queue::{ClaimedJob, DeadJob, Enqueued, Job, JobId, Queue, Retried};
pub use requests::{RequestEntry, Requests};
pub use runs::{OpenRun, Runs};
pub use store::Store;
