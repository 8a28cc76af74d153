//! The built program, as a person runs it.

#![allow(clippy::unwrap_used)]

mod apply;
mod chatting;
mod doctor;
mod first_steps;
mod fixture;
mod guided;
mod import;
mod own_tree;
mod policy;
mod resume;
mod serve;
