//! What is the BMC itself called, and whom does it ask for names? One interface with an address, and one without.

use serde_json::{Value, json};

use super::control::SimRedfish;
use super::refusal::Refusal;
use super::resources::MANAGER;
use super::state::World;

/// What the first interface has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Network {
    pub(super) hostname: String,
    pub(super) name_servers: [String; 3],
    /// Whether DHCP says which name servers are asked.
    pub(super) takes_theirs: bool,
    /// The same for DHCPv6.
    pub(super) takes_theirs_v6: bool,
}

impl Network {
    pub(super) fn factory() -> Self {
        Self { hostname: "bmc-factory".to_owned(), name_servers: ["0.0.0.0", "", "::"].map(str::to_owned), takes_theirs: true, takes_theirs_v6: true }
    }
}

impl World {
    pub(super) fn interface(&self, path: &str, skip: usize) -> Option<Value> {
        let place = format!("{MANAGER}/Nics");
        if path == place {
            return Some(self.collection(path, skip, ["usb0", "eth0"].map(|id| format!("{place}/{id}")).to_vec()));
        }
        let network = &self.network;
        Some(match path.strip_prefix(&place)?.strip_prefix('/')? {
            "eth0" => {
                let mut interface = json!({
                    "Id": "eth0", "HostName": network.hostname, "StaticNameServers": network.name_servers, "NameServers": ["10.0.0.1"],
                    "IPv4Addresses": [{"Address": "127.0.0.1"}], "DHCPv4": {"DHCPEnabled": true, "UseDNSServers": network.takes_theirs},
                });
                if self.kit.has_dhcp_v6 {
                    interface["DHCPv6"] = json!({"OperatingMode": "Stateful", "UseDNSServers": network.takes_theirs_v6});
                }
                interface
            }
            "usb0" => json!({"Id": "usb0", "HostName": "usb", "StaticNameServers": [], "IPv4Addresses": [{"Address": "169.254.1.1"}]}),
            _ => return None,
        })
    }

    /// `None`: the path is no interface that can be changed.
    pub(super) fn patch_interface(&mut self, path: &str, body: &Value) -> Option<Result<(), Refusal>> {
        (path == format!("{MANAGER}/Nics/eth0")).then(|| self.change_network(body))
    }

    fn change_network(&mut self, body: &Value) -> Result<(), Refusal> {
        let mut network = self.network.clone();
        for (name, value) in body.as_object().into_iter().flatten() {
            match (name.as_str(), value) {
                ("HostName", Value::String(text)) => network.hostname.clone_from(text),
                ("StaticNameServers", Value::Array(servers)) if self.kit.refuses_nulls && servers.iter().any(Value::is_null) => {
                    return Err(Refusal::new(400, "PropertyValueTypeError", "The value null for the property is of a different type."));
                }
                ("StaticNameServers", Value::Array(servers)) if self.kit.refuses_nulls && servers.len() <= network.name_servers.len() => {
                    network.name_servers = Default::default();
                    for (place, server) in network.name_servers.iter_mut().zip(servers) {
                        server.as_str().ok_or_else(|| Refusal::value(name, value))?.clone_into(place);
                    }
                }
                // Places that are not named stay as they are.
                ("StaticNameServers", Value::Array(servers)) if servers.len() <= network.name_servers.len() => {
                    for (place, server) in network.name_servers.iter_mut().zip(servers) {
                        // Null takes a server out of a place that stays.
                        *place =
                            if server.is_null() { String::new() } else { server.as_str().ok_or_else(|| Refusal::value(name, value))?.to_owned() };
                    }
                }
                ("DHCPv4", Value::Object(dhcp)) if dhcp.keys().all(|key| key == "UseDNSServers") => {
                    network.takes_theirs = dhcp.values().all(|value| *value == Value::Bool(true));
                }
                ("DHCPv6", Value::Object(dhcp)) if self.kit.has_dhcp_v6 && dhcp.keys().all(|key| key == "UseDNSServers") => {
                    network.takes_theirs_v6 = dhcp.values().all(|value| *value == Value::Bool(true));
                }
                _ => return Err(Refusal::value(name, value)),
            }
        }
        self.network = network;
        Ok(())
    }
}

impl SimRedfish {
    /// It takes connections, and says nothing on them.
    pub fn hang(&self) {
        self.act(|world| world.hangs = true);
    }

    pub fn console(&self) -> bool {
        self.see(|world| world.console)
    }

    pub fn set_console(&self, is_enabled: bool) {
        self.act(|world| world.console = is_enabled);
    }

    /// Too many tried to log in with it.
    pub fn lock_out(&self, account: &str) {
        self.act(|world| {
            world.accounts.locked.insert(account.to_owned());
        });
    }

    pub fn hostname(&self) -> String {
        self.see(|world| world.network.hostname.clone())
    }

    pub fn set_hostname(&self, name: &str) {
        self.act(|world| name.clone_into(&mut world.network.hostname));
    }

    /// Those that somebody wrote there, if they are asked.
    pub fn name_servers(&self) -> Vec<String> {
        let is_written = |server: &&String| !["", "0.0.0.0", "::"].contains(&server.as_str());
        self.see(|world| {
            let theirs = world.network.takes_theirs || world.kit.has_dhcp_v6 && world.network.takes_theirs_v6;
            world.network.name_servers.iter().filter(is_written).filter(|_| !theirs).cloned().collect()
        })
    }

    pub fn set_name_servers(&self, servers: [&str; 3]) {
        self.act(|world| {
            world.network.name_servers = servers.map(str::to_owned);
            (world.network.takes_theirs, world.network.takes_theirs_v6) = (false, false);
        });
    }
}
