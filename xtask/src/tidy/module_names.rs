//! Does a module's name say what is in it? Names that fit anything are refused, for files, folders and modules.

use super::tree::Tree;
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "module-names", keeps: "no module is called util, utils, helper, helpers, common or misc", check };

const VAGUE: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc"];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust_files() {
        let path = file.path.trim_end_matches(".rs");
        if let Some(name) = path.split('/').find(|part| VAGUE.contains(part)) {
            findings.push(Finding::new(&file.path, format!("`{name}` fits anything")));
        }
        for position in words::positions(&source.code, "mod") {
            let rest = source.code[position + "mod".len()..].trim_start();
            let name = rest.split([';', '{', ' ', '\n']).next().unwrap_or_default();
            // A module with a body; one in a file of its own is found by the file's name.
            if VAGUE.contains(&name) && rest[name.len()..].trim_start().starts_with('{') {
                let place = file.place(&source.code, position);
                findings.push(Finding::new(place, format!("`{name}` fits anything")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    #[test]
    fn vague_files_folders_and_modules_are_found() {
        for (path, text) in [
            ("core/model/src/utils.rs", ""),
            ("tests/scenarios/tests/common/mod.rs", ""),
            ("core/model/src/lib.rs", "mod misc { }"),
            ("core/model/src/lib.rs", "pub(crate) mod helpers\n{ }"),
        ] {
            assert_eq!(check(&sample::file(path, text)).len(), 1, "{path} {text}");
        }
    }

    #[test]
    fn names_that_say_something_are_fine() {
        let text = "mod common_name; // mod util {}\nuse tokio_util::sync;";
        assert_eq!(check(&sample::file("core/model/src/utility_meter.rs", text)), []);
        assert_eq!(check(&sample::file("docs/helpers.md", "")), []);
    }
}
