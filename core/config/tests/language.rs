//! Do the normative files of the language mean what the language says?

#![allow(clippy::unwrap_used)]

mod support;

use core_config::{Files, load};
use core_model::Name;
use core_model::resource_type::{Naming, Ownership, Registry, ResourceType, TypeFacts};
use core_model::schema::{Field, Kind};
use support::{document, load_text, messages, registry, registry_of, repository};

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

/// A file, which is known by the storage it is on and by its name.
struct File;

impl ResourceType for File {
    fn facts(&self) -> &'static TypeFacts {
        const FACTS: TypeFacts = TypeFacts {
            name: "file",
            provider: "fake",
            meaning: "A file.",
            specs: &[
                Field::new("name", Kind::Text, "Its name."),
                Field::new("storage", Kind::Text, "Where it is."),
                Field::new("next", Kind::Link(&["file"]), "Another one."),
            ],
            metadata: &[],
            ownership: Ownership::Recorded,
            naming: Naming::Resource,
            data_bearing: false,
        };
        &FACTS
    }

    fn object_name(&self, text: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        Some(format!("{}:{}", text("specs.storage")?, text("specs.name")?))
    }
}

#[test]
fn a_name_that_is_made_of_several_fields_stands_in_links() {
    let blueprint = "\
--- blueprint a
  - {type: file, name: first, provider: fake, specs: {name: \"one-${env.port}\", storage: local, next: second}}
  - {type: file, name: second, provider: fake, specs: {name: \"one-${env.port}\", storage: other}}
  - {type: file, name: third, provider: fake, specs: {storage: other}}
";
    let loaded = load(&repository(blueprint), &Registry::new([&File as &'static dyn ResourceType]));
    assert_eq!(messages(&loaded), "");
    let resources = &loaded.repository.environments.last_key_value().unwrap().1.desired.resources;
    let objects: Vec<&str> = resources.values().map(|resource| resource.object.as_str()).collect();
    assert_eq!(objects, ["local:one-80", "other:one-80", "third"]);
    let first = resources.values().next().unwrap();
    assert_eq!(first.spec("next").unwrap()["name"], "other:one-80");
    assert_eq!(first.depends_on.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.second"]);
}
