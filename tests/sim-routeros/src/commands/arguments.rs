//! Which arguments may a request have?

use super::Request;
use crate::trap::Trap;
use crate::tree::Node;

/// Refuses an argument that the command's release does not have.
///
/// The API's own words are arguments of every command: `.id`, `.proplist`, and a name with `!`, which takes a value away.
pub(super) fn check(command: &Node, request: &Request) -> Result<(), Trap> {
    for (name, _) in &request.arguments {
        let bare = name.trim_start_matches('!');
        let is_known = command.children.contains_key(bare) || is_of_the_api(bare, &request.command);
        if !is_known {
            return Err(Trap::unknown_parameter(bare));
        }
    }
    Ok(())
}

fn is_of_the_api(name: &str, command: &str) -> bool {
    match name {
        ".id" => command != "add",
        ".proplist" | ".query" => true,
        _ => false,
    }
}
