//! Which resource does a name mean? Names of the same blueprint come first; what is not found gets the nearest hint.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use core_model::diagnostic::nearest;
use core_model::{Address, Name};

use crate::limits::NAME_COMPARISONS_MAX;
use crate::walk::{Lost, Missing};

/// The resources of one environment, by address.
pub(crate) struct Index {
    places: HashMap<Address, usize>,
    /// By blueprint, the names of its resources.
    names: HashMap<Name, Vec<Name>>,
    /// By resource, the blueprints that have one of that name.
    blueprints: HashMap<Name, Vec<Name>>,
    /// Blueprints of which a part could not be read.
    partial: HashSet<Name>,
    /// A whole file could not be read.
    is_partial: bool,
    comparisons_left: Cell<usize>,
}

impl Index {
    pub(crate) fn new(partial: HashSet<Name>, is_partial: bool) -> Self {
        Self {
            places: HashMap::new(),
            names: HashMap::new(),
            blueprints: HashMap::new(),
            partial,
            is_partial,
            comparisons_left: Cell::new(NAME_COMPARISONS_MAX),
        }
    }

    /// The place of the resource that has the address already, if one has.
    pub(crate) fn insert(&mut self, address: &Address, place: usize) -> Option<usize> {
        if let Some(first) = self.places.get(address) {
            return Some(*first);
        }
        self.places.insert(address.clone(), place);
        self.names.entry(address.blueprint.clone()).or_default().push(address.resource.clone());
        self.blueprints.entry(address.resource.clone()).or_default().push(address.blueprint.clone());
        None
    }

    /// What `<resource>` or `<blueprint>.<resource>` means to a resource of `blueprint`.
    pub(crate) fn find(&self, blueprint: &Name, text: &str) -> Result<usize, Lost> {
        let (front, name) = text.split_once('.').map_or((None, text), |(front, name)| (Some(front), name));
        let parsed = front.map_or(Ok(blueprint.clone()), str::parse).and_then(|blueprint| Ok(Address::new(blueprint, name.parse()?)));
        let Ok(address) = parsed else {
            let detail = format!("`{text}` is neither `<resource>` nor `<blueprint>.<resource>`.");
            return Err(Lost::Missing(Missing { detail, hint: None }));
        };
        match self.places.get(&address) {
            Some(place) => Ok(*place),
            None if self.is_excused(&address.blueprint) => Err(Lost::Failed),
            None => Err(Lost::Missing(self.missing(&address))),
        }
    }

    /// Whether the resource may be in a part that could not be read.
    fn is_excused(&self, blueprint: &Name) -> bool {
        self.partial.contains(blueprint) || (self.is_partial && !self.names.contains_key(blueprint))
    }

    fn missing(&self, address: &Address) -> Missing {
        let Address { blueprint, resource } = address;
        let Some(names) = self.names.get(blueprint) else {
            let detail = format!("No blueprint `{blueprint}` has resources in this environment.");
            let with_resource = self.blueprints.get(resource).into_iter().flatten();
            let near = self.nearest(blueprint.as_str(), with_resource);
            return Missing { detail, hint: near.map(|near| format!("did you mean `{near}.{resource}`?")) };
        };
        let detail = format!("The blueprint `{blueprint}` has no resource `{resource}` in this environment.");
        let elsewhere = self.blueprints.get(resource).and_then(|blueprints| blueprints.iter().min());
        let hint = match (elsewhere, self.nearest(resource.as_str(), names)) {
            (Some(other), _) => Some(format!("did you mean `{other}.{resource}`?")),
            (None, near) => near.map(|near| format!("did you mean `{near}`?")),
        };
        Missing { detail, hint }
    }

    /// The nearest name, while there are comparisons left: a file of wrong names must not cost minutes.
    fn nearest<'a>(&self, wrong: &str, names: impl IntoIterator<Item = &'a Name>) -> Option<&'a str> {
        let left = self.comparisons_left.get();
        let candidates: Vec<&str> = names.into_iter().map(Name::as_str).take(left).collect();
        self.comparisons_left.set(left - candidates.len());
        nearest(wrong, candidates)
    }
}
