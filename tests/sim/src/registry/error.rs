//! Why is there no registry, or no image for it?

use std::io;

/// Why an image could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    #[error("pack the files of an image")]
    Pack(#[source] io::Error),
    #[error("make an image of Debian's packages: {programs} not installed here. Hint: apt-get install --yes {packages}")]
    NotInstalled { programs: String, packages: String },
    #[error("read `{path}` for an image")]
    Read { path: String, source: io::Error },
    #[error("ask ldd for the libraries of `{program}`")]
    Libraries { program: String, source: io::Error },
    #[error("a library of `{program}` is missing here: {line}")]
    MissingLibrary { program: String, line: String },
}

/// Why the registry did not start.
#[derive(Debug, thiserror::Error)]
#[error("start a registry on 127.0.0.1")]
pub struct RegistryError(#[from] io::Error);
