//! May we ship every crate we build with? Its licence expression must be satisfied by the licences allowed here.
//!
//! The same list is in deny.toml for those who have cargo-deny. This rule runs everywhere.

use super::tree::Tree;
use super::{Finding, Rule};

pub(super) const RULE: Rule = Rule { name: "licences", keeps: "every crate we build with has a licence that lets us ship it", check };

/// Licences that ask for no more than a notice, and MPL-2.0, which asks for changes of its own files only.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Licences allowed for one crate only.
const ALLOWED_FOR: &[(&str, &str)] = &[
    // Parts of the cryptography that Amazon took over from OpenSSL, in the releases that still say so.
    ("aws-lc-sys", "OpenSSL"),
];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for foreign in &tree.foreign_crates {
        let place = format!("{} {}", foreign.name, foreign.version);
        match &foreign.licence {
            None => findings.push(Finding::new(place, "names no licence in its manifest")),
            Some(expression) => {
                if !satisfied(expression, &foreign.name) {
                    findings.push(Finding::new(place, format!("the licence `{expression}` is not allowed")));
                }
            }
        }
    }
    findings
}

fn allowed(licence: &str, name: &str) -> bool {
    ALLOWED.contains(&licence) || ALLOWED_FOR.contains(&(name, licence))
}

/// Whether the allowed licences satisfy an SPDX expression. What cannot be read is not satisfied.
fn satisfied(expression: &str, name: &str) -> bool {
    // The form `MIT/Apache-2.0` is older than SPDX expressions and means OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { tokens: &tokens, name };
    reader.alternatives() == Some(true) && reader.tokens.is_empty()
}

struct Reader<'text> {
    tokens: &'text [&'text str],
    name: &'text str,
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Option<bool> {
        let mut any = self.requirements()?;
        while self.take("OR") {
            // Read the right side even when the left one is enough, or its tokens would stay behind.
            any = self.requirements()? || any;
        }
        Some(any)
    }

    fn requirements(&mut self) -> Option<bool> {
        let mut all = self.term()?;
        while self.take("AND") {
            all = self.term()? && all;
        }
        Some(all)
    }

    fn term(&mut self) -> Option<bool> {
        if self.take("(") {
            let inner = self.alternatives()?;
            return self.take(")").then_some(inner);
        }
        let (licence, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        if self.take("WITH") {
            // An exception only adds permissions, so the licence without it decides.
            self.tokens = self.tokens.split_first()?.1;
        }
        Some(allowed(licence, self.name))
    }

    fn take(&mut self, token: &str) -> bool {
        match self.tokens.split_first() {
            Some((first, rest)) if *first == token => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::sample;

    fn refused(name: &str, licence: &str) -> bool {
        !check(&sample::foreign_crate(name, Some(licence))).is_empty()
    }

    #[test]
    fn permissive_licences_pass_in_every_form_that_crates_write() {
        for licence in [
            "MIT",
            "MIT/Apache-2.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
            "GPL-2.0-only OR MIT",
            "ISC AND (Apache-2.0 OR ISC)",
        ] {
            assert!(!refused("any", licence), "{licence}");
        }
    }

    #[test]
    fn copyleft_unknown_and_unreadable_licences_are_found() {
        for licence in ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "Proprietary", "MIT OR", "(MIT", "", "MIT MIT"] {
            assert!(refused("any", licence), "{licence}");
        }
        assert_eq!(check(&sample::foreign_crate("bare", None)).len(), 1);
    }

    #[test]
    fn a_licence_for_one_crate_is_for_that_crate() {
        assert!(!refused("aws-lc-sys", "ISC AND OpenSSL"));
        assert!(refused("other", "ISC AND OpenSSL"));
    }
}
