//! Does the router say that something changed? Asked of the menus that the resources live in, over a connection of its own.

use std::collections::BTreeSet;

use engine_api::{EngineError, ObserveScope};

use crate::observe::places_of;
use crate::types::shapes;
use crate::wire::{Dialer, listen};

/// So many menus are listened to: each is a command that the router works on all the time.
const MENUS_MAX: usize = 32;
/// Menus where rows come and go and count all day: leases that are renewed, addresses that rules collect, what routing learns, the
/// connections that 7.20 lists among the services, our own among them. Listening there would say that something changed without end.
const RESTLESS: &[&str] =
    &["/ip/arp", "/ip/dhcp-server/lease", "/ip/firewall/address-list", "/ip/route", "/ip/service", "/ipv6/firewall/address-list", "/ipv6/route"];

pub(crate) async fn watch(dialer: &Dialer, scope: &ObserveScope) -> Result<(), EngineError> {
    let menus = menus(scope);
    if menus.is_empty() {
        return std::future::pending().await;
    }
    let connection = dialer.connect().await?;
    listen(connection, &menus).await.map_err(|failure| failure.into_error("listen to the router's changes"))
}

/// The menus of the types that are in the scope.
fn menus(scope: &ObserveScope) -> BTreeSet<String> {
    let types: BTreeSet<&str> = scope.wanted.iter().map(|wanted| wanted.type_name.as_str()).collect();
    let shapes = shapes().iter().filter(|shape| types.contains(shape.facts().name));
    let menus: BTreeSet<String> = shapes.flat_map(|shape| shape.menus(&places_of(*shape, scope))).collect();
    menus.into_iter().filter(|menu| !RESTLESS.contains(&menu.as_str())).take(MENUS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use engine_api::Wanted;

    use super::*;

    fn scope(types: &[&str]) -> ObserveScope {
        let wanted = types.iter().map(|name| Wanted { type_name: (*name).to_owned(), object: "it".to_owned() });
        ObserveScope { wanted: wanted.collect(), ..ObserveScope::default() }
    }

    #[test]
    fn the_menus_are_those_of_the_resources() {
        assert_eq!(menus(&scope(&["dns"])), BTreeSet::from(["/ip/dns/static".to_owned()]));
        assert!(menus(&scope(&["dhcp"])).iter().all(|menu| menu != "/ip/dhcp-server/lease"));
        assert_eq!(menus(&scope(&["route", "service"])), BTreeSet::new());
        assert_eq!(menus(&scope(&[])), BTreeSet::new());
    }

    #[test]
    fn they_are_not_without_end() {
        let all: Vec<&str> = shapes().iter().map(|shape| shape.facts().name).collect();
        assert_eq!(menus(&scope(&all)).len(), MENUS_MAX);
    }
}
