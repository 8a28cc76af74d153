//! Do our texts read well, and do commands mean what their authors meant?
#![allow(clippy::unwrap_used)]

mod assistant;
mod commands;
mod comments;
mod living;
mod properties;
mod rendered;
mod world;
