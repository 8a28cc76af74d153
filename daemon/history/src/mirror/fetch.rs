//! What changed on the remote? One fetch: references that are gone are removed, then new objects come, then references move.

use std::{collections::BTreeSet, sync::atomic::AtomicBool};

use core_model::Secret;
use gix::{
    protocol::handshake::Ref,
    refs::{
        Target,
        transaction::{Change, LogChange, PreviousValue, RefEdit},
    },
    remote::{
        Direction,
        fetch::{Status, Tags, refs::update::Mode},
    },
};

use super::remote::{Remote, credentials};
use crate::HistoryError;

/// Everything is forced: the mirror follows the remote, also where history was rewritten. `HEAD` is only looked at.
const COPIED: [&str; 3] = ["+refs/heads/*:refs/heads/*", "+refs/pull/*/head:refs/pull/*/head", "+refs/tags/*:refs/tags/*"];
/// What of ours is removed when the remote has it no more.
const REMOVABLE: [&str; 3] = ["refs/heads/", "refs/pull/", "refs/tags/"];

/// What a fetch changed, as full reference names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchReport {
    pub updated: Vec<String>,
    pub removed: Vec<String>,
}

pub(super) fn fetch(
    repository: &gix::Repository,
    remote: &Remote,
    token: Option<&Secret>,
    interrupt: &AtomicBool,
) -> Result<FetchReport, HistoryError> {
    let report = receive(repository, remote, token, interrupt).map_err(|error| remote.failed(error))?;
    match report {
        Ok(report) => Ok(report),
        Err(rejected) => Err(remote.rejected(rejected)),
    }
}

/// The inner error names the references that gix would not move.
fn receive(
    repository: &gix::Repository,
    remote: &Remote,
    token: Option<&Secret>,
    interrupt: &AtomicBool,
) -> gix::Result<Result<FetchReport, String>> {
    let source = repository.remote_at(remote.url())?.with_refspecs(COPIED, Direction::Fetch)?.with_fetch_tags(Tags::None);
    let head = gix::refspec::parse("HEAD".into(), gix::refspec::parse::Operation::Fetch)?.to_owned();
    let options = gix::remote::ref_map::Options { extra_refspecs: vec![head], ..Default::default() };
    let connection = source.connect(Direction::Fetch)?.with_credentials(credentials(token)).with_transport_options(remote.transport_options());
    let prepared = connection.prepare_fetch(gix::progress::Discard, options)?;

    // Before anything is written: a branch `a` that is gone would be in the way of a new branch `a/b`.
    let kept: BTreeSet<Vec<u8>> = prepared.ref_map().mappings.iter().filter_map(|mapping| mapping.local.as_ref()).map(|name| name.to_vec()).collect();
    let removed = remove_others(repository, &kept)?;
    // One file for thousands of references instead of a file each.
    let is_first = repository.references()?.all()?.next().is_none();

    let outcome = prepared.with_write_packed_refs_only(is_first).receive(gix::progress::Discard, interrupt)?;
    let (Status::Change { update_refs, .. } | Status::NoPackReceived { update_refs, .. }) = &outcome.status;
    let mut report = FetchReport { removed, ..Default::default() };
    let mut rejected = Vec::new();
    for (update, mapping) in update_refs.updates.iter().zip(&outcome.ref_map.mappings) {
        let Some(name) = mapping.local.as_ref() else {
            continue;
        };
        match &update.mode {
            Mode::NoChangeNeeded => {}
            Mode::New | Mode::FastForward | Mode::Forced => report.updated.push(name.to_string()),
            other => rejected.push(format!("{name}: {other}")),
        }
    }
    follow_head(repository, &outcome.ref_map.remote_refs)?;
    Ok(if rejected.is_empty() { Ok(report) } else { Err(rejected.join(", ")) })
}

fn remove_others(repository: &gix::Repository, kept: &BTreeSet<Vec<u8>>) -> gix::Result<Vec<String>> {
    let mut edits = Vec::new();
    for prefix in REMOVABLE {
        for reference in repository.references()?.prefixed(prefix)? {
            let reference = reference?;
            if !kept.contains(&reference.name().as_bstr().to_vec()) {
                edits.push(RefEdit::delete(reference.name().to_owned(), PreviousValue::Any));
            }
        }
    }
    let removed = edits.iter().map(|edit| edit.name.to_string()).collect();
    if !edits.is_empty() {
        repository.edit_references(edits)?;
    }
    Ok(removed)
}

/// The mirror's HEAD names the remote's default branch, which can change at any time.
fn follow_head(repository: &gix::Repository, remote_refs: &[Ref]) -> gix::Result<()> {
    let target = remote_refs.iter().find_map(|reference| match reference {
        Ref::Symbolic { full_ref_name, target, .. } | Ref::Unborn { full_ref_name, target } if full_ref_name == "HEAD" => Some(target),
        _ => None,
    });
    let Some(branch) = target.and_then(|name| gix::refs::FullName::try_from(name.clone()).ok()) else {
        return Ok(());
    };
    if !branch.as_bstr().starts_with(b"refs/heads/") || repository.head_name()?.as_ref() == Some(&branch) {
        return Ok(());
    }
    let change = Change::Update { log: LogChange::default(), expected: PreviousValue::Any, new: Target::Symbolic(branch) };
    let head = gix::refs::FullName::try_from("HEAD").expect("HEAD is a reference name");
    repository.edit_reference(RefEdit::new(head, change)).map(drop)
}
