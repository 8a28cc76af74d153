//! Which targets does `prod` have beside the one that every story has?

use crate::configuration::Wish;
use crate::edge::Edge;
use crate::pve::Pve;

/// The targets that a story wished for.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) pve: Option<Pve>,
    pub(crate) edge: Option<Edge>,
}

impl Beside {
    pub(crate) async fn start(wish: &Wish) -> Self {
        let pve = match wish.proxmox {
            Some(certificate) => Some(Pve::start(certificate).await),
            None => None,
        };
        let edge = if wish.mikrotik { Some(Edge::start().await) } else { None };
        Self { pve, edge }
    }

    pub(crate) fn faults_left(&self) -> usize {
        let of_pve: usize = self.pve.iter().map(Pve::faults_left).sum();
        let of_edge: usize = self.edge.iter().map(Edge::faults_left).sum();
        of_pve + of_edge
    }

    pub(crate) fn assert_tidy(&self) {
        self.pve.iter().for_each(Pve::assert_tidy);
        self.edge.iter().for_each(Edge::assert_tidy);
    }
}
