//! The binary API: words, sentences, and the conversation made of them.

mod sentence;
mod session;
pub(crate) mod words;

pub(crate) use session::serve;
