//! A folder with a home of its own, and the program in it.

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

pub(crate) struct Fixture {
    folder: TempDir,
}

/// What the program printed and how it ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let fixture = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(fixture.repository()).unwrap();
        fixture
    }

    /// A repository with this one blueprint, whose environment `lab` is local and lives in a file.
    pub(crate) fn lab(blueprint: &str) -> Self {
        let fixture = Self::new();
        fixture.ipr(["init", "--environment", "lab"]).printed();
        let settings = fixture.read("repository/ipr.yaml").replace("targets: {docker: local}", "local: true\n    targets: {fake: local}");
        fixture.write("repository/ipr.yaml", &settings);
        fixture.write("repository/blueprints/hello.yaml", blueprint);
        let state = fixture.config().join("target.json");
        let config = fixture.read("config/ipr/ipr.yaml").replace("provider: docker", "provider: fake");
        fixture.write("config/ipr/ipr.yaml", &config.replace("unix:///var/run/docker.sock", &format!("file://{}", state.display())));
        fixture.git(["init", "--quiet", "--initial-branch=main"]);
        fixture.commit("a shop");
        fixture
    }

    /// The managed repository.
    pub(crate) fn repository(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    /// Where `ipr init` puts the daemon's configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("config/ipr")
    }

    pub(crate) fn write(&self, path: impl AsRef<Path>, content: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// The program in the repository, with nothing of this machine's environment but what it needs to start.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ipr"));
        command.args(arguments).current_dir(self.repository()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path()).env("XDG_CONFIG_HOME", self.folder.path().join("config")).env("USER", "ada");
        command
    }

    pub(crate) fn ipr<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ended {
        self.ended(self.command(arguments).output().unwrap())
    }

    /// The program with these lines on its standard input, which then ends.
    pub(crate) fn answering<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>, input: impl AsRef<[u8]>) -> Ended {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (mut stdin, input) = (child.stdin.take().unwrap(), input.as_ref().to_owned());
        // The program may end before it has read everything.
        let writer = std::thread::spawn(move || _ = stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        self.ended(output)
    }

    /// What differs from the last commit, as `git status` says it in short.
    pub(crate) fn changed(&self) -> String {
        let output = Command::new("git").args(["status", "--porcelain"]).current_dir(self.repository()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn ended(&self, output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&self.folder.path().display().to_string(), "~");
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The real git in the repository, without any configuration but ours.
    pub(crate) fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(self.repository()).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@acme.example");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--message", message]);
    }
}

impl Ended {
    /// The program did what it was asked, and this is what it printed.
    pub(crate) fn printed(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.out
    }
}
