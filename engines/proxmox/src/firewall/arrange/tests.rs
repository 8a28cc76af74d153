use serde_json::json;

use super::*;

/// `a+` accepts packets of kind `a`, `*-` drops all; `|` in front: disabled; a number behind: a comment.
fn rule(text: &str) -> Rule {
    let enabled = !text.starts_with('|');
    let text = text.trim_start_matches('|');
    let action = if text.contains('+') { "accept" } else { "drop" };
    let (from, comment) = text.split_once(['+', '-']).expect("a verdict");
    let mut value = json!({"direction": "in", "action": action});
    if from != "*" {
        value["macro"] = json!(from);
    }
    if !comment.is_empty() {
        value["comment"] = json!(format!("number {comment}"));
    }
    Rule::of_blueprint(&value).enabled(enabled)
}

fn rules(text: &str) -> Vec<Rule> {
    text.split_whitespace().map(rule).collect()
}

/// What a list does with a packet of a kind; `None` where the policy decides.
fn verdict(list: &[Rule], kind: &str) -> Option<String> {
    let matches = |rule: &&Rule| rule.is_enabled() && rule.get("macro").is_none_or(|wanted| wanted == kind);
    list.iter().find(matches).and_then(|rule| rule.get("action")).map(str::to_owned)
}

/// The list gets there, and on the way every packet has its old or its new verdict. Gives the number of calls.
fn check(old: &str, new: &str) -> usize {
    let (before, after) = (rules(old), rules(new));
    let mut list = before.clone();
    let edits = arrange(&before, &after).edits;
    for edit in &edits {
        list = edit.made_of(&list);
        for kind in ["a", "b", "c"] {
            let seen = verdict(&list, kind);
            assert!([verdict(&before, kind), verdict(&after, kind)].contains(&seen), "{old} -> {new}: {edit:?} makes {kind} {seen:?} in {list:?}");
        }
    }
    assert_eq!(list, after, "{old} -> {new}");
    check_around(&before, &after);
    edits.len()
}

/// The same with a policy that changes in the middle.
fn check_around(before: &[Rule], after: &[Rule]) {
    let decided = |list: &[Rule], kind: &str, policy: &str| verdict(list, kind).unwrap_or_else(|| policy.to_owned());
    let way = arrange_around(before, after);
    let mut list = before.to_vec();
    for done in 0..=way.edits.len() {
        if done > 0 {
            list = way.edits[done - 1].made_of(&list);
        }
        let policies: &[&str] = if done == way.middle { &["old", "new"] } else { &[if done < way.middle { "old" } else { "new" }] };
        for (kind, policy) in ["a", "b", "c"].iter().flat_map(|kind| policies.iter().map(move |policy| (kind, policy))) {
            let ends = [decided(before, kind, "old"), decided(after, kind, "new")];
            let seen = decided(&list, kind, policy);
            assert!(ends.contains(&seen), "{before:?} -> {after:?}: after {done} calls {kind} is {seen} in {list:?}");
        }
    }
    assert_eq!(list, after);
}

#[test]
fn the_calls_are_as_few_as_can_be() {
    for (old, new, calls) in [
        ("", "", 0),
        ("a+ b- c+", "a+ b- c+", 0),
        ("", "|a+", 1),
        ("", "a+", 2),
        // Two put in, the second enabled after the first.
        ("", "a+ *-", 4),
        ("a+ *-", "", 2),
        ("a+ b+ *-", "a+ b- *-", 1),
        ("a+ *-", "|a+ *-", 1),
        ("a+ b+ c+ *-", "c+ a+ b+ *-", 1),
        ("c+ a+ b+ *-", "a+ b+ c+ *-", 1),
        ("a+ *-", "a+ b+ *-", 3),
        ("a+ *-", "b+ a+ *-", 2),
        ("a+1 b+2", "a+2 b+1", 2),
    ] {
        assert_eq!(check(old, new), calls, "{old} -> {new}");
    }
}

/// Whatever was interrupted, the same edits are found again from where they ended.
#[test]
fn each_state_on_the_way_leads_on() {
    let (old, new) = (rules("b+ c- a+ *-"), rules("a- b+2 |c+ *+ c-"));
    let mut list = old.clone();
    for edit in arrange(&old, &new).edits {
        list = edit.made_of(&list);
        let mut again = list.clone();
        for edit in arrange(&list, &new).edits {
            again = edit.made_of(&again);
        }
        assert_eq!(again, new);
    }
}

/// Every pair of short lists, and some pairs of longer ones.
#[test]
fn no_packet_meets_a_state_that_is_neither() {
    let words = ["a+", "b+", "*-", "|b+", "a-", "|*-"];
    let mut lists = vec![String::new()];
    for first in words {
        lists.push(first.to_owned());
        lists.extend(words.iter().map(|second| format!("{first} {second}")));
    }
    for old in &lists {
        lists.iter().for_each(|new| _ = check(old, new));
    }
    check("a+ *- b+", "|b+ a+ *-");
    let mut seed = 1_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % below).expect("a small number")
    };
    let mut longer = || {
        let length = next(7);
        (0..length).map(|_| words[next(6)]).collect::<Vec<_>>().join(" ")
    };
    for _ in 0..300 {
        check(&longer(), &longer());
    }
}
