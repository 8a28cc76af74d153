//! What may the credential do? Privileges by path; with many guests in pools there is a path for each of them, most with the same.

use std::fmt;
use std::sync::Arc;

use engine_api::EngineError;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::Reader;
use super::scalar::Text;
use crate::cluster::{Permissions, Privileges};

impl Reader<'_> {
    /// What the credential may do, by path.
    pub(crate) async fn permissions(&self) -> Result<Permissions, EngineError> {
        let Told(permissions) = self.client.get_data("read what the credential may do", "/access/permissions", &[]).await?;
        Ok(permissions)
    }
}

struct Told(Permissions);

impl<'de> Deserialize<'de> for Told {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Paths).map(Self)
    }
}

struct Paths;

impl<'de> Visitor<'de> for Paths {
    type Value = Permissions;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("privileges by path")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut paths: A) -> Result<Self::Value, A::Error> {
        let mut permissions = Permissions::new();
        let mut last: Option<(Held<'de>, Arc<Privileges>)> = None;
        while let Some((path, held)) = paths.next_entry::<String, Held<'de>>()? {
            // Kept once for all paths in a row that have the same.
            let same = last.take().filter(|(known, _)| *known == held).map(|(_, same)| same);
            let privileges = same.unwrap_or_else(|| Arc::new(held.privileges()));
            permissions.insert(path, privileges.clone());
            last = Some((held, privileges));
        }
        Ok(permissions)
    }
}

/// The privileges on one path, sorted: each with whether it holds below, too.
#[derive(PartialEq, Eq)]
struct Held<'a>(Vec<(Text<'a>, bool)>);

impl Held<'_> {
    fn privileges(&self) -> Privileges {
        self.0.iter().map(|(name, reaches)| (name.0.clone().into_owned(), *reaches)).collect()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Held<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Names).map(Self)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<(Text<'de>, bool)>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("privileges")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
        let mut held = Vec::new();
        while let Some((name, value)) = names.next_entry::<Text<'de>, Text<'de>>()? {
            held.push((name, value.0 == "1"));
        }
        held.sort_unstable_by(|(left, _), (right, _)| left.0.cmp(&right.0));
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_privileges_are_held_once_whatever_their_order() {
        let json = r#"{
            "/vms/100": {"VM.Audit": 1, "VM.Allocate": 0}, "/vms/101": {"VM.Allocate": "0", "VM.Audit": "1"}, "/vms/102": {"VM.Audit": 0}, "/": {}
        }"#;
        let Told(told) = serde_json::from_str(json).expect("privileges");
        assert_eq!(told.len(), 4);
        assert!(Arc::ptr_eq(&told["/vms/100"], &told["/vms/101"]));
        assert!(told["/vms/100"].reach_below("VM.Audit") && !told["/vms/100"].reach_below("VM.Allocate") && told["/vms/100"].contains("VM.Allocate"));
        assert!(!told["/vms/102"].any_reaches_below() && !told["/"].contains("VM.Audit"));
        assert!(serde_json::from_str::<Told>("[]").is_err());
    }
}
