//! Do the bounds hold, and are bytes that are no text refused? Files that are too large to write out.

#![allow(clippy::unwrap_used)]

mod support;

use core_config::{Files, load};
use support::{SETTINGS, messages, registry, repository};

/// The first lines of the messages about one blueprint file.
fn told(bytes: impl Into<Vec<u8>>) -> String {
    let mut files: Files = [("ipr.yaml".to_owned(), SETTINGS.into())].into();
    files.insert("blueprints/a.yaml".to_owned(), bytes.into());
    let loaded = load(&files, &registry());
    assert!(!loaded.is_plannable());
    messages(&loaded)
}

fn blueprint(body: &str) -> String {
    format!("version: \"1.0\"\nname: a\nresources:\n{body}")
}

fn thing(name: &str, specs: &str) -> String {
    format!("  - {{type: thing, name: {name}, provider: fake, specs: {{{specs}}}}}\n")
}

#[track_caller]
fn starts(text: &str, expected: &str) {
    assert!(text.starts_with(expected), "{}", text.chars().take(600).collect::<String>());
    assert!(text.lines().count() < 40, "one mistake, one message: {}", text.chars().take(2000).collect::<String>());
}

#[test]
fn bytes_that_are_no_text() {
    starts(&told(b"version: \"1.0\"\nname: \xff\n"), "error: Not UTF-8 text\n  --> blueprints/a.yaml:2:7\n");
    starts(&told("\u{feff}version: \"1.0\"\n"), "error: Byte order mark\n  --> blueprints/a.yaml:1:1\n");
    starts(&told("version: \"1.0\"\nname: a\0\nresources: []\n"), "error: Control character\n  --> blueprints/a.yaml:2:8\n");
    starts(&told("version: \"1.0\"\rname: a\n"), "error: Control character\n  --> blueprints/a.yaml:1:15\n");
}

#[test]
fn a_file_has_a_size() {
    starts(&told(format!("version: \"1.0\"\nname: a\n#{}", "x".repeat(1 << 20))), "error: File too large\n");
    starts(&told(blueprint(&thing("x", &format!("any: [{}]", "1,".repeat(100_000))))), "error: Too many values\n");
}

#[test]
fn nesting_has_a_depth() {
    starts(&told(blueprint(&thing("x", &format!("any: {}1{}", "[".repeat(70), "]".repeat(70))))), "error: Nested too deep\n");
    starts(&told(format!("a: {}", "[".repeat(20_000))), "error: Nested too deep\n");
    let block: String = (0..300).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    starts(&told(block), "error: Nested too deep\n");
}

#[test]
fn an_alias_bomb_names_anchor_and_use() {
    let mut lines = "bomb:\n  - &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for level in 1..9 {
        let uses = vec![format!("*a{}", level - 1); 9].join(", ");
        lines.push_str(&format!("  - &a{level} [{uses}]\n"));
    }
    let text = told(lines);
    starts(&text, "error: Alias expands too far\n  --> blueprints/a.yaml:7:");
    assert!(text.contains("`*a4` repeats the 66430 values of `&a4` at blueprints/a.yaml:6:5"), "{text}");
}

#[test]
fn aliases_do_not_nest_without_end() {
    let mut lines = "chain:\n  - &a0 [1]\n".to_owned();
    for level in 1..200 {
        lines.push_str(&format!("  - &a{level} [*a{}]\n", level - 1));
    }
    starts(&told(lines), "error: Nested too deep\n");
}

#[test]
fn an_environment_has_a_number_of_resources() {
    let keys: String = (0..10_001).map(|key| format!("k{key}: , ")).collect();
    let body = format!("  - {{type: thing, name: \"n-${{each.key}}\", provider: fake, each: {{{keys}}}}}\n");
    starts(&told(blueprint(&body)), "error: Too many resources\n  --> blueprints/a.yaml:2:7\n");
}

#[test]
fn what_each_copies_is_bounded() {
    let keys: String = (0..2_000).map(|key| format!("k{key}: , ")).collect();
    let many = "1, ".repeat(1_000);
    let body = format!("  - {{type: thing, name: \"n-${{each.key}}\", provider: fake, each: {{{keys}}}, specs: {{any: [{many}]}}}}\n");
    starts(&told(blueprint(&body)), "error: Too many values\n");
}

#[test]
fn references_do_not_multiply_without_end() {
    let mut body = thing("n0", "any: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
    for level in 1..12 {
        let uses = vec![format!("\"${{resource.n{}.specs.any}}\"", level - 1); 10].join(", ");
        body.push_str(&thing(&format!("n{level}"), &format!("any: [{uses}]")));
    }
    starts(&told(blueprint(&body)), "error: Too many values\n");
    let mut body = thing("n0", &format!("text: {}", "x".repeat(1000)));
    for level in 1..12 {
        let uses = format!("${{resource.n{}.specs.text}}", level - 1).repeat(10);
        body.push_str(&thing(&format!("n{level}"), &format!("text: \"{uses}\"")));
    }
    starts(&told(blueprint(&body)), "error: Text too long\n");
}

#[test]
fn references_do_not_lead_on_without_end() {
    let mut body = thing("n0", "text: a");
    for level in 1..5_000 {
        body.push_str(&thing(&format!("n{level}"), &format!("text: \"${{resource.n{}.specs.text}}\"", level - 1)));
    }
    // From the end: the first that is read is the furthest from the value.
    let reversed: String = body.lines().rev().flat_map(|line| [line, "\n"]).collect();
    let text = told(blueprint(&reversed));
    assert!(text.starts_with("error: References lead too far\n"), "{}", text.chars().take(600).collect::<String>());
}

#[test]
fn a_long_chain_of_dependencies_is_no_cycle() {
    let mut body = thing("n0", "text: a");
    for level in 1..5_000 {
        body.push_str(&format!("  - {{type: thing, name: n{level}, provider: fake, depends_on: [n{}]}}\n", level - 1));
    }
    let loaded = load(&repository(&format!("--- blueprint a\n{body}")), &registry());
    assert_eq!(messages(&loaded), "");
    assert!(loaded.repository.environments.values().all(|environment| environment.desired.resources.len() == 5_000));
}

#[test]
fn templates_have_a_depth() {
    let mut text = "--- blueprint a\n  - {name: x, template: t0}\n".to_owned();
    for level in 0..9 {
        text.push_str(&format!("--- templates/t{level}.yaml\nversion: \"1.0\"\ntemplate: t{level}\nresource: {{template: t{}}}\n", level + 1));
    }
    text.push_str("--- templates/t9.yaml\nversion: \"1.0\"\ntemplate: t9\nresource: {type: thing, provider: fake}\n");
    starts(&messages(&load(&repository(&text), &registry())), "error: Templates nest too deep\n");
}

#[test]
fn the_search_for_names_that_were_meant_ends() {
    let body: String = (0..2_000)
        .map(|number| format!("  - {{type: thing, name: resource-number-{number}, provider: fake, depends_on: [resource-numbre-{number}]}}\n"))
        .collect();
    let loaded = load(&repository(&format!("--- blueprint a\n{body}")), &registry());
    assert_eq!(loaded.diagnostics.len(), 2_000);
    let hints = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.hint.is_some()).count();
    assert!((1..100).contains(&hints), "{hints} hints");
}
