//! Records: signed, verified, tampered with, appended.

use std::{collections::BTreeMap, path::Path, process::Command, sync::Barrier};

use core_model::{EnvironmentId, Secret};
use daemon_history::{
    CommitId, Repository,
    record::{KeyError, Publication, RecordContent, RecordDraft, RecordError, RecordFiles, RecordKey, RecordPublicKey},
};

use crate::fixture::{Fixture, git_command};

fn environment(id: &str) -> EnvironmentId {
    id.parse().unwrap()
}

fn content(previous: Option<CommitId>, source: Option<CommitId>, run: &str) -> RecordContent {
    let file = |path: &str, content: &str| (path.to_owned(), content.as_bytes().to_vec());
    let files = RecordFiles::from([file("run.json", run), file("plan.json", "{}"), file("state/shop/web-01.json", "{\"type\":\"compute\"}")]);
    RecordContent { environment: environment("prod"), previous, source, files }
}

fn published(repository: &Repository, draft: &RecordDraft, expected_tip: Option<CommitId>) -> CommitId {
    match repository.publish_local(draft, expected_tip).unwrap() {
        Publication::Published(commit) => commit,
        lost => panic!("{lost:?}"),
    }
}

/// An environment with two records, and the key that signed them.
struct Signed {
    fixture: Fixture,
    key: RecordKey,
    source: CommitId,
    first: CommitId,
    second: CommitId,
}

impl Signed {
    fn new() -> Self {
        let fixture = Fixture::new();
        // A file that is named like ours, on the branch of the sources.
        let source = fixture.write("signature", "not a record").write("manifest", "not a record").commit("source");
        let (repository, key) = (fixture.repository(), RecordKey::generate().unwrap());
        let draft = content(None, Some(source), "{\"run\":1}").sign(&key, "started").unwrap();
        let first = published(&repository, &draft, None);
        let draft = content(Some(first), Some(source), "{\"run\":2}").sign(&key, "finished").unwrap();
        let second = published(&repository, &draft, Some(first));
        Self { fixture, key, source, first, second }
    }

    fn verify(&self, commit: CommitId) -> Result<(), RecordError> {
        self.fixture.repository().verify_record(commit, &environment("prod"), &[self.key.public()]).map(drop)
    }

