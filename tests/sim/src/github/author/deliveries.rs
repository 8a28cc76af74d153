//! How does a test wait for webhooks, and let them go wrong?

use tokio::sync::watch;

use crate::github::forge::Forge;
use crate::github::webhook::{DeliveryFault, DeliveryOrder};

impl Forge {
    /// Waits until every delivery that may leave was answered.
    pub async fn deliveries_idle(&self) {
        let outbox = self.shared().outbox();
        let mut changes = outbox.subscribe();
        loop {
            changes.mark_unchanged();
            if outbox.is_idle() || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Changes with every request that was answered and every delivery that was made, so that a test can wait for the next.
    pub fn activity(&self) -> watch::Receiver<u64> {
        self.shared().outbox().subscribe()
    }

    /// Lets every delivery go wrong from now on; `None` ends it. Faults for single deliveries come first.
    pub fn fail_every_delivery(&self, fault: Option<DeliveryFault>) {
        self.shared().outbox().plan_for_every(fault);
    }

    /// Lets the next delivery of this event go wrong; an empty name means any event.
    pub fn fail_delivery(&self, event: &str, fault: DeliveryFault) {
        self.shared().outbox().plan(event, fault);
    }

    /// Keeps deliveries back until they are released.
    pub fn hold_deliveries(&self) {
        self.shared().outbox().hold();
    }

    /// Lets held deliveries go, in this order.
    pub fn release_deliveries(&self, order: DeliveryOrder) {
        self.shared().outbox().release(order);
    }

    /// Sends a delivery again, with its old id; what GitHub's Redeliver button does. False if there was none.
    pub fn redeliver(&self, guid: &str) -> bool {
        self.shared().outbox().redeliver(guid)
    }
}
