//! How does virtualbmc run? As `vbmcd` runs it for each machine, without `vbmcd` itself: its processes would outlive it.
//!
//! It tells nothing that a machine could be known by, so the tests can let it tell the GUID that the guest's firmware has.

use std::fs::{self, File};
use std::net::UdpSocket as BlockingSocket;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::UdpSocket;

use crate::guest::Guest;
use crate::process::Process;
use crate::tools::{Missing, python, tail};
use crate::{PASSWORD, USER};

const START_MAX: Duration = Duration::from_secs(30);
const ANSWER_MAX: Duration = Duration::from_millis(200);
/// Get Channel Authentication Capabilities, outside of a session: what every client asks first.
const ANYBODY_THERE: [u8; 23] =
    [0x06, 0x00, 0xff, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x09, 0x20, 0x18, 0xc8, 0x81, 0x00, 0x38, 0x8e, 0x04, 0xb5];
const PROGRAM: &str = r#"
import sys, uuid
from virtualbmc import manager, vbmc
user, password, port, domain, uri, guid = sys.argv[1:]
if guid:
    vbmc.VirtualBMC.get_system_guid = lambda bmc: uuid.UUID(guid)
manager.vbmc_runner({'username': user, 'password': password, 'address': '127.0.0.1', 'port': int(port), 'domain_name': domain, 'libvirt_uri': uri})
"#;

/// What the BMC tells that the machine could be known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// As virtualbmc is.
    None,
    /// The guest's.
    Guid,
}

#[derive(Debug)]
pub struct VirtualBmc {
    program: Mutex<Option<Process>>,
    python: String,
    folder: TempDir,
    arguments: [String; 6],
    port: u16,
}

impl VirtualBmc {
    pub async fn start(guest: &Guest, identity: Identity) -> Result<Self, Missing> {
        let python = python(&["libvirt", "virtualbmc.manager"]).await?;
        let folder = tempfile::Builder::new().prefix("vbmc-").tempdir().expect("a folder for temporary files can be made");
        let port = BlockingSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("127.0.0.1 has a free port").port();
        // Its log goes to its output; nothing of the machine's own configuration counts.
        fs::write(folder.path().join("virtualbmc.conf"), "[log]\ndebug = true\n").expect("the test's folder is its own");
        let guid = if identity == Identity::Guid { guest.guid() } else { "" };
        let arguments = [USER, PASSWORD, &port.to_string(), guest.name(), &guest.libvirt_uri(), guid].map(str::to_owned);
        let started = Self { program: Mutex::default(), python, folder, arguments, port };
        started.launch().await?;
        Ok(started)
    }

    /// The UDP port of 127.0.0.1 that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it, as a BMC that loses its own power.
    pub fn end(&self) {
        self.program.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Starts it again, if it was ended.
    pub async fn launch(&self) -> Result<(), Missing> {
        if self.program.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(());
        }
        let log = self.folder.path().join("output");
        let mut command = Command::new(&self.python);
        command.args(["-c", PROGRAM]).args(&self.arguments);
        command.env("VIRTUALBMC_CONFIG", self.folder.path().join("virtualbmc.conf"));
        command.stdout(File::create(&log).expect("the test's folder is its own"));
        command.stderr(File::options().append(true).open(&log).expect("the test's folder is its own"));
        let mut program = Process::start(&mut command);
        let end = Instant::now() + START_MAX;
        while !self.answers().await {
            if program.has_ended() || Instant::now() > end {
                return Err(Missing::Refused { name: "virtualbmc", log: tail(&log) });
            }
        }
        *self.program.lock().unwrap_or_else(PoisonError::into_inner) = Some(program);
        Ok(())
    }

    async fn answers(&self) -> bool {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("127.0.0.1 has a free port");
        let asked = socket.send_to(&ANYBODY_THERE, ("127.0.0.1", self.port)).await;
        asked.expect("a packet can be sent to 127.0.0.1");
        tokio::time::timeout(ANSWER_MAX, socket.recv(&mut [0; 64])).await.is_ok_and(|received| received.is_ok())
    }
}
