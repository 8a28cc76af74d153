//! Which targets say by themselves that something changed? Where an environment looks for drift, its targets are watched, and what
//! they say brings the next look forward. It is a hint and never the truth: what changed is found by looking.

mod lookout;
mod pace;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use core_config::{Environment, Loaded};
use core_model::state::AppliedState;
use core_model::{Name, TargetName};
use engine_api::{ObserveScope, Wanted};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::jobs::JobKind;
use crate::planning::retired;
use crate::project::{Project, declared_address};
use lookout::{Hears, Lookout};
use pace::Pace;

/// So many targets of a repository are watched. The others wait for their turn.
const WATCHES_MAX: usize = 256;

/// What is watched for a repository, and what was heard. It is in memory alone: what is lost with it the next check finds.
#[derive(Default)]
pub struct Watching {
    watches: watch::Sender<Watches>,
    heard: Mutex<BTreeMap<Name, Heard>>,
}

type Watches = BTreeMap<(Name, TargetName), Arc<Watch>>;

/// Where a target is, and what is looked at there.
#[derive(Debug, PartialEq)]
struct Watch {
    declared: Option<String>,
    scope: ObserveScope,
}

/// What the targets of an environment said.
#[derive(Default)]
struct Heard {
    pace: Pace,
    hinted: BTreeSet<TargetName>,
}

impl Watching {
    /// From now on these targets are watched for an environment, and no others. A watch that stays as it is goes on.
    fn keep(&self, environment: &Name, targets: BTreeMap<TargetName, Watch>) {
        self.watches.send_if_modified(|watches| {
            let mut after: Watches =
                watches.iter().filter(|((name, _), _)| name != environment).map(|(key, watch)| (key.clone(), watch.clone())).collect();
            let room = WATCHES_MAX.saturating_sub(after.len());
            after.extend(targets.into_iter().take(room).map(|(target, watch)| ((environment.clone(), target), Arc::new(watch))));
            let is_other = after != *watches;
            if is_other {
                *watches = after;
            }
            is_other
        });
    }

    /// Nothing is watched for this environment any more.
    pub(crate) fn forget(&self, environment: &Name) {
        self.keep(environment, BTreeMap::new());
        self.heard().remove(environment);
    }

    /// The targets that gave a hint since the last look.
    pub(crate) fn take_hints(&self, environment: &Name) -> BTreeSet<TargetName> {
        self.heard().get_mut(environment).map(|heard| std::mem::take(&mut heard.hinted)).unwrap_or_default()
    }

    fn hint(&self, environment: &Name, target: &TargetName) {
        self.heard().entry(environment.clone()).or_default().hinted.insert(target.clone());
    }

    fn next_look(&self, environment: &Name, now: Instant) -> Instant {
        self.heard().entry(environment.clone()).or_default().pace.next_look(now)
    }

    fn heard(&self) -> MutexGuard<'_, BTreeMap<Name, Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Project {
    /// Watches what an environment has on its targets.
    pub(crate) fn watch_for(&self, environment: &Name, settings: &Environment, newest: &Loaded, applied: &AppliedState) {
        let mut places = core_planner::places(&[], applied, &self.planning.registry);
        let watch = |(target, objects): (TargetName, BTreeSet<(String, String)>)| {
            let wanted = |(type_name, object)| Wanted { type_name, object };
            let scope = ObserveScope {
                owner_id: newest.repository.owner_id.clone(),
                environment: Some(settings.id.clone()),
                wanted: objects.into_iter().map(wanted).collect(),
                places: places.remove(&target).unwrap_or_default().into_iter().map(|(object, places)| (wanted(object), places)).collect(),
                shallow: BTreeSet::new(),
            };
            let declared = declared_address(&newest.repository.targets, &target).map(str::to_owned);
            (target, Watch { declared, scope })
        };
        let targets = core_planner::wanted(&[], applied, &retired(&newest.repository)).into_iter().map(watch).collect();
        self.watching.keep(environment, targets);
    }

