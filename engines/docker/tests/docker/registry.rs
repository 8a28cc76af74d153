//! Which digest does a tag have? Asked of a real registry on loopback.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use bollard::auth::DockerCredentials;
use bollard::query_parameters::{PushImageOptionsBuilder, RemoveImageOptionsBuilder, TagImageOptionsBuilder};
use engine_api::contract::MemoryJournal;
use engine_api::{Engine, ErrorKind};
use engine_docker::Compute;
use futures::TryStreamExt;
use serde_json::json;

use crate::image;
use crate::orders::Resource;
use crate::table::specs;
use crate::world::World;

/// A registry on a free port of loopback. It ends with the test.
struct Registry {
    process: Child,
    host: String,
    folder: tempfile::TempDir,
}

impl Registry {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("registry.yml");
        let storage = folder.path().join("data");
        let text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"127.0.0.1:0\"}}\n",
            storage.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut process = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("docker-registry (package docker-registry) is needed");
        let host = Self::listening_at(process.stderr.take().unwrap());
        Self { process, host, folder }
    }

    /// Loses the layers of every image and keeps what describes them: a pull begins well, and fails in the middle.
    fn lose_layers(&self) {
        let mut folders = vec![self.folder.path().join("data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let kind = entry.metadata().unwrap();
                match kind.is_dir() {
                    true => folders.push(entry.path()),
                    false if kind.len() > 100_000 => std::fs::remove_file(entry.path()).unwrap(),
                    false => {}
                }
            }
        }
    }

    /// The address it says it listens on. The rest of its log is read and dropped, so that it never waits for us.
    fn listening_at(log: std::process::ChildStderr) -> String {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                if let Some((_, rest)) = line.split_once("listening on ") {
                    let host: String = rest.chars().take_while(|c| c.is_ascii_digit() || ".:".contains(*c)).collect();
                    let _ = sender.send(host);
                }
            }
        });
        receiver.recv_timeout(Duration::from_secs(30)).expect("the registry says where it listens")
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Pushes an image under `<registry>/<name>:1` and gives that reference. The local tag is removed again.
async fn push(world: &World, registry: &Registry, local: &str, name: &str) -> String {
    let repository = format!("{}/{name}", registry.host);
    let options = TagImageOptionsBuilder::default().repo(&repository).tag("1").build();
    world.client.tag_image(local, Some(options)).await.unwrap();
    let options = PushImageOptionsBuilder::default().tag("1").build();
    world.client.push_image(&repository, Some(options), Some(DockerCredentials::default())).try_collect::<Vec<_>>().await.unwrap();
    format!("{repository}:1")
}

async fn forget(world: &World, reference: &str) {
    let options = RemoveImageOptionsBuilder::default().force(true).build();
    world.client.remove_image(reference, Some(options), None).await.unwrap();
}

#[tokio::test]
async fn a_tag_is_resolved_pinned_pulled_and_compared_by_its_digest() {
    let registry = Registry::start();
    let Some(world) = World::with_registries(&[crate::world::NO_REGISTRY, &registry.host]).await else { return };
    let name = world.name("shop");
    let tag = push(&world, &registry, &world.plain_image(), &name).await;
    let first = world.pinned(&tag).await;
    forget(&world, &tag).await;
    assert!(world.client.inspect_image(&tag).await.is_err(), "the engine does not have it any more");

    let web = Resource::new(&Compute, world.name("web"), specs(json!({"image": first})));
    let operations = world.bring(&web, None).await;
    assert_eq!(operations.first().map(String::as_str), Some("ImagePull"));
    let seen = world.see("compute", &web.object).await.unwrap();
    assert_eq!(seen.values["specs"]["image"], first);
    assert_eq!(web.differences(Some(&web), &seen), []);

    // The tag moves. What was pinned stays what is wanted.
    let other = world.image("other:1");
    image::load(&world.client, &other, image::rich("other")).await;
    push(&world, &registry, &other, &name).await;
    let second = world.pinned(&tag).await;
    assert_ne!(first, second);
    let seen = world.see("compute", &web.object).await.unwrap();
    assert_eq!(web.differences(Some(&web), &seen), []);
    let moved = web.with("image", second);
    world.bring(&moved, Some(&web)).await;
    let seen = world.see("compute", &web.object).await.unwrap();
    assert_eq!(moved.differences(Some(&moved), &seen), []);
    assert_eq!(web.differences(Some(&web), &seen).len(), 1);
}

#[tokio::test]
async fn without_its_registry_the_engines_own_digest_is_taken() {
    let registry = Registry::start();
    let Some(world) = World::with_registries(&[crate::world::NO_REGISTRY, &registry.host]).await else { return };
    let tag = push(&world, &registry, &world.plain_image(), &world.name("shop")).await;
    let missing = format!("{}/{}:1", registry.host, world.name("none"));
    assert_eq!(world.engine.resolve("compute", &missing).await.unwrap_err().kind, ErrorKind::NotFound);
    let told = world.engine.resolve("compute", &tag).await.unwrap();
    drop(registry);
    assert_eq!(world.engine.resolve("compute", &tag).await.unwrap(), told);
}

/// Docker begins the answer to a pull with status 200, whatever comes of it.
#[tokio::test]
async fn a_pull_that_fails_in_the_middle_is_told() {
    let registry = Registry::start();
    let Some(world) = World::with_registries(&[crate::world::NO_REGISTRY, &registry.host]).await else { return };
    // A layer that the engine has is not pulled, so this image has one of its own.
    let local = world.image("unique:1");
    image::load_with(&world.client, &local, image::plain("unique"), world.name("unique").as_bytes()).await;
    let tag = push(&world, &registry, &local, &world.name("shop")).await;
    let pinned = world.pinned(&tag).await;
    forget(&world, &tag).await;
    forget(&world, &local).await;
    registry.lose_layers();
    let web = Resource::new(&Compute, world.name("web"), specs(json!({"image": pinned})));
    let order = world.plan(&web, None).await.unwrap();
    let error = world.carry_out(&order, &MemoryJournal::default()).await.unwrap_err();
    assert!(error.attempted.starts_with("pull the image"), "{error}");
    assert!(error.message.contains("blob"), "{error}");
}
