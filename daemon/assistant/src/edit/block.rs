//! How is a new resource written? As a block like those that people write, behind the last one of its blueprint.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use core_model::{Address, Name};

use crate::command::{Create, FieldChange, Scope, Setting};
use crate::complete::{PARAMETER, canonical, successor};

use super::document::{Written, scalar};
use super::{Done, Editor, is_overlay, overlay_of};

/// A value or a map of values, in the order of their names.
enum Branch {
    Leaf(Written),
    Map(BTreeMap<String, Branch>),
}

impl Branch {
    fn put(&mut self, path: &[&str], value: Written) {
        let Self::Map(map) = self else { return };
        match path {
            [] => {}
            [last] => _ = map.insert((*last).to_owned(), Self::Leaf(value)),
            [first, rest @ ..] => map.entry((*first).to_owned()).or_insert_with(|| Self::Map(BTreeMap::new())).put(rest, value),
        }
    }

    fn flow(&self) -> String {
        match self {
            Self::Leaf(value) => value.flow(),
            Self::Map(map) => {
                format!("{{{}}}", map.iter().map(|(key, branch)| format!("{}: {}", scalar(key), branch.flow())).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// The block of a resource, at column 0 and without its dash. `before` and `after` its name stand the lines that say what it is.
fn block(before: &str, name: &str, after: &str, settings: &[(String, Written)]) -> String {
    let mut root = Branch::Map(BTreeMap::new());
    for (path, value) in settings {
        root.put(&path.split('.').collect::<Vec<_>>(), value.clone());
    }
    let mut text = format!("{before}name: {}\n{after}", scalar(name));
    let Branch::Map(sections) = root else { return text };
    for section in ["with", "specs", "metadata", "lifecycle"] {
        match sections.get(section) {
            Some(Branch::Map(fields)) if section == "specs" => {
                text.push_str("specs:\n");
                for (key, branch) in fields {
                    let _ = writeln!(text, "  {}: {}", scalar(key), branch.flow());
                }
            }
            Some(branch) => {
                let _ = writeln!(text, "{section}: {}", branch.flow());
            }
            None => {}
        }
    }
    text
}

impl Editor<'_, '_> {
    /// Writes new resources. `object` is the name on the target of one that is adopted.
    pub(crate) fn create(&mut self, create: &Create, object: Option<&str>) -> Done {
        let path = self.file_for(&create.blueprint.value, &create.environment.value)?;
        for (number, name) in create.names.iter().enumerate() {
            let mut settings: Vec<(String, Written)> =
                create.settings.iter().filter_map(|setting| Some((setting.path.clone(), self.nth(setting, number)?))).collect();
            if let Some(object) = object {
                settings.push(("specs.name".to_owned(), Written::Text(object.to_owned())));
                settings.push(("lifecycle.adopt".to_owned(), Written::Text("true".to_owned())));
            }
            let entry = self.entry(create, name.value.as_str(), &settings);
            self.in_file(&path, |file| file.append(&entry))?;
            self.expect_new(create, &name.value, &settings, &path);
        }
        Ok(())
    }

    /// As people write it: what a template takes goes into `with`, and what it does not is said beside it.
    fn entry(&self, create: &Create, name: &str, settings: &[(String, Written)]) -> String {
        let Some(template) = create.template.as_ref().map(|template| &template.value) else {
            let (type_name, provider) = (&create.type_name.value, &create.provider.value);
            return block(&format!("type: {type_name}\n"), name, &format!("provider: {provider}\n"), settings);
        };
        let offer = self.view.template(template);
        let given = settings.iter().map(|(path, value)| match offer.and_then(|offer| offer.filling(path)) {
            Some(parameter) => (format!("{PARAMETER}{parameter}"), value.clone()),
            None => (path.clone(), value.clone()),
        });
        block("", name, &format!("template: {}\n", template.as_str()), &given.collect::<Vec<_>>())
    }

    /// The value for the n-th of several new resources: addresses and host ports go on.
    fn nth(&self, setting: &Setting, number: usize) -> Option<Written> {
        match &setting.change.value {
            FieldChange::Set(text) => {
                // Machines of one network have one gateway.
                let goes_on = !setting.path.ends_with("gateway");
                let is_address =
                    goes_on && text.contains('/') && text.parse::<ipnet::IpNet>().is_ok() || goes_on && text.parse::<std::net::IpAddr>().is_ok();
                let mut text = text.clone();
                for _ in 0..number {
                    text = if is_address { successor(&text)? } else { text };
                }
                Some(Written::Text(text))
            }
            FieldChange::SetList(items) | FieldChange::Add(items) => {
                let shifted =
                    items.iter().map(|item| if setting.path == "specs.ports" { super::clones::shifted_port(item, number) } else { item.clone() });
                Some(Written::List(shifted.collect()))
            }
            FieldChange::Remove(_) | FieldChange::Unset => None,
        }
    }

    /// The blueprint's file, or the overlay where only some of its environments are meant. Made where it is not there.
    fn file_for(&mut self, blueprint: &Name, scope: &Scope) -> Result<String, super::Failure> {
        let resources = self.view.resources();
        let declared = resources.iter().filter(|(address, _)| address.blueprint == *blueprint).flat_map(|(_, found)| found);
        let mut files: Vec<String> = declared.map(|(_, resource)| resource.declared_at.file.to_string()).collect();
        files.sort_by_key(|path| is_overlay(path));
        let named = format!("blueprints/{}.yaml", blueprint.as_str());
        let base = files.into_iter().find(|path| !is_overlay(path)).or_else(|| self.text(&named).map(|_| named.clone()));
        let Some(base) = base else {
            let environments = match scope {
                Scope::One(name) => format!("environments: [{}]\n", name.as_str()),
                Scope::All => String::new(),
            };
            self.put(&named, Some(format!("version: \"1.0\"\nname: {}\n{environments}resources:\n", blueprint.as_str())))?;
            return Ok(named);
        };
        let Scope::One(environment) = scope else { return Ok(base) };
        let used: Vec<&Name> = resources
            .iter()
            .filter(|(address, _)| address.blueprint == *blueprint)
            .flat_map(|(_, found)| found.iter().map(|(name, _)| *name))
            .collect();
        if used.iter().all(|name| *name == environment) {
            return Ok(base);
        }
        let overlay = overlay_of(&base, environment);
        if self.text(&overlay).is_none() {
            self.put(&overlay, Some("resources:\n".to_owned()))?;
        }
        Ok(overlay)
    }

    fn expect_new(&mut self, create: &Create, name: &Name, settings: &[(String, Written)], path: &str) {
        let address = Address::new(create.blueprint.value.clone(), name.clone());
        let facts = self.view.registry.get(&create.provider.value, &create.type_name.value).map(|kind| kind.facts());
        let canonical_of = |path: &str, value: &Written| match (value, facts) {
            (Written::Text(text), Some(facts))
                if !text.contains("${") && !path.starts_with(PARAMETER) && !path.contains("link") && !path.starts_with("lifecycle") =>
            {
                canonical(facts, path, text).ok()
            }
            _ => None,
        };
        let values: Vec<_> = settings.iter().filter_map(|(path, value)| Some((path.clone(), canonical_of(path, value)?))).collect();
        let resources = self.view.resources();
        let used: Vec<Name> = resources
            .iter()
            .filter(|(known, _)| known.blueprint == address.blueprint)
            .flat_map(|(_, found)| found.iter().map(|(name, _)| (*name).clone()))
            .collect();
        let is_new_file = used.is_empty();
        let all = self.view.environments().map(|environment| environment.name.clone());
        let environments: Vec<Name> = match &create.environment.value {
            Scope::One(name) => vec![name.clone()],
            Scope::All if is_new_file || is_overlay(path) => all.collect(),
            Scope::All => all.filter(|name| used.contains(name)).collect(),
        };
        for environment in environments {
            self.expected.created.insert((environment, address.clone()), values.clone());
        }
    }
}
