//! What must hold at the end of every story? Checked by `World::end`, which no story can forget.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use super::{BOT, World};
use crate::configuration::{CANARY, WEBHOOK_SECRET};
use crate::edge;
use crate::pve;

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
    /// Whether a text stands anywhere in what the daemon keeps.
    pub fn daemon_keeps(&self, text: &str) -> bool {
        file_with(&self.configuration.state_folder(), text).is_some()
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
        assert_eq!(self.target_faults_left(), 0, "a fault of the target was never met, so the story proves nothing about it");
        self.beside.assert_tidy();
        self.assert_no_secret_shows();
        self.forge.stop().await;
        self.has_ended.store(true, Ordering::SeqCst);
    }

    /// How many misbehaviours of targets no call has met yet.
    pub(crate) fn target_faults_left(&self) -> usize {
        self.target.faults_left() + self.beside.faults_left()
    }

    /// Secrets are on the target and in the daemon's environment, and nowhere else.
    fn assert_no_secret_shows(&self) {
        let token = self.forge.token_for(BOT);
        for secret in [CANARY, WEBHOOK_SECRET, pve::TOKEN, edge::PASSWORD, token.as_str()] {
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

/// The first file below this folder that contains the text.
fn file_with(folder: &Path, text: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    entries.flatten().map(|entry| entry.path()).find_map(|path| match fs::read(&path) {
        Ok(bytes) => bytes.windows(text.len()).any(|window| window == text.as_bytes()).then_some(path),
        Err(_) => file_with(&path, text),
    })
}
