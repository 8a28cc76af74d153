//! Do rules of a chain come to the right rows and back?

use core_model::{Address, Marker};

use super::*;

fn marker() -> Marker {
    Marker {
        owner_id: "6f0c2a9e".to_owned(),
        environment: "prod".parse().unwrap(),
        address: Address::new("shop".parse().unwrap(), "forward".parse().unwrap()),
    }
}

fn row(id: &str, values: &[(&str, &str)]) -> SeenRow {
    let mut row = SeenRow::new(values.iter().copied().map(owned).collect());
    row.id = id.to_owned();
    row
}

fn snapshot(rows: Vec<SeenRow>) -> Snapshot {
    let mut snapshot = Snapshot::default();
    snapshot.menus.insert("/ip/firewall/filter".to_owned(), rows);
    snapshot
}

fn values(specs: Value) -> Map<String, Value> {
    as_values(specs.as_object().cloned().unwrap())
}

fn shop() -> Map<String, Value> {
    values(json!({"chain": "forward", "manage": "section", "rules": [
        {"name": "web-https", "action": "accept", "protocol": "tcp", "to": "10.0.20.11", "ports": ["443", "80"]},
        {"name": "rest-drop", "action": "drop", "to": "10.0.20.0/24"},
    ]}))
}

/// Applies the changes that lead to the values, and gives what is then seen.
fn carried_out(snapshot: &mut Snapshot, desired: &Map<String, Value>, applied: Option<&Map<String, Value>>) -> Result<Vec<Change>, Refusal> {
    let (marker, owner) = (marker(), Owner::of(&marker()));
    let places = BTreeSet::from_iter([Some(desired), applied].into_iter().flatten().filter_map(|values| Firewall.place(values)));
    let look = Look { object: "forward", places: &places, owner: &owner };
    let goal = Goal { action: Action::Create, desired, applied, changes: &[], marker: &marker };
    let changes = Firewall.converge(look, snapshot, &goal)?;
    changes.iter().for_each(|change| snapshot.apply(change));
    // The router gives ids in place of handles.
    let rows = snapshot.menus.values_mut().flatten();
    rows.enumerate().filter(|(_, row)| row.id.starts_with('+')).for_each(|(index, row)| row.id = format!("*A{index}"));
    Ok(changes)
}

fn comments(snapshot: &Snapshot) -> Vec<String> {
    snapshot.rows("/ip/firewall/filter").iter().map(|row| row.get("comment").rsplit('#').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_section_stands_before_the_rules_of_others_and_is_read_back() {
    let mut snapshot = snapshot(vec![
        row("*1", &[("chain", "input"), ("action", "accept"), ("comment", "admin")]),
        row("*2", &[("chain", "forward"), ("action", "drop"), ("comment", "defconf")]),
    ]);
    carried_out(&mut snapshot, &shop(), None).unwrap();
    assert_eq!(comments(&snapshot), ["admin", "<", "web-https", "rest-drop", ">", "defconf"]);
    assert_eq!(carried_out(&mut snapshot, &shop(), None), Ok(Vec::new()), "a second time there is nothing to do");
    let owner = Owner::of(&marker());
    let seen = Firewall.seen(Look { object: "forward", places: &BTreeSet::new(), owner: &owner }, &snapshot);
    assert_eq!(seen.marker, Some(marker()));
    assert_eq!(seen.values["specs"]["rules"], shop()["specs"]["rules"]);
}

#[test]
fn a_rule_of_somebody_else_in_the_section_is_seen_and_removed() {
    let mut snapshot = snapshot(Vec::new());
    carried_out(&mut snapshot, &shop(), None).unwrap();
    snapshot.menus.get_mut("/ip/firewall/filter").unwrap().insert(1, row("*9", &[("chain", "forward"), ("action", "accept")]));
    let changes = carried_out(&mut snapshot, &shop(), Some(&shop())).unwrap();
    assert!(matches!(changes.as_slice(), [Change::Remove { row, .. }] if row.id == "*9"), "{changes:?}");
}

#[test]
fn a_section_whose_end_was_taken_gets_new_ends() {
    let mut snapshot = snapshot(vec![row("*7", &[("chain", "forward"), ("action", "drop"), ("comment", "defconf")])]);
    carried_out(&mut snapshot, &shop(), None).unwrap();
    snapshot.menus.get_mut("/ip/firewall/filter").unwrap().remove(3);
    carried_out(&mut snapshot, &shop(), Some(&shop())).unwrap();
    assert_eq!(comments(&snapshot), ["<", "web-https", "rest-drop", ">", "defconf"]);
}

#[test]
fn a_chain_with_rules_of_others_is_not_taken_whole_unasked() {
    let mut whole = shop();
    whole["specs"]["manage"] = json!("whole");
    let mut snapshot = snapshot(vec![row("*2", &[("chain", "forward"), ("action", "drop"), ("comment", "defconf")])]);
    assert!(carried_out(&mut snapshot, &whole, None).is_err());
    carried_out(&mut snapshot, &whole, Some(&whole)).unwrap();
    assert_eq!(comments(&snapshot), ["web-https", "rest-drop"], "adopted, and then it is all ours");
}

#[test]
fn other_spellings_of_a_rule_are_the_same_rule() {
    let mut snapshot = snapshot(Vec::new());
    carried_out(&mut snapshot, &shop(), None).unwrap();
    for row in snapshot.menus.get_mut("/ip/firewall/filter").unwrap() {
        if row.is("dst-address", "10.0.20.11") {
            row.values.extend(
                [("dst-address", "10.0.20.11/32"), ("dst-port", "80,443"), ("log", "false"), ("bytes", "17"), ("invalid", "false")].map(owned),
            );
        }
    }
    assert_eq!(carried_out(&mut snapshot, &shop(), Some(&shop())), Ok(Vec::new()));
}
