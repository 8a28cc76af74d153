//! How is a target reached, as whom, and why is it believed to be the one? What engines of networked targets need.

use std::collections::BTreeMap;

use serde_saphyr::{Location, Spanned};

use super::{
    CredentialConfig, TargetTrust,
    check::Check,
    document::{Entries, Target, Text},
};
use crate::engines::{Provider, Setting};

/// More ways to one target than this are a mistake.
const OTHER_ENDPOINTS_MAX: usize = 16;

impl Check<'_> {
    /// A target on this machine is reached by its endpoint alone.
    pub(super) fn needless_on_this_machine(&mut self, name: &str, target: &Target, provider: Option<&'static Provider>) {
        let Some(provider) = provider.filter(|provider| !provider.is_networked) else { return };
        let given = [
            ("other_endpoints", target.other_endpoints.as_ref().map(|list| list.referenced)),
            ("user", target.user.as_ref().map(|text| text.referenced)),
            ("password", target.password.as_ref().map(|place| place.referenced)),
            ("fingerprint", target.fingerprint.as_ref().map(|text| text.referenced)),
            ("ca", target.ca.as_ref().map(|text| text.referenced)),
        ];
        for (key, location) in given {
            if let Some(location) = location {
                let detail =
                    format!("`targets.{name}.{key}` is for targets beyond a network, and {} is reached by its endpoint alone.", provider.name);
                self.error("Needless setting", detail, location).hint = Some(format!("remove `{key}`"));
            }
        }
    }

    /// Where else the same target answers: the other nodes of a cluster, the other addresses of a router.
    pub(super) fn other_endpoints(&mut self, key: &str, provider: Option<&'static Provider>, given: Option<&Spanned<Vec<Text>>>) -> Vec<String> {
        let Some(list) = given else { return Vec::new() };
        if list.value.len() > OTHER_ENDPOINTS_MAX {
            let detail = format!("`{key}` has {} entries, and at most {OTHER_ENDPOINTS_MAX} are read.", list.value.len());
            self.error("Too many endpoints", detail, list.referenced).hint = Some("name the ones that are up most of the time".to_owned());
        }
        if let Some(provider) = provider {
            for text in &list.value {
                self.endpoint(key, provider, text);
            }
        }
        list.value.iter().map(|text| text.value.clone()).collect()
    }

    /// Why the target's certificate is believed.
    pub(super) fn trust(&mut self, name: &str, target: &Target) -> Option<TargetTrust> {
        match (&target.fingerprint, &target.ca) {
            (None, None) => Some(TargetTrust::System),
            (None, Some(file)) => Some(TargetTrust::Authority(self.folder(file))),
            (Some(text), None) => match text.value.parse() {
                Ok(fingerprint) => Some(TargetTrust::Fingerprint(fingerprint)),
                Err(why) => {
                    let detail = format!("`targets.{name}.fingerprint` is `{}`, which {why}.", text.value);
                    let diagnostic = self.error("Invalid fingerprint", detail, text.referenced);
                    diagnostic.hint = Some("the device shows it; or take it from a machine beside it, over a cable that you trust".to_owned());
                    diagnostic.command = Some("openssl s_client -connect HOST:PORT </dev/null | openssl x509 -noout -fingerprint -sha256".to_owned());
                    None
                }
            },
            (Some(text), Some(_)) => {
                let detail = format!("`targets.{name}` has a fingerprint and an authority.");
                self.error("Two kinds of trust", detail, text.referenced).hint = Some("write one of `fingerprint` and `ca`".to_owned());
                None
            }
        }
    }

    /// What only this kind of target has.
    pub(super) fn settings(&mut self, key: &str, provider: Option<&'static Provider>, given: Option<&Entries<Text>>) -> BTreeMap<String, String> {
        let entries = given.map_or(&[][..], |entries| &entries.0);
        let known = provider.map_or(&[][..], |provider| provider.settings);
        let mut settings = BTreeMap::new();
        for (name, value) in entries {
            let Some(setting) = known.iter().find(|setting| setting.name == name.value) else {
                if provider.is_some() {
                    self.unknown_setting(key, name, known);
                }
                continue;
            };
            if let Err(why) = (setting.check)(&value.value) {
                let detail = format!("`{key}.{}` is `{}`, which {why}.", name.value, value.value);
                self.error("Invalid setting", detail, value.referenced).hint = Some(format!("for example {}", setting.example));
            }
            settings.insert(name.value.clone(), value.value.clone());
        }
        settings
    }

    fn unknown_setting(&mut self, key: &str, name: &Text, known: &[Setting]) {
        let names: Vec<&str> = known.iter().map(|setting| setting.name).collect();
        let hint = match core_model::diagnostic::nearest(&name.value, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "this kind of target has no settings".to_owned(),
            None => format!("one of: {}", names.join(", ")),
        };
        self.error("Unknown setting", format!("`{key}` has no `{}`.", name.value), name.referenced).hint = Some(hint);
    }

    /// A user without a password, or a password without a user, cannot log in anywhere.
    pub(super) fn credential(&mut self, name: &str, target: &Target, at: Location) -> Option<CredentialConfig> {
        let key = format!("targets.{name}.password");
        match (&target.user, &target.password) {
            (None, None) => None,
            (Some(user), Some(place)) => {
                let password = self.place_of(&key, place.value.env.as_ref(), place.value.file.as_ref(), place.referenced)?;
                Some(CredentialConfig { user: user.value.clone(), password })
            }
            (Some(_), None) | (None, Some(_)) => {
                let detail = format!("`targets.{name}` has only one of `user` and `password`.");
                self.error("Incomplete credential", detail, at).hint = Some("write both: user: ipr, password: {file: pve-main-password}".to_owned());
                None
            }
        }
    }
}
