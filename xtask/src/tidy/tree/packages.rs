//! Which crates are ours, which are not, and who depends on whom? As `cargo metadata` says it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

/// A crate of this workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Its folder from the root, such as `core/model`.
    pub(crate) folder: String,
    /// The names of what it needs, for itself, its build script or its tests: a rule that holds for one
    /// of them holds for all.
    pub(crate) dependencies: Vec<String>,
    /// Those of them that the shipped code needs.
    pub(crate) shipped_dependencies: Vec<String>,
}

/// A crate that others wrote.
#[derive(Debug)]
pub(crate) struct ForeignCrate {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The licence expression of its manifest.
    pub(crate) licence: Option<String>,
}

impl Package {
    /// The first folder of its path: `core`, `engines`, `daemon`, `tests` or `xtask`.
    pub(crate) fn layer(&self) -> &str {
        self.folder.split('/').next().unwrap_or_default()
    }

    pub(crate) fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|needed| needed == name)
    }

    /// Whether only the tests need it.
    pub(crate) fn tests_with(&self, name: &str) -> bool {
        self.depends_on(name) && !self.shipped_dependencies.iter().any(|needed| needed == name)
    }

    /// A simulator plays a target or a forge for tests: `tests/sim`, `tests/sim-proxmox`. So does what starts a real one: `tests/guest`.
    pub(crate) fn is_simulator(&self) -> bool {
        ["tests/sim", "tests/guest"].contains(&self.folder.as_str()) || self.folder.starts_with("tests/sim-")
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<RawPackage>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct RawPackage {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: String,
    dependencies: Vec<RawDependency>,
}

#[derive(Deserialize)]
struct RawDependency {
    name: String,
    /// Nothing, `build` or `dev`.
    kind: Option<String>,
}

/// Asks cargo, without letting it change the lock file.
pub(crate) fn read(root: &Path) -> anyhow::Result<(Vec<Package>, Vec<ForeignCrate>)> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root)
        .output()
        .context("start `cargo metadata`")?;
    if !output.status.success() {
        bail!("`cargo metadata` failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("read the answer of `cargo metadata`")?;
    Ok(sort_out(metadata))
}

fn sort_out(metadata: Metadata) -> (Vec<Package>, Vec<ForeignCrate>) {
    let (foreign, ours): (Vec<_>, Vec<_>) = metadata.packages.into_iter().partition(|package| package.source.is_some());
    let packages = ours
        .into_iter()
        .map(|raw| Package {
            folder: folder_of(&raw.manifest_path, &metadata.workspace_root),
            name: raw.name,
            shipped_dependencies: raw.dependencies.iter().filter(|raw| raw.kind.as_deref() != Some("dev")).map(|raw| raw.name.clone()).collect(),
            dependencies: raw.dependencies.into_iter().map(|raw| raw.name).collect(),
        })
        .collect();
    let foreign_crates = foreign.into_iter().map(|raw| ForeignCrate { name: raw.name, version: raw.version, licence: raw.license }).collect();
    (packages, foreign_crates)
}

fn folder_of(manifest_path: &str, workspace_root: &str) -> String {
    let relative = manifest_path.strip_prefix(workspace_root).unwrap_or(manifest_path);
    relative.trim_start_matches('/').trim_end_matches("/Cargo.toml").to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn our_crates_are_told_from_foreign_ones_and_keep_their_folder_and_every_kind_of_need() {
        let metadata = serde_json::from_str(
            r#"{"workspace_root": "/src/ipr", "packages": [
                {"name": "core-model", "version": "0.1.0", "license": null, "source": null,
                 "manifest_path": "/src/ipr/core/model/Cargo.toml",
                 "dependencies": [{"name": "serde", "kind": null}, {"name": "cc", "kind": "build"},
                                  {"name": "insta", "kind": "dev"}]},
                {"name": "serde", "version": "1.0.0", "license": "MIT", "source": "registry+index",
                 "manifest_path": "/cache/serde/Cargo.toml", "dependencies": []}]}"#,
        )
        .unwrap();
        let (packages, foreign_crates) = sort_out(metadata);
        assert_eq!(packages.len(), 1);
        assert_eq!(packages[0].folder, "core/model");
        assert_eq!(packages[0].layer(), "core");
        assert_eq!(packages[0].dependencies, ["serde", "cc", "insta"]);
        assert_eq!(packages[0].shipped_dependencies, ["serde", "cc"]);
        assert!(packages[0].tests_with("insta") && !packages[0].tests_with("serde") && !packages[0].tests_with("absent"));
        assert_eq!(foreign_crates.len(), 1);
        assert_eq!(foreign_crates[0].licence.as_deref(), Some("MIT"));
    }
}
