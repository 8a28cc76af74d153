//! What is an image? Layers, a configuration that names them, and a manifest that names both.

use axum::body::Bytes;
use serde_json::{Value, json};

use super::digest;
use super::error::ImageError;
use super::files::Files;

pub(super) const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIGURATION_TYPE: &str = "application/vnd.oci.image.config.v1+json";
/// Not compressed: it goes over loopback once.
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar";
/// An image has no time of its own, so that equal content has an equal digest.
const CREATED: &str = "2026-01-01T00:00:00Z";

/// An image for the platform that this program was built for.
#[derive(Clone, Debug)]
pub struct Image {
    pub(super) manifest: Bytes,
    /// Configuration and layers, by digest.
    pub(super) blobs: Vec<(String, Bytes)>,
}

impl Image {
    /// An image of one layer. `configuration` is what containers start with, in the words of the OCI image specification:
    /// `{"Cmd": ["sh"], "Env": ["PATH=/bin"]}`.
    pub fn from_files(files: &Files, configuration: &Value) -> Result<Self, ImageError> {
        let layer = files.pack().map_err(ImageError::Pack)?;
        Ok(Self::from_layers(vec![layer], configuration))
    }

    /// An image of these tar archives, the lowest first.
    pub fn from_layers(layers: Vec<Vec<u8>>, configuration: &Value) -> Self {
        let layers: Vec<(String, Bytes)> = layers.into_iter().map(|layer| (digest::of(&layer), layer.into())).collect();
        let names: Vec<&String> = layers.iter().map(|(name, _)| name).collect();
        let history = vec![json!({"created": CREATED}); names.len()];
        let configuration = json!({
            "created": CREATED,
            "architecture": architecture(),
            "os": "linux",
            "config": configuration,
            "rootfs": {"type": "layers", "diff_ids": names},
            "history": history,
        });
        let configuration = Bytes::from(configuration.to_string());
        let configuration_name = digest::of(&configuration);
        let describe = |kind: &str, name: &str, content: &Bytes| json!({"mediaType": kind, "digest": name, "size": content.len()});
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST_TYPE,
            "config": describe(CONFIGURATION_TYPE, &configuration_name, &configuration),
            "layers": layers.iter().map(|(name, content)| describe(LAYER_TYPE, name, content)).collect::<Vec<_>>(),
        });
        let mut blobs = layers;
        blobs.push((configuration_name, configuration));
        Self { manifest: manifest.to_string().into(), blobs }
    }

    /// What the image is pinned by: the digest of its manifest.
    pub fn digest(&self) -> String {
        digest::of(&self.manifest)
    }
}

/// The name that images have for this machine's kind of processor.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
