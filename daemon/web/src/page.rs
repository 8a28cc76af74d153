//! What does a person see who opens the daemon's address? What this is, and how the environments are.

use std::fmt::Write;

use axum::{
    extract::State,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    response::{Html, IntoResponse, Response},
};

use crate::state::WebState;

/// No script, no picture, nothing from elsewhere.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:3rem auto;padding:0 1rem}\
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8884}";

/// One line of the page's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentState {
    /// For people: `acme/infra prod`.
    pub environment: String,
    /// For people: "applied, 2 merges wait".
    pub state: String,
    /// Where to read more; shown only if it begins with `https://` or `http://`.
    pub link: Option<String>,
}

pub(crate) async fn show(State(state): State<WebState>) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    let environments = (state.shared.options.environments)().await;
    (headers, Html(render(state.shared.options.version, &environments))).into_response()
}

fn render(version: &str, environments: &[EnvironmentState]) -> String {
    let mut rows = String::new();
    for row in environments {
        let name = escape(&row.environment);
        let name = match row.link.as_deref().filter(|link| link.starts_with("https://") || link.starts_with("http://")) {
            Some(link) => format!("<a href=\"{}\">{name}</a>", escape(link)),
            None => name,
        };
        // Writing to a String cannot fail.
        let _ = writeln!(rows, "<tr><td>{name}</td><td>{}</td></tr>", escape(&row.state));
    }
    let table = match rows.as_str() {
        "" => "<p>No environment has been looked at yet.</p>".to_owned(),
        rows => format!("<table>\n<thead><tr><th>Environment</th><th>State</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>"),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>ipr</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <h1>ipr</h1>\n<p>This daemon plans infrastructure pull requests and applies what was merged. \
         Everything happens on GitHub; this page only looks.</p>\n{table}\n\
         <p><small>Version {}. <a href=\"/metrics\">Metrics</a></small></p>\n</body>\n</html>\n",
        escape(version)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_text() {
        let hostile = |link: &str| EnvironmentState {
            environment: "<script>alert('1')</script>".to_owned(),
            state: "a & b".to_owned(),
            link: Some(link.to_owned()),
        };
        let page = render("1", &[hostile("https://example.test/\"><b>"), hostile("javascript:alert(1)")]);
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("javascript:"), "{page}");
        assert!(page.contains("<td>a &amp; b</td>"));
        assert!(page.contains("href=\"https://example.test/&quot;&gt;&lt;b&gt;\""));
    }
}
