//! Which program do the stories run? The `ipr` of this very tree, built when it is missing or older than its sources.
//!
//! `IPR_TEST_BINARY` names another one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The package of the binary, and its name.
const PACKAGE: &str = "ipr";
/// What the binary is made from, below the root of the tree.
/// The program holds the simulator too: the demo is played on it.
const SOURCES: [&str; 6] = ["Cargo.lock", "Cargo.toml", "core", "engines", "daemon", "tests/sim"];

/// The path of the program under test.
pub(crate) fn path() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("IPR_TEST_BINARY").map_or_else(built, PathBuf::from))
}

fn built() -> PathBuf {
    let own = std::env::current_exe().expect("a running test has a path");
    let folder = own.parent().expect("a program is in a folder");
    // Cargo puts tests into <target>/<profile>/deps, and programs such as the benchmarks one folder above.
    let profile = if folder.ends_with("deps") { folder.parent().expect("`deps` is in the folder of its profile") } else { folder };
    let binary = profile.join(PACKAGE);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this crate is two folders below the root");
    // Tests run as many processes at once; one of them builds and the others wait for it.
    let lock = File::create(profile.join("test-harness.lock")).expect("the target folder can be written");
    lock.lock().expect("a lock on a file of ours can be taken");
    if is_stale(&binary, root) {
        build(root, profile);
    }
    binary
}

fn is_stale(binary: &Path, root: &Path) -> bool {
    let Ok(built) = modified(binary) else { return true };
    SOURCES.iter().any(|source| newest(&root.join(source)) > built)
}

fn build(root: &Path, profile: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root).args(["build", "--quiet", "--package", PACKAGE]);
    cargo.arg("--target-dir").arg(profile.parent().expect("a profile is a folder of the target folder"));
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo, which built this test, can be run again");
    assert!(status.success(), "`cargo build --package {PACKAGE}` failed; the stories have no program to run");
    // Cargo leaves the binary alone when nothing that matters changed; it is up to date all the same.
    let binary = File::options().append(true).open(profile.join(PACKAGE));
    binary.and_then(|binary| binary.set_modified(SystemTime::now())).expect("the binary that was just built is ours");
}

/// When the newest file below a path was changed.
fn newest(path: &Path) -> SystemTime {
    let own = modified(path).unwrap_or(SystemTime::UNIX_EPOCH);
    let Ok(entries) = fs::read_dir(path) else { return own };
    entries.flatten().map(|entry| newest(&entry.path())).fold(own, SystemTime::max)
}

fn modified(path: &Path) -> std::io::Result<SystemTime> {
    path.metadata()?.modified()
}
