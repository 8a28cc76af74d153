//! Who posts the deliveries?

use std::sync::Arc;
use std::time::Duration;

use super::outbox::{DeliveryOutcome, Outbox, Parcel};
use super::signature::signature;

/// GitHub gives a receiver this long.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Posts deliveries one after the other until the outbox is dropped or the task is ended.
pub(crate) async fn send_deliveries(outbox: Arc<Outbox>, client: reqwest::Client) {
    let mut changes = outbox.subscribe();
    loop {
        changes.mark_unchanged();
        while let Some(parcel) = outbox.take() {
            let outcome = post(&client, &parcel).await;
            outbox.finish(parcel, outcome);
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

async fn post(client: &reqwest::Client, parcel: &Parcel) -> DeliveryOutcome {
    let answer = client
        .post(&parcel.hook.url)
        .timeout(ANSWER_TIMEOUT)
        .header("Content-Type", "application/json")
        .header("User-Agent", "GitHub-Hookshot/simulator")
        .header("X-GitHub-Event", parcel.event)
        .header("X-GitHub-Delivery", &parcel.guid)
        .header("X-GitHub-Hook-ID", parcel.hook.id)
        .header("X-GitHub-Hook-Installation-Target-Type", "repository")
        .header("X-Hub-Signature-256", signature(&parcel.hook.secret, &parcel.body))
        .body(parcel.body.clone())
        .send()
        .await;
    match answer {
        Ok(answer) => DeliveryOutcome::Answered(answer.status().as_u16()),
        Err(_) => DeliveryOutcome::Failed,
    }
}
