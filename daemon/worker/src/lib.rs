//! How does a language model run beside the daemon without being able to do anything? In a process that can read one file and its
//! standard input, and write its standard output.
//!
//! ```text
//! ipr-model MODEL.gguf      confines itself, loads the model, and answers questions line by line until its input ends
//! ```
//!
//! The parts that need no model are here and tested everywhere; llama.cpp comes with the feature `llama`.
//!
//! Deliberately absent: an async runtime, the network, tools, and any crate of ours but the lines of the protocol.

pub mod confinement;
pub mod grammar;
pub mod processor;
pub mod template;
pub mod walls;

#[cfg(feature = "llama")]
mod choice;
#[cfg(feature = "llama")]
pub mod speaker;
