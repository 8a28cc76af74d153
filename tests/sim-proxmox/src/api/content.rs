//! What is on a storage, and how do files come there?
//!
//! Source: pve-storage `src/PVE/API2/Storage/Content.pm` and `Status.pm`, pve-manager `PVE/API2/Nodes.pm` (`aplinfo`).

use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use super::drive::check_storage;
use super::{Call, Outcome, Reply};
use crate::job::{Job, Phase};
use crate::refusal::Refusal;
use crate::world::{DiskSize, Download, Volume, VolumeKey, World};

pub(super) fn list(call: &mut Call<'_>) -> Outcome {
    let (node, storage) = (call.node()?, call.required("storage")?);
    let definition = call.world.storages.get(&storage).ok_or_else(|| Refusal::failed(format!("storage '{storage}' does not exist")))?;
    if definition.is_disabled() {
        return Err(Refusal::failed(format!("storage '{storage}' is disabled")));
    }
    if definition.broken {
        return Err(Refusal::failed(format!("storage '{storage}' is not online")));
    }
    let content = call.text("content");
    let vmid = call.number("vmid");
    let fits = |key: &VolumeKey, volume: &Volume| {
        let is_here = key.storage == storage && key.node.as_deref().is_none_or(|name| name == node);
        is_here && content.is_none_or(|content| volume.content == content) && vmid.is_none_or(|vmid| volume.vmid.map(u64::from) == Some(vmid))
    };
    let rows = call.world.volumes.iter().filter(|(key, volume)| fits(key, volume)).map(|(key, volume)| row(key, volume));
    Ok(Reply::Data(rows.collect()))
}

fn row(key: &VolumeKey, volume: &Volume) -> Value {
    let mut row = json!({
        "volid": format!("{}:{}", key.storage, key.name), "format": volume.format, "size": volume.size_bytes,
        "ctime": volume.created_s, "content": volume.content,
    });
    if let Some(vmid) = volume.vmid {
        row["vmid"] = json!(vmid);
    }
    if let Some(parent) = &volume.parent {
        row["parent"] = json!(parent.split_once(':').map_or(parent.as_str(), |(_, name)| name));
    }
    if !volume.notes.is_empty() {
        row["notes"] = json!(volume.notes);
    }
    if volume.protected {
        row["protected"] = json!(1);
    }
    row
}

/// The volume of a path, which may leave out the storage.
fn named(call: &Call<'_>) -> Result<(String, VolumeKey), Refusal> {
    let (storage, volume) = (call.required("storage")?, call.required("volume")?);
    let id = if volume.contains(':') { volume } else { format!("{storage}:{volume}") };
    let key = call.world.volume_key(&call.node()?, &id).ok_or_else(|| Refusal::failed(format!("storage '{storage}' does not exist")))?;
    Ok((id, key))
}

pub(super) fn read(call: &mut Call<'_>) -> Outcome {
    let (id, key) = named(call)?;
    let volume = call.world.volumes.get(&key).ok_or_else(|| Refusal::failed(format!("volume '{id}' does not exist")))?;
    let path = format!("/simulated/{}/{}", key.storage, key.name);
    Ok(Reply::Data(json!({ "path": path, "size": volume.size_bytes, "used": volume.used_bytes, "format": volume.format })))
}

/// `POST content`: an empty volume under a given name.
pub(super) fn allocate(call: &mut Call<'_>) -> Outcome {
    let (node, storage, name) = (call.node()?, call.required("storage")?, call.required("filename")?);
    let vmid = call.vmid()?;
    let size = call.required("size")?;
    // The number without a unit is in KiB.
    let size = if size.ends_with(['M', 'G']) { size } else { format!("{size}K") };
    let size = DiskSize::parse(&size).ok_or_else(|| Refusal::parameter("size", "value does not match the regex pattern"))?;
    check_storage(call.world, &node, &storage, "images")?;
    let id = format!("{storage}:{name}");
    let key = call.world.volume_key(&node, &id).ok_or_else(|| Refusal::failed(format!("storage '{storage}' does not exist")))?;
    if call.world.volumes.contains_key(&key) {
        return Err(Refusal::failed(format!("disk image '{name}' already exists")));
    }
    let format = call.owned("format").unwrap_or_else(|| "raw".to_owned());
    let created_s = call.world.now_s();
    let volume =
        Volume { size_bytes: size.0, used_bytes: size.0, format, content: "images".to_owned(), vmid: Some(vmid), created_s, ..Volume::default() };
    call.world.volumes.insert(key, volume);
    Ok(Reply::Data(json!(id)))
}

