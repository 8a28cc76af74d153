//! What are the drives that a BMC pretends to have? Slots with names, each with an image in it or none.

/// A drive that the machine sees, and the BMC fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaSlot {
    /// What the BMC calls it.
    pub name: String,
    /// What the machine takes it for: `cd`, `usb`, `floppy`.
    pub kinds: Vec<&'static str>,
    pub medium: Option<Medium>,
    /// Some can only be emptied.
    pub can_be_filled: bool,
    /// Whether images are fetched by HTTPS, as far as the BMC says.
    pub takes_https: bool,
    pub has_write_protection: bool,
}

/// An image in a drive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    pub image: String,
    /// `None`: the BMC does not tell, or its own choice.
    pub write_protected: Option<bool>,
}

impl MediaSlot {
    /// The slot that is meant: by its own name, or else the first of the kind, of those that can be filled where there is one.
    pub fn find<'s>(slots: &'s [Self], called: &str) -> Option<&'s Self> {
        let of_kind = || slots.iter().filter(|slot| slot.kinds.contains(&called));
        let by_name = slots.iter().find(|slot| slot.name == called);
        by_name.or_else(|| of_kind().find(|slot| slot.can_be_filled)).or_else(|| of_kind().next())
    }
}

impl Medium {
    /// Whether it is what is wanted; what nobody names is not looked at.
    pub fn is_as(&self, wanted: &Self) -> bool {
        self.image == wanted.image && (wanted.write_protected.is_none() || self.write_protected == wanted.write_protected)
    }
}
