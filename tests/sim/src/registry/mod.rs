//! An image registry for tests and for the demo.
//!
//! It speaks the pulling half of the OCI distribution protocol over plain HTTP on 127.0.0.1, which every Docker engine on the
//! same machine accepts without settings. Images are made in memory; [`debian`] makes one of packages that are installed here.
//!
//! Deliberately absent: pushing, credentials, TLS, image indexes for several platforms, lists of tags.

pub mod debian;
mod digest;
mod error;
mod files;
mod image;
mod path;
mod serve;

pub use error::{ImageError, RegistryError};
pub use files::Files;
pub use image::Image;
pub use serve::Registry;
