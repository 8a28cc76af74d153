//! Would-be merges, held against what `git merge-tree` says.

use daemon_history::{CommitId, HistoryError, MergeOutcome, MergeShape, Merged};

use crate::fixture::{Fixture, git_command};

const FILE: &str = "blueprints/shop.yaml";
const START: &str = "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n";
const TOP_CHANGED: &str = "a: 10\nb: 2\nc: 3\nd: 4\ne: 5\n";
const TOP_CHANGED_OTHERWISE: &str = "a: 11\nb: 2\nc: 3\nd: 4\ne: 5\n";
const END_CHANGED: &str = "a: 1\nb: 2\nc: 3\nd: 4\ne: 50\n";
const BOTH_CHANGED: &str = "a: 10\nb: 2\nc: 3\nd: 4\ne: 50\n";

/// Files with their new content, or `None` for a file that is removed.
type Change<'a> = &'a [(&'a str, Option<&'a str>)];

/// A repository with a first commit, and two branches that each made one change.
struct Sides {
    fixture: Fixture,
    start: CommitId,
    base: CommitId,
    head: CommitId,
}

fn apply(fixture: &Fixture, change: Change) {
    for (path, content) in change {
        match content {
            Some(content) => {
                fixture.write(path, content);
            }
            None => {
                fixture.git(["rm", "--quiet", path]);
            }
        }
    }
}

fn sides(base_change: Change, head_change: Change) -> Sides {
    let fixture = Fixture::new();
    let start = fixture.write(FILE, START).write("README.md", "x\n").commit("start");
    fixture.git(["checkout", "--quiet", "-b", "feature"]);
    apply(&fixture, head_change);
    let head = fixture.commit("head");
    fixture.git(["checkout", "--quiet", "main"]);
    apply(&fixture, base_change);
    let base = fixture.commit("base");
    Sides { fixture, start, base, head }
}

fn clean(sides: &Sides) -> Merged {
    match sides.fixture.repository().merge(sides.base, sides.head).unwrap() {
        MergeOutcome::Clean(merged) => merged,
        other => panic!("expected a clean merge, got {other:?}"),
    }
}

fn conflict(sides: &Sides) -> Vec<String> {
    let git = git_command(sides.fixture.path()).args(["merge-tree", "--write-tree", "main", "feature"]).output().unwrap();
    assert_eq!(git.status.code(), Some(1), "git finds no conflict here");
    match sides.fixture.repository().merge(sides.base, sides.head).unwrap() {
        MergeOutcome::Conflict { paths, merge_base } => {
            assert_eq!(merge_base, sides.start);
            paths
        }
        other => panic!("expected a conflict, got {other:?}"),
    }
}

#[test]
fn a_clean_merge_is_the_one_git_makes_and_writes_nothing() {
    let sides =
        sides(&[(FILE, Some(TOP_CHANGED)), ("blueprints/base.yaml", Some("x"))], &[(FILE, Some(END_CHANGED)), ("policies/head.rego", Some("x"))]);
    let objects_before = sides.fixture.git(["count-objects", "-v"]);
    let references_before = sides.fixture.git(["for-each-ref"]);
    let merged = clean(&sides);
    assert_eq!((merged.merge_base, merged.shape), (sides.start, MergeShape::ThreeWay));
    assert_eq!(merged.snapshot.files[FILE], BOTH_CHANGED.as_bytes());
    assert_eq!(merged.snapshot.files.len(), 3);
    assert_eq!(sides.fixture.git(["count-objects", "-v"]), objects_before);
    assert_eq!(sides.fixture.git(["for-each-ref"]), references_before);
    assert_eq!(merged.snapshot.tree.to_string(), sides.fixture.git(["merge-tree", "--write-tree", "main", "feature"]));
}

#[test]
fn a_change_follows_a_renamed_file() {
    let renamed = "blueprints/store.yaml";
    let sides = sides(&[(FILE, None), (renamed, Some(START))], &[(FILE, Some(END_CHANGED))]);
    let merged = clean(&sides);
    assert_eq!(merged.snapshot.files[renamed], END_CHANGED.as_bytes());
    assert_eq!(merged.snapshot.tree.to_string(), sides.fixture.git(["merge-tree", "--write-tree", "main", "feature"]));
}

