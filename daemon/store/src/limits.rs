//! How much may each table hold?
//!
//! A full queue is an error that the caller sees. It is never a silent drop: the sweep finds
//! the work again once there is room.

/// Deliveries that wait or are being worked on. Beyond this, GitHub is told to come back.
pub const INBOX_WAITING_MAX: i64 = 10_000;
/// One webhook body. GitHub caps its own payloads at this size.
pub const INBOX_BODY_BYTES_MAX: usize = 25 * 1024 * 1024;
/// How often a delivery may lose its worker before it counts as failed.
pub const INBOX_ATTEMPTS_MAX: i64 = 5;
/// How long done and failed deliveries are kept to recognise a duplicate.
pub const INBOX_KEPT_S: i64 = 7 * 86_400;
/// How many done and failed deliveries are kept at most.
pub const INBOX_KEPT_ROWS: i64 = 50_000;

/// Jobs that wait or run.
pub const QUEUE_JOBS_MAX: i64 = 10_000;
/// One job's payload. Jobs carry keys, never content.
pub const QUEUE_PAYLOAD_BYTES_MAX: usize = 256 * 1024;
/// Failures and lost leases after which a job is dead.
pub const QUEUE_FAILURES_MAX: i64 = 8;

/// Entries that wait to be sent or are being sent.
pub const OUTBOX_ENTRIES_MAX: i64 = 10_000;
/// One entry's payload.
pub const OUTBOX_PAYLOAD_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Failures and lost leases after which an entry is dead.
pub const OUTBOX_FAILURES_MAX: i64 = 12;
/// How long sent entries are kept, to count them and to know the remote id.
pub const OUTBOX_SENT_KEPT_S: i64 = 7 * 86_400;

/// How long dead jobs and entries are kept to be looked at.
pub const DEAD_KEPT_S: i64 = 30 * 86_400;
/// How many rows `dead()` lists at most.
pub const DEAD_LISTED_MAX: i64 = 100;

/// Intents of one run.
pub const JOURNAL_INTENTS_PER_RUN_MAX: i64 = 100_000;
/// One intent's request summary, or one outcome.
pub const JOURNAL_TEXT_BYTES_MAX: usize = 256 * 1024;
/// How long the journal of a run that is no longer open is kept.
pub const JOURNAL_KEPT_S: i64 = 30 * 86_400;

/// One blob.
pub const BLOB_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long a blob that no plan names is kept.
pub const BLOBS_KEPT_S: i64 = 7 * 86_400;

/// Plans kept for one pull request and environment; the oldest make room.
pub const PLANS_PER_SUBJECT_MAX: i64 = 200;
/// One plan's verdict.
pub const PLANS_VERDICT_BYTES_MAX: usize = 1024 * 1024;
/// How long a plan is kept after it was recorded.
pub const PLANS_KEPT_S: i64 = 180 * 86_400;

/// Facts in all namespaces together.
pub const FACTS_MAX: i64 = 200_000;
/// One fact's value.
pub const FACTS_VALUE_BYTES_MAX: usize = 64 * 1024;

/// Requests to the assistant.
pub const REQUESTS_MAX: i64 = 100_000;
/// One request's conversation or command.
pub const REQUEST_TEXT_BYTES_MAX: usize = 512 * 1024;
/// How long a request is kept after it last changed.
pub const REQUESTS_KEPT_S: i64 = 180 * 86_400;

/// Open runs.
pub const RUNS_MAX: i64 = 10_000;
