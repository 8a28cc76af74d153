//! Is every function written? A macro that stands for missing code is refused, in tests as well.

use super::tree::Tree;
use super::words;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "unfinished-code", keeps: "no function is a stub", check };

const MACROS: &[&str] = &["todo", "unimplemented"];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust_files() {
        for name in MACROS {
            for position in words::positions(&source.code, name) {
                if source.code[position + name.len()..].starts_with('!') {
                    let place = file.place(&source.code, position);
                    findings.push(Finding::new(place, format!("`{name}!` stands for missing code")));
                }
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
    fn a_stub_is_found() {
        for text in ["fn f() { todo!() }", "fn f() { std::unimplemented!(\"later\") }"] {
            assert_eq!(check(&sample::file("core/a.rs", text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_list_called_todo_is_fine() {
        assert_eq!(check(&sample::file("core/a.rs", "let todo = vec![1]; // todo!()")), []);
    }
}
