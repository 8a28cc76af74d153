//! Who asks the rules, so that none of them takes the memory or the time of everybody? A process of their own, which ends with it.
//!
//! The process is this very program, started anew with a command that does nothing but call [`serve`]: it gets the rules and the
//! documents on its standard input, bounds itself, and says what it finds on its standard output. What a rule may work is counted
//! inside, the same on every machine; the bounds here are for what cannot be counted there, such as a text that doubles with
//! each line. See docs/decisions/0037-rules-are-asked-in-a-process-of-their-own.md.

mod bounds;
mod ended;
mod exchange;
mod process;
mod serve;

pub use process::RulesProcess;
pub use serve::serve;
