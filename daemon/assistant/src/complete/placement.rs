//! Which resources and which environment? What is ambiguous is asked.

use core_model::{Address, Name};

use crate::command::Scope;
use crate::draft::Draft;
use crate::language::Language;
use crate::question::{Fill, Question, Slot};
use crate::source::{Source, Sourced};

use super::{Completed, Completion, impossible};

impl Completion<'_, '_> {
    pub(crate) fn resources(&self, draft: &mut Draft) -> Completed<Vec<Sourced<Address>>> {
        if draft.resources.is_empty() {
            let text = draft.notes.language.choose("Which resource do you mean?", "Quale risorsa intendi?");
            let all = self.view.resources();
            let machines = all.iter().filter(|(_, found)| found.iter().any(|(_, resource)| resource.type_name == "compute"));
            let options = machines.map(|(address, _)| (format!("`{address}`"), Fill::Resources(vec![(*address).clone()])));
            return Err(Question::new(Slot::Resource, text).options(options).without_default().into());
        }
        for meant in draft.resources.clone() {
            if meant.is_near {
                let name = meant.address.value.to_string();
                draft.assume(match draft.notes.language {
                    Language::English => format!("The name was not spelled exactly; `{name}` is meant."),
                    Language::Italian => format!("Il nome non era scritto esattamente; si intende `{name}`."),
                });
            }
        }
        Ok(draft.resources.iter().map(|meant| meant.address.clone()).collect())
    }

    /// What cannot be taken back is not done on a name that was only near.
    pub(crate) fn sure_of_names(&self, draft: &Draft) -> Completed<()> {
        let near = draft.resources.iter().find(|meant| meant.is_near).filter(|_| !draft.is_confirmed);
        let Some(near) = near else { return Ok(()) };
        let language = draft.notes.language;
        let text = match language {
            Language::English => format!("Do you mean `{}`?", near.address.value),
            Language::Italian => format!("Intendi `{}`?", near.address.value),
        };
        let options = [(language.choose("yes", "sì").to_owned(), Fill::Yes), ("no".to_owned(), Fill::No)];
        Err(Question::new(Slot::Confirmation, text).options(options).without_default().into())
    }

    /// Of a set, only the members that the environment has are meant.
    pub(crate) fn keep_present(&self, draft: &mut Draft) {
        let Some(Scope::One(name)) = draft.scope().cloned() else { return };
        let is_there = |address: &Address| self.view.resource(&name, address).is_some();
        let kept: Vec<_> = draft
            .resources
            .iter()
            .filter(|meant| is_there(&meant.address.value) || self.view.group_of(&meant.address.value).is_none())
            .cloned()
            .collect();
        if !kept.is_empty() {
            draft.resources = kept;
        }
    }

    /// One member of a set cannot be changed alone: they are one entry.
    pub(crate) fn whole_sets(&self, draft: &Draft) -> Completed<()> {
        let meant = draft.addresses();
        for address in &meant {
            let Some(group) = self.view.group_of(address).filter(|group| group.members.len() > 1) else { continue };
            let missing: Vec<Address> =
                group.members.iter().filter(|member| !meant.contains(member) && self.is_in_scope(draft, member)).cloned().collect();
            if missing.is_empty() {
                continue;
            }
            let names = group.members.iter().map(|member| format!("`{}`", member.resource.as_str())).collect::<Vec<_>>().join(", ");
            let language = draft.notes.language;
            let text = match language {
                Language::English => format!("{names} are one entry of the blueprint and change together. Shall all of them change?"),
                Language::Italian => format!("{names} sono una sola voce del blueprint e cambiano insieme. Devono cambiare tutte?"),
            };
            let options = [(language.choose("yes, all", "sì, tutte").to_owned(), Fill::Resources(missing)), ("no".to_owned(), Fill::No)];
            return Err(Question::new(Slot::Resource, text).options(options).into());
        }
        Ok(())
    }

    /// Where one member alone was named, all of them are not switched: nobody asked for that.
    pub(crate) fn whole_set_or_none(&self, draft: &Draft) -> Completed<()> {
        let meant = draft.addresses();
        let Some((address, group)) = meant.iter().find_map(|address| {
            let group = self.view.group_of(address)?;
            group.members.iter().any(|member| !meant.contains(&member) && self.is_in_scope(draft, member)).then_some((address, group))
        }) else {
            return Ok(());
        };
        let names = group.members.iter().map(|member| format!("`{}`", member.resource.as_str())).collect::<Vec<_>>().join(", ");
        Err(impossible(match draft.notes.language {
            Language::English => format!(
                "{names} are one entry of the blueprint and are switched together; `{}` alone is not. Name all of them, or write it by hand.",
                address.resource.as_str()
            ),
            Language::Italian => format!(
                "{names} sono una sola voce del blueprint e si accendono e spengono insieme; `{}` da sola no. Nominale tutte, o scrivilo a mano.",
                address.resource.as_str()
            ),
        }))
    }

    fn is_in_scope(&self, draft: &Draft, address: &Address) -> bool {
        match draft.scope() {
            Some(Scope::One(name)) => self.view.resource(name, address).is_some(),
            _ => true,
        }
    }

    /// The environment in which existing resources change.
    pub(crate) fn environment(&self, draft: &Draft) -> Completed<Sourced<Scope>> {
        let addresses = draft.addresses();
        let environments = self.view.environments_of(&addresses);
        if let Some(scope) = &draft.environment {
            // "the dev redis" for `cache-dev`: a part of the name, and no environment.
            if let (Scope::One(name), [one]) = (&scope.value, environments.as_slice())
                && *one != name
                && addresses.iter().all(|address| address.resource.as_str().ends_with(&format!("-{}", name.as_str())))
            {
                return Ok(scope.clone().map(|_| Scope::One((*one).clone())));
            }
            if let Scope::One(name) = &scope.value
                && !environments.contains(&name)
            {
                let missing = addresses.iter().find(|address| self.view.resource(name, address).is_none());
                return Err(impossible(missing.map(|address| self.not_there(draft, address, name)).unwrap_or_default()));
            }
            return Ok(match environments.as_slice() {
                [one] => scope.clone().map(|_| Scope::One((*one).clone())),
                _ => scope.clone(),
            });
        }
        match environments.as_slice() {
            [] => {
                Err(impossible(draft.notes.language.choose("No environment has all of these resources.", "Nessun ambiente ha tutte queste risorse.")))
            }
            [one] => {
                let source = addresses.first().map_or_else(|| Source::rule(""), |address| self.where_declared(address));
                Ok(Sourced::new(Scope::One((*one).clone()), source))
            }
            several => Err(crate::reading::choose_environment(draft.notes.language, Slot::Environment, several.iter().copied()).into()),
        }
    }

    pub(crate) fn not_there(&self, draft: &Draft, address: &Address, environment: &Name) -> String {
        match draft.notes.language {
            Language::English => format!("`{address}` is not in the environment `{}`.", environment.as_str()),
            Language::Italian => format!("`{address}` non è nell'ambiente `{}`.", environment.as_str()),
        }
    }

    /// The line at which a resource is declared.
    pub(crate) fn where_declared(&self, address: &Address) -> Source {
        self.view.in_scope(None, address).map_or_else(|| Source::rule("the repository"), |resource| Source::at(&resource.declared_at))
    }

    /// The names that are in use in a blueprint.
    pub(crate) fn taken_names(&self, blueprint: &Name) -> std::collections::BTreeSet<Name> {
        self.view.resources().into_keys().filter(|address| address.blueprint == *blueprint).map(|address| address.resource.clone()).collect()
    }
}
