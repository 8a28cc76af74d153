//! How much of a verdict is kept? As much as people can read and the daemon can store, the strictest first; the rest is counted.

use std::collections::BTreeSet;

use crate::limits::{FAULT_LENGTH_MAX, FAULTS_MAX, FINDINGS_BYTES_MAX};
use crate::verdict::{Finding, Verdict};

/// A verdict that asks for the same, and is not too large. Of each effect one finding stays, so that no denial and no team is lost.
pub(crate) fn bounded(verdict: Verdict) -> Verdict {
    let Verdict { findings, faults, left_out } = verdict;
    let mut effects = BTreeSet::new();
    let (first, others): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(|finding| effects.insert(finding.effect.clone()));
    let mut room = FINDINGS_BYTES_MAX;
    let mut others = others.into_iter();
    let mut kept = first;
    kept.extend(others.by_ref().take_while(|finding| {
        room = room.saturating_sub(size_bytes(finding));
        room > 0
    }));
    kept.sort();
    // The one at which the room ended was taken out of the iterator, too.
    let left_out = left_out + others.len() + usize::from(room == 0);
    Verdict { findings: kept, faults: few(faults), left_out }
}

/// As the finding is stored. What cannot be written takes all the room.
fn size_bytes(finding: &Finding) -> usize {
    serde_json::to_string(finding).map_or(usize::MAX, |text| text.len())
}

fn few(mut faults: Vec<String>) -> Vec<String> {
    let more = faults.len().saturating_sub(FAULTS_MAX);
    if more > 0 {
        faults.truncate(FAULTS_MAX - 1);
        let rest = more + 1;
        faults.push(format!("error: More rules cannot be asked\nAt least {rest} more; they are shown once those above are mended.\n"));
    }
    for fault in &mut faults {
        if let Some((end, _)) = fault.char_indices().nth(FAULT_LENGTH_MAX) {
            fault.truncate(end);
            fault.push_str("…\n");
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Effect;

    fn finding(effect: Effect, message: String) -> Finding {
        let (rule, written_at) = ("main.deny".to_owned(), "policies/a.rego:1".to_owned());
        Finding { effect, rule, written_at, address: None, path: None, message, blueprint: None }
    }

    #[test]
    fn no_effect_and_no_team_is_lost_however_much_is_said() {
        let denials = (0..10_000).map(|number| finding(Effect::Deny, format!("{number} {}", "x".repeat(900))));
        let teams = (0..20).map(|number| finding(Effect::NeedsApproval { team: format!("t{number}") }, "m".to_owned()));
        let mut findings: Vec<Finding> = denials.chain(teams).chain([finding(Effect::Warn, "w".to_owned())]).collect();
        findings.sort();
        let kept = bounded(Verdict { findings, ..Verdict::default() });
        assert_eq!((kept.teams().len(), kept.warnings().count(), kept.permits()), (20, 1, false));
        assert_eq!(kept.count(), 10_021);
        assert!(kept.left_out > 9_000 && kept.findings.is_sorted());
        assert_eq!(bounded(kept.clone()).findings, kept.findings);
    }

    #[test]
    fn what_three_rule_sets_say_at_most_can_be_stored() {
        // The store takes no more than a mebibyte.
        let set = |set: usize| {
            let long = |number: usize| format!("{set} {number} {}", "\u{10ffff}".repeat(990));
            let teams = (0..20).map(|number| finding(Effect::NeedsApproval { team: format!("s{set}t{number}") }, long(number)));
            let warnings = (0..1_000).map(|number| finding(Effect::Warn, long(number)));
            let faults = (0..1_000).map(|number| format!("{set} {number} {}", "\u{10ffff}".repeat(9_000))).collect();
            bounded(Verdict { findings: teams.chain(warnings).collect(), faults, left_out: 0 })
        };
        let said = set(1).stricter(set(2)).stricter(set(3));
        assert_eq!(said.teams().len(), 60);
        assert!(serde_json::to_string(&said).is_ok_and(|text| text.len() < 1024 * 1024));
    }

    #[test]
    fn what_is_small_stays_as_it_is() {
        let small = Verdict { findings: vec![finding(Effect::Warn, "w".to_owned())], faults: vec!["f".to_owned()], left_out: 0 };
        assert_eq!(bounded(small.clone()), small);
    }
}
