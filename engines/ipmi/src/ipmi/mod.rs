//! How does IPMI fulfil what the model asks of a BMC? A client of our own for RMCP+, the commands, and the driver over both.

mod accounts;
mod addresses;
mod client;
mod command;
mod console;
mod driver;
mod fault;
mod health;
mod identity;
mod lan;
mod options;
mod writer;

pub use driver::IpmiDriver;
pub use lan::{Patience, Suite, SuiteChoice};
pub use options::{IpmiOptions, Privilege};
