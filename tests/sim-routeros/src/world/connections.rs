//! Which connections are open, and what becomes of them when the configuration changes?

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use tokio::sync::watch;

use super::{ItemId, World};
use crate::behaviour::DataPath;
use crate::commands::Row;
use crate::network::{self, ClientPath, Reach, Stage};
use crate::tables::Menu;

/// What the router's configuration lets through on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From the client to the router.
    pub(crate) inbound: bool,
    /// From the router to the client.
    pub(crate) outbound: bool,
    /// The router has given the connection up.
    pub(crate) is_ended: bool,
}

impl Line {
    const OPEN: Line = Line { inbound: true, outbound: true, is_ended: false };

    pub(crate) fn is_cut(self) -> bool {
        !self.inbound || !self.outbound || self.is_ended
    }
}

/// How a service talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Api,
    Rest,
    Ssh,
}

/// A service that listens at a port of the router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    /// As `/ip/service` calls it.
    pub(crate) name: String,
    pub(crate) protocol: Protocol,
    pub(crate) is_tls: bool,
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) service: Service,
    path: ClientPath,
    /// The port of the router at which it came in.
    port: u16,
    pub(crate) line: watch::Sender<Line>,
    /// When the router gives it up; its way is cut since a while.
    given_up_s: Option<i64>,
    /// The client closed it.
    is_left: bool,
}

impl Connection {
    pub(crate) fn client(&self) -> Ipv4Addr {
        self.path.client
    }
}

pub(crate) type Connections = BTreeMap<u64, Connection>;

/// A host behind the router, of which nothing is there but that it answers.
#[derive(Debug)]
pub(crate) struct Host {
    path: ClientPath,
    address: Ipv4Addr,
    port: u16,
    /// Where a client of this machine finds it.
    pub(crate) door: SocketAddr,
    /// Only while the way is open: a client must not get a connection otherwise.
    listener: Option<TcpListener>,
}

impl World {
    /// The service at a port, if one is enabled there that is simulated.
    pub(crate) fn service_at(&self, port: u16) -> Option<Service> {
        let text = port.to_string();
        let item = self.config.entries("/ip/service").items.iter().find(|item| item.get("port") == Some(&text) && !item.is_disabled())?;
        let name = item.get("name")?;
        let (protocol, is_tls) = match name {
            "api" => (Protocol::Api, false),
            "api-ssl" => (Protocol::Api, true),
            "www" => (Protocol::Rest, false),
            "www-ssl" => (Protocol::Rest, true),
            "ssh" => (Protocol::Ssh, false),
            _ => return None,
        };
        let has_certificate = item.get("certificate").is_some_and(|name| name != "none");
        (!is_tls || has_certificate).then(|| Service { name: name.to_owned(), protocol, is_tls })
    }

    /// Whether and how a new connection at a port would get through.
    pub(crate) fn reach(&self, path: &ClientPath, port: u16) -> Reach {
        match self.down_until_s {
            Some(_) => {
                let down = || Err(network::Obstacle("the router is starting".to_owned()));
                Reach { inbound: down(), outbound: down() }
            }
            None => self.judge_way(path, port, Stage::New),
        }
    }

    fn judge_way(&self, path: &ClientPath, port: u16, stage: Stage) -> Reach {
        match self.behaviour.data_path {
            DataPath::Judged => network::to_service(self, path, port, stage),
            DataPath::Open => Reach { inbound: network::check_service(self, path.client, port).map(drop), outbound: Ok(()) },
        }
    }

    /// Lets a connection in, or not.
    pub(crate) fn connect(&mut self, path: &ClientPath, port: u16) -> Option<(u64, Service, watch::Receiver<Line>)> {
        let reach = self.reach(path, port);
        if reach.inbound.is_err() || reach.outbound.is_err() {
            return None;
        }
        let service = self.service_at(port)?;
        self.next_connection += 1;
        let id = self.next_connection;
        let (line, receiver) = watch::channel(Line::OPEN);
        self.connections.insert(id, Connection { service: service.clone(), path: path.clone(), port, line, given_up_s: None, is_left: false });
        Some((id, service, receiver))
    }

    /// The client is gone. The router knows at once, unless the way by which it would learn it is cut.
    pub(crate) fn disconnect(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        connection.is_left = true;
        let is_known = connection.given_up_s.is_none() || connection.line.borrow().is_ended;
        if is_known {
            self.give_up(id);
        }
    }

