//! Which language models can propose? Any endpoint that speaks OpenAI's chat completions (vLLM, Ollama, llama-server and others), and a
//! GGUF file on this machine, by the worker `ipr-model`.
//!
//! A model is a proposer and nothing more: it gets a schema, names and the author's text, and what it answers is checked word for word
//! by `daemon-assistant`. It holds no token of ours, no tool and no file; its answer is bounded in time and in length.

mod budget;
mod endpoint;
mod worker;

pub use budget::{AsksADay, Model, OnAccount, Payers};
pub use endpoint::{Endpoint, EndpointError, Settings};
pub use worker::{Worker, WorkerSettings};

/// The most tokens of an answer; a proposal of all slots fits.
const TOKENS_MAX: u32 = 1_500;
