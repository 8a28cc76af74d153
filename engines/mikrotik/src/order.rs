//! In which order do the rules of a list change, so that no packet meets a state that is neither the old nor the new one?
//!
//! The first rule that matches decides. Rules that are in both lists and keep their order among themselves stay where they are: the
//! longest such subsequence, so that the moves are as few as can be. Then
//!
//! 1. forwards through the new list: what is new is added, and what moves up is moved;
//! 2. backwards through the old list: what is no longer wanted is removed, and what moves down is moved.
//!
//! In the first pass the old rules all stand, and the new ones that stand are a beginning of the new list: a packet meets the first
//! old rule that matches it, or the first new one. In the second pass the new rules all stand, and the old ones that stand are a
//! beginning of the old list. So at every moment a packet has its old or its new verdict. A rule whose content changes is another
//! rule: it is added and removed, never edited.

use std::collections::{BTreeMap, HashMap, VecDeque};

use core_model::Hash;

use crate::change::Change;
use crate::snapshot::SeenRow;
use crate::wire::Row;

/// A rule as it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewRule {
    /// Everything but the comment.
    pub(crate) values: Row,
    pub(crate) comment: String,
}

/// One list, as it is and as it should be.
#[derive(Debug)]
pub(crate) struct ListGoal<'a> {
    pub(crate) menu: &'a str,
    /// What the handles of new rows begin with.
    pub(crate) handles: &'a str,
    /// The rows of the list, in their order; only these change.
    pub(crate) old: Vec<&'a SeenRow>,
    pub(crate) new: Vec<NewRule>,
    /// The id or handle of what stands after the list. `None`: nothing does.
    pub(crate) end: Option<String>,
}

/// Where a rule of the new list is before the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    /// It keeps its place: this index of the old list.
    Kept(usize),
    Up(usize),
    Down(usize),
}

/// The changes, in the order in which they are made. `fingerprint` gives what decides whether two rules are the same one.
pub(crate) fn arrange(goal: &ListGoal<'_>, fingerprint: impl Fn(&Row) -> Hash) -> Vec<Change> {
    let old: Vec<Hash> = goal.old.iter().map(|row| fingerprint(&row.values)).collect();
    let new: Vec<Hash> = goal.new.iter().map(|rule| fingerprint(&rule.values)).collect();
    let places = places(&old, &new);
    let mut work = Work { goal, in_place: vec![None; new.len()], changes: Vec::new() };
    for (index, place) in places.iter().enumerate() {
        if let Place::Kept(at) = place {
            work.in_place[index] = Some(goal.old[*at].id.clone());
        }
    }
    for (index, place) in places.iter().enumerate() {
        match place {
            Place::Nowhere => work.add(index),
            Place::Up(at) => work.move_row(index, *at),
            Place::Kept(_) | Place::Down(_) => {}
        }
    }
    let by_old: BTreeMap<usize, (usize, Place)> =
        places.iter().enumerate().filter_map(|(index, place)| Some((place.at()?, (index, *place)))).collect();
    for at in (0..goal.old.len()).rev() {
        match by_old.get(&at) {
            None => work.changes.push(Change::Remove { menu: goal.menu.to_owned(), row: goal.old[at].clone() }),
            Some((index, Place::Down(_))) => work.move_row(*index, at),
            Some(_) => {}
        }
    }
    for (index, place) in places.iter().enumerate() {
        if let Some(at) = place.at() {
            work.tag(index, at);
        }
    }
    work.changes
}

impl Place {
    fn at(self) -> Option<usize> {
        match self {
            Self::Nowhere => None,
            Self::Kept(at) | Self::Up(at) | Self::Down(at) => Some(at),
        }
    }
}

struct Work<'a> {
    goal: &'a ListGoal<'a>,
    /// For each rule of the new list, its id or handle once it stands where it belongs.
    in_place: Vec<Option<String>>,
    changes: Vec<Change>,
}

impl Work<'_> {
    /// What the rule must stand before: the next one of the new list that stands where it belongs.
    fn next(&self, index: usize) -> Option<String> {
        self.in_place[index + 1..].iter().flatten().next().cloned().or_else(|| self.goal.end.clone())
    }

    fn add(&mut self, index: usize) {
        let rule = &self.goal.new[index];
        let handle = format!("{}/{index}", self.goal.handles);
        let mut values = rule.values.clone();
        values.insert("comment".to_owned(), rule.comment.clone());
        self.changes.push(Change::Add { menu: self.goal.menu.to_owned(), handle: handle.clone(), values, before: self.next(index) });
        self.in_place[index] = Some(handle);
    }

    fn move_row(&mut self, index: usize, at: usize) {
        let row = self.goal.old[at];
        self.changes.push(Change::Move { menu: self.goal.menu.to_owned(), row: row.clone(), before: self.next(index) });
        self.in_place[index] = Some(row.id.clone());
    }

    /// A comment decides nothing, so that it can be set at any time.
    fn tag(&mut self, index: usize, at: usize) {
        let (row, comment) = (self.goal.old[at], &self.goal.new[index].comment);
        if row.get("comment") != comment {
            let values = Row::from([("comment".to_owned(), comment.clone())]);
            self.changes.push(Change::Set { menu: self.goal.menu.to_owned(), row: row.clone(), values });
        }
    }
}

/// Where each rule of the new list stands before.
fn places(old: &[Hash], new: &[Hash]) -> Vec<Place> {
    let mut stock: HashMap<&Hash, VecDeque<usize>> = HashMap::new();
    for (at, hash) in old.iter().enumerate() {
        stock.entry(hash).or_default().push_back(at);
    }
    let from: Vec<Option<usize>> = new.iter().map(|hash| stock.get_mut(hash).and_then(VecDeque::pop_front)).collect();
    let kept = longest_increasing(&from);
    let mut places = Vec::with_capacity(new.len());
    let mut last_kept = None;
    for (index, at) in from.iter().enumerate() {
        places.push(match at {
            None => Place::Nowhere,
            Some(at) if kept[index] => {
                last_kept = Some(*at);
                Place::Kept(*at)
            }
            // It goes behind `last_kept`. If it stood before it, it goes down.
            Some(at) if last_kept.is_some_and(|last| *at < last) => Place::Down(*at),
            Some(at) => Place::Up(*at),
        });
    }
    places
}

/// Which elements belong to one longest subsequence that increases; `None`s belong to none. Patience sorting, O(n log n).
fn longest_increasing(from: &[Option<usize>]) -> Vec<bool> {
    // `tails[l]` is the index of the smallest last element of an increasing subsequence of length `l + 1`.
    let mut tails: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = vec![None; from.len()];
    for (index, at) in from.iter().enumerate() {
        let Some(at) = at else { continue };
        let length = tails.partition_point(|tail| from[*tail].is_some_and(|last| last < *at));
        previous[index] = length.checked_sub(1).map(|shorter| tails[shorter]);
        if length == tails.len() { tails.push(index) } else { tails[length] = index }
    }
    let mut kept = vec![false; from.len()];
    let mut next = tails.last().copied();
    while let Some(index) = next {
        kept[index] = true;
        next = previous[index];
    }
    kept
}

#[cfg(test)]
#[path = "order/tests.rs"]
mod tests;
