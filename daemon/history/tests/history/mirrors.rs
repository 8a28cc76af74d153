//! The mirror: clone, fetch, credentials, certificates, and what is left when something fails.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use core_model::Secret;
use daemon_history::{HistoryError, Mirror, MirrorOptions};
use tempfile::TempDir;

use crate::{fixture::Fixture, server::GitServer};

const TOKEN: &str = "ghs_canarytoken";

/// A served repository and a place for its mirror.
struct World {
    fixture: Fixture,
    server: GitServer,
    place: TempDir,
}

impl World {
    async fn new() -> Self {
        let fixture = Fixture::new();
        fixture.write("ipr.yaml", "version: \"1.0\"\n").commit("start");
        fixture.git(["update-ref", "refs/pull/1/head", "HEAD"]);
        let server = GitServer::start(&fixture, TOKEN).await;
        Self { fixture, server, place: TempDir::new().unwrap() }
    }

    fn directory(&self) -> PathBuf {
        self.place.path().join("mirrors/shop.git")
    }

    fn options(&self) -> MirrorOptions {
        MirrorOptions {
            url: self.server.url.clone(),
            directory: self.directory(),
            token: Some(Secret::new(TOKEN)),
            extra_root_certificates_pem: vec![self.server.authority_pem.clone()],
            timeout: Duration::from_secs(60),
        }
    }

    async fn mirror(&self) -> Mirror {
        Mirror::open_or_clone(self.options()).await.unwrap()
    }
}

/// The error with everything it says, in all ways it can be printed.
fn whole_text(error: &HistoryError) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text += &format!(" {error} {error:?} {error:#?}");
        source = error.source();
    }
    text
}

fn files_that_hold(directory: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_that_hold(&path, text));
        } else if fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path);
        }
    }
    found
}

