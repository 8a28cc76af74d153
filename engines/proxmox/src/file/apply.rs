//! How does a file come onto a storage, and how does it go? What is there already is believed only when it is whole and the one
//! that is wanted.

use std::time::Duration;

use core_model::plan::Action;
use core_model::resource_type::ResourceType as _;
use engine_api::fields::{Flat, flatten};
use engine_api::{EngineError, ErrorKind};
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::name::FileName;
use super::places::{Places, Reach, ambiguous, find, undecided};
use super::types::File;
use crate::apply::Task;
use crate::reader::{Remote, Stored};
use crate::usage;
use crate::writer::Download;

/// In Proxmox's words (pve-common, `download_file_from_url`).
const ANOTHER_FILE: &str = "checksum mismatch: got";

pub(super) async fn apply(task: &Task<'_>) -> Result<(), EngineError> {
    let name = FileName::parse(task.name());
    let name =
        name.ok_or_else(|| task.refused(format!("`{}` is not of the form `storage:content/file`; this is a bug in the daemon", task.name())))?;
    let wanted = Wanted::of(&task.order.desired);
    match task.step().action {
        Action::Create => Fetch::new(task, name, wanted?).await?.create().await,
        Action::Replace => Fetch::new(task, name, wanted?).await?.replace().await,
        Action::Update | Action::Restart => Fetch::new(task, name, wanted?).await?.verify().await,
        Action::Delete => delete(task, &name).await,
        Action::Adopt | Action::Move | Action::Release => Ok(()),
    }
    .map_err(|error| with_hint(error, task))
}

/// A wrong checksum is the author's to put right, not the cluster's.
fn with_hint(error: EngineError, task: &Task<'_>) -> EngineError {
    let (_, told) = match error.message.split_once(ANOTHER_FILE) {
        Some(parts) if task.step().action != Action::Delete => parts,
        _ => return error,
    };
    let told = told.lines().next().unwrap_or_default().trim().to_owned();
    EngineError::new(error.kind, error.attempted, format!("what the address gives is not the file of the checksum: found {told}"))
}

/// What the author asks for.
struct Wanted {
    url: String,
    /// The algorithm and the sum.
    checksum: Option<(String, String)>,
    verifies_certificate: bool,
}

impl Wanted {
    fn of(values: &Map<String, Value>) -> Result<Self, EngineError> {
        let flat: Flat = flatten(File.facts(), values);
        let text = |path: &str| flat.get(path).and_then(Value::as_str);
        let missing = || EngineError::new(ErrorKind::Rejected, "read what is wanted", "the file has no `url`; this is a bug in the daemon");
        Ok(Self {
            url: text("specs.url").ok_or_else(missing)?.to_owned(),
            checksum: text("specs.checksum").and_then(|sum| sum.split_once(':')).map(|(algorithm, sum)| (algorithm.to_owned(), sum.to_owned())),
            verifies_certificate: flat.get("specs.verify_certificates") != Some(&Value::Bool(false)),
        })
    }
}

/// One file that is to be on a storage, with the node that has it or will have it.
struct Fetch<'t> {
    task: &'t Task<'t>,
    name: FileName,
    wanted: Wanted,
    node: String,
    /// All nodes see the same there.
    is_shared: bool,
    found: Option<Stored>,
}

impl<'t> Fetch<'t> {
    /// Looks for the file, after what an earlier attempt of ours still downloads has come to its end.
    async fn new(task: &'t Task<'t>, name: FileName, wanted: Wanted) -> Result<Self, EngineError> {
        let reach = Places::read(task.reader).await?.of(&name);
        let Some(first) = reach.nodes.first() else {
            let why = if reach.unseen.is_empty() { format!("no node has the storage `{}`", name.storage) } else { reach.unseen.join("; ") };
            return Err(task.error(ErrorKind::NotFound, why));
        };
        for node in &reach.nodes {
            downloaded(task, node, &name.file).await?;
        }
        let is_shared = reach.is_shared;
        match only(task, &name, &reach).await? {
            Some((node, found)) => Ok(Self { task, name, wanted, node, is_shared, found: Some(found) }),
            None if reach.nodes.len() > 1 => Err(task.refused(undecided(&name, &reach.nodes))),
            None => Ok(Self { node: first.clone(), task, name, wanted, is_shared, found: None }),
        }
    }

    async fn create(&self) -> Result<(), EngineError> {
        let Some(found) = &self.found else { return self.download().await };
        match self.is_as_large_as(found, &self.wanted.url).await? {
            Some(true) => Ok(()),
            // Proxmox reads the file, and leaves it as it is where the checksum is right.
            None if self.wanted.checksum.is_some() => self.download().await,
            Some(false) => Err(self.task.conflict("another file of this name is there, of another size than the one at `url`")),
            None => {
                Err(self.task.conflict("a file of this name is there, and nobody can tell whether it is the whole one: set `checksum`, or remove it"))
            }
        }
    }

