//! Is what was applied still as it was left? A check that goes round: a part of the environment is looked at closely each time, and
//! what differs stands on the environment's issue until it is as it should be. Nothing is put right by itself. A target that says
//! that something changed is looked at before its turn.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use core_config::{Environment, Loaded};
use core_model::plan::{Aside, Unknown};
use core_model::record::AppliedResource;
use core_model::state::{AppliedState, ObservedState, TargetObservation};
use core_model::{Address, Name, TargetName};
use serde::{Deserialize, Serialize};

use crate::decisions::Newest;
use crate::error::FlowError;
use crate::planning::Commits;
use crate::project::Project;

const DRIFT: &str = "drift";
/// So many resources are looked at closely in one check, beside those that are known to differ.
const PART_MAX: usize = 200;
/// More than this is not remembered: who has so much to mend reads it in parts.
const FOUND_MAX: usize = 50;
/// Less than the store takes for one fact.
const FOUND_BYTES_MAX: usize = 48 * 1024;
const NOTES_MAX: usize = 20;
const NOTES_BYTES_MAX: usize = 8 * 1024;

/// How far the check has come, and what it found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Round {
    checked_at_s: i64,
    /// The check goes on behind this address.
    last: Option<Address>,
    pub found: Vec<Aside>,
    /// So many times something came to what was found.
    pub times: u64,
    /// What the targets said of themselves at the last look. Never drift, and no reason to tell anybody anything.
    #[serde(default)]
    pub notes: Vec<String>,
}

impl Round {
    /// The addresses to look at closely: the next ones in order, from the beginning again after the last, and those that differ.
    fn part(&self, applied: &BTreeSet<Address>) -> BTreeSet<Address> {
        let behind = self.last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let next = applied.range((behind, Bound::Unbounded)).chain(applied).take(PART_MAX.min(applied.len()));
        next.chain(self.known(applied)).cloned().collect()
    }

    /// The addresses that are known to differ.
    fn known<'a>(&'a self, applied: &'a BTreeSet<Address>) -> impl Iterator<Item = &'a Address> {
        self.found.iter().map(|aside| &aside.address).filter(|address| applied.contains(*address))
    }

    /// After a look: what differs, and what differed and could not be seen now.
    fn after(&self, drift: &[Aside], unseen: &BTreeSet<Address>) -> Self {
        let still = self.found.iter().filter(|aside| unseen.contains(&aside.address));
        let mut found: Vec<Aside> = drift.iter().chain(still).cloned().collect();
        found.sort_by(|left, right| left.address.cmp(&right.address));
        found.truncate(FOUND_MAX);
        shorten(&mut found);
        let is_new = |aside: &Aside| self.found.iter().all(|known| known.address != aside.address);
        let times = self.times + u64::from(found.iter().any(is_new));
        Self { found, times, ..self.clone() }
    }

    /// The part had its turn.
    fn gone_on(self, applied: &BTreeSet<Address>, now_s: i64) -> Self {
        let behind = self.last.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let last = applied.range((behind, Bound::Unbounded)).chain(applied).take(PART_MAX.min(applied.len())).last().cloned();
        Self { checked_at_s: now_s, last, ..self }
    }
}

/// Takes the values of the longest differences away until all fit: that something differs is told whatever its size.
fn shorten(found: &mut [Aside]) {
    let length = |aside: &Aside| serde_json::to_vec(&aside.changes).map_or(0, |bytes| bytes.len());
    while serde_json::to_vec(&*found).map_or(0, |bytes| bytes.len()) > FOUND_BYTES_MAX {
        let longest = found.iter_mut().filter(|aside| !aside.changes.is_empty()).max_by_key(|aside| length(aside));
        match longest {
            Some(longest) => longest.changes.clear(),
            None => break,
        }
    }
}

/// Why there is a look, and at what.
struct Look {
    applied: AppliedState,
    /// A part of the environment has its turn.
    is_due: bool,
    /// Targets that say that something changed.
    hinted: BTreeSet<TargetName>,
    now_s: i64,
}

