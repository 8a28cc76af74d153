//! What is a service made of? The standard's choices, and the ways of vendors.

use std::sync::Arc;

use super::crowd::Crowd;

/// How a service marks the state of its resources, and what it wants of whoever changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etags {
    /// It has none, and asks for none.
    None,
    /// A change may name one; a wrong one is refused.
    Optional,
    /// A change must name one (428 otherwise).
    Required,
    /// A change must name something, and nothing is told that could be named: `*` is taken.
    RequiredAndUntold,
    /// Only what has no quotes is taken, whatever was told.
    Unquoted,
    /// A compressed answer has another one, which is refused afterwards.
    ChangedByCompression,
}

#[derive(Debug, Clone)]
pub struct RedfishKit {
    pub vendor: &'static str,
    pub serial: &'static str,
    /// What stands on the label, where `serial` is the board's.
    pub sku: Option<&'static str>,
    pub uuid: &'static str,
    pub on: bool,
    pub etags: Etags,
    pub has_sessions: bool,
    pub sessions_max: usize,
    /// Who counts the sessions of a whole rack.
    pub crowd: Option<Arc<Crowd>>,
    /// How many members of a collection are on one page.
    pub page_max: usize,
    /// Whether a collection is given with its members to whoever asks.
    pub expands: bool,
    /// How many accounts there is room for, where they are slots; the first is nobody's.
    pub slots: Option<usize>,
    /// How many looks a task takes; 0: changes are answered at once.
    pub task_looks: usize,
    pub reset_types: &'static [&'static str],
    /// Whether those are told by an action's description of its own.
    pub has_action_info: bool,
    /// What overrides there are.
    pub overrides: &'static [&'static str],
    /// The mode is put back when a change leaves it out.
    pub forgets_mode: bool,
    /// An override for one start is made a lasting one.
    pub once_becomes_lasting: bool,
    /// The override is only taken at the object for settings to come.
    pub boot_by_settings: bool,
    /// Whether there is an order of boot options.
    pub has_boot_order: bool,
    /// An order that leaves one out is refused.
    pub whole_order_only: bool,
    /// Virtual media belong to the system; else to the manager.
    pub media_by_system: bool,
    /// Whether media are put in by an action; else by a change.
    pub has_media_actions: bool,
    /// Which protocols the action lists, one of which has to be named; none: it lists none.
    pub media_protocols: &'static [&'static str],
    /// Whether media have a write protection.
    pub protects_media: bool,
    /// A drive that was emptied still names the image, and says only that it is not connected.
    pub remembers_media: bool,
    /// How many looks at a drive still show what was ejected; nothing can be put in until then.
    pub eject_looks: usize,
    /// The first drive for discs can be emptied, and not filled.
    pub has_stuck_drive: bool,
    /// A list with nothing (null) in it is refused, and one without takes the place of the old one.
    pub refuses_nulls: bool,
    /// Whether the interface has DHCPv6 as well, which names servers.
    pub has_dhcp_v6: bool,
    /// Whether the firmware's resource says where the settings for the next start are.
    pub tells_settings: bool,
    pub settings_name: &'static str,
    /// A change of settings has to say when it is to hold.
    pub demands_apply_time: bool,
    /// Whether what is to come is told in full, or only what differs.
    pub repeats_settings: bool,
    /// Whether the system tells when it was reset last.
    pub tells_last_reset: bool,
    /// A second system behind the same BMC.
    pub second_system: bool,
}

