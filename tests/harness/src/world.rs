//! Where does a story happen? A forge, a target and a daemon, started together and checked together at the end.

mod checks;
mod reading;
mod waiting;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::SystemTime;

use tempfile::TempDir;
use test_sim::github::{ClockSource, DeliveryFault, Forge, ForgeOptions, MergeMethod, Permission, Push, RepositoryHandle};

use crate::beside::Beside;
use crate::command::{Ended, Running};
use crate::configuration::{Configuration, WEBHOOK_SECRET, Webhooks, Wish};
use crate::daemon::{Daemon, Refusal};
use crate::edge::Edge;
use crate::metal::Metal;
use crate::model::Model;
use crate::pull::{NewPullRequest, Pull};
use crate::pve::Pve;
use crate::target::FakeTarget;

/// The repository of every story.
pub const REPOSITORY: &str = "acme/infra";
/// Who the daemon is on GitHub.
pub(crate) const BOT: &str = "ipr-bot";
/// How the living comment calls a merge that was applied.
const APPLIED: &str = "✅ applied";
const README: &str = "# Infra\n";

/// A forge with `acme/infra`, people, a target, and a daemon that serves them.
///
/// Alice and Bob may write, Mallory may read, Carol is an administrator.
#[derive(Debug)]
pub struct World {
    pub daemon: Daemon,
    forge: Forge,
    repository: RepositoryHandle,
    target: FakeTarget,
    beside: Beside,
    configuration: Configuration,
    webhooks: Webhooks,
    /// How many sweeps there had been when somebody last did something.
    sweeps_at_last_act: AtomicUsize,
    has_ended: AtomicBool,
    folder: TempDir,
}

impl World {
    /// A repository without blueprints, a fake target, webhooks that arrive, and a daemon that is done with its start.
    pub async fn start() -> Self {
        Self::start_as(Wish::default()).await
    }

    /// A world whose default branch held files before the daemon came, and a person who let it apply them.
    pub async fn start_installed(wish: Wish) -> Self {
        let world = Self::start_as(wish).await;
        world.install().await;
        world
    }

    /// Bob answers the first installation, which waits on the environment's issue.
    pub async fn install(&self) {
        let issue = self.issues().await.into_iter().next().expect("a first installation waits on an issue");
        let body = issue.body.unwrap_or_default();
        let command = body.split('`').find(|code| code.starts_with("/apply "));
        self.comment(issue.number, "bob", command.expect("the issue says what to comment")).await;
        assert_eq!(self.record("prod").await.run.result.as_deref(), Some("applied"), "the first installation is applied");
    }

    pub async fn start_as(wish: Wish) -> Self {
        let world = Self::prepare(wish).await;
        world.start_daemon().await;
        let url = format!("{}/webhook", world.daemon.url());
        world.repository.webhook(&url, WEBHOOK_SECRET).await.expect("the repository exists");
        world.settled().await;
        world
    }

    /// Everything but a running daemon.
    pub async fn prepare(wish: Wish) -> Self {
        let forge = Forge::start(ForgeOptions { clock: clock(), ..ForgeOptions::default() }).await.expect("a forge can be started on 127.0.0.1");
        let folder = tempfile::Builder::new().prefix("world-").tempdir().expect("a folder for temporary files can be made");
        let target = FakeTarget::create(folder.path().join("target.json"));
        let beside = Beside::start(&wish).await;
        let configuration = Configuration::new(folder.path(), &forge, REPOSITORY, &wish, &target, &beside);
        let own = configuration.repository_file(&wish);
        let mut files = vec![("ipr.yaml", own.as_str()), ("README.md", README)];
        files.extend(wish.files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        let repository = forge.repository(REPOSITORY, "main", &files).await.expect("a new forge takes a repository");
        let people = [
            ("alice", Permission::Write),
            ("bob", Permission::Write),
            ("carol", Permission::Admin),
            ("mallory", Permission::Read),
            (BOT, Permission::Write),
        ];
        for (login, permission) in people {
            repository.user(login, permission).await.expect("the repository exists");
        }
        match wish.webhooks {
            Webhooks::Delivered => {}
            Webhooks::Lost => forge.fail_every_delivery(Some(DeliveryFault::Lose)),
            Webhooks::DoubledAndReordered(_) => forge.fail_every_delivery(Some(DeliveryFault::Duplicate)),
        }
        Self {
            daemon: Daemon::new(),
            forge,
            repository,
            target,
            beside,
            configuration,
            webhooks: wish.webhooks,
            sweeps_at_last_act: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
            folder,
        }
    }

    /// Makes somebody a member of a team of the repository's owner.
    pub async fn team_member(&self, team: &str, login: &str) {
        let owner = REPOSITORY.split('/').next().expect("a repository has an owner");
        self.forge.team_member(owner, team, login).await.expect("a team takes a member");
    }

    /// Starts the daemon, again with the port it had before.
    pub async fn start_daemon(&self) {
        let port = self.daemon.start(&self.configuration).await;
        self.configuration.write(&self.forge, port);
        self.note_act();
    }

    /// Ends the daemon at once, wherever it is, and starts it again.
    pub async fn restart_daemon(&self) {
        self.daemon.kill();
        self.start_daemon().await;
    }

    /// Starts a command of the program beside the daemon, with its configuration.
    pub fn begin(&self, arguments: &[&str]) -> Running {
        Running::start(&self.configuration, arguments)
    }

    /// Runs a command of the program to its end.
    pub async fn ipr(&self, arguments: &[&str]) -> Ended {
        self.begin(arguments).ended().await
    }

    /// Starts the daemon with another value of one of its variables, which it must not accept. `None` leaves it out.
    pub async fn start_daemon_refused(&mut self, variable: &str, value: Option<&str>) -> Refusal {
        self.configuration.set_variable(variable, value);
        self.daemon.start_refused(&self.configuration).await
    }

    /// Removes the database, as somebody might who frees space. The daemon must not run.
    pub fn delete_database(&self) {
        assert!(!self.daemon.is_running(), "the database is deleted while the daemon is away");
        fs::remove_dir_all(self.configuration.state_folder()).expect("the daemon keeps its state where it was told to");
    }

    /// Removes the copy of the repository. The daemon must not run.
    pub fn delete_mirror(&self) {
        assert!(!self.daemon.is_running(), "the mirror is deleted while the daemon is away");
        fs::remove_dir_all(self.configuration.state_folder().join("mirrors")).expect("the daemon keeps its mirrors in its state");
    }

    /// Begins something on GitHub that people do.
    pub(crate) fn begin_act(&self) -> &RepositoryHandle {
        if matches!(self.webhooks, Webhooks::DoubledAndReordered(_)) {
            self.forge.hold_deliveries();
        }
        &self.repository
    }

    /// Begins a pull request by Alice.
    pub fn pull_request(&self, title: &str) -> NewPullRequest<'_> {
        NewPullRequest::new(self, title)
    }

