//! Does the engine do on BMCs what its tables and the contract say?
//!
//! What real programs can do is tested on them: `ipmi_sim`, ipmitool, FreeIPMI, pyghmi, virtualbmc and sushy-tools. Where one of them is not installed a test
//! says "NOT RUN", and fails in CI. For the rest there is a simulator, which those programs are held against.

#![allow(clippy::unwrap_used)]

mod addresses;
mod console;
mod contract;
mod guest;
mod language;
mod machine;
mod page;
mod programs;
mod rack;
mod redfish;
mod sessions;
mod subject;
mod weather;
mod world;