    /// The old file goes, unless it is the new one already.
    async fn replace(&self) -> Result<(), EngineError> {
        let Some(found) = &self.found else { return self.download().await };
        let is_new = match (self.is_as_large_as(found, &self.wanted.url).await?, &self.wanted.checksum) {
            (Some(false), _) => false,
            (_, Some(_)) => match self.download().await {
                Err(error) if error.message.contains(ANOTHER_FILE) => false,
                other => return other,
            },
            // Told by its size, where the old one has another.
            (Some(true), None) => match self.former_url() {
                Some(former) => self.is_as_large_as(found, &former).await? == Some(false),
                None => false,
            },
            (None, None) => false,
        };
        if is_new {
            return Ok(());
        }
        refuse_if_used(self.task, &self.name, self.is_shared, &self.node).await?;
        self.task.calls.discard_volume(&self.node, &found.volume).await?;
        self.download().await
    }

    /// A checksum that is new in the blueprint is compared with the file; without one there is nothing to do.
    async fn verify(&self) -> Result<(), EngineError> {
        if self.found.is_none() {
            return Err(self.task.error(ErrorKind::NotFound, "there is no such file"));
        }
        let is_asked = self.task.step().changes.iter().any(|change| change.path == "specs.checksum");
        if is_asked && self.wanted.checksum.is_some() { self.download().await } else { Ok(()) }
    }

    fn former_url(&self) -> Option<String> {
        let applied = self.task.order.applied.as_ref()?;
        let url = applied.values.get("specs")?.get("url")?.as_str()?;
        (url != self.wanted.url).then(|| url.to_owned())
    }

    /// `None` where the server does not say how large its file is.
    async fn is_as_large_as(&self, found: &Stored, url: &str) -> Result<Option<bool>, EngineError> {
        let remote = self.task.reader.remote(&self.node, url, self.wanted.verifies_certificate).await?;
        let Remote::Found { bytes: Some(there) } = remote else { return Ok(None) };
        Ok(found.bytes.map(|here| here == there))
    }

    async fn download(&self) -> Result<(), EngineError> {
        let download = Download {
            node: &self.node,
            storage: &self.name.storage,
            content: &self.name.content,
            file_name: &self.name.file,
            url: &self.wanted.url,
            checksum: self.wanted.checksum.as_ref().map(|(algorithm, sum)| (algorithm.as_str(), sum.as_str())),
            verifies_certificate: self.wanted.verifies_certificate,
        };
        self.task.calls.download(&download).await
    }
}

/// Waits until no task of ours downloads a file of this name any more.
async fn downloaded(task: &Task<'_>, node: &str, file: &str) -> Result<(), EngineError> {
    let begun = Instant::now();
    while !task.reader.downloads(node, file).await?.is_empty() {
        if begun.elapsed() > task.options.timeouts.copy {
            return Err(task.error(ErrorKind::Busy, format!("`{node}` still downloads a file of this name")));
        }
        tokio::time::sleep(task.options.timeouts.poll.max(Duration::from_millis(1))).await;
    }
    Ok(())
}

/// The file, if there is one. Several of one name are nobody's to choose from: one of them may be somebody else's.
async fn only(task: &Task<'_>, name: &FileName, reach: &Reach) -> Result<Option<(String, Stored)>, EngineError> {
    let found = find(task.reader, name, reach).await?;
    match ambiguous(name, &found) {
        Some(why) => Err(task.conflict(why)),
        None => Ok(found.into_iter().next()),
    }
}

/// A machine may have taken it into a drive since the plan was made, and would not start again without it.
async fn refuse_if_used(task: &Task<'_>, name: &FileName, is_shared: bool, node: &str) -> Result<(), EngineError> {
    if let Some(why) = usage::unseen(&task.reader.permissions().await?) {
        return Err(task.error(ErrorKind::Unauthorised, format!("nobody can tell whether it is in use: {why}")));
    }
    let (guests, volume) = (task.reader.guests().await?, name.volume());
    let mut uses = usage::of(task.reader, &guests, |used| used == volume).await?;
    uses.retain(|used| is_shared || used.node == node);
    if uses.is_empty() {
        return Ok(());
    }
    Err(task.conflict(format!("it is in use: {}; take it out of these drives first", usage::told(&uses))))
}

/// A storage that is gone has taken its files out of sight.
async fn delete(task: &Task<'_>, name: &FileName) -> Result<(), EngineError> {
    let reach = Places::read(task.reader).await?.of(name);
    if !reach.unseen.is_empty() {
        return Err(task.error(ErrorKind::Unreachable, reach.unseen.join("; ")));
    }
    let Some((node, found)) = only(task, name, &reach).await? else { return Ok(()) };
    refuse_if_used(task, name, reach.is_shared, &node).await?;
    task.calls.discard_volume(&node, &found.volume).await
}
