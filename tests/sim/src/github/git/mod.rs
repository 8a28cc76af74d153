//! How does the simulator run git?
//!
//! One bare repository, one process a call, an argument vector, and nothing from the user's or the machine's configuration.

mod diff;
mod history;
mod objects;

pub(crate) use diff::FileChange;
pub(crate) use history::{Commit, Identity, TreeRow};
pub(crate) use objects::{NewCommit, TreeEdit};

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Why git did not do what the simulator asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("could not run git {command}")]
    Run {
        command: String,
        #[source]
        source: std::io::Error,
    },
    #[error("git {command} failed: {detail}")]
    Failed { command: String, detail: String },
    #[error("git {command} answered something unexpected")]
    Answer { command: String },
}

/// A bare repository on disk.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    directory: PathBuf,
}

impl Git {
    /// Creates a bare repository that serves and takes what GitHub's does.
    pub(crate) fn create(directory: PathBuf, default_branch: &str) -> Result<Self, GitError> {
        let git = Self { directory };
        std::fs::create_dir_all(&git.directory).map_err(|source| GitError::Run { command: "init".into(), source })?;
        git.text(&["init", "--quiet", "--bare", "-b", default_branch])?;
        let configuration = "[http]\n\treceivepack = true\n[uploadpack]\n\tallowReachableSHA1InWant = true\n\tallowFilter = true\n\
             [receive]\n\thideRefs = refs/pull\n[core]\n\tlogAllRefUpdates = false\n[gc]\n\tauto = 0\n";
        git.append_configuration(configuration)?;
        Ok(git)
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    fn append_configuration(&self, text: &str) -> Result<(), GitError> {
        std::fs::OpenOptions::new()
            .append(true)
            .open(self.directory.join("config"))
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|source| GitError::Run { command: "config".into(), source })
    }

    /// Runs git and answers its standard output; anything but exit code 0 is an error.
    pub(crate) fn bytes(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        self.checked(arguments, self.output(arguments, input, &[])?)
    }

    /// Like `bytes` without input, as trimmed text.
    pub(crate) fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.bytes(arguments, b"")?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Whether the command ends with exit code 0.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Result<bool, GitError> {
        Ok(self.output(arguments, b"", &[])?.status.success())
    }

    fn checked(&self, arguments: &[&str], output: Output) -> Result<Vec<u8>, GitError> {
        if output.status.success() {
            return Ok(output.stdout);
        }
        let detail = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(GitError::Failed { command: arguments.join(" "), detail })
    }

    fn output(&self, arguments: &[&str], input: &[u8], environment: &[(&str, &str)]) -> Result<Output, GitError> {
        let failed = |source| GitError::Run { command: arguments.join(" "), source };
        let mut command = isolated_git();
        command.current_dir(&self.directory).args(arguments).envs(environment.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        // Fed from a second thread, so that a large answer cannot block a large question.
        std::thread::scope(|scope| {
            scope.spawn(move || {
                if let Some(mut stdin) = stdin {
                    // git may stop reading early; its exit code tells what happened.
                    let _ = stdin.write_all(input);
                }
            });
            child.wait_with_output().map_err(failed)
        })
    }
}

/// A git command that reads no configuration but the repository's own.
pub(crate) fn isolated_git() -> Command {
    let mut command = Command::new("git");
    command
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_AUTHOR_NAME", "simulator")
        .env("GIT_AUTHOR_EMAIL", "simulator@example.com")
        .env("GIT_COMMITTER_NAME", "simulator")
        .env("GIT_COMMITTER_EMAIL", "simulator@example.com");
    command
}
