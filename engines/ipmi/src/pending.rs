//! What was written and waits for the machine's next start? Settings of the firmware, and its boot order.

use engine_api::EngineError;

use crate::driver::Bmc;
use crate::login::Door;
use crate::observe;
use crate::wanted::Wanted;

pub(crate) async fn pending(door: &Door, wanted: &Wanted) -> Result<Option<String>, EngineError> {
    if wanted.settings.is_empty() && wanted.order.is_none() {
        return Ok(None);
    }
    let mut login = door.open().await?;
    let waiting = waiting(login.bmc.as_mut(), wanted).await;
    login.close().await;
    Ok(Some(waiting?.join(", ")).filter(|words| !words.is_empty()))
}

async fn waiting(bmc: &mut dyn Bmc, wanted: &Wanted) -> Result<Vec<String>, EngineError> {
    let mut waiting = Vec::new();
    if !wanted.settings.is_empty() {
        let words = |(name, value): (String, String)| format!("the firmware's setting `{name}` becomes `{value}` at the next start");
        waiting.extend(observe::settings(bmc).await?.pending.into_iter().map(words));
    }
    if wanted.order.is_some() {
        let order = bmc.boot_order().await?.and_then(|order| order.pending);
        waiting.extend(order.map(|order| format!("the firmware's boot order becomes {} at the next start", order.join(", "))));
    }
    Ok(waiting)
}
