//! What does the blueprint call an option of Proxmox VE? The words in which people are told about it.

use super::option::Plain;

/// The words of one kind of guest.
pub(crate) struct Words {
    /// Options that are one field's alone.
    pub(crate) plain: &'static [Plain],
    /// Options that are a field with a name of its own, beside the table of plain ones.
    pub(crate) named: &'static [(&'static str, &'static str)],
    /// Slots of one group, by how they begin.
    pub(crate) groups: &'static [(&'static str, &'static str)],
}

impl Words {
    /// `cores` is `cpu`, `net1` is `networks.net1`; an option that no field stands for keeps its name.
    pub(crate) fn word_of(&self, option: &str) -> String {
        if let Some(row) = self.plain.iter().find(|row| row.option == option) {
            return row.path.strip_prefix("specs.").unwrap_or(row.path).to_owned();
        }
        if let Some((_, word)) = self.named.iter().find(|(name, _)| *name == option) {
            return (*word).to_owned();
        }
        let is_slot =
            |stem: &str| option.strip_prefix(stem).is_some_and(|index| !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()));
        match self.groups.iter().find(|(stem, _)| is_slot(stem)) {
            Some((_, group)) => format!("{group}.{option}"),
            None => option.to_owned(),
        }
    }
}
