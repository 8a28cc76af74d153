//! What can be done to definitions of storages, and to files on a storage? Each as one announced call.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::{EngineError, Repeat};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::calls::{Calls, Plan, gone_is_fine};
use super::operation;
use crate::client::{Body, Parameters};

/// A file that a node is to fetch.
pub(crate) struct Download<'a> {
    pub(crate) node: &'a str,
    pub(crate) storage: &'a str,
    pub(crate) content: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) url: &'a str,
    /// The algorithm and the sum.
    pub(crate) checksum: Option<(&'a str, &'a str)>,
    pub(crate) verifies_certificate: bool,
}

impl Calls<'_> {
    fn of_storage(&self, operation: &'static str, name: &str, attempt: String, call: (Method, String, Body)) -> Plan {
        let (method, path, body) = call;
        Plan { operation, attempt, key: name.to_owned(), repeat: Repeat::Safe, method, path, body, limit: self.timeouts.write }
    }

    pub(crate) async fn define_storage(&self, name: &str, options: BTreeMap<String, String>) -> Result<(), EngineError> {
        let parameters: Parameters = std::iter::once(("storage".to_owned(), name.to_owned())).chain(options).collect();
        let call = (Method::POST, "/storage".to_owned(), Body::Form(parameters));
        let plan = self.of_storage(operation::STORAGE_CREATE, name, format!("define the storage `{name}`"), call);
        self.make(Plan { repeat: Repeat::Check, ..plan }).await
    }

    /// `digest` is that of the definitions the changes were worked out from.
    pub(crate) async fn configure_storage(
        &self,
        name: &str,
        set: BTreeMap<String, String>,
        delete: &BTreeSet<String>,
        digest: Option<&str>,
    ) -> Result<(), EngineError> {
        let mut parameters: Parameters = set.into_iter().collect();
        if !delete.is_empty() {
            parameters.push(("delete".to_owned(), delete.iter().map(String::as_str).collect::<Vec<_>>().join(",")));
        }
        parameters.extend(digest.map(|digest| ("digest".to_owned(), digest.to_owned())));
        let call = (Method::PUT, format!("/storage/{name}"), Body::Form(parameters));
        self.make(self.of_storage(operation::STORAGE_CONFIGURE, name, format!("change the storage `{name}`"), call)).await
    }

    /// The definition alone; what is on the storage stays there.
    pub(crate) async fn forget_storage(&self, name: &str) -> Result<(), EngineError> {
        let call = (Method::DELETE, format!("/storage/{name}"), Body::None);
        let attempt = format!("take out the definition of the storage `{name}`");
        gone_is_fine(self.make(self.of_storage(operation::STORAGE_DELETE, name, attempt, call)).await)
    }

    /// Where a checksum is given, a file that is there already and has it is left as it is.
    pub(crate) async fn download(&self, download: &Download<'_>) -> Result<(), EngineError> {
        let Download { node, storage, content, file_name, url, checksum, verifies_certificate } = download;
        let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut parameters = vec![text("url", url), text("content", content), text("filename", file_name)];
        parameters.push(text("verify-certificates", if *verifies_certificate { "1" } else { "0" }));
        parameters.extend(checksum.iter().flat_map(|(algorithm, sum)| [text("checksum-algorithm", algorithm), text("checksum", sum)]));
        let volume = format!("{storage}:{content}/{file_name}");
        let call = (Method::POST, format!("/nodes/{node}/storage/{storage}/download-url"), Body::Form(parameters));
        let attempt = format!("download `{volume}` on `{node}`");
        let plan = self.of_storage(operation::DOWNLOAD, &format!("{node}/{volume}"), attempt, call);
        self.make_heavy(node, Plan { limit: self.timeouts.copy, ..plan }).await
    }

    /// What is gone already needs no call to be gone.
    pub(crate) async fn discard_volume(&self, node: &str, volume: &str) -> Result<(), EngineError> {
        let storage = volume.split_once(':').map_or(volume, |(storage, _)| storage);
        let encoded = utf8_percent_encode(volume, NON_ALPHANUMERIC);
        let call = (Method::DELETE, format!("/nodes/{node}/storage/{storage}/content/{encoded}"), Body::None);
        gone_is_fine(self.make(self.of_storage(operation::VOLUME_DELETE, volume, format!("delete the volume `{volume}`"), call)).await)
    }
}