    /// Alice proposes one file, Bob merges it, and the daemon applies it.
    pub async fn applied(&self, title: &str, path: &str, text: &str) -> Pull<'_> {
        let pull = self.pull_request(title).file(path, text).open().await;
        pull.merge(MergeMethod::Squash).await;
        assert_eq!(pull.state().await, APPLIED, "{title}: {:#?}", pull.replies().await);
        pull
    }

    /// A pull request that exists.
    pub fn pull(&self, number: u64) -> Pull<'_> {
        Pull::existing(self, number)
    }

    /// Pushes one file to the default branch, past every review. `None` removes it.
    pub async fn push_to_main(&self, path: &str, text: Option<&str>) -> String {
        let message = format!("Change {path} by hand");
        let push = Push { branch: "main", from: None, author: "bob", message: &message, changes: &[(path, text)] };
        let pushed = self.begin_act().push(push).await.expect("the default branch takes pushes");
        self.note_act();
        pushed
    }

    /// Somebody comments on an issue, after they read.
    pub async fn comment(&self, number: u64, login: &str, text: &str) -> u64 {
        self.people_read().await;
        let id = self.begin_act().comment(number, login, text).await.expect("the issue exists");
        self.note_act();
        id
    }

    /// Somebody opens an issue, after they read.
    pub async fn open_issue(&self, login: &str, title: &str, body: &str, labels: &[&str]) -> u64 {
        self.people_read().await;
        let number = self.begin_act().open_issue(login, title, body, labels).await.expect("the repository takes issues");
        self.note_act();
        number
    }

    /// Somebody opens an issue with the label of the assistant.
    pub async fn request(&self, login: &str, text: &str) -> u64 {
        self.open_issue(login, text, "", &["ipr"]).await
    }

    /// The only pull request that the assistant opened.
    pub async fn proposal(&self) -> Pull<'_> {
        let proposals = self.proposals().await;
        assert_eq!(proposals.len(), 1, "the assistant opened one pull request: {proposals:?}");
        self.pull(proposals[0])
    }

    pub fn target(&self) -> &FakeTarget {
        &self.target
    }

    /// The Proxmox cluster, which the story must have wished for.
    pub fn pve(&self) -> &Pve {
        self.beside.pve.as_ref().expect("a story with a Proxmox cluster wishes for one")
    }

    /// The router, which the story must have wished for.
    pub fn edge(&self) -> &Edge {
        self.beside.edge.as_ref().expect("a story with a router wishes for one")
    }

    /// The bare machine, which the story must have wished for.
    pub fn metal(&self) -> &Metal {
        self.beside.metal.as_ref().expect("a story with a bare machine wishes for one")
    }

    /// The assistant's language model, which the story must have wished for.
    pub fn model(&self) -> &Model {
        self.beside.model.as_ref().expect("a story with a language model wishes for one")
    }

    pub fn forge(&self) -> &Forge {
        &self.forge
    }

    pub fn repository(&self) -> &RepositoryHandle {
        &self.repository
    }

    /// A folder of this story that is removed with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The variables that the daemon runs with, secrets included.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.configuration.variables().iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The daemon's configuration file.
    pub fn configuration_file(&self) -> PathBuf {
        self.configuration.file()
    }

    /// The certificate that clients of the forge must trust, as a file.
    pub(crate) fn certificate_file(&self) -> PathBuf {
        self.folder.path().join("forge.pem")
    }
}

/// GitHub's clock begins with the machine's, as the daemon's does, and then moves with what people do.
fn clock() -> ClockSource {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("this machine's clock is later than 1970");
    ClockSource::Simulated(now.as_secs().try_into().expect("this machine's clock is not far in the future"))
}
