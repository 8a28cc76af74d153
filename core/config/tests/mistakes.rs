//! Is every mistake told, at the right place, with a next step? A file of small repositories for each theme.
//!
//! A case starts with `=== what it shows`. Below, `--- path` starts a file; `--- blueprint a` is short for the file
//! `blueprints/a.yaml` with a version, the name `a` and the start of its resources.

#![allow(clippy::unwrap_used)]

mod support;

use support::{load_text, messages};

/// Snapshots the messages of every case of a theme.
fn check(theme: &str, cases: &str) {
    let mut told = String::new();
    for case in cases.split("=== ").skip(1) {
        let (title, files) = case.split_once('\n').unwrap();
        let text = messages(&load_text(files));
        told.push_str(&format!("=== {title}\n{}\n", if text.is_empty() { "nothing is wrong\n" } else { &text }));
    }
    insta::assert_snapshot!(theme, told);
}

macro_rules! themes {
    ($($theme:ident),*) => {$(
        #[test]
        fn $theme() {
            check(stringify!($theme), include_str!(concat!("mistakes/", stringify!($theme), ".txt")));
        }
    )*};
}

themes!(yaml, files, overlays, each, references, templates, environments, secrets, lifecycle, values);
