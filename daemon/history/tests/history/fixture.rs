//! A repository that the real git makes, as a person would.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use daemon_history::{CommitId, Repository};
use tempfile::TempDir;

pub(crate) struct Fixture {
    directory: TempDir,
}

impl Fixture {
    /// An empty repository on the branch `main`.
    pub(crate) fn new() -> Self {
        let fixture = Self { directory: TempDir::new().unwrap() };
        fixture.git(["init", "--quiet", "--initial-branch=main"]);
        fixture
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn repository(&self) -> Repository {
        Repository::open_local(self.path()).unwrap()
    }

    pub(crate) fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        self.git_with(arguments, b"")
    }

    pub(crate) fn git_with<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>, input: &[u8]) -> String {
        let mut command = git_command(self.path());
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Commits everything that is in the worktree.
    pub(crate) fn commit(&self, message: &str) -> CommitId {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "--message", message]);
        self.id("HEAD")
    }

    pub(crate) fn id(&self, spec: &str) -> CommitId {
        self.git(["rev-parse", spec]).parse().unwrap()
    }

    pub(crate) fn blob(&self, content: &[u8]) -> String {
        self.git_with(["hash-object", "-w", "--stdin"], content)
    }

    /// A commit whose tree git is told line by line, as `git mktree` wants it.
    pub(crate) fn commit_of_tree(&self, lines: &str) -> CommitId {
        let tree = self.git_with(["mktree", "--missing"], lines.as_bytes());
        self.git(["commit-tree", "-m", "made by hand", &tree]).parse().unwrap()
    }

    pub(crate) fn tree_line(&self, folder: &str, lines: &str) -> String {
        format!("040000 tree {}\t{folder}\n", self.git_with(["mktree", "--missing"], lines.as_bytes()))
    }
}

/// git without any configuration but ours.
pub(crate) fn git_command(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(directory).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_TERMINAL_PROMPT", "0");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@acme.example");
        command.env(format!("GIT_{role}_DATE"), "1700000000 +0000");
    }
    command
}
