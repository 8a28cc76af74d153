//! Is the simulator a router? Each file asks one side of it.

mod client;
mod data_path;
mod faults;
mod menus;
mod protocol;
mod replay;
mod rest;
mod safe_mode;
mod ssh;
mod texts;
mod time;
