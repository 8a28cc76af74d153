//! Which blueprints do the stories tell of?
//!
//! The stories themselves are in `tests/stories`, a file for each theme.

/// Where most stories keep their one blueprint.
pub const WEB: &str = "blueprints/web.yaml";

/// A network, a volume and a container that uses both.
pub fn web() -> String {
    blueprint(
        "web",
        "  - {type: network, name: front, provider: fake}
  - {type: storage, name: data, provider: fake}
  - type: compute
    name: app
    provider: fake
    specs:
      image: registry.example/app:1.0
      memory: 256MB
      env: {GREETING: hello}
      networks: [front]
      mounts: [{storage: data, at: /data}]
",
    )
}

/// The keys of what [`web`] makes on the target.
pub const WEB_OBJECTS: [&str; 3] = ["compute/web-app", "network/web-front", "storage/web-data"];

/// A blueprint of this name with these resources, each indented by two spaces.
pub fn blueprint(name: &str, resources: &str) -> String {
    format!("version: \"1.0\"\nname: {name}\nresources:\n{resources}")
}

/// One container that needs nothing.
pub fn container(name: &str) -> String {
    format!("  - {{type: compute, name: {name}, provider: fake, specs: {{image: \"registry.example/app:1.0\"}}}}\n")
}
