//! Whose token is this?

use base64::Engine as _;

use crate::github::refusal::Refusal;
use crate::github::world::World;

/// The login behind an `Authorization` header: `Bearer`, `token`, or Basic with the token as password.
pub(crate) fn authenticate(world: &World, header: Option<&str>) -> Result<String, Refusal> {
    let header = header.ok_or(Refusal::Unauthorised("Requires authentication"))?;
    let bad = Refusal::Unauthorised("Bad credentials");
    let Some((scheme, value)) = header.split_once(' ') else { return Err(bad) };
    let token = match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" => value.to_owned(),
        "basic" => {
            let decoded = base64::engine::general_purpose::STANDARD.decode(value).unwrap_or_default();
            let text = String::from_utf8_lossy(&decoded).into_owned();
            text.split_once(':').map(|(_, password)| password.to_owned()).unwrap_or_default()
        }
        _ => return Err(bad),
    };
    world.tokens.get(&token).cloned().ok_or(bad)
}
