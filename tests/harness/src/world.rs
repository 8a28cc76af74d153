//! Where does a story happen? A forge, a target and a daemon, started together and checked together at the end.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use test_sim::github::{ClockSource, DeliveryFault, DeliveryOrder, Forge, ForgeOptions, IssueView, Permission, Push, RepositoryHandle};

use crate::configuration::{CANARY, Configuration, WEBHOOK_SECRET, Webhooks, Wish};
use crate::daemon::{Daemon, Refusal};
use crate::normalise::normalise;
use crate::pull::{NewPullRequest, Pull};
use crate::record::Record;
use crate::target::FakeTarget;

/// The repository of every story.
pub const REPOSITORY: &str = "acme/infra";
/// Who the daemon is on GitHub.
pub(crate) const BOT: &str = "ipr-bot";
/// People read for this long before they act on what they see.
const READING_S: i64 = 120;
/// A story that needs longer than this for one thing is stuck.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(40);
/// How long a wait for the next event may last before the daemon is asked again.
const GLANCE: Duration = Duration::from_millis(50);
/// A sweep that began after something happened has seen it; one that was under way may have missed it.
const SWEEPS_TO_BE_SURE: usize = 2;
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
    configuration: Configuration,
    webhooks: Webhooks,
    /// How many sweeps there had been when somebody last did something.
    sweeps_at_last_act: AtomicUsize,
    has_ended: AtomicBool,
    folder: TempDir,
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- what the daemon said ---\n{}", self.daemon.log());
            let requests = self.forge.requests();
            let lines: Vec<String> = requests.iter().map(|request| format!("{} {} {}", request.status, request.method, request.path)).collect();
            eprintln!("--- what GitHub was asked ---\n{}", lines.join("\n"));
        } else if !self.has_ended.load(Ordering::SeqCst) {
            panic!("a story ends with `world.end().await`, which checks what must hold for all of them");
        }
    }
}

