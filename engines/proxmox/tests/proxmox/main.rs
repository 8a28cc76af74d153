//! Does the engine do on a simulated cluster what its tables and the contract say?

#![allow(clippy::unwrap_used)]

mod blueprints;
mod boot;
mod calls;
mod complaints;
mod containers;
mod contract;
mod disks;
mod drives;
mod fakepve;
mod files;
mod firewall;
mod hidden;
mod images;
mod links;
mod networks;
mod page;
mod pools;
mod restarts;
mod reviewed;
mod rig;
mod samples;
mod slots;
mod snapshots;
mod storages;
mod stored;
mod together;
mod trial;
mod wire;
mod world;
