//! The routes over real TCP, against a real database.

#![allow(clippy::unwrap_used)]

mod connections;
mod pages;
mod server;
mod webhooks;
