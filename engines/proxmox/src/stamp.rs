//! How do we find our machines again? By a block in the description, which says whose a machine is, and by a tag, which says
//! the same where only the list of guests is read.
//!
//! Both name the VMID: a clone made by hand copies description and tags, and is not ours for that.

use core_model::canonical::Hash;
use core_model::plan::{Step, comparable};
use core_model::{Address, EnvironmentId, Marker};
use engine_api::Order;
use serde_json::Value;

use crate::guest::GuestKind;
use crate::reader::Guest;

const FENCE: &str = "```ipr\n";
const FENCE_END: &str = "\n```";
const TAG_PREFIX: &str = "ipr.";
/// Owner, environment, blueprint, resource and number.
const PARTS: usize = 5;

/// What the block says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) marker: Marker,
    pub(crate) vmid: u32,
    /// The digest of the step that made the machine: how a repeated step knows its own work.
    pub(crate) step: String,
    /// A hash of what it was made from, secrets as fingerprints.
    pub(crate) spec: String,
    /// The machine was cloned, and its own values are not written yet.
    pub(crate) is_unfinished: bool,
}

impl Stamp {
    pub(crate) fn new(marker: &Marker, vmid: u32, step: &Step) -> Self {
        let spec = Hash::of(&comparable(&Value::Object(step.desired.clone())));
        Self { marker: marker.clone(), vmid, step: step.digest.as_str().to_owned(), spec: spec.as_str().to_owned(), is_unfinished: false }
    }

    /// The stamp of a description, if it is that of this very machine.
    pub(crate) fn read(description: Option<&str>, vmid: u32) -> Option<Self> {
        let (_, rest) = description?.split_once(FENCE)?;
        let block = rest.split(FENCE_END).next()?;
        let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).map(str::trim);
        let marker = line("marker")?.parse().ok()?;
        let stamped: u32 = line("vmid")?.parse().ok()?;
        let stamp = Self {
            marker,
            vmid: stamped,
            step: line("step").unwrap_or_default().to_owned(),
            spec: line("spec").unwrap_or_default().to_owned(),
            is_unfinished: line("state") == Some("unfinished"),
        };
        (stamped == vmid).then_some(stamp)
    }

    fn block(&self) -> String {
        let state = if self.is_unfinished { "\nstate: unfinished" } else { "" };
        format!("{FENCE}marker: {}\nvmid: {}\nstep: {}\nspec: {}{state}{FENCE_END}", self.marker, self.vmid, self.step, self.spec)
    }

    /// `ipr.<owner>.<environment>.<blueprint>.<resource>.<vmid>`: none of these holds a dot.
    pub(crate) fn tag(&self) -> String {
        let Marker { owner_id, environment, address } = &self.marker;
        format!("{TAG_PREFIX}{owner_id}.{environment}.{}.{}.{}", address.blueprint, address.resource, self.vmid)
    }
}

/// The author's notes and our block, as the description has them.
pub(crate) fn description(notes: Option<&str>, stamp: Option<&Stamp>) -> String {
    let parts: Vec<String> = notes.map(str::to_owned).into_iter().chain(stamp.map(Stamp::block)).collect();
    parts.join("\n\n")
}

