//! What is on the Docker engine, and how is what the demo made there removed? Asked over its socket, beside the daemon.
//!
//! The daemon changes the target through its own engine. This is only the demo's own look at it, and its broom.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Method, Response};
use serde::Deserialize;
use serde_json::{Value, json};

const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
const HELLO_TIMEOUT: Duration = Duration::from_secs(3);
/// The label that carries whose an object is: `<owner id>/<environment id>/<address>`.
const MARKER: &str = "ipr.marker";

/// An engine that answered.
#[derive(Debug, Clone)]
pub(super) struct Docker {
    client: Client,
    socket: PathBuf,
    pub(super) version: String,
}

/// What can carry our marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Container,
    Network,
    Volume,
}

/// One object with our marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marked {
    /// What the engine finds it by.
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum DockerError {
    #[error("ask the Docker engine for {path}")]
    Unanswered { path: String, source: reqwest::Error },
    #[error("the Docker engine refused {path}: {message}")]
    Refused { path: String, message: String },
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "Id")]
    id: Option<String>,
    #[serde(rename = "Name")]
    name: Option<String>,
    #[serde(rename = "Names")]
    names: Option<Vec<String>>,
    #[serde(rename = "Labels")]
    labels: Option<std::collections::BTreeMap<String, String>>,
}

impl Docker {
    /// The engine behind a socket, if it answers soon.
    pub(super) async fn at(socket: &Path) -> Option<Self> {
        let client = Client::builder().unix_socket(socket).timeout(ANSWER_TIMEOUT).build().ok()?;
        let answer = client.get("http://docker/version").timeout(HELLO_TIMEOUT).send().await.ok()?;
        let version: Value = answer.json().await.ok()?;
        let version = version["Version"].as_str()?.to_owned();
        Some(Self { client, socket: socket.to_owned(), version })
    }

