//! What did the rules say? Findings, strictest first.

use core_model::Address;
use serde::{Deserialize, Serialize};

use crate::bounds;
use crate::places::Places;

/// What a finding does to the plan, strictest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "kebab-case")]
pub enum Effect {
    /// The plan must not be applied.
    Deny,
    /// Somebody of this team must approve the plan's digest.
    NeedsApproval { team: String },
    /// People are told.
    Warn,
}

/// One thing that one rule said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    #[serde(flatten)]
    pub effect: Effect,
    /// The rule's package and name: `main.deny`.
    pub rule: String,
    /// Where the rule is written: `policies/ports.rego:12`.
    pub written_at: String,
    /// What it is about, where the rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The rule's own words, on one line.
    pub message: String,
    /// The field that it is about, such as `specs.image`, where the rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The blueprint's file and line, where the rule gives an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blueprint: Option<String>,
}

/// What a rule set said about one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Sorted: denials, requests for approval, warnings.
    pub findings: Vec<Finding>,
    /// Rules that could not be asked, as messages with rule and line. With one of them the plan must not be applied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// How many findings more there were, at least. Each effect that they have is among the findings, and each team.
    #[serde(default, skip_serializing_if = "is_none")]
    pub left_out: usize,
}

/// Serde asks by reference.
fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Verdict {
    /// Nobody was asked: a verdict that permits nothing, and says why.
    pub fn of_fault(fault: impl Into<String>) -> Self {
        Self { faults: vec![fault.into()], ..Self::default() }
    }

    /// Names the blueprints' lines, as far as the places know them.
    #[must_use]
    pub fn placed(mut self, places: Places<'_>) -> Self {
        for finding in &mut self.findings {
            finding.blueprint = finding.address.as_ref().and_then(|address| places.of(address, finding.path.as_deref()));
        }
        self
    }

    /// How many things the rules said, at least.
    pub fn count(&self) -> usize {
        self.findings.len() + self.left_out
    }

    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.faults.is_empty()
    }

    /// Whether nothing forbids the plan. Teams may still have to approve it.
    pub fn permits(&self) -> bool {
        self.faults.is_empty() && self.denials().next().is_none()
    }

    pub fn denials(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.effect == Effect::Deny)
    }

    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.effect == Effect::Warn)
    }

    /// The teams that must approve, each once, with what they are asked for.
    pub fn teams(&self) -> Vec<(&str, Vec<&Finding>)> {
        let mut teams: Vec<(&str, Vec<&Finding>)> = Vec::new();
        for finding in &self.findings {
            let Effect::NeedsApproval { team } = &finding.effect else { continue };
            match teams.iter_mut().find(|(known, _)| known == team) {
                Some((_, findings)) => findings.push(finding),
                None => teams.push((team, vec![finding])),
            }
        }
        teams
    }

    /// What two rule sets said together: everything that either of them asks for. Of what both say, the first one's words stay.
    pub fn stricter(self, other: Self) -> Self {
        let Self { mut findings, mut faults, left_out } = self;
        // What both left out may be the same things.
        let left_out = left_out.max(other.left_out);
        for finding in other.findings {
            // A rule that only moved within its file still says the same.
            let said = |known: &Finding| {
                (&known.effect, &known.rule, &known.address, &known.message) == (&finding.effect, &finding.rule, &finding.address, &finding.message)
            };
            if !findings.iter().any(said) {
                findings.push(finding);
            }
        }
        for fault in other.faults {
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        findings.sort();
        bounds::bounded(Self { findings, faults, left_out })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(effect: Effect, message: &str, line: u32) -> Finding {
        let written_at = format!("policies/a.rego:{line}");
        Finding { effect, rule: "main.deny".to_owned(), written_at, address: None, path: None, message: message.to_owned(), blueprint: None }
    }

    #[test]
    fn of_two_verdicts_the_stricter_holds() {
        let before = Verdict { findings: vec![finding(Effect::Deny, "a", 1)], ..Verdict::default() };
        let team = Effect::NeedsApproval { team: "platform".to_owned() };
        let after = Verdict { findings: vec![finding(Effect::Deny, "a", 3), finding(team, "b", 4)], faults: vec!["broken".to_owned()], left_out: 0 };
        let both = before.clone().stricter(after);
        assert_eq!(both.findings.len(), 2);
        assert_eq!(both.findings[0].written_at, "policies/a.rego:1");
        assert_eq!(both.teams().len(), 1);
        assert!(!both.permits());
        assert_eq!(before.clone().stricter(Verdict::default()), before);
    }
}
