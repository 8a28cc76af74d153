//! In which order does a list of rules change, so that no packet meets a state that is neither the old nor the new one?
//!
//! The first rule that matches decides. Rules that are in both lists and keep their order among themselves stay where they are:
//! the longest such subsequence. Proxmox puts a new rule at the top, wherever it is asked to, and has one call to move a rule
//! and one to change it. A rule that is disabled decides nothing. So
//!
//! 1. what is new is put in disabled, and moved to its place;
//! 2. forwards through the new list: what is new is enabled, and what moves up is moved;
//! 3. backwards through the old list: what is no longer wanted is removed, what is to be off is disabled, what moves down is
//!    moved;
//! 4. comments are written.
//!
//! In the second part the old rules all stand, and the new ones that count are a beginning of the new list: a packet meets the
//! first old rule that matches it, or the first new one. In the third part the new rules all stand, and the old ones that count
//! are a beginning of the old list. So at every moment a packet has its old or its new verdict: what allows is there before what
//! forbids, and goes after it. Where one rule alone says something new, it is changed where it stands, at once.

mod places;

use std::collections::BTreeMap;

use self::places::{Place, places};
use super::rule::Rule;

/// One call. Positions are those of the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit {
    /// At the top.
    Insert(Rule),
    /// Before what is at `before` now; behind everything where nothing is.
    Move {
        from: usize,
        before: usize,
    },
    /// The rule becomes this one.
    Change {
        at: usize,
        to: Rule,
    },
    Remove {
        at: usize,
    },
}

impl Edit {
    /// What the call makes of a list.
    pub(crate) fn made_of(&self, list: &[Rule]) -> Vec<Rule> {
        let mut list = list.to_vec();
        match self {
            Self::Insert(rule) => list.insert(0, rule.clone()),
            Self::Move { from, before } => {
                let rule = list.remove(*from);
                let place = if before > from { before - 1 } else { *before };
                list.insert(place.min(list.len()), rule);
            }
            Self::Change { at, to } => list[*at] = to.clone(),
            Self::Remove { at } => {
                list.remove(*at);
            }
        }
        list
    }
}

/// The edits that make the new list of the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) edits: Vec<Edit>,
    /// After so many of them the new rules all count, and the old ones all stand: a packet that matches neither old nor new rules
    /// meets the policy alone. This is the one moment at which the policy may change.
    pub(crate) middle: usize,
}

/// The way from one list to the other, as short as it can be. The policy stays as it is.
pub(crate) fn arrange(old: &[Rule], new: &[Rule]) -> Way {
    match one_change(old, new) {
        Some(edits) => Way { middle: edits.len(), edits },
        None => arrange_around(old, new),
    }
}

/// The same where the policy changes on the way: a rule that is changed where it stands leaves no moment for it.
pub(crate) fn arrange_around(old: &[Rule], new: &[Rule]) -> Way {
    let places = places(old, new);
    let mut work = Work { list: (0..old.len()).map(Id::Old).collect(), rules: BTreeMap::new(), ids: Vec::new(), edits: Vec::new() };
    work.rules.extend(old.iter().enumerate().map(|(at, rule)| (Id::Old(at), rule.clone())));
    work.ids = places.iter().enumerate().map(|(index, place)| place.at().map_or(Id::New(index), Id::Old)).collect();
    let mut stands: Vec<bool> = places.iter().map(|place| matches!(place, Place::Kept(_))).collect();
    work.put_in(new, &places, &mut stands);
    // What counts already goes up forwards and down backwards. What is off comes like something new, and what is to be off goes
    // like something old.
    let goes_forwards = |index: usize| match places[index] {
        Place::Up(at) => new[index].is_enabled() || !old[at].is_enabled(),
        Place::Down(at) => new[index].is_enabled() && !old[at].is_enabled(),
        Place::Kept(_) | Place::Nowhere => false,
    };
    for index in 0..new.len() {
        if goes_forwards(index) {
            stands[index] = true;
            work.shift(index, &stands);
        }
        if new[index].is_enabled() {
            work.turn(index, true);
        }
    }
    let middle = work.edits.len();
    for at in (0..old.len()).rev() {
        match places.iter().position(|place| place.at() == Some(at)) {
            None => work.remove(Id::Old(at)),
            Some(index) => {
                if !new[index].is_enabled() {
                    work.turn(index, false);
                }
                if !stands[index] {
                    stands[index] = true;
                    work.shift(index, &stands);
                }
            }
        }
    }
    for (index, rule) in new.iter().enumerate() {
        work.change(work.ids[index], rule.clone());
    }
    Way { edits: work.edits, middle }
}

