//! What does one test have to itself? Names that begin with its own prefix, an owner of its own, and an engine. What it made
//! is removed at its end, also when it fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bollard::Docker as Client;
use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptions, ListVolumesOptions, RemoveContainerOptionsBuilder,
    RemoveImageOptionsBuilder, RemoveVolumeOptionsBuilder,
};
use core_model::state::{ObservedObject, ObservedState, Sight};
use engine_api::{Engine, ObserveScope, Wanted};
use engine_docker::{Docker, DockerOptions};
use serde_json::{Map, Value, json};

use crate::daemon::{Daemon, daemon};
use crate::image;
use crate::proxy::Proxy;

/// A registry that refuses every connection at once, so that an image "of" it is known by its id alone.
pub(crate) const NO_REGISTRY: &str = "127.0.0.1:1";

pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) engine: Arc<Docker>,
    pub(crate) owner: String,
    prefix: String,
    daemon: Arc<Daemon>,
}

/// How many /24 networks tests choose from: 10.192.0.0 to 10.223.255.0.
const SUBNETS: u32 = 32 * 256;

static WORLDS: AtomicU32 = AtomicU32::new(0);

impl World {
    /// `None` where there is no daemon.
    pub(crate) async fn new() -> Option<Self> {
        Self::with_registries(&[NO_REGISTRY]).await
    }

    pub(crate) async fn with_registries(registries: &[&str]) -> Option<Self> {
        let daemon = daemon()?;
        let path = daemon.endpoint.strip_prefix("unix://").expect("IPR_TEST_DOCKER is a unix socket");
        let client = Client::connect_with_unix(path, 120, bollard::API_DEFAULT_VERSION).expect("the daemon's socket");
        let client = client.negotiate_version().await.expect("the daemon answers");
        let id = format!("{:x}{:02x}", std::process::id(), WORLDS.fetch_add(1, Ordering::Relaxed));
        let (owner, prefix) = (format!("owner-{id}"), format!("ipr-test-{id}-"));
        let engine = Self::connect(&daemon.endpoint, &owner, registries);
        let world = Self { client, engine, owner, prefix, daemon };
        image::load(&world.client, &world.plain_image(), image::plain(&id)).await;
        Some(world)
    }

    fn connect(endpoint: &str, owner: &str, registries: &[&str]) -> Arc<Docker> {
        let mut options = DockerOptions::new(endpoint, owner);
        options.registries_allowed = registries.iter().map(|&registry| registry.to_owned()).collect();
        options.timeouts.settle = Duration::from_secs(1);
        options.timeouts.stop_grace = Duration::from_secs(2);
        Arc::new(Docker::connect(options).expect("good options"))
    }

    /// As a daemon that was just started would.
    pub(crate) fn new_engine(&self) -> Arc<Docker> {
        Self::connect(&self.daemon.endpoint, &self.owner, &[NO_REGISTRY])
    }

    /// An engine of this world that sees the daemon through a proxy.
    pub(crate) fn engine_through(&self, proxy: &Proxy) -> Arc<Docker> {
        Self::connect(&proxy.endpoint, &self.owner, &[NO_REGISTRY])
    }

    pub(crate) fn proxy(&self) -> Proxy {
        Proxy::before(&self.daemon.endpoint)
    }

