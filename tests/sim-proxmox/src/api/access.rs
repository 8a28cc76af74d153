//! Who asks? Tokens, tickets, users and what they may do.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Call, Outcome, Reply};
use crate::refusal::Refusal;
use crate::verify::boolean;
use crate::world::{AclEntry, User, World, prefixes};

/// A ticket is refused when it is older. Source: pve-access-control `$ticket_lifetime`.
const TICKET_LIFE_S: u64 = 2 * 3600;

fn unauthorised(message: &str) -> Refusal {
    Refusal::with_status(401, message)
}

/// The user or token of a request.
pub(crate) fn authenticate(world: &World, method: &str, headers: &HeaderMap) -> Result<String, Refusal> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = header("authorization").and_then(|value| value.strip_prefix("PVEAPIToken=")) {
        return authenticate_token(world, token);
    }
    let cookies = header("cookie").unwrap_or_default();
    let ticket = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("PVEAuthCookie="));
    let ticket = ticket.ok_or_else(|| unauthorised("No ticket"))?;
    let ticket = percent_encoding::percent_decode_str(ticket).decode_utf8_lossy();
    let user = ticket_user(world, &ticket).ok_or_else(|| unauthorised("permission denied - invalid PVE ticket"))?;
    if method != "GET" && header("csrfpreventiontoken") != Some(&csrf_token(&user)) {
        return Err(unauthorised("Permission denied - invalid csrf token"));
    }
    Ok(user)
}

fn authenticate_token(world: &World, token: &str) -> Result<String, Refusal> {
    let (id, secret) = token.split_once('=').ok_or_else(|| unauthorised("no tokenid specified"))?;
    let user = id.split('!').next().unwrap_or_default();
    let is_enabled = world.users.get(user).is_some_and(|user| user.enabled);
    let known = world.tokens.get(id).filter(|_| is_enabled).ok_or_else(|| unauthorised("no such token"))?;
    match bool::from(known.secret.as_bytes().ct_eq(secret.as_bytes())) {
        true => Ok(id.to_owned()),
        false => Err(unauthorised("invalid token value!")),
    }
}

/// `PVE:user@realm:TIME::SIGNATURE`, with the time in hexadecimal seconds. Our signature is a hash; nobody can tell.
fn ticket(user: &str, time_s: u64) -> String {
    let signed = format!("PVE:{user}:{time_s:08X}");
    let signature = hex::encode(Sha256::digest(format!("ticket {signed}")));
    format!("{signed}::{signature}")
}

fn csrf_token(user: &str) -> String {
    hex::encode(Sha256::digest(format!("csrf {user}")))
}

fn ticket_user(world: &World, text: &str) -> Option<String> {
    let mut parts = text.strip_prefix("PVE:")?.split(':');
    let user = parts.next()?;
    let time_s = u64::from_str_radix(parts.next()?, 16).ok()?;
    let is_fresh = world.now_s() < time_s + TICKET_LIFE_S;
    let is_genuine = bool::from(ticket(user, time_s).as_bytes().ct_eq(text.as_bytes()));
    (is_fresh && is_genuine && world.users.get(user).is_some_and(|user| user.enabled)).then(|| user.to_owned())
}

/// `POST /access/ticket`: a ticket for a password, or for an older ticket given as password.
pub(super) fn create_ticket(call: &mut Call<'_>) -> Outcome {
    let name = call.required("username")?;
    let password = call.required("password")?;
    let name = match (name.contains('@'), call.text("realm")) {
        (false, Some(realm)) => format!("{name}@{realm}"),
        _ => name,
    };
    let user = call.world.users.get(&name).filter(|user| user.enabled).ok_or_else(|| unauthorised("authentication failure"))?;
    let is_renewal = ticket_user(call.world, &password).as_deref() == Some(&name);
    if !is_renewal && !bool::from(user.password.as_bytes().ct_eq(password.as_bytes())) {
        return Err(unauthorised("authentication failure"));
    }
    let needs_second_factor = user.needs_second_factor && !is_renewal;
    let mut answer = json!({ "username": name, "cap": {}, "clustername": call.world.cluster_name });
    if needs_second_factor {
        answer["NeedTFA"] = json!(1);
        answer["ticket"] = json!(format!("PVE:!tfa!{name}:{:08X}::", call.world.now_s()));
    } else {
        answer["ticket"] = json!(ticket(&name, call.world.now_s()));
    }
    answer["CSRFPreventionToken"] = json!(csrf_token(&name));
    Ok(Reply::Data(answer))
}

