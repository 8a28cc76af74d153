//! The built program, as a person runs it.

#![allow(clippy::unwrap_used)]

mod apply;
mod doctor;
mod first_steps;
mod fixture;
mod import;
mod own_tree;
mod policy;
mod resume;
mod serve;
