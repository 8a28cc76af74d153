-- The first layout. Columns are TEXT, BIGINT or BLOB only, so that one text serves
-- SQLite and PostgreSQL (which spells BLOB as BYTEA). Times are Unix seconds.
-- docs/state.md says for each table what it is rebuilt from.

-- Ids are counted here and never given out twice, even after rows are deleted:
-- an id that came back could let a late worker finish a job that is not its own.
CREATE TABLE sequences (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE inbox (
    delivery    TEXT PRIMARY KEY,
    position    BIGINT NOT NULL,
    event       TEXT NOT NULL,
    body        BLOB NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'done', 'failed')),
    attempt     BIGINT NOT NULL,
    lease_until BIGINT,
    reason      TEXT,
    received_at BIGINT NOT NULL
);
CREATE INDEX inbox_by_state ON inbox (state, position);

CREATE TABLE queue (
    id          BIGINT PRIMARY KEY,
    lane        TEXT NOT NULL,
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
    attempt     BIGINT NOT NULL,
    failures    BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    worker      TEXT,
    lease_until BIGINT,
    reason      TEXT,
    changed_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX queue_one_running_per_lane ON queue (lane) WHERE state = 'running';
CREATE UNIQUE INDEX queue_one_waiting_per_key ON queue (lane, key) WHERE state = 'waiting';
CREATE INDEX queue_by_state ON queue (state, id);

CREATE TABLE journal (
    id          BIGINT PRIMARY KEY,
    run_id      TEXT NOT NULL,
    step_digest TEXT NOT NULL,
    operation   TEXT NOT NULL,
    key         TEXT NOT NULL,
    repeat      TEXT NOT NULL,
    request     TEXT NOT NULL,
    intended_at BIGINT NOT NULL,
    outcome     TEXT,
    outcome_at  BIGINT
);
CREATE INDEX journal_by_run ON journal (run_id, id);

CREATE TABLE outbox (
    id           BIGINT PRIMARY KEY,
    coalesce_key TEXT NOT NULL,
    kind         TEXT NOT NULL,
    payload      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dead')),
    attempt      BIGINT NOT NULL,
    failures     BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    lease_until  BIGINT,
    reason       TEXT,
    remote_id    TEXT,
    changed_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_one_waiting_per_key ON outbox (coalesce_key) WHERE state = 'waiting';
CREATE UNIQUE INDEX outbox_one_sending_per_key ON outbox (coalesce_key) WHERE state = 'sending';
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_by_key ON outbox (coalesce_key, id);

CREATE TABLE blobs (
    hash      TEXT PRIMARY KEY,
    bytes     BLOB NOT NULL,
    stored_at BIGINT NOT NULL
);

CREATE TABLE plans (
    id           BIGINT PRIMARY KEY,
    repository   TEXT NOT NULL,
    number       BIGINT NOT NULL,
    head         TEXT NOT NULL,
    environment  TEXT NOT NULL,
    plan_hash    TEXT NOT NULL REFERENCES blobs (hash),
    digest       TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    published_at BIGINT
);
CREATE INDEX plans_by_pull ON plans (repository, number, environment, id);
CREATE INDEX plans_by_hash ON plans (plan_hash);

CREATE TABLE facts (
    namespace  TEXT NOT NULL,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (namespace, key)
);

CREATE TABLE runs (
    run_id      TEXT PRIMARY KEY,
    repository  TEXT NOT NULL,
    environment TEXT NOT NULL,
    state       TEXT NOT NULL,
    record      TEXT NOT NULL,
    updated_at  BIGINT NOT NULL
);
