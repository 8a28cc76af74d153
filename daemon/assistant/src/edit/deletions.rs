//! How is a resource taken out, everywhere or in one environment?

use core_model::Address;

use crate::command::{Delete, Scope};

use super::document::{EditError, File, scalar};
use super::{Done, Editor, Failure, is_overlay, overlay_of};

impl Editor<'_, '_> {
    pub(crate) fn delete(&mut self, delete: &Delete) -> Done {
        for meant in &delete.resources {
            self.delete_one(&meant.value, &delete.environment.value)?;
        }
        Ok(())
    }

    fn delete_one(&mut self, address: &Address, scope: &Scope) -> Done {
        let environments = self.environments(scope, address);
        for environment in &environments {
            self.expected.deleted.insert((environment.clone(), address.clone()));
        }
        let Some(resource) = self.view.in_scope(Some(scope), address).cloned() else { return Ok(()) };
        let base = resource.declared_at.file.to_string();
        let failed = |error| Failure::File(base.clone(), error);
        let original = self.view.files.get(&base).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
        let file = File::parse(original).map_err(failed)?;
        let item = file.item_at(&resource.declared_at).map_err(failed)?;
        let name = file.name_of(item).unwrap_or_default();
        let key = file
            .each(item)
            .and_then(|each| each.into_iter().map(|(key, _)| key).find(|key| name.replace("${each.key}", key) == address.resource.as_str()));
        let everywhere = self.view.environments_of(&[address]).len() == environments.len();
        if everywhere || is_overlay(&base) {
            self.take_from(&base, &name, key.as_deref())?;
            return if is_overlay(&base) { Ok(()) } else { self.take_from_overlays(&base, &name, key.as_deref(), address) };
        }
        for environment in &environments {
            let overlay = overlay_of(&base, environment);
            if self.text(&overlay).is_none() {
                self.put(&overlay, Some("resources:\n".to_owned()))?;
            }
            self.in_file(&overlay, |file| match (file.item_named(&name), &key) {
                (Some(item), Some(key)) => file.set_flow(item, &format!("each.{key}"), "null"),
                (Some(item), None) => {
                    file.take_out(item)?;
                    file.append(&format!("name: {}\nremove: true", scalar(&name)))
                }
                (None, Some(key)) => file.append(&format!("name: {}\neach: {{{}: null}}", scalar(&name), scalar(key))),
                (None, None) => file.append(&format!("name: {}\nremove: true", scalar(&name))),
            })?;
        }
        Ok(())
    }

    /// An entry, or one key of its `each`; the last key takes the entry with it, the last entry the file.
    fn take_from(&mut self, path: &str, name: &str, key: Option<&str>) -> Done {
        let is_empty = self.in_file(path, |file| {
            let item = file.item_named(name).ok_or(EditError::NoEntry)?;
            let keys = file.each(item).map_or(0, |each| each.len());
            match key.filter(|_| keys > 1) {
                Some(key) => file.remove(item, &format!("each.{key}"))?,
                None if file.count() == 1 => return Ok(true),
                None => file.take_out(item)?,
            }
            Ok(false)
        })?;
        if is_empty { self.put(path, None) } else { Ok(()) }
    }

    /// What lies over a deleted resource goes with it.
    fn take_from_overlays(&mut self, base: &str, name: &str, key: Option<&str>, _address: &Address) -> Done {
        let overlays: Vec<String> =
            self.view.environments().map(|environment| overlay_of(base, &environment.name)).filter(|path| self.text(path).is_some()).collect();
        let is_gone = self.text(base).is_none_or(|text| File::parse(&text).is_ok_and(|file| file.item_named(name).is_none()));
        for overlay in overlays {
            let text = self.text(&overlay).unwrap_or_default();
            let Some(file) = File::parse(&text).ok() else { continue };
            let Some(item) = file.item_named(name) else { continue };
            let has_key = key.is_some_and(|key| file.has(item, &format!("each.{key}")));
            if is_gone {
                self.take_from(&overlay, name, None)?;
            } else if let Some(key) = key.filter(|_| has_key) {
                self.in_file(&overlay, |file| file.remove(item, &format!("each.{key}")))?;
            }
        }
        Ok(())
    }
}
