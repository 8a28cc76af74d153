//! How do the fields of a container and the options of Proxmox VE map to each other? Reading and writing stand side by side, so
//! that they cannot disagree.

mod cards;
mod cpu;
mod edits;
mod features;
pub(crate) mod mounts;
mod plain;
mod seen;
mod word;

pub(crate) use edits::{Making, edits};
pub(crate) use seen::see;
pub(crate) use word::WORDS;
