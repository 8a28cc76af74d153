//! How does libvirt's daemon run for one test alone? By hand, as a daemon of one user's session, with every folder inside the
//! test's own.
//!
//! It runs in a namespace of users, where it takes itself for an ordinary one: run by root it would be the machine's own daemon,
//! whatever its configuration says. And in one of processes: guests outlive their daemon, but not the first process of that. A user
//! who may not make such does without, and the guests are ended by what libvirt wrote down of them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};

use crate::process::Process;
use crate::tools::{Missing, program, tail};

const START_MAX: Duration = Duration::from_secs(30);
/// It takes a while the first time: libvirt asks QEMU what it can do.
const VIRSH_MAX: Duration = Duration::from_secs(60);
const CONFIGURATION: &str = "auth_unix_rw = \"none\"\n";
/// No other daemon is asked for logs, and nothing is confined that is ours anyway.
const QEMU_CONFIGURATION: &str = "security_driver = \"none\"\nnamespaces = []\ncgroup_controllers = []\nstdio_handler = \"file\"\n";
/// Nobody in particular, who can still do what root can do with files, `/dev/kvm` among them, if root runs the tests.
const INSIDE: [&str; 7] = ["--user", "--map-user=1000", "--map-group=1000", "--pid", "--fork", "--kill-child", "--mount-proc"];
/// The first process takes leave of those that ended; libvirt, which waits for that, does not.
const FIRST: [&str; 4] = ["sh", "-c", "\"$@\" & wait", "sh"];
/// The folders, each by the variable that libvirt looks for it by.
const FOLDERS: [(&str, &str); 5] =
    [("XDG_RUNTIME_DIR", "run"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache"), ("XDG_DATA_HOME", "data"), ("HOME", "home")];

#[derive(Debug)]
pub(crate) struct Libvirt {
    daemon: Option<Process>,
    virsh: PathBuf,
    folder: PathBuf,
}

impl Libvirt {
    pub(crate) async fn start(folder: &Path) -> Result<Self, Missing> {
        let daemon = program("libvirtd", "libvirt-daemon")?;
        let virsh = program("virsh", "libvirt-clients")?;
        for (_, name) in FOLDERS {
            fs::create_dir_all(folder.join(name).join("libvirt")).expect("the test's folder is its own");
        }
        fs::write(folder.join("libvirtd.conf"), CONFIGURATION).expect("the test's folder is its own");
        fs::write(folder.join("config/libvirt/qemu.conf"), QEMU_CONFIGURATION).expect("the test's folder is its own");
        let log = folder.join("libvirtd.log");
        let mut command = as_a_user(&daemon)?;
        command.arg("-f").arg(folder.join("libvirtd.conf")).arg("-p").arg(folder.join("libvirtd.pid"));
        command.envs(FOLDERS.map(|(variable, name)| (variable, folder.join(name))));
        command.stdout(File::create(&log).expect("the test's folder is its own"));
        command.stderr(File::options().append(true).open(&log).expect("the test's folder is its own"));
        let mut started = Self { daemon: Some(Process::start(&mut command)), virsh, folder: folder.to_owned() };
        let end = Instant::now() + START_MAX;
        while started.virsh(&["uri"]).await.is_err() {
            if started.daemon.as_mut().is_none_or(Process::has_ended) || Instant::now() > end {
                return Err(Missing::Refused { name: "libvirtd", log: tail(&log) });
            }
        }
        Ok(started)
    }

    /// What clients connect to.
    pub(crate) fn uri(&self) -> String {
        format!("qemu+unix:///session?socket={}/run/libvirt/libvirt-sock", self.folder.display())
    }

    /// What virsh prints; the error is what it says of why not.
    pub(crate) async fn virsh(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = tokio::process::Command::new(&self.virsh);
        command.args(["--quiet", "-c", &self.uri()]).args(arguments).kill_on_drop(true);
        let output = tokio::time::timeout(VIRSH_MAX, command.output()).await.map_err(|_| "virsh does not end".to_owned())?;
        let output = output.map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        }
    }
}

impl Drop for Libvirt {
    /// Guests outlive the daemon; they are ended after it, so that it cannot start one meanwhile.
    fn drop(&mut self) {
        self.daemon.take();
        let entries = fs::read_dir(self.folder.join("run/libvirt/qemu/run")).into_iter().flatten().flatten();
        for file in entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == "pid")) {
            if let Some(guest) = fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).filter(|id| self.is_ours(*id)) {
                // It may have ended since.
                let _ = Pid::from_raw(guest).map(|guest| kill_process(guest, Signal::KILL));
            }
        }
    }
}

impl Libvirt {
    /// Whether the process is a guest of this folder: the file may be older than the process.
    fn is_ours(&self, id: i32) -> bool {
        let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(&*self.folder.to_string_lossy())
    }
}

fn as_a_user(daemon: &Path) -> Result<Command, Missing> {
    let unshare = program("unshare", "util-linux")?;
    let tried = Command::new(&unshare).args(INSIDE).arg("true").output();
    let why_not = match tried {
        Err(error) => Some(error.to_string()),
        Ok(tried) if !tried.status.success() => Some(String::from_utf8_lossy(&tried.stderr).trim().to_owned()),
        Ok(_) => None,
    };
    match why_not {
        None => {
            let mut command = Command::new(unshare);
            command.args(INSIDE).args(FIRST).arg(daemon);
            Ok(command)
        }
        Some(why) if geteuid().is_root() => Err(Missing::Namespace { why }),
        Some(_) => Ok(Command::new(daemon)),
    }
}
