//! Which pools are there? One list; what is in a pool is read only for those that are asked for.

use std::collections::BTreeSet;

use core_model::resource_type::ResourceType as _;
use core_model::state::{Gap, ObservedObject};
use engine_api::fields::{Flat, assemble};
use engine_api::{ObserveScope, Wanted};
use serde_json::{Map, Value, json};

use super::TYPE;
use super::types::Pool as PoolType;
use crate::cluster::{Cluster, Permissions, sees_all};
use crate::comment;
use crate::kind::Sighting;
use crate::reader::Pool;
use crate::stamp;

/// Without it pools are left out of the list, and nobody says so.
const PRIVILEGE: &str = "Pool.Audit";

pub(super) async fn observe(cluster: &Cluster<'_>, scope: &ObserveScope) -> Sighting {
    let mut sighting = Sighting::default();
    let gap = |object: Option<&str>, why: String| Gap { type_name: Some(TYPE.to_owned()), object: object.map(str::to_owned), why };
    match cluster.permissions().await {
        Ok(permissions) if may_see_all(permissions) => {}
        Ok(_) => sighting.gaps.push(gap(None, format!("the credential lacks `{PRIVILEGE}` on /pool, so that pools may be hidden from it"))),
        Err(error) => sighting.gaps.push(gap(None, error.to_string())),
    }
    let pools = match cluster.reader.pools().await {
        Ok(pools) => pools,
        Err(error) => {
            sighting.gaps.push(gap(None, error.to_string()));
            return sighting;
        }
    };
    let named = |scope: &BTreeSet<Wanted>, name: &str| scope.iter().any(|wanted| wanted.type_name == TYPE && wanted.object == name);
    let wanted: BTreeSet<Wanted> = scope.wanted.iter().cloned().collect();
    for listed in pools {
        if named(&wanted, &listed.name) && !named(&scope.shallow, &listed.name) {
            match cluster.reader.pool(&listed.name).await {
                Ok(Some(pool)) => sighting.objects.push(object(&pool, false)),
                // It went between two reads.
                Ok(None) => {}
                Err(error) => sighting.gaps.push(gap(Some(&listed.name), error.to_string())),
            }
        } else if named(&wanted, &listed.name) || is_ours(&listed, scope) {
            sighting.objects.push(object(&listed, true));
        }
    }
    sighting
}

pub(super) fn may_see_all(permissions: &Permissions) -> bool {
    sees_all(permissions, "/pool", &[PRIVILEGE])
}

fn is_ours(pool: &Pool, scope: &ObserveScope) -> bool {
    let mark = comment::mark(pool.comment.as_deref(), &pool.name);
    mark.is_some_and(|mark| stamp::belongs(&mark.marker, &scope.owner_id, scope.environment.as_ref()))
}

/// What is in a pool was not read where it is shallow.
fn object(pool: &Pool, is_shallow: bool) -> ObservedObject {
    let (mut values, defaults) = see(pool);
    if is_shallow {
        values.get_mut("specs").and_then(Value::as_object_mut).map(|specs| specs.remove("storages"));
    }
    let marker = comment::mark(pool.comment.as_deref(), &pool.name).map(|mark| mark.marker);
    ObservedObject { type_name: TYPE.to_owned(), name: pool.name.clone(), marker, values, defaults, ready: None, is_shallow }
}

/// What a pool is, and what it would be if nobody had set anything.
pub(super) fn see(pool: &Pool) -> (Map<String, Value>, Map<String, Value>) {
    let mut values: Flat = [("specs.name".to_owned(), json!(pool.name)), ("specs.storages".to_owned(), json!(pool.storages))].into();
    values.extend(comment::notes(pool.comment.as_deref()).map(|notes| ("metadata.notes".to_owned(), json!(notes))));
    let defaults: Flat = [("specs.storages".to_owned(), json!([]))].into();
    (assemble(PoolType.facts(), &values), assemble(PoolType.facts(), &defaults))
}
