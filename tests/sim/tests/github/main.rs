//! Does the simulated GitHub behave as the real one, as far as its published contract and recorded traffic tell?

mod pull_requests;
mod support;
