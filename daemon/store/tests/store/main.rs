//! Does the store keep its promises across workers, crashes and deletions?
#![allow(clippy::unwrap_used)]

mod fixture;
mod inbox;
mod inspection;
mod journal;
mod memory;
mod open;
mod outbox;
mod plans;
mod queue;
mod requests;
mod retention;
mod state_page;
