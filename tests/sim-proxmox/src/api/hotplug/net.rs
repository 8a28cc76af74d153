//! Which changes of a network device need no new device?

use super::Plug;
use crate::api::net::parts;

/// The parts that only a new device can have. Source: `QemuServer.pm` lines 5116 to 5122.
const NEEDS_NEW_DEVICE: &[&str] = &["model", "macaddr", "queues", "mtu"];

pub(super) fn change(old: Option<&str>, new: &str, has_feature: bool) -> Plug {
    let Some(old) = old else { return Plug::live_if(has_feature) };
    let (old, new) = (parts(old), parts(new));
    let is_same_device = NEEDS_NEW_DEVICE.iter().all(|name| old.get(*name) == new.get(*name));
    let keeps_bridge = old.contains_key("bridge") && new.contains_key("bridge");
    Plug::live_if((is_same_device && keeps_bridge) || has_feature)
}
