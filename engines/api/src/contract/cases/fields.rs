//! Can every field of every type be set, changed and unset, and is a change by somebody else seen?

use core_model::record::AppliedResource;
use core_model::schema::{Field, Kind, Unset, field_at};

use crate::contract::bench::Bench;
use crate::contract::sample::Sample;
use crate::contract::steps::{Resolved, Side};
use crate::contract::subject::Subject;

/// Each field takes its new value, and only that field is planned to change.
pub async fn each_field_can_be_updated(subject: &dyn Subject) {
    for sample in subject.samples() {
        for (path, value) in &sample.updates {
            let bench = Bench::fresh(subject).await;
            let record = bench.put(&sample).await;
            let wanted = bench.resolve(&sample, &sample.with(path, value)).await;
            let order = bench.plan(&sample, &wanted, Some(&record)).await;
            let order = order.unwrap_or_else(|| panic!("{}: a new value of `{path}` gives no step", sample.title()));
            let planned: Vec<&str> = order.step.changes.iter().map(|change| change.path.as_str()).collect();
            assert!(planned.iter().all(|planned| covers(path, planned)), "{}: `{path}` was changed, but {planned:?} would be", sample.title());
            bench.must(&sample, &order).await;
            let record = bench.maker.record(&sample, &wanted);
            bench.assert_settled(&sample, &record, &format!("after `{path}` was changed")).await;
        }
    }
}

/// A field that is no longer set is what it would be if nobody had set it, or stays where its table says so.
pub async fn each_field_can_be_unset(subject: &dyn Subject) {
    for sample in subject.samples() {
        for path in &sample.unset {
            let bench = Bench::fresh(subject).await;
            let before = bench.put(&sample).await;
            let wanted = bench.resolve(&sample, &sample.without(path)).await;
            let order = bench.plan(&sample, &wanted, Some(&before)).await;
            if ruling_field(&sample, path).unset == Unset::Keep {
                assert!(order.is_none(), "{}: `{path}` is kept when it is unset, but there is a step", sample.title());
                continue;
            }
            let order = order.unwrap_or_else(|| panic!("{}: unsetting `{path}` gives no step; does the sample set the default?", sample.title()));
            bench.must(&sample, &order).await;
            // Measured against the record from before: the value itself must be gone, not only out of sight.
            assert_unset(&bench, &sample, &wanted, &before, path).await;
            bench.assert_settled(&sample, &bench.maker.record(&sample, &wanted), &format!("after `{path}` was unset")).await;
        }
    }
}

async fn assert_unset(bench: &Bench<'_>, sample: &Sample, wanted: &Resolved, before: &AppliedResource, path: &str) {
    if ruling_field(sample, path).write_only {
        return;
    }
    let object = bench.present(sample).await;
    let left = bench.maker.bring(sample, wanted, Some(before), Side::Present(&object));
    assert!(left.is_none(), "{}: `{path}` was unset, but the target still has a value that is not its default", sample.title());
}

fn ruling_field(sample: &Sample, path: &str) -> &'static Field {
    let (root, rest) = path.split_once('.').unwrap_or((path, ""));
    let fields = if root == "metadata" { sample.facts().metadata } else { sample.facts().specs };
    let segments: Vec<&str> = rest.split('.').collect();
    field_at(fields, &segments).unwrap_or_else(|| panic!("{}: the table knows no `{path}`", sample.title()))
}

/// No field is forgotten: the samples update each one and unset each one that is not required, or say why not.
pub async fn every_field_is_exercised(subject: &dyn Subject) {
    let samples = subject.samples();
    let mut forgotten = Vec::new();
    for kind in subject.types() {
        let facts = kind.facts();
        let of_type: Vec<&Sample> = samples.iter().filter(|sample| sample.facts().name == facts.name).collect();
        let mut paths = Vec::new();
        paths_of(facts.specs, "specs", true, &mut paths);
        paths_of(facts.metadata, "metadata", true, &mut paths);
        for (path, optional) in paths {
            if of_type.iter().any(|sample| sample.left_out.iter().any(|(left_out, _)| covers(left_out, &path))) {
                continue;
            }
            if !of_type.iter().any(|sample| sample.updates.iter().any(|(updated, _)| covers(&path, updated))) {
                forgotten.push(format!("{}: no sample updates `{path}`", facts.name));
            }
            if optional && !of_type.iter().any(|sample| sample.unset.iter().any(|unset| covers(&path, unset))) {
                forgotten.push(format!("{}: no sample unsets `{path}`", facts.name));
            }
        }
    }
    assert!(forgotten.is_empty(), "fields that the samples forget:\n{}", forgotten.join("\n"));
}

/// Whether `path` is `prefix` or lies below it.
fn covers(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn paths_of(fields: &[Field], root: &str, optional: bool, paths: &mut Vec<(String, bool)>) {
    for field in fields {
        let path = format!("{root}.{}", field.name);
        let optional = optional && !field.required;
        match field.kind {
            Kind::Object(inner) => paths_of(inner, &path, optional, paths),
            _ => paths.push((path, optional)),
        }
    }
}

/// A change by somebody else is a difference, and the step that follows from it repairs it.
pub async fn a_change_by_hand_is_seen_and_repaired(subject: &dyn Subject) {
    for sample in subject.samples() {
        for path in &sample.by_hand {
            let bench = Bench::fresh(subject).await;
            let record = bench.put(&sample).await;
            subject.change_by_hand(&sample, path).await;
            let wanted = bench.resolve(&sample, &sample.values).await;
            let order = bench.plan(&sample, &wanted, Some(&record)).await;
            let order = order.unwrap_or_else(|| panic!("{}: `{path}` was changed by hand and nobody saw it", sample.title()));
            let seen: Vec<&str> = order.step.changes.iter().map(|change| change.path.as_str()).collect();
            assert!(seen.iter().any(|seen| covers(path, seen)), "{}: `{path}` was changed by hand, but {seen:?} differ", sample.title());
            bench.must(&sample, &order).await;
            bench.assert_settled(&sample, &record, &format!("after the repair of `{path}`")).await;
        }
    }
}
