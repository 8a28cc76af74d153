//! How does sushy-tools' emulator run? With TLS, a password, and the machines of its fake driver or those of libvirt.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::process::Process;
use crate::tools::{Missing, python};
use crate::{PASSWORD, USER};

/// Which machines it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Systems {
    /// Those of the fake driver: a UUID, a name and whether it is on.
    Fake(Vec<(String, String, bool)>),
    /// Those of the libvirt at this URI.
    Libvirt(String),
}

/// An emulator that keeps its port when it is started again.
#[derive(Debug)]
pub struct Sushy {
    program: Mutex<Option<Process>>,
    python: String,
    folder: TempDir,
    systems: Systems,
    certificate: Vec<u8>,
    port: u16,
}

impl Sushy {
    pub async fn start(systems: Systems) -> Result<Self, Missing> {
        let mut modules = vec!["sushy_tools.emulator.main", "bcrypt"];
        modules.extend(matches!(systems, Systems::Libvirt(_)).then_some("libvirt"));
        let python = python(&modules).await?;
        let folder = tempfile::Builder::new().prefix("sushy-").tempdir().expect("a folder for temporary files can be made");
        let certificate = write_certificate(folder.path());
        write_password(&python, folder.path());
        let mut started = Self { program: Mutex::default(), python, folder, systems, certificate, port: 0 };
        started.port = started.launch()?;
        Ok(started)
    }

    /// The TCP port of 127.0.0.1 that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its certificate, which nobody but itself signed, as DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate's, as people pin it: `AB:CD:..`.
    pub fn fingerprint(&self) -> String {
        Sha256::digest(&self.certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// Ends it, as a BMC that loses its own power.
    pub fn end(&self) {
        self.program.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Starts it again, if it was ended, and answers its port.
    pub fn launch(&self) -> Result<u16, Missing> {
        let mut running = self.program.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Ok(self.port);
        }
        let file = self.folder.path().join("emulator.conf");
        fs::write(&file, self.configuration()).expect("the test's folder is its own");
        let (output, input) = std::io::pipe().expect("a pipe can be made");
        let mut command = Command::new(&self.python);
        command.args(["-m", "sushy_tools.emulator.main", "--config"]).arg(file).stdout(Stdio::null()).stderr(input);
        *running = Some(Process::start(&mut command));
        // With it goes our own end for writing; else the output would never end.
        drop(command);
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let mut log = Vec::new();
        while let Some(line) = lines.next() {
            if let Some((_, port)) = line.split_once("Running on https://127.0.0.1:") {
                let port = port.chars().take_while(char::is_ascii_digit).collect::<String>().parse();
                // It writes a line for each request; nobody reading them would stop it in the end.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(port.expect("a port is a number"));
            }
            log.push(line);
        }
        Err(Missing::Refused { name: "sushy-emulator", log: log.join("\n") })
    }

    fn configuration(&self) -> String {
        let (folder, port) = (self.folder.path().display(), self.port);
        let systems = match &self.systems {
            Systems::Libvirt(uri) => format!("SUSHY_EMULATOR_LIBVIRT_URI = '{uri}'\n"),
            Systems::Fake(systems) => {
                let rows = systems.iter().map(|(uuid, name, is_on)| {
                    let power = if *is_on { "On" } else { "Off" };
                    format!("{{'uuid': '{uuid}', 'name': '{name}', 'power_state': '{power}', 'external_notifier': False, 'nics': []}},\n")
                });
                format!("SUSHY_EMULATOR_FAKE_DRIVER = True\nSUSHY_EMULATOR_FAKE_SYSTEMS = [\n{}]\n", rows.collect::<String>())
            }
        };
        format!(
            "SUSHY_EMULATOR_LISTEN_IP = '127.0.0.1'\nSUSHY_EMULATOR_LISTEN_PORT = {port}\nSUSHY_EMULATOR_STATE_DIR = '{folder}'\n\
             SUSHY_EMULATOR_AUTH_FILE = '{folder}/htpasswd'\nSUSHY_EMULATOR_FEATURE_SET = 'full'\n\
             SUSHY_EMULATOR_SSL_CERT = '{folder}/certificate.pem'\nSUSHY_EMULATOR_SSL_KEY = '{folder}/key.pem'\n{systems}"
        )
    }
}

fn write_certificate(folder: &Path) -> Vec<u8> {
    let own = rcgen::generate_simple_self_signed(["bmc.sushy".to_owned()]).expect("a name is all that a certificate needs");
    fs::write(folder.join("certificate.pem"), own.cert.pem()).expect("the test's folder is its own");
    fs::write(folder.join("key.pem"), own.signing_key.serialize_pem()).expect("the test's folder is its own");
    own.cert.der().to_vec()
}

fn write_password(python: &str, folder: &Path) {
    let script = "import bcrypt, sys; print(sys.argv[1] + ':' + bcrypt.hashpw(sys.argv[2].encode(), bcrypt.gensalt(4)).decode())";
    let output = Command::new(python).args(["-c", script, USER, PASSWORD]).output().expect("Python can be run");
    fs::write(folder.join("htpasswd"), output.stdout).expect("the test's folder is its own");
}
