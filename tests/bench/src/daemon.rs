//! A daemon to measure: `ipr serve` as a process of its own, with a GitHub that never answers.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use ssh_key::{LineEnding, PrivateKey, private::Ed25519Keypair};
use tempfile::TempDir;

const WEBHOOK_SECRET: &str = "the webhook secret of the benchmark";
const DELIVERY: &str = r#"{"action":"opened","number":1,"pull_request":{"number":1},"repository":{"full_name":"acme/infra"}}"#;
/// A daemon that takes longer is broken, not slow.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a daemon that does not listen yet is asked again.
const PAUSE: Duration = Duration::from_micros(200);

/// The folder and the configuration of a daemon.
pub(crate) struct Site {
    folder: TempDir,
    program: PathBuf,
    listen: SocketAddr,
}

impl Site {
    pub(crate) fn new(program: PathBuf) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("could not make a folder")?;
        let site = Self { folder, program, listen: closed_port()? };
        site.write("record-key", record_key()?)?;
        site.write("fingerprint-key", hex::encode(Sha256::digest("the fingerprint key of the benchmark")))?;
        site.write("token", "a token that nobody asks for")?;
        site.write("webhook-secret", WEBHOOK_SECRET)?;
        site.write("ipr.yaml", site.configuration()?)?;
        Ok(site)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> anyhow::Result<()> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let path = self.folder.path().join(name);
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(text.as_ref())).with_context(|| format!("could not write {}", path.display()))
    }

    fn configuration(&self) -> anyhow::Result<String> {
        let (listen, github) = (self.listen, closed_port()?);
        Ok(format!(
            "version: \"1.0\"
listen: {listen}
state: state
record_key: {{file: record-key}}
fingerprint_key: {{id: k1, file: fingerprint-key}}
github:
  api: http://{github}
  web: http://{github}
  token: {{file: token}}
  webhook_secret: {{file: webhook-secret}}
repositories:
  - {{name: acme/infra, environments: [prod]}}
targets:
  dock-01:
    provider: docker
    endpoint: unix:///var/run/docker.sock
    owner_id: c0ffee01
    repositories: [acme/infra]
    environments: [prod]
"
        ))
    }

    /// Starts the daemon and gives the time to the first webhook that it took. `number` makes the delivery a new one.
    pub(crate) fn start(&self, number: usize) -> anyhow::Result<(Daemon, Duration)> {
        let log = self.folder.path().join("log");
        let output = File::create(&log).context("could not make a log")?;
        let request = delivery(number);
        let begin = Instant::now();
        let mut command = Command::new(&self.program);
        command.arg("serve").arg("--config").arg(self.folder.path().join("ipr.yaml")).env_clear();
        let process = command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn();
        let mut daemon = Daemon(process.with_context(|| format!("could not start {}", self.program.display()))?);
        let answer = daemon.first_answer(self.listen, &request, &log)?;
        let time = begin.elapsed();
        anyhow::ensure!(answer.starts_with("HTTP/1.1 202") && answer.contains("stored"), "the daemon refused the webhook: {answer}");
        Ok((daemon, time))
    }
}

/// A daemon that runs until it is dropped.
pub(crate) struct Daemon(Child);

impl Daemon {
    pub(crate) fn process(&self) -> u32 {
        self.0.id()
    }

    fn first_answer(&mut self, address: SocketAddr, request: &[u8], log: &Path) -> anyhow::Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(stream) = TcpStream::connect_timeout(&address, PATIENCE) {
                return answer(stream, request).context("could not deliver a webhook");
            }
            let ended = self.0.try_wait().context("could not watch the daemon")?;
            let said = || fs::read_to_string(log).unwrap_or_default();
            anyhow::ensure!(ended.is_none() && Instant::now() < deadline, "the daemon does not listen. It said:\n{}", said());
            thread::park_timeout(PAUSE);
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn answer(mut stream: TcpStream, request: &[u8]) -> anyhow::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// A signed delivery, as GitHub sends it.
fn delivery(number: usize) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(DELIVERY.as_bytes());
    let signature = hex::encode(mac.finalize().into_bytes());
    format!(
        "POST /webhook HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-GitHub-Event: pull_request\r\nX-GitHub-Delivery: 00000000-0000-4000-8000-{number:012}\r\nX-Hub-Signature-256: sha256={signature}\r\n\r\n{DELIVERY}",
        DELIVERY.len()
    )
    .into_bytes()
}

/// A port on which nobody listens.
fn closed_port() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("could not find a free port")?;
    listener.local_addr().context("could not find a free port")
}

fn record_key() -> anyhow::Result<String> {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&[42; 32]));
    Ok(key.to_openssh(LineEnding::LF).context("could not make a record key")?.to_string())
}
