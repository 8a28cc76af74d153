//! Is the simulator a router? Each file asks one side of it.

mod client;
mod faults;
mod menus;
mod protocol;
mod safe_mode;