pub(super) fn delete(call: &mut Call<'_>) -> Outcome {
    let (id, key) = named(call)?;
    let is_backup = call.world.volumes.get(&key).is_some_and(|volume| volume.content == "backup");
    call.need(&format!("/storage/{}", key.storage), if is_backup { "Datastore.AllocateSpace" } else { "Datastore.Allocate" })?;
    let missing = || Refusal::failed(format!("volume '{id}' does not exist"));
    let volume = call.world.volumes.get(&key).ok_or_else(missing)?;
    if volume.protected {
        return Err(Refusal::failed(format!("cannot remove protected volume '{id}'")));
    }
    if call.world.volumes.values().any(|other| other.parent.as_deref() == Some(&id)) {
        return Err(Refusal::failed(format!("base volume '{}' is still in use by linked clones", key.name)));
    }
    let (lock, free_ms) = (call.world.storage_lock(&call.node()?, &key.storage), call.world.timing.free_ms);
    let task_id = format!("{}@{}", volume.vmid.map(|vmid| vmid.to_string()).unwrap_or_default(), key.storage);
    let remove = Phase::run(move |world, _| {
        world.volumes.remove(&key);
        Ok(())
    });
    call.task("imgdel", &task_id, Job::new([Phase::lock(lock), Phase::Work(free_ms), remove]))
}

fn check_name(content: &str, name: &str) -> Result<(), Refusal> {
    let endings: &[&str] = match content {
        "iso" => &[".iso", ".img"],
        "vztmpl" => &[".tar.gz", ".tar.xz", ".tar.zst", ".tgz", ".tar.bz2"],
        "import" => &[".ova", ".ovf", ".qcow2", ".raw", ".vmdk"],
        _ => return Err(Refusal::parameter("content", format!("upload content type '{content}' not allowed"))),
    };
    let is_plain = name.chars().all(|character| character.is_ascii_alphanumeric() || "-_.+".contains(character));
    match is_plain && endings.iter().any(|ending| name.ends_with(ending)) {
        true => Ok(()),
        false => Err(Refusal::parameter("filename", "wrong file extension")),
    }
}

/// A file that will be on a storage.
fn file(content: &str, name: &str, size_bytes: u64) -> Volume {
    let format = match (content, name.rsplit('.').next().unwrap_or_default()) {
        ("iso", _) => "iso".to_owned(),
        ("vztmpl", ending) => {
            if ending.starts_with('t') && ending != "tar" {
                ending.to_owned()
            } else {
                format!("t{ending}")
            }
        }
        (_, ending) => ending.to_owned(),
    };
    Volume { size_bytes, used_bytes: size_bytes, format, content: content.to_owned(), ..Volume::default() }
}

/// `POST upload`: the file comes with the request, and a task puts it in place.
pub(super) fn upload(call: &mut Call<'_>) -> Outcome {
    let (node, storage, content) = (call.node()?, call.required("storage")?, call.required("content")?);
    let upload = call.upload.take().ok_or_else(|| Refusal::parameter("filename", "property is missing and it is not optional"))?;
    check_name(&content, &upload.name)?;
    check_storage(call.world, &node, &storage, &content)?;
    check_sum(call, &upload.bytes)?;
    let id = format!("{storage}:{content}/{}", upload.name);
    let key = call.world.volume_key(&node, &id).ok_or_else(|| Refusal::failed("no such storage"))?;
    let volume = Volume { bytes: Some(upload.bytes.clone()), ..file(&content, &upload.name, upload.bytes.len() as u64) };
    let copy_ms = call.world.timing.config_ms;
    let put = Phase::run(move |world, progress| {
        progress.say(format!("target file: {id}"));
        let created_s = world.now_s();
        world.volumes.insert(key, Volume { created_s, ..volume });
        Ok(())
    });
    call.task("imgcopy", "", Job::new([Phase::Work(copy_ms), put]))
}

/// Source: `Status.pm`: `checksum` and `checksum-algorithm` go together.
fn check_sum(call: &Call<'_>, bytes: &[u8]) -> Result<(), Refusal> {
    Expected::of(call).map_or(Ok(()), |expected| expected.check(bytes))
}

/// The checksum that a request announces.
struct Expected {
    algorithm: String,
    sum: String,
}

impl Expected {
    fn of(call: &Call<'_>) -> Option<Self> {
        Some(Self { algorithm: call.owned("checksum-algorithm").unwrap_or_default(), sum: call.owned("checksum")? })
    }

    fn check(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let found = match self.algorithm.as_str() {
            "sha256" => hex::encode(Sha256::digest(bytes)),
            "sha512" => hex::encode(Sha512::digest(bytes)),
            other => return Err(Refusal::failed(format!("the simulator knows no checksum algorithm '{other}'"))),
        };
        match found.eq_ignore_ascii_case(&self.sum) {
            true => Ok(()),
            false => Err(Refusal::failed(format!("checksum mismatch: got '{found}' != expect '{}'", self.sum))),
        }
    }
}

