//! Is the simulator a router? Each file asks one side of it.

mod client;
mod data_path;
mod faults;
mod menus;
mod protocol;
mod rest;
mod safe_mode;
mod texts;
mod time;
