//! What does a cluster say of its storages and of the files on them?

use engine_api::{EngineError, ErrorKind};
use serde_json::Value;

use super::{Reader, text};
use crate::config::Config;

/// A storage as the cluster defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) name: String,
    /// Its options, `type` and `content` among them; `digest` is that of all definitions together.
    pub(crate) config: Config,
}

/// A file or a disk on a storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// `local:iso/debian-13.iso`.
    pub(crate) volume: String,
    pub(crate) bytes: Option<u64>,
}

/// What a server says of an address, asked by a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Remote {
    /// It answers, perhaps with a size.
    Found { bytes: Option<u64> },
    /// The server says that there is nothing: `404 Not Found`.
    Gone { status: String },
    /// Nobody can tell from here.
    Unknown { why: String },
}

/// How a node begins to tell what a server said, or why nobody could be asked (pve-manager `Nodes.pm`, `query_url_metadata`).
const SERVER_ANSWERED: &str = "invalid server response: '";

/// Answers after which a download cannot succeed. Others may be a server's dislike of being asked like this.
const GONE: [&str; 2] = ["404", "410"];

impl Reader<'_> {
    /// Every definition that the credential may see, by name.
    pub(crate) async fn definitions(&self) -> Result<Vec<Definition>, EngineError> {
        let entries = self.list("list the definitions of storages", "/storage", &[]).await?;
        let definition = |entry: &Value| {
            let mut config = Config::of(entry);
            Some(Definition { name: config.options.remove("storage")?, config })
        };
        let mut definitions: Vec<Definition> = entries.iter().filter_map(definition).collect();
        definitions.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(definitions)
    }

    pub(crate) async fn definition(&self, name: &str) -> Result<Option<Definition>, EngineError> {
        Ok(self.definitions().await?.into_iter().find(|definition| definition.name == name))
    }

    /// What is on a storage of one kind, seen from a node.
    pub(crate) async fn stored(&self, node: &str, storage: &str, content: &str) -> Result<Vec<Stored>, EngineError> {
        let path = format!("/nodes/{node}/storage/{storage}/content");
        let entries = self.list(&format!("list what is on `{storage}`"), &path, &[("content", content)]).await?;
        let stored = |entry: &Value| Some(Stored { volume: text(entry, "volid")?, bytes: entry.get("size").and_then(Value::as_u64) });
        Ok(entries.iter().filter_map(stored).collect())
    }

    /// Asks a server through a node. A server that does not answer as hoped is an answer too.
    pub(crate) async fn remote(&self, node: &str, url: &str, verifies: bool) -> Result<Remote, EngineError> {
        let flag = if verifies { "1" } else { "0" };
        let query = [("url", url), ("verify-certificates", flag)];
        match self.read(&format!("ask `{node}` about `{url}`"), &format!("/nodes/{node}/query-url-metadata"), &query).await {
            Ok(data) => Ok(Remote::Found { bytes: data.get("size").and_then(Value::as_u64).filter(|bytes| *bytes > 0) }),
            // The node speaks of that server, in whatever words it was refused, and not of itself.
            Err(error) if error.kind == ErrorKind::Unreachable && !error.message.contains(SERVER_ANSWERED) => Err(error),
            Err(error) => Ok(gone(&error.message).map_or(Remote::Unknown { why: error.message }, |status| Remote::Gone { status })),
        }
    }

    /// The tasks on a node that download a file of this name and have not ended.
    pub(crate) async fn downloads(&self, node: &str, file_name: &str) -> Result<Vec<String>, EngineError> {
        let path = format!("/nodes/{node}/tasks");
        let query = [("source", "active"), ("typefilter", "download")];
        let entries = self.list(&format!("list the downloads of `{node}`"), &path, &query).await?;
        let is_this =
            |entry: &&Value| text(entry, "id").as_deref() == Some(file_name) && text(entry, "status").is_none_or(|status| status == "RUNNING");
        Ok(entries.iter().filter(is_this).filter_map(|entry| text(entry, "upid")).collect())
    }
}

/// `404 Not Found` of `invalid server response: '404 Not Found'`.
fn gone(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(SERVER_ANSWERED)?;
    let status = rest.split('\'').next()?;
    GONE.iter().any(|code| status.starts_with(code)).then(|| status.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_definite_no_is_a_no() {
        assert_eq!(gone("invalid server response: '404 Not Found'").as_deref(), Some("404 Not Found"));
        for message in ["invalid server response: '405 Method Not Allowed'", "invalid server response: '500 Can't connect'", "404"] {
            assert_eq!(gone(message), None, "{message}");
        }
    }
}
