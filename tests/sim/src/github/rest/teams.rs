//! Who is in a team?

use serde_json::json;

use crate::github::refusal::Refusal;

use super::answer::{Answer, Outcome};
use super::call::Call;

/// Anybody with a token may ask here; GitHub wants a member of the organisation.
pub(super) fn membership(call: &mut Call<'_>, organisation: &str, team: &str, login: &str) -> Outcome {
    let members = call.world.teams.get(&(organisation.to_owned(), team.to_owned())).ok_or(Refusal::NOT_FOUND)?;
    if !members.contains(login) {
        return Err(Refusal::NOT_FOUND);
    }
    let url = format!("{}/organizations/1/team/1/memberships/{login}", call.world.api_url());
    Ok(Answer::ok(json!({ "url": url, "role": "member", "state": "active" })))
}