/// One call is enough where one rule alone differs.
fn one_change(old: &[Rule], new: &[Rule]) -> Option<Vec<Edit>> {
    let differ: Vec<usize> = old.iter().zip(new).enumerate().filter(|(_, (old, new))| old != new).map(|(at, _)| at).collect();
    match differ.as_slice() {
        [] if old.len() == new.len() => Some(Vec::new()),
        [at] if old.len() == new.len() => Some(vec![Edit::Change { at: *at, to: new[*at].clone() }]),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Id {
    Old(usize),
    New(usize),
}

struct Work {
    /// The list of the moment.
    list: Vec<Id>,
    rules: BTreeMap<Id, Rule>,
    /// Which rule each of the new list is.
    ids: Vec<Id>,
    edits: Vec<Edit>,
}

impl Work {
    fn position(&self, id: Id) -> usize {
        self.list.iter().position(|other| *other == id).unwrap_or(self.list.len())
    }

    /// New rules, disabled: the last first, since each comes to stand at the top; then to their places. Proxmox looks at no
    /// digest there, and a rule that decides nothing does no harm in a list that somebody else has changed.
    fn put_in(&mut self, new: &[Rule], places: &[Place], stands: &mut [bool]) {
        let fresh: Vec<usize> = (0..new.len()).filter(|index| places[*index] == Place::Nowhere).collect();
        for index in fresh.iter().rev() {
            let rule = new[*index].clone().enabled(false);
            self.list.insert(0, Id::New(*index));
            self.rules.insert(Id::New(*index), rule.clone());
            self.edits.push(Edit::Insert(rule));
        }
        // The last first again: each stands before one that stands already.
        for index in fresh.into_iter().rev() {
            self.shift(index, stands);
            stands[index] = true;
        }
    }

    /// Moves a rule before the next one of the new list that stands where it belongs, unless it is between its neighbours.
    fn shift(&mut self, index: usize, stands: &[bool]) {
        let next = (index + 1..self.ids.len()).find(|next| stands[*next]);
        let last = (0..index).rev().find(|last| stands[*last]);
        let from = self.position(self.ids[index]);
        let before = next.map_or(self.list.len(), |next| self.position(self.ids[next]));
        if from < before && last.is_none_or(|last| self.position(self.ids[last]) < from) {
            return;
        }
        self.edits.push(Edit::Move { from, before });
        let id = self.list.remove(from);
        self.list.insert(if before > from { before - 1 } else { before }, id);
    }

    fn turn(&mut self, index: usize, enabled: bool) {
        let id = self.ids[index];
        let Some(rule) = self.rules.get(&id).cloned() else { return };
        self.change(id, rule.enabled(enabled));
    }

    fn change(&mut self, id: Id, to: Rule) {
        if self.rules.get(&id) != Some(&to) {
            self.edits.push(Edit::Change { at: self.position(id), to: to.clone() });
            self.rules.insert(id, to);
        }
    }

    fn remove(&mut self, id: Id) {
        let at = self.position(id);
        self.edits.push(Edit::Remove { at });
        self.list.remove(at);
    }
}

#[cfg(test)]
mod tests;
