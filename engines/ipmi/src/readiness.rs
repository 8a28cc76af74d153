//! Is the machine of use yet? It is when the installed host answers on its port.

use engine_api::Readiness;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::limits::Limits;
use crate::wanted::{Ready, Wanted};

pub(crate) async fn wait(wanted: &Wanted, limits: Limits) -> Readiness {
    let is_off = wanted.power == Some(crate::driver::PowerState::Off);
    match wanted.ready.as_ref().filter(|_| !is_off) {
        Some(ready) => answers(ready, limits).await,
        None => Readiness::NoGate,
    }
}

async fn answers(ready: &Ready, limits: Limits) -> Readiness {
    let end = Instant::now() + ready.within;
    let mut why = "nobody answers".to_owned();
    loop {
        let next = (Instant::now() + limits.look_every).min(end);
        match tokio::time::timeout_at(next, TcpStream::connect((ready.address, ready.port))).await {
            Ok(Ok(_)) => return Readiness::Ready,
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => {}
        }
        if Instant::now() >= end {
            let message = format!("{} port {} does not answer after {} s: {why}", ready.address, ready.port, ready.within.as_secs());
            return Readiness::NotReady { message };
        }
        tokio::time::sleep_until(next).await;
    }
}
