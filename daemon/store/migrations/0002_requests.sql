-- What was asked of the assistant, and the question that is open. One row for each text that began a request:
-- the issue itself, or a comment. The conversation and the command are texts of the caller's own.
CREATE TABLE requests (
    repository   TEXT NOT NULL,
    issue        BIGINT NOT NULL,
    origin       TEXT NOT NULL,
    author       TEXT NOT NULL,
    text_hash    TEXT NOT NULL,
    state        TEXT NOT NULL,
    conversation TEXT NOT NULL,
    command      TEXT NOT NULL,
    turns        BIGINT NOT NULL,
    seen         BIGINT NOT NULL,
    pull         BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (repository, issue, origin)
);
CREATE INDEX requests_by_author ON requests (repository, author, created_at);
CREATE INDEX requests_by_pull ON requests (repository, pull);
