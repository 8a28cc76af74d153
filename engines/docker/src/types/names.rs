//! Which names and paths does Docker take? The checks that all three types share.

use core_model::resource_type::Finding;
use core_model::schema::Check;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::labels;

/// A path from the root, without `.` and `..`. Canonical: no slash at the end, none twice.
pub(super) const ABSOLUTE_PATH: Check = Check { what: "an absolute path", example: "/var/lib/data", parse: absolute_path, comparable: Check::whole };

fn absolute_path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        return Err("does not start with `/`".to_owned());
    }
    if text.contains([':', '\0', '\n']) {
        return Err("holds a character that Docker does not take in paths".to_owned());
    }
    let segments: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty()).collect();
    if segments.iter().any(|segment| matches!(*segment, "." | "..")) {
        return Err("holds `.` or `..`".to_owned());
    }
    Ok(format!("/{}", segments.join("/")))
}

/// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`: what Docker takes for containers and volumes. We hold networks to it too.
pub(crate) fn is_object_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && text.len() >= 2
        && text.len() <= NAME_LENGTH_MAX
        && letters.all(|letter| letter.is_ascii_alphanumeric() || "_.-".contains(letter))
}

/// Leaves room for the suffix of a container that is being replaced.
const NAME_LENGTH_MAX: usize = 200;

pub(super) fn name_findings(resource: &DesiredResource) -> Vec<Finding> {
    let problem = if !is_object_name(&resource.object) {
        "Docker takes names of two to 200 letters, digits, `_`, `.` and `-` that start with a letter or digit."
    } else if labels::is_set_aside_name(&resource.object) {
        "Names that hold `.ipr-old-` are kept for containers that are being replaced."
    } else {
        return Vec::new();
    };
    vec![Finding {
        path: "specs.name".to_owned(),
        summary: "Name not possible",
        detail: format!("`{}` cannot be the name of a Docker object. {problem}", resource.object),
        hint: Some("set `specs.name`, or rename the resource".to_owned()),
    }]
}

/// Labels that begin with our own prefix are how we find our objects again.
pub(super) fn label_findings(resource: &DesiredResource) -> Vec<Finding> {
    let Some(Value::Object(given)) = resource.spec("labels") else { return Vec::new() };
    let reserved = given.keys().filter(|key| key.is_empty() || labels::is_ours(key));
    reserved
        .map(|key| Finding {
            path: format!("specs.labels.{key}"),
            summary: "Label not possible",
            detail: format!("The label `{key}` is empty or starts with `ipr.`, which marks what ipr made."),
            hint: Some("choose another prefix".to_owned()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_form() {
        assert_eq!(absolute_path("/var//lib/data/").as_deref(), Ok("/var/lib/data"));
        assert_eq!(absolute_path("/").as_deref(), Ok("/"));
        for bad in ["", "data", "./data", "/var/../etc", "/a:b"] {
            assert!(absolute_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_are_those_that_docker_takes() {
        for good in ["ab", "shop-web_1.a", "0a"] {
            assert!(is_object_name(good), "{good}");
        }
        for bad in ["", "a", "-ab", "a b", "a/b", "é1", &"a".repeat(201)] {
            assert!(!is_object_name(bad), "{bad}");
        }
    }
}