    /// The name of an object of this world.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(crate) fn plain_image(&self) -> String {
        self.image("plain:1")
    }

    /// A reference to an image that no registry has.
    pub(crate) fn image(&self, name: &str) -> String {
        format!("{NO_REGISTRY}/{}{name}", self.prefix)
    }

    /// The image with its digest, as the planner would pin it.
    pub(crate) async fn pinned(&self, image: &str) -> Value {
        let answer = self.engine.resolve("compute", image).await.unwrap_or_else(|error| panic!("{error}"));
        json!(format!("{image}@{answer}"))
    }

    /// The smallest container: `{"image": ..}`.
    pub(crate) async fn specs(&self) -> Map<String, Value> {
        Map::from_iter([("image".to_owned(), self.pinned(&self.plain_image()).await)])
    }

    pub(crate) fn scope(&self, wanted: &[(&str, &str)]) -> ObserveScope {
        let wanted = wanted.iter().map(|(type_name, object)| Wanted { type_name: (*type_name).to_owned(), object: (*object).to_owned() }).collect();
        ObserveScope { owner_id: self.owner.clone(), environment: Some("test".parse().unwrap()), wanted, ..ObserveScope::default() }
    }

    /// `None` when it is not there. Panics when it cannot be seen.
    pub(crate) async fn see(&self, type_name: &str, object: &str) -> Option<ObservedObject> {
        let observation = self.engine.observe(&self.scope(&[(type_name, object)])).await.unwrap_or_else(|error| panic!("{error}"));
        let target = "dock".parse().unwrap();
        let state = ObservedState { targets: [(target, Ok(observation))].into() };
        match state.see(&"dock".parse().unwrap(), type_name, object) {
            Sight::Present(found) => Some(found.clone()),
            Sight::Absent => None,
            Sight::Unknown(why) => panic!("{object} cannot be seen: {why}"),
        }
    }

    /// A subnet that no network of the engine has, and that other tests are not likely to choose at the same time.
    pub(crate) async fn free_subnet(&self) -> String {
        let networks = self.client.list_networks(None::<ListNetworksOptions>).await.unwrap();
        let taken: Vec<String> = networks.into_iter().filter_map(|network| network.ipam?.config).flatten().filter_map(|pool| pool.subnet).collect();
        let first = std::process::id().wrapping_mul(7).wrapping_add(WORLDS.fetch_add(1, Ordering::Relaxed));
        let subnets =
            (0..SUBNETS).map(|step| (first.wrapping_add(step)) % SUBNETS).map(|number| format!("10.{}.{}.0/24", 192 + number / 256, number % 256));
        subnets.into_iter().find(|subnet| !taken.contains(subnet)).unwrap()
    }

    /// Removes every container, network and volume of this world, but those of these names.
    pub(crate) async fn remove_objects(&self, except: &[&str]) {
        let kept: Vec<String> = except.iter().map(|name| self.name(name)).collect();
        remove_objects(&self.client, &self.prefix, &kept).await;
    }
}

async fn remove_objects(client: &Client, prefix: &str, kept: &[String]) {
    let goes = |name: &str| name.starts_with(prefix) && !kept.iter().any(|kept| kept == name);
    let containers = client.list_containers(Some(ListContainersOptionsBuilder::default().all(true).build())).await.unwrap_or_default();
    for container in containers {
        if container.names.iter().flatten().any(|name| goes(name.trim_start_matches('/'))) {
            let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
            let _ = client.remove_container(container.id.as_deref().unwrap_or_default(), Some(options)).await;
        }
    }
    for network in client.list_networks(None::<ListNetworksOptions>).await.unwrap_or_default() {
        if network.name.as_deref().is_some_and(goes) {
            let _ = client.remove_network(network.id.as_deref().unwrap_or_default()).await;
        }
    }
    let volumes = client.list_volumes(None::<ListVolumesOptions>).await.ok().and_then(|listed| listed.volumes).unwrap_or_default();
    for volume in volumes.into_iter().filter(|volume| goes(&volume.name)) {
        let _ = client.remove_volume(&volume.name, Some(RemoveVolumeOptionsBuilder::default().force(true).build())).await;
    }
}

async fn remove_images(client: &Client, prefix: &str) {
    let images = client.list_images(Some(ListImagesOptionsBuilder::default().all(false).build())).await.unwrap_or_default();
    for tag in images.into_iter().flat_map(|image| image.repo_tags.into_iter().chain(image.repo_digests)).filter(|tag| tag.contains(prefix)) {
        let options = RemoveImageOptionsBuilder::default().force(true).build();
        let _ = client.remove_image(&tag, Some(options), None).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let (client, prefix) = (self.client.clone(), self.prefix.clone());
        // The test's own runtime may be ending, and a drop cannot wait on it.
        let removal = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                remove_objects(&client, &prefix, &[]).await;
                remove_images(&client, &prefix).await;
            });
        });
        let _ = removal.join();
    }
}
