//! Which part of a list does the caller get, and where is the rest?

use serde_json::Value;

use crate::github::refusal::Refusal;
use crate::github::world::World;

use super::answer::Answer;
use super::call::Call;

const PER_PAGE: usize = 30;
const PER_PAGE_MAX: usize = 100;

/// One page of `items`, shown by `show`, with GitHub's `Link` header, which goes to `/repositories/{id}`.
pub(crate) fn page<T>(call: &Call<'_>, items: &[T], show: impl Fn(&World, &T) -> Value) -> Result<Answer, Refusal> {
    let number = |name: &str| call.query(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0);
    let per_page = number("per_page").unwrap_or(PER_PAGE).min(PER_PAGE_MAX);
    let current = number("page").unwrap_or(1);
    let first = (current - 1).saturating_mul(per_page).min(items.len());
    let until = first.saturating_add(per_page).min(items.len());
    let shown = items.get(first..until).unwrap_or_default().iter().map(|item| show(call.world, item)).collect();
    let answer = Answer::ok(Value::Array(shown));
    let last = items.len().div_ceil(per_page).max(1);
    if last == 1 {
        return Ok(answer);
    }
    let id = call.repository()?.id;
    let link = |page: usize, relation: &str| {
        let others = call.query.iter().filter(|(key, _)| key != "page");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others).append_pair("page", &page.to_string());
        let below = &call.path_below;
        format!("<{}/repositories/{id}{below}?{}>; rel=\"{relation}\"", call.world.api_url(), query.finish())
    };
    let mut links = Vec::new();
    if current > 1 {
        links.push(link(current - 1, "prev"));
    }
    if current < last {
        links.push(link(current + 1, "next"));
        links.push(link(last, "last"));
    }
    if current > 1 {
        links.push(link(1, "first"));
    }
    Ok(answer.with_header("link", links.join(", ")))
}
