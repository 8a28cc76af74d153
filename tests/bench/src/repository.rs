//! What is planned? A repository of any size, made of small blueprints as people write them: a network, a volume, a database
//! and a set of containers that link to them, with environment values, references and `each`.

use std::fmt::Write as _;

use core_config::Files;

/// How many resources one blueprint holds.
const RESOURCES_PER_BLUEPRINT: usize = 10;
/// How many of those come from the one resource with `each`.
const REPLICAS: usize = 7;
/// The first host port; each container that publishes one has its own.
const PORT_FIRST: usize = 10_000;

const SETTINGS: &str = r#"
version: "1.0"
owner_id: c0ffee01
environments:
  prod: {id: prod, targets: {fake: lab}, values: {domain: acme.example, zone: Europe/Rome}}
"#;

/// The files of a commit with so many resources, a multiple of ten. In the first `changed` blueprints one container has
/// another value than in a commit without changes.
pub(crate) fn files(resources: usize, changed: usize) -> Files {
    let blueprints = resources / RESOURCES_PER_BLUEPRINT;
    let mut files: Files = (0..blueprints)
        .map(|number| (format!("blueprints/shop-{number}.yaml"), blueprint(number, if number < changed { 2 } else { 1 }).into_bytes()))
        .collect();
    files.insert("ipr.yaml".to_owned(), SETTINGS.as_bytes().to_vec());
    files
}

/// One resource in a hundred changes, and at least one.
pub(crate) fn changed(resources: usize) -> usize {
    (resources / 100).max(1)
}

fn blueprint(number: usize, release: usize) -> String {
    let mut replicas = String::new();
    for replica in 0..REPLICAS {
        let port = PORT_FIRST + number * REPLICAS + replica;
        // Writing to a text cannot fail.
        let _ = writeln!(replicas, "      r{replica}: {{port: {port}}}");
    }
    format!(
        r#"# The shop number {number}, with its own network and database.
version: "1.0"
name: shop-{number}
metadata:
  owner: "@acme/platform"
resources:
  - {{type: network, name: front, provider: fake}}
  - {{type: storage, name: data, provider: fake}}
  - type: compute
    name: db
    provider: fake
    specs:
      image: postgres:16.4
      env: {{POSTGRES_DB: shop, TZ: "${{env.zone}}", RELEASE: "{release}"}}
      mounts: [{{storage: data, at: /var/lib/postgresql/data}}]
      networks: [front]
      memory: 512MB
      healthcheck: {{command: pg_isready -U postgres, interval: 5s, retries: 12}}
  - type: compute
    name: "web-${{each.key}}"
    each:
{replicas}    provider: fake
    depends_on: [db]
    specs:
      image: ghcr.io/acme/shop:1.4.2
      env:
        DB_NAME: "${{resource.db.specs.env.POSTGRES_DB}}"
        PUBLIC_NAME: "${{each.key}}.${{env.domain}}"
        APP_VERSION: 1.10
      networks: [front]
      ports: ["127.0.0.1:${{each.port}}:80"]
      restart: unless-stopped
"#
    )
}