/// `GET /access/permissions`: privileges by path, 1 where they reach below.
pub(super) fn permissions(call: &mut Call<'_>) -> Outcome {
    let actor = call.owned("userid").unwrap_or_else(|| call.actor.clone());
    if actor != call.actor {
        call.need("/access", "Sys.Audit")?;
    }
    let paths = match call.owned("path") {
        Some(path) => BTreeSet::from([path]),
        None => known_paths(call.world),
    };
    let mut answer = Map::new();
    for path in paths {
        let privileges = call.world.privileges(&actor, &path);
        if !privileges.is_empty() {
            let shown: Map<String, Value> = privileges.into_iter().map(|(name, reaches)| (name, Value::from(u8::from(reaches)))).collect();
            answer.insert(path, Value::Object(shown));
        }
    }
    Ok(Reply::Data(Value::Object(answer)))
}

/// The paths for which the real one answers unasked: the fixed ones, those of the list with what is above them, and the guests and
/// storages of pools. Source: pve-access-control `src/PVE/RPCEnvironment.pm` (`get_effective_permissions`).
fn known_paths(world: &World) -> BTreeSet<String> {
    let mut paths: BTreeSet<String> = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"].map(str::to_owned).into();
    paths.extend(world.acl.iter().flat_map(|entry| prefixes(&entry.path)).map(|(path, _)| path));
    for pool in world.pools.values() {
        paths.extend(pool.guests.iter().map(|vmid| format!("/vms/{vmid}")));
        paths.extend(pool.storages.iter().map(|storage| format!("/storage/{storage}")));
    }
    paths
}

pub(super) fn users(call: &mut Call<'_>) -> Outcome {
    let shown = call.world.users.iter().map(|(name, user)| json!({ "userid": name, "enable": u8::from(user.enabled), "realm-type": "pam" }));
    Ok(Reply::Data(shown.collect()))
}

pub(super) fn create_user(call: &mut Call<'_>) -> Outcome {
    let name = call.required("userid")?;
    if call.world.users.contains_key(&name) {
        return Err(Refusal::failed(format!("create user failed: user '{name}' already exists")));
    }
    let mut user = User::with_password(call.text("password").unwrap_or_default());
    user.enabled = call.flag("enable").unwrap_or(true);
    call.world.users.insert(name, user);
    Ok(Reply::NOTHING)
}

pub(super) fn acl(call: &mut Call<'_>) -> Outcome {
    let shown = call.world.acl.iter().map(|entry| {
        let (kind, who) = match entry.who.strip_prefix('@') {
            Some(group) => ("group", group),
            None if entry.who.contains('!') => ("token", entry.who.as_str()),
            None => ("user", entry.who.as_str()),
        };
        json!({ "path": entry.path, "type": kind, "ugid": who, "roleid": entry.role, "propagate": u8::from(entry.propagate) })
    });
    Ok(Reply::Data(shown.collect()))
}

pub(super) fn update_acl(call: &mut Call<'_>) -> Outcome {
    let path = call.required("path")?;
    let propagate = call.flag("propagate").unwrap_or(true);
    let list = |name: &str| call.text(name).map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default();
    let groups = list("groups").into_iter().map(|name| format!("@{name}"));
    let who: Vec<String> = list("users").into_iter().chain(list("tokens")).chain(groups).collect();
    let roles = list("roles");
    if let Some(unknown) = roles.iter().find(|role| !call.world.roles.contains_key(*role)) {
        return Err(Refusal::failed(format!("role '{unknown}' does not exist")));
    }
    let is_removal = call.text("delete").and_then(boolean) == Some("1");
    for who in who {
        for role in &roles {
            let entry = AclEntry { path: path.clone(), who: who.clone(), role: role.clone(), propagate };
            call.world.acl.retain(|known| (&known.path, &known.who, &known.role) != (&entry.path, &entry.who, &entry.role));
            if !is_removal {
                call.world.acl.push(entry);
            }
        }
    }
    Ok(Reply::NOTHING)
}

pub(super) fn roles(call: &mut Call<'_>) -> Outcome {
    let shown = call.world.roles.iter().map(|(role, privileges)| json!({ "roleid": role, "privs": privileges.join(","), "special": 1 }));
    Ok(Reply::Data(shown.collect()))
}
