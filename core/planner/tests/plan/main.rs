//! Plans from three states, on a test provider whose types are tables of this file's `world`.
#![allow(clippy::unwrap_used)]

mod cases;
mod covers;
mod properties;
mod whose;
mod world;
