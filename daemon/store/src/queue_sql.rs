//! What exactly does the job queue ask of the database?
//!
//! The texts are apart from [`crate::queue`] because they carry its promises: serial lanes,
//! first in first out, takeover of lost leases, fencing.

use crate::clock::now;

/// Stores a job, or gives the waiting job of the same lane and key its newest content. The
/// waiting job keeps its place and its earlier due time, so a stream of events cannot push
/// it back for ever. No row comes back when the queue is full.
pub(crate) const ENQUEUE: &str = concat!(
    "INSERT INTO queue (id, lane, key, kind, payload, state, attempt, failures, due_at, changed_at) \
     SELECT $1, $2, $3, $4, $5, 'waiting', 0, 0, COALESCE($6, ",
    now!(),
    "), ",
    now!(),
    " WHERE $7 > (SELECT COUNT(*) FROM queue WHERE state IN ('waiting', 'running')) \
     OR EXISTS (SELECT 1 FROM queue w WHERE w.lane = $2 AND w.key = $3 AND w.state = 'waiting') \
     ON CONFLICT (lane, key) WHERE state = 'waiting' DO UPDATE SET \
     kind = excluded.kind, payload = excluded.payload, failures = 0, reason = NULL, \
     due_at = CASE WHEN excluded.due_at < queue.due_at THEN excluded.due_at ELSE queue.due_at END, \
     changed_at = excluded.changed_at \
     RETURNING id"
);

/// A job whose worker was lost too often may be what kills the workers.
pub(crate) const BURY: &str = concat!(
    "UPDATE queue SET state = 'dead', lease_until = NULL, changed_at = ",
    now!(),
    ", reason = 'its worker was lost too often' \
     WHERE state = 'running' AND failures + 1 >= $1 AND lease_until <= ",
    now!()
);

/// The oldest job that is due in a free lane, or whose worker lost its lease.
pub(crate) const CLAIM: &str = concat!(
    "UPDATE queue SET state = 'running', worker = $1, attempt = attempt + 1, \
     failures = failures + CASE WHEN state = 'running' THEN 1 ELSE 0 END, lease_until = ",
    now!(),
    " + $2, changed_at = ",
    now!(),
    " WHERE id = (SELECT j.id FROM queue j \
     WHERE (j.state = 'running' AND j.lease_until <= ",
    now!(),
    ") OR (j.state = 'waiting' AND j.due_at <= ",
    now!(),
    " AND NOT EXISTS (SELECT 1 FROM queue r WHERE r.lane = j.lane AND r.state = 'running')) \
     ORDER BY j.id LIMIT 1) \
     AND (state = 'waiting' OR (state = 'running' AND lease_until <= ",
    now!(),
    ")) RETURNING id, lane, key, kind, payload, attempt"
);

/// Seconds until the next claim can succeed. A job behind a running one is left out: the end
/// of the running one wakes the workers.
pub(crate) const DUE_IN: &str = concat!(
    "SELECT MIN(CASE WHEN j.state = 'running' THEN j.lease_until ELSE j.due_at END) - ",
    now!(),
    " FROM queue j WHERE j.state = 'running' OR (j.state = 'waiting' \
     AND NOT EXISTS (SELECT 1 FROM queue r WHERE r.lane = j.lane AND r.state = 'running'))"
);

pub(crate) const RENEW: &str = concat!("UPDATE queue SET lease_until = ", now!(), " + $3 WHERE id = $1 AND attempt = $2 AND state = 'running'");

pub(crate) const FINISH: &str = "DELETE FROM queue WHERE id = $1 AND attempt = $2 AND state = 'running'";

/// Takes the job out of its lane if a newer one of the same key waits, because the newer one
/// does its work.
pub(crate) const SUPERSEDE: &str = "DELETE FROM queue WHERE id = $1 AND attempt = $2 \
    AND state = 'running' AND EXISTS (SELECT 1 FROM queue w WHERE w.lane = queue.lane \
    AND w.key = queue.key AND w.state = 'waiting') RETURNING lane, key";

/// The newer job is then due no later than the one it stands for.
pub(crate) const HASTEN: &str =
    concat!("UPDATE queue SET due_at = ", now!(), " + $3 WHERE lane = $1 AND key = $2 AND state = 'waiting' AND due_at > ", now!(), " + $3");

/// Puts the job back, or buries it after too many failures. `$4` is 1 for a failure.
pub(crate) const PUT_BACK: &str = concat!(
    "UPDATE queue SET state = CASE WHEN failures + $4 >= $6 THEN 'dead' ELSE 'waiting' END, \
     failures = failures + $4, reason = $5, worker = NULL, lease_until = NULL, due_at = ",
    now!(),
    " + $3, changed_at = ",
    now!(),
    " WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING state"
);

pub(crate) const WAITING_COUNT: &str = "SELECT COUNT(*) FROM queue WHERE state = 'waiting'";

pub(crate) const DEAD: &str = "SELECT id, lane, key, kind, reason, changed_at FROM queue \
    WHERE state = 'dead' ORDER BY id DESC LIMIT $1";