#[test]
fn a_conflict_names_its_paths() {
    let both_edit = sides(&[(FILE, Some(TOP_CHANGED))], &[(FILE, Some(TOP_CHANGED_OTHERWISE))]);
    assert_eq!(conflict(&both_edit), [FILE]);
    let edit_and_delete = sides(&[(FILE, Some(TOP_CHANGED))], &[(FILE, None)]);
    assert_eq!(conflict(&edit_and_delete), [FILE]);
    let new = "blueprints/new.yaml";
    let both_add = sides(&[(new, Some("a: 1\n"))], &[(new, Some("b: 2\n")), ("README.md", Some("y\n"))]);
    assert_eq!(conflict(&both_add), [new]);
}

#[test]
fn one_side_in_the_other_needs_no_merge() {
    let sides = sides(&[(FILE, Some(TOP_CHANGED))], &[]);
    let repository = sides.fixture.repository();
    let already = repository.merge(sides.base, sides.start).unwrap();
    let MergeOutcome::Clean(already) = already else { panic!("{already:?}") };
    assert_eq!((already.shape, already.merge_base), (MergeShape::AlreadyMerged, sides.start));
    assert_eq!(already.snapshot, repository.snapshot(sides.base).unwrap());
    let forward = repository.merge(sides.start, sides.base).unwrap();
    let MergeOutcome::Clean(forward) = forward else { panic!("{forward:?}") };
    assert_eq!((forward.shape, forward.merge_base), (MergeShape::FastForward, sides.start));
    assert_eq!(forward.snapshot, repository.snapshot(sides.base).unwrap());
}

#[test]
fn unrelated_histories_do_not_merge() {
    let sides = sides(&[], &[]);
    sides.fixture.git(["checkout", "--quiet", "--orphan", "other"]);
    let other = sides.fixture.commit("unrelated");
    assert!(matches!(sides.fixture.repository().merge(sides.base, other), Err(HistoryError::NoCommonAncestor { .. })));
}

#[test]
fn a_merge_runs_no_driver_that_the_repository_names() {
    let sides = sides(&[(FILE, Some(TOP_CHANGED))], &[(FILE, Some(TOP_CHANGED_OTHERWISE))]);
    let trap = sides.fixture.path().join("trapped");
    let command = format!("touch '{}'", trap.display());
    sides.fixture.git(["config", "merge.trap.driver", &command]);
    sides.fixture.write(".gitattributes", "*.yaml merge=trap\n").git(["add", ".gitattributes"]);
    let outcome = sides.fixture.repository().merge(sides.base, sides.head).unwrap();
    assert!(matches!(outcome, MergeOutcome::Conflict { .. }), "{outcome:?}");
    assert!(!trap.exists(), "the merge ran a command from the repository's configuration");
}

#[test]
fn what_was_merged_is_merged_out_as_git_reverts_it() {
    let fixture = Fixture::new();
    let before = fixture.write(FILE, START).commit("start");
    let after = fixture.write(FILE, TOP_CHANGED).commit("top");
    let tip = fixture.write(FILE, BOTH_CHANGED).commit("end");
    let MergeOutcome::Clean(merged) = fixture.repository().without(tip, before, after).unwrap() else { panic!("nothing touches the same lines") };
    assert_eq!(merged.snapshot.files[FILE], END_CHANGED.as_bytes());
    fixture.git(["revert", "--no-edit", &after.to_string()]);
    assert_eq!(merged.snapshot.tree, fixture.repository().tree(fixture.id("HEAD")).unwrap());
}

#[test]
fn what_was_changed_again_is_not_merged_out() {
    let fixture = Fixture::new();
    let before = fixture.write(FILE, START).commit("start");
    let after = fixture.write(FILE, TOP_CHANGED).commit("top");
    let tip = fixture.write(FILE, TOP_CHANGED_OTHERWISE).commit("top again");
    let MergeOutcome::Conflict { paths, .. } = fixture.repository().without(tip, before, after).unwrap() else { panic!("a person has to settle it") };
    assert_eq!(paths, [FILE]);
}
