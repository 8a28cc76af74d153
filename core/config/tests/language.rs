//! Do the normative files of the language mean what the language says?

#![allow(clippy::unwrap_used)]

mod support;

use core_config::{Files, load};
use core_model::Name;
use support::{document, load_text, messages, registry, registry_of};

const SETTINGS: &str = include_str!("language/ipr.yaml");

fn files(settings: String) -> Files {
    let files = [
        ("ipr.yaml", settings.as_str()),
        ("blueprints/shop.yaml", include_str!("language/blueprints/shop.yaml")),
        ("blueprints/shop-app.yaml", include_str!("language/blueprints/shop-app.yaml")),
        ("blueprints/shop-app.dev.yaml", include_str!("language/blueprints/shop-app.dev.yaml")),
        ("blueprints/rack1.yaml", include_str!("language/blueprints/rack1.yaml")),
    ];
    files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into()
}

/// The normative files, with the two places of ipr.yaml put right that its own rules refuse: `${env.ops_key}` has no value,
/// and `db_password` is used in dev, which its declaration does not allow.
fn language() -> Files {
    let settings = SETTINGS
        .replace("{domain: acme.example}", "{domain: acme.example, ops_key: ssh-ed25519 AAAA ops}")
        .replace("environments: [prod]}", "environments: [dev, prod]}");
    files(settings)
}

#[test]
fn the_normative_files_as_they_stand_break_two_rules_of_their_own() {
    let loaded = load(&files(SETTINGS.to_owned()), &registry());
    let summaries: Vec<&str> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.summary).collect();
    assert_eq!(summaries, ["Secret not allowed here", "Dangling reference"], "{}", messages(&loaded));
}

#[test]
fn the_normative_files_load() {
    let loaded = load(&language(), &registry());
    assert_eq!(loaded.diagnostics, [], "{}", messages(&loaded));
    for (name, environment) in &loaded.repository.environments {
        insta::assert_json_snapshot!(format!("language_{name}"), document(&environment.desired));
    }
    insta::assert_snapshot!("language_not_yet", messages(&loaded));
}

#[test]
fn a_program_with_fewer_engines_says_what_it_cannot_do() {
    let loaded = load(&language(), &registry_of(&["docker"]));
    assert_eq!(loaded.diagnostics, [], "{}", messages(&loaded));
    assert!(!loaded.is_plannable());
    insta::assert_snapshot!("language_docker_only", messages(&loaded));
}

#[test]
fn the_settings_of_an_environment_are_read() {
    let loaded = load(&language(), &registry());
    let prod = &loaded.repository.environments[&"prod".parse::<Name>().unwrap()];
    let summary = format!("{:?}\n", (&prod.id, &prod.prefix, &prod.targets, prod.apply, &prod.confirm, &prod.approvals, prod.on_failure, prod.local))
        + &format!("{:?}\n", (&prod.after, prod.soak, &prod.windows, &prod.drift, &prod.notify, &prod.position))
        + &format!("{:?}\n{:?}\n", loaded.repository.secrets, loaded.repository.targets);
    insta::assert_snapshot!(summary);
}

#[test]
fn scalars_arrive_as_written() {
    let loaded = load_text(
        "--- blueprints/raw.yaml
version: 1.0
name: raw
environments: [prod]
resources:
  - {type: compute, name: web, provider: docker, specs: {image: nginx, env: {V: 1.10, N: 0123, B: on, E: 1e5, X: 0x10, T: 'true', M: 1_000}}}
  - {type: compute, name: machine, provider: ipmi, target: rack/n1, specs: {power: on}}
",
    );
    assert_eq!(messages(&loaded), "");
    let prod = document(&loaded.repository.environments[&"prod".parse::<Name>().unwrap()].desired);
    let env = serde_json::json!({"V": "1.10", "N": "0123", "B": "on", "E": "1e5", "X": "0x10", "T": "true", "M": "1_000"});
    assert_eq!(prod["raw.web"]["values"]["specs"]["env"], env);
    assert_eq!(prod["raw.machine"]["values"]["specs"]["power"], "on");
}

#[test]
fn the_seed_form_of_a_virtual_machine_loads() {
    let loaded = load_text(
        "--- blueprints/seed.yaml
version: \"1.0\"
name: seed
environments: [prod]
resources:
  - type: compute
    name: web-server-01
    provider: proxmox
    target: pve-main
    specs:
      cpu: 4
      memory: 8GB
      storage: 100GB
      os: ubuntu-22.04
    metadata:
      node: pve1
      pool: production
",
    );
    assert_eq!(messages(&loaded), "");
    insta::assert_json_snapshot!(document(&loaded.repository.environments[&"prod".parse::<Name>().unwrap()].desired));
}

#[test]
fn editors_get_a_schema_from_the_same_tables() {
    insta::assert_json_snapshot!(core_config::schema(&registry_of(&["fake"])));
}

#[test]
fn so_many_of_a_set_change_at_a_time_as_its_rollout_says() {
    let rack = |rollout: u32, first: &str| {
        let loaded = load_text(&format!(
            "--- blueprints/rack.yaml
version: 1.0
name: rack
environments: [prod]
resources:
  - type: compute
    name: \"${{each.key}}\"
    provider: ipmi
    target: \"rack/${{each.key}}\"
    each: {{a: {{}}, b: {{}}, c: {{}}, d: {{}}}}
    lifecycle: {{rollout: {rollout}}}
  - {{type: compute, name: other, provider: ipmi, target: rack/other{first}}}
"
        ));
        assert_eq!(messages(&loaded), "");
        let prod = &loaded.repository.environments[&"prod".parse::<Name>().unwrap()].desired;
        let waits = prod.resources.values().flat_map(|resource| resource.depends_on.iter().map(move |other| (&resource.address.resource, other)));
        waits.map(|(resource, other)| format!("{resource}>{}", other.resource)).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(rack(1, ""), "b>a c>b d>c");
    assert_eq!(rack(2, ""), "c>a d>b");
    assert_eq!(rack(4, ""), "");
    assert_eq!(rack(1, ", depends_on: [a]"), "b>a c>b d>c other>a");
}
