//! How is an environment made like another? Its blueprints are added to it, with an overlay for what is different.

use std::collections::BTreeSet;

use core_model::{Address, Name};
use serde_json::Value;

use crate::command::CloneEnvironment;
use crate::complete::canonical;
use crate::outcome::RefusalReason;
use crate::view::value_at;

use super::document::{EditError, File, Written, scalar};
use super::{Done, Editor, is_overlay, overlay_of};

/// Processors and memory are what a smaller copy has less of; disks hold data and are left alone.
const SCALED: [&str; 2] = ["specs.cpu", "specs.memory"];
/// The least that is left: a tenth of a processor, 128 MiB.
const LEAST: [u64; 2] = [100, 128 << 20];

impl Editor<'_, '_> {
    pub(crate) fn clone_environment(&mut self, clone: &CloneEnvironment) -> Done {
        let from = &clone.from.value;
        let Some(source) = self.view.environment(from).cloned() else { return Ok(()) };
        let mut files: BTreeSet<String> = BTreeSet::new();
        for resource in source.desired.resources.values() {
            let path = resource.declared_at.file.to_string();
            files.insert(if is_overlay(&path) { base_of(&path, from) } else { path });
        }
        let mut any = false;
        for base in files {
            any |= self.clone_blueprint(&base, clone, &source.desired.resources)?;
        }
        if any {
            Ok(())
        } else {
            Err(self.say(RefusalReason::NotPossible, "It has all of these blueprints already.", "Ha già tutti questi blueprint."))
        }
    }

    fn clone_blueprint(
        &mut self,
        base: &str,
        clone: &CloneEnvironment,
        resources: &std::collections::BTreeMap<Address, core_model::state::DesiredResource>,
    ) -> Result<bool, super::Failure> {
        let (from, to) = (&clone.from.value, &clone.to.value);
        let own: Vec<_> = resources
            .values()
            .filter(|resource| *resource.declared_at.file == *base || *resource.declared_at.file == *overlay_of(base, from))
            .cloned()
            .collect();
        let is_there = self
            .view
            .environment(to)
            .is_some_and(|environment| own.iter().any(|resource| environment.desired.resources.contains_key(&resource.address)));
        if is_there {
            return Ok(false);
        }
        let was_listed = self.in_file(base, |file| file.add_environment(to.as_str()))?;
        if !was_listed {
            return Ok(false);
        }
        let overlay = overlay_of(base, to);
        let below = self.text(&overlay_of(base, from)).unwrap_or_else(|| "resources:\n".to_owned());
        self.put(&overlay, Some(below))?;
        let mut edited: Vec<String> = Vec::new();
        for resource in &own {
            let name = self.written_name(base, resource);
            let changes = self.scaled(resource, clone);
            let address = resource.address.clone();
            let mut values: Vec<(String, Value)> = Vec::new();
            for (path, text, value) in &changes {
                values.push((path.clone(), value.clone()));
                if edited.contains(&format!("{name} {path}")) {
                    continue;
                }
                edited.push(format!("{name} {path}"));
                self.in_file(&overlay, |file| set_in_overlay(file, &name, path, text))?;
            }
            self.expected.created.insert((to.clone(), address), values);
        }
        let is_empty = self.text(&overlay).is_some_and(|text| text == "resources:\n");
        if is_empty {
            self.forget(&overlay);
        }
        Ok(true)
    }

    fn written_name(&self, base: &str, resource: &core_model::state::DesiredResource) -> String {
        let path = resource.declared_at.file.to_string();
        let text = self
            .view
            .files
            .get(if is_overlay(&path) { path.as_str() } else { base })
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or_default();
        let name = File::parse(text).ok().and_then(|file| file.name_of(file.item_at(&resource.declared_at).ok()?));
        name.unwrap_or_else(|| resource.address.resource.as_str().to_owned())
    }

    /// The fields that a copy of another size has: path, text and canonical value.
    fn scaled(&self, resource: &core_model::state::DesiredResource, clone: &CloneEnvironment) -> Vec<(String, String, Value)> {
        let share = clone.share.value;
        let Some(facts) = self.view.facts(resource).filter(|_| share.times != share.per) else { return Vec::new() };
        let mut changes = Vec::new();
        for (path, least) in SCALED.iter().zip(LEAST) {
            let Some(now) = value_at(resource, path).and_then(Value::as_u64) else { continue };
            let scaled = now.saturating_mul(u64::from(share.times)) / u64::from(share.per.max(1));
            let scaled = if *path == "specs.memory" { scaled >> 20 << 20 } else { scaled };
            let value = Value::from(scaled.max(least.min(now)));
            let Some(text) = crate::complete::written(facts, path, &value) else { continue };
            if canonical(facts, path, &text).ok().as_ref() == Some(&value) {
                changes.push(((*path).to_owned(), text, value));
            }
        }
        changes
    }
}

fn set_in_overlay(file: &mut File, name: &str, path: &str, text: &str) -> Result<(), EditError> {
    if file.item_named(name).is_none() {
        file.append(&format!("name: {}", scalar(name)))?;
    }
    let item = file.item_named(name).ok_or(EditError::NoEntry)?;
    file.set(item, path, &Written::Text(text.to_owned()))
}

fn base_of(overlay: &str, environment: &Name) -> String {
    let suffix = format!(".{}.yaml", environment.as_str());
    overlay.strip_suffix(&suffix).map_or_else(|| overlay.to_owned(), |base| format!("{base}.yaml"))
}
