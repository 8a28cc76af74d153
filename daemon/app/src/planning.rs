//! What would this merge do to this environment? Loads, resolves, observes, seals and plans: the same for the daemon's comment,
//! for a run and for `ipr plan`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use core_config::{Environment, Files, Loaded, Repository, SecretDeclaration};
use core_model::plan::{Pin, Plan, Problem};
use core_model::resource_type::Registry;
use core_model::seal::{SecretSource, seal};
use core_model::state::{AppliedState, DesiredResource, DesiredState, ObservedState, TargetObservation};
use core_model::{Address, Diagnostic, FingerprintKey, Name, Secret, TargetName};
use core_planner::Inputs;
use engine_api::{Engine, EngineError, ErrorKind, ObserveScope, Wanted};
use futures::future::join_all;

use crate::measurements::Measurements;
use crate::project::{Declared, SecretStore, Targets, declared_address};

/// How long one target may take to be observed. Beyond it the target is unknown, and other targets' plans go on.
const OBSERVE_TIMEOUT: Duration = Duration::from_secs(60);
/// A target with no more resources than this beside those of the plan is read whole, so that drift shows at every plan.
const OTHERS_LOOKED_AT_MAX: usize = 32;

/// Everything that planning needs beside the two commits.
#[derive(Clone)]
pub struct Planning {
    /// `acme/infra`, as targets and secrets are allowed by it.
    pub repository: String,
    pub registry: Arc<Registry>,
    pub targets: Arc<dyn Targets>,
    pub secrets: Arc<dyn SecretStore>,
    pub fingerprint_key: FingerprintKey,
    /// Where the numbers of each look are taken down.
    pub measurements: Arc<Measurements>,
}

/// The two commits whose difference is planned. No base is an empty one: a first installation.
#[derive(Clone)]
pub struct Commits {
    pub base: Option<Arc<Loaded>>,
    pub merge: Arc<Loaded>,
    /// The head is a fork's: nothing is resolved that the base does not already use.
    pub from_fork: bool,
}

/// A plan, with what was seen to make it.
pub struct Planned {
    pub plan: Plan,
    /// The addresses that the two commits want differently.
    pub scope: BTreeSet<Address>,
    pub observed: ObservedState,
}

/// Answers that are already known, by address and field path.
pub type KnownPins = BTreeMap<(Address, String), Pin>;

/// For whom targets are reached, and where.
#[derive(Clone, Copy)]
pub struct Reaching<'a> {
    pub environment: &'a Environment,
    pub owner_id: &'a str,
    pub declared: &'a Declared,
}

impl<'a> Reaching<'a> {
    /// The addresses are those of the merge result. A fork's are not believed: whoever answers at an address hears of our
    /// credential, so a fork reaches what the base declares.
    pub(crate) fn of(commits: &'a Commits, environment: &'a Environment) -> Self {
        let repository = &commits.merge.repository;
        let believed = commits.base.as_ref().filter(|_| commits.from_fork).map_or(repository, |base| &base.repository);
        Self { environment, owner_id: &repository.owner_id, declared: &believed.targets }
    }
}

/// Why there is no plan.
#[derive(Debug, Clone)]
pub struct Blocked {
    pub diagnostics: Vec<Diagnostic>,
}

impl Planning {
    /// Reads a commit's files. What is not supported yet counts as an error here.
    pub fn load(&self, files: &Files) -> Loaded {
        let mut loaded = core_config::load(files, &self.registry);
        let not_yet = std::mem::take(&mut loaded.not_yet);
        loaded.diagnostics.extend(not_yet);
        loaded
    }

    /// Plans one environment.
    pub async fn plan(&self, commits: &Commits, environment: &Name, applied: &AppliedState, known: &KnownPins) -> Result<Planned, Blocked> {
        self.plan_looking_at(commits, environment, applied, known, &BTreeSet::new()).await
    }

