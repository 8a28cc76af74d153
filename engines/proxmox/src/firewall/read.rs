//! What does the cluster tell of its firewall?

use core_model::Marker;
use engine_api::EngineError;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::list::Rules;
use super::mark;
use super::rule::{OwnNames, Rule};
use crate::config::{Config, text_of};
use crate::reader::{Reader, found};

/// A group, a set or an alias, as the list of all of them has it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) notes: Option<String>,
    pub(crate) marker: Option<Marker>,
    /// Of an alias.
    pub(crate) cidr: Option<String>,
    /// Of the list.
    pub(crate) digest: Option<String>,
}

/// The lists of named things, as they are called below `/cluster/firewall`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Groups,
    Sets,
    Aliases,
}

impl Names {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Groups => "/cluster/firewall/groups",
            Self::Sets => "/cluster/firewall/ipset",
            Self::Aliases => "/cluster/firewall/aliases",
        }
    }

    /// For people.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Groups => "security group",
            Self::Sets => "IP set",
            Self::Aliases => "alias",
        }
    }

    /// The parameter that holds the name.
    pub(crate) fn key(self) -> &'static str {
        if self == Self::Groups { "group" } else { "name" }
    }

    pub(crate) fn path_of(self, name: &str) -> String {
        format!("{}/{}", self.path(), utf8_percent_encode(name, NON_ALPHANUMERIC))
    }
}

impl Reader<'_> {
    pub(crate) async fn rules(&self, path: &str, own: &OwnNames) -> Result<Rules, EngineError> {
        let rows = self.list(&format!("read the rules at {path}"), path, &[]).await?;
        let digest = rows.first().and_then(|row| row.get("digest")).map(text_of);
        Ok(Rules { rules: rows.iter().map(|row| Rule::of_row(row, own)).collect(), digest })
    }

    /// The rules of a group. `None` where there is no such group.
    pub(crate) async fn group_rules(&self, name: &str) -> Result<Option<Rules>, EngineError> {
        found(self.rules(&Names::Groups.path_of(name), &OwnNames::new()).await)
    }

    pub(crate) async fn firewall_options(&self, path: &str) -> Result<Config, EngineError> {
        Ok(Config::of(&self.read(&format!("read the options at {path}"), path, &[]).await?))
    }

    pub(crate) async fn names(&self, names: Names) -> Result<Vec<Listed>, EngineError> {
        self.names_at(names, names.path()).await
    }

    async fn names_at(&self, names: Names, path: &str) -> Result<Vec<Listed>, EngineError> {
        let rows = self.list(&format!("read the names at {path}"), path, &[]).await?;
        let text = |row: &Value, name: &str| row.get(name).filter(|value| !value.is_null()).map(text_of);
        let listed = |row: &Value| {
            let (notes, marker) = mark::read(text(row, "comment").as_deref());
            let name = text(row, names.key())?.to_ascii_lowercase();
            Some(Listed { name, notes, marker, cidr: text(row, "cidr"), digest: text(row, "digest") })
        };
        Ok(rows.iter().filter_map(listed).collect())
    }

    /// One group, set or alias.
    pub(crate) async fn named(&self, names: Names, name: &str) -> Result<Option<Listed>, EngineError> {
        Ok(self.names(names).await?.into_iter().find(|listed| listed.name == name))
    }

    /// The sets and aliases of a guest's own, as rules name them: `+web` and `mail`.
    pub(crate) async fn own_names(&self, guest: &str) -> Result<OwnNames, EngineError> {
        let sets = self.names_at(Names::Sets, &format!("{guest}/firewall/ipset")).await?;
        let aliases = self.names_at(Names::Aliases, &format!("{guest}/firewall/aliases")).await?;
        Ok(sets.into_iter().map(|set| format!("+{}", set.name)).chain(aliases.into_iter().map(|alias| alias.name)).collect())
    }

    /// The members of a set, as rows. `None` where there is no such set.
    pub(crate) async fn members(&self, name: &str) -> Result<Option<Vec<Value>>, EngineError> {
        found(self.list(&format!("read the members of the IP set `{name}`"), &Names::Sets.path_of(name), &[]).await)
    }

    /// The macros that the cluster knows.
    pub(crate) async fn macros(&self) -> Result<Vec<String>, EngineError> {
        let rows = self.list("read which macros there are", "/cluster/firewall/macros", &[]).await?;
        Ok(rows.iter().filter_map(|row| row.get("macro").map(text_of)).collect())
    }
}
