//! Does the engine do on a simulated cluster what its tables and the contract say?

#![allow(clippy::unwrap_used)]

mod blueprints;
mod boot;
mod complaints;
mod containers;
mod contract;
mod fakepve;
mod files;
mod firewall;
mod images;
mod links;
mod networks;
mod page;
mod pools;
mod reviewed;
mod rig;
mod samples;
mod slots;
mod snapshots;
mod storages;
mod stored;
mod together;
mod wire;
mod world;