    /// The connection is over for the router. It is forgotten when the client is gone too: until then an answer that is on its
    /// way must know whether the way was open.
    fn give_up(&mut self, id: u64) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.given_up_s = None;
            connection.line.send_modify(|line| line.is_ended = true);
            if connection.is_left {
                self.connections.remove(&id);
            }
        }
        self.lost_connection(id);
    }

    /// Whether an answer on this connection reaches the client.
    pub(crate) fn may_answer(&self, id: u64) -> bool {
        self.connections.get(&id).is_some_and(|connection| connection.line.borrow().outbound)
    }

    /// Notes whether a change may decide who reaches the router. Looking at thousands of rules again after each of thousands
    /// of entries that no rule asks for takes too long.
    pub(crate) fn note_way(&mut self, menu: &Menu, id: ItemId) {
        let item = self.config.entries(&menu.path).get(id);
        let value = |name: &str| item.and_then(|item| item.get(name));
        match menu.path.as_str() {
            "/ip/firewall/filter" | "/ip/firewall/nat" | "/ip/firewall/raw" => {
                let lists = ["src-address-list", "dst-address-list"].into_iter().filter_map(value);
                let lists: Vec<String> = lists.map(|list| list.trim_start_matches('!').to_owned()).collect();
                self.lists_in_rules.extend(lists);
                self.way_changed = true;
            }
            // An entry that is gone does not say any more to which list it belonged.
            "/ip/firewall/address-list" => self.way_changed |= value("list").is_none_or(|list| self.lists_in_rules.contains(list)),
            "/ip/address"
            | "/ip/route"
            | "/ip/service"
            | "/interface/bridge/port"
            | "/interface/bridge/vlan"
            | "/interface/list"
            | "/interface/list/member" => self.way_changed = true,
            _ => self.way_changed |= menu.is_interface,
        }
    }

    /// The whole configuration is another one.
    pub(crate) fn note_new_way(&mut self) {
        self.way_changed = true;
    }

    /// Looks at every open connection again: what is configured now decides whether it goes on.
    pub(crate) fn settle(&mut self) {
        self.wake.notify_one();
        if !std::mem::take(&mut self.way_changed) {
            return;
        }
        let now_s = self.clock.now_s();
        let notices_at_s = now_s + i64::from(self.behaviour.dead_peer_s);
        let ids: Vec<u64> = self.connections.keys().copied().collect();
        for id in ids {
            let Some(connection) = self.connections.get(&id).filter(|connection| !connection.line.borrow().is_ended) else { continue };
            let reach = self.judge_way(&connection.path, connection.port, Stage::Established);
            let now = Line { inbound: reach.inbound.is_ok(), outbound: reach.outbound.is_ok(), is_ended: false };
            let Some(connection) = self.connections.get_mut(&id) else { continue };
            connection.line.send_if_modified(|line| std::mem::replace(line, now) != now);
            connection.given_up_s = if now.is_cut() { connection.given_up_s.or(Some(notices_at_s)) } else { None };
        }
        self.open_and_close_hosts();
    }

    /// Gives up the connections whose time has come.
    pub(crate) fn give_up_due(&mut self, now_s: i64) {
        let is_due = |connection: &Connection| connection.given_up_s.is_some_and(|given_up_s| given_up_s <= now_s);
        let due: Vec<u64> = self.connections.iter().filter(|(_, connection)| is_due(connection)).map(|(id, _)| *id).collect();
        due.into_iter().for_each(|id| self.give_up(id));
    }

    pub(crate) fn next_given_up_s(&self) -> Option<i64> {
        self.connections.values().filter_map(|connection| connection.given_up_s).min()
    }

    /// The connections that are not over for the router.
    pub(crate) fn connections_alive(&self) -> usize {
        self.connections.values().filter(|connection| !connection.line.borrow().is_ended).count()
    }

    /// The router stops: no connection survives, and no answer leaves.
    pub(crate) fn end_connections(&mut self) {
        for (_, connection) in std::mem::take(&mut self.connections) {
            connection.line.send_replace(Line { inbound: false, outbound: false, is_ended: true });
        }
    }

    /// Puts a host behind the router, and answers where a client finds it.
    pub(crate) fn add_host(&mut self, path: ClientPath, address: Ipv4Addr, port: u16) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let door = listener.local_addr()?;
        self.hosts.push(Host { path, address, port, door, listener: Some(listener) });
        self.open_and_close_hosts();
        Ok(door)
    }

    fn open_and_close_hosts(&mut self) {
        let mut hosts = std::mem::take(&mut self.hosts);
        for host in &mut hosts {
            let is_open = self.down_until_s.is_none() && network::to_host(self, &host.path, host.address, host.port).is_ok();
            match (is_open, &host.listener) {
                (true, None) => host.listener = TcpListener::bind(host.door).ok(),
                (false, Some(_)) => host.listener = None,
                _ => {}
            }
        }
        self.hosts = hosts;
    }

    /// As `/ip/service` lists them from 7.20 on.
    pub(crate) fn open_connections(&self) -> Vec<Row> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let rows = self.connections.iter().map(|(id, connection)| {
            vec![
                pair(".id", &format!("*{:X}", 0x1000 + id)),
                pair("name", &connection.service.name),
                pair("port", &connection.port.to_string()),
                pair("proto", "tcp"),
                pair("local", &format!("{}:{}", connection.path.router, connection.port)),
                pair("remote", &connection.path.client.to_string()),
                pair("dynamic", "true"),
                pair("connection", "true"),
            ]
        });
        rows.collect()
    }
}
