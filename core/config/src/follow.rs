//! What follows for a resource from those that it links to? The type says it, once every resource was decoded on its own.

use std::cell::Cell;
use std::sync::Arc;

use core_model::Diagnostic;
use core_model::following::{Followed, Following};
use core_model::resource_type::{Finding, ResourceType};
use core_model::state::DesiredResource;
use serde_json::{Map, Value};

use crate::index::Index;
use crate::report::Report;
use crate::resource::{Decoded, nearest_origin};

/// Fills in what follows from links, and lets each type check its own resources. One whose links lead to mistakes is not judged:
/// what it lacks may be what would have followed.
pub(crate) fn follow(decoded: &mut [Decoded], index: &Index, report: &mut Report) {
    let following: Vec<Option<Following>> = decoded.iter().map(|resource| following(resource, decoded, index)).collect();
    for (decoded, following) in decoded.iter_mut().zip(following) {
        let Some(((kind, resource), following)) = decoded.kind.zip(decoded.resource.as_mut()).zip(following) else { continue };
        following.values.into_iter().for_each(|value| take(resource, value));
        let found = following.findings.into_iter().chain(kind.validate(resource));
        report.extend(found.map(|finding| diagnostic(resource, finding)).collect());
    }
}

/// What its type makes of the resource's links; `None` for one with mistakes, and for one that links to such.
fn following(decoded: &Decoded, all: &[Decoded], index: &Index) -> Option<Following> {
    let (kind, resource) = decoded.sound()?;
    let is_whole = Cell::new(true);
    let linked = |text: &str| {
        let place = index.find(&resource.address.blueprint, text).ok();
        let linked = place.and_then(|place| all.get(place)).and_then(Decoded::sound).map(|(_, linked)| linked);
        is_whole.set(is_whole.get() && linked.is_some());
        linked
    };
    let following = kind.follow(resource, &linked);
    is_whole.get().then_some(following)
}

impl Decoded {
    /// The resource and its type, if its table accepted all values.
    fn sound(&self) -> Option<(&'static dyn ResourceType, &DesiredResource)> {
        self.kind.zip(self.resource.as_ref()).filter(|_| self.is_accepted)
    }
}

/// What the author wrote stays: a type that says otherwise has a finding for it.
fn take(resource: &mut DesiredResource, followed: Followed) {
    let Followed { path, value, link } = followed;
    let mut keys: Vec<&str> = path.split('.').collect();
    let Some(last) = keys.pop() else { return };
    let map = keys.into_iter().try_fold(&mut resource.values, |map, key| map.entry(key).or_insert_with(|| Value::Object(Map::new())).as_object_mut());
    if let Some(map) = map.filter(|map| !map.contains_key(last)) {
        map.insert(last.to_owned(), value);
        let origin = resource.origin_of(&link);
        Arc::make_mut(&mut resource.origins).push((path, origin));
    }
}

fn diagnostic(resource: &DesiredResource, finding: Finding) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(finding.summary, finding.detail).at_origin(&nearest_origin(resource, &finding.path));
    diagnostic.hint = finding.hint;
    diagnostic
}