    pub(super) fn endpoint(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Whether the engine can reach the registry of an image, and the image is there.
    pub(super) async fn can_resolve(&self, image: &str, within: Duration) -> bool {
        let asked = self.client.get(format!("http://docker/distribution/{image}/json")).timeout(within).send().await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Everything of a kind that one owner made, sorted by name.
    pub(super) async fn marked(&self, kind: Kind, owner_id: &str) -> Result<Vec<Marked>, DockerError> {
        let filter = json!({"label": [MARKER]}).to_string();
        let answer = self.ask(Method::GET, kind.list(), &[("all", "true"), ("filters", &filter)]).await?;
        let mut document: Value = self.body(kind.list(), answer).await?;
        let list = if kind == Kind::Volume { document["Volumes"].take() } else { document };
        let listed: Vec<Listed> = serde_json::from_value(list).unwrap_or_default();
        let mut marked: Vec<Marked> = listed.into_iter().filter(|object| object.is_of(owner_id)).filter_map(Listed::marked).collect();
        marked.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(marked)
    }

    /// Removes an object, in use or not.
    pub(super) async fn remove(&self, kind: Kind, object: &Marked) -> Result<(), DockerError> {
        let path = format!("{}/{}", kind.folder(), object.id);
        self.ask(Method::DELETE, &path, &[("force", "true"), ("v", "true")]).await.map(drop)
    }

    /// Removes the images that came from a registry. Their layers go unless another image has them, too.
    pub(super) async fn forget_images_of(&self, registry: &str) -> Result<(), DockerError> {
        let path = "/images/json";
        let answer = self.ask(Method::GET, path, &[]).await?;
        let images: Value = self.body(path, answer).await?;
        let names = ["RepoTags", "RepoDigests"];
        let of_image = |image: &Value| names.iter().flat_map(|key| image[*key].as_array().cloned().unwrap_or_default()).collect::<Vec<_>>();
        let references = images.as_array().into_iter().flatten().flat_map(of_image);
        for reference in references.filter_map(|name| name.as_str().filter(|name| name.starts_with(&format!("{registry}/"))).map(str::to_owned)) {
            match self.ask(Method::DELETE, &format!("/images/{reference}"), &[("force", "true")]).await {
                // The last name of an image takes its digest along.
                Ok(_) | Err(DockerError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes a network with these addresses, or with those that the engine chooses.
    pub(super) async fn make_network(&self, name: &str, subnet: Option<&str>, marker: &str) -> Result<Marked, DockerError> {
        let path = "/networks/create";
        let addresses: Vec<Value> = subnet.map(|subnet| json!({"Subnet": subnet})).into_iter().collect();
        let order = json!({"Name": name, "CheckDuplicate": true, "Labels": {MARKER: marker}, "IPAM": {"Config": addresses}});
        let sent = self.client.post(format!("http://docker{path}")).json(&order).send().await;
        let made: Value = self.body(path, self.checked(path, sent).await?).await?;
        Ok(Marked { id: made["Id"].as_str().unwrap_or(name).to_owned(), name: name.to_owned() })
    }

    async fn ask(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Response, DockerError> {
        let sent = self.client.request(method, format!("http://docker{path}")).query(query).send().await;
        self.checked(path, sent).await
    }

    async fn checked(&self, path: &str, sent: Result<Response, reqwest::Error>) -> Result<Response, DockerError> {
        let answer = sent.map_err(|source| DockerError::Unanswered { path: path.to_owned(), source })?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        let message = body["message"].as_str().map_or_else(|| status.to_string(), str::to_owned);
        Err(DockerError::Refused { path: path.to_owned(), message })
    }

    async fn body(&self, path: &str, answer: Response) -> Result<Value, DockerError> {
        answer.json().await.map_err(|source| DockerError::Unanswered { path: path.to_owned(), source })
    }
}

impl Kind {
    /// In the order in which they can be removed.
    pub(super) const ALL: [Self; 3] = [Self::Container, Self::Network, Self::Volume];

    fn folder(self) -> &'static str {
        match self {
            Self::Container => "/containers",
            Self::Network => "/networks",
            Self::Volume => "/volumes",
        }
    }

    fn list(self) -> &'static str {
        match self {
            Self::Container => "/containers/json",
            Self::Network | Self::Volume => self.folder(),
        }
    }
}

impl Listed {
    fn is_of(&self, owner_id: &str) -> bool {
        let marker = self.labels.as_ref().and_then(|labels| labels.get(MARKER));
        marker.and_then(|marker| marker.split_once('/')).is_some_and(|(owner, _)| owner == owner_id)
    }

    fn marked(self) -> Option<Marked> {
        let first = self.names.and_then(|names| names.into_iter().next());
        let name = self.name.or_else(|| first.map(|name| name.trim_start_matches('/').to_owned()))?;
        Some(Marked { id: self.id.unwrap_or_else(|| name.clone()), name })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn listed(document: Value) -> Listed {
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn what_others_made_is_not_ours() {
        for (marker, ours) in [("4e12/demo/cdn.edge", true), ("4e123/demo/cdn.edge", false), ("4e12", false), ("other/4e12/cdn.edge", false)] {
            assert_eq!(listed(json!({"Id": "1", "Labels": {MARKER: marker}})).is_of("4e12"), ours, "{marker}");
        }
        assert!(!listed(json!({"Id": "1", "Labels": null})).is_of("4e12"));
    }

    #[test]
    fn containers_networks_and_volumes_are_named_each_in_their_own_way() {
        let marked = |id: &str, name: &str| Some(Marked { id: id.to_owned(), name: name.to_owned() });
        assert_eq!(listed(json!({"Id": "1", "Names": ["/demo-cdn-edge"]})).marked(), marked("1", "demo-cdn-edge"));
        assert_eq!(listed(json!({"Id": "2", "Name": "demo-cdn-cdn"})).marked(), marked("2", "demo-cdn-cdn"));
        assert_eq!(listed(json!({"Name": "demo-cdn-cache"})).marked(), marked("demo-cdn-cache", "demo-cdn-cache"));
    }
}
