//! Which files does a tree in git hold? Walks a tree under the rules of [`crate::files`].

use std::collections::BTreeMap;

use gix::object::tree::EntryKind;

use crate::{
    HistoryError, TreeId,
    error::Attempted,
    files::{Account, Bounds, Files, Place, Scope, SnapshotRefusal, join},
};

/// The entries of a tree's root that are managed, each with its kind and its content's id.
pub(crate) fn managed(repository: &gix::Repository, tree: TreeId) -> Result<BTreeMap<Vec<u8>, (EntryKind, gix::ObjectId)>, HistoryError> {
    let reading = || format!("read the tree {tree}");
    let tree = repository.find_tree(tree.object()).attempted(reading)?;
    let mut managed = BTreeMap::new();
    for entry in tree.iter() {
        let entry = entry.attempted(reading)?;
        let name: &[u8] = entry.filename();
        if Scope::Managed.place_in_root(name) != Place::Outside {
            managed.insert(name.to_vec(), (entry.mode().kind(), entry.object_id()));
        }
    }
    Ok(managed)
}

/// The blobs of a tree by path. Their content is not read.
pub(crate) fn list(
    repository: &gix::Repository,
    tree: TreeId,
    scope: Scope,
    bounds: Bounds,
) -> Result<BTreeMap<String, gix::ObjectId>, HistoryError> {
    let mut account = Account::new(bounds);
    let mut blobs = BTreeMap::new();
    let mut folders = vec![(String::new(), tree.object())];
    while let Some((folder, id)) = folders.pop() {
        let reading = || format!("read the tree {id}");
        let tree = repository.find_tree(id).attempted(reading)?;
        for entry in tree.iter() {
            let entry = entry.attempted(reading)?;
            let name: &[u8] = entry.filename();
            let place = if folder.is_empty() { scope.place_in_root(name) } else { Place::Either };
            if place == Place::Outside {
                continue;
            }
            let path = join(&folder, name)?;
            account.enter(&path)?;
            match (entry.mode().kind(), place) {
                (EntryKind::Link, _) => return Err(SnapshotRefusal::SymbolicLink { path }.into()),
                (EntryKind::Commit, _) => return Err(SnapshotRefusal::Submodule { path }.into()),
                (EntryKind::Tree, Place::File) => {
                    return Err(SnapshotRefusal::NotAFile { path }.into());
                }
                (EntryKind::Tree, _) => folders.push((path, entry.object_id())),
                (EntryKind::Blob | EntryKind::BlobExecutable, Place::Folder) => {
                    return Err(SnapshotRefusal::NotAFolder { path }.into());
                }
                (EntryKind::Blob | EntryKind::BlobExecutable, _) => {
                    blobs.insert(path, entry.object_id());
                }
            }
        }
    }
    Ok(blobs)
}

/// The files of a tree with their content. Sizes are checked before anything is loaded.
pub(crate) fn load(repository: &gix::Repository, tree: TreeId, scope: Scope, bounds: Bounds) -> Result<Files, HistoryError> {
    let mut account = Account::new(bounds);
    let mut files = Files::new();
    for (path, id) in list(repository, tree, scope, bounds)? {
        let reading = || format!("read `{path}` of the tree {tree}");
        let header = repository.find_header(id).attempted(reading)?;
        account.hold(&path, header.size())?;
        let mut blob = repository.find_blob(id).attempted(reading)?;
        files.insert(path, blob.take_data());
    }
    Ok(files)
}
