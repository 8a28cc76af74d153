//! In which order can the steps be carried out? Dependencies first for what comes, dependants first for what goes, a claim is
//! released before it is taken, deletes last.

use std::collections::{BTreeMap, BTreeSet};

use core_model::plan::{Action, ProblemKind, Step};
use core_model::resource_type::Claim;
use core_model::state::DesiredState;
use core_model::{Address, TargetName};

use crate::claims::claims_of;
use crate::{Draft, Situation, takes_away};

/// Puts the steps in order and completes what each waits for.
pub(crate) fn arrange(situation: &Situation<'_>, merge: &DesiredState, draft: &mut Draft) -> Vec<Step> {
    let mut steps = std::mem::take(&mut draft.steps);
    steps.sort_by(|left, right| (takes_away(left), &left.address).cmp(&(takes_away(right), &right.address)));
    let mut edges = Edges::new(steps.len());
    let hard = dependency_edges(situation, &steps, &mut edges);
    claim_edges(situation, merge, &steps, &mut edges);
    for (step, waits) in steps.iter_mut().zip(&edges.waits) {
        let own = step.address.clone();
        let addresses: BTreeSet<Address> = waits.iter().map(|index| hard[*index].clone()).filter(|address| *address != own).collect();
        step.waits_for.extend(addresses);
    }
    match edges.sorted() {
        Ok(order) => {
            let mut slots: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
            order.into_iter().filter_map(|index| slots[index].take()).collect()
        }
        Err(stuck) => {
            let address = steps[stuck].address.clone();
            draft.problem(
                ProblemKind::ClaimTaken,
                &address,
                format!("`{address}` can only take what it wants after another step gave it up, and that step waits for this one."),
                Some("exchange them in two pull requests".to_owned()),
            );
            steps
        }
    }
}

/// `waits[i]` holds the steps that must be done before step `i`.
struct Edges {
    waits: Vec<BTreeSet<usize>>,
}

impl Edges {
    fn new(count: usize) -> Self {
        Self { waits: vec![BTreeSet::new(); count] }
    }

    fn add(&mut self, step: usize, waits_for: usize) {
        if step != waits_for {
            self.waits[step].insert(waits_for);
        }
    }

    /// Kahn's algorithm; among the steps that could go next the first in the list goes, so that the order is stable.
    fn sorted(&self) -> Result<Vec<usize>, usize> {
        let mut left: Vec<usize> = self.waits.iter().map(BTreeSet::len).collect();
        let mut followers: Vec<Vec<usize>> = vec![Vec::new(); left.len()];
        for (step, waits) in self.waits.iter().enumerate() {
            for before in waits {
                followers[*before].push(step);
            }
        }
        let mut ready: BTreeSet<usize> = left.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
        let mut order = Vec::with_capacity(left.len());
        while let Some(next) = ready.pop_first() {
            order.push(next);
            for follower in &followers[next] {
                left[*follower] -= 1;
                if left[*follower] == 0 {
                    ready.insert(*follower);
                }
            }
        }
        if order.len() == left.len() { Ok(order) } else { Err(left.iter().position(|count| *count > 0).unwrap_or(0)) }
    }
}

/// Edges from dependencies. Returns the address of each step.
fn dependency_edges(situation: &Situation<'_>, steps: &[Step], edges: &mut Edges) -> Vec<Address> {
    let mut coming: BTreeMap<&Address, usize> = BTreeMap::new();
    let mut going: BTreeMap<&Address, usize> = BTreeMap::new();
    for (index, step) in steps.iter().enumerate() {
        if takes_away(step) {
            going.insert(&step.address, index)
        } else {
            coming.insert(&step.address, index)
        };
    }
    let dependants = if going.is_empty() { BTreeMap::new() } else { recorded_dependants(situation) };
    for (index, step) in steps.iter().enumerate() {
        if takes_away(step) {
            // Whatever depended on it according to the record goes, or changes, first.
            for dependant in dependants.get(&step.address).into_iter().flatten() {
                for before in [going.get(dependant), coming.get(dependant)].into_iter().flatten() {
                    edges.add(index, *before);
                }
            }
        } else {
            for before in step.waits_for.iter().filter_map(|address| coming.get(address)) {
                edges.add(index, *before);
            }
            // Deleted here and created anew: the old one gives up its name first if both are on one target.
            if let Some(old) = going.get(&step.address).filter(|old| steps[**old].target == step.target) {
                // Under another name both can be there at once, and must be while a dependant goes from one to the other.
                let goes_over = |dependant: &&Address| coming.get(*dependant).is_some_and(|place| steps[*place].waits_for.contains(&step.address));
                let is_between = steps[*old].object != step.object && dependants.get(&step.address).is_some_and(|all| all.iter().any(goes_over));
                if !is_between {
                    edges.add(index, *old);
                }
            }
        }
    }
    steps.iter().map(|step| step.address.clone()).collect()
}

/// Who depended on each address, according to the record.
fn recorded_dependants<'a>(situation: &Situation<'a>) -> BTreeMap<&'a Address, Vec<&'a Address>> {
    let mut dependants: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
    for applied in situation.applied.resources.values() {
        for dependency in &applied.depends_on {
            dependants.entry(dependency).or_default().push(&applied.address);
        }
    }
    dependants
}

fn claim_edges(situation: &Situation<'_>, merge: &DesiredState, steps: &[Step], edges: &mut Edges) {
    let mut released: BTreeMap<(&TargetName, Claim), usize> = BTreeMap::new();
    let mut taken: Vec<((&TargetName, Claim), usize)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let former = step.moved_from.as_ref().unwrap_or(&step.address);
        let had: BTreeSet<Claim> = situation
            .applied
            .resources
            .get(former)
            .filter(|applied| applied.target == step.target && applied.object == step.object)
            .map_or_else(BTreeSet::new, |applied| claims_of(situation, &applied.provider, &applied.type_name, &applied.values).into_iter().collect());
        let wants: BTreeSet<Claim> = match merge.resources.get(&step.address) {
            Some(resource) if !takes_away(step) => {
                claims_of(situation, &resource.provider, &resource.type_name, &resource.values).into_iter().collect()
            }
            _ => BTreeSet::new(),
        };
        if step.action != Action::Release {
            for claim in had.difference(&wants) {
                released.insert((&step.target, claim.clone()), index);
            }
        }
        for claim in wants.difference(&had) {
            taken.push(((&step.target, claim.clone()), index));
        }
    }
    for (claim, index) in taken {
        if let Some(before) = released.get(&claim) {
            edges.add(index, *before);
        }
    }
}