    /// Watches all that is to be watched, until the daemon stops.
    pub(crate) async fn watch_targets(self: Arc<Self>) {
        let mut wanted = self.watching.watches.subscribe();
        let mut running: BTreeMap<(Name, TargetName), (Arc<Watch>, AbortHandle)> = BTreeMap::new();
        let mut lookouts = JoinSet::new();
        loop {
            let watches = wanted.borrow_and_update().clone();
            running.retain(|key, (watch, lookout)| {
                let goes_on = watches.get(key) == Some(watch);
                if !goes_on {
                    lookout.abort();
                }
                goes_on
            });
            for (key, watch) in watches {
                running.entry(key).or_insert_with_key(|(environment, target)| {
                    let post = Post { project: self.clone(), environment: environment.clone(), target: target.clone(), watch: watch.clone() };
                    (watch, lookouts.spawn(Lookout::new(post).keep()))
                });
            }
            tokio::select! {
                changed = wanted.changed() => if changed.is_err() { return },
                Some(ended) = lookouts.join_next() => {
                    if let Err(error) = ended && error.is_panic() {
                        tracing::error!(%error, "the watch over a target panicked; this is a bug in the daemon");
                    }
                }
                () = self.stopping.cancelled() => return,
            }
        }
    }
}

/// The watch over one target for one environment.
struct Post {
    project: Arc<Project>,
    environment: Name,
    target: TargetName,
    watch: Arc<Watch>,
}

impl Hears for Post {
    async fn wait(&self) -> Result<(), engine_api::EngineError> {
        let planning = &self.project.planning;
        let engine = planning.targets.engine(&planning.repository, &self.environment, &self.target, self.watch.declared.as_deref())?;
        engine.watch(&self.watch.scope).await
    }

    fn next_look(&self, now: Instant) -> Instant {
        self.project.watching.next_look(&self.environment, now)
    }

    /// The look is made in the environment's lane: never while a run of ours is under way.
    async fn hint(&self) {
        tracing::info!(environment = %self.environment, target = %self.target, "the target says that something changed");
        self.project.watching.hint(&self.environment, &self.target);
        if let Err(error) = self.project.enqueue(JobKind::Merges { environment: self.environment.clone() }).await {
            tracing::error!(%error, "a look for drift could not be put into the queue");
        }
    }

    fn failed(&self, error: &engine_api::EngineError) {
        tracing::info!(environment = %self.environment, target = %self.target, %error, "the target is not watched now, and the next check finds what changes");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn target(text: &str) -> TargetName {
        text.parse().unwrap()
    }

    fn watches(targets: impl IntoIterator<Item = String>, owner_id: &str) -> BTreeMap<TargetName, Watch> {
        let watch = || Watch { declared: None, scope: ObserveScope { owner_id: owner_id.to_owned(), ..ObserveScope::default() } };
        targets.into_iter().map(|name| (target(&name), watch())).collect()
    }

    #[test]
    fn watches_are_told_anew_only_where_they_differ() {
        let watching = Watching::default();
        let mut told = watching.watches.subscribe();
        watching.keep(&name("prod"), watches(["edge".to_owned()], "a"));
        assert!(told.has_changed().unwrap());
        told.mark_unchanged();
        watching.keep(&name("prod"), watches(["edge".to_owned()], "a"));
        watching.forget(&name("lab"));
        assert!(!told.has_changed().unwrap(), "it is what it was");
        watching.keep(&name("prod"), watches(["edge".to_owned()], "b"));
        watching.keep(&name("lab"), watches(["edge".to_owned()], "b"));
        assert_eq!(told.borrow_and_update().len(), 2);
        watching.forget(&name("prod"));
        assert!(told.borrow().keys().all(|(environment, _)| *environment == name("lab")));
    }

    #[test]
    fn watches_have_an_end() {
        let watching = Watching::default();
        watching.keep(&name("prod"), watches((0..200).map(|number| format!("a{number}")), "a"));
        watching.keep(&name("lab"), watches((0..200).map(|number| format!("b{number}")), "a"));
        assert_eq!(watching.watches.borrow().len(), WATCHES_MAX);
    }

    #[test]
    fn a_hint_leads_to_one_look() {
        let watching = Watching::default();
        watching.hint(&name("prod"), &target("edge"));
        watching.hint(&name("prod"), &target("edge"));
        assert_eq!(watching.take_hints(&name("lab")), BTreeSet::new());
        assert_eq!(watching.take_hints(&name("prod")), BTreeSet::from([target("edge")]));
        assert_eq!(watching.take_hints(&name("prod")), BTreeSet::new());
    }
}