/// `POST download-url`: what the URL gives is in `World::downloads`. Source: pve-common `Tools.pm` `download_file_from_url`: a file
/// that is there is read where a checksum is given, and refused where not; another file is in place when it is whole, or not at all.
pub(super) fn download(call: &mut Call<'_>) -> Outcome {
    let (node, storage, content) = (call.node()?, call.required("storage")?, call.required("content")?);
    let (url, name) = (call.required("url")?, call.required("filename")?);
    check_name(&content, &name)?;
    check_storage(call.world, &node, &storage, &content)?;
    let id = format!("{storage}:{content}/{name}");
    let key = call.world.volume_key(&node, &id).ok_or_else(|| Refusal::failed("no such storage"))?;
    let (download_ms, expected, task_id) = (call.world.timing.download_ms, Expected::of(call), name.clone());
    let look = Phase::run(move |world, progress| {
        progress.say(format!("downloading {url} to {id}"));
        if let Some(there) = world.volumes.get(&key) {
            return match &expected {
                Some(expected) => {
                    expected.check(there.text.as_bytes()).map_err(|refusal| Refusal { message: format!("{}, aborting", refusal.message), ..refusal })
                }
                None => Err(Refusal::failed(format!("refusing to override existing file '{name}'"))),
            };
        }
        progress.then([
            Phase::Work(download_ms),
            Phase::run(move |world, progress| {
                let found = found_at(world, &url).map_err(|_| {
                    let host = url.split('/').nth(2).unwrap_or_default();
                    Refusal::failed(format!("download failed: unable to resolve host address '{host}'"))
                })?;
                expected.map_or(Ok(()), |expected| expected.check(found.text.as_bytes()))?;
                let created_s = world.now_s();
                let volume = Volume { created_s, text: found.text, ..file(&content, &name, found.size_bytes) };
                world.volumes.insert(key, volume);
                progress.say("download finished");
                Ok(())
            }),
        ]);
        Ok(())
    });
    call.task("download", &task_id, Job::new([look]))
}

/// What a URL gives, or the status line of a server or of the client in its place.
fn found_at(world: &World, url: &str) -> Result<Download, &'static str> {
    let host = |url: &str| url.split('/').nth(2).map(str::to_owned);
    match world.downloads.get(url) {
        Some(size_bytes) => Ok(Download { size_bytes: *size_bytes, text: world.download_texts.get(url).cloned().unwrap_or_else(|| url.to_owned()) }),
        None if world.downloads.keys().any(|known| host(known) == host(url)) => Err("404 Not Found"),
        None => Err("500 Can't connect to server (Connection refused)"),
    }
}

/// `GET query-url-metadata`.
pub(super) fn url_metadata(call: &mut Call<'_>) -> Outcome {
    let url = call.required("url")?;
    let name = url.rsplit('/').next().unwrap_or_default().to_owned();
    match found_at(call.world, &url) {
        Ok(Download { size_bytes: 0, .. }) => Ok(Reply::Data(json!({ "filename": name, "mimetype": "application/octet-stream" }))),
        Ok(download) => Ok(Reply::Data(json!({ "filename": name, "size": download.size_bytes, "mimetype": "application/octet-stream" }))),
        Err(status) => Err(Refusal::failed(format!("invalid server response: '{status}'"))),
    }
}

/// `GET aplinfo`: container templates on offer.
pub(super) fn appliances(call: &mut Call<'_>) -> Outcome {
    let rows = call.world.appliances.iter().map(|template| {
        let package = template.split('_').next().unwrap_or_default();
        json!({ "template": template, "package": package, "os": package.split('-').next(), "section": "system", "type": "lxc", "version": template.split('_').nth(1), "headline": package, "source": "https://download.proxmox.example" })
    });
    Ok(Reply::Data(rows.collect()))
}

/// `POST aplinfo`: downloads one.
pub(super) fn download_appliance(call: &mut Call<'_>) -> Outcome {
    let (node, storage, template) = (call.node()?, call.required("storage")?, call.required("template")?);
    if !call.world.appliances.contains(&template) {
        return Err(Refusal::parameter("template", "no such template"));
    }
    check_storage(call.world, &node, &storage, "vztmpl")?;
    let id = format!("{storage}:vztmpl/{template}");
    let key = call.world.volume_key(&node, &id).ok_or_else(|| Refusal::failed("no such storage"))?;
    let download_ms = call.world.timing.download_ms;
    let fetch = Phase::run(move |world, _| {
        let created_s = world.now_s();
        world.volumes.insert(key, Volume { created_s, ..file("vztmpl", &template, 130 << 20) });
        Ok(())
    });
    call.task("download", "", Job::new([Phase::Work(download_ms), fetch]))
}
