//! What is the firewall of a scope? Its options and its rules, as they are.

use std::collections::BTreeSet;

use core_model::state::{Gap, ObservedObject};
use engine_api::{EngineError, ErrorKind, ObserveScope};
use serde_json::{Map, Value, json};

use super::TYPE;
use crate::cluster::Cluster;
use crate::firewall::options;
use crate::firewall::rule::{OwnNames, Rule};
use crate::firewall::scope::{Place, Scope};
use crate::guest::observe::may_see_all;
use crate::kind::Sighting;
use crate::reader::Reader;

/// Values and defaults, as a blueprint has them.
pub(super) type Seen = (Map<String, Value>, Map<String, Value>);

pub(super) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
    let mut sighting = Sighting::default();
    for wanted in scope.wanted.iter().filter(|wanted| wanted.type_name == TYPE) {
        let Some(places) = scope.places.get(wanted) else { continue };
        let is_shallow = scope.shallow.contains(wanted);
        match look(cluster, places, is_shallow).await {
            Ok(Some((values, defaults))) => {
                let (type_name, name) = (TYPE.to_owned(), wanted.object.clone());
                sighting.objects.push(ObservedObject { type_name, name, marker: None, values, defaults, ready: None, is_shallow });
            }
            Ok(None) => {}
            Err(error) => sighting.gaps.push(Gap { type_name: Some(TYPE.to_owned()), object: Some(wanted.object.clone()), why: error.to_string() }),
        }
    }
    sighting
}

/// A resource that leaves one scope for another has two places. It is neither's: all that it wants is to be written, and where the other
/// one has rules already, which nobody sees here, the step is refused.
async fn look(cluster: &Cluster<'_>, places: &BTreeSet<String>, is_shallow: bool) -> Result<Option<Seen>, EngineError> {
    let mut places = places.iter().map(|place| Scope::parse(place));
    match (places.next(), places.next()) {
        (Some(scope), None) => see_scope(cluster, &scope, is_shallow).await,
        (Some(_), Some(_)) => Ok(Some((Map::new(), Map::new()))),
        (None, _) => Ok(None),
    }
}

async fn see_scope(cluster: &Cluster<'_>, scope: &Scope, is_shallow: bool) -> Result<Option<Seen>, EngineError> {
    let Some(place) = scope.place(cluster).await? else {
        return if matches!(scope, Scope::Guest(_)) && !may_see_all(cluster.permissions().await?) {
            let why = "the credential lacks `VM.Audit` on /vms, so that guests may be hidden from it";
            Err(EngineError::new(ErrorKind::Unauthorised, format!("find {}", scope.words()), why))
        } else {
            Ok(None)
        };
    };
    if is_shallow {
        return Ok(Some((Map::new(), Map::new())));
    }
    see(cluster.reader, scope, &place).await.map(Some)
}

pub(super) async fn see(reader: Reader<'_>, scope: &Scope, place: &Place) -> Result<Seen, EngineError> {
    let own = own_names(reader, place).await?;
    let config = reader.firewall_options(&place.options()).await?;
    let rules = reader.rules(&place.rules(), &own).await?;
    let rules: Vec<Value> = rules.rules.iter().map(Rule::to_blueprint).collect();
    let (mut values, defaults) = options::see(&config, scope.bit());
    values.insert("rules".to_owned(), json!(rules));
    match scope {
        Scope::Cluster => {}
        Scope::Node(node) => {
            values.insert("node".to_owned(), json!(node));
        }
        Scope::Guest(guest) => {
            values.insert("guest".to_owned(), json!({"external": guest, "name": guest}));
        }
    }
    let specs = |map: Map<String, Value>| [("specs".to_owned(), Value::Object(map))].into_iter().collect();
    Ok((specs(values), specs(defaults)))
}

/// Only a guest has sets and aliases of its own.
pub(super) async fn own_names(reader: Reader<'_>, place: &Place) -> Result<OwnNames, EngineError> {
    if place.is_guest { reader.own_names(&place.root).await } else { Ok(OwnNames::new()) }
}