impl Default for RedfishKit {
    fn default() -> Self {
        Self {
            vendor: "SimCo",
            serial: "S412340",
            sku: None,
            uuid: "4C4C4544-0033-4610-8050-B4C04F305032",
            on: true,
            etags: Etags::Optional,
            has_sessions: true,
            sessions_max: 4,
            crowd: None,
            page_max: 50,
            expands: false,
            slots: None,
            task_looks: 0,
            reset_types: &["On", "ForceOff", "GracefulShutdown", "ForceRestart", "PowerCycle", "Nmi"],
            has_action_info: false,
            overrides: &["Disabled", "Once", "Continuous"],
            forgets_mode: false,
            once_becomes_lasting: false,
            boot_by_settings: false,
            has_boot_order: true,
            whole_order_only: false,
            media_by_system: false,
            has_media_actions: true,
            media_protocols: &[],
            protects_media: true,
            remembers_media: false,
            eject_looks: 0,
            has_stuck_drive: false,
            refuses_nulls: false,
            has_dhcp_v6: false,
            tells_settings: true,
            settings_name: "Settings",
            demands_apply_time: false,
            repeats_settings: true,
            tells_last_reset: true,
            second_system: false,
        }
    }
}

/// A vendor's way.
pub struct Vendor {
    pub name: &'static str,
    /// Where it was learnt.
    pub source: &'static str,
    pub kit: fn() -> RedfishKit,
}

/// One row for each way.
pub const VENDORS: &[Vendor] = &[
    Vendor { name: "demands If-Match", source: "DMTF/Redfish-Tacklebox#22", kit: || RedfishKit { etags: Etags::Required, ..RedfishKit::default() } },
    Vendor {
        name: "demands If-Match and tells no ETag",
        source: "stmcginnis/gofish#171",
        kit: || RedfishKit { etags: Etags::RequiredAndUntold, ..RedfishKit::default() },
    },
    Vendor { name: "has no ETags", source: "sushy-tools", kit: || RedfishKit { etags: Etags::None, ..RedfishKit::default() } },
    Vendor {
        name: "Intel: refuses its own quoted ETags",
        source: "stmcginnis/gofish#275",
        kit: || RedfishKit { vendor: "Intel Corporation", etags: Etags::Unquoted, ..RedfishKit::default() },
    },
    Vendor {
        name: "iDRAC 10: other ETags for compressed answers, the override by the settings object",
        source: "stmcginnis/gofish#511",
        kit: || RedfishKit { etags: Etags::ChangedByCompression, boot_by_settings: true, ..RedfishKit::default() },
    },
    Vendor {
        name: "Dell: accounts in slots, the service tag as SKU",
        source: "dell/iDRAC-Redfish-Scripting#288",
        kit: || RedfishKit {
            vendor: "Dell Inc.",
            slots: Some(6),
            demands_apply_time: true,
            serial: "CNIVC0001",
            sku: Some("S412340"),
            ..RedfishKit::default()
        },
    },
    Vendor {
        name: "Gigabyte: does not say where settings are",
        source: "ansible-collections/community.general#6434",
        kit: || RedfishKit { vendor: "Giga Computing", tells_settings: false, settings_name: "SD", repeats_settings: false, ..RedfishKit::default() },
    },
    Vendor {
        name: "Supermicro: puts the mode back, and an empty drive names the last image",
        source: "DMTF/Redfishtool#106, ansible-collections/community.general#7470",
        kit: || RedfishKit { vendor: "Supermicro", forgets_mode: true, remembers_media: true, ..RedfishKit::default() },
    },
    Vendor {
        name: "Lenovo: virtual media by changes, not by actions",
        source: "stmcginnis/gofish#529",
        kit: || RedfishKit { vendor: "Lenovo", has_media_actions: false, whole_order_only: true, ..RedfishKit::default() },
    },
    Vendor {
        name: "virtual media of the system, by listed protocols",
        source: "DSP2046",
        kit: || RedfishKit { media_by_system: true, media_protocols: &["NFS", "HTTPS"], ..RedfishKit::default() },
    },
    Vendor {
        name: "tasks, pages of one, and a description of the action",
        source: "DSP0266",
        kit: || RedfishKit { task_looks: 2, page_max: 1, has_action_info: true, tells_last_reset: false, ..RedfishKit::default() },
    },
    Vendor { name: "collections with their members", source: "DSP0266", kit: || RedfishKit { expands: true, page_max: 2, ..RedfishKit::default() } },
    Vendor { name: "no sessions", source: "sushy-tools", kit: || RedfishKit { has_sessions: false, ..RedfishKit::default() } },
];
