//! What lies in the drives that the BMC pretends to have? Images that it fetches from somewhere.

use serde_json::{Value, json};

use super::control::SimRedfish;
use super::refusal::Refusal;
use super::resources::{MANAGER, SYSTEM, link};
use super::state::World;

/// What a drive takes for an image, and whether the machine may only read it.
pub(super) type Drive = Option<(String, bool)>;

/// The first one is there only where it is asked for.
const DRIVES: &[(&str, &[&str])] = &[("kvm0", &["CD", "DVD"]), ("opt0", &["CD", "DVD"]), ("stick1", &["USBStick", "Floppy"])];
const STUCK: usize = 0;

impl World {
    fn media_path(&self) -> String {
        format!("{}/Media", if self.kit.media_by_system { SYSTEM } else { MANAGER })
    }

    /// Where the collection is, as the system or the manager tells it.
    pub(super) fn add_media(&self, resource: &mut Value, is_system: bool) {
        if self.kit.media_by_system == is_system {
            resource["VirtualMedia"] = link(&self.media_path());
        }
    }

    pub(super) fn medium(&self, path: &str, skip: usize) -> Option<Value> {
        let place = self.media_path();
        if path == place {
            return Some(self.collection(path, skip, self.known_drives().map(|(id, _)| format!("{place}/{id}")).collect()));
        }
        let id = path.strip_prefix(&place)?.strip_prefix('/')?;
        let index = self.known_drives().find(|(known, _)| *known == id)?.1;
        let kit = &self.kit;
        let drive = &self.drives[index];
        let mut medium = json!({"Id": id, "MediaTypes": DRIVES[index].1, "Inserted": drive.is_some()});
        medium["Image"] = drive.as_ref().map_or(Value::Null, |(image, _)| json!(image));
        medium["ConnectedVia"] = json!(if drive.is_some() { "URI" } else { "NotConnected" });
        if drive.is_none() && kit.remembers_media {
            medium["Image"] = json!("https://images.example/the-last-one.iso");
            medium["Inserted"] = json!(true);
        }
        if kit.protects_media {
            medium["WriteProtected"] = json!(drive.as_ref().is_some_and(|(_, is_protected)| *is_protected));
        }
        if kit.has_media_actions {
            let action = |name: &str| json!({"target": format!("{path}/Actions/VirtualMedia.{name}")});
            medium["Actions"] = json!({"#VirtualMedia.EjectMedia": action("EjectMedia")});
            if index != STUCK {
                medium["Actions"]["#VirtualMedia.InsertMedia"] = action("InsertMedia");
            }
            if index != STUCK && !kit.media_protocols.is_empty() {
                medium["Actions"]["#VirtualMedia.InsertMedia"]["TransferProtocolType@Redfish.AllowableValues"] = json!(kit.media_protocols);
            }
        }
        Some(medium)
    }

    /// By name, with the place of each.
    fn known_drives(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let first = if self.kit.has_stuck_drive { STUCK } else { STUCK + 1 };
        DRIVES.iter().enumerate().skip(first).map(|(index, (id, _))| (*id, index))
    }

    /// Somebody looks at a drive, and what was ejected is a look nearer to being out.
    pub(super) fn is_looked_at(&mut self, path: &str) {
        let Some(index) = self.drive_at(path) else { return };
        if let Some(looks) = self.leaving[index].take() {
            match looks {
                0 => self.drives[index] = None,
                looks => self.leaving[index] = Some(looks - 1),
            }
        }
    }

    fn drive_at(&self, path: &str) -> Option<usize> {
        let id = path.strip_prefix(&self.media_path())?.strip_prefix('/')?;
        self.known_drives().find(|(known, _)| *known == id).map(|(_, index)| index)
    }

    /// `None`: the path is no drive.
    pub(super) fn patch_drive(&mut self, path: &str, body: &Value) -> Option<Result<(), Refusal>> {
        let index = self.drive_at(path)?;
        if self.kit.has_media_actions {
            return Some(Err(Refusal::method()));
        }
        Some(match body.get("Image") {
            Some(Value::Null) => self.eject(index),
            _ => self.insert(index, body),
        })
    }

    /// `None`: the path is no action of a drive.
    pub(super) fn act_on_drive(&mut self, path: &str, body: &Value) -> Option<Result<(), Refusal>> {
        let (place, action) = path.split_once("/Actions/VirtualMedia.")?;
        let index = self.drive_at(place)?;
        let protocols = self.kit.media_protocols;
        Some(match action {
            "InsertMedia" if index == STUCK => Err(Refusal::missing(path)),
            _ if !self.kit.has_media_actions => Err(Refusal::missing(path)),
            "InsertMedia"
                if !protocols.is_empty()
                    && !body.get("TransferProtocolType").and_then(Value::as_str).is_some_and(|word| protocols.contains(&word)) =>
            {
                Err(Refusal::new(400, "ActionParameterMissing", "The action requires TransferProtocolType."))
            }
            "InsertMedia" => self.insert(index, body),
            "EjectMedia" => self.eject(index),
            _ => Err(Refusal::missing(path)),
        })
    }

    fn insert(&mut self, index: usize, body: &Value) -> Result<(), Refusal> {
        if self.drives[index].is_some() {
            return Err(Refusal::new(400, "ResourceInUse", "The change could not be completed because the resource is in use."));
        }
        let (mut image, mut is_protected) = (None, true);
        for (name, value) in body.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("Image", Value::String(text)) => image = Some(text.clone()),
                ("WriteProtected", Value::Bool(flag)) if self.kit.protects_media => is_protected = *flag,
                // Refused by some beside an action, and needed by others in a change.
                ("Inserted", Value::Bool(true)) if !self.kit.has_media_actions => {}
                ("TransferProtocolType", Value::String(word)) if self.kit.media_protocols.contains(&word.as_str()) => {}
                _ => return Err(Refusal::new(400, "ActionParameterUnknown", format!("{name} is not in the list of valid parameters."))),
            }
        }
        let image = image.ok_or_else(|| Refusal::new(400, "ActionParameterMissing", "The action requires Image."))?;
        self.drives[index] = Some((image, is_protected));
        Ok(())
    }

    fn eject(&mut self, index: usize) -> Result<(), Refusal> {
        match (&self.drives[index], self.kit.eject_looks) {
            (Some(_), 0) => {
                self.drives[index] = None;
                Ok(())
            }
            (Some(_), looks) => {
                self.leaving[index] = Some(looks);
                Ok(())
            }
            (None, _) => Err(Refusal::new(400, "ActionNotSupported", "There is nothing to eject.")),
        }
    }
}

impl SimRedfish {
    /// What lies in a drive, and whether it may only be read.
    pub fn drive(&self, id: &str) -> Option<(String, bool)> {
        self.see(|world| DRIVES.iter().zip(&world.drives).find(|((known, _), _)| *known == id).and_then(|(_, drive)| drive.clone()))
    }

    /// Somebody puts an image in, or takes it out.
    pub fn set_drive(&self, id: &str, image: Option<&str>) {
        self.act(|world| {
            for (_, drive) in DRIVES.iter().zip(&mut world.drives).filter(|((known, _), _)| *known == id) {
                *drive = image.map(|image| (image.to_owned(), true));
            }
        });
    }
}