    /// The second record made anew by git, with other files and parents.
    fn forged(&self, edit: &[(&str, Option<&str>)], parents: &[CommitId]) -> CommitId {
        let index = self.fixture.path().join("forged-index");
        let git = |arguments: &[&str]| {
            let output = git_command(self.fixture.path()).env("GIT_INDEX_FILE", &index).args(arguments).output().unwrap();
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        git(&["read-tree", &self.second.to_string()]);
        for (path, content) in edit {
            match content {
                Some(content) => {
                    let blob = self.fixture.blob(content.as_bytes());
                    git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")])
                }
                None => git(&["update-index", "--force-remove", path]),
            };
        }
        let tree = git(&["write-tree"]);
        let parents: Vec<String> = parents.iter().flat_map(|parent| ["-p".to_owned(), parent.to_string()]).collect();
        let arguments = ["commit-tree", "-m", "forged", &tree].into_iter().chain(parents.iter().map(String::as_str));
        git(&arguments.collect::<Vec<_>>()).parse().unwrap()
    }

    fn show(&self, commit: CommitId, path: &str) -> Vec<u8> {
        git_command(self.fixture.path()).args(["show", &format!("{commit}:{path}")]).output().unwrap().stdout
    }
}

#[test]
fn a_signed_record_is_verified() {
    let signed = Signed::new();
    let repository = signed.fixture.repository();
    let other = RecordKey::generate().unwrap().public();
    let record = repository.verify_record(signed.second, &environment("prod"), &[other, signed.key.public()]).unwrap();
    assert_eq!((record.previous, record.source), (Some(signed.first), Some(signed.source)));
    assert_eq!(record.fingerprint, signed.key.public().fingerprint());
    assert_eq!(record.files, content(None, None, "{\"run\":2}").files);
    let first = repository.verify_record(signed.first, &environment("prod"), &[signed.key.public()]).unwrap();
    assert_eq!((first.previous, first.source), (None, Some(signed.source)));
}

#[test]
fn every_shape_of_parents_is_told_apart() {
    let signed = Signed::new();
    let repository = signed.fixture.repository();
    let mut tip = Some(signed.second);
    for (previous, source) in [(tip, None), (None, Some(signed.source)), (None, None)] {
        let draft = content(previous, source, "{}").sign(&signed.key, "record").unwrap();
        let commit = published(&repository, &draft, tip);
        let record = repository.verify_record(commit, &environment("prod"), &[signed.key.public()]).unwrap();
        assert_eq!((record.previous, record.source), (previous, source));
        tip = Some(commit);
    }
}

#[test]
fn every_tampering_is_found() {
    let signed = Signed::new();
    let parents = [signed.first, signed.source];
    let forged = |edit: &[(&str, Option<&str>)]| signed.verify(signed.forged(edit, &parents)).unwrap_err();
    // The forgery itself is no reason to refuse: the same files and parents are accepted.
    signed.verify(signed.forged(&[], &parents)).unwrap();

    for path in ["run.json", "state/shop/web-01.json"] {
        assert!(matches!(forged(&[(path, Some("{\"x\":1}"))]), RecordError::Changed { path: named, .. } if named == path));
        assert!(matches!(forged(&[(path, None)]), RecordError::Changed { path: named, .. } if named == path));
    }
    assert!(matches!(forged(&[("state/shop/extra.json", Some("{}"))]), RecordError::Changed { path, .. } if path == "state/shop/extra.json"));
    assert!(matches!(forged(&[("signature", None)]), RecordError::Missing { file: "signature", .. }));
    assert!(matches!(forged(&[("manifest", None)]), RecordError::Missing { file: "manifest", .. }));
    assert!(matches!(forged(&[("signature", Some("x"))]), RecordError::Malformed { file: "signature", .. }));
    let manifest = String::from_utf8(signed.show(signed.second, "manifest")).unwrap();
    assert!(matches!(forged(&[("manifest", Some(&manifest.replace("prod", "dev")))]), RecordError::BadSignature { .. }));
    // A signature of the same key over the record before.
    let earlier = String::from_utf8(signed.show(signed.first, "signature")).unwrap();
    assert!(matches!(forged(&[("signature", Some(&earlier))]), RecordError::BadSignature { .. }));
}

#[test]
fn other_parents_are_found() {
    let signed = Signed::new();
    let unrelated = signed.fixture.commit("another source");
    for parents in
        [&[signed.first][..], &[signed.source], &[signed.source, signed.first], &[signed.first, unrelated], &[unrelated, signed.source], &[]]
    {
        assert!(matches!(signed.verify(signed.forged(&[], parents)), Err(RecordError::OtherParents { .. })), "{parents:?}");
    }
}

#[test]
fn another_key_or_environment_is_found() {
    let signed = Signed::new();
    let repository = signed.fixture.repository();
    let other = RecordKey::generate().unwrap();
    let error = repository.verify_record(signed.second, &environment("prod"), &[other.public()]).unwrap_err();
    assert!(error.to_string().contains(&signed.key.public().fingerprint()), "{error}");
    assert!(matches!(error, RecordError::UnknownKey { .. }));
    assert!(matches!(repository.verify_record(signed.second, &environment("prod"), &[]), Err(RecordError::UnknownKey { .. })));
    let error = repository.verify_record(signed.second, &environment("dev"), &[signed.key.public()]).unwrap_err();
    assert!(matches!(error, RecordError::OtherEnvironment { found, expected, .. } if found == environment("prod") && expected == environment("dev")));
    assert!(matches!(repository.verify_record(signed.source, &environment("prod"), &[signed.key.public()]), Err(RecordError::Malformed { .. })));
}

#[test]
fn what_cannot_be_a_record_is_not_signed() {
    let key = RecordKey::generate().unwrap();
    for path in ["manifest", "signature", "../run.json", "a\nb"] {
        let mut content = content(None, None, "{}");
        content.files.insert(path.into(), Vec::new());
        assert!(matches!(content.sign(&key, "x"), Err(RecordError::Path { .. })), "{path:?}");
    }
    for (path, content_bytes) in [("a/b/c/d/e.json", 1), ("run.json", (16 << 20) + 1)] {
        let mut content = content(None, None, "{}");
        content.files.insert(path.into(), vec![b'x'; content_bytes]);
        assert!(matches!(content.sign(&key, "x"), Err(RecordError::History(_))), "{path:?}");
    }
}

#[test]
fn the_chain_follows_records_and_not_sources() {
    let signed = Signed::new();
    let repository = signed.fixture.repository();
    assert_eq!(repository.record_tip(&environment("prod")).unwrap(), Some(signed.second));
    assert_eq!(repository.record_tip(&environment("dev")).unwrap(), None);
    assert_eq!(repository.record_chain(&environment("prod"), 10).unwrap(), [signed.second, signed.first]);
    assert_eq!(repository.record_chain(&environment("prod"), 1).unwrap(), [signed.second]);
    assert_eq!(repository.record_chain(&environment("dev"), 10).unwrap(), []);
    assert!(repository.descends_from(signed.second, signed.first).unwrap());
    assert!(repository.descends_from(signed.second, signed.second).unwrap());
    assert!(!repository.descends_from(signed.first, signed.second).unwrap());
    assert!(!repository.descends_from(signed.second, signed.source).unwrap());
    let cut = signed.forged(&[], &[signed.source]);
    assert!(matches!(repository.descends_from(cut, signed.first), Err(RecordError::OtherParents { .. })));
}

#[test]
fn a_branch_moves_for_one_of_many() {
    let signed = Signed::new();
    let mut tip = Some(signed.second);
    for environment in [environment("prod"), environment("fresh")] {
        let expected = tip.take();
        let outcomes = race(&signed, &environment, expected);
        let winners: Vec<CommitId> =
            outcomes.iter().filter_map(|outcome| if let Publication::Published(commit) = outcome { Some(*commit) } else { None }).collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        assert_eq!(signed.fixture.repository().record_tip(&environment).unwrap(), Some(winners[0]));
        let lost = outcomes.iter().filter(|outcome| **outcome == Publication::Lost { tip: Some(winners[0]) }).count();
        assert_eq!(lost, 7, "{outcomes:?}");
    }
    let stale = content(Some(signed.first), None, "{}").sign(&signed.key, "late").unwrap();
    assert!(matches!(signed.fixture.repository().publish_local(&stale, Some(signed.first)), Ok(Publication::Lost { tip: Some(_) })));
}

fn race(signed: &Signed, environment: &EnvironmentId, expected: Option<CommitId>) -> Vec<Publication> {
    let (repository, start) = (&signed.fixture.repository(), &Barrier::new(8));
    std::thread::scope(|scope| {
        let attempt = |number: usize| {
            let mut content = content(expected, Some(signed.source), &format!("{{\"run\":{number}}}"));
            content.environment = environment.clone();
            let draft = content.sign(&signed.key, "race").unwrap();
            scope.spawn(move || {
                start.wait();
                repository.publish_local(&draft, expected).unwrap()
            })
        };
        let threads: Vec<_> = (0..8).map(attempt).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_lock_left_behind_is_not_waited_for_without_end() {
    let signed = Signed::new();
    let lock = signed.fixture.path().join(".git/refs/heads/ipr/records/prod.lock");
    std::fs::write(&lock, "").unwrap();
    let draft = content(Some(signed.second), None, "{}").sign(&signed.key, "x").unwrap();
    let repository = signed.fixture.repository();
    assert!(matches!(repository.publish_local(&draft, Some(signed.second)), Err(RecordError::Locked { .. })));
    std::fs::remove_file(lock).unwrap();
    published(&repository, &draft, Some(signed.second));
}

/// Whether ssh-keygen is here. A test without it says so, and continuous integration has it.
fn ssh_keygen_is_missing() -> bool {
    let missing = Command::new("ssh-keygen").arg("-?").output().is_err();
    if missing {
        eprintln!("SKIPPED: ssh-keygen is not installed; the signature was not checked by another program");
    }
    missing
}

fn ssh_keygen_accepts(directory: &Path, manifest: &[u8]) -> bool {
    let stdin = directory.join("stdin");
    std::fs::write(&stdin, manifest).unwrap();
    let arguments = ["-Y", "verify", "-f", "allowed", "-I", "ipr", "-n", "ipr-record", "-s", "signature"];
    let mut command = Command::new("ssh-keygen");
    command.current_dir(directory).args(arguments).stdin(std::fs::File::open(stdin).unwrap());
    command.output().unwrap().status.success()
}

#[test]
fn ssh_keygen_accepts_our_signature() {
    if ssh_keygen_is_missing() {
        return;
    }
    let signed = Signed::new();
    let directory = tempfile::TempDir::new().unwrap();
    let manifest = signed.show(signed.second, "manifest");
    std::fs::write(directory.path().join("signature"), signed.show(signed.second, "signature")).unwrap();
    let allowed = |key: &RecordKey| std::fs::write(directory.path().join("allowed"), format!("ipr {}\n", key.public_openssh().unwrap())).unwrap();
    allowed(&signed.key);
    assert!(ssh_keygen_accepts(directory.path(), &manifest));
    assert!(!ssh_keygen_accepts(directory.path(), &signed.show(signed.first, "manifest")));
    allowed(&RecordKey::generate().unwrap());
    assert!(!ssh_keygen_accepts(directory.path(), &manifest));
}

#[test]
fn a_key_of_ssh_keygen_signs() {
    if ssh_keygen_is_missing() {
        return;
    }
    let directory = tempfile::TempDir::new().unwrap();
    let make = |name: &str, algorithm: &str, passphrase: &str| {
        let arguments = ["-q", "-t", algorithm, "-N", passphrase, "-f", name];
        assert!(Command::new("ssh-keygen").current_dir(directory.path()).args(arguments).status().unwrap().success());
        RecordKey::from_openssh(&Secret::new(std::fs::read_to_string(directory.path().join(name)).unwrap()))
    };
    let key = make("good", "ed25519", "").unwrap();
    let public = std::fs::read_to_string(directory.path().join("good.pub")).unwrap();
    assert_eq!(RecordPublicKey::from_openssh(&public).unwrap(), key.public());
    let listed = Command::new("ssh-keygen").current_dir(directory.path()).args(["-lf", "good.pub"]).output().unwrap().stdout;
    assert!(String::from_utf8(listed).unwrap().contains(&key.public().fingerprint()));
    assert!(matches!(make("locked", "ed25519", "passphrase"), Err(KeyError::Encrypted)));
    assert!(matches!(make("curve", "ecdsa", ""), Err(KeyError::OtherAlgorithm | KeyError::Malformed { .. })));
}

#[test]
fn a_draft_has_all_that_a_commit_needs() {
    let signed = Signed::new();
    let draft = content(Some(signed.second), Some(signed.source), "{}").sign(&signed.key, "message").unwrap();
    assert_eq!(draft.parents(), [signed.second, signed.source]);
    let commit = published(&signed.fixture.repository(), &draft, Some(signed.second));
    let listed = signed.fixture.git(["ls-tree", "-r", "--name-only", &commit.to_string()]);
    let written: BTreeMap<String, Vec<u8>> = listed.lines().map(|path| (path.to_owned(), signed.show(commit, path))).collect();
    assert_eq!(written, draft.files);
    assert_eq!(signed.fixture.git(["log", "-1", "--format=%s", &commit.to_string()]), "message");
    signed.fixture.git(["fsck", "--strict"]);
}
