//! Does the shop of the language's own page work as written, as far as it is the router's?

use test_sim_routeros::Version;

use crate::world::World;

/// `blueprints/shop.yaml` without the machine, whose address is written out.
const SHOP: &str = r#"version: "1.0"
name: shop
resources:
  - type: network
    name: lan
    provider: mikrotik
    specs: {vlan: 20, interface: bridge, address: 10.0.20.1/24}
  - type: dns
    name: web-01-a
    provider: mikrotik
    specs: {name: "web-01.${env.domain}", address: 10.0.20.11}
  - type: firewall
    name: forward
    provider: mikrotik
    specs:
      chain: forward
      manage: section                     # section (between two marker rules of ours) or whole
      rules:                              # ordered; every rule has a name
        - {name: web-https, action: accept, protocol: tcp, to: 10.0.20.11, ports: [80, 443]}
        - {name: rest-drop, action: drop, to: "${resource.lan.specs.address.network}"}
"#;

#[tokio::test]
async fn the_shop_is_made_and_reverted() {
    for version in [Version::V7_15, Version::V7_18, Version::V7_20, Version::V7_24] {
        let mut world = World::new(version).await;
        let before = world.configuration();
        let planned = world.plan_for(world.loaded(SHOP)).await;
        assert_eq!(planned.steps(), ["create shop.lan", "create shop.forward", "create shop.web-01-a"]);
        world.apply_planned(planned).await;
        assert_eq!(world.column("/interface/vlan", "name"), ["lan"]);
        assert_eq!(world.column("/ip/address", "address"), ["192.168.88.1/24", "10.0.20.1/24"]);
        assert_eq!(world.column("/ip/dns/static", "name"), ["web-01.acme.example"]);
        assert_eq!(world.column("/ip/firewall/filter", "action"), ["passthrough", "accept", "drop", "passthrough"]);
        assert_eq!(world.plan_for(world.loaded(SHOP)).await.steps(), Vec::<String>::new(), "a second plan is not empty");
        assert_eq!(world.drift().await, Vec::<String>::new());
        world.apply(" []").await;
        assert_eq!(world.configuration(), before, "something is left after the revert");
    }
}
