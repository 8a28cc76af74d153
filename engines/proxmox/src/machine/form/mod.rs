//! How do the fields of a virtual machine and the options of Proxmox VE map to each other? Reading and writing stand side by
//! side, so that they cannot disagree.

pub(crate) mod cards;
mod cpu;
pub(crate) mod devices;
pub(crate) mod disks;
mod edits;
pub(crate) mod plain;
mod seen;
pub(crate) mod size;
mod startup;
mod wanted;
mod word;

pub(crate) use edits::{Edits, Making, edits};
pub(crate) use seen::see;
pub(crate) use wanted::{Wanted, field_of};
pub(crate) use word::word_of;
