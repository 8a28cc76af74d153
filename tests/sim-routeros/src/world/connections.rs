//! Which connections are open, and what becomes of them when the configuration changes?

use std::collections::BTreeMap;

use tokio::sync::watch;

use super::World;
use crate::commands::Row;

/// What the router's configuration lets through on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// From the client to the router.
    pub(crate) inbound: bool,
    /// From the router to the client.
    pub(crate) outbound: bool,
    /// The router is gone: it lost power, or stopped.
    pub(crate) is_ended: bool,
}

impl Line {
    pub(crate) const OPEN: Line = Line { inbound: true, outbound: true, is_ended: false };
}

/// How a service talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Api,
    Rest,
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
    /// The port of the router at which it came in.
    pub(crate) port: u16,
    pub(crate) line: watch::Sender<Line>,
}

pub(crate) type Connections = BTreeMap<u64, Connection>;

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
            _ => return None,
        };
        Some(Service { name: name.to_owned(), protocol, is_tls })
    }

    /// Lets a connection in, or not.
    pub(crate) fn connect(&mut self, port: u16) -> Option<(u64, Service, watch::Receiver<Line>)> {
        let service = self.service_at(port)?;
        let id = self.next_connection();
        let (line, receiver) = watch::channel(Line::OPEN);
        self.connections.insert(id, Connection { service: service.clone(), port, line });
        Some((id, service, receiver))
    }

    /// A connection is over.
    pub(crate) fn disconnect(&mut self, id: u64) {
        self.connections.remove(&id);
        self.lost_connection(id);
    }

    /// Whether an answer on this connection reaches the client.
    pub(crate) fn may_answer(&self, id: u64) -> bool {
        self.connections.get(&id).is_some_and(|connection| connection.line.borrow().outbound)
    }

    /// Looks at every open connection again: what is configured now decides whether it goes on.
    pub(crate) fn settle(&mut self) {
        for connection in self.connections.values() {
            let now = Line { inbound: self.service_at(connection.port).is_some(), ..Line::OPEN };
            connection.line.send_if_modified(|line| std::mem::replace(line, now) != now);
        }
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
                pair("dynamic", "true"),
                pair("connection", "true"),
            ]
        });
        rows.collect()
    }
}
