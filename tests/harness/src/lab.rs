//! Where do the stories on real Docker happen? On the engine that is there, with names of their own and a registry of their
//! own, and everything they made is removed when they end.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::configuration::{Provider, Wish};
use crate::docker::{Docker, asked};
use crate::log::Log;

const REGISTRY_START_TIMEOUT: Duration = Duration::from_secs(30);
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);
/// What the image can do: serve pages, ask for them, and wait.
const PROGRAMS: [&str; 6] = ["sh", "httpd", "wget", "mkdir", "echo", "sleep"];
const BUSYBOX: [&str; 2] = ["/bin/busybox", "/usr/bin/busybox"];

/// A Docker engine with a registry that holds one image, and names that no other story uses.
#[derive(Debug)]
pub struct Lab {
    pub docker: Docker,
    id: String,
    image: String,
    registry: Child,
    _folder: TempDir,
}

impl Drop for Lab {
    fn drop(&mut self) {
        let removed = self.remove_everything();
        // It is ours and nothing in it is kept.
        let _ = self.registry.kill();
        let _ = self.registry.wait();
        if !std::thread::panicking() {
            removed.expect("what the lab made on the Docker engine can be removed");
        }
    }
}

impl Lab {
    /// Starts a registry and pushes an image to it that serves a page.
    pub async fn start() -> Self {
        let docker = Docker::from_environment();
        let folder = tempfile::Builder::new().prefix("lab-").tempdir().expect("a folder for temporary files can be made");
        let id = hex::encode(Sha256::digest(folder.path().as_os_str().as_encoded_bytes()))[..8].to_owned();
        let (registry, port) = start_registry(folder.path()).await;
        let lab = Self { docker, image: format!("127.0.0.1:{port}/lab/page-{id}:1"), id, registry, _folder: folder };
        lab.push_image().await;
        lab
    }

    /// A world whose `prod` is this engine.
    pub fn wish(&self) -> Wish {
        let registry = self.image.split('/').next().unwrap_or_default().to_owned();
        let provider = Provider::Docker { endpoint: self.docker.endpoint().to_owned(), owner_id: self.id.clone(), registry };
        Wish::default().provider(provider).rule(&format!("prefix: t{}-", self.id))
    }

    /// The image that serves a page.
    pub fn image(&self) -> &str {
        &self.image
    }

    /// What a resource is called on the engine.
    pub fn name(&self, resource: &str) -> String {
        format!("t{}-{resource}", self.id)
    }

    /// A container as the engine sees it.
    pub async fn container(&self, resource: &str) -> Option<Value> {
        self.docker.get(&format!("/containers/{}/json", self.name(resource))).await
    }

    /// Somebody makes a container without us, from the lab's image.
    pub async fn create_by_hand(&self, resource: &str, command: &[&str]) {
        self.docker.pull(&self.image).await;
        let container = json!({ "Image": self.image, "Cmd": command });
        self.docker.post(&format!("/containers/create?name={}", self.name(resource)), container).await;
    }

    /// Somebody changes a container without us.
    pub async fn update_by_hand(&self, resource: &str, changes: Value) {
        self.docker.post(&format!("/containers/{}/update", self.name(resource)), changes).await;
    }

    pub async fn network(&self, resource: &str) -> Option<Value> {
        self.docker.get(&format!("/networks/{}", self.name(resource))).await
    }

    pub async fn volume(&self, resource: &str) -> Option<Value> {
        self.docker.get(&format!("/volumes/{}", self.name(resource))).await
    }

    /// A port of 127.0.0.1 that nobody listens on.
    pub fn free_port(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").expect("127.0.0.1 has a free port");
        listener.local_addr().expect("a listener has an address").port()
    }

    /// Waits until a container's own check says that it works.
    pub async fn healthy(&self, resource: &str) {
        let (docker, name) = (self.docker.clone(), self.name(resource));
        asked(move || docker.wait_until_healthy_now(&name)).await;
    }

    /// What a published port answers over HTTP.
    pub async fn fetch(&self, port: u16) -> String {
        let http = reqwest::Client::builder().no_proxy().timeout(FETCH_TIMEOUT).build().expect("a plain HTTP client can be made");
        let answer = http.get(format!("http://127.0.0.1:{port}/")).send().await.expect("the published port answers");
        answer.text().await.expect("the page is a text").trim().to_owned()
    }

