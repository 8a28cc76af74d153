//! What does one resource need? Desired, applied and observed state of an address become a step, an aside, or nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use core_model::diff::{self, Sides};
use core_model::plan::{Action, Aside, FieldChange, Inverse, ProblemKind, Risk, Step, Unknown};
use core_model::record::{AppliedResource, Provenance, RECORD_FORMAT};
use core_model::resource_type::{Ownership, ResourceType};
use core_model::schema::{Effect, field_at};
use core_model::state::{DesiredResource, DesiredState, ObservedObject, OnDelete, Sight};
use core_model::{Address, Marker};
use serde_json::{Map, Value};

use crate::abreast::abreast;
use crate::objects::recorded;
use crate::{Draft, Situation, no_digest, retired_free};

/// Evaluates every address of the merge result and of the record.
pub(crate) fn all(situation: &Situation<'_>, merge: &DesiredState) -> Draft {
    let mut draft = Draft::default();
    let (mut moved, mut left) = (HashSet::new(), Vec::new());
    for (_, resource, own) in abreast(&merge.resources, &situation.applied.resources) {
        let Some(resource) = resource else {
            left.extend(own);
            continue;
        };
        let applied = recorded(resource, own, merge, situation.applied);
        moved.extend(applied.map(|known| &known.address).filter(|known| **known != resource.address));
        Evaluation { situation, resource, applied, in_scope: situation.scope.contains(&resource.address) }.run(&mut draft);
    }
    for applied in left.into_iter().filter(|applied| !moved.contains(&applied.address)) {
        gone_from_blueprint(situation, applied, &mut draft);
    }
    draft
}

/// One resource that the merge result wants.
struct Evaluation<'a> {
    situation: &'a Situation<'a>,
    resource: &'a DesiredResource,
    applied: Option<&'a AppliedResource>,
    in_scope: bool,
}

