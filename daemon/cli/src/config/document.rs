//! What can be written in the configuration? Its shape alone, every value with its position; what it means is checked later.
//!
//! Nothing is required here, so that one missing key does not hide the mistakes after it.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_saphyr::Spanned;

pub(super) type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) version: Option<Text>,
    pub(super) listen: Option<Text>,
    pub(super) state: Option<Text>,
    pub(super) record_key: Option<Spanned<Place>>,
    pub(super) fingerprint_key: Option<Spanned<FingerprintKey>>,
    pub(super) github: Option<Spanned<GitHub>>,
    pub(super) repositories: Option<Spanned<Vec<Spanned<Repository>>>>,
    pub(super) targets: Option<Entries<Spanned<Target>>>,
    pub(super) secrets: Option<Secrets>,
    pub(super) model: Option<Spanned<Model>>,
    pub(super) sweep: Option<Sweep>,
    pub(super) log: Option<Log>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) env: Option<Text>,
    pub(super) file: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FingerprintKey {
    pub(super) id: Option<Text>,
    pub(super) env: Option<Text>,
    pub(super) file: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GitHub {
    pub(super) api: Option<Text>,
    pub(super) web: Option<Text>,
    pub(super) token: Option<Spanned<Place>>,
    pub(super) webhook_secret: Option<Spanned<Place>>,
    pub(super) ca: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Repository {
    pub(super) name: Option<Text>,
    pub(super) environments: Option<Spanned<Vec<Text>>>,
    pub(super) assistant: Option<Spanned<Assistant>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assistant {
    pub(super) label: Option<Text>,
    pub(super) mention: Option<Text>,
    pub(super) requests_a_day: Option<ADay>,
}

/// So many for one author, and so many for one repository.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ADay {
    pub(super) author: Option<Spanned<u32>>,
    pub(super) repository: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Model {
    pub(super) endpoint: Option<Text>,
    pub(super) file: Option<Text>,
    pub(super) worker: Option<Text>,
    pub(super) name: Option<Text>,
    pub(super) key: Option<Spanned<Place>>,
    pub(super) timeout: Option<Text>,
    pub(super) asks_a_day: Option<ADay>,
    pub(super) repositories: Option<Spanned<Vec<Text>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    pub(super) provider: Option<Text>,
    pub(super) endpoint: Option<Text>,
    pub(super) other_endpoints: Option<Spanned<Vec<Text>>>,
    pub(super) user: Option<Text>,
    pub(super) password: Option<Spanned<Place>>,
    pub(super) fingerprint: Option<Text>,
    pub(super) ca: Option<Text>,
    pub(super) settings: Option<Entries<Text>>,
    pub(super) owner_id: Option<Text>,
    pub(super) repositories: Option<Spanned<Vec<Text>>>,
    pub(super) environments: Option<Spanned<Vec<Text>>>,
    pub(super) registries: Option<Spanned<Vec<Text>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secrets {
    pub(super) environment_prefix: Option<Text>,
    pub(super) directory: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sweep {
    pub(super) every: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Log {
    pub(super) format: Option<Text>,
    pub(super) directory: Option<Text>,
}

/// A map whose keys have positions too, in the order written.
pub(super) struct Entries<T>(pub(super) Vec<(Text, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}
