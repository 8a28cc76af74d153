//! What does each resource say? Made from the machine's state whenever somebody asks.

use serde_json::{Map, Value, json};

use super::accounts::ROLES;
use super::described::described;
use super::state::World;

/// Ids that nobody would guess: whoever finds them followed the links.
pub(super) const SYSTEM: &str = "/redfish/v1/Systems/node.9f";
pub(super) const BIOS: &str = "/redfish/v1/Systems/node.9f/Firmware";
pub(super) const LOG: &str = "/redfish/v1/Managers/mgr-x1/LogServices/SEL";
pub(super) const ENTRIES: &str = "/redfish/v1/Managers/mgr-x1/LogServices/SEL/Entries";
pub(super) const PROTOCOLS: &str = "/redfish/v1/Managers/mgr-x1/Protocols";
const CHASSIS: &str = "/redfish/v1/Chassis/enc~3";
pub(super) const MANAGER: &str = "/redfish/v1/Managers/mgr-x1";
pub(super) const ACCOUNTS: &str = "/redfish/v1/AccountService/Accounts";
pub(super) const SESSIONS: &str = "/redfish/v1/SessionService/Sessions";
pub(super) const TASKS: &str = "/redfish/v1/TaskService/Tasks";

pub(super) fn link(path: &str) -> Value {
    json!({"@odata.id": path})
}

impl World {
    pub(super) fn settings_path(&self) -> String {
        format!("{BIOS}/{}", self.kit.settings_name)
    }

    /// What is at a path, with `?$skip=` where it is the next page of a collection.
    pub(super) fn resource(&self, path: &str, skip: usize) -> Option<Value> {
        let body = match path.trim_end_matches('/') {
            "/redfish/v1" => self.root(),
            "/redfish/v1/Systems" => {
                let second = self.kit.second_system.then(|| "/redfish/v1/Systems/node.a0".to_owned());
                self.collection(path, skip, [Some(SYSTEM.to_owned()), second].into_iter().flatten().collect())
            }
            SYSTEM => self.system(),
            "/redfish/v1/Systems/node.a0" => {
                json!({"Id": "node.a0", "Name": "the other one", "SystemType": "Physical", "UUID": "1", "PowerState": "On"})
            }
            "/redfish/v1/Systems/node.9f/ResetInfo" => {
                json!({"Id": "ResetInfo", "Parameters": [{"Name": "Other"}, {"Name": "ResetType", "Required": true, "AllowableValues": self.kit.reset_types}]})
            }
            "/redfish/v1/Systems/node.9f/Pending" => json!({"Id": "Pending", "Boot": self.boot_to_come()}),
            BIOS => self.bios(),
            settings if settings == self.settings_path() => self.settings(),
            "/redfish/v1/Chassis" => self.collection(path, skip, vec![CHASSIS.to_owned()]),
            CHASSIS => {
                json!({"Id": "enc~3", "ChassisType": "RackMount", "SerialNumber": "C1", "Thermal": link(&format!("{CHASSIS}/Heat")), "Power": link(&format!("{CHASSIS}/Power"))})
            }
            "/redfish/v1/Chassis/enc~3/Heat" => {
                json!({"Id": "Heat", "Fans": [self.part(path, "Fans/0", "Fan1")], "Temperatures": [self.part(path, "Temperatures/0", "CPU Temp")]})
            }
            "/redfish/v1/Chassis/enc~3/Power" => {
                let mut missing = self.part(path, "PowerSupplies/1", "PSU2");
                missing["Status"] = json!({"State": "Absent", "Health": "Critical"});
                json!({"Id": "Power", "PowerSupplies": [self.part(path, "PowerSupplies/0", "PSU1"), missing]})
            }
            "/redfish/v1/Managers" => self.collection(path, skip, vec![MANAGER.to_owned()]),
            MANAGER => self.manager(),
            PROTOCOLS => json!({"Id": "Protocols", "NTP": {"ProtocolEnabled": self.ntp.0, "NTPServers": self.ntp.1}}),
            "/redfish/v1/Managers/mgr-x1/LogServices" => self.collection(path, skip, vec![format!("{MANAGER}/LogServices/Audit"), LOG.to_owned()]),
            "/redfish/v1/Managers/mgr-x1/LogServices/Audit" => {
                json!({"Id": "Audit", "LogEntryType": "OEM", "Actions": {"#LogService.ClearLog": {"target": format!("{MANAGER}/LogServices/Audit/Actions/LogService.ClearLog")}}})
            }
            LOG => json!({
                "Id": "SEL", "LogEntryType": "SEL", "Entries": link(&format!("{LOG}/Entries")),
                "Actions": {"#LogService.ClearLog": {"target": format!("{LOG}/Actions/LogService.ClearLog")}},
            }),
            // Whole entries, as most give them.
            ENTRIES => {
                let entry = |(index, event): (usize, &Value)| described(event.clone(), &format!("{ENTRIES}/{index}"));
                json!({"Members": self.events.iter().enumerate().map(entry).collect::<Vec<_>>(), "Members@odata.count": self.events.len()})
            }
            "/redfish/v1/AccountService" => {
                json!({"Id": "AccountService", "MaxPasswordLength": 40, "Accounts": link(ACCOUNTS), "Roles": link("/redfish/v1/AccountService/Roles")})
            }
            "/redfish/v1/AccountService/Roles" => {
                self.collection(path, skip, ROLES.iter().map(|role| format!("/redfish/v1/AccountService/Roles/{role}")).collect())
            }
            role if ROLES.iter().any(|known| role.strip_prefix("/redfish/v1/AccountService/Roles/") == Some(known)) => {
                let id = role.rsplit('/').next().unwrap_or_default();
                json!({"Id": id, "RoleId": id, "IsPredefined": true})
            }
            ACCOUNTS => self.collection(path, skip, self.accounts.by_id.keys().map(|id| format!("{ACCOUNTS}/{id}")).collect()),
            "/redfish/v1/SessionService" if self.kit.has_sessions => json!({"Id": "SessionService", "Sessions": link(SESSIONS)}),
            SESSIONS if self.kit.has_sessions => {
                self.collection(path, skip, self.sessions.open.keys().map(|id| format!("{SESSIONS}/{id}")).collect())
            }
            "/redfish/v1/Registries" => {
                let all = ["Base", "SimBios"].map(|name| format!("/redfish/v1/Registries/{name}"));
                self.collection(path, skip, all.to_vec())
            }
            "/redfish/v1/Registries/Base" => {
                json!({"Id": "Base", "Registry": "Base.1.18", "Languages": ["en"], "Location": [{"Language": "en", "Uri": "/base.json"}]})
            }
            "/redfish/v1/Registries/SimBios" => json!({
                "Id": "SimBios", "Registry": "SimBios.v1_2", "Languages": ["zh", "en"],
                "Location": [{"Language": "zh", "Uri": "/store/zh.json"}, {"Language": "en", "Uri": "/store/en.json"}],
            }),
            "/store/en.json" => super::bios::registry(),
            "/store/zh.json" => super::bios::without_attributes("zh"),
            "/base.json" => super::refusal::registry(),
            other => match self.boot_option(other, skip).or_else(|| self.medium(other, skip)).or_else(|| self.interface(other, skip)) {
                Some(body) => body,
                None => return self.numbered(other),
            },
        };
        Some(described(body, path))
    }

