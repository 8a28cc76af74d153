//! What does a path ask the registry for?

/// One question of the distribution protocol. Names of repositories have slashes in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// Whether this is a registry at all.
    Version,
    /// By tag or by digest.
    Manifest {
        repository: &'a str,
        reference: &'a str,
    },
    Blob {
        repository: &'a str,
        digest: &'a str,
    },
    Nothing,
}

pub(super) fn parse(path: &str) -> Asked<'_> {
    let Some(rest) = path.strip_prefix("/v2") else { return Asked::Nothing };
    if matches!(rest, "" | "/") {
        return Asked::Version;
    }
    let mut parts = rest.rsplitn(3, '/');
    let (last, kind, repository) = (parts.next(), parts.next(), parts.next().and_then(|name| name.strip_prefix('/')));
    match (repository, kind, last) {
        (Some(repository), Some("manifests"), Some(reference)) => Asked::Manifest { repository, reference },
        (Some(repository), Some("blobs"), Some(digest)) => Asked::Blob { repository, digest },
        _ => Asked::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_slashes_are_told_from_what_is_asked() {
        assert_eq!(parse("/v2/"), Asked::Version);
        assert_eq!(parse("/v2/library/nginx/manifests/stable"), Asked::Manifest { repository: "library/nginx", reference: "stable" });
        assert_eq!(parse("/v2/a/manifests/b/blobs/sha256:1"), Asked::Blob { repository: "a/manifests/b", digest: "sha256:1" });
        for other in ["/", "/v1/", "/v2/nginx", "/v2/manifests/stable", "/v2/nginx/tags/list"] {
            assert_eq!(parse(other), Asked::Nothing, "{other}");
        }
    }
}
