//! What exactly does the outbox ask of the database?
//!
//! The shape is that of [`crate::queue_sql`], with the coalesce key as the lane and with sent
//! entries kept for a while.

use crate::clock::now;

/// Stores an entry, or gives the unsent entry of the same key its newest content. No row
/// comes back when the outbox is full.
pub(crate) const POST: &str = concat!(
    "INSERT INTO outbox (id, coalesce_key, kind, payload, state, attempt, failures, due_at, changed_at) \
     SELECT $1, $2, $3, $4, 'waiting', 0, 0, ",
    now!(),
    ", ",
    now!(),
    " WHERE $5 > (SELECT COUNT(*) FROM outbox WHERE state IN ('waiting', 'sending')) \
     OR EXISTS (SELECT 1 FROM outbox w WHERE w.coalesce_key = $2 AND w.state = 'waiting') \
     ON CONFLICT (coalesce_key) WHERE state = 'waiting' DO UPDATE SET \
     kind = excluded.kind, payload = excluded.payload, changed_at = excluded.changed_at \
     RETURNING id"
);

pub(crate) const BURY: &str = concat!(
    "UPDATE outbox SET state = 'dead', lease_until = NULL, changed_at = ",
    now!(),
    ", reason = 'its sender was lost too often' \
     WHERE state = 'sending' AND failures + 1 >= $1 AND lease_until <= ",
    now!()
);

/// A sender that was lost may have reached GitHub. A newer entry of the same key then stands
/// for both, and must know that it repeats something.
pub(crate) const SUPERSEDE_LOST: &str = concat!(
    "DELETE FROM outbox WHERE state = 'sending' AND lease_until <= ",
    now!(),
    " AND EXISTS (SELECT 1 FROM outbox w WHERE w.coalesce_key = outbox.coalesce_key \
     AND w.state = 'waiting') RETURNING coalesce_key, attempt"
);

/// The oldest entry that is due and whose key is not in flight, or whose sender was lost.
pub(crate) const CLAIM: &str = concat!(
    "UPDATE outbox SET state = 'sending', attempt = attempt + 1, \
     failures = failures + CASE WHEN state = 'sending' THEN 1 ELSE 0 END, lease_until = ",
    now!(),
    " + $1, changed_at = ",
    now!(),
    " WHERE id = (SELECT e.id FROM outbox e \
     WHERE (e.state = 'sending' AND e.lease_until <= ",
    now!(),
    ") OR (e.state = 'waiting' AND e.due_at <= ",
    now!(),
    " AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.coalesce_key = e.coalesce_key \
     AND s.state = 'sending')) ORDER BY e.id LIMIT 1) \
     AND (state = 'waiting' OR (state = 'sending' AND lease_until <= ",
    now!(),
    ")) RETURNING id, coalesce_key, kind, payload, attempt"
);

pub(crate) const DUE_IN: &str = concat!(
    "SELECT MIN(CASE WHEN e.state = 'sending' THEN e.lease_until ELSE e.due_at END) - ",
    now!(),
    " FROM outbox e WHERE e.state = 'sending' OR (e.state = 'waiting' \
     AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.coalesce_key = e.coalesce_key \
     AND s.state = 'sending'))"
);

pub(crate) const RENEW: &str = concat!("UPDATE outbox SET lease_until = ", now!(), " + $3 WHERE id = $1 AND attempt = $2 AND state = 'sending'");

/// The payload goes with the entry; what stays is counted and gives the remote id.
pub(crate) const SENT: &str = concat!(
    "UPDATE outbox SET state = 'sent', payload = '', reason = NULL, lease_until = NULL, \
     remote_id = $3, changed_at = ",
    now!(),
    " WHERE id = $1 AND attempt = $2 AND state = 'sending'"
);

pub(crate) const SUPERSEDE: &str = "DELETE FROM outbox WHERE id = $1 AND attempt = $2 \
    AND state = 'sending' AND EXISTS (SELECT 1 FROM outbox w \
    WHERE w.coalesce_key = outbox.coalesce_key AND w.state = 'waiting') \
    RETURNING coalesce_key, attempt";

/// The newer entry stands for the earlier attempts too. Raising an attempt is always safe:
/// nobody holds a waiting entry.
pub(crate) const INHERIT: &str = "UPDATE outbox SET attempt = attempt + $2 \
    WHERE coalesce_key = $1 AND state = 'waiting'";

/// A newer entry must not run ahead of the pause that GitHub asked for.
pub(crate) const HOLD: &str =
    concat!("UPDATE outbox SET due_at = ", now!(), " + $2 WHERE coalesce_key = $1 AND state = 'waiting' AND due_at < ", now!(), " + $2");

/// Puts the entry back, or buries it after too many failures. `$4` is 1 for a failure.
pub(crate) const PUT_BACK: &str = concat!(
    "UPDATE outbox SET state = CASE WHEN failures + $4 >= $6 THEN 'dead' ELSE 'waiting' END, \
     failures = failures + $4, reason = $5, lease_until = NULL, due_at = ",
    now!(),
    " + $3, changed_at = ",
    now!(),
    " WHERE id = $1 AND attempt = $2 AND state = 'sending' RETURNING state"
);

pub(crate) const SENT_SINCE: &str = concat!("SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND changed_at > ", now!(), " - $1");

pub(crate) const LAST_REMOTE_ID: &str = "SELECT remote_id FROM outbox WHERE coalesce_key = $1 \
    AND state = 'sent' AND remote_id IS NOT NULL ORDER BY id DESC LIMIT 1";

pub(crate) const DEAD: &str = "SELECT id, coalesce_key, kind, reason, changed_at FROM outbox \
    WHERE state = 'dead' ORDER BY id DESC LIMIT $1";
