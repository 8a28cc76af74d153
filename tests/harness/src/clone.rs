//! What does the command line say on somebody else's machine? A fresh clone, another home, and the same binary.

use std::path::Path;
use std::process::{Command, Output};

use crate::binary;
use crate::world::{REPOSITORY, World};

impl World {
    /// Clones the repository with the git client and runs `ipr` there, in an environment that has only these variables,
    /// a home of its own and what the daemon's configuration names. Answers what it printed.
    pub async fn ipr_in_a_fresh_clone(&self, arguments: &[&str], variables: &[(&str, &str)]) -> String {
        self.settled().await;
        let place = tempfile::Builder::new().prefix("clone-").tempdir_in(self.folder()).expect("the world's folder is ours");
        let (home, clone) = (place.path().join("home"), place.path().join("infra"));
        std::fs::create_dir(&home).expect("the folder is ours");
        self.clone_repository(&clone).await;
        let mut ipr = Command::new(binary::path());
        ipr.args(arguments).arg("--config").arg(self.configuration_file()).current_dir(&clone).env_clear();
        ipr.envs(self.variables()).env("HOME", &home).envs(variables.iter().copied());
        let output = run(ipr).await;
        assert!(output.status.success(), "ipr {arguments:?} ended with {}:\n{}", output.status, text(&output));
        text(&output)
    }

    async fn clone_repository(&self, place: &Path) {
        let token = self.forge().token_for("alice");
        let url = self.forge().git_url(REPOSITORY).replace("https://", &format!("https://x-access-token:{token}@"));
        let mut git = Command::new("git");
        git.args(["clone", "--quiet", &url]).arg(place);
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_TERMINAL_PROMPT", "0");
        git.env("GIT_SSL_CAINFO", self.certificate_file()).env_remove("http_proxy").env_remove("https_proxy");
        let output = run(git).await;
        assert!(output.status.success(), "the repository cannot be cloned:\n{}", text(&output));
    }
}

/// Runs a command to its end on a thread of its own: the forge that it talks to lives on ours.
async fn run(mut command: Command) -> Output {
    let ended = tokio::task::spawn_blocking(move || command.output()).await;
    ended.expect("running a command does not panic").expect("the command can be run")
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
