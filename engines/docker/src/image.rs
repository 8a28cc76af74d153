//! Which image is meant? References, the registries behind them, and the digest that a tag has right now.

use bollard::models::ImageInspect;
use engine_api::{EngineError, ErrorKind};

use crate::reader::Reader;

/// What Docker calls the registry of references that name none.
const DEFAULT_REGISTRY: &str = "docker.io";

/// `repository[:tag][@digest]`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference<'a> {
    /// Without tag and digest: `ghcr.io/acme/shop`.
    pub(crate) repository: &'a str,
    /// `sha256:..`.
    pub(crate) digest: Option<&'a str>,
}

impl<'a> Reference<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
        let repository = match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => repository,
            _ => name,
        };
        Self { repository, digest }
    }

    /// The first part, where it is a host: it has a dot or a port, or is `localhost`.
    pub(crate) fn registry(&self) -> &'a str {
        match self.repository.split_once('/') {
            Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host,
            _ => DEFAULT_REGISTRY,
        }
    }

    /// The repository with nothing left to be understood: `docker.io/library/nginx`.
    fn full_repository(&self) -> String {
        let path = self.repository.strip_prefix(self.registry()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(self.repository);
        match self.registry() {
            DEFAULT_REGISTRY if !path.contains('/') => format!("{DEFAULT_REGISTRY}/library/{path}"),
            registry => format!("{registry}/{path}"),
        }
    }
}

/// Refuses images of registries that the configuration does not allow, before any packet.
pub(crate) fn check_registry(reference: &str, allowed: &[String]) -> Result<(), EngineError> {
    let registry = Reference::parse(reference).registry();
    if allowed.iter().any(|host| host == registry) {
        return Ok(());
    }
    Err(EngineError::new(
        ErrorKind::Rejected,
        format!("use the image `{reference}`"),
        format!(
            "the registry `{registry}` is not allowed for this target; allowed: {}. Add it to the target's registries in the daemon's configuration",
            allowed.join(", ")
        ),
    ))
}

/// The digest behind a tag: what the registry says, else what the engine has, else the registry's error.
pub(crate) async fn resolve(reader: &Reader, reference: &str) -> Result<String, EngineError> {
    if let Some(digest) = Reference::parse(reference).digest {
        return Ok(digest.to_owned());
    }
    let refusal = match reader.registry_digest(reference).await {
        Ok(digest) => return Ok(digest),
        Err(error) => error,
    };
    match reader.image(reference).await? {
        Some(image) => {
            tracing::info!(image = reference, error = %refusal, "the registry did not answer; the engine's own image is taken");
            digest_of(reference, &image).ok_or(refusal)
        }
        None => Err(refusal),
    }
}

/// The digest of an image that the engine has: the one its repository gave, or its id where no registry ever did.
pub(crate) fn digest_of(reference: &str, image: &ImageInspect) -> Option<String> {
    let wanted = Reference::parse(reference).full_repository();
    let from_repository = image.repo_digests.iter().flatten().find_map(|known| {
        let known = Reference::parse(known);
        if known.full_repository() == wanted { known.digest.map(str::to_owned) } else { None }
    });
    from_repository.or_else(|| image.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_is_the_first_part_where_it_is_a_host() {
        for (reference, registry) in [
            ("nginx", "docker.io"),
            ("acme/shop:1", "docker.io"),
            ("ghcr.io/acme/shop:1", "ghcr.io"),
            ("127.0.0.1:5000/lab/box:1", "127.0.0.1:5000"),
            ("localhost/box", "localhost"),
        ] {
            assert_eq!(Reference::parse(reference).registry(), registry, "{reference}");
        }
        assert!(check_registry("nginx:1", &["docker.io".to_owned()]).is_ok());
        let refused = check_registry("evil.example/nginx:1", &["docker.io".to_owned()]).expect_err("refused");
        assert_eq!(refused.kind, ErrorKind::Rejected);
        assert!(refused.message.contains("evil.example"));
    }

    #[test]
    fn the_digest_of_the_right_repository_is_taken() {
        let digests = ["quay.io/acme/nginx@sha256:other", "nginx@sha256:right"].map(str::to_owned).to_vec();
        let image = ImageInspect { id: Some("sha256:id".to_owned()), repo_digests: Some(digests), ..Default::default() };
        assert_eq!(digest_of("docker.io/library/nginx:1", &image).as_deref(), Some("sha256:right"));
        assert_eq!(digest_of("acme/local:1", &image).as_deref(), Some("sha256:id"));
    }
}
