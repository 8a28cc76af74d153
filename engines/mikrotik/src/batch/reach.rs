//! Does everything still answer? Asked from outside, over connections of their own, before changes become lasting.

use std::collections::BTreeSet;
use std::time::Duration;

use engine_api::{EngineError, ErrorKind, Gate, Order};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::stop::unless_stopped;
use crate::identity::Identity;
use crate::shape::specs;
use crate::wire::{Connection, Dialer};

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The pause between attempts.
const PAUSE: Duration = Duration::from_millis(300);

/// What the orders' `reach` fields name.
pub(crate) fn probes(orders: &[Order]) -> BTreeSet<String> {
    let reach = |order: &Order| specs(&order.desired).and_then(|specs| specs.get("reach")).and_then(Value::as_array).cloned();
    let texts = orders.iter().filter_map(reach).flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// A fresh connection to the same router, and an answer from every probe, within the time given.
pub(crate) async fn prove(dialer: &Dialer, serial: &str, probes: &BTreeSet<String>, gate: &Gate<'_>) -> Result<Connection, EngineError> {
    let until = Instant::now() + dialer.options().timeouts.reach;
    unless_stopped(gate, "see whether everything still answers", async {
        let connection = again_until(until, || fresh(dialer, serial)).await?;
        for probe in probes {
            again_until(until, || answers(probe)).await?;
        }
        Ok(connection)
    })
    .await
}

/// A fresh connection, if it leads to the router that is meant.
pub(crate) async fn fresh(dialer: &Dialer, serial: &str) -> Result<Connection, EngineError> {
    let mut connection = dialer.connect().await?;
    let seen = Identity::read(&mut connection).await?.serial;
    if seen == serial {
        return Ok(connection);
    }
    Err(EngineError::new(ErrorKind::Conflict, "reach the router again", format!("another router, `{seen}`, answers in place of `{serial}`")))
}

async fn answers(probe: &str) -> Result<(), EngineError> {
    let silent = |why: String| EngineError::new(ErrorKind::Unreachable, format!("reach `{probe}`, which `reach` names"), why);
    match tokio::time::timeout(ATTEMPT, TcpStream::connect(probe)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(silent(error.to_string())),
        Err(_) => Err(silent(format!("no answer within {} s", ATTEMPT.as_secs()))),
    }
}

/// Tries again until it works or time is up; the last failure is told.
async fn again_until<T, Tried: Future<Output = Result<T, EngineError>> + Send>(
    until: Instant,
    attempt: impl Fn() -> Tried + Send,
) -> Result<T, EngineError> {
    loop {
        let error = match attempt().await {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        if Instant::now() + PAUSE > until || !error.kind.is_transient() {
            return Err(error);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
