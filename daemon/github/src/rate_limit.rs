//! Is this answer a rate limit, and for how long? GitHub says it in five ways; this is the one place that knows them.

use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

/// What GitHub's documentation asks for when an answer names no time.
const UNNAMED_S: u64 = 60;
/// Longer waits are cut: asking once a day costs nothing.
const LONGEST_S: u64 = 24 * 60 * 60;

/// `Some` when the answer is a primary or secondary rate limit. At least one second.
pub(crate) fn retry_after_s(status: StatusCode, headers: &HeaderMap, message: &str) -> Option<u64> {
    if status != StatusCode::FORBIDDEN && status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    named_s(headers)
        .or_else(|| (status == StatusCode::TOO_MANY_REQUESTS || names_limit(message)).then_some(UNNAMED_S))
        .map(|seconds| seconds.clamp(1, LONGEST_S))
}

/// `retry-after` in seconds or as a date; else the reset of a used-up primary limit.
fn named_s(headers: &HeaderMap) -> Option<u64> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let now = || text(DATE.as_str()).and_then(http_date).unwrap_or_else(|| jiff::Timestamp::now().as_second());
    let until = |moment: i64| u64::try_from(moment.saturating_sub(now())).unwrap_or(0);
    if let Some(value) = text(RETRY_AFTER.as_str()) {
        return value.parse().ok().or_else(|| http_date(value).map(until)).or(Some(UNNAMED_S));
    }
    if text("x-ratelimit-remaining") != Some("0") {
        return None;
    }
    let reset = text("x-ratelimit-reset").and_then(|value| value.parse::<i64>().ok());
    Some(reset.map_or(UNNAMED_S, until))
}

pub(crate) fn http_date(text: &str) -> Option<i64> {
    let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(moment.as_second())
}

fn names_limit(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("rate limit") || message.contains("abuse detection")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn seconds(status: u16, headers: &[(&'static str, &'static str)], message: &str) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect();
        retry_after_s(StatusCode::from_u16(status).unwrap(), &headers, message)
    }

    #[test]
    fn each_way_of_saying_it_is_understood() {
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(seconds(403, &[("retry-after", "30")], ""), Some(30));
        assert_eq!(seconds(429, &[("retry-after", "Wed, 21 Oct 2026 07:29:30 GMT"), date], ""), Some(90));
        assert_eq!(seconds(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1792567800"), date], ""), Some(120));
        assert_eq!(seconds(403, &[], "You have exceeded a secondary rate limit"), Some(60));
        assert_eq!(seconds(429, &[], ""), Some(60));
    }

    #[test]
    fn the_wait_is_bounded_on_both_sides() {
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(seconds(403, &[("retry-after", "99999999")], ""), Some(LONGEST_S));
        assert_eq!(seconds(403, &[("retry-after", "0")], ""), Some(1));
        assert_eq!(seconds(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "12"), date], ""), Some(1));
        assert_eq!(seconds(403, &[("retry-after", "soon")], ""), Some(60));
    }

    #[test]
    fn a_plain_refusal_is_no_rate_limit() {
        assert_eq!(seconds(403, &[("x-ratelimit-remaining", "4999")], "Must have admin rights"), None);
        assert_eq!(seconds(404, &[("retry-after", "5")], ""), None);
    }
}
