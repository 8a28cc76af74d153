//! What of an answer to a question can two routers be compared in? Not in what somebody configured, but in whether they answer, in
//! which properties their rows have, and in the form of the values.

use std::collections::{BTreeMap, BTreeSet};

use super::form::{expected, form, is_expected};
use super::requests::Request;
use crate::tables::{Field, Kind, Menu};

/// What a row may tell beside the fields of its menu.
const FLAGS: [&str; 6] = [".id", "builtin", "default", "dynamic", "invalid", "running"];
/// Different forms of one property that are told.
const FORMS_TOLD: usize = 3;

/// What a router says to somebody who may not ask.
const NOT_PERMITTED: &str = "not enough permissions";

/// An answer, without the values.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Refusals, as they stand.
    refusals: Vec<String>,
    /// Whether there was a row at all.
    has_rows: bool,
    /// By property, the forms of values that the simulator would show otherwise.
    properties: BTreeMap<String, BTreeSet<String>>,
    /// What the tree of commands has here: of that, the names are the answer.
    children: BTreeSet<String>,
}

/// How two answers compare.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What the router says, and what its simulator says instead.
    pub(super) router: Vec<String>,
    pub(super) simulator: Vec<String>,
    /// Properties that the simulator knows nothing of. Nobody asked for them by name.
    pub(super) besides: Vec<String>,
    /// This user may not ask, so that there is nothing to compare.
    pub(super) is_kept_back: bool,
}

impl Told {
    /// Takes a reply in. No value is kept, only forms.
    pub(super) fn take(&mut self, reply: &[String], menu: Option<&Menu>) {
        let attributes = || reply.iter().filter_map(|word| word.strip_prefix('=')?.split_once('='));
        match reply.first().map(String::as_str) {
            Some("!trap" | "!fatal") => return self.refusals.push(reply.join(" ")),
            Some("!re") => self.has_rows = true,
            _ => {}
        }
        let is_child = attributes().any(|(name, _)| name == "node-type");
        for (name, value) in attributes() {
            if is_child && name == "name" {
                self.children.insert(value.to_owned());
            }
            let forms = self.properties.entry(name.to_owned()).or_default();
            let is_odd = menu.and_then(|menu| menu.field(name)).is_some_and(|field| !is_expected(field, value));
            if is_odd && forms.len() < FORMS_TOLD {
                forms.insert(form(value));
            }
        }
    }

    /// Beside what the simulator of this menu said.
    pub(super) fn beside(&self, simulator: &Self, request: &Request, menu: Option<&Menu>) -> Verdict {
        let is_kept_back = self.refusals.iter().any(|refusal| refusal.contains(NOT_PERMITTED)) && self.refusals != simulator.refusals;
        if is_kept_back {
            return Verdict { is_kept_back, ..Verdict::default() };
        }
        let mut verdict = Verdict::default();
        if self.refusals != simulator.refusals {
            let said = |told: &Self| if told.refusals.is_empty() { vec!["answers".to_owned()] } else { told.refusals.clone() };
            (verdict.router, verdict.simulator) = (said(self), said(simulator));
        }
        let has = |these: &BTreeSet<String>, others: &BTreeSet<String>| {
            let only: Vec<&str> = these.difference(others).map(String::as_str).collect();
            (!only.is_empty()).then(|| format!("has {}", only.join(" ")))
        };
        // Where one refuses, everything that the other has is told by that already.
        if verdict.router.is_empty() {
            verdict.router.extend(has(&self.children, &simulator.children));
            verdict.simulator.extend(has(&simulator.children, &self.children));
        }
        let fields = || menu.into_iter().flat_map(|menu| &menu.fields);
        for field in fields().filter(|field| self.has_rows && is_always_told(field) && request.asks_for(&field.name)) {
            if !self.properties.contains_key(&field.name) {
                verdict.router.push(format!("no row tells `{}`", field.name));
                verdict.simulator.push("each does".to_owned());
            }
        }
        for field in fields() {
            let forms: Vec<String> = self.properties.get(&field.name).into_iter().flatten().map(|form| format!("`{form}`")).collect();
            if !forms.is_empty() {
                verdict.router.push(format!("tells `{}` in the form {}", field.name, forms.join(" ")));
                verdict.simulator.extend(expected(field));
            }
        }
        let is_known =
            |name: &str| simulator.properties.contains_key(name) || FLAGS.contains(&name) || menu.is_some_and(|menu| menu.field(name).is_some());
        verdict.besides = self.properties.keys().filter(|name| !is_known(name)).cloned().collect();
        verdict
    }
}

/// Whether the simulator would tell the field in every row.
fn is_always_told(field: &Field) -> bool {
    let has_value = field.is_required || field.default.as_ref().is_some_and(|default| !default.is_empty());
    has_value && !field.is_secret && !field.is_hidden && field.name != "dynamic" && field.kind != Kind::Flag
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replay::requests;
    use crate::tables;
    use crate::version::Version;

    fn beside(router: &[&[&str]], simulator: &[&[&str]]) -> Verdict {
        let menu = tables::all().iter().find(|menu| menu.path == "/ip/pool").and_then(|menu| menu.at(Version::V7_24)).expect("a menu");
        let told = |replies: &[&[&str]]| {
            let mut told = Told::default();
            for reply in replies {
                told.take(&reply.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), Some(&menu));
            }
            told
        };
        let request = &requests::parse("/ip/pool/print")[0];
        told(router).beside(&told(simulator), request, Some(&menu))
    }

    fn differs(router: &str, simulator: &str) -> Verdict {
        Verdict { router: vec![router.to_owned()], simulator: vec![simulator.to_owned()], ..Verdict::default() }
    }

    #[test]
    fn what_is_configured_is_no_difference() {
        let row = ["!re", "=.id=*1", "=name=a", "=ranges=10.0.0.2", "=comment=x"];
        assert_eq!(beside(&[&row, &["!done"]], &[&["!re", "=.id=*7", "=name=b", "=ranges=10.0.0.9"], &["!done"]]), Verdict::default());
        assert_eq!(beside(&[&["!empty"], &["!done"]], &[&row, &["!done"]]), Verdict::default());
    }

    #[test]
    fn refusals_are_told_as_they_stand() {
        let refused = ["!trap", "=message=no such command"];
        let row = ["!re", "=name=b", "=ranges=10.0.0.2"];
        assert_eq!(beside(&[&refused, &["!done"]], &[&row]), differs("!trap =message=no such command", "answers"));
        assert_eq!(beside(&[&row], &[&refused]), differs("answers", "!trap =message=no such command"));
    }

    #[test]
    fn who_may_not_ask_has_nothing_to_compare() {
        let found = beside(&[&["!trap", "=message=not enough permissions (9)"], &["!done"]], &[&["!done"]]);
        assert_eq!(found, Verdict { is_kept_back: true, ..Verdict::default() });
    }

    #[test]
    fn properties_that_are_missing_or_more_are_told() {
        assert_eq!(beside(&[&["!re", "=name=a"]], &[]), differs("no row tells `ranges`", "each does"));
        let found = beside(&[&["!re", "=name=a", "=ranges=10.0.0.2", "=used=7"]], &[]);
        assert_eq!(found, Verdict { besides: vec!["used".to_owned()], ..Verdict::default() });
    }

    #[test]
    fn commands_are_compared_both_ways() {
        let child = |name: &'static str| vec!["!re", "=type=child", "=ranges=", name, "=node-type=arg"];
        let found = beside(&[&child("=name=new"), &child("=name=both")], &[&child("=name=both"), &child("=name=old")]);
        assert_eq!(found, differs("has new", "has old"));
    }
}
