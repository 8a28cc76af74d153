//! Which file is what? The path alone decides.

use core_model::{Diagnostic, Span};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Settings,
    Blueprint,
    Overlay {
        base: String,
        environment: String,
    },
    Template,
    /// A rule over plans. It is kept as it is for those who judge by it.
    Policy,
    /// Notes and anything else that is not read here.
    Other,
}

pub(crate) const SETTINGS_FILE: &str = "ipr.yaml";

/// What the file at `path` is, or why its name is wrong.
pub(crate) fn place(path: &str) -> Result<Place, Box<Diagnostic>> {
    let folder = path.split_once('/').map(|(folder, _)| folder);
    if folder == Some("policies") && path.to_ascii_lowercase().ends_with(".rego") {
        return Ok(Place::Policy);
    }
    let is_ours = matches!(folder, Some("blueprints" | "templates")) || path.to_ascii_lowercase().starts_with("ipr.y");
    if !is_ours {
        return Ok(Place::Other);
    }
    let Some(stem) = path.strip_suffix(".yaml") else { return without_suffix(path) };
    let (parent, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    match (folder, name.split_once('.')) {
        (None, _) => Ok(if path == SETTINGS_FILE { Place::Settings } else { Place::Other }),
        (Some("templates"), _) => Ok(Place::Template),
        (Some(_), None) => Ok(Place::Blueprint),
        (Some(_), Some((base, environment))) if !environment.contains('.') => {
            Ok(Place::Overlay { base: format!("{parent}/{base}.yaml"), environment: environment.to_owned() })
        }
        (Some(_), Some(_)) => Err(wrong(
            path,
            format!("`{path}` has more than two dots in its name."),
            "a blueprint is `name.yaml`, an overlay is `name.environment.yaml`".to_owned(),
        )),
    }
}

/// `.yml` and `.YAML` would be left out without a word, and what is left out is deleted.
fn without_suffix(path: &str) -> Result<Place, Box<Diagnostic>> {
    let lower = path.to_ascii_lowercase();
    match lower.strip_suffix(".yml").or_else(|| lower.strip_suffix(".yaml")) {
        None => Ok(Place::Other),
        Some(stem) => Err(wrong(path, format!("`{path}` does not end in `.yaml`."), format!("rename it to `{}.yaml`", &path[..stem.len()]))),
    }
}

fn wrong(path: &str, detail: String, hint: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Wrong file name", detail).hint(hint).at(&Span::new(path, 1, 1)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_path_decides() {
        let overlay = Place::Overlay { base: "blueprints/a/x.yaml".to_owned(), environment: "dev".to_owned() };
        for (path, expected) in [
            ("ipr.yaml", Place::Settings),
            ("blueprints/x.yaml", Place::Blueprint),
            ("blueprints/a/x.dev.yaml", overlay),
            ("templates/vm.yaml", Place::Template),
            ("blueprints/README.md", Place::Other),
            ("policies/x.rego", Place::Policy),
            ("docs/x.yml", Place::Other),
        ] {
            assert_eq!(place(path).unwrap(), expected, "{path}");
        }
        for path in ["ipr.yml", "blueprints/x.yml", "blueprints/x.YAML", "blueprints/x.y.z.yaml", "templates/a.yml"] {
            assert!(place(path).is_err(), "{path}");
        }
    }
}
