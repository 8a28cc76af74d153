//! What does the demo need to be played, and how is it put away? A forge, a folder, a target, a daemon.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use core_model::{Diagnostic, Secret};
use daemon_history::record::RecordKey;
use tempfile::TempDir;
use test_sim::github::{ClockSource, Forge, ForgeOptions, Permission, RepositoryHandle};

use super::content::{self, DaemonFacts, Facts, REPOSITORY, SETTINGS_PATH};
use super::daemon::DaemonProcess;
use super::narrator::Narrator;
use super::target::{self, Target};
use crate::failure::Failure;

/// Who opens and merges.
pub(super) const ALICE: &str = "alice";
/// Whom the daemon acts as.
pub(super) const BOT: &str = "ipr-bot";
const DEFAULT_BRANCH: &str = "main";

/// No step of the story may take longer.
const STEP_TIME_MAX: Duration = Duration::from_secs(120);
/// How often a thing is looked at again that does not show on the forge.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// Alice reads a plan before she merges.
pub(super) const READING_TIME: Duration = Duration::from_secs(1);
const KEY_BYTES: usize = 32;
const OWNER_ID_BYTES: usize = 4;

/// Everything that the demo started.
pub(super) struct Stage {
    folder: TempDir,
    pub(super) forge: Forge,
    pub(super) repository: RepositoryHandle,
    pub(super) owner_id: String,
    pub(super) target: Option<Target>,
    daemon: Option<DaemonProcess>,
    pub(super) client: reqwest::Client,
}

impl Stage {
    /// A forge with an empty repository. Nothing outside of this process is made yet.
    pub(super) async fn set() -> Result<Self, Failure> {
        let folder = tempfile::Builder::new().prefix("ipr-demo-").tempdir().map_err(|error| Failure::of("No folder", error))?;
        let options = ForgeOptions { clock: ClockSource::System, contract: false, mergeable_is_slow: false };
        let no_forge = |error| Failure::of("No simulated GitHub", error).hint("it keeps repositories with the program git: is that installed?");
        let forge = Forge::start(options).await.map_err(no_forge)?;
        let readme = [("README.md", "# Infrastructure\n\nWhat runs is in blueprints/. Change it by pull request.\n")];
        let repository = forge.repository(REPOSITORY, DEFAULT_BRANCH, &readme).await.map_err(no_forge)?;
        let owner_id = random(OWNER_ID_BYTES)?;
        Ok(Self { folder, forge, repository, owner_id, target: None, daemon: None, client: super::page::client()? })
    }

    /// Looks for the target. From here on there is something to remove.
    pub(super) async fn find_target(&mut self) -> Result<&Target, Failure> {
        let target = Target::choose(&target::socket(), self.folder.path()).await?;
        Ok(self.target.insert(target))
    }

    pub(super) fn target(&self) -> Result<&Target, Failure> {
        self.target
            .as_ref()
            .ok_or_else(|| Failure::new(Diagnostic::error("No target", "This is a bug in the demo: it looks at its target too early.")))
    }

    /// What is adapted in the repository's files. Writes the daemon's keys.
    pub(super) async fn facts(&self) -> Result<Facts, Failure> {
        let target = self.target()?;
        let key = RecordKey::generate().map_err(|error| Failure::of("No key made", error))?;
        self.keep(content::RECORD_KEY, &key.to_openssh().map_err(|error| Failure::of("No key made", error))?)?;
        let prefix = format!("ipr-demo-{}-", &self.owner_id[..4]);
        Ok(Facts {
            owner_id: self.owner_id.clone(),
            provider: target.provider(),
            registry: target.image_source().0.to_owned(),
            http_port: free_port()?,
            subnet: target.subnet(&prefix, &self.owner_id).await?,
            public_key: key.public_openssh().map_err(|error| Failure::of("No key made", error))?,
            prefix,
        })
    }

    /// Puts ipr.yaml on the default branch, as a person would who sets a repository up.
    pub(super) async fn push_settings(&self, facts: &Facts) -> Result<(), Failure> {
        let failed = |error| Failure::of("Cannot push", error);
        self.repository.user(ALICE, Permission::Admin).await.map_err(failed)?;
        let settings = facts.settings();
        let changes = [(SETTINGS_PATH, Some(settings.as_str()))];
        let push = test_sim::github::Push { branch: DEFAULT_BRANCH, from: None, author: ALICE, message: "Manage this with ipr", changes: &changes };
        self.repository.push(push).await.map(drop).map_err(failed)
    }

