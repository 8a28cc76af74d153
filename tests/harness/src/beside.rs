//! What is there beside the target that every story has? More targets of `prod`, and a language model.

use crate::configuration::Wish;
use crate::edge::Edge;
use crate::metal::Metal;
use crate::model::Model;
use crate::pve::Pve;

/// What a story wished for.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) pve: Option<Pve>,
    pub(crate) edge: Option<Edge>,
    pub(crate) metal: Option<Metal>,
    pub(crate) model: Option<Model>,
}

impl Beside {
    pub(crate) async fn start(wish: &Wish) -> Self {
        let pve = match wish.proxmox {
            Some(certificate) => Some(Pve::start(certificate).await),
            None => None,
        };
        let edge = if wish.mikrotik { Some(Edge::start().await) } else { None };
        let metal = if wish.ipmi { Some(Metal::start().await) } else { None };
        let model = match &wish.model {
            Some(script) => Some(Model::start(script).await),
            None => None,
        };
        Self { pve, edge, metal, model }
    }

    pub(crate) fn faults_left(&self) -> usize {
        let of_pve: usize = self.pve.iter().map(Pve::faults_left).sum();
        let of_edge: usize = self.edge.iter().map(Edge::faults_left).sum();
        of_pve + of_edge
    }

    pub(crate) fn assert_tidy(&self) {
        self.pve.iter().for_each(Pve::assert_tidy);
        self.edge.iter().for_each(Edge::assert_tidy);
        self.metal.iter().for_each(Metal::assert_tidy);
    }
}