impl World {
    /// A repository without blueprints, a fake target, webhooks that arrive, and a daemon that is done with its start.
    pub async fn start() -> Self {
        Self::start_as(Wish::default()).await
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
        let configuration = Configuration::new(folder.path(), &forge, REPOSITORY, &wish, &target);
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
            configuration,
            webhooks: wish.webhooks,
            sweeps_at_last_act: AtomicUsize::new(0),
            has_ended: AtomicBool::new(false),
            folder,
        }
    }

    /// Starts the daemon, again with the port it had before.
    pub async fn start_daemon(&self) {
        let port = self.daemon.start(&self.configuration).await;
        self.configuration.write(&self.forge, port);
        self.note_act();
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

    /// Waits until everything that happened so far was dealt with.
    pub async fn settled(&self) {
        let settling = async {
            let mut activity = self.forge.activity();
            loop {
                if let Webhooks::DoubledAndReordered(seed) = self.webhooks {
                    self.forge.release_deliveries(DeliveryOrder::Shuffled(seed));
                }
                activity.mark_unchanged();
                self.forge.deliveries_idle().await;
                let is_idle = self.has_caught_up() && self.daemon.metrics().await.is_idle();
                if is_idle && !activity.has_changed().unwrap_or(true) {
                    return;
                }
                // Either something happens, or the daemon is asked again.
                let _ = tokio::time::timeout(GLANCE, activity.changed()).await;
            }
        };
        if tokio::time::timeout(SETTLE_TIMEOUT, settling).await.is_err() {
            panic!("the daemon did not come to rest within {SETTLE_TIMEOUT:?}: {:?}", self.daemon.metrics().await);
        }
    }

    /// Waits until something outside GitHub is so, such as a call that hangs on the target.
    pub async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let waiting = async {
            let mut activity = self.forge.activity();
            while !is_so(self) {
                let _ = tokio::time::timeout(GLANCE, activity.changed()).await;
            }
        };
        if tokio::time::timeout(SETTLE_TIMEOUT, waiting).await.is_err() {
            panic!("still not so after {SETTLE_TIMEOUT:?}: {what}");
        }
    }

    /// Waits until every misbehaviour that was laid out on the target was met by a call.
    pub async fn faults_met(&self) {
        self.until("every fault of the target was met", |world| world.target.faults_left() == 0).await;
    }

    /// The daemon is done, and people have read what it said.
    pub(crate) async fn people_read(&self) {
        self.settled().await;
        self.forge.advance(READING_S);
    }

    /// Begins something on GitHub that people do.
    pub(crate) fn begin_act(&self) -> &RepositoryHandle {
        if matches!(self.webhooks, Webhooks::DoubledAndReordered(_)) {
            self.forge.hold_deliveries();
        }
        &self.repository
    }

    /// Ends what [`World::begin_act`] began.
    pub(crate) fn note_act(&self) {
        self.sweeps_at_last_act.store(self.sweeps(), Ordering::SeqCst);
    }

    /// Without webhooks: whether the daemon looked at everything since the last act.
    fn has_caught_up(&self) -> bool {
        self.webhooks != Webhooks::Lost || self.sweeps() >= self.sweeps_at_last_act.load(Ordering::SeqCst) + SWEEPS_TO_BE_SURE
    }

    /// How many sweeps began: each lists the open pull requests.
    fn sweeps(&self) -> usize {
        let list = format!("/repos/{REPOSITORY}/pulls?");
        self.forge.requests().iter().filter(|request| request.method == "GET" && request.path.starts_with(&list)).count()
    }

    /// Begins a pull request by Alice.
    pub fn pull_request(&self, title: &str) -> NewPullRequest<'_> {
        NewPullRequest::new(self, title)
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

    /// The newest record of an environment, whose signature is good.
    pub async fn record(&self, environment: &str) -> Record {
        let record = self.records(environment).await.into_iter().next();
        record.unwrap_or_else(|| panic!("there is no record of `{environment}`"))
    }

    /// All records of an environment, newest first; all of them are signed.
    pub async fn records(&self, environment: &str) -> Vec<Record> {
        if self.daemon.is_running() {
            self.settled().await;
        }
        let records = Record::all(&self.forge, REPOSITORY, environment).await;
        records.iter().for_each(|record| record.verify(self.configuration.public_key()));
        records
    }

    /// The records of whatever is on the branch, believed or not.
    pub async fn unverified_records(&self, environment: &str) -> Vec<Record> {
        Record::all(&self.forge, REPOSITORY, environment).await
    }

    /// The issues that the daemon opened, as it left them.
    pub async fn issues(&self) -> Vec<IssueView> {
        self.settled().await;
        self.forge.issues(REPOSITORY).into_iter().filter(|issue| issue.author == BOT).collect()
    }

    /// The texts of the daemon's comments on an issue or pull request, as they stand, in their order.
    pub async fn comments_on(&self, number: u64) -> Vec<String> {
        self.settled().await;
        let mut texts = Vec::new();
        for comment in self.forge.comments(REPOSITORY, number).into_iter().filter(|comment| comment.author == BOT) {
            texts.push(self.normalised(&comment.body).await);
        }
        texts
    }

    /// Somebody comments on an issue, after they read.
    pub async fn comment(&self, number: u64, login: &str, text: &str) -> u64 {
        self.people_read().await;
        let id = self.begin_act().comment(number, login, text).await.expect("the issue exists");
        self.note_act();
        id
    }

    pub fn target(&self) -> &FakeTarget {
        &self.target
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

    /// Whether a text stands anywhere in what the daemon keeps.
    pub fn daemon_keeps(&self, text: &str) -> bool {
        file_with(&self.configuration.state_folder(), text).is_some()
    }

    /// A text of the daemon without what differs from run to run.
    pub async fn normalised(&self, text: &str) -> String {
        let mut commits = Vec::new();
        for (name, commit) in self.forge.refs(REPOSITORY) {
            commits.push(commit);
            if let Some(branch) = name.strip_prefix("refs/heads/") {
                let log = self.forge.branch_log(REPOSITORY, branch).await.expect("the branch exists");
                commits.extend(log.into_iter().map(|commit| commit.sha));
            }
        }
        normalise(text, self.forge.web_url(), &commits)
    }

    /// Waits for rest, stops the daemon and checks what must hold at the end of every story.
    pub async fn end(self) {
        if self.daemon.is_running() {
            self.settled().await;
            let dead = self.daemon.metrics().await.dead();
            assert!(dead == 0.0, "the daemon gave up on {dead} jobs or writes");
            self.daemon.stop().await;
        }
        self.forge.assert_honest();
        assert_eq!(self.forge.faults_left(), 0, "a fault of GitHub was never met, so the story proves nothing about it");
        assert_eq!(self.target.faults_left(), 0, "a fault of the target was never met, so the story proves nothing about it");
        self.assert_no_secret_shows();
        self.forge.stop().await;
        self.has_ended.store(true, Ordering::SeqCst);
    }

    /// Secrets are on the target and in the daemon's environment, and nowhere else.
    fn assert_no_secret_shows(&self) {
        let token = self.forge.token_for(BOT);
        for secret in [CANARY, WEBHOOK_SECRET, token.as_str()] {
            assert!(!self.daemon.log().contains(secret), "a secret is in the daemon's log");
            for request in self.forge.requests() {
                let shows = request.body.contains(secret) || request.path.contains(secret);
                assert!(!shows, "a secret is in `{} {}`", request.method, request.path);
            }
            let kept = file_with(&self.configuration.state_folder(), secret);
            assert!(kept.is_none(), "a secret is in {kept:?}");
        }
    }
}

/// GitHub's clock begins with the machine's, as the daemon's does, and then moves with what people do.
fn clock() -> ClockSource {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("this machine's clock is later than 1970");
    ClockSource::Simulated(now.as_secs().try_into().expect("this machine's clock is not far in the future"))
}

/// The first file below this folder that contains the text.
fn file_with(folder: &Path, text: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    entries.flatten().map(|entry| entry.path()).find_map(|path| match fs::read(&path) {
        Ok(bytes) => bytes.windows(text.len()).any(|window| window == text.as_bytes()).then_some(path),
        Err(_) => file_with(&path, text),
    })
}
