//! Which files a commit and a worktree give, and which they do not.

use std::os::unix::fs::symlink;

use daemon_history::{CommitId, Files, HistoryError, SnapshotRefusal};

use crate::fixture::Fixture;

const MANAGED: [&str; 4] = ["blueprints/net/lan.yaml", "ipr.yaml", "policies/a.rego", "templates/vm.yaml"];

fn managed_fixture() -> Fixture {
    let fixture = Fixture::new();
    for path in MANAGED {
        fixture.write(path, path);
    }
    fixture.write("README.md", "not ours").write("output/blueprints/x.yaml", "not ours");
    symlink("README.md", fixture.path().join("LINK")).unwrap();
    fixture
}

fn refusal(fixture: &Fixture, commit: CommitId) -> SnapshotRefusal {
    match fixture.repository().snapshot(commit) {
        Err(HistoryError::Snapshot(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

fn worktree_refusal(fixture: &Fixture) -> SnapshotRefusal {
    match fixture.repository().worktree_snapshot() {
        Err(HistoryError::Snapshot(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_snapshot_holds_the_managed_files_only() {
    let fixture = managed_fixture();
    let commit = fixture.commit("start");
    let repository = fixture.repository();
    let snapshot = repository.snapshot(commit).unwrap();
    let expected: Files = MANAGED.iter().map(|path| ((*path).to_owned(), path.as_bytes().to_vec())).collect();
    assert_eq!(snapshot.files, expected);
    assert_eq!(snapshot.tree.to_string(), fixture.git(["rev-parse", "HEAD^{tree}"]));
    assert_eq!(repository.snapshot_of_tree(snapshot.tree).unwrap(), snapshot);
    assert_eq!(repository.tree(commit).unwrap(), snapshot.tree);
}

#[test]
fn only_what_is_managed_counts_as_a_change() {
    let fixture = managed_fixture();
    let before = fixture.commit("start");
    fixture.write("README.md", "changed");
    let elsewhere = fixture.commit("change what is not ours");
    fixture.git(["rm", "--quiet", "policies/a.rego"]);
    let after = fixture.commit("change what is");
    symlink("lan.yaml", fixture.path().join("blueprints/net/link.yaml")).unwrap();
    let refused = fixture.commit("add what a snapshot refuses");
    let is_changed = |from, to| fixture.repository().is_changed(from, to).unwrap();
    assert!(!is_changed(before, elsewhere) && !is_changed(refused, refused));
    assert!(is_changed(elsewhere, after) && is_changed(after, refused));
}

#[test]
fn links_submodules_and_strange_names_are_refused() {
    let fixture = Fixture::new();
    let blob = fixture.blob(b"x");
    let in_blueprints = |lines: &str| fixture.commit_of_tree(&fixture.tree_line("blueprints", lines));

    let link = in_blueprints(&format!("120000 blob {blob}\tlink.yaml\n"));
    assert_eq!(refusal(&fixture, link), SnapshotRefusal::SymbolicLink { path: "blueprints/link.yaml".into() });
    let root_link = fixture.commit_of_tree(&format!("120000 blob {blob}\tpolicies\n"));
    assert_eq!(refusal(&fixture, root_link), SnapshotRefusal::SymbolicLink { path: "policies".into() });
    let submodule = in_blueprints(&format!("160000 commit {link}\tsub\n"));
    assert_eq!(refusal(&fixture, submodule), SnapshotRefusal::Submodule { path: "blueprints/sub".into() });
    let latin1 = in_blueprints(&format!("100644 blob {blob}\t\"caf\\351.yaml\"\n"));
    assert_eq!(refusal(&fixture, latin1), SnapshotRefusal::NotUtf8 { path: "blueprints/caf\u{fffd}.yaml".into() });
    let newline = in_blueprints(&format!("100644 blob {blob}\t\"a\\nb\"\n"));
    assert!(matches!(refusal(&fixture, newline), SnapshotRefusal::BadName { .. }));
    let file = fixture.commit_of_tree(&format!("100644 blob {blob}\ttemplates\n"));
    assert_eq!(refusal(&fixture, file), SnapshotRefusal::NotAFolder { path: "templates".into() });
    let folder = fixture.commit_of_tree(&fixture.tree_line("ipr.yaml", ""));
    assert_eq!(refusal(&fixture, folder), SnapshotRefusal::NotAFile { path: "ipr.yaml".into() });
}

#[test]
fn a_snapshot_is_bounded() {
    let fixture = Fixture::new();
    let in_blueprints = |lines: &str| fixture.commit_of_tree(&fixture.tree_line("blueprints", lines));
    let lines = |count: usize, blob: &str| (0..count).map(|number| format!("100644 blob {blob}\tf{number:05}\n")).collect::<String>();

    let small = fixture.blob(b"x");
    // The folder itself counts as one.
    assert_eq!(fixture.repository().snapshot(in_blueprints(&lines(9_999, &small))).unwrap().files.len(), 9_999);
    assert_eq!(refusal(&fixture, in_blueprints(&lines(10_000, &small))), SnapshotRefusal::TooManyFiles { bound: 10_000 });

    let full = fixture.blob(&vec![b'x'; 1 << 20]);
    assert_eq!(fixture.repository().snapshot(in_blueprints(&lines(64, &full))).unwrap().files.len(), 64);
    assert_eq!(refusal(&fixture, in_blueprints(&lines(65, &full))), SnapshotRefusal::TooLarge { bound_bytes: 64 << 20 });

    let large = fixture.blob(&vec![b'x'; (1 << 20) + 1]);
    let expected = SnapshotRefusal::FileTooLarge { path: "blueprints/f00000".into(), size_bytes: (1 << 20) + 1, bound_bytes: 1 << 20 };
    assert_eq!(refusal(&fixture, in_blueprints(&lines(1, &large))), expected);

    let deep = (0..40).fold(String::new(), |inner, _| fixture.tree_line("d", &inner));
    assert!(matches!(refusal(&fixture, in_blueprints(&deep)), SnapshotRefusal::TooDeep { bound: 32, .. }));
}

#[test]
fn a_worktree_is_dirty_when_its_managed_files_differ() {
    let fixture = managed_fixture();
    let before = fixture.repository().worktree_snapshot().unwrap();
    assert_eq!((before.head, before.dirty, before.files.len()), (None, true, 4));

    let head = fixture.commit("start");
    let clean = fixture.repository().worktree_snapshot().unwrap();
    assert_eq!((clean.head, clean.dirty), (Some(head), false));
    assert_eq!(clean.files, fixture.repository().snapshot(head).unwrap().files);

    fixture.write("README.md", "changed");
    assert!(!fixture.repository().worktree_snapshot().unwrap().dirty);
    fixture.write("blueprints/untracked.yaml", "new");
    let dirty = fixture.repository().worktree_snapshot().unwrap();
    assert!(dirty.dirty);
    assert_eq!(dirty.files["blueprints/untracked.yaml"], b"new");
}

#[test]
fn a_worktree_follows_the_same_rules() {
    let fixture = Fixture::new();
    fixture.write("blueprints/a.yaml", "a");
    symlink("a.yaml", fixture.path().join("blueprints/b.yaml")).unwrap();
    assert_eq!(worktree_refusal(&fixture), SnapshotRefusal::SymbolicLink { path: "blueprints/b.yaml".into() });
    let head = fixture.commit("a link");

    std::fs::remove_file(fixture.path().join("blueprints/b.yaml")).unwrap();
    let snapshot = fixture.repository().worktree_snapshot().unwrap();
    assert_eq!((snapshot.head, snapshot.dirty), (Some(head), true));

    fixture.write("blueprints/large.yaml", vec![b'x'; (1 << 20) + 1]);
    assert!(matches!(worktree_refusal(&fixture), SnapshotRefusal::FileTooLarge { .. }));
    fixture.write("blueprints/large.yaml", "small").write("blueprints/nested/.git/HEAD", "x");
    assert_eq!(worktree_refusal(&fixture), SnapshotRefusal::Submodule { path: "blueprints/nested/.git".into() });
}

#[test]
fn a_bare_repository_has_no_worktree() {
    let fixture = Fixture::new();
    fixture.git(["init", "--quiet", "--bare", "bare.git"]);
    let bare = daemon_history::Repository::open_local(&fixture.path().join("bare.git")).unwrap();
    assert!(matches!(bare.worktree_snapshot(), Err(HistoryError::NoWorktree)));
}
