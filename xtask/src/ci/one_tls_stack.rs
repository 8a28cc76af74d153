//! Is there one TLS stack only, rustls with aws-lc-rs? Asks `cargo tree` for each crate that would be another.
//!
//! `cargo metadata` cannot answer this: it lists crates that only a feature nobody enables would bring.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Crates that bring a second implementation of TLS or of its primitives.
const REFUSED: &[&str] = &["ring", "openssl", "openssl-sys", "native-tls", "boring"];

/// What `cargo tree` says on standard error about a crate that the lock file does not have.
const NOT_IN_LOCK_FILE: &str = "did not match any packages";

/// Fails when one of the refused crates is compiled into any of our crates.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    for name in REFUSED {
        let output = Command::new("cargo")
            .args(["tree", "--workspace", "--locked", "-e", "normal,build", "-i", name])
            .current_dir(root)
            .output()
            .context("start `cargo tree`")?;
        let tree = String::from_utf8_lossy(&output.stdout);
        let messages = String::from_utf8_lossy(&output.stderr);
        match judge(output.status.success(), &tree, &messages) {
            Use::Absent => println!("    {name}: not compiled in"),
            Use::Present => bail!("{name} is compiled in, which is a second TLS stack:\n{tree}"),
            Use::Unknown => bail!("`cargo tree -i {name}` failed:\n{messages}"),
        }
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Use {
    Absent,
    Present,
    Unknown,
}

fn judge(success: bool, tree: &str, messages: &str) -> Use {
    match (success, tree.trim().is_empty()) {
        (true, true) => Use::Absent,
        (true, false) => Use::Present,
        // Two versions of the crate: cargo wants to be told which, so at least one is there.
        (false, _) if messages.contains("is ambiguous") => Use::Present,
        (false, _) if messages.contains(NOT_IN_LOCK_FILE) => Use::Absent,
        (false, _) => Use::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_names_a_parent_is_a_second_stack() {
        assert_eq!(judge(true, "ring v0.17.14\n└── rustls v0.23.0\n", ""), Use::Present);
        assert_eq!(judge(false, "", "error: specification `ring` is ambiguous"), Use::Present);
    }

    #[test]
    fn a_crate_nobody_compiles_is_absent() {
        assert_eq!(judge(true, "", "warning: nothing to print."), Use::Absent);
        let message = "error: package ID specification `boring` did not match any packages";
        assert_eq!(judge(false, "", message), Use::Absent);
    }

    #[test]
    fn a_failure_of_another_kind_is_not_taken_for_absence() {
        assert_eq!(judge(false, "", "error: the lock file needs to be updated"), Use::Unknown);
    }
}
