//! What do vendors do in their own way? A table, by what the service says its vendor is; what can be found out by asking is not in it.

use serde_json::Value;

/// One vendor's way.
pub struct Quirk {
    /// For people.
    pub name: &'static str,
    /// What the vendor's name begins with, in lower case.
    pub vendor: &'static str,
    pub way: Way,
    /// For people: what it does, and what is done about it.
    pub words: (&'static str, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Etags(EtagUse),
    /// `SerialNumber` is the board's; what stands on the label is the `SKU`.
    SerialIsSku,
    /// Accounts are slots that are filled and emptied; the one with this id is nobody's.
    AccountsAreSlots {
        reserved: &'static str,
    },
    /// The settings for the next start are there, below the firmware's resource, and nothing says so.
    SettingsBelowBios(&'static str),
}

/// What becomes of an ETag in `If-Match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtagUse {
    AsGiven,
    /// Without the quotes that the standard demands.
    Unquoted,
    Never,
}

impl EtagUse {
    pub(super) fn written(self, etag: String) -> String {
        match self {
            Self::Unquoted => etag.trim_start_matches("W/").trim_matches('"').to_owned(),
            Self::AsGiven | Self::Never => etag,
        }
    }
}

/// The table. Each row names where it was learnt.
pub const QUIRKS: &[Quirk] = &[
    // stmcginnis/gofish#275, ansible-collections/community.general#3296
    Quirk {
        name: "Intel",
        vendor: "intel",
        way: Way::Etags(EtagUse::Unquoted),
        words: ("refuses its own ETags unless the quotes are taken off", "takes them off"),
    },
    // dell/iDRAC-Redfish-Scripting#288
    Quirk {
        name: "Dell",
        vendor: "dell",
        way: Way::AccountsAreSlots { reserved: "1" },
        words: ("has sixteen slots for accounts, the first of them reserved", "fills and empties slots, never the first"),
    },
    Quirk {
        name: "Dell",
        vendor: "dell",
        way: Way::SerialIsSku,
        words: ("tells the board's serial number; the service tag is its `SKU`", "takes the service tag for the serial number"),
    },
    // ansible-collections/community.general#6434
    Quirk {
        name: "Gigabyte",
        vendor: "giga",
        way: Way::SettingsBelowBios("SD"),
        words: ("does not say where the settings for the next start are", "looks at `SD` below its `Bios`"),
    },
];

/// The ways of the vendor that a service belongs to.
pub(super) fn ways(root: &Value, system: &Value) -> Vec<Way> {
    let text = |resource: &Value, name: &str| resource.get(name).and_then(Value::as_str).map(str::to_owned);
    let oem = root.get("Oem").and_then(Value::as_object).into_iter().flatten().map(|(vendor, _)| vendor.clone());
    let names: Vec<String> =
        oem.chain(text(root, "Vendor")).chain(text(system, "Manufacturer")).map(|name| name.trim().to_ascii_lowercase()).collect();
    QUIRKS.iter().filter(|quirk| names.iter().any(|name| name.starts_with(quirk.vendor))).map(|quirk| quirk.way).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_vendor_is_known_by_root_or_system() {
        let slots = Way::AccountsAreSlots { reserved: "1" };
        assert!(ways(&json!({"Oem": {"Dell": {}}}), &json!({})).contains(&slots));
        assert!(ways(&json!({"Vendor": "Dell"}), &json!({})).contains(&slots));
        assert!(ways(&json!({}), &json!({"Manufacturer": " Dell Inc."})).contains(&slots));
        assert_eq!(ways(&json!({"Vendor": "SimCo"}), &json!({"Manufacturer": "SimCo"})), []);
    }

    #[test]
    fn quotes_are_taken_off_where_they_must_be() {
        let etags = ["\"a\"", "W/\"a\"", "a"];
        assert_eq!(etags.map(|etag| EtagUse::Unquoted.written(etag.to_owned())), ["a"; 3]);
        assert_eq!(etags.map(|etag| EtagUse::AsGiven.written(etag.to_owned())), etags);
    }
}
