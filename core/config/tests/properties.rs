//! What holds for every text?

#![allow(clippy::unwrap_used)]

mod support;

use core_config::{Files, load};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use support::{SETTINGS, document, load_text, messages, registry};

/// A blueprint as JSON, which is YAML; the keys of every map in one order or the other.
fn written(value: &Value, reversed: bool) -> String {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<String> = map.iter().map(|(key, value)| format!("\"{key}\": {}", written(value, reversed))).collect();
            if reversed {
                entries.reverse();
            }
            format!("{{{}}}", entries.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(|item| written(item, reversed)).collect::<Vec<_>>().join(", ")),
        scalar => scalar.to_string(),
    }
}

fn notes() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![any::<bool>().prop_map(Value::from), any::<i32>().prop_map(Value::from), "[a-z ]{0,8}".prop_map(Value::from)];
    scalar.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Pieces of the language, so that random files get past the first stage.
fn fragment() -> impl Strategy<Value = String> {
    let pieces = [
        "version: \"1.0\"",
        "name: a",
        "resources:",
        "  - ",
        "{type: thing, name: x, provider: fake",
        "each: {a: , b: {p: 1}}",
        "specs: {",
        "text: ",
        "\"${each.key}\"",
        "\"${resource.x.specs.text}\"",
        "${env.port}",
        "$${",
        "${",
        "}",
        "]",
        "[",
        "\n",
        "\n",
        "\n  ",
        ", ",
        "&a ",
        "*a",
        "<<: ",
        "template: t",
        "with: {p: 1}",
        "!!str ",
        "null",
        "remove: true",
        "depends_on: [x]",
        "lifecycle: {was: x}",
        "\t",
        "'",
        "|\n",
        "---\n",
        "#",
        "any: ",
        ": ",
        "é",
        "\"${secret.anyone}\"",
        "metadata: {engine_config: {fake: {note: 1}}}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn the_order_of_keys_does_not_matter(notes in notes(), text in "[a-z0-9]{0,6}") {
        let blueprint = json!({
            "version": "1.0",
            "name": "a",
            "resources": [
                {"type": "thing", "name": "x", "provider": "fake", "specs": {"any": notes, "text": text}},
                {"type": "thing", "name": "y", "provider": "fake", "specs": {"any": "${resource.x.specs.any}"}, "depends_on": ["x"]},
            ],
        });
        let [one, other] = [false, true].map(|reversed| load_text(&format!("--- blueprints/a.yaml\n{}\n", written(&blueprint, reversed))));
        prop_assert_eq!(messages(&one), "");
        for (left, right) in one.repository.environments.values().zip(other.repository.environments.values()) {
            prop_assert_eq!(document(&left.desired), document(&right.desired));
        }
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for path in ["ipr.yaml", "blueprints/a.yaml", "blueprints/a.dev.yaml", "templates/t.yaml"] {
            let mut files: Files = [("ipr.yaml".to_owned(), SETTINGS.into())].into();
            files.insert(path.to_owned(), bytes.clone());
            messages(&load(&files, &registry()));
        }
    }

    #[test]
    fn pieces_of_the_language_never_panic(blueprint in fragment(), overlay in fragment(), template in fragment()) {
        let files: Files = [
            ("ipr.yaml".to_owned(), SETTINGS.into()),
            ("blueprints/a.yaml".to_owned(), format!("version: \"1.0\"\nname: a\nresources:\n  - {{type: thing, name: x, provider: fake, {blueprint}").into()),
            ("blueprints/b.yaml".to_owned(), blueprint.into_bytes()),
            ("blueprints/a.dev.yaml".to_owned(), format!("resources:\n  - {{name: x, {overlay}").into()),
            ("templates/t.yaml".to_owned(), format!("version: \"1.0\"\ntemplate: t\nresource: {{{template}").into()),
        ]
        .into();
        messages(&load(&files, &registry()));
    }

    #[test]
    fn the_same_files_give_the_same_result(blueprint in fragment()) {
        let text = format!("--- blueprint a\n{blueprint}");
        let [one, other] = [load_text(&text), load_text(&text)];
        prop_assert_eq!(messages(&one), messages(&other));
    }
}
