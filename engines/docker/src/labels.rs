//! How do we find our objects again? The labels that the creating request carries, and the name of a container set aside.

use std::collections::HashMap;

use core_model::canonical::Hash;
use core_model::plan::{Step, comparable};
use core_model::{EnvironmentId, Marker};
use serde_json::Value;

/// Whose it is: `<owner id>/<environment id>/<address>`.
pub(crate) const MARKER: &str = "ipr.marker";
/// The hash of the normalised values it was made from, secrets as fingerprints.
pub(crate) const SPEC: &str = "ipr.spec";
/// The digest of the step that made it: how a repeated step knows its own work.
pub(crate) const STEP: &str = "ipr.step";

/// Which addresses of a network its author gave, `subnet,gateway`: Docker chose the others.
pub(crate) const GIVEN: &str = "ipr.given";

const PREFIX: &str = "ipr.";
const SET_ASIDE: &str = ".ipr-old-";

pub(crate) type Labels = HashMap<String, String>;

/// Whether a label key is one that we keep for ourselves.
pub(crate) fn is_ours(key: &str) -> bool {
    key.starts_with(PREFIX)
}

/// The author's labels with ours.
pub(crate) fn for_new(given: impl IntoIterator<Item = (String, String)>, marker: &Marker, step: &Step) -> Labels {
    let spec = Hash::of(&comparable(&Value::Object(step.desired.clone())));
    let ours = [(MARKER, marker.to_string()), (SPEC, spec.as_str().to_owned()), (STEP, step.digest.as_str().to_owned())];
    given.into_iter().chain(ours.map(|(key, value)| (key.to_owned(), value))).collect()
}

/// `None` where there is no marker, or one that makes no sense: the object is not ours either way.
pub(crate) fn marker(labels: Option<&Labels>) -> Option<Marker> {
    labels?.get(MARKER)?.parse().ok()
}

/// Whether the object was made by this very step.
pub(crate) fn made_by(labels: Option<&Labels>, step: &Hash) -> bool {
    labels.and_then(|labels| labels.get(STEP)).is_some_and(|made_by| made_by == step.as_str())
}

/// Whether a marker is of this owner and environment.
pub(crate) fn belongs(marker: &Marker, owner_id: &str, environment: Option<&EnvironmentId>) -> bool {
    marker.owner_id == owner_id && environment.is_none_or(|environment| *environment == marker.environment)
}

/// What a container is called while its successor is being made.
pub(crate) fn set_aside_name(name: &str, step: &Hash) -> String {
    format!("{name}{SET_ASIDE}{}", &step.as_str()[..8.min(step.as_str().len())])
}

pub(crate) fn is_set_aside_name(name: &str) -> bool {
    name.contains(SET_ASIDE)
}

/// Whether `name` is that of a container which was set aside for `of`, by any step.
pub(crate) fn is_set_aside_for(name: &str, of: &str) -> bool {
    name.strip_prefix(of).is_some_and(|rest| rest.starts_with(SET_ASIDE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_set_aside_is_known_by_its_name() {
        let step = Hash::of_bytes(b"step");
        let name = set_aside_name("shop-web", &step);
        assert!(is_set_aside_for(&name, "shop-web") && is_set_aside_name(&name));
        assert!(!is_set_aside_for(&name, "shop") && !is_set_aside_name("shop-web"));
    }
}
