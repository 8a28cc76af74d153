//! Does the simulated GitHub behave as the real one, as far as its published contract and recorded traffic tell?
#![allow(clippy::unwrap_used)]

mod faults;
mod git_data;
mod people;
mod pull_requests;
mod rest;
mod support;
mod webhooks;
