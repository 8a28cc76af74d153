//! Which programs of others are here? Those that Debian packages bring, and a Python with what comes by pip.

use std::fmt;
use std::path::{Path, PathBuf};

use tokio::process::Command;

/// Debian keeps daemons in sbin, which is not on everybody's path.
const SBIN: [&str; 2] = ["/usr/sbin", "/sbin"];

/// Why there is no machine to test with.
#[derive(Debug)]
pub enum Missing {
    /// What comes by apt, and is everywhere where all tests run.
    Program { name: &'static str, package: &'static str },
    /// What comes by pip: not every place that runs everything else can reach it.
    Python { python: String, modules: String },
    /// The right to be another user in one's own eyes, which libvirt needs when root runs the tests. Few containers give it.
    Namespace { why: String },
    /// It is here, and does not run: that is no reason to go on without it.
    Refused { name: &'static str, log: String },
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Program { name, package } => write!(formatter, "there is no `{name}`. Hint: apt-get install {package}"),
            Self::Python { python, modules } => write!(formatter, "`{python}` cannot import {modules}"),
            Self::Namespace { why } => write!(formatter, "root cannot make a user namespace: {why}"),
            Self::Refused { name, log } => write!(formatter, "`{name}` does not run here. The end of its log:\n{log}"),
        }
    }
}

/// The Python that `IPR_TEST_PYTHON` names, or else `python3`, if it has these modules.
pub(crate) async fn python(modules: &[&str]) -> Result<String, Missing> {
    let python = std::env::var("IPR_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let asked = Command::new(&python).args(["-c", &format!("import {}", modules.join(", "))]).output().await;
    if asked.is_ok_and(|asked| asked.status.success()) { Ok(python) } else { Err(Missing::Python { python, modules: modules.join(" and ") }) }
}

pub(crate) fn program(name: &'static str, package: &'static str) -> Result<PathBuf, Missing> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(SBIN.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|path| path.is_file()).ok_or(Missing::Program { name, package })
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    const LINES_MAX: usize = 15;
    let text = std::fs::read_to_string(log).unwrap_or_else(|error| format!("it cannot be read: {error}"));
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES_MAX)..].join("\n")
}
