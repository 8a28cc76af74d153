//! Which devices of the host does a machine have? By the cluster's resource mappings: raw devices are root's alone.

use serde_json::{Value, json};

use crate::config::{Config, Properties};
use crate::guest::edits::Edits;
use crate::guest::wanted::Wanted;

const GROUP: &str = "specs.devices";

pub(super) fn read(config: &Config, values: &mut Vec<(String, Value)>) {
    let slots = config.options.iter().filter(|(name, _)| name.starts_with("hostpci") || name.starts_with("usb"));
    let mapped = slots.filter_map(|(slot, text)| Some((format!("{GROUP}.{slot}.mapping"), json!(Properties::parse(text).get("mapping")?))));
    values.extend(mapped);
}

pub(super) fn write(config: &Config, wanted: &Wanted, edits: &mut Edits) {
    for slot in wanted.touched_slots(GROUP) {
        let mapping = wanted.text(&format!("{GROUP}.{slot}.mapping"));
        let device = mapping.map(|mapping| {
            let mut properties = config.properties(&slot).unwrap_or_default();
            properties.put("mapping", Some(mapping.to_owned()));
            properties.text()
        });
        edits.bring(config, &slot, device);
    }
}
