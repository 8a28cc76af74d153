//! Does the engine for RouterOS work against a router? Against the simulated one, over its real protocol.

#![allow(clippy::unwrap_used)]

mod adopted;
mod cases;
mod complaints;
mod contract;
mod example;
mod exports;
mod foreign;
mod guard;
mod hints;
mod imports;
mod language;
mod lockout;
mod page;
mod record;
mod samples;
mod subject;
mod together;
mod wire;
mod world;
