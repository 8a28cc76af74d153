//! Which function answers which method?

use super::{
    Call, Outcome, access, agent, clone, cloudinit, cluster, config, content, create, delete, disk, firewall, guest, ha, migrate, network, pool,
    power, snapshot, storage, tasks,
};
use crate::methods::Method;

/// What answers a request.
pub(super) type Handler = fn(&mut Call<'_>) -> Outcome;

pub(crate) fn handler(method: &Method) -> Option<Handler> {
    let found = ROUTES.iter().find(|(verb, path, _)| *verb == method.method && *path == method.path);
    found.map(|(_, _, handler)| *handler).or_else(|| firewall::handler(&method.method, &method.path))
}

const ROUTES: &[(&str, &str, Handler)] = &[
    ("GET", "/version", cluster::version),
    ("POST", "/access/ticket", access::create_ticket),
    ("GET", "/access/permissions", access::permissions),
    ("GET", "/access/users", access::users),
    ("POST", "/access/users", access::create_user),
    ("GET", "/access/acl", access::acl),
    ("PUT", "/access/acl", access::update_acl),
    ("GET", "/access/roles", access::roles),
    ("GET", "/cluster/status", cluster::status),
    ("GET", "/cluster/resources", cluster::resources),
    ("GET", "/cluster/nextid", cluster::next_id),
    ("GET", "/cluster/tasks", tasks::cluster_list),
    ("GET", "/cluster/options", cluster::options),
    ("PUT", "/cluster/options", cluster::update_options),
    ("GET", "/cluster/ha/resources", ha::list),
    ("POST", "/cluster/ha/resources", ha::create),
    ("GET", "/cluster/ha/resources/{sid}", ha::read),
    ("PUT", "/cluster/ha/resources/{sid}", ha::update),
    ("DELETE", "/cluster/ha/resources/{sid}", ha::delete),
    ("GET", "/cluster/ha/status/current", ha::status),
    ("GET", "/nodes", cluster::nodes),
    ("GET", "/nodes/{node}/status", cluster::node_status),
    ("GET", "/nodes/{node}/version", cluster::version),
    ("GET", "/nodes/{node}/tasks", tasks::list),
    ("GET", "/nodes/{node}/tasks/{upid}/status", tasks::status),
    ("GET", "/nodes/{node}/tasks/{upid}/log", tasks::log),
    ("DELETE", "/nodes/{node}/tasks/{upid}", tasks::stop),
    ("GET", "/nodes/{node}/qemu", guest::list),
    ("POST", "/nodes/{node}/qemu", create::qemu),
    ("DELETE", "/nodes/{node}/qemu/{vmid}", delete::delete),
    ("GET", "/nodes/{node}/qemu/{vmid}/config", config::read),
    ("PUT", "/nodes/{node}/qemu/{vmid}/config", config::update_waiting),
    ("POST", "/nodes/{node}/qemu/{vmid}/config", config::update_task),
    ("GET", "/nodes/{node}/qemu/{vmid}/pending", config::pending),
    ("GET", "/nodes/{node}/qemu/{vmid}/cloudinit", cloudinit::read),
    ("PUT", "/nodes/{node}/qemu/{vmid}/cloudinit", cloudinit::regenerate),
    ("GET", "/nodes/{node}/qemu/{vmid}/cloudinit/dump", cloudinit::dump),
    ("GET", "/nodes/{node}/qemu/{vmid}/status/current", guest::current),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/start", power::start),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/stop", power::stop),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/shutdown", power::shutdown),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/reboot", power::reboot),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/reset", power::reset),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/suspend", power::suspend),
    ("POST", "/nodes/{node}/qemu/{vmid}/status/resume", power::resume),
    ("POST", "/nodes/{node}/qemu/{vmid}/clone", clone::clone),
    ("POST", "/nodes/{node}/qemu/{vmid}/template", clone::template),
    ("PUT", "/nodes/{node}/qemu/{vmid}/resize", disk::resize),
    ("POST", "/nodes/{node}/qemu/{vmid}/move_disk", disk::move_disk),
    ("PUT", "/nodes/{node}/qemu/{vmid}/unlink", disk::unlink),
    ("GET", "/nodes/{node}/qemu/{vmid}/migrate", migrate::preconditions),
    ("POST", "/nodes/{node}/qemu/{vmid}/migrate", migrate::migrate),
    ("GET", "/nodes/{node}/qemu/{vmid}/feature", snapshot::feature),
    ("GET", "/nodes/{node}/qemu/{vmid}/snapshot", snapshot::list),
    ("POST", "/nodes/{node}/qemu/{vmid}/snapshot", snapshot::create),
    ("DELETE", "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}", snapshot::delete),
    ("GET", "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config", snapshot::config),
    ("POST", "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback", snapshot::rollback),
    ("POST", "/nodes/{node}/qemu/{vmid}/agent/ping", agent::ping),
    ("GET", "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces", agent::interfaces),
    ("GET", "/nodes/{node}/lxc", guest::list),
    ("POST", "/nodes/{node}/lxc", create::lxc),
    ("DELETE", "/nodes/{node}/lxc/{vmid}", delete::delete),
    ("GET", "/nodes/{node}/lxc/{vmid}/config", config::read),
    ("PUT", "/nodes/{node}/lxc/{vmid}/config", config::update_waiting),
    ("GET", "/nodes/{node}/lxc/{vmid}/pending", config::pending),
    ("GET", "/nodes/{node}/lxc/{vmid}/status/current", guest::current),
    ("POST", "/nodes/{node}/lxc/{vmid}/status/start", power::start),
    ("POST", "/nodes/{node}/lxc/{vmid}/status/stop", power::stop),
    ("POST", "/nodes/{node}/lxc/{vmid}/status/shutdown", power::shutdown),
    ("POST", "/nodes/{node}/lxc/{vmid}/status/reboot", power::reboot),
    ("POST", "/nodes/{node}/lxc/{vmid}/clone", clone::clone),
    ("POST", "/nodes/{node}/lxc/{vmid}/template", clone::template),
    ("PUT", "/nodes/{node}/lxc/{vmid}/resize", disk::resize),
    ("POST", "/nodes/{node}/lxc/{vmid}/move_volume", disk::move_disk),
    ("GET", "/nodes/{node}/lxc/{vmid}/migrate", migrate::preconditions),
    ("POST", "/nodes/{node}/lxc/{vmid}/migrate", migrate::migrate),
    ("GET", "/nodes/{node}/lxc/{vmid}/feature", snapshot::feature),
    ("GET", "/nodes/{node}/lxc/{vmid}/snapshot", snapshot::list),
    ("POST", "/nodes/{node}/lxc/{vmid}/snapshot", snapshot::create),
    ("DELETE", "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}", snapshot::delete),
    ("POST", "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback", snapshot::rollback),
    ("GET", "/nodes/{node}/lxc/{vmid}/interfaces", agent::container_interfaces),
    ("GET", "/storage", storage::list),
    ("POST", "/storage", storage::create),
    ("GET", "/storage/{storage}", storage::read),
    ("PUT", "/storage/{storage}", storage::update),
    ("DELETE", "/storage/{storage}", storage::delete),
    ("GET", "/nodes/{node}/storage", storage::of_node),
    ("GET", "/nodes/{node}/storage/{storage}/status", storage::status),
    ("GET", "/nodes/{node}/storage/{storage}/content", content::list),
    ("POST", "/nodes/{node}/storage/{storage}/content", content::allocate),
    ("GET", "/nodes/{node}/storage/{storage}/content/{volume}", content::read),
    ("DELETE", "/nodes/{node}/storage/{storage}/content/{volume}", content::delete),
    ("POST", "/nodes/{node}/storage/{storage}/upload", content::upload),
    ("POST", "/nodes/{node}/storage/{storage}/download-url", content::download),
    ("GET", "/nodes/{node}/query-url-metadata", content::url_metadata),
    ("GET", "/nodes/{node}/aplinfo", content::appliances),
    ("POST", "/nodes/{node}/aplinfo", content::download_appliance),
    ("GET", "/nodes/{node}/network", network::list),
    ("POST", "/nodes/{node}/network", network::create),
    ("PUT", "/nodes/{node}/network", network::apply),
    ("DELETE", "/nodes/{node}/network", network::revert),
    ("GET", "/nodes/{node}/network/{iface}", network::read),
    ("PUT", "/nodes/{node}/network/{iface}", network::update),
    ("DELETE", "/nodes/{node}/network/{iface}", network::delete),
    ("GET", "/pools", pool::list),
    ("POST", "/pools", pool::create),
    ("PUT", "/pools", pool::update),
    ("DELETE", "/pools", pool::delete),
    ("GET", "/pools/{poolid}", pool::read),
    ("PUT", "/pools/{poolid}", pool::update),
    ("DELETE", "/pools/{poolid}", pool::delete),
];

#[cfg(test)]
mod tests {
    use super::handler;
    use crate::methods::METHODS;

    #[test]
    fn every_listed_method_has_its_function() {
        let missing: Vec<_> =
            METHODS.iter().filter(|method| handler(method).is_none()).map(|method| format!("{} {}", method.method, method.path)).collect();
        assert_eq!(missing, [""; 0]);
    }
}