impl Evaluation<'_> {
    fn run(&self, draft: &mut Draft) {
        let Some(kind) = self.situation.registry.get(&self.resource.provider, &self.resource.type_name) else { return };
        if let Some(applied) = self.applied.filter(|applied| self.is_another_object(kind, applied)) {
            return self.exchange(kind, applied, draft);
        }
        if let Some(why) = self.target_changed() {
            if self.in_scope {
                draft.problem(ProblemKind::TargetChanged, &self.resource.address, why, Some("accept the new target in a run of its own".to_owned()));
            }
            return;
        }
        match self.sight() {
            Sight::Unknown(why) => draft.plan.unknown.push(Unknown {
                address: self.resource.address.clone(),
                target: self.resource.target.clone(),
                why: why.to_owned(),
                in_scope: self.in_scope,
            }),
            Sight::Absent => self.absent(kind, draft),
            Sight::Present(object) => self.present(kind, object, draft),
        }
    }

    /// The object under its name; under the one that the record knows, where the type can give it a new one.
    fn sight(&self) -> Sight<'_> {
        let see = |object: &str| self.situation.sights.see(&self.resource.target, &self.resource.type_name, object);
        match (see(&self.resource.object), self.applied) {
            (Sight::Absent, Some(applied)) if applied.object != self.resource.object => see(&applied.object),
            (sight, _) => sight,
        }
    }

    /// Another type or target, or another name where the type cannot rename: the old object goes, a new one comes.
    fn is_another_object(&self, kind: &dyn ResourceType, applied: &AppliedResource) -> bool {
        let renamed = applied.object != self.resource.object;
        applied.type_name != self.resource.type_name || applied.target != self.resource.target || renamed && !kind.facts().renames()
    }

    fn target_changed(&self) -> Option<String> {
        let known = self.situation.applied.targets.get(&self.resource.target)?;
        let seen = &self.situation.observed.targets.get(&self.resource.target)?.as_ref().ok()?.identity;
        (known != seen).then(|| {
            format!("The target `{}` says it is `{seen}`, but the record knows it as `{known}`. Nothing is done on it.", self.resource.target)
        })
    }

    fn exchange(&self, kind: &dyn ResourceType, applied: &AppliedResource, draft: &mut Draft) {
        if !self.in_scope {
            return self.aside(Action::Replace, Vec::new(), draft);
        }
        take_away(self.situation, applied, "its type, target or name changed", draft);
        match self.situation.sights.see(&self.resource.target, &self.resource.type_name, &self.resource.object) {
            Sight::Present(object) => self.not_ours(object, draft),
            Sight::Unknown(why) => draft.plan.unknown.push(Unknown {
                address: self.resource.address.clone(),
                target: self.resource.target.clone(),
                why: why.to_owned(),
                in_scope: true,
            }),
            Sight::Absent => {
                self.step(kind, Action::Create, diff::all_set(kind.facts(), &self.resource.values), "its type, target or name changed", draft)
            }
        }
    }

    fn absent(&self, kind: &dyn ResourceType, draft: &mut Draft) {
        let changes = diff::all_set(kind.facts(), &self.resource.values);
        let reason = if self.applied.is_some() { "it was deleted outside" } else { "new in the blueprint" };
        if self.in_scope {
            return self.step(kind, Action::Create, changes, reason, draft);
        }
        match self.applied {
            Some(_) => draft.plan.drift.push(Aside {
                address: self.resource.address.clone(),
                type_name: self.resource.type_name.clone(),
                action: Action::Delete,
                changes: Vec::new(),
            }),
            None => self.aside(Action::Create, changes, draft),
        }
    }

    fn present(&self, kind: &dyn ResourceType, object: &ObservedObject, draft: &mut Draft) {
        let ours = self.is_ours(object);
        if !ours && !self.resource.lifecycle.adopt {
            if self.in_scope || self.applied.is_some() {
                return self.not_ours(object, draft);
            }
            return self.aside(Action::Create, Vec::new(), draft);
        }
        if object.is_shallow {
            return self.hardly_seen(draft);
        }
        if self.in_scope
            && let Some(path) = diff::untold(kind.facts(), &self.sides(object)).first()
        {
            return self.not_told(path, draft);
        }
        let mut changes = self.compare(kind, object);
        let moved_from = self.applied.map(|applied| &applied.address).filter(|address| **address != self.resource.address);
        let adopted = !ours && self.applied.is_none();
        if adopted {
            // What nobody can read back cannot be known to differ, and is no reason to make anew what is taken over.
            changes.retain(|change| change.effect != Effect::Replace || !is_write_only(kind, &change.path));
            if self.in_scope && kind.facts().data_bearing && action_of(&changes) == Some(Action::Replace) {
                return self.not_adoptable(&changes, draft);
            }
        }
        let action = action_of(&changes);
        if !self.in_scope {
            return self.outside_scope(action, changes, adopted, draft);
        }
        let reason = match (adopted, moved_from) {
            (true, _) => "adopted",
            (_, Some(_)) => "its address changed",
            _ => "the blueprint changed",
        };
        match action {
            Some(action) => self.step(kind, action, changes, reason, draft),
            None if adopted => self.step(kind, Action::Adopt, Vec::new(), reason, draft),
            None if moved_from.is_some() => self.step(kind, Action::Move, Vec::new(), reason, draft),
            None => self.keep(kind, draft),
        }
        if action != Some(Action::Replace) {
            self.tell_what_stays(kind, object, draft);
        }
        if let (Some(step), Some(former)) = (draft.steps.last_mut().filter(|step| step.address == self.resource.address), moved_from) {
            step.moved_from = Some(former.clone());
        }
    }

    /// A person who takes something out, or reverts to before it was there, should know that the target does not follow.
    fn tell_what_stays(&self, kind: &dyn ResourceType, object: &ObservedObject, draft: &mut Draft) {
        let mut kept = diff::kept(kind.facts(), &self.sides(object));
        if self.applied.is_some_and(|applied| applied.object != self.resource.object) {
            kept.remove("name");
        }
        if !kept.is_empty() {
            let paths: Vec<String> = kept.iter().map(|path| format!("`{path}`")).collect();
            draft.plan.notes.push(format!("`{}`: that {} left the blueprint undoes nothing on the target", self.resource.address, paths.join(", ")));
        }
    }

    /// Outside the scope nobody asked how it is; inside it, nothing may be concluded from what was not told.
    fn hardly_seen(&self, draft: &mut Draft) {
        if self.in_scope {
            draft.plan.unknown.push(Unknown {
                address: self.resource.address.clone(),
                target: self.resource.target.clone(),
                why: "only that it exists was seen".to_owned(),
                in_scope: true,
            });
        }
    }

    /// What left the blueprint is given back, and nothing shows whether it is there: the record must not forget it.
    fn not_told(&self, path: &str, draft: &mut Draft) {
        draft.plan.unknown.push(Unknown {
            address: self.resource.address.clone(),
            target: self.resource.target.clone(),
            why: format!(
                "`{path}` is to be given back, and the target does not tell it. Hint: let the target's account see it; or leave what is there \
                 alone with `lifecycle: {{ignore: [{path}]}}`"
            ),
            in_scope: true,
        });
    }

    /// By marker and record together; an object without a marker is ours only if it was recorded as such.
    fn is_ours(&self, object: &ObservedObject) -> bool {
        let recorded = self.applied.is_some_and(|applied| applied.ownership != Ownership::Marked);
        match &object.marker {
            None => recorded || self.applied.is_none() && self.ownership() == Some(Ownership::Singleton),
            Some(marker) => {
                let known_as = |address: &Address| *address == self.resource.address || self.resource.lifecycle.was.contains(address);
                marker.owner_id == self.situation.owner_id
                    && &marker.environment == self.situation.environment
                    && (known_as(&marker.address)
                        || self.is_recorded_under(object) && !is_of_another(self.situation, &self.resource.address, object, marker))
            }
        }
    }

    fn is_recorded_under(&self, object: &ObservedObject) -> bool {
        self.applied.is_some_and(|applied| applied.object == object.name)
    }

    fn ownership(&self) -> Option<Ownership> {
        self.situation.registry.get(&self.resource.provider, &self.resource.type_name).map(|kind| kind.facts().ownership)
    }

    fn not_ours(&self, object: &ObservedObject, draft: &mut Draft) {
        let whose = whose(object);
        let hint = match object.marker {
            None => "to manage it here write `lifecycle: {adopt: true}`; to leave it alone choose another name with `specs.name`",
            Some(_) => "choose another name with `specs.name`, or remove the resource where it is managed now",
        };
        draft.problem(
            ProblemKind::Conflict,
            &self.resource.address,
            format!("`{}` exists on `{}` and {whose}.", self.resource.object, self.resource.target),
            Some(hint.to_owned()),
        );
    }

    /// To take over what holds data is never to destroy it.
    fn not_adoptable(&self, changes: &[FieldChange], draft: &mut Draft) {
        let paths: Vec<String> = changes
            .iter()
            .filter(|change| change.effect == Effect::Replace)
            .map(|change| format!("`{}` is {}", change.path, change.before))
            .collect();
        draft.problem(
            ProblemKind::Conflict,
            &self.resource.address,
            format!("`{}` on `{}` cannot be adopted as it is written: {}.", self.resource.object, self.resource.target, paths.join(", ")),
            Some("write what is there, or leave the field out: what is adopted is not made anew".to_owned()),
        );
    }

    fn compare(&self, kind: &dyn ResourceType, object: &ObservedObject) -> Vec<FieldChange> {
        let sides = self.sides(object);
        let mut changes = diff::compare(kind.facts(), &sides);
        kind.weigh(&mut changes, &sides);
        changes
    }

    fn sides<'s>(&'s self, object: &'s ObservedObject) -> Sides<'s> {
        static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
        Sides {
            desired: &self.resource.values,
            applied: self.applied.map_or(&*NOTHING, |applied| &applied.values),
            live: &object.values,
            defaults: &object.defaults,
            ignore: &self.resource.lifecycle.ignore,
        }
    }

    /// Not in scope: what differs is pending if the record differs from the base, and drift if the target does.
    fn outside_scope(&self, action: Option<Action>, changes: Vec<FieldChange>, adopted: bool, draft: &mut Draft) {
        let Some(applied) = self.applied else {
            let action = action.unwrap_or(if adopted { Action::Adopt } else { Action::Update });
            return self.aside(action, changes, draft);
        };
        let differs = |path: &str| value_at(&applied.values, path) != value_at(&self.resource.values, path);
        let (pending, drift): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| differs(&change.path));
        if let Some(action) = action_of(&pending) {
            self.aside(action, pending, draft);
        }
        if let Some(action) = action_of(&drift) {
            draft.plan.drift.push(Aside {
                address: self.resource.address.clone(),
                type_name: self.resource.type_name.clone(),
                action,
                changes: drift,
            });
        }
    }

    fn aside(&self, action: Action, changes: Vec<FieldChange>, draft: &mut Draft) {
        draft.plan.pending.push(Aside { address: self.resource.address.clone(), type_name: self.resource.type_name.clone(), action, changes });
    }

    /// No step is needed, but the record learns what the blueprint now says about it.
    fn keep(&self, kind: &dyn ResourceType, draft: &mut Draft) {
        draft.plan.after.push(self.applied_after(kind));
    }

    fn step(&self, kind: &dyn ResourceType, action: Action, changes: Vec<FieldChange>, reason: &str, draft: &mut Draft) {
        let values = [Some(&self.resource.values), self.applied.map(|applied| &applied.values)];
        let least = values.into_iter().flatten().map(|values| kind.least_risk(action, values));
        let mut risk = changes.iter().map(|change| change.risk).chain(least).max().unwrap_or(Risk::None);
        if action == Action::Replace && kind.removal_loses_data() {
            risk = Risk::DataLoss;
        }
        draft.plan.after.push(self.applied_after(kind));
        draft.steps.push(Step {
            digest: no_digest(),
            address: self.resource.address.clone(),
            type_name: self.resource.type_name.clone(),
            provider: self.resource.provider.clone(),
            target: self.resource.target.clone(),
            action,
            object: self.resource.object.clone(),
            moved_from: None,
            inverse: inverse(kind, action, &changes),
            changes,
            desired: self.resource.values.clone(),
            pins: self.resource.pins.clone(),
            risk,
            waits_for: self.resource.depends_on.clone(),
            reason: reason.to_owned(),
        });
    }

    fn applied_after(&self, kind: &dyn ResourceType) -> AppliedResource {
        let facts = kind.facts();
        let mut sensitive = self.resource.sensitive.clone();
        sensitive.extend(self.applied.iter().flat_map(|applied| applied.sensitive.iter().cloned()));
        let ownership = match self.applied {
            Some(applied) if !self.is_another_object(kind, applied) => applied.ownership,
            _ if self.resource.lifecycle.adopt && facts.ownership == Ownership::Marked && self.found_without_marker() => Ownership::Recorded,
            _ => facts.ownership,
        };
        AppliedResource {
            format: RECORD_FORMAT,
            address: self.resource.address.clone(),
            type_name: self.resource.type_name.clone(),
            provider: self.resource.provider.clone(),
            target: self.resource.target.clone(),
            target_identity: self
                .situation
                .observed
                .targets
                .get(&self.resource.target)
                .and_then(|seen| seen.as_ref().ok())
                .map_or_else(String::new, |seen| seen.identity.clone()),
            object: self.resource.object.clone(),
            ownership,
            values: self.resource.values.clone(),
            pins: self.resource.pins.clone(),
            depends_on: self.resource.depends_on.clone(),
            protect: self.resource.lifecycle.protect.unwrap_or(facts.data_bearing),
            keep_on_delete: self.resource.lifecycle.on_delete.map_or(facts.data_bearing, |choice| choice == OnDelete::Keep),
            sensitive,
            provenance: Provenance {
                declared_at: format!("{}:{}", self.resource.declared_at.file, self.resource.declared_at.line),
                ..Provenance::default()
            },
            ready: true,
        }
    }

    fn found_without_marker(&self) -> bool {
        match self.situation.sights.see(&self.resource.target, &self.resource.type_name, &self.resource.object) {
            Sight::Present(object) => object.marker.is_none(),
            Sight::Absent | Sight::Unknown(_) => false,
        }
    }
}

