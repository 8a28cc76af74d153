//! Can the assistant apply anything? It must not even be able to name what applies: of ours, it depends on core alone.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule =
    Rule { name: "assistant-alone", keeps: "the assistant proposes and never disposes: of our crates it knows core only", check };

const ASSISTANT: &str = "daemon-assistant";

fn check(tree: &Tree) -> Vec<Finding> {
    let assistants = tree.packages.iter().filter(|package| package.name == ASSISTANT);
    let ours = |package: &super::tree::Package| {
        tree.packages
            .iter()
            .filter(|other| package.depends_on(&other.name) && other.layer() != "core")
            .map(|other| other.name.clone())
            .collect::<Vec<_>>()
    };
    assistants
        .flat_map(|package| {
            let place = format!("{}/Cargo.toml", package.folder);
            ours(package)
                .into_iter()
                .map(move |name| Finding::new(place.clone(), format!("`{ASSISTANT}` depends on `{name}`, which can do more than propose")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    const MODEL: (&str, &str, &[&str]) = ("core/model", "core-model", &[]);

    #[test]
    fn an_assistant_that_knows_core_only_is_fine() {
        let assistant = ("daemon/assistant", "daemon-assistant", &["core-model", "serde"][..]);
        assert_eq!(check(&sample::packages(&[MODEL, assistant])), []);
    }

    #[test]
    fn an_assistant_that_could_act_is_found() {
        let engine = ("engines/api", "engine-api", &[][..]);
        let assistant = ("daemon/assistant", "daemon-assistant", &["core-model", "engine-api"][..]);
        let messages: Vec<_> = check(&sample::packages(&[MODEL, engine, assistant])).into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, ["`daemon-assistant` depends on `engine-api`, which can do more than propose"]);
    }
}