    /// Starts the daemon and waits until it works. Answers its process id and its page.
    pub(super) async fn start_daemon(&mut self, facts: &Facts) -> Result<(u32, String), Failure> {
        let failed = |error| Failure::of("Cannot start the daemon", error);
        let port = free_port()?;
        let secret = Secret::new(random(KEY_BYTES)?);
        let token = self.repository.user(BOT, Permission::Write).await.map_err(|error| Failure::of("No user for the daemon", error))?;
        self.keep(content::TOKEN, &Secret::new(token))?;
        self.keep(content::WEBHOOK_SECRET, &secret)?;
        self.keep(content::FINGERPRINT_KEY, &Secret::new(random(KEY_BYTES)?))?;
        self.keep(content::CERTIFICATE, &Secret::new(self.forge.certificate_pem()))?;
        let target = self.target()?;
        let configuration = DaemonFacts {
            port,
            api: &self.forge.api_url(),
            web: self.forge.web_url(),
            endpoint: &target.endpoint(),
            image_host: target.image_source().1,
            facts,
        };
        let path = self.folder.path().join("ipr.yaml");
        fs::write(&path, configuration.configuration()).map_err(failed)?;
        let daemon = DaemonProcess::start(&path, self.folder.path().join("daemon.log")).map_err(failed)?;
        let id = daemon.id();
        self.daemon = Some(daemon);
        let url = format!("http://127.0.0.1:{port}/");
        let hooked = self.repository.webhook(&format!("{url}webhook"), secret.expose()).await;
        hooked.map_err(|error| Failure::of("No webhook", error))?;
        let ready = format!("{url}readyz");
        self.until("the daemon", async |stage| Ok(super::page::fetch(&stage.client, &ready).await)).await?;
        Ok((id, url))
    }

    /// Looks again whenever something happens on the forge, and now and then, until there is an answer. Bounded in time; ends at
    /// once when the daemon ends.
    pub(super) async fn until<T>(&mut self, what: &str, mut look: impl AsyncFnMut(&Self) -> Result<Option<T>, Failure>) -> Result<T, Failure> {
        let mut activity = self.forge.activity();
        let waited = tokio::time::timeout(STEP_TIME_MAX, async {
            loop {
                activity.mark_unchanged();
                if let Some(found) = look(self).await? {
                    return Ok(found);
                }
                if let Some(status) = self.daemon.as_mut().and_then(DaemonProcess::ended) {
                    return Err(Failure::new(Diagnostic::error("Daemon ended", format!("It ended with {status} while the demo waited for {what}."))));
                }
                // Either is a reason to look again.
                let _ = tokio::time::timeout(LOOK_AGAIN, activity.changed()).await;
            }
        });
        waited.await.unwrap_or_else(|_| {
            let detail = format!("Waited {} s for {what}.", STEP_TIME_MAX.as_secs());
            Err(Failure::new(Diagnostic::error("Took too long", detail)))
        })
    }

    pub(super) fn last_log_lines(&self) -> Vec<String> {
        self.daemon.as_ref().map(DaemonProcess::last_lines).unwrap_or_default()
    }

    /// Ends the daemon, removes what is on the target, and ends the rest. Tries all of it and answers the first failure.
    pub(super) async fn clear(self, narrator: &mut Narrator) -> Result<(), Failure> {
        narrator.step("Cleaning up");
        let mut failed = Ok(());
        if let Some(daemon) = self.daemon {
            failed = failed.and(daemon.stop().await.map_err(|error| Failure::of("Daemon not ended", error)));
            narrator.say("The daemon has ended.");
        }
        if let Some(target) = self.target {
            match target.clear(&self.owner_id).await {
                Ok(removed) => narrator.say(&removed_in_words(&removed.names())),
                Err(failure) => failed = failed.and(Err(failure)),
            }
        }
        self.forge.stop().await;
        failed.and(self.folder.close().map_err(|error| Failure::of("Folder not removed", error)))
    }

    /// Writes a file that only this user can read.
    fn keep(&self, name: &str, content: &Secret) -> Result<(), Failure> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.folder.path().join(name));
        file.and_then(|mut file| file.write_all(content.expose().as_bytes())).map_err(|error| Failure::of("Cannot write", error))
    }
}

fn removed_in_words(names: &[String]) -> String {
    match names {
        [] => "Nothing is left on the target.".to_owned(),
        names => format!("Removed from the target: {}.", names.join(", ")),
    }
}

/// A port that nobody listens on right now. It is given back for whom it is meant.
fn free_port() -> Result<u16, Failure> {
    let port = || -> io::Result<u16> { Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port()) };
    port().map_err(|error| Failure::of("No free port", error))
}

fn random(bytes: usize) -> Result<String, Failure> {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).map_err(|error| Failure::new(Diagnostic::error("No randomness", format!("The system gives none: {error}."))))?;
    Ok(hex::encode(buffer))
}
