//! Do lists of rules change as they should? Random pairs, judged by a small evaluator of packets.

use proptest::prelude::*;

use super::*;
use crate::snapshot::{SeenRow, Snapshot};

/// A rule of the test: which of eight packets it matches, and whether it lets them pass.
type Rule = (u8, bool);

fn values((mask, accepts): Rule) -> Row {
    let action = if accepts { "accept" } else { "drop" };
    Row::from([("action".to_owned(), action.to_owned()), ("mask".to_owned(), mask.to_string())])
}

fn rule_of(row: &Row) -> Rule {
    (row["mask"].parse().unwrap(), row["action"] == "accept")
}

fn fingerprint(row: &Row) -> Hash {
    Hash::of(&serde_json::json!([row.get("mask"), row.get("action")]))
}

/// Who passes: the first rule that matches decides, and what nothing matches passes.
fn passes(rules: &[Rule], packet: u8) -> bool {
    rules.iter().find(|(mask, _)| mask >> packet & 1 == 1).is_none_or(|(_, accepts)| *accepts)
}

fn rules(snapshot: &Snapshot) -> Vec<Rule> {
    snapshot.rows("/l").iter().filter(|row| row.values.contains_key("mask")).map(|row| rule_of(&row.values)).collect()
}

/// Every state on the way, the first and the last among them.
fn states(old: &[Rule], new: &[Rule], has_end: bool) -> (Vec<Vec<Rule>>, Vec<Change>) {
    let mut rows: Vec<SeenRow> =
        old.iter().enumerate().map(|(index, rule)| SeenRow { id: format!("*{index:X}"), values: values(*rule), tag: None }).collect();
    if has_end {
        rows.push(SeenRow { id: "*END".to_owned(), values: Row::new(), tag: None });
    }
    let mut snapshot = Snapshot::default();
    snapshot.menus.insert("/l".to_owned(), rows.clone());
    let goal = ListGoal {
        menu: "/l",
        handles: "+l",
        old: rows[..old.len()].iter().collect(),
        new: new.iter().map(|rule| NewRule { values: values(*rule), comment: String::new() }).collect(),
        end: has_end.then(|| "*END".to_owned()),
    };
    let changes = arrange(&goal, fingerprint);
    let mut states = vec![old.to_vec()];
    for change in &changes {
        snapshot.apply(change);
        states.push(rules(&snapshot));
    }
    (states, changes)
}

fn moves(changes: &[Change]) -> usize {
    changes.iter().filter(|change| matches!(change, Change::Move { .. })).count()
}

/// The length of a longest common subsequence, the slow way.
fn common(old: &[Rule], new: &[Rule]) -> usize {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (row, left) in old.iter().enumerate() {
        for (column, right) in new.iter().enumerate() {
            table[row + 1][column + 1] = if left == right { table[row][column] + 1 } else { table[row][column + 1].max(table[row + 1][column]) };
        }
    }
    table[old.len()][new.len()]
}

fn unique_rules() -> impl Strategy<Value = Vec<Rule>> {
    prop::collection::btree_set((1_u8.., any::<bool>()), 0..12).prop_map(|rules| rules.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

fn pair() -> impl Strategy<Value = (Vec<Rule>, Vec<Rule>)> {
    unique_rules().prop_flat_map(|old| {
        let kept = prop::sample::subsequence(old.clone(), 0..=old.len()).prop_shuffle();
        (Just(old), kept, unique_rules()).prop_map(|(old, kept, added)| {
            let added = added.into_iter().filter(|rule| !old.contains(rule));
            let mut new = kept;
            for (index, rule) in added.enumerate() {
                new.insert((index * 7 + usize::from(rule.0)) % (new.len() + 1), rule);
            }
            (old, new)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]
    #[test]
    fn ten_thousand_pairs_end_right_with_few_moves_and_no_hole_on_the_way((old, new) in pair(), has_end in any::<bool>()) {
        let (states, changes) = states(&old, &new, has_end);
        prop_assert_eq!(states.last().unwrap(), &new, "{:?}", changes);
        let in_both = old.iter().filter(|rule| new.contains(rule)).count();
        prop_assert_eq!(moves(&changes), in_both - common(&old, &new), "{:?}", changes);
        for state in &states {
            for packet in 0..8 {
                let (before, after, now) = (passes(&old, packet), passes(&new, packet), passes(state, packet));
                prop_assert!(now == before || now == after, "packet {} in {:?} on the way from {:?} to {:?}: {:?}", packet, state, old, new, changes);
            }
        }
    }

    #[test]
    fn lists_with_repeated_rules_end_right(
        old in prop::collection::vec((1_u8..5, any::<bool>()), 0..10),
        new in prop::collection::vec((1_u8..5, any::<bool>()), 0..10),
    ) {
        let (states, changes) = states(&old, &new, true);
        prop_assert_eq!(states.last().unwrap(), &new, "{:?}", changes);
    }
}

/// The evaluator catches a wrong order: removing before adding opens a hole.
#[test]
fn a_hole_would_be_seen() {
    let (old, new): (Vec<Rule>, Vec<Rule>) = (vec![(1, false)], vec![(3, false)]);
    assert!(!passes(&old, 0) && !passes(&new, 0));
    assert!(passes(&[], 0), "the state between a removal and an addition lets the packet pass");
    let (states, _) = states(&old, &new, false);
    assert!(states.iter().all(|state| !passes(state, 0)), "{states:?}");
}
