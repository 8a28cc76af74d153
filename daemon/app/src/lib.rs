//! placeholder

pub mod commands;
pub mod comment;
