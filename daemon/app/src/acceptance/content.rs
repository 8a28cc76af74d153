//! What does the repository of a trial hold? It exists in memory alone.

use core_config::Files;
use core_model::TargetName;
use core_model::record::{AppliedResource, Provenance, RECORD_FORMAT};
use core_model::resource_type::{Ownership, Registry};
use core_model::state::DesiredResource;
use engine_api::TRIAL;
use serde_json::{Value, json};

/// `ipr.yaml` and one blueprint. JSON is YAML.
pub(super) fn files(owner_id: &str, provider: &str, target: &TargetName, resources: &[Value]) -> Files {
    let environment = json!({"id": TRIAL, "local": true, "targets": {provider: target.to_string()}});
    let settings = json!({"version": "1.0", "owner_id": owner_id, "environments": {TRIAL: environment}});
    let blueprint = json!({"version": "1.0", "name": TRIAL, "resources": resources});
    Files::from([
        ("ipr.yaml".to_owned(), settings.to_string().into_bytes()),
        (format!("blueprints/{TRIAL}.yaml"), blueprint.to_string().into_bytes()),
    ])
}

/// What a record would say of an object that the trial made: enough to remove it.
pub(super) fn as_recorded(resource: &DesiredResource, registry: &Registry) -> AppliedResource {
    let kind = registry.get(&resource.provider, &resource.type_name);
    AppliedResource {
        format: RECORD_FORMAT,
        address: resource.address.clone(),
        type_name: resource.type_name.clone(),
        provider: resource.provider.clone(),
        target: resource.target.clone(),
        target_identity: String::new(),
        object: resource.object.clone(),
        ownership: kind.map_or(Ownership::Marked, |kind| kind.facts().ownership),
        values: resource.values.clone(),
        pins: resource.pins.clone(),
        depends_on: resource.depends_on.clone(),
        protect: false,
        keep_on_delete: false,
        sensitive: resource.sensitive.clone(),
        provenance: Provenance { declared_at: format!("{}:{}", resource.declared_at.file, resource.declared_at.line), ..Provenance::default() },
        ready: true,
    }
}