    /// Plans one environment, and looks at these addresses closely, in scope or not.
    pub(crate) async fn plan_looking_at(
        &self,
        commits: &Commits,
        environment: &Name,
        applied: &AppliedState,
        known: &KnownPins,
        also: &BTreeSet<Address>,
    ) -> Result<Planned, Blocked> {
        let settings = environment_of(&commits.merge, environment)?;
        let nothing = DesiredState::default();
        let sound_base = commits.base.as_ref().filter(|base| !has_errors(base));
        let base = sound_base.and_then(|base| base.repository.environments.get(environment)).map_or(&nothing, |environment| &environment.desired);
        let mut scope = core_planner::scope(base, &settings.desired);
        if sound_base.is_none() {
            // There is no base, or it cannot be read, so nobody knows what it wanted: the plan covers everything.
            scope.extend(applied.resources.keys().cloned());
        }
        if commits.from_fork {
            let diagnostics = crate::fork::reaching(base, &settings.desired, &self.registry);
            if !diagnostics.is_empty() {
                return Err(Blocked { diagnostics });
            }
        }
        let source = self.secret_source(commits, environment);
        let reaching = Reaching::of(commits, settings);
        let pinned = self.pin(&settings.desired, &scope, applied, known, &reaching).await?;
        let sealed_base = self.seal(base.clone(), &source, &scope, applied)?;
        let sealed_merge = self.seal(pinned, &source, &scope, applied)?;
        let retired = retired(&commits.merge.repository);
        let mut closely = core_planner::closely(&scope, &sealed_merge, applied);
        closely.extend(also.iter().cloned());
        let observed = self.observe(&[&sealed_base, &sealed_merge], applied, &closely, &retired, &reaching).await;
        let mut plan = core_planner::plan(&Inputs {
            environment: &settings.id,
            owner_id: &commits.merge.repository.owner_id,
            scope: &scope,
            base: &sealed_base,
            merge: &sealed_merge,
            applied,
            observed: &observed,
            registry: &self.registry,
            retired: &retired,
        });
        let foreseen = self.foresee(&plan, &reaching).await;
        plan.problems.extend(foreseen.problems);
        plan.problems.iter_mut().for_each(|problem| problem.at = line_of(problem, &settings.desired));
        plan.problems.sort();
        plan.notes.extend(foreseen.notes);
        plan.notes.sort();
        Ok(Planned { plan, scope, observed })
    }

    /// The secrets that this environment may use. With a base, only what the base declares: a pull request cannot reach for more.
    pub fn secret_source(&self, commits: &Commits, environment: &Name) -> EnvironmentSecrets {
        let repository = commits.base.as_ref().filter(|base| !has_errors(base)).map_or(&commits.merge.repository, |base| &base.repository);
        EnvironmentSecrets { declared: repository.secrets.clone(), environment: environment.clone(), store: self.secrets.clone() }
    }