    fn numbered(&self, path: &str) -> Option<Value> {
        let (folder, id) = path.rsplit_once('/')?;
        let id: usize = id.parse().ok()?;
        let body = match folder {
            ACCOUNTS => self.accounts.told(id)?,
            SESSIONS => self.sessions.open.get(&id).map(|_| json!({"Id": id.to_string()}))?,
            ENTRIES => self.events.get(id)?.clone(),
            _ => return None,
        };
        Some(described(body, path))
    }

    /// A collection with its members in place of their links.
    pub(super) fn expanded(&self, mut collection: Value) -> Value {
        let next = collection["Members@odata.nextLink"].as_str().map(|next| format!("{next}&$expand=."));
        if let Some(next) = next {
            collection["Members@odata.nextLink"] = json!(next);
        }
        for member in collection["Members"].as_array_mut().into_iter().flatten() {
            let whole = member["@odata.id"].as_str().and_then(|path| self.resource(path, 0));
            *member = whole.unwrap_or_else(|| member.clone());
        }
        collection
    }

    fn root(&self) -> Value {
        let mut root = json!({
            "Id": "RootService", "RedfishVersion": "1.17.0", "Vendor": self.kit.vendor,
            "Systems": link("/redfish/v1/Systems"), "Managers": link("/redfish/v1/Managers"), "Chassis": link("/redfish/v1/Chassis"),
            "AccountService": link("/redfish/v1/AccountService"), "Registries": link("/redfish/v1/Registries"), "Links": {},
        });
        if self.kit.expands {
            root["ProtocolFeaturesSupported"] = json!({"ExpandQuery": {"NoLinks": true, "MaxLevels": 1}});
        }
        if self.kit.has_sessions {
            root["SessionService"] = link("/redfish/v1/SessionService");
            root["Links"] = json!({"Sessions": link(SESSIONS)});
        }
        root
    }

