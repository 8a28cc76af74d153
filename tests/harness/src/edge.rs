//! What is on the simulated router, what is done to it by hand, and how does it fail?

use std::collections::BTreeMap;

use test_sim_routeros::{ClockSource, Fault, FaultMatch, Router, RouterOptions, Version};

use crate::pve::shown;

/// What the daemon's configuration and the stories call it.
pub(crate) const TARGET: &str = "edge";
/// Where the daemon finds the password of its user.
pub(crate) const PASSWORD_VARIABLE: &str = "IPR_EDGE_PASSWORD";
pub(crate) const PASSWORD: &str = "5f0c7e1a-the-password-of-the-edge";
const USER: &str = "ipr";
/// What the page of the engine tells people to make the daemon's group with.
const PAGE: &str = include_str!("../../../docs/engines/mikrotik.md");
/// What counts by itself, and is nobody's configuration.
const COUNTERS: [&str; 6] = ["running", "invalid", "bytes", "packets", "next-run", "run-count"];

/// A router with a bridge, and a user of the group that the engine's page tells people to make, who may use SSH as well. Its clock stands still but
/// for [`Edge::later_s`].
#[derive(Debug)]
pub struct Edge {
    router: Router,
}

/// The rows of every menu, each by its arguments.
pub type Shape = BTreeMap<String, Vec<BTreeMap<String, String>>>;

impl Edge {
    pub(crate) async fn start() -> Self {
        let options = RouterOptions { version: Version::V7_20, clock: ClockSource::Simulated, ..RouterOptions::default() };
        let router = Router::start(options).await.expect("a router can be started on 127.0.0.1");
        router.add("/interface/bridge", &[("name", "bridge")]).expect("a router takes a bridge");
        router.run(&group_of_the_page().replace("policy=", "policy=ssh,")).expect("the router makes the group as the page writes it");
        router.add("/user", &[("name", USER), ("password", PASSWORD), ("group", "ipr")]).expect("a router takes a user");
        Self { router }
    }

    /// The target's part of the daemon's configuration.
    pub(crate) fn configuration(&self, owner_id: &str, repository: &str) -> String {
        format!(
            r#"  {TARGET}:
    provider: mikrotik
    endpoint: api-ssl://{}
    user: {USER}
    password: {{env: {PASSWORD_VARIABLE}}}
    fingerprint: "{}"
    settings: {{ssh_host_key: "{}", ssh_port: "{}"}}
    owner_id: {owner_id}
    repositories: [{repository}]
    environments: [prod]
"#,
            self.router.api_tls_address(),
            shown(self.router.certificate_fingerprint()),
            self.router.ssh_fingerprint(),
            self.router.ssh_address().port(),
        )
    }

    /// The simulator itself, for what has no word here.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// One column of a menu: `/ip/dns/static`, `name`.
    pub fn column(&self, menu: &str, name: &str) -> Vec<String> {
        self.router.column(menu, name)
    }

    /// All that the router is set to, menu by menu.
    pub fn shape(&self) -> Shape {
        let mut shape = self.router.configuration();
        shape.values_mut().flatten().for_each(|row| row.retain(|name, _| !COUNTERS.contains(&name.as_str())));
        shape.retain(|_, rows| !rows.is_empty());
        shape
    }

    /// How many requests came in that change something.
    pub fn writes(&self) -> usize {
        self.router.writes().len()
    }

    /// Lets the next such command go wrong: `/ip/dns/static/add`.
    pub fn break_next(&self, fault: Fault, command: &str) {
        self.router.fault(FaultMatch::command(command), fault, 1);
    }

    /// The router's clock goes on, and what it had planned happens.
    pub fn later_s(&self, seconds: u32) {
        self.router.advance_s(seconds);
    }

    pub(crate) fn faults_left(&self) -> usize {
        self.router.faults_left() as usize
    }

    /// What must hold at the end of every story: the daemon asked for nothing that a router does not have, and left nothing of
    /// its own behind.
    pub(crate) fn assert_tidy(&self) {
        assert_eq!(self.router.violations(), [""; 0], "requests that no router of this version takes");
        assert!(!self.router.is_in_safe_mode(), "safe mode was left on");
        for menu in ["/system/scheduler", "/system/script"] {
            let left: Vec<String> = self.column(menu, "name").into_iter().filter(|name| name.starts_with("ipr-undo-")).collect();
            assert_eq!(left, [""; 0], "{menu} holds what was to undo a run");
        }
    }
}

/// The command of the page that makes the daemon's group.
fn group_of_the_page() -> &'static str {
    PAGE.lines().find(|line| line.starts_with("/user/group/add name=ipr ")).expect("the page says how the group is made")
}