impl Look {
    fn closely(&self, round: &Round) -> BTreeSet<Address> {
        let all = self.applied.resources.keys().cloned().collect();
        let is_hinted = |resource: &&AppliedResource| self.hinted.contains(&resource.target);
        let hinted = self.applied.resources.values().filter(is_hinted).map(|resource| resource.address.clone()).collect();
        let mut closely = round.part(&hinted);
        match self.is_due {
            true => closely.extend(round.part(&all)),
            false => closely.extend(round.known(&all).cloned()),
        }
        closely
    }
}

/// What could not be looked at, and what the targets that could be seen say of themselves, as a plan says it.
fn notes(observed: &ObservedState, unknown: &[Unknown]) -> Vec<String> {
    let unseen = unknown.iter().map(|unknown| format!("`{}` could not be looked at: {}", unknown.address, unknown.why));
    let of_target = |(target, seen): (&TargetName, &Result<TargetObservation, String>)| {
        let notes = seen.as_ref().map_or(&[][..], |observation| observation.notes.as_slice());
        notes.iter().map(|note| format!("`{target}`: {note}")).collect::<Vec<_>>()
    };
    let mut length = 0;
    let fits = |note: &String| {
        length += note.len();
        length <= NOTES_BYTES_MAX
    };
    unseen.chain(observed.targets.iter().flat_map(of_target)).take(NOTES_MAX).take_while(fits).collect()
}

impl Project {
    /// Looks for drift where it is time to. A target that does not answer is no reason to hold merges back.
    pub(crate) async fn look_for_drift(&self, environment: &Name, settings: &Environment, newest: &Arc<Loaded>) -> Result<(), FlowError> {
        let key = self.key(settings.id.as_str());
        let Some(interval) = settings.drift.as_ref().and_then(|drift| drift.check) else {
            self.watching.forget(environment);
            return Ok(self.store.facts().forget(DRIFT, &key).await?);
        };
        let Newest::Tip(_, tip) = self.environment_tip(environment).await? else { return Ok(()) };
        if tip.record.is_open() {
            return Ok(());
        }
        let applied = tip.applied();
        self.watch_for(environment, settings, newest, &applied);
        let round = self.round(settings).await?;
        let now_s = self.clock.now().unix_seconds();
        let interval_s = i64::try_from(interval.milliseconds / 1_000).unwrap_or(i64::MAX);
        let is_due = now_s >= round.checked_at_s.saturating_add(interval_s);
        let hinted = self.watching.take_hints(environment);
        if !is_due && hinted.is_empty() {
            return Ok(());
        }
        let after = self.checked(environment, newest, &Look { applied, is_due, hinted, now_s }, &round).await;
        Ok(self.store.facts().remember(DRIFT, &key, &serde_json::to_string(&after)?).await?)
    }

    async fn checked(&self, environment: &Name, newest: &Arc<Loaded>, look: &Look, round: &Round) -> Round {
        let applied = look.applied.resources.keys().cloned().collect();
        let commits = Commits { base: Some(newest.clone()), merge: newest.clone(), from_fork: false };
        let after = match self.planning.plan_looking_at(&commits, environment, &look.applied, &Default::default(), &look.closely(round)).await {
            Ok(planned) => {
                let unseen = planned.plan.unknown.iter().map(|unknown| unknown.address.clone()).collect();
                Round { notes: notes(&planned.observed, &planned.plan.unknown), ..round.after(&planned.plan.drift, &unseen) }
            }
            Err(blocked) => {
                tracing::warn!(environment = %environment, mistakes = blocked.diagnostics.len(), "drift cannot be looked for");
                let checked_at_s = if look.is_due { look.now_s } else { round.checked_at_s };
                let why = blocked.diagnostics.first().map_or("it cannot be planned", |mistake| mistake.summary);
                return Round { checked_at_s, notes: vec![format!("nothing was looked at: {why}")], ..round.clone() };
            }
        };
        if look.is_due { after.gone_on(&applied, look.now_s) } else { after }
    }

