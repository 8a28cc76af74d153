//! What does somebody have at their desk? A clone, a configuration of the daemon in their home, and the program; no daemon, no GitHub.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binary;
use crate::command::Ended;

/// A home with a managed repository in it, whose only environment is `lab`.
#[derive(Debug)]
pub struct Desk {
    home: TempDir,
}

impl Desk {
    /// As `ipr init` leaves it, with other targets in the configuration; `OWNER` in them stands for the owner id.
    pub async fn with_targets(targets: &str) -> Self {
        let desk = Self { home: TempDir::new().expect("a folder can be made") };
        fs::create_dir(desk.repository()).expect("the folder is ours");
        let made = desk.ipr(&["init", "--environment", "lab"], &[]).await;
        assert_eq!(made.code, Some(0), "{made:?}");
        let config = fs::read_to_string(desk.configuration()).expect("init wrote it");
        let owner = config.split("owner_id: ").nth(1).and_then(|rest| rest.lines().next()).expect("init wrote it").to_owned();
        let (before, _) = config.split_once("targets:\n").expect("init wrote one");
        fs::write(desk.configuration(), format!("{before}targets:\n{}", targets.replace("OWNER", &owner))).expect("the file is ours");
        let settings = desk.read("ipr.yaml").replace("    targets: {docker: local}\n", "");
        desk.write("ipr.yaml", &settings);
        desk.write("blueprints/hello.yaml", "version: \"1.0\"\nname: hello\nresources: []\n");
        desk.git(&["init", "--quiet", "--initial-branch=main"]);
        desk.commit("nothing yet");
        desk
    }

    fn repository(&self) -> PathBuf {
        self.home.path().join("repository")
    }

    fn configuration(&self) -> PathBuf {
        self.home.path().join("config/ipr/ipr.yaml")
    }

    /// A file of the repository.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::write(self.repository().join(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// What differs from the last commit, as `git status` says it in short.
    pub fn changed(&self) -> String {
        self.git(&["status", "--porcelain"])
    }

    /// The real git, without any configuration but ours.
    fn git(&self, arguments: &[&str]) -> String {
        let mut git = command(Path::new("git"), &self.repository());
        git.args(arguments).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        for role in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@acme.example");
        }
        let output = git.output().expect("git can be run");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("what it prints is text")
    }

    /// The program in the repository, with these variables, on a thread of its own: simulators live on ours.
    pub async fn ipr(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        let mut ipr = command(binary::path(), &self.repository());
        ipr.args(arguments).envs(variables.iter().copied());
        ipr.env("HOME", self.home.path()).env("XDG_CONFIG_HOME", self.home.path().join("config")).env("USER", "ada");
        let ended = tokio::task::spawn_blocking(move || ipr.output()).await.expect("running a command does not panic");
        let output = ended.expect("the command can be run");
        let home = self.home.path().display().to_string();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what it prints is text").replace(&home, "~");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}
