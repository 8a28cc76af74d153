//! What do the steps of a type show of one menu? A cell of the page's table says what a router was asked, or why nothing was.

use std::collections::{BTreeMap, BTreeSet};

use engine_api::contract::Sample;
use test_sim_routeros::Call;

use super::Story;

/// Arguments of a type that no step sets to another value, and why.
const NEVER_SET: &[(&str, &str, &str)] = &[
    ("dns", "type", "it follows from the answer, and another kind of answer is a row made anew"),
    ("dhcp", "address-pool", "it follows from whether there are ranges"),
    ("firewall", "chain", "another chain is another place, where the rules are made anew"),
];

/// Menus whose rows have nothing that could be taken out of them, and why.
const NOTHING_TO_UNSET: &[(&str, &str)] =
    &[("/ip/firewall/address-list", "an entry is its address"), ("/ipv6/firewall/address-list", "an entry is its address")];

/// What a router was asked about one menu, for one type.
#[derive(Default)]
pub(super) struct Row {
    /// Each row that was made, by its comment.
    made: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// Arguments that an update gave another value: by `set`, or in a row that was made anew.
    set: BTreeSet<String>,
    unset: BTreeSet<String>,
    /// Arguments that hold the object's name, and those that held anything else.
    naming: BTreeSet<String>,
    telling: BTreeSet<String>,
    pub(super) is_always_there: bool,
    is_added: bool,
    is_removed: bool,
    /// A row went when a field was taken out.
    is_taken_out: bool,
    is_moved: bool,
    /// After so many steps a second plan was empty.
    pub(super) steps: usize,
    /// Commands whose reply was lost.
    pub(super) lost: BTreeSet<String>,
}

pub(super) type Rows = BTreeMap<(String, String), Row>;

impl Row {
    pub(super) fn note(&mut self, sample: &Sample, story: Story<'_>, call: &Call) {
        let told = || {
            call.arguments.iter().filter(|(name, _)| !name.starts_with('.') && !["comment", "place-before", "destination"].contains(&name.as_str()))
        };
        let values: BTreeMap<String, String> = told().cloned().collect();
        let names = || values.keys().cloned();
        for (name, value) in told() {
            let kind = if *value == sample.object { &mut self.naming } else { &mut self.telling };
            kind.insert(name.clone());
        }
        let comment = call.arguments.iter().find(|(name, _)| name == "comment").map(|(_, text)| text.clone()).unwrap_or_default();
        self.is_added |= verb(call) == "add";
        match (verb(call), story) {
            ("add" | "set", Story::Create) => self.made.entry(comment).or_default().push(values),
            ("add", _) => {
                // A row without a comment, or with a new one, is compared with all that were made.
                let same = self.made.get(&comment).filter(|_| !comment.is_empty());
                let before: Vec<&BTreeMap<String, String>> =
                    same.map_or_else(|| self.made.values().flatten().collect(), |rows| rows.iter().collect());
                let is_other = |name: &String| before.iter().all(|row| row.get(name) != values.get(name));
                if matches!(story, Story::Update(..)) {
                    self.set.extend(names().filter(is_other));
                }
                self.unset.extend(same.into_iter().flatten().flat_map(BTreeMap::keys).filter(|name| !values.contains_key(*name)).cloned());
            }
            ("set", Story::Unset(_)) => self.unset.extend(names()),
            ("set", _) => self.set.extend(names()),
            ("unset", _) => self.unset.extend(call.arguments.iter().filter(|(name, _)| name == "value-name").map(|(_, name)| name.clone())),
            ("remove", _) => {
                self.is_removed = true;
                self.is_taken_out |= matches!(story, Story::Unset(_));
            }
            ("move", _) => self.is_moved = true,
            (other, _) => panic!("nobody expects `{other}` of a sample"),
        }
    }

    /// The arguments of rows that were made.
    fn made(&self) -> BTreeSet<&String> {
        self.made.values().flatten().flat_map(BTreeMap::keys).collect()
    }

    /// Arguments that no step changed.
    pub(super) fn never_set(&self, kind: &str) -> Vec<&String> {
        let is_name = |name: &String| self.naming.contains(name) && !self.telling.contains(name);
        let is_excepted = |name: &String| NEVER_SET.iter().any(|(known, argument, _)| *known == kind && argument == name);
        self.made().into_iter().filter(|name| !self.set.contains(*name) && !is_name(name) && !is_excepted(name)).collect()
    }

