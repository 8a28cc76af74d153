//! Where does a client find the ports of the router?

use std::net::SocketAddr;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Door, Keys};
use crate::error::RouterError;
use crate::network::ClientPath;
use crate::shared::Shared;

/// The ports of the router that have a door: the API, the API over TLS, REST, REST over TLS, and SSH, where they are from the
/// factory, and one more to which a service can be moved.
const PORTS: [u16; 6] = [8728, 8729, 80, 443, 22, MOVED_PORT];

/// A service that is moved to this port is found at `Doors::moved_address`.
const MOVED_PORT: u16 = 9999;

/// Addresses on this machine for a client that comes one way. Each stands for a port of the router; what answers there, and
/// whether anything does, is what the router's configuration says at the moment.
#[derive(Clone, Debug)]
pub struct Doors {
    addresses: [(u16, SocketAddr); PORTS.len()],
}

impl Doors {
    /// The binary API without TLS: port 8728 of the router.
    pub fn api_address(&self) -> SocketAddr {
        self.address_of(8728)
    }

    /// The binary API over TLS: port 8729.
    pub fn api_tls_address(&self) -> SocketAddr {
        self.address_of(8729)
    }

    /// REST over TLS, below `/rest`: port 443.
    pub fn rest_address(&self) -> SocketAddr {
        self.address_of(443)
    }

    /// REST without TLS: port 80.
    pub fn rest_plain_address(&self) -> SocketAddr {
        self.address_of(80)
    }

    /// SSH: port 22.
    pub fn ssh_address(&self) -> SocketAddr {
        self.address_of(22)
    }

    /// Port 9999, at which a service answers that was moved there.
    pub fn moved_address(&self) -> SocketAddr {
        self.address_of(MOVED_PORT)
    }

    fn address_of(&self, port: u16) -> SocketAddr {
        let found = self.addresses.iter().find(|(known, _)| *known == port);
        found.map(|(_, address)| *address).expect("every port that is asked for has a door")
    }
}

/// What every door needs.
pub(crate) struct Frame {
    pub(crate) shared: Shared,
    pub(crate) keys: Keys,
    pub(crate) stop: watch::Receiver<bool>,
}

impl Frame {
    /// Opens the doors of a way, and answers them with the tasks that serve them.
    pub(crate) async fn open(&self, path: &ClientPath) -> Result<(Doors, Vec<JoinHandle<()>>), RouterError> {
        let mut addresses = [(0, SocketAddr::from(([127, 0, 0, 1], 0))); PORTS.len()];
        let mut tasks = Vec::new();
        for (slot, port) in addresses.iter_mut().zip(PORTS) {
            let opened = Door::open(path.clone(), port).await;
            let door = opened.map_err(|source| RouterError::Start { attempt: "listen on 127.0.0.1", source: Box::new(source) })?;
            *slot = (port, door.address);
            tasks.push(tokio::spawn(door.serve(self.shared.clone(), self.keys.clone(), self.stop.clone())));
        }
        Ok((Doors { addresses }, tasks))
    }
}