    fn manager(&self) -> Value {
        let mut manager = json!({
            "Id": "mgr-x1", "ManagerType": "BMC", "FirmwareVersion": "1.07", "NetworkProtocol": link(PROTOCOLS), "LogServices": link(&format!("{MANAGER}/LogServices")),
            "EthernetInterfaces": link(&format!("{MANAGER}/Nics")),
            "SerialConsole": {"ServiceEnabled": self.console, "MaxConcurrentSessions": 1, "ConnectTypesSupported": ["SSH", "IPMI"]},
        });
        self.add_media(&mut manager, false);
        manager
    }

    fn system(&self) -> Value {
        let kit = &self.kit;
        let mut reset = json!({"target": format!("{SYSTEM}/Actions/ComputerSystem.Reset")});
        match kit.has_action_info {
            true => reset["@Redfish.ActionInfo"] = json!(format!("{SYSTEM}/ResetInfo")),
            false => reset["ResetType@Redfish.AllowableValues"] = json!(kit.reset_types),
        }
        let mut system = json!({
            "Id": "node.9f", "SystemType": "Physical",
            "Manufacturer": kit.vendor, "Model": "SimServer", "SerialNumber": kit.serial, "SKU": kit.sku, "UUID": kit.uuid,
            "PowerState": if self.on { "On" } else { "Off" }, "PowerRestorePolicy": self.restore_policy, "LocationIndicatorActive": self.light,
            "Status": {"State": "Enabled", "Health": self.health.get("system").map_or("OK", String::as_str)},
            "Boot": {
                "BootSourceOverrideEnabled": self.boot.enabled,
                "BootSourceOverrideEnabled@Redfish.AllowableValues": kit.overrides,
                "BootSourceOverrideTarget": self.boot.target,
                "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd", "Cd", "Usb", "BiosSetup"],
                "BootSourceOverrideMode": self.boot.mode,
                "BootSourceOverrideMode@Redfish.AllowableValues": ["UEFI", "Legacy"],
            },
            "Bios": link(BIOS),
            "Links": {"Chassis": [link(CHASSIS)], "ManagedBy": [link(MANAGER)]},
            "Actions": {"#ComputerSystem.Reset": reset},
        });
        self.add_order(&mut system["Boot"]);
        self.add_media(&mut system, true);
        if kit.tells_last_reset {
            system["LastResetTime"] = json!(format!("2026-11-20T10:{:02}:00Z", self.resets.len() % 60));
        }
        if kit.boot_by_settings {
            system["@Redfish.Settings"] = json!({"SettingsObject": link("/redfish/v1/Systems/node.9f/Pending")});
        }
        system
    }

    fn bios(&self) -> Value {
        let mut bios = json!({"Id": "Firmware", "AttributeRegistry": "SimBios.v1_2_0", "Attributes": map(&self.attributes)});
        if self.kit.tells_settings {
            bios["@Redfish.Settings"] =
                json!({"SettingsObject": link(&self.settings_path()), "SupportedApplyTimes": ["OnReset", "AtMaintenanceWindowStart"]});
        }
        bios
    }

    fn settings(&self) -> Value {
        let mut attributes = if self.kit.repeats_settings { self.attributes.clone() } else { Default::default() };
        attributes.extend(self.to_come.clone());
        json!({"Id": self.kit.settings_name, "Attributes": map(&attributes)})
    }

    fn part(&self, path: &str, place: &str, name: &str) -> Value {
        let number = place.rsplit('/').next().unwrap_or_default();
        json!({"@odata.id": format!("{path}#/{place}"), "MemberId": number, "Name": name, "Status": {"State": "Enabled", "Health": self.health.get(name).map_or("OK", String::as_str)}})
    }

    pub(super) fn collection(&self, path: &str, skip: usize, all: Vec<String>) -> Value {
        let page: Vec<Value> = all.iter().skip(skip).take(self.kit.page_max).map(|path| link(path)).collect();
        let next = skip + page.len();
        let mut collection = json!({"Members": page, "Members@odata.count": all.len()});
        if next < all.len() {
            collection["Members@odata.nextLink"] = json!(format!("{}?$skip={next}", path.trim_end_matches('/')));
        }
        collection
    }
}

fn map(attributes: &std::collections::BTreeMap<String, Value>) -> Value {
    Value::Object(attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}