    /// What the checks of an environment found so far.
    pub(crate) async fn round(&self, settings: &Environment) -> Result<Round, FlowError> {
        let known = self.store.facts().recall(DRIFT, &self.key(settings.id.as_str())).await?;
        // What another version remembered is found again.
        Ok(known.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use core_model::plan::{Action, FieldChange, Risk};
    use core_model::schema::Effect;

    use super::*;

    fn address(number: usize) -> Address {
        format!("web.r{number:04}").parse().expect("it is written as one")
    }

    fn changed(number: usize) -> Aside {
        Aside { address: address(number), type_name: "thing".to_owned(), action: Action::Update, changes: Vec::new() }
    }

    #[test]
    fn every_resource_is_looked_at_in_its_turn() {
        let applied: BTreeSet<Address> = (0..450).map(address).collect();
        let (mut round, mut seen) = (Round::default(), BTreeSet::new());
        for turn in 1..=3 {
            seen.extend(round.part(&applied));
            round = round.after(&[], &BTreeSet::new()).gone_on(&applied, turn);
        }
        assert_eq!(seen, applied);
        assert_eq!(round.part(&applied).len(), PART_MAX, "it begins again");
        assert!(Round::default().part(&BTreeSet::new()).is_empty());
    }

    #[test]
    fn what_differs_is_looked_at_every_time_until_it_does_not() {
        let applied: BTreeSet<Address> = (0..450).map(address).collect();
        let found = Round::default().after(&[changed(7)], &BTreeSet::new()).gone_on(&applied, 1);
        assert!(found.part(&applied).contains(&address(7)) && found.part(&applied).contains(&address(399)));
        let unseen = found.after(&[], &BTreeSet::from([address(7)]));
        assert_eq!((unseen.found.len(), unseen.times), (1, 1), "what cannot be seen is not as it should be");
        let more = unseen.after(&[changed(7), changed(8)], &BTreeSet::new());
        assert_eq!((more.found.len(), more.times), (2, 2));
        let right = more.after(&[changed(8)], &BTreeSet::new());
        assert_eq!((right.found.len(), right.times), (1, 2), "what was put right is no news");
    }

    #[test]
    fn one_long_difference_hides_no_other() {
        let (before, after) = (serde_json::Value::Null, serde_json::json!("x".repeat(FOUND_BYTES_MAX)));
        let long = FieldChange { path: "specs.text".to_owned(), before, after, effect: Effect::InPlace, risk: Risk::InPlace, unset: false };
        let (big, small) = (Aside { changes: vec![long], ..changed(1) }, changed(2));
        let found = Round::default().after(&[big, small.clone()], &BTreeSet::new()).found;
        assert_eq!(found.iter().map(|aside| aside.address.clone()).collect::<Vec<_>>(), [address(1), address(2)]);
        assert!(found[0].changes.is_empty() && found[1] == small);
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let all: Vec<Aside> = (0..450).map(changed).collect();
        assert_eq!(Round::default().after(&all, &BTreeSet::new()).found.len(), FOUND_MAX);
    }

    #[test]
    fn targets_say_how_they_are_within_bounds() {
        let seen = |notes: usize| {
            let notes = (0..notes).map(|note| format!("`FAN{note}` has failed")).collect();
            Ok(TargetObservation { identity: "it".to_owned(), objects: Vec::new(), gaps: Vec::new(), notes })
        };
        let target = |name: &str| name.parse::<TargetName>().expect("it is written as one");
        let few = BTreeMap::from([(target("rack/n1"), seen(1)), (target("rack/n2"), Err("no answer".to_owned())), (target("rack/n3"), seen(0))]);
        let unknown = Unknown { address: address(2), target: target("rack/n2"), why: "no answer".to_owned(), in_scope: false };
        let said = notes(&ObservedState { targets: few }, &[unknown]);
        assert_eq!(said, ["`web.r0002` could not be looked at: no answer", "`rack/n1`: `FAN0` has failed"]);
        assert_eq!(notes(&ObservedState { targets: BTreeMap::from([(target("rack/n1"), seen(100))]) }, &[]).len(), NOTES_MAX);
    }
}
