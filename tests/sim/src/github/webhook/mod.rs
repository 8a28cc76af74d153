//! How do events leave the simulator?
//!
//! A mutation puts one delivery per hook on the outbox; a task of its own posts them in order, after the answer to the request
//! that caused them. GitHub never retries, so neither does this.

mod outbox;
mod payload;
mod sender;
mod signature;

pub use outbox::{Delivery, DeliveryFault, DeliveryOrder, DeliveryOutcome};
pub(crate) use outbox::{Hook, Outbox};
pub(crate) use payload::Event;
pub(crate) use sender::send_deliveries;
pub use signature::signature;