    /// What is said of this menu, and is not so, or was not tried.
    pub(super) fn said_alone(&self, menu: &str, kind: &str) -> Vec<String> {
        let unset = NOTHING_TO_UNSET.iter().any(|(known, _)| *known == menu);
        let has_unset = self.is_taken_out || !self.unset.is_empty();
        let never_set = NEVER_SET.iter().filter(|(known, argument, _)| *known == kind && self.set.contains(*argument));
        let said = [
            (self.is_always_there && (self.is_added || self.is_removed), "it is always there"),
            (!self.is_always_there && !self.is_added, "rows are added"),
            (!self.is_always_there && !self.is_removed, "rows are removed"),
            (kind == "firewall" && !self.is_moved, "rows are moved"),
            (kind != "firewall" && self.is_moved, "its rows have no order"),
            (unset && has_unset, "nothing can be taken out"),
            (!unset && !has_unset, "something is taken out"),
            (self.set.is_empty(), "arguments are set"),
            (self.steps == 0, "a second plan is empty"),
            (self.lost.is_empty(), "a reply is lost"),
        ];
        let said = said.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, said)| said.to_owned());
        said.chain(never_set.map(|(_, argument, _)| format!("`{argument}` is never set"))).collect()
    }

    /// The cells of the page's table. One of what was not done is empty, and the page's rule finds it.
    pub(super) fn line(&self, menu: &str, kind: &str) -> String {
        let words = |names: &BTreeSet<String>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ");
        let done = |is_done: bool| if is_done { "yes" } else { "" };
        let (add, remove) = if self.is_always_there {
            ("always there".to_owned(), "always there")
        } else {
            (format!("{} arguments", self.made().len()), done(self.is_removed))
        };
        let order = if kind == "firewall" { done(self.is_moved) } else { "no order" };
        let all_set = if self.never_set(kind).is_empty() { words(&self.set) } else { String::new() };
        let nothing = NOTHING_TO_UNSET.iter().find(|(known, _)| *known == menu);
        let taken_out = if self.is_taken_out { "whole rows" } else { "" };
        let unset = nothing.map_or_else(|| format!("{taken_out} {}", words(&self.unset)).trim().to_owned(), |(_, why)| (*why).to_owned());
        let lost = self.lost.iter().cloned().collect::<Vec<_>>().join(", ");
        format!("| `{menu}` | `{kind}` | {add} | {all_set} | {unset} | {remove} | {order} | after {} steps | {lost} |", self.steps)
    }
}

pub(super) fn verb(call: &Call) -> &str {
    call.command.rsplit('/').next().unwrap_or_default()
}

pub(super) fn menu(call: &Call) -> &str {
    call.command.rsplit_once('/').map_or("", |(menu, _)| menu)
}

/// A cell that is only said to be covered is found, whichever it is.
mod tests {
    use super::*;

    /// How something was not done, and the cell that says it was.
    type Undone = (fn(&mut Row), &'static str);

    /// A menu with which everything was done.
    fn tried() -> Row {
        let word = || BTreeSet::from(["x".to_owned()]);
        let made = BTreeMap::from([(String::new(), vec![BTreeMap::from([("x".to_owned(), "1".to_owned())])])]);
        Row { made, set: word(), unset: word(), telling: word(), is_added: true, is_removed: true, steps: 1, lost: word(), ..Row::default() }
    }

    fn said(change: fn(&mut Row)) -> Vec<String> {
        let mut row = tried();
        change(&mut row);
        let never_set = row.never_set("queue").into_iter().map(|name| format!("{name} is never set")).collect::<Vec<_>>();
        [row.said_alone("/queue/simple", "queue"), never_set].concat()
    }

    #[test]
    fn a_menu_that_was_tried_has_no_such_cell() {
        assert_eq!(said(|_| {}), [""; 0]);
    }

    #[test]
    fn what_was_not_done_is_found() {
        let table: [Undone; 8] = [
            (|row| row.is_added = false, "rows are added"),
            (|row| row.is_removed = false, "rows are removed"),
            (|row| row.is_always_there = true, "it is always there"),
            (|row| row.is_moved = true, "its rows have no order"),
            (|row| row.unset.clear(), "something is taken out"),
            (|row| row.steps = 0, "a second plan is empty"),
            (|row| row.lost.clear(), "a reply is lost"),
            (|row| row.set = BTreeSet::from(["y".to_owned()]), "x is never set"),
        ];
        for (change, expected) in table {
            assert_eq!(said(change), [expected]);
        }
    }

    #[test]
    fn an_exception_that_is_none_any_more_is_found() {
        assert_eq!(tried().said_alone("/ip/firewall/address-list", "address-list"), ["nothing can be taken out"]);
        assert_eq!(tried().said_alone("/ip/firewall/filter", "firewall"), ["rows are moved"]);
        let row = Row { set: BTreeSet::from(["address-pool".to_owned()]), ..tried() };
        assert_eq!(row.said_alone("/ip/dhcp-server", "dhcp"), ["`address-pool` is never set"]);
    }
}