/// Whether the target never tells this field back.
fn is_write_only(kind: &dyn ResourceType, path: &str) -> bool {
    let (root, rest) = path.split_once('.').unwrap_or((path, ""));
    let fields = if root == "metadata" { kind.facts().metadata } else { kind.facts().specs };
    field_at(fields, &rest.split('.').collect::<Vec<_>>()).is_some_and(|field| field.write_only)
}

fn action_of(changes: &[FieldChange]) -> Option<Action> {
    changes.iter().map(|change| change.effect).max().map(|effect| match effect {
        Effect::InPlace => Action::Update,
        Effect::Restart => Action::Restart,
        Effect::Replace => Action::Replace,
    })
}

fn inverse(kind: &dyn ResourceType, action: Action, changes: &[FieldChange]) -> Inverse {
    match action {
        Action::Create => Inverse::DeleteWhatWeMade,
        Action::Replace if kind.removal_loses_data() => Inverse::None { why: "its data is gone".to_owned() },
        Action::Update | Action::Restart | Action::Replace => kind.inverse_of(changes),
        Action::Adopt | Action::Move | Action::Release | Action::Delete => Inverse::Exact,
    }
}

/// An address that the record holds and the merge result does not.
fn gone_from_blueprint(situation: &Situation<'_>, applied: &AppliedResource, draft: &mut Draft) {
    if situation.scope.contains(&applied.address) {
        return take_away(situation, applied, "no longer in the blueprint", draft);
    }
    if !retired_free(&applied.target, situation.retired) {
        return take_away(situation, applied, "its target is retired", draft);
    }
    let action = if applied.keep_on_delete { Action::Release } else { Action::Delete };
    draft.plan.pending.push(Aside { address: applied.address.clone(), type_name: applied.type_name.clone(), action, changes: Vec::new() });
}

