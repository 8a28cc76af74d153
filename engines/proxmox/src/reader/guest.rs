//! Which guests are there? One list of the whole cluster, and one guest of it. With thousands of guests it is the longest answer of
//! all, so that its rows are read as they come.

use std::sync::Arc;

use core_model::Marker;
use engine_api::EngineError;
use serde::{Deserialize, Deserializer};

use super::Reader;
use super::scalar::Text;
use crate::guest::GuestKind;
use crate::stamp;

/// One guest, as the list of all guests has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guest {
    pub(crate) kind: GuestKind,
    pub(crate) vmid: u32,
    pub(crate) node: String,
    pub(crate) name: String,
    pub(crate) is_template: bool,
    pub(crate) is_running: bool,
    /// Its node told of it lately. Otherwise nobody says what it is called, whether it runs and whether it is a template.
    pub(crate) is_told: bool,
    /// The HA manager keeps it: what is asked of it happens later.
    pub(crate) is_kept_by_ha: bool,
    /// Whose it is by its tags. A copy made by hand has tags of another number, which say nothing here.
    pub(crate) markers: Vec<Marker>,
    pub(crate) tags: Vec<String>,
    pub(crate) pool: Option<String>,
    /// Something long is being done with it: `clone`, `backup`, `migrate`.
    pub(crate) lock: Option<String>,
}

impl Guest {
    pub(crate) fn may_be_template(&self) -> bool {
        self.is_template || !self.is_told
    }
}

impl Reader<'_> {
    /// Every guest that the credential may see, in one call.
    pub(crate) async fn guests(&self) -> Result<Arc<Vec<Guest>>, EngineError> {
        let list = || async {
            let listed: Vec<Listed> = self.client.get_data("list the guests", "/cluster/resources", &[("type", "vm")]).await?;
            Ok(listed.into_iter().filter_map(|Listed(guest)| guest).collect())
        };
        self.guests.get(list).await
    }

    pub(crate) async fn guest(&self, vmid: u32) -> Result<Option<Guest>, EngineError> {
        Ok(self.guests().await?.iter().find(|guest| guest.vmid == vmid).cloned())
    }
}

/// A row of the list. `None` is no guest that we know.
#[derive(Debug)]
struct Listed(Option<Guest>);

impl<'de> Deserialize<'de> for Listed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Row::deserialize(deserializer).map(|row| Self(row.guest()))
    }
}

/// What of a row is looked at.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    vmid: Option<Text<'a>>,
    #[serde(borrow)]
    node: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    template: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    hastate: Option<Text<'a>>,
    #[serde(borrow)]
    tags: Option<Text<'a>>,
    #[serde(borrow)]
    pool: Option<Text<'a>>,
    #[serde(borrow)]
    lock: Option<Text<'a>>,
}

impl Row<'_> {
    fn guest(self) -> Option<Guest> {
        let is = |field: &Option<Text<'_>>, word: &str| field.as_ref().is_some_and(|text| text.0 == word);
        let said = |field: Option<Text<'_>>| field.map(|text| text.0.into_owned()).filter(|text| !text.is_empty());
        let vmid = self.vmid.as_ref()?.0.parse().ok()?;
        let tags = stamp::tags(self.tags.as_ref().map(|tags| &*tags.0));
        Some(Guest {
            kind: [GuestKind::Machine, GuestKind::Container].into_iter().find(|kind| is(&self.kind, kind.word()))?,
            vmid,
            is_template: is(&self.template, "1"),
            is_running: is(&self.status, "running"),
            is_told: !is(&self.status, "unknown"),
            is_kept_by_ha: self.hastate.is_some(),
            node: self.node?.0.into_owned(),
            name: said(self.name).unwrap_or_default(),
            markers: tags.iter().filter_map(|tag| stamp::marker_of_tag(tag, vmid)).collect(),
            tags,
            pool: said(self.pool),
            lock: said(self.lock),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_guests_whatever_their_numbers_are_written_as() {
        let json = r#"[
            {"vmid": 100, "type": "qemu", "node": "pve1", "name": "web", "status": "running", "template": 0, "cpu": 0.1, "tags": "a;ipr.me.lab.shop.web.100"},
            {"vmid": "101", "type": "lxc", "node": "pve1", "name": "", "status": "unknown", "hastate": "started", "pool": "", "lock": null},
            {"vmid": 102, "type": "qemu", "node": "pve2", "name": "base", "status": "stopped", "template": "1", "pool": "prod", "lock": "clone"},
            {"vmid": 103, "type": "openvz", "node": "pve1"},
            {"id": "node/pve1", "type": "node", "node": "pve1"}
        ]"#;
        let listed: Vec<Listed> = serde_json::from_str(json).expect("rows");
        let guests: Vec<Guest> = listed.into_iter().filter_map(|listed| listed.0).collect();
        let [web, silent, base] = guests.as_slice() else { panic!("{guests:?}") };
        assert_eq!((web.vmid, web.is_running, web.is_told, web.is_template, web.markers.len(), web.tags.len()), (100, true, true, false, 1, 2));
        assert_eq!((silent.kind, silent.vmid, silent.name.as_str()), (GuestKind::Container, 101, ""));
        assert_eq!((silent.is_told, silent.is_kept_by_ha, &silent.pool, &silent.lock), (false, true, &None, &None));
        assert_eq!((base.is_template, base.pool.as_deref(), base.lock.as_deref()), (true, Some("prod"), Some("clone")));
        assert!(serde_json::from_str::<Vec<Listed>>(r#"["100"]"#).is_err(), "what is no row is not left out without a word");
    }
}
