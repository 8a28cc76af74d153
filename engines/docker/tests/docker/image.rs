//! What do the containers of these tests run? A busybox image, put together in memory and loaded without a registry.

use bollard::Docker as Client;
use bollard::query_parameters::ImportImageOptionsBuilder;
use core_model::Hash;
use futures::TryStreamExt;
use serde_json::{Value, json};

const BUSYBOX: &str = "/bin/busybox";
const APPLETS: [&str; 14] = ["sh", "sleep", "true", "false", "echo", "cat", "test", "env", "nice", "kill", "touch", "ls", "printf", "httpd"];

/// Runs until it is killed, which is at once: its stop signal is SIGKILL.
pub(crate) fn plain(world: &str) -> Value {
    json!({"Env": ["PATH=/bin"], "Cmd": ["sleep", "1000000"], "StopSignal": "SIGKILL", "Labels": {"world": world}})
}

/// Sets everything that an image can set.
pub(crate) fn rich(world: &str) -> Value {
    json!({
        "Env": ["PATH=/bin", "FROM_IMAGE=yes"],
        "Entrypoint": ["/bin/nice"],
        "Cmd": ["sleep", "1000000"],
        "User": "0:0",
        "WorkingDir": "/tmp",
        "StopSignal": "SIGKILL",
        "ExposedPorts": {"80/tcp": {}},
        "Volumes": {"/declared": {}},
        "Labels": {"world": world, "from-image": "yes"},
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1_000_000_000_i64, "Timeout": 2_000_000_000_i64, "StartPeriod": 3_000_000_000_i64, "Retries": 4},
    })
}

/// Loads an image of this configuration under this tag.
pub(crate) async fn load(client: &Client, tag: &str, config: Value) {
    load_with(client, tag, config, b"").await;
}

/// With a file of this content, which makes the layer one that no other image has.
pub(crate) async fn load_with(client: &Client, tag: &str, config: Value, content: &[u8]) {
    let layer = layer(content);
    let diff_id = format!("sha256:{}", Hash::of_bytes(&layer).as_str());
    let image = json!({
        "architecture": architecture(),
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": config,
        "rootfs": {"type": "layers", "diff_ids": [diff_id]},
        "history": [{"created": "2026-01-01T00:00:00Z"}],
    });
    let manifest = json!([{"Config": "config.json", "RepoTags": [tag], "Layers": ["layer.tar"]}]);
    let mut archive = tar::Builder::new(Vec::new());
    add_file(&mut archive, "config.json", image.to_string().as_bytes(), 0o644);
    add_file(&mut archive, "layer.tar", &layer, 0o644);
    add_file(&mut archive, "manifest.json", manifest.to_string().as_bytes(), 0o644);
    let body = bollard::body_full(archive.into_inner().unwrap().into());
    let options = ImportImageOptionsBuilder::default().quiet(true).build();
    client
        .import_image(options, body, None)
        .try_collect::<Vec<_>>()
        .await
        .unwrap_or_else(|error| panic!("the image `{tag}` cannot be loaded: {error}"));
}

fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

fn layer(content: &[u8]) -> Vec<u8> {
    let busybox = std::fs::read(BUSYBOX).unwrap_or_else(|error| panic!("{BUSYBOX} (package busybox-static) is needed: {error}"));
    let mut archive = tar::Builder::new(Vec::new());
    for folder in ["bin/", "etc/", "tmp/", "proc/", "sys/", "dev/", "data/", "app/"] {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_mode(0o777);
        header.set_size(0);
        archive.append_data(&mut header, folder, std::io::empty()).unwrap();
    }
    add_file(&mut archive, "bin/busybox", &busybox, 0o755);
    add_file(&mut archive, "etc/passwd", b"root:x:0:0:root:/:/bin/sh\nops:x:1000:1000:ops:/:/bin/sh\n", 0o644);
    add_file(&mut archive, "etc/content", content, 0o644);
    for applet in APPLETS {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_mode(0o777);
        header.set_size(0);
        archive.append_link(&mut header, format!("bin/{applet}"), "busybox").unwrap();
    }
    archive.into_inner().unwrap()
}

fn add_file(archive: &mut tar::Builder<Vec<u8>>, path: &str, bytes: &[u8], mode: u32) {
    let mut header = tar::Header::new_ustar();
    header.set_mode(mode);
    header.set_size(bytes.len() as u64);
    archive.append_data(&mut header, path, bytes).unwrap();
}