    /// Answers every question: from the record, from the reviewed plan, or by asking the engine.
    async fn pin(
        &self,
        desired: &DesiredState,
        scope: &BTreeSet<Address>,
        applied: &AppliedState,
        known: &KnownPins,
        reaching: &Reaching<'_>,
    ) -> Result<DesiredState, Blocked> {
        let mut pinned = desired.clone();
        let mut answers: BTreeMap<Address, BTreeMap<String, Pin>> = BTreeMap::new();
        let mut asked: BTreeMap<core_planner::Asked, Result<String, EngineError>> = BTreeMap::new();
        let mut diagnostics = Vec::new();
        for (address, question, ask) in core_planner::questions(desired, &self.registry) {
            let reviewed =
                known.get(&(address.clone(), question.path.clone())).filter(|pin| pin.question == question.text).map(|pin| pin.answer.clone());
            let known_answer = core_planner::answered(applied, &address, &question.path, &question.text).or(reviewed);
            let answer = match known_answer {
                Some(answer) => answer,
                // What is not in scope is only compared for the pending list; it is looked up when its turn comes.
                None if !scope.contains(&address) => continue,
                None => {
                    if !asked.contains_key(&ask) {
                        let answer = self.ask(&ask, reaching).await;
                        asked.insert(ask.clone(), answer);
                    }
                    match &asked[&ask] {
                        Ok(answer) => answer.clone(),
                        // An unreachable target makes its resources unknown, not the plan impossible.
                        Err(error) if matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Timeout) => continue,
                        Err(error) => {
                            diagnostics.push(unanswered(&desired.resources[&address], &question.path, &question.text, error));
                            continue;
                        }
                    }
                }
            };
            answers.entry(address).or_default().insert(question.path, Pin { question: question.text, answer });
        }
        if !diagnostics.is_empty() {
            return Err(Blocked { diagnostics });
        }
        for (address, pins) in answers {
            if let Some(resource) = pinned.resources.get_mut(&address) {
                core_planner::pin(resource, &self.registry, &pins);
            }
        }
        Ok(pinned)
    }

    async fn ask(&self, ask: &core_planner::Asked, reaching: &Reaching<'_>) -> Result<String, EngineError> {
        let engine = self.engine(&ask.target, reaching)?;
        let attempt = format!("look up `{}`", ask.text);
        within(OBSERVE_TIMEOUT, attempt, engine.resolve(&ask.type_name, &ask.text)).await
    }

    /// Seals every resource. A secret that cannot be had stops the plan only where the resource is in scope.
    fn seal(
        &self,
        mut state: DesiredState,
        source: &EnvironmentSecrets,
        scope: &BTreeSet<Address>,
        applied: &AppliedState,
    ) -> Result<DesiredState, Blocked> {
        let mut diagnostics = Vec::new();
        for resource in state.resources.values_mut() {
            // Secrets are sticky: what was one in the record is not shown, even when it is plain text now.
            if let Some(recorded) = applied.resources.get(&resource.address) {
                resource.sensitive.extend(recorded.sensitive.iter().cloned());
            }
            if resource.sensitive.is_empty() {
                continue;
            }
            match seal(&resource.values, &resource.sensitive, &self.fingerprint_key, source) {
                Ok(values) => resource.values = values,
                Err(why) if scope.contains(&resource.address) => diagnostics.push(secret_missing(resource, &why)),
                Err(_) => {}
            }
        }
        if diagnostics.is_empty() { Ok(state) } else { Err(Blocked { diagnostics }) }
    }

    /// Looks at every target that the states name: at these addresses closely, and at so many others of a target that they do
    /// not make the plan slow. Sensitive values are sealed before anything else sees them.
    pub async fn observe(
        &self,
        states: &[&DesiredState],
        applied: &AppliedState,
        closely: &BTreeSet<Address>,
        retired: &BTreeSet<String>,
        reaching: &Reaching<'_>,
    ) -> ObservedState {
        let wanted = core_planner::wanted(states, applied, retired);
        let mut shallow = core_planner::shallow(&wanted, states, applied, closely);
        shallow.retain(|_, objects| objects.len() > OTHERS_LOOKED_AT_MAX);
        let mut places = core_planner::places(states, applied, &self.registry);
        let looks = wanted
            .into_iter()
            .map(|(target, objects)| (places.remove(&target).unwrap_or_default(), shallow.remove(&target).unwrap_or_default(), target, objects));
        let seen = looks.collect::<Vec<_>>().into_iter().map(|(places, shallow, target, objects)| async {
            let wanted = |(type_name, object)| Wanted { type_name, object };
            let scope = ObserveScope {
                owner_id: reaching.owner_id.to_owned(),
                environment: Some(reaching.environment.id.clone()),
                wanted: objects.into_iter().map(wanted).collect(),
                places: places.into_iter().map(|(object, places)| (wanted(object), places)).collect(),
                shallow: shallow.into_iter().map(wanted).collect(),
            };
            let observation = self.observe_target(&target, &scope, reaching).await.map_err(|error| error.to_string());
            (target, observation)
        });
        let mut observed = ObservedState { targets: join_all(seen).await.into_iter().collect() };
        core_planner::seal_observed(&mut observed, &core_planner::sensitive_objects(states, applied), &self.fingerprint_key);
        observed
    }

    async fn observe_target(&self, target: &TargetName, scope: &ObserveScope, reaching: &Reaching<'_>) -> Result<TargetObservation, EngineError> {
        let engine = self.engine(target, reaching)?;
        let seen = within(OBSERVE_TIMEOUT, format!("observe the target `{target}`"), engine.observe(scope)).await;
        self.measurements.note(&self.repository, target, seen.is_ok().then(|| engine.gauges()));
        seen
    }

    fn engine(&self, target: &TargetName, reaching: &Reaching<'_>) -> Result<Arc<dyn Engine>, EngineError> {
        self.targets.engine(&self.repository, &reaching.environment.name, target, declared_address(reaching.declared, target))
    }

    /// What the targets say of the steps beforehand. A target that cannot say is no reason to hold the plan back, but is named.
    async fn foresee(&self, plan: &Plan, reaching: &Reaching<'_>) -> Foreseen {
        let mut by_target: BTreeMap<&TargetName, Vec<core_model::plan::Step>> = BTreeMap::new();
        for step in plan.steps.iter().filter(|step| step.action.mutates()) {
            by_target.entry(&step.target).or_default().push(step.clone());
        }
        let checks = by_target.into_iter().map(|(target, steps)| async move {
            match self.engine(target, reaching) {
                Ok(engine) => foresee_on(target, &*engine, &steps).await,
                Err(error) => Foreseen { notes: vec![unchecked(target, &error)], ..Foreseen::default() },
            }
        });
        join_all(checks).await.into_iter().fold(Foreseen::default(), |mut all, one| {
            all.problems.extend(one.problems);
            all.notes.extend(one.notes);
            all
        })
    }
}

/// What is known of steps before they are carried out.
#[derive(Default)]
struct Foreseen {
    problems: Vec<Problem>,
    notes: Vec<String>,
}

