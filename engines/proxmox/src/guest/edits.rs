//! What must be told to Proxmox VE so that a guest becomes what is wanted? A set of options to write and to take out, and
//! what cannot be said in options: disks that grow and disks that move.

use std::collections::{BTreeMap, BTreeSet};

use crate::client::Parameters;
use crate::config::{Config, Properties};

/// Everything that differs between a guest and what is wanted of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edits {
    pub(crate) set: BTreeMap<String, String>,
    pub(crate) delete: BTreeSet<String>,
    /// Disks that grow, by slot: to how many bytes.
    pub(crate) grow: BTreeMap<String, u64>,
    /// Disks that move, by slot: to which storage.
    pub(crate) moves: BTreeMap<String, String>,
    /// Some option makes or imports a volume, which takes its time.
    pub(crate) allocates: bool,
}

impl Edits {
    pub(crate) fn set(&mut self, option: &str, text: String) {
        self.set.insert(option.to_owned(), text);
    }

    pub(crate) fn delete(&mut self, option: &str) {
        self.delete.insert(option.to_owned());
    }

    /// Makes an option be so, if it is not so already.
    pub(crate) fn bring(&mut self, config: &Config, option: &str, text: Option<String>) {
        match text {
            Some(text) if config.get(option) != Some(text.as_str()) => self.set(option, text),
            Some(_) => {}
            None if config.get(option).is_some() => self.delete(option),
            None => {}
        }
    }

    /// [`Edits::bring`] for a list of properties, which Proxmox VE writes in an order of its own.
    pub(crate) fn bring_properties(&mut self, config: &Config, option: &str, properties: &Properties) {
        let text = properties.text();
        if !config.properties(option).is_some_and(|current| current.says_the_same(properties)) {
            self.bring(config, option, Some(text).filter(|text| !text.is_empty()));
        }
    }

    pub(crate) fn has_options(&self) -> bool {
        !self.set.is_empty() || !self.delete.is_empty()
    }

    /// The form of a guest's creation and of `PUT .../config`.
    pub(crate) fn parameters(&self) -> Parameters {
        let mut parameters: Parameters = self.set.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        if !self.delete.is_empty() {
            let names: Vec<&str> = self.delete.iter().map(String::as_str).collect();
            parameters.push(("delete".to_owned(), names.join(",")));
        }
        parameters
    }
}
