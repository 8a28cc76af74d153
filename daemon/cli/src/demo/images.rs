//! Where does the image of nginx come from? Docker Hub, if the engine gets it there soon; else Debian's packages.

use std::time::Duration;

use core_model::Diagnostic;
use test_sim::registry::{ImageError, Registry, debian};

use super::docker::Docker;
use crate::failure::Failure;

const HUB: &str = "docker.io";
const HUB_REPOSITORY: &str = "docker.io/library";
const REPOSITORY: &str = "library";
const NAME: &str = "nginx";
const TAG: &str = "stable";
/// A registry that takes longer would make a dull demo.
const HUB_TIMEOUT: Duration = Duration::from_secs(6);
const OWN_TIMEOUT: Duration = Duration::from_secs(20);

/// A place that images come from.
#[derive(Debug)]
pub(super) struct Images {
    /// What stands before `/nginx` in references.
    pub(super) repository: String,
    /// The host that the daemon may ask.
    pub(super) host: String,
    /// Held as long as it is needed, where it is ours.
    pub(super) own: Option<Registry>,
    /// What there is to say about it.
    pub(super) told: String,
}

pub(super) async fn find(docker: &Docker) -> Result<Images, Failure> {
    if docker.can_resolve(&format!("{HUB_REPOSITORY}/{NAME}:{TAG}"), HUB_TIMEOUT).await {
        let told = format!("Images come from Docker Hub: {HUB_REPOSITORY}/{NAME}:{TAG}. The engine keeps what it pulls.");
        return Ok(Images { repository: HUB_REPOSITORY.to_owned(), host: HUB.to_owned(), own: None, told });
    }
    let image = tokio::task::spawn_blocking(debian::nginx).await.map_err(|error| Failure::of("No image made", error))?.map_err(not_made)?;
    let registry = Registry::start().await.map_err(|error| Failure::of("No registry", error))?;
    registry.put(&format!("{REPOSITORY}/{NAME}"), TAG, &image);
    let host = registry.host();
    let repository = format!("{host}/{REPOSITORY}");
    if !docker.can_resolve(&format!("{repository}/{NAME}:{TAG}"), OWN_TIMEOUT).await {
        let detail = format!("Docker Hub does not answer, and the engine cannot reach the demo's own registry at {host} either.");
        let hint = "the engine must run on this machine, in its network, and allow plain HTTP to 127.0.0.1";
        return Err(Failure::new(Diagnostic::error("No images", detail)).hint(hint));
    }
    let told = format!("Docker Hub does not answer. The same image is made of Debian's packages and comes from {repository}/{NAME}:{TAG}.");
    Ok(Images { repository, host, own: Some(registry), told })
}

fn not_made(error: ImageError) -> Failure {
    match error {
        ImageError::NotInstalled { programs, packages } => {
            let detail = format!("Docker Hub does not answer, and the image cannot be made here: {programs} not installed.");
            let command = format!("apt-get install --yes --no-install-recommends {packages}");
            Failure::new(Diagnostic::error("No image of nginx", detail)).hint("on Debian, as root").command(command)
        }
        other => Failure::of("No image of nginx", other),
    }
}
