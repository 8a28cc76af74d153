//! May the actor call this method?
//!
//! Source: pve-access-control `src/PVE/RPCEnvironment.pm` (`exec_api2_perm_check`).

use serde_json::Value;

use crate::methods::Method;
use crate::refusal::Refusal;
use crate::verify::Parameters;
use crate::world::World;

pub(crate) fn check_permission(world: &World, actor: &str, method: &Method, parameters: &Parameters) -> Result<(), Refusal> {
    match (&method.check, method.user.as_deref()) {
        // What `all` may call does its own checks; an unknown caller may call what `world` may.
        (_, Some("all" | "world")) => Ok(()),
        (Some(check), _) => evaluate(world, actor, check, parameters),
        (None, _) if actor == "root@pam" => Ok(()),
        (None, _) => Err(Refusal::with_status(403, "Permission check failed (user != root@pam)")),
    }
}

fn evaluate(world: &World, actor: &str, check: &Value, parameters: &Parameters) -> Result<(), Refusal> {
    let parts = check.as_array().map_or(&[][..], Vec::as_slice);
    let [Value::String(operator), operands @ ..] = parts else { return Ok(()) };
    match operator.as_str() {
        "and" => operands.iter().try_for_each(|operand| evaluate(world, actor, operand, parameters)),
        "or" => {
            let mut refused = Ok(());
            for operand in operands {
                refused = evaluate(world, actor, operand, parameters);
                if refused.is_ok() {
                    return Ok(());
                }
            }
            refused
        }
        "perm" => privileges(world, actor, operands, parameters),
        "perm-modify" => {
            let path = parameters.get("path").map_or("/", String::as_str);
            one(world, actor, path, "Permissions.Modify")
        }
        "userid-param" | "userid-group" => one(world, actor, "/access", "User.Modify"),
        _ => Ok(()),
    }
}

/// `[path, [privileges], options...]`.
fn privileges(world: &World, actor: &str, operands: &[Value], parameters: &Parameters) -> Result<(), Refusal> {
    let [Value::String(path), Value::Array(wanted), options @ ..] = operands else { return Ok(()) };
    let option = |name: &str| options.iter().position(|option| option == name).and_then(|place| options.get(place + 1));
    if let Some(needed) = option("require_param").and_then(Value::as_str)
        && !parameters.contains_key(needed)
    {
        return Err(Refusal::forbidden(path, &join(wanted, ",")));
    }
    let path = filled(path, parameters);
    let known = world.privileges(actor, &path);
    let has = |privilege: &Value| privilege.as_str().is_some_and(|privilege| known.contains_key(privilege));
    let is_any = option("any").is_some();
    match is_any {
        true if wanted.iter().any(has) => Ok(()),
        true => Err(Refusal::forbidden(&path, &join(wanted, "|"))),
        false => match wanted.iter().find(|privilege| !has(privilege)) {
            Some(missing) => Err(Refusal::forbidden(&path, missing.as_str().unwrap_or_default())),
            None => Ok(()),
        },
    }
}

fn one(world: &World, actor: &str, path: &str, privilege: &str) -> Result<(), Refusal> {
    match world.is_allowed(actor, path, privilege) {
        true => Ok(()),
        false => Err(Refusal::forbidden(path, privilege)),
    }
}

fn join(privileges: &[Value], separator: &str) -> String {
    privileges.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(separator)
}

/// The path with the request's values for the names in braces.
fn filled(path: &str, parameters: &Parameters) -> String {
    parameters.iter().fold(path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value))
}
