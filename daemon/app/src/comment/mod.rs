//! What do we write on GitHub? One function for each text, all of it Markdown made from plain data.
//!
//! No text is ever read back, and none of them decides anything. Foreign words reach a comment through [`markdown`] alone.

mod asides;
mod detail;
mod field;
mod living;
mod markdown;
mod outcomes;
mod section;
mod step;
mod steps;
mod value;
mod verdict;
mod view;

pub use living::{COMMENT_LENGTH_MAX, environment_text, living};
pub use view::{EnvironmentState, EnvironmentView, MARKER, PullView, Requirement};
