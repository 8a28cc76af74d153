//! What time is it, for a lease?
//!
//! The database answers, never the process: daemons that share a database then agree on when
//! a lease ends. The expression is a macro, because SQL text here is a literal that `concat!`
//! puts together at compile time. It is the one expression that PostgreSQL spells differently
//! (`CAST(EXTRACT(EPOCH FROM now()) AS BIGINT)`).

/// The SQL expression for the current Unix time in whole seconds.
macro_rules! now {
    () => {
        "unixepoch()"
    };
}

pub(crate) use now;
