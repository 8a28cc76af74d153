//! RouterOS routers, each by its API, at one or several addresses.

use std::sync::Arc;

use engine_api::{Engine, EngineError, ErrorKind};
use engine_mikrotik::{Endpoint, Mikrotik, MikrotikOptions, Place, Security, Timeouts};

use super::{Provider, Reach};

pub(super) const PROVIDER: Provider = Provider {
    name: engine_mikrotik::PROVIDER,
    types: engine_mikrotik::types,
    check_endpoint,
    is_networked: true,
    settings: &[],
    place: None,
    connect,
};

fn check_endpoint(endpoint: &str) -> Result<(), &'static str> {
    endpoint.parse::<Endpoint>().map(drop).map_err(|_| "a router's API: api-ssl://10.0.0.1, or without encryption api://10.0.0.1")
}

fn connect(reach: Reach<'_>) -> Result<Arc<dyn Engine>, EngineError> {
    let target = reach.target;
    let refused = |why: &str| EngineError::new(ErrorKind::Rejected, format!("connect to the target `{}`", target.name), why);
    let credential = reach.credential.ok_or_else(|| refused("it has no user and no password"))?;
    let endpoints = std::iter::once(&target.endpoint).chain(&target.other_endpoints).map(|endpoint| endpoint.parse());
    let endpoints: Vec<Endpoint> = endpoints.collect::<Result<_, _>>().map_err(|why| refused(&format!("one of its endpoints {why}")))?;
    let is_encrypted = endpoints.iter().all(|endpoint| endpoint.is_encrypted);
    if !is_encrypted && endpoints.iter().any(|endpoint| endpoint.is_encrypted) {
        return Err(refused("some of its endpoints are encrypted and some are not"));
    }
    let places: Vec<Place> = endpoints.into_iter().map(|endpoint| endpoint.place).collect();
    let options = MikrotikOptions {
        places,
        security: if is_encrypted { Security::Tls(reach.trust) } else { Security::Plain },
        user: credential.user,
        password: credential.password,
        owner_id: target.owner_id.clone(),
        timeouts: Timeouts::default(),
    };
    Ok(Arc::new(Mikrotik::new(options)?))
}
