//! What does every resource say of itself? Its type by DMTF's schemas, its name and its place. DMTF's validator reads all of it.

use serde_json::{Value, json};

/// By path, in which `*` is any one part: the type, and the name where the resource has none of its own.
const TYPES: &[(&str, &str, &str)] = &[
    ("/redfish/v1", "#ServiceRoot.v1_15_0.ServiceRoot", "Root Service"),
    ("/redfish/v1/Systems", "#ComputerSystemCollection.ComputerSystemCollection", "Systems"),
    ("/redfish/v1/Systems/*", "#ComputerSystem.v1_20_0.ComputerSystem", "System"),
    ("/redfish/v1/Systems/*/ResetInfo", "#ActionInfo.v1_3_0.ActionInfo", "Ways to reset"),
    ("/redfish/v1/Systems/*/Pending", "#ComputerSystem.v1_20_0.ComputerSystem", "Settings to come"),
    ("/redfish/v1/Systems/*/Firmware", "#Bios.v1_2_0.Bios", "Firmware"),
    ("/redfish/v1/Systems/*/Firmware/*", "#Bios.v1_2_0.Bios", "Settings of the firmware to come"),
    ("/redfish/v1/Systems/*/BootOptions", "#BootOptionCollection.BootOptionCollection", "Boot options"),
    ("/redfish/v1/Systems/*/BootOptions/*", "#BootOption.v1_0_5.BootOption", "Boot option"),
    ("/redfish/v1/Systems/*/Media", "#VirtualMediaCollection.VirtualMediaCollection", "Virtual media"),
    ("/redfish/v1/Systems/*/Media/*", "#VirtualMedia.v1_6_0.VirtualMedia", "Virtual drive"),
    ("/redfish/v1/Chassis", "#ChassisCollection.ChassisCollection", "Chassis"),
    ("/redfish/v1/Chassis/*", "#Chassis.v1_23_0.Chassis", "Enclosure"),
    ("/redfish/v1/Chassis/*/Heat", "#Thermal.v1_7_1.Thermal", "Heat"),
    ("/redfish/v1/Chassis/*/Power", "#Power.v1_7_1.Power", "Power"),
    ("/redfish/v1/Managers", "#ManagerCollection.ManagerCollection", "Managers"),
    ("/redfish/v1/Managers/*", "#Manager.v1_18_0.Manager", "BMC"),
    ("/redfish/v1/Managers/*/Protocols", "#ManagerNetworkProtocol.v1_9_1.ManagerNetworkProtocol", "Protocols"),
    ("/redfish/v1/Managers/*/Nics", "#EthernetInterfaceCollection.EthernetInterfaceCollection", "Interfaces"),
    ("/redfish/v1/Managers/*/Nics/*", "#EthernetInterface.v1_9_0.EthernetInterface", "Interface"),
    ("/redfish/v1/Managers/*/Media", "#VirtualMediaCollection.VirtualMediaCollection", "Virtual media"),
    ("/redfish/v1/Managers/*/Media/*", "#VirtualMedia.v1_6_0.VirtualMedia", "Virtual drive"),
    ("/redfish/v1/Managers/*/LogServices", "#LogServiceCollection.LogServiceCollection", "Logs"),
    ("/redfish/v1/Managers/*/LogServices/*", "#LogService.v1_5_0.LogService", "Log"),
    ("/redfish/v1/Managers/*/LogServices/*/Entries", "#LogEntryCollection.LogEntryCollection", "Entries"),
    ("/redfish/v1/Managers/*/LogServices/*/Entries/*", "#LogEntry.v1_15_0.LogEntry", "Entry"),
    ("/redfish/v1/AccountService", "#AccountService.v1_13_0.AccountService", "Accounts"),
    ("/redfish/v1/AccountService/Accounts", "#ManagerAccountCollection.ManagerAccountCollection", "Accounts"),
    ("/redfish/v1/AccountService/Accounts/*", "#ManagerAccount.v1_9_0.ManagerAccount", "Account"),
    ("/redfish/v1/AccountService/Roles", "#RoleCollection.RoleCollection", "Roles"),
    ("/redfish/v1/AccountService/Roles/*", "#Role.v1_3_1.Role", "Role"),
    ("/redfish/v1/SessionService", "#SessionService.v1_1_8.SessionService", "Sessions"),
    ("/redfish/v1/SessionService/Sessions", "#SessionCollection.SessionCollection", "Sessions"),
    ("/redfish/v1/SessionService/Sessions/*", "#Session.v1_7_0.Session", "Session"),
    ("/redfish/v1/TaskService/Tasks/*", "#Task.v1_7_2.Task", "Task"),
    ("/redfish/v1/Registries", "#MessageRegistryFileCollection.MessageRegistryFileCollection", "Registries"),
    ("/redfish/v1/Registries/*", "#MessageRegistryFile.v1_1_3.MessageRegistryFile", "Registry"),
];

/// The body with its place, its type and a name.
pub(super) fn described(mut body: Value, path: &str) -> Value {
    let path = path.trim_end_matches('/');
    body["@odata.id"] = json!(path);
    if let Some((_, kind, name)) = TYPES.iter().find(|(pattern, ..)| is_at(pattern, path)) {
        for (key, text) in [("@odata.type", kind), ("Name", name)] {
            if body.get(key).is_none() {
                body[key] = json!(text);
            }
        }
    }
    body
}

fn is_at(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(wanted, part)| *wanted == "*" || wanted == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_known_by_its_place() {
        let kind = |path: &str| described(json!({"Id": "1"}), path)["@odata.type"].clone();
        assert_eq!(kind("/redfish/v1/Systems/node.9f"), json!("#ComputerSystem.v1_20_0.ComputerSystem"));
        assert_eq!(kind("/redfish/v1/Systems/"), json!("#ComputerSystemCollection.ComputerSystemCollection"));
        assert_eq!(kind("/store/en.json"), Value::Null);
        assert_eq!(described(json!({"Name": "own"}), "/redfish/v1/Systems/a")["Name"], json!("own"));
    }
}
