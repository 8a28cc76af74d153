//! What follows from a network? A machine that moves to another one needs an address there, and a VLAN needs an interface that carries it.

use core_model::Address;
use core_model::resource_type::TypeFacts;
use core_model::state::DesiredResource;
use serde_json::Value;

use crate::command::{FieldChange, Scope, Setting};
use crate::draft::Draft;
use crate::language::Language;
use crate::lexicon::Concept;
use crate::question::{Fill, Question, Slot};
use crate::source::{Source, Sourced};
use crate::view::{field_of, value_at};

use super::series::successor;
use super::{Completed, Completion};

const LINK: &str = "specs.network.link";
const ADDRESS: &str = "specs.network.ip";
const VLAN: &str = "specs.vlan";
const INTERFACE: &str = "specs.interface";
/// How many addresses of a network are looked at for a free one.
const STEPS_MAX: usize = 1_000;

impl Completion<'_, '_> {
    /// A machine keeps no address of a network that it leaves.
    pub(crate) fn address_in_new_network(&self, draft: &Draft, address: &Address, settings: &[Setting], scope: &Scope) -> Completed<()> {
        let sets = |path: &str| settings.iter().find(|setting| setting.path == path);
        let (Some(link), None) = (sets(LINK), sets(ADDRESS)) else { return Ok(()) };
        let FieldChange::Set(name) = &link.change.value else { return Ok(()) };
        let before = self.view.in_scope(Some(scope), address).and_then(|resource| value_at(resource, ADDRESS)).and_then(Value::as_str);
        let before = before.and_then(|text| text.parse::<ipnet::IpNet>().ok());
        let network = self.in_scope_of(scope).find(|resource| is_called(resource, name, address));
        let network = network.and_then(|resource| Concept::Subnet.paths().iter().find_map(|path| value_at(resource, path)?.as_str()));
        let (Some(before), Some(cidr)) = (before, network) else { return Ok(()) };
        if cidr.parse::<ipnet::IpNet>().is_ok_and(|network| network.contains(&before.addr())) {
            return Ok(());
        }
        let text = match draft.notes.language {
            Language::English => format!("`{}` has {before}, which is not in `{name}`. Which address there?", address.resource.as_str()),
            Language::Italian => format!("`{}` ha {before}, che non è in `{name}`. Quale indirizzo lì?", address.resource.as_str()),
        };
        let free = self.free_address(cidr);
        let options = free.map(|free| (free.clone(), Fill::Settings(vec![(ADDRESS.to_owned(), FieldChange::Set(free))])));
        Err(Question::new(Slot::Field(ADDRESS.to_owned()), text).options(options).into())
    }

    /// The interface of a new VLAN, where nobody says it: the one that carries the others.
    pub(crate) fn carrier(&self, draft: &Draft, facts: &TypeFacts, settings: &mut Vec<Setting>, scope: &Scope) -> Completed<()> {
        let sets = |path: &str| settings.iter().any(|setting| setting.path == path);
        if field_of(facts, INTERFACE).is_none() || !sets(VLAN) || sets(INTERFACE) {
            return Ok(());
        }
        let alike = self.in_scope_of(scope).filter(|resource| resource.type_name == facts.name && resource.provider == facts.provider);
        let mut carriers: Vec<(&str, &DesiredResource)> = Vec::new();
        for resource in alike.filter(|resource| value_at(resource, VLAN).is_some()) {
            if let Some(carrier) = value_at(resource, INTERFACE).and_then(Value::as_str)
                && !carriers.iter().any(|(known, _)| *known == carrier)
            {
                carriers.push((carrier, resource));
            }
        }
        if let [(carrier, resource)] = carriers.as_slice() {
            let change = Sourced::new(FieldChange::Set((*carrier).to_owned()), Source::at(&resource.declared_at));
            settings.push(Setting { path: INTERFACE.to_owned(), change });
            return Ok(());
        }
        let text = draft.notes.language.choose("Which interface carries the VLAN?", "Quale interfaccia porta la VLAN?");
        let options = carriers
            .iter()
            .map(|(carrier, _)| ((*carrier).to_owned(), Fill::Settings(vec![(INTERFACE.to_owned(), FieldChange::Set((*carrier).to_owned()))])));
        Err(Question::new(Slot::Field(INTERFACE.to_owned()), text).options(options).into())
    }

    /// What is wanted where the scope reaches.
    pub(crate) fn in_scope_of<'c>(&'c self, scope: &'c Scope) -> impl Iterator<Item = &'c DesiredResource> {
        let environments =
            self.view.environments().filter(move |environment| matches!(scope, Scope::All) || *scope == Scope::One(environment.name.clone()));
        environments.flat_map(|environment| environment.desired.resources.values())
    }

    /// The first address after the router's own that nothing has.
    fn free_address(&self, cidr: &str) -> Option<String> {
        let network: ipnet::IpNet = cidr.parse().ok()?;
        let is_taken = |candidate: &str| {
            let host = candidate.split('/').next().unwrap_or(candidate);
            self.view.environments().flat_map(|environment| environment.desired.resources.values()).any(|resource| {
                [ADDRESS, "specs.ip", "specs.address"]
                    .iter()
                    .filter_map(|path| value_at(resource, path)?.as_str())
                    .any(|text| text.split('/').next() == Some(host))
            })
        };
        let mut next = cidr.to_owned();
        for _ in 0..STEPS_MAX {
            next = successor(&next)?;
            if !is_taken(&next) {
                return next.parse::<ipnet::IpNet>().is_ok_and(|free| network.contains(&free.addr())).then_some(next);
            }
        }
        None
    }
}

/// Whether a blueprint at this address calls the resource so: by its name beside it, or by its whole address.
fn is_called(resource: &DesiredResource, name: &str, from: &Address) -> bool {
    match name.split_once('.') {
        Some(_) => resource.address.to_string() == name,
        None => resource.address.resource.as_str() == name && resource.address.blueprint == from.blueprint,
    }
}
