//! What does a person want? A text in an issue becomes a question, a change that can be planned, or a refusal.
//!
//! The assistant proposes and never disposes. Whatever the text says, there is a closed set of commands ([`Command`]); every slot has a
//! source ([`Source`]), and a slot without one is a question ([`Question`]). The change is written by `edit`, only under `blueprints/`,
//! and loaded again by the product's own reader before anybody sees it.
//!
//! ```text
//! read(request, view) -> Turn { outcome, conversation }      Outcome: Question | Change | RollBack | Answer | Refusal
//! answer(conversation, reply, view) -> Turn                  until there is no question any more
//! ```
//!
//! The caller checks who writes before it calls, keeps the [`Conversation`] in its own database (never in the thread), plans a
//! [`Change`] before it opens a pull request, and answers an [`Outcome::Answer`] from records and plans.
//!
//! Deliberately absent: engines, the executor, GitHub and the store. This crate depends on core crates only, so that it cannot apply
//! anything: it has no names for it. It has no clock either; the moment of the request comes with it.

mod clean;
mod command;
mod complete;
mod conversation;
mod disposals;
mod draft;
mod edit;
pub mod form;
pub mod guide;
mod language;
mod lexicon;
mod mark;
mod names;
mod outcome;
mod past;
mod proposal;
mod quantity;
mod question;
mod reading;
mod source;
mod summary;
mod text;
mod token;
mod view;

pub use clean::{Aside, TEXT_BYTES_MAX};
pub use command::{
    Adopt, CloneEnvironment, CloneResource, Command, CommandName, Create, Delete, FieldChange, Power, PowerState, Promote, Query, RollBack, Scale,
    Scope, Setting, Share, Update,
};
pub use conversation::{Conversation, Request, Turn, answer, carry_out, read};
pub use language::Language;
pub use outcome::{Change, Notes, Outcome, Refusal, RefusalReason};
pub use past::Past;
pub use proposal::{ANSWER_BYTES_MAX, ModelVersion, Prompt, Proposed, Proposer, ProposerError, REPAIRS_MAX, Reading, prompt, read_with, schema};
pub use question::{Choice, Fill, OPTIONS_MAX, Question, Slot};
pub use source::{Source, Sourced};
pub use view::View;
