//! Which outside systems can a test start on this machine?
//!
//! Each module is one simulator: it speaks the wire protocol of the real thing on 127.0.0.1, keeps state, and takes faults as
//! method calls. Simulators share no types with the crates they test, so that a misunderstanding cannot sit on both sides.

pub mod github;
pub mod registry;
