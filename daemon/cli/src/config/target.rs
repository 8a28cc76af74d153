//! Which targets may be reached, and by whom?

use std::collections::{BTreeMap, BTreeSet};

use core_model::Name;
use daemon_github::RepositoryName;
use serde_saphyr::{Location, Spanned};

use super::{
    ServedRepository, TargetConfig,
    check::Check,
    document::{Entries, Target, Text},
};
use crate::engines::{self, Provider};

const OWNER_ID_LENGTH: std::ops::RangeInclusive<usize> = 4..=40;
const REGISTRY_LENGTH_MAX: usize = 255;

type Served = BTreeMap<RepositoryName, ServedRepository>;

impl Check<'_> {
    pub(super) fn targets(&mut self, given: Option<&Entries<Spanned<Target>>>, served: &Served) -> BTreeMap<Name, TargetConfig> {
        let mut targets = BTreeMap::new();
        for (key, target) in given.map_or(&[][..], |entries| &entries.0) {
            let Some(name) = self.name::<Name>("targets", key) else { continue };
            if let Some(target) = self.target(name.clone(), key, &target.value, served) {
                targets.insert(name, target);
            }
        }
        targets
    }

    fn target(&mut self, name: Name, key: &Text, target: &Target, served: &Served) -> Option<TargetConfig> {
        let at = key.referenced;
        let path = |field: &str| format!("targets.{name}.{field}");
        let provider = self.required_at(target.provider.as_ref(), &path("provider"), "It says what kind of target it is.", at);
        let endpoint = self.required_at(target.endpoint.as_ref(), &path("endpoint"), "It says where the target is reached.", at);
        let engine = provider.and_then(|provider| self.provider(&path("provider"), provider));
        if let (Some(provider), Some(endpoint)) = (engine, endpoint) {
            self.endpoint(&path("endpoint"), provider, endpoint);
        }
        let owner_id = self.owner_id(&path("owner_id"), target.owner_id.as_ref(), at);
        let repositories = self.users(&path("repositories"), target, served, at);
        let environments = self.target_environments(&path("environments"), target, &repositories, served, at);
        let registries = self.registries(&path("registries"), target.registries.as_ref());
        self.needless_on_this_machine(name.as_str(), target, engine);
        let other_endpoints = self.other_endpoints(&path("other_endpoints"), engine, target.other_endpoints.as_ref());
        let credential = self.credential(name.as_str(), target, at);
        let trust = self.trust(name.as_str(), target);
        let settings = self.settings(&path("settings"), engine, target.settings.as_ref());
        Some(TargetConfig {
            provider: engine?.name.to_owned(),
            endpoint: endpoint?.value.clone(),
            other_endpoints,
            credential,
            trust: trust?,
            settings,
            owner_id: owner_id?,
            said_at: self.span(at),
            name,
            repositories,
            environments,
            registries,
        })
    }

    fn provider(&mut self, key: &str, text: &Text) -> Option<&'static Provider> {
        let found = engines::provider(&text.value);
        if found.is_none() {
            self.unknown_word(key, text, &engines::names());
        }
        found
    }

    pub(super) fn endpoint(&mut self, key: &str, provider: &Provider, text: &Text) {
        if let Err(form) = (provider.check_endpoint)(&text.value) {
            let detail = format!("`{key}` is `{}`, which is not {form}.", text.value);
            self.error("Invalid endpoint", detail, text.referenced);
        }
    }

    fn owner_id(&mut self, key: &str, given: Option<&Text>, at: Location) -> Option<String> {
        let meaning = "It is the one of the repository's ipr.yaml, and part of the marker on everything the daemon makes.";
        let text = self.required_at(given, key, meaning, at)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if !OWNER_ID_LENGTH.contains(&text.value.len()) || !text.value.bytes().all(plain) {
            let detail = format!("`{key}` is `{}`, which is not 4 to 40 lower-case letters and digits.", text.value);
            self.error("Invalid owner id", detail, text.referenced).hint = Some("copy `owner_id` of the repository's ipr.yaml".to_owned());
        }
        Some(text.value.clone())
    }

    /// The repositories that may use a target. Each must be served.
    fn users(&mut self, key: &str, target: &Target, served: &Served, at: Location) -> BTreeSet<RepositoryName> {
        let meaning = "They are the repositories that may use the target.";
        let Some(list) = self.required_at(target.repositories.as_ref(), key, meaning, at) else { return BTreeSet::new() };
        let names: BTreeSet<RepositoryName> = self.names(key, list);
        for text in &list.value {
            if text.value.parse().is_ok_and(|name: RepositoryName| !served.contains_key(&name)) {
                let detail = format!("`{key}` names `{}`, which is not among `repositories`.", text.value);
                self.error("Unknown repository", detail, text.referenced).hint = Some("list it under `repositories`, or remove it here".to_owned());
            }
        }
        names
    }

    /// The environments that may use a target. Each must be served for one of its repositories.
    fn target_environments(
        &mut self,
        key: &str,
        target: &Target,
        repositories: &BTreeSet<RepositoryName>,
        served: &Served,
        at: Location,
    ) -> BTreeSet<Name> {
        let meaning = "They are the environments that may use the target.";
        let Some(list) = self.required_at(target.environments.as_ref(), key, meaning, at) else { return BTreeSet::new() };
        let names: BTreeSet<Name> = self.names(key, list);
        let known: BTreeSet<&Name> =
            repositories.iter().filter_map(|repository| served.get(repository)).flat_map(|served| &served.environments).collect();
        for text in &list.value {
            if text.value.parse().is_ok_and(|name: Name| !known.contains(&name) && !known.is_empty()) {
                let detail = format!("`{key}` names `{}`, which is served for none of its repositories.", text.value);
                self.error("Unknown environment", detail, text.referenced).hint = Some("list it under `repositories`, or remove it here".to_owned());
            }
        }
        names
    }

    fn registries(&mut self, key: &str, given: Option<&Spanned<Vec<Text>>>) -> Option<Vec<String>> {
        let list = given?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b':');
        for text in &list.value {
            if text.value.is_empty() || text.value.len() > REGISTRY_LENGTH_MAX || !text.value.bytes().all(plain) {
                let detail = format!("`{key}` names `{}`, which is no host.", text.value);
                self.error("Invalid registry", detail, text.referenced).hint = Some("a host as it stands in images, for example ghcr.io".to_owned());
            }
        }
        Some(list.value.iter().map(|text| text.value.clone()).collect())
    }
}
