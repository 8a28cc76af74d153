//! What would a merge hold? Computed in memory; no reference, file or object is written.

use std::collections::BTreeSet;

use gix::merge::tree::{Conflict, TreatAsUnresolved};

use crate::{
    CommitId, History, HistoryError, Snapshot,
    error::Attempted,
    snapshot::{commit_tree, snapshot_of},
};

/// How a merge of `head` into `base` would end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeOutcome {
    Clean(Merged),
    Conflict {
        /// The paths that a person must settle, sorted. They may lie outside the managed folders.
        paths: Vec<String>,
        merge_base: CommitId,
    },
}

/// A merge without conflicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    pub snapshot: Snapshot,
    pub merge_base: CommitId,
    pub shape: MergeShape,
}

/// What had to be done for a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeShape {
    /// `head` is in `base` already: the result is `base`.
    AlreadyMerged,
    /// `base` is in `head`: the result is `head`.
    FastForward,
    ThreeWay,
}

impl History {
    /// The result of merging `head` into `base`, as a merge commit or a squash would have it.
    pub fn merge(&self, base: CommitId, head: CommitId) -> Result<MergeOutcome, HistoryError> {
        let merge_base = self.merge_base(base, head)?.ok_or(HistoryError::NoCommonAncestor { one: base, other: head })?;
        let (shape, side) = match merge_base {
            ancestor if ancestor == head => (MergeShape::AlreadyMerged, base),
            ancestor if ancestor == base => (MergeShape::FastForward, head),
            _ => return three_way(&self.local().with_object_memory(), base, head, merge_base),
        };
        Ok(MergeOutcome::Clean(Merged { snapshot: self.snapshot(side)?, merge_base, shape }))
    }

    /// What `tip` would hold without the commits after `before`, up to `after`: what a revert of them would.
    pub fn without(&self, tip: CommitId, before: CommitId, after: CommitId) -> Result<MergeOutcome, HistoryError> {
        merged_out(&self.local().with_object_memory(), tip, before, after)
    }
}

/// `tip` without what came after `before`, up to `after`.
fn merged_out(memory: &gix::Repository, tip: CommitId, before: CommitId, after: CommitId) -> Result<MergeOutcome, HistoryError> {
    let merging = || format!("take what came after {before}, up to {after}, out of {tip}");
    let [ancestor, ours, theirs] = [after, tip, before].map(|commit| commit_tree(memory, commit));
    let options = memory.tree_merge_options().attempted(merging)?;
    let outcome = memory.merge_trees(ancestor?.object(), ours?.object(), theirs?.object(), Default::default(), options);
    ended(memory, outcome.attempted(merging)?, before, merging)
}

fn three_way(memory: &gix::Repository, base: CommitId, head: CommitId, merge_base: CommitId) -> Result<MergeOutcome, HistoryError> {
    let merging = || format!("merge {head} into {base}");
    let options = memory.tree_merge_options().attempted(merging)?;
    let outcome = memory.merge_commits(base.object(), head.object(), Default::default(), options.into()).attempted(merging)?.tree_merge;
    ended(memory, outcome, merge_base, merging)
}

fn ended(
    memory: &gix::Repository,
    mut outcome: gix::merge::tree::Outcome<'_>,
    merge_base: CommitId,
    merging: impl Fn() -> String,
) -> Result<MergeOutcome, HistoryError> {
    let unresolved = |conflict: &&Conflict| conflict.is_unresolved(TreatAsUnresolved::git());
    let paths: BTreeSet<String> = outcome.conflicts.iter().filter(unresolved).flat_map(locations).collect();
    if !paths.is_empty() {
        return Ok(MergeOutcome::Conflict { paths: paths.into_iter().collect(), merge_base });
    }
    let tree = outcome.tree.write().attempted(&merging)?.detach();
    Ok(MergeOutcome::Clean(Merged { snapshot: snapshot_of(memory, tree.into())?, merge_base, shape: MergeShape::ThreeWay }))
}

/// A conflict is at two places when one side moved the file.
fn locations(conflict: &Conflict) -> [String; 2] {
    [conflict.ours.location().to_string(), conflict.theirs.location().to_string()]
}
