//! Does a guest do its work? It runs, and the port that the blueprint names answers.

use std::net::IpAddr;
use std::time::Duration;

use core_model::plan::Action;
use engine_api::{EngineError, Order, Readiness};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::GuestKind;
use super::wanted::Wanted;
use crate::cluster::Cluster;
use crate::stamp;

const PAUSE: Duration = Duration::from_secs(1);
const CONNECT_MAX: Duration = Duration::from_secs(3);

pub(crate) async fn wait(cluster: &Cluster<'_>, order: &Order) -> Result<Readiness, EngineError> {
    let (kind, wanted) = (GuestKind::of_type(&order.step.type_name), Wanted::all(order));
    let is_made_or_changed = matches!(order.step.action, Action::Create | Action::Replace | Action::Update | Action::Restart);
    if !is_made_or_changed || wanted.text("specs.power") == Some("off") {
        return Ok(Readiness::NoGate);
    }
    let Some(guest) = stamp::of_order(cluster.guests().await?, order) else {
        return Ok(Readiness::NotReady { message: format!("the {} `{}` is gone", kind.noun(), order.step.object) });
    };
    if !cluster.reader.is_running(guest).await? {
        // Off by somebody's will, where the step did not say otherwise. Only what runs is planned to be restarted.
        let is_started = matches!(order.step.action, Action::Create | Action::Replace | Action::Restart);
        let was_to_run = is_started || wanted.text("specs.power") == Some("on");
        let message = format!("the {} `{}` ({}) does not run", kind.noun(), order.step.object, guest.vmid);
        return Ok(if was_to_run { Readiness::NotReady { message } } else { Readiness::NoGate });
    }
    match gate(&wanted) {
        Some((address, port, within)) => Ok(answers(address, port, within.unwrap_or(cluster.options.timeouts.ready_max)).await),
        None => Ok(Readiness::Ready),
    }
}

/// Whom to ask, and for how long.
fn gate(wanted: &Wanted) -> Option<(IpAddr, u16, Option<Duration>)> {
    let port = u16::try_from(wanted.bytes("specs.ready.port")?).ok()?;
    let (address, _) = wanted.text("specs.network.ip")?.split_once('/')?;
    Some((address.parse().ok()?, port, wanted.bytes("specs.ready.within").map(Duration::from_millis)))
}

async fn answers(address: IpAddr, port: u16, within: Duration) -> Readiness {
    let begun = Instant::now();
    loop {
        let why = match timeout(CONNECT_MAX, TcpStream::connect((address, port))).await {
            Ok(Ok(_)) => return Readiness::Ready,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if begun.elapsed() >= within {
            return Readiness::NotReady { message: format!("port {port} of {address} did not answer within {} s: {why}", within.as_secs()) };
        }
        tokio::time::sleep(PAUSE).await;
    }
}