fn assert_shows_no_token(error: &HistoryError) {
    let text = whole_text(error);
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clone_with_token_and_private_authority_holds_everything() {
    let world = World::new().await;
    let mirror = world.mirror().await;
    let tip = world.fixture.id("HEAD");
    assert_eq!(mirror.head_branch().unwrap().as_deref(), Some("main"));
    assert_eq!(mirror.tip("main").unwrap(), Some(tip));
    assert_eq!(mirror.resolve("refs/pull/1/head").unwrap(), tip);
    assert_eq!(mirror.snapshot(tip).unwrap().files["ipr.yaml"], b"version: \"1.0\"\n");
    assert_eq!(files_that_hold(world.place.path(), "canary"), Vec::<PathBuf>::new());
    let again = mirror.run(move |history| history.commit(tip)).await.unwrap().unwrap();
    assert_eq!(again.message, "start\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_not_shown_and_leaves_no_mirror() {
    let world = World::new().await;
    for token in [Some(Secret::new("ghs_wrongcanary")), None] {
        let error = Mirror::open_or_clone(MirrorOptions { token, ..world.options() }).await.err().unwrap();
        assert!(matches!(error, HistoryError::Unauthorised { .. }), "{error:?}");
        assert_shows_no_token(&error);
        assert!(!world.directory().exists());
    }
    world.mirror().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_is_used_by_the_next_fetch() {
    let world = World::new().await;
    let mirror = world.mirror().await;
    world.server.set_token("ghs_next");
    let error = mirror.fetch().await.unwrap_err();
    assert!(matches!(error, HistoryError::Unauthorised { .. }), "{error:?}");
    assert_shows_no_token(&error);
    mirror.set_token(Some(Secret::new("ghs_next")));
    mirror.fetch().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_an_unknown_authority_is_not_believed() {
    let world = World::new().await;
    let options = MirrorOptions { extra_root_certificates_pem: Vec::new(), ..world.options() };
    let error = Mirror::open_or_clone(options).await.err().unwrap();
    assert!(matches!(error, HistoryError::Fetch { .. }), "{error:?}");
    assert_shows_no_token(&error);
    let options = MirrorOptions { extra_root_certificates_pem: vec![b"no certificate".to_vec()], ..world.options() };
    assert!(matches!(Mirror::open_or_clone(options).await, Err(HistoryError::Certificate { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fetch_follows_the_remote_wherever_it_went() {
    let world = World::new().await;
    world.fixture.git(["branch", "topic"]);
    world.fixture.git(["branch", "rewritten"]);
    world.fixture.git(["tag", "v1"]);
    let mirror = world.mirror().await;
    assert_eq!(mirror.fetch().await.unwrap(), Default::default());

    let first = world.fixture.write("ipr.yaml", "changed").commit("change");
    world.fixture.git(["checkout", "--quiet", "--orphan", "fresh"]);
    let rewritten = world.fixture.commit("rewritten");
    world.fixture.git(["branch", "--force", "rewritten"]);
    world.fixture.git(["tag", "--force", "v1"]);
    // Git keeps one of `topic` and `topic/part` only.
    world.fixture.git(["branch", "--delete", "--force", "topic"]);
    world.fixture.git(["branch", "topic/part", "main"]);
    world.fixture.git(["update-ref", "-d", "refs/pull/1/head"]);

    let report = mirror.fetch().await.unwrap();
    let mut updated = report.updated;
    updated.sort();
    assert_eq!(updated, ["refs/heads/fresh", "refs/heads/main", "refs/heads/rewritten", "refs/heads/topic/part", "refs/tags/v1"]);
    assert_eq!(report.removed, ["refs/heads/topic", "refs/pull/1/head"]);
    assert_eq!((mirror.tip("main").unwrap(), mirror.tip("topic/part").unwrap()), (Some(first), Some(first)));
    assert_eq!((mirror.tip("rewritten").unwrap(), mirror.resolve("v1").unwrap()), (Some(rewritten), rewritten));
    assert_eq!((mirror.tip("topic").unwrap(), mirror.resolve("refs/pull/1/head").ok()), (None, None));
    assert_eq!(mirror.head_branch().unwrap().as_deref(), Some("fresh"), "the default branch is another one now");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_repository_is_mirrored_and_filled_later() {
    let fixture = Fixture::new();
    let world = World { server: GitServer::start(&fixture, TOKEN).await, fixture, place: TempDir::new().unwrap() };
    let mirror = world.mirror().await;
    assert_eq!(mirror.head_branch().unwrap().as_deref(), Some("main"));
    assert_eq!(mirror.tip("main").unwrap(), None);
    let tip = world.fixture.write("ipr.yaml", "x").commit("first");
    mirror.fetch().await.unwrap();
    assert_eq!(mirror.tip("main").unwrap(), Some(tip));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_fetches_at_once_take_turns() {
    let world = World::new().await;
    let mirror = world.mirror().await;
    let tip = world.fixture.write("ipr.yaml", "changed").commit("change");
    let (one, two, three) = tokio::join!(mirror.fetch(), mirror.fetch(), mirror.fetch());
    let updates: usize = [one, two, three].into_iter().map(|report| report.unwrap().updated.len()).sum();
    assert_eq!(updates, 1);
    assert_eq!(mirror.tip("main").unwrap(), Some(tip));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_made_or_broken_mirror_is_cloned_again() {
    let world = World::new().await;
    let partial = world.directory().with_file_name("shop.git.partial");
    fs::create_dir_all(partial.join("objects")).unwrap();
    fs::write(partial.join("HEAD"), "half").unwrap();
    fs::create_dir_all(world.directory()).unwrap();
    let tip = world.mirror().await.tip("main").unwrap();
    assert!(tip.is_some());
    assert!(!partial.exists());

    fs::remove_file(world.directory().join("HEAD")).unwrap();
    assert_eq!(world.mirror().await.tip("main").unwrap(), tip);
}

#[tokio::test(flavor = "multi_thread")]
async fn locks_of_a_killed_process_do_not_stop_the_next_one() {
    let world = World::new().await;
    drop(world.mirror().await);
    for lock in ["refs/heads/main.lock", "packed-refs.lock", "HEAD.lock"] {
        fs::create_dir_all(world.directory().join("refs/heads")).unwrap();
        fs::write(world.directory().join(lock), "").unwrap();
    }
    world.fixture.git(["branch", "topic"]);
    let mirror = world.mirror().await;
    let tip = world.fixture.write("ipr.yaml", "changed").commit("change");
    world.fixture.git(["update-ref", "-d", "refs/pull/1/head"]);
    world.fixture.git(["checkout", "--quiet", "topic"]);
    let report = mirror.fetch().await.unwrap();
    assert_eq!((report.updated.len(), report.removed.len()), (2, 1), "{report:?}");
    assert_eq!((mirror.tip("main").unwrap(), mirror.head_branch().unwrap().as_deref()), (Some(tip), Some("topic")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_mirror_sees_the_packs_of_many_fetches() {
    let world = World::new().await;
    let mirror = world.mirror().await;
    let packs = world.directory().join("objects/pack/pack");
    for number in 0..40 {
        let commit = world.fixture.write("ipr.yaml", number.to_string()).commit("change");
        let objects = format!("{commit}\n{commit}^{{tree}}\n{commit}:ipr.yaml\n");
        let objects = world.fixture.git_with(["cat-file", "--batch-check=%(objectname)"], objects.as_bytes());
        world.fixture.git_with(["pack-objects".as_ref(), "--quiet".as_ref(), packs.as_os_str()], format!("{objects}\n").as_bytes());
        assert_eq!(mirror.snapshot(commit).unwrap().files["ipr.yaml"], number.to_string().as_bytes());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_in_too_many_packs_is_cloned_again_when_it_can_be() {
    let world = World::new().await;
    let tip = world.mirror().await.tip("main").unwrap();
    let packs = world.directory().join("objects/pack");
    let count = || fs::read_dir(&packs).unwrap().count();
    for number in 0..1_001 {
        fs::write(packs.join(format!("pack-{number}.pack")), "").unwrap();
    }
    let unreachable = MirrorOptions { token: None, ..world.options() };
    assert_eq!(Mirror::open_or_clone(unreachable).await.unwrap().tip("main").unwrap(), tip);
    assert!(count() > 1_000);
    assert_eq!(world.mirror().await.tip("main").unwrap(), tip);
    assert!(count() < 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_of_somebody_else_is_left_alone() {
    let world = World::new().await;
    fs::create_dir_all(world.directory()).unwrap();
    fs::write(world.directory().join("thesis.txt"), "dear").unwrap();
    let error = Mirror::open_or_clone(world.options()).await.err().unwrap();
    assert!(matches!(error, HistoryError::NotAMirror { .. }), "{error:?}");
    assert_eq!(fs::read_to_string(world.directory().join("thesis.txt")).unwrap(), "dear");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_opens_without_its_remote() {
    let world = World::new().await;
    let tip = world.mirror().await.tip("main").unwrap();
    let options = world.options();
    world.server.stop().await;
    let mirror = Mirror::open_or_clone(options).await.unwrap();
    assert_eq!(mirror.tip("main").unwrap(), tip);
    let error = mirror.fetch().await.unwrap_err();
    assert!(matches!(error, HistoryError::Fetch { .. }), "{error:?}");
    assert_shows_no_token(&error);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_server_is_given_up_on() {
    let world = World::new().await;
    // It takes connections, and never says a word.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/x.git", silent.local_addr().unwrap());
    let options = MirrorOptions { url, timeout: Duration::from_millis(200), ..world.options() };
    let error = Mirror::open_or_clone(options).await.err().unwrap();
    assert!(matches!(error, HistoryError::TimedOut { .. }), "{error:?}");
}