/// The two are asked apart: what is only worth knowing takes nothing from what is certain.
async fn foresee_on(target: &TargetName, engine: &dyn Engine, steps: &[core_model::plan::Step]) -> Foreseen {
    let checked = within(OBSERVE_TIMEOUT, format!("check the plan on `{target}`"), engine.preflight(steps));
    let cautioned = within(OBSERVE_TIMEOUT, format!("ask `{target}` what is worth knowing"), engine.cautions(steps));
    let (problems, notes) = match tokio::join!(checked, cautioned) {
        (Ok(problems), Ok(cautions)) => (problems, cautions.into_iter().map(|caution| format!("`{target}`: {caution}")).collect()),
        (Ok(problems), Err(error)) => (problems, vec![format!("`{target}`: what else is worth knowing was not told: {error}")]),
        (Err(error), _) => (Vec::new(), vec![unchecked(target, &error)]),
    };
    Foreseen { problems, notes }
}

fn unchecked(target: &TargetName, error: &EngineError) -> String {
    format!("`{target}`: the plan could not be checked: {error}")
}

/// Where the author said what the problem is about: the field that its text begins with, or else the resource.
fn line_of(problem: &Problem, desired: &DesiredState) -> Option<String> {
    let resource = desired.resources.get(&problem.address)?;
    let path = problem.detail.strip_prefix('`').and_then(|rest| rest.split('`').next()).unwrap_or_default();
    let span = resource.origin_of(path).span;
    Some(format!("{}:{}", span.file, span.line))
}

/// Bounds a call to a target in time.
async fn within<T>(limit: Duration, attempt: String, call: impl Future<Output = Result<T, EngineError>>) -> Result<T, EngineError> {
    match tokio::time::timeout(limit, call).await {
        Ok(result) => result,
        Err(_) => Err(EngineError::new(ErrorKind::Timeout, attempt, format!("no answer within {} s", limit.as_secs()))),
    }
}

pub(crate) fn has_errors(loaded: &Loaded) -> bool {
    loaded.diagnostics.iter().any(Diagnostic::is_error)
}

fn environment_of<'a>(loaded: &'a Loaded, environment: &Name) -> Result<&'a Environment, Blocked> {
    if has_errors(loaded) {
        return Err(Blocked { diagnostics: loaded.diagnostics.clone() });
    }
    loaded.repository.environments.get(environment).ok_or_else(|| Blocked {
        diagnostics: vec![Diagnostic::error("Unknown environment", format!("ipr.yaml has no environment `{environment}`."))],
    })
}

/// The targets whose resources are forgotten without a call.
pub fn retired(repository: &Repository) -> BTreeSet<String> {
    repository.targets.values().filter(|target| target.retired).map(|target| target.name.to_string()).collect()
}

/// What a reviewed plan already looked up.
pub fn pins_of(plan: &Plan) -> KnownPins {
    plan.after.iter().flat_map(|after| after.pins.iter().map(|(path, pin)| ((after.address.clone(), path.clone()), pin.clone()))).collect()
}

fn unanswered(resource: &DesiredResource, path: &str, text: &str, error: &EngineError) -> Diagnostic {
    let why = error.to_string();
    let detail = format!("`{path}` of `{}` is `{text}`, and the daemon {}.", resource.address, why.trim_end_matches(['.', '!']));
    let mut diagnostic = Diagnostic::error("Cannot look up", detail).at_origin(&resource.origin_of(path));
    if error.kind == ErrorKind::Unauthorised {
        diagnostic.hint = Some("the line may be right: whoever runs the daemon has to look at its credential".to_owned());
    }
    diagnostic
}

fn secret_missing(resource: &DesiredResource, why: &str) -> Diagnostic {
    let path = resource.sensitive.iter().next().cloned().unwrap_or_default();
    Diagnostic::error("Secret not available", format!("`{}` needs a secret: {why}.", resource.address)).at_origin(&resource.origin_of(&path))
}

/// The secrets of one environment, by the names of ipr.yaml.
pub struct EnvironmentSecrets {
    declared: BTreeMap<String, SecretDeclaration>,
    environment: Name,
    store: Arc<dyn SecretStore>,
}

impl SecretSource for EnvironmentSecrets {
    fn secret(&self, name: &str) -> Result<Secret, String> {
        let declaration =
            self.declared.get(name).ok_or_else(|| format!("the secret `{name}` is not declared in the base; merge its line in ipr.yaml first"))?;
        if !declaration.environments.contains(&self.environment) {
            return Err(format!("the secret `{name}` may not be used in `{}`", self.environment));
        }
        self.store.read(name, &declaration.source)
    }
}
