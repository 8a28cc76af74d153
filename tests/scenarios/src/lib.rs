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

/// A machine from a template that cloud-init tells who it is.
pub fn machine() -> String {
    blueprint(
        "web",
        "  - type: compute
    name: web-01
    provider: proxmox
    specs:
      cpu: 2
      memory: 2GB
      storage: 20GB
      os: debian-13
      network: {ip: 10.0.20.11/24, gateway: 10.0.20.1}
      user: {name: ops, password: \"${secret.db_password}\", ssh_keys: [\"ssh-ed25519 AAAA ops@example\"]}
      dns: {servers: [10.0.20.1], domain: acme.example}
    metadata: {node: pve1, pool: production, tags: [web]}
",
    )
}

/// [`machine`] with these further lines of `specs`.
pub fn machine_with(specs: &str) -> String {
    machine().replace("    metadata:", &format!("      {specs}\n    metadata:"))
}

/// One container that needs nothing.
pub fn container(name: &str) -> String {
    format!("  - {{type: compute, name: {name}, provider: fake, specs: {{image: \"registry.example/app:1.0\"}}}}\n")
}

/// What a machine needs of the router: its network, an address by DHCP, a name, and a way in.
pub fn edge() -> &'static str {
    "  - {type: network, name: servers, provider: mikrotik, specs: {vlan: 20, interface: bridge, address: 10.0.20.1/24}}
  - type: dhcp
    name: servers-dhcp
    provider: mikrotik
    specs:
      interface: servers
      network: \"${resource.servers.specs.address.network}\"
      ranges: [10.0.20.100-10.0.20.199]
      gateway: \"${resource.servers.specs.address.host}\"
    depends_on: [servers]
  - {type: dns, name: web-name, provider: mikrotik, specs: {name: web-01.acme.example, address: \"${resource.web-01.specs.network.ip.host}\"}}
  - type: firewall
    name: to-servers
    provider: mikrotik
    specs:
      chain: forward
      rules:
        - {name: web, action: accept, to: \"${resource.web-01.specs.network.ip.host}\", protocol: tcp, ports: [443]}
        - {name: rest, action: drop, out: servers}
    depends_on: [servers]
"
}
