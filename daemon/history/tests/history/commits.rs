//! Names, commits and what lies between them.

use daemon_history::{CommitId, HistoryError, Repository, Since};

use crate::fixture::Fixture;

fn messages(repository: &Repository, from: Option<CommitId>, to: CommitId) -> Vec<String> {
    repository.first_parents(from, to).unwrap().into_iter().map(|commit| commit.message.trim().to_owned()).collect()
}

#[test]
fn a_commit_says_what_git_says() {
    let fixture = Fixture::new();
    let first = fixture.write("a", "1").commit("first");
    let second = fixture.write("a", "2").commit("second\n\nwith a body");
    let commit = fixture.repository().commit(second).unwrap();
    assert_eq!((commit.id, commit.parents), (second, vec![first]));
    assert_eq!((commit.author_name.as_str(), commit.message.as_str()), ("Ada", "second\n\nwith a body\n"));
    assert_eq!(commit.committed_at_s, 1_700_000_000);
}

#[test]
fn a_spec_is_a_branch_a_tag_a_commit_or_head() {
    let fixture = Fixture::new();
    let first = fixture.write("a", "1").commit("first");
    fixture.git(["tag", "--annotate", "v1", "--message", "one"]);
    fixture.git(["branch", "release/1"]);
    fixture.git(["update-ref", "refs/remotes/origin/other", "HEAD"]);
    let second = fixture.write("a", "2").commit("second");
    // A tag with the name of a branch does not stand in for it.
    fixture.git(["tag", "main", "v1"]);
    let repository = fixture.repository();
    let short = &first.to_string()[..8];
    for spec in ["v1", "release/1", "origin/other", "refs/tags/v1", short, &first.to_string()] {
        assert_eq!(repository.resolve(spec).unwrap(), first, "{spec}");
    }
    assert_eq!(repository.resolve("main").unwrap(), second);
    assert_eq!(repository.resolve("HEAD").unwrap(), second);
    assert_eq!(repository.head_branch().unwrap().as_deref(), Some("main"));
    assert_eq!(repository.tip("release/1").unwrap(), Some(first));
    let tree = fixture.git(["rev-parse", "HEAD^{tree}"]);
    for spec in [
        "",
        "nothing",
        "HEAD~1",
        ":/first",
        "main:a",
        "@{u}",
        "../../x",
        "refs/heads/nothing",
        "0000000000000000000000000000000000000000",
        &tree,
        &tree[..9],
    ] {
        assert!(matches!(repository.resolve(spec), Err(HistoryError::Unknown { .. })), "{spec}");
    }
    assert_eq!(repository.tip("nothing").unwrap(), None);
    assert_eq!(repository.tip("../main").unwrap(), None);
}

#[test]
fn a_repository_is_found_upwards_and_may_be_empty() {
    let fixture = Fixture::new();
    fixture.write("blueprints/deep/x.yaml", "x");
    let repository = Repository::open_local(&fixture.path().join("blueprints/deep")).unwrap();
    assert_eq!(repository.worktree().unwrap().canonicalize().unwrap(), fixture.path().canonicalize().unwrap());
    assert_eq!(repository.head_branch().unwrap().as_deref(), Some("main"));
    assert!(matches!(repository.resolve("HEAD"), Err(HistoryError::Unknown { .. })));
    let elsewhere = tempfile::TempDir::new().unwrap();
    assert!(matches!(Repository::open_local(elsewhere.path()), Err(HistoryError::Open { .. })));
}

#[test]
fn first_parents_are_what_the_branch_went_through() {
    let fixture = Fixture::new();
    let start = fixture.write("a", "0").commit("start");
    fixture.git(["checkout", "--quiet", "-b", "merged"]);
    fixture.write("m", "1").commit("m1");
    let inside = fixture.write("m", "2").commit("m2");
    fixture.git(["checkout", "--quiet", "-b", "squashed", "main"]);
    fixture.write("s", "1").commit("s1");
    fixture.write("s", "2").commit("s2");
    fixture.git(["checkout", "--quiet", "-b", "rebased", "main"]);
    fixture.write("r", "1").commit("r1");
    fixture.write("r", "2").commit("r2");
    fixture.git(["checkout", "--quiet", "main"]);
    fixture.git(["merge", "--quiet", "--no-ff", "merged", "--message", "Merge #1"]);
    fixture.git(["merge", "--quiet", "--squash", "squashed"]);
    fixture.commit("Squash (#2)");
    fixture.git(["checkout", "--quiet", "rebased"]);
    fixture.git(["rebase", "--quiet", "main"]);
    let tip = fixture.id("rebased");

    let repository = fixture.repository();
    assert_eq!(messages(&repository, Some(start), tip), ["Merge #1", "Squash (#2)", "r1", "r2"]);
    assert_eq!(messages(&repository, None, start), ["start"]);
    assert_eq!(messages(&repository, Some(tip), tip), Vec::<String>::new());
    assert!(matches!(repository.first_parents(Some(inside), tip), Err(HistoryError::NotAFirstParent { from, .. }) if from == inside));
    assert!(repository.is_ancestor(inside, tip).unwrap());
    assert!(repository.is_ancestor(tip, tip).unwrap());
    assert!(!repository.is_ancestor(tip, inside).unwrap());
    assert_eq!(repository.merge_base(tip, fixture.id("squashed")).unwrap(), Some(start));
}

#[test]
fn a_branch_is_followed_where_it_was_merged_the_wrong_way_round() {
    let fixture = Fixture::new();
    let start = fixture.write("a", "0").commit("start");
    let seen = fixture.write("a", "1").commit("seen");
    fixture.git(["checkout", "--quiet", "-b", "other", &start.to_string()]);
    let other = fixture.write("b", "1").commit("b1");
    fixture.git(["merge", "--quiet", "--no-ff", "main", "--message", "Merge main"]);
    let merge = fixture.id("HEAD");
    let tip = fixture.write("b", "2").commit("b2");
    let repository = fixture.repository();
    assert_eq!(repository.since(seen, tip).unwrap(), Since::Commits(vec![merge, tip]));
    assert_eq!(repository.since(start, seen).unwrap(), Since::Commits(vec![seen]));
    assert_eq!(repository.since(seen, other).unwrap(), Since::Rewritten);
}

#[test]
fn a_walk_that_is_too_long_says_its_bound() {
    let fixture = Fixture::new();
    let commit = |number: usize| format!("commit refs/heads/main\ncommitter Ada <ada@acme.example> {number} +0000\ndata 1\nx\n");
    let stream: String = (0..5_001).map(commit).collect();
    fixture.git_with(["fast-import", "--quiet"], stream.as_bytes());
    let repository = fixture.repository();
    let tip = repository.tip("main").unwrap().unwrap();
    let error = repository.first_parents(None, tip).unwrap_err();
    assert!(matches!(error, HistoryError::TooManyCommits { bound: 5_000, .. }));
    assert!(error.to_string().contains("5000"), "{error}");
    let root = fixture.git(["rev-list", "--max-parents=0", "main"]).parse().unwrap();
    assert_eq!(repository.first_parents(Some(root), tip).unwrap().len(), 5_000);
}
