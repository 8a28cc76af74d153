//! How well does the assistant read? A corpus of requests with what they should come to, and the figures over it.
//!
//! `corpus/work` may be read while working on the assistant. `corpus/held` is run for figures only: whoever changes a lexicon because of
//! one of its lines must move that line to `corpus/work`.

pub mod corpus;
pub mod figures;
pub mod play;
pub mod rendering;
pub mod types;
pub mod world;
