//! Which rules of two lists are the same, and which of them keep their places?

use crate::firewall::rule::Rule;

/// Where a rule of the new list is before the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Nowhere,
    /// It keeps its place: this index of the old list.
    Kept(usize),
    Up(usize),
    Down(usize),
}

impl Place {
    pub(super) fn at(self) -> Option<usize> {
        match self {
            Self::Nowhere => None,
            Self::Kept(at) | Self::Up(at) | Self::Down(at) => Some(at),
        }
    }
}

/// Where each rule of the new list stands before.
pub(super) fn places(old: &[Rule], new: &[Rule]) -> Vec<Place> {
    let kept = common(old, new);
    let mut free: Vec<bool> = (0..old.len()).map(|at| !kept.contains(&Some(at))).collect();
    let mut places = Vec::with_capacity(new.len());
    let mut last_kept = None;
    for (index, rule) in new.iter().enumerate() {
        if let Some(at) = kept[index] {
            last_kept = Some(at);
            places.push(Place::Kept(at));
            continue;
        }
        let found = (0..old.len()).find(|at| free[*at] && old[*at].is_same_as(rule));
        places.push(match found {
            None => Place::Nowhere,
            // It goes behind `last_kept`. If it stood before it, it goes down.
            Some(at) if last_kept.is_some_and(|last| at < last) => Place::Down(at),
            Some(at) => Place::Up(at),
        });
        if let Some(at) = found {
            free[at] = false;
        }
    }
    places
}

/// For each rule of the new list its index in the old one, where both belong to one longest common subsequence.
fn common(old: &[Rule], new: &[Rule]) -> Vec<Option<usize>> {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for at in (0..old.len()).rev() {
        for index in (0..new.len()).rev() {
            lengths[at * width + index] = if old[at].is_same_as(&new[index]) {
                lengths[(at + 1) * width + index + 1] + 1
            } else {
                lengths[(at + 1) * width + index].max(lengths[at * width + index + 1])
            };
        }
    }
    let mut kept = vec![None; new.len()];
    let (mut at, mut index) = (0, 0);
    while at < old.len() && index < new.len() {
        if old[at].is_same_as(&new[index]) {
            kept[index] = Some(at);
            (at, index) = (at + 1, index + 1);
        } else if lengths[(at + 1) * width + index] >= lengths[at * width + index + 1] {
            at += 1;
        } else {
            index += 1;
        }
    }
    kept
}
