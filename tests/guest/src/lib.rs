//! What is a real machine behind a BMC, for tests? A guest that QEMU runs under libvirt, and the BMCs that others wrote before it:
//! virtualbmc, which speaks IPMI, and sushy-tools' emulator, which speaks Redfish.
//!
//! The guest has SeaBIOS, iPXE, and a sector of our own that tells on the serial console where it was started from and ends when
//! its power button is pressed. Everything lives in a folder of the test's own, as whoever runs the tests, and ends with the values
//! here, by the ids of processes; no daemon of the machine is asked, and no network made.
//!
//! It shares no code with the engine.

mod console;
mod firmware;
mod guest;
mod libvirt;
mod process;
mod sushy;
mod tools;
mod virtualbmc;

pub use console::Start;
pub use guest::{Guest, Network};
pub use sushy::{Sushy, Systems};
pub use tools::Missing;
pub use virtualbmc::{Identity, VirtualBmc};

/// The account of both BMCs.
pub const USER: &str = "admin";
pub const PASSWORD: &str = "password";
