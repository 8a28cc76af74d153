//! Who is calling, what may people do, and what is this repository?

use serde_json::{Value, json};

use crate::github::json::with;
use crate::github::refusal::Refusal;
use crate::github::world::Permission;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::paging::page;

pub(super) fn user(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::ok(call.world.account_json(call.actor)))
}

pub(super) fn rate_limit(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::ok(call.world.rate_json(call.actor)))
}

pub(super) fn repository(call: &mut Call<'_>) -> Outcome {
    Ok(Answer::ok(call.world.full_repository_json(&call.repository, call.actor)))
}

pub(super) fn permission(call: &mut Call<'_>, login: &str) -> Outcome {
    if call.permission() < Permission::Write {
        let message = "Must have push access to view collaborator permission.".to_owned();
        return Err(Refusal::Forbidden { message, needs: "metadata=read" });
    }
    if !call.world.users.contains_key(login) {
        return Err(Refusal::NOT_FOUND);
    }
    let permission = call.repository()?.permission(login);
    let user = with(
        call.world.user_json(login),
        json!({
            "role_name": permission.role(),
            "permissions": {
                "admin": permission >= Permission::Admin, "maintain": permission >= Permission::Maintain,
                "push": permission >= Permission::Write, "triage": permission >= Permission::Triage,
                "pull": permission >= Permission::Read,
            },
        }),
    );
    Ok(Answer::ok(json!({ "permission": permission.legacy(), "role_name": permission.role(), "user": user })))
}

pub(super) fn branches(call: &mut Call<'_>) -> Outcome {
    let refs = &call.repository()?.refs;
    let heads = refs.iter().filter_map(|(name, sha)| Some((name.strip_prefix("refs/heads/")?.to_owned(), sha.clone())));
    let heads: Vec<(String, String)> = heads.collect();
    let url = call.world.repository_url(&call.repository);
    page(call, &heads, |_, (name, sha)| {
        json!({
            "name": name, "commit": { "sha": sha, "url": format!("{url}/commits/{sha}") }, "protected": false,
            "protection_url": format!("{url}/branches/{name}/protection"), "protection": unprotected(),
        })
    })
}

pub(super) fn branch(call: &mut Call<'_>, name: &str) -> Outcome {
    let repository = call.repository()?;
    let sha = repository.branch(name).ok_or(Refusal::NotFound("Branch not found"))?;
    let commit = repository.git.commit(sha)?;
    let url = format!("{}/branches/{name}", call.world.repository_url(&call.repository));
    let html_url = format!("{}/{}/tree/{name}", call.world.web_url, call.repository);
    Ok(Answer::ok(json!({
        "name": name, "commit": call.world.commit_json(&call.repository, &commit), "_links": { "self": url, "html": html_url },
        "protected": false, "protection_url": format!("{url}/protection"),
        "protection": unprotected(),
    })))
}

/// The rules are told, and hold nobody back.
pub(super) fn rules(call: &mut Call<'_>, name: &str) -> Outcome {
    let rulesets = call.repository()?.rulesets.iter().zip(1_u64..).filter(|((branches, _), _)| name.starts_with(branches.as_str()));
    let rules: Vec<(u64, String)> = rulesets.flat_map(|((_, rules), id)| rules.iter().map(move |rule| (id, rule.clone()))).collect();
    let source = call.repository.clone();
    page(call, &rules, |_, (id, rule)| {
        let told = json!({ "type": rule, "ruleset_source_type": "Repository", "ruleset_source": source, "ruleset_id": id });
        let parameters = json!({ "parameters": { "update_allows_fetch_and_merge": false } });
        if rule == "update" { with(told, parameters) } else { told }
    })
}

/// The forge protects no branch.
fn unprotected() -> Value {
    json!({ "enabled": false, "required_status_checks": { "enforcement_level": "off", "contexts": [], "checks": [] } })
}
