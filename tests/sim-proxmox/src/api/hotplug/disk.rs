//! Which changes of a drive need no new process?

use super::Plug;
use crate::verify::{Properties, parse_properties};

/// The parts that a running disk keeps. Source: `QemuServer.pm` lines 5254 to 5264.
const FIXED: &[&str] = &["aio", "discard", "iothread", "queues", "product", "cache", "ssd", "vendor", "ro"];

pub(super) fn change(old: Option<&str>, new: &str, has_feature: bool) -> Plug {
    existing(old, new, has_feature).unwrap_or_else(|| Plug::live_if(has_feature))
}

/// IDE and SATA cannot be plugged in, but the medium of a CD drive can change.
pub(super) fn change_fixed(old: Option<&str>, new: &str, has_feature: bool) -> Plug {
    existing(old, new, has_feature).unwrap_or(Plug::Pending)
}

/// What becomes of a drive that is there already; nothing where a new device is needed.
fn existing(old: Option<&str>, new: &str, has_feature: bool) -> Option<Plug> {
    let (old, new) = (parse_properties(old?, "file"), parse_properties(new, "file"));
    let media = |drive: &Properties| drive.get("media").cloned().unwrap_or_else(|| "disk".to_owned());
    if media(&old) != media(&new) {
        return Some(Plug::Problem("unable to change media type\n".to_owned()));
    }
    if media(&old) == "cdrom" {
        return Some(Plug::Live);
    }
    if old.get("file") != new.get("file") {
        return (!has_feature).then_some(Plug::Pending);
    }
    Some(Plug::live_if(FIXED.iter().all(|name| old.get(*name) == new.get(*name))))
}
