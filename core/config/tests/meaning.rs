//! What do the forms of the language mean? Repositories without a mistake, and the values they stand for.

#![allow(clippy::unwrap_used)]

mod support;

use core_model::canonical;
use core_model::state::DesiredState;
use support::{document, load_text, messages};

#[test]
fn forms() {
    let mut told = String::new();
    for case in include_str!("meaning.txt").split("=== ").skip(1) {
        let (title, files) = case.split_once('\n').unwrap();
        let files = if title.contains("CRLF") { files.replace("\n ", "\r\n ") } else { files.to_owned() };
        let loaded = load_text(&files);
        assert_eq!(messages(&loaded), "", "{title}");
        told.push_str(&format!("=== {title}\n"));
        for environment in loaded.repository.environments.values() {
            told.push_str(&format!("[{}]\n{}", environment.name, shown(&environment.desired)));
        }
        told.push('\n');
    }
    insta::assert_snapshot!(told);
}

/// A line for each resource; what is empty is left out.
fn shown(state: &DesiredState) -> String {
    let mut text = String::new();
    for (address, resource) in document(state).as_object().unwrap() {
        let mut fields = resource.as_object().unwrap().clone();
        let values = fields.remove("values").unwrap();
        for key in ["type", "provider"] {
            fields.remove(key);
        }
        fields.retain(|_, value| !matches!(value, serde_json::Value::Null) && value != &serde_json::json!([]) && value != false);
        text.push_str(&format!("{address} {}\n    {}\n", canonical::text(&fields.into()), canonical::text(&values)));
    }
    text
}