/// Deletes an object, or lets go of it when it is to be kept, is a singleton, or its target is retired.
fn take_away(situation: &Situation<'_>, applied: &AppliedResource, reason: &str, draft: &mut Draft) {
    let release = |why: &str, draft: &mut Draft| draft.steps.push(taking_step(applied, Action::Release, Risk::None, Inverse::Exact, why));
    if !retired_free(&applied.target, situation.retired) {
        return release("its target is retired", draft);
    }
    if applied.ownership == Ownership::Singleton {
        return release("it always exists", draft);
    }
    if applied.keep_on_delete {
        return release("it holds data and is kept", draft);
    }
    match situation.sights.see(&applied.target, &applied.type_name, &applied.object) {
        Sight::Unknown(why) => {
            draft.plan.unknown.push(Unknown { address: applied.address.clone(), target: applied.target.clone(), why: why.to_owned(), in_scope: true })
        }
        Sight::Absent => release("it is gone already", draft),
        Sight::Present(object) if !is_recorded_one(situation, applied, object) => draft.problem(
            ProblemKind::Conflict,
            &applied.address,
            format!("`{}` on `{}` is to go, but what has this name now {}.", applied.object, applied.target, whose(object)),
            Some(
                "rename it, or give it back its marker; or keep what is there with `lifecycle: {on_delete: keep}` in a pull request before this one"
                    .to_owned(),
            ),
        ),
        Sight::Present(_) => {
            let kind = situation.registry.get(&applied.provider, &applied.type_name);
            let (risk, inverse) = if kind.is_some_and(|kind| kind.removal_loses_data()) {
                (Risk::DataLoss, Inverse::None { why: "its data is gone".to_owned() })
            } else {
                (Risk::Restart, Inverse::Exact)
            };
            let least = kind.map_or(Risk::None, |kind| kind.least_risk(Action::Delete, &applied.values));
            draft.steps.push(taking_step(applied, Action::Delete, risk.max(least), inverse, reason));
        }
    }
}