/// The description without our block.
pub(crate) fn notes(description: Option<&str>) -> Option<String> {
    let description = description?;
    let text = match description.split_once(FENCE) {
        Some((before, rest)) => format!("{before}{}", rest.split_once(FENCE_END).map_or("", |(_, after)| after)),
        None => description.to_owned(),
    };
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// Whether a tag is one that we keep for ourselves.
pub(crate) fn is_our_tag(tag: &str) -> bool {
    tag.starts_with(TAG_PREFIX)
}

/// What a tag says, if it is that of this very machine.
pub(crate) fn marker_of_tag(tag: &str, vmid: u32) -> Option<Marker> {
    let mut parts = tag.strip_prefix(TAG_PREFIX)?.splitn(PARTS, '.');
    let [Some(owner_id), Some(environment), Some(blueprint), Some(resource), Some(stamped)] = std::array::from_fn::<_, PARTS, _>(|_| parts.next())
    else {
        return None;
    };
    if stamped.parse() != Ok(vmid) || owner_id.contains('/') {
        return None;
    }
    let address = Address::new(blueprint.parse().ok()?, resource.parse().ok()?);
    Some(Marker { owner_id: owner_id.to_owned(), environment: environment.parse().ok()?, address })
}

/// The guest that carries a marker; else the one of a name that nobody else has marked. One that moved carries a marker that
/// may be its own.
pub(crate) fn find<'g>(
    guests: &'g [Guest],
    (kind, name): (GuestKind, &str),
    is_it: impl Fn(&Marker) -> bool,
    may_be_it: impl Fn(&Marker) -> bool,
) -> Option<&'g Guest> {
    let of_kind = || guests.iter().filter(|guest| guest.kind == kind);
    let tagged = of_kind().find(|guest| guest.markers.iter().any(&is_it));
    tagged.or_else(|| of_kind().find(|guest| guest.name == name && guest.markers.iter().all(&may_be_it)))
}

/// The guest of an order.
pub(crate) fn of_order<'g>(guests: &'g [Guest], order: &Order) -> Option<&'g Guest> {
    let (kind, ours) = (GuestKind::of_type(&order.step.type_name), &order.marker);
    let may_be_it = |marker: &Marker| belongs(marker, &ours.owner_id, Some(&ours.environment));
    find(guests, (kind, &order.step.object), |marker| marker == ours, may_be_it)
}

/// The tags of a guest: `;` between them, in older versions also `,` or a space.
pub(crate) fn tags(text: Option<&str>) -> Vec<String> {
    let parts = text.unwrap_or_default().split([';', ',', ' ']);
    parts.filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// Whether a marker is of this owner and environment.
pub(crate) fn belongs(marker: &Marker, owner_id: &str, environment: Option<&EnvironmentId>) -> bool {
    marker.owner_id == owner_id && environment.is_none_or(|environment| *environment == marker.environment)
}

/// An owner id becomes part of a tag: what Proxmox takes there, without the dots that separate the parts.
pub(crate) fn is_owner_id(text: &str) -> bool {
    let is_tag = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter);
    !text.is_empty() && text.len() <= 40 && text.chars().all(is_tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp() -> Stamp {
        let marker = "6f0c2a9e/prod/shop.web-01".parse().expect("a marker");
        Stamp { marker, vmid: 12_345, step: "s1".to_owned(), spec: "h1".to_owned(), is_unfinished: false }
    }

    #[test]
    fn the_block_and_the_tag_say_the_same() {
        let stamp = Stamp { is_unfinished: true, ..stamp() };
        let text = description(Some("Ask ops first."), Some(&stamp));
        assert_eq!(Stamp::read(Some(&text), 12_345), Some(stamp.clone()));
        assert_eq!(notes(Some(&text)).as_deref(), Some("Ask ops first."));
        assert_eq!(marker_of_tag(&stamp.tag(), 12_345), Some(stamp.marker));
        assert_eq!(notes(Some(&description(None, Some(&self::stamp())))), None);
    }

    #[test]
    fn a_copy_with_another_vmid_is_not_ours() {
        let text = description(None, Some(&stamp()));
        assert_eq!(Stamp::read(Some(&text), 12_346), None);
        assert_eq!(marker_of_tag(&stamp().tag(), 12_346), None);
        for tag in ["ipr", "ipr.me.prod.shop.12345", "ipr.me.prod.shop.web.x.12345", "ipr.me.prod.shop.Web.12345", "ipr.me/you.prod.shop.web.12345"] {
            assert_eq!(marker_of_tag(tag, 12_345), None, "{tag}");
        }
    }
}