    async fn push_image(&self) {
        let (docker, image, folder) = (self.docker.clone(), self.image.clone(), self._folder.path().join("root"));
        asked(move || {
            let (name, tag) = image.rsplit_once(':').expect("an image has a tag");
            let repository = name.replace('/', "%2F").replace(':', "%3A");
            docker.post_now(&format!("/images/create?fromSrc=-&repo={repository}&tag={tag}&changes=ENV%20PATH%3D%2Fbin"), root_file_system(&folder));
            let said = docker.post_now(&format!("/images/{name}/push?tag={tag}"), Vec::new());
            let said = String::from_utf8_lossy(&said).into_owned();
            assert!(!said.contains("errorDetail"), "the image cannot be pushed: {said}");
            // The story itself pulls it.
            docker.try_request("DELETE", &format!("/images/{image}?force=true"), &[]).expect("Docker answers");
        })
        .await;
    }

    fn remove_everything(&self) -> io::Result<()> {
        let filters = format!("filters=%7B%22name%22%3A%5B%22t{}-%22%5D%7D", self.id);
        let list = |path: &str| -> io::Result<Value> {
            let (_, rows) = self.docker.try_request("GET", &format!("{path}?all=true&{filters}"), &[])?;
            Ok(serde_json::from_slice(&rows)?)
        };
        let mut paths: Vec<String> = Vec::new();
        paths.extend(texts(&list("/containers/json")?, "Id").map(|id| format!("/containers/{id}?force=true&v=true")));
        paths.extend(texts(&list("/networks")?, "Id").map(|id| format!("/networks/{id}")));
        paths.extend(texts(&list("/volumes")?["Volumes"], "Name").map(|name| format!("/volumes/{name}?force=true")));
        paths.push(format!("/images/{}?force=true", self.image));
        paths.iter().try_for_each(|path| self.docker.try_request("DELETE", path, &[]).map(drop))
    }
}

/// One text of each row of a list.
fn texts<'a>(rows: &'a Value, key: &'a str) -> impl Iterator<Item = &'a str> {
    rows.as_array().into_iter().flatten().filter_map(move |row| row[key].as_str())
}

/// Starts a registry on a free port. Docker trusts registries of this machine without TLS.
async fn start_registry(folder: &Path) -> (Child, u16) {
    let configuration = folder.join("registry.yml");
    let storage = folder.join("registry");
    let text = format!(
        "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"127.0.0.1:0\"}}\n",
        storage.display()
    );
    fs::write(&configuration, text).expect("the lab's folder is ours");
    let mut command = Command::new("docker-registry");
    command.arg("serve").arg(&configuration).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut registry = command.spawn().expect("docker-registry can be run; .ci/install brings it");
    let log = Log::new();
    log.follow(registry.stdout.take().expect("its output is piped"));
    log.follow(registry.stderr.take().expect("its output is piped"));
    let port = log.wait_for(REGISTRY_START_TIMEOUT, |line| {
        let (_, after) = line.split_once("listening on 127.0.0.1:")?;
        after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    });
    let port = port.await;
    (registry, port.unwrap_or_else(|| panic!("the registry did not start:\n{}", log.text())))
}

/// A root file system with nothing but busybox, as a tar archive.
fn root_file_system(root: &Path) -> Vec<u8> {
    let bin = root.join("bin");
    fs::create_dir_all(&bin).expect("the lab's folder is ours");
    let busybox = BUSYBOX.iter().find(|path| Path::new(path).exists()).expect("busybox is installed; .ci/install brings it");
    fs::copy(busybox, bin.join("busybox")).expect("the lab's folder is ours");
    for program in PROGRAMS {
        symlink("busybox", bin.join(program)).expect("the lab's folder is ours");
    }
    let tar = Command::new("tar").arg("-C").arg(root).args(["-c", "."]).output().expect("tar can be run");
    assert!(tar.status.success(), "tar failed: {}", String::from_utf8_lossy(&tar.stderr));
    tar.stdout
}

#[cfg(test)]
mod with_docker {
    use super::*;

    #[tokio::test]
    async fn the_image_of_the_lab_serves_a_page() {
        let lab = Lab::start().await;
        let port = lab.free_port();
        lab.docker.pull(lab.image()).await;
        let publish = json!({ "80/tcp": [{ "HostIp": "127.0.0.1", "HostPort": port.to_string() }] });
        let command = json!(["sh", "-c", "mkdir /www && echo hello > /www/index.html && exec httpd -f -p 80 -h /www"]);
        let check = json!({ "Test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"], "Interval": 1_000_000_000 });
        let body = json!({ "Image": lab.image(), "Cmd": command, "ExposedPorts": { "80/tcp": {} }, "Healthcheck": check, "HostConfig": { "PortBindings": publish } });
        lab.docker.post(&format!("/containers/create?name={}", lab.name("page")), body).await;
        lab.docker.start(&lab.name("page")).await;
        lab.healthy("page").await;
        assert_eq!(lab.fetch(port).await, "hello");
        assert_eq!(lab.docker.mutations_of(&lab.name("page")).await, ["create", "start"]);
    }
}