/// Whether an object is the one that the record speaks of, and not another that has its name by now: restored from a backup,
/// copied by hand, or renamed.
fn is_recorded_one(situation: &Situation<'_>, applied: &AppliedResource, object: &ObservedObject) -> bool {
    match &object.marker {
        None => applied.ownership != Ownership::Marked,
        Some(marker) => {
            let is_ours = marker.owner_id == situation.owner_id && &marker.environment == situation.environment;
            is_ours && !is_of_another(situation, &applied.address, object, marker)
        }
    }
}

/// Whether the marker is that of another resource, which has lost its own object. A marker stays when an address changes, so
/// that an address which is taken again may stand in two markers: then the other one has an object of its own.
fn is_of_another(situation: &Situation<'_>, own: &Address, object: &ObservedObject, marker: &Marker) -> bool {
    let Some(other) = situation.applied.resources.get(&marker.address).filter(|other| other.address != *own) else { return false };
    if other.type_name != object.type_name || other.object == object.name {
        return false;
    }
    let has_its_own = |seen: Sight<'_>| matches!(seen, Sight::Present(seen) if seen.marker.as_ref() == Some(marker));
    !has_its_own(situation.sights.see(&other.target, &other.type_name, &other.object))
}

fn whose(object: &ObservedObject) -> String {
    object.marker.as_ref().map_or_else(|| "is not managed by ipr".to_owned(), |marker| format!("carries the marker `{marker}`"))
}

fn taking_step(applied: &AppliedResource, action: Action, risk: Risk, inverse: Inverse, reason: &str) -> Step {
    Step {
        digest: no_digest(),
        address: applied.address.clone(),
        type_name: applied.type_name.clone(),
        provider: applied.provider.clone(),
        target: applied.target.clone(),
        action,
        object: applied.object.clone(),
        moved_from: None,
        changes: Vec::new(),
        desired: Map::new(),
        pins: std::collections::BTreeMap::new(),
        risk,
        inverse,
        waits_for: std::collections::BTreeSet::new(),
        reason: reason.to_owned(),
    }
}

fn value_at<'a>(values: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    // A key of a free map may itself hold dots: try the whole rest first.
    match values.get(path) {
        Some(value) => Some(value),
        None if rest.is_empty() => None,
        None => value_at(values.get(first)?.as_object()?, rest),
    }
}
