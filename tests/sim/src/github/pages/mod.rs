//! What do people see in a browser?
//!
//! Plain pages for the demo: pull requests with their comments and statuses, and the commits of a branch. No script, no style
//! from elsewhere, and a policy that forbids both.

mod markdown;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::refusal::Refusal;
use super::rest::{Answer, Content, Incoming};
use super::world::{Issue, Repository, World};

/// Commits shown on one page.
const COMMITS_MAX: &str = "100";

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}\
a{color:#0969da;text-decoration:none}h1{font-size:1.5rem}h1 small{color:#59636e;font-weight:400}\
.state{color:#fff;border-radius:1rem;padding:.2rem .8rem;font-size:.85rem}.open{background:#1a7f37}.closed{background:#d1242f}\
.merged{background:#8250df}.draft{background:#59636e}.card{border:1px solid #d1d9e0;border-radius:.4rem;margin:1rem 0}\
.card header{background:#f6f8fa;border-bottom:1px solid #d1d9e0;padding:.4rem 1rem;font-size:.9rem;color:#59636e}\
.card .text{padding:.2rem 1rem;overflow-x:auto}pre{background:#f6f8fa;padding:.8rem;border-radius:.4rem;overflow-x:auto}\
code{font:.85em ui-monospace,monospace}table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:.2rem .7rem}\
blockquote{border-left:.25rem solid #d1d9e0;margin-left:0;padding-left:1rem;color:#59636e}time{color:#59636e}";

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

pub(super) fn answer(world: &World, incoming: &Incoming) -> Answer {
    let segments: Vec<&str> = incoming.path.split('/').filter(|part| !part.is_empty()).collect();
    let page = match (incoming.method.as_str(), segments.as_slice()) {
        ("GET", []) => Ok(index(world)),
        ("GET", [owner, name]) | ("GET", [owner, name, "pulls"]) => repository(world, owner, name).map(pulls),
        ("GET", [owner, name, "pull" | "issues", number]) => repository(world, owner, name).and_then(|found| conversation(found, number)),
        ("GET", [owner, name, "commits", branch @ ..]) => repository(world, owner, name).and_then(|found| commits(found, &branch.join("/"))),
        _ => Err(Refusal::NOT_FOUND),
    };
    let (status, (title, body)) = match page {
        Ok(page) => (200, page),
        Err(refusal) => (refusal.status(), ("Not found".to_owned(), "<h1>Nothing here</h1>".to_owned())),
    };
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style><body>{body}</body></html>",
        escape(&title)
    );
    let headers = vec![
        ("content-type", "text/html; charset=utf-8".to_owned()),
        ("content-security-policy", POLICY.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    Answer { status, headers, content: Content::Raw(html.into_bytes()) }
}

/// A title and the HTML of the body.
type Page = (String, String);

fn repository<'a>(world: &'a World, owner: &str, name: &str) -> Result<&'a Repository, Refusal> {
    world.repository(&format!("{owner}/{name}"))
}

fn index(world: &World) -> Page {
    let mut html = "<h1>Repositories</h1><ul>".to_owned();
    for name in world.repositories.keys() {
        let name = escape(name);
        // Writing to a String cannot fail.
        let _ = write!(html, "<li><a href=\"/{name}/pulls\">{name}</a></li>");
    }
    ("Repositories".to_owned(), html + "</ul>")
}

fn pulls(repository: &Repository) -> Page {
    let name = escape(&repository.full_name());
    let mut html = heading(repository);
    for issue in repository.issues.values().rev() {
        let (label, class) = state(issue);
        let kind = if issue.pull.is_some() { "pull" } else { "issues" };
        let _ = write!(
            html,
            "<p><span class=\"state {class}\">{label}</span> <a href=\"/{name}/{kind}/{number}\">{title}</a> #{number} by {author}</p>",
            number = issue.number,
            title = escape(&issue.title),
            author = escape(&issue.author),
        );
    }
    (format!("{} pull requests", repository.full_name()), html)
}

fn heading(repository: &Repository) -> String {
    let name = escape(&repository.full_name());
    let mut html = format!("<h1><a href=\"/{name}/pulls\">{name}</a></h1><p>Branches:");
    for branch in repository.refs.keys().filter_map(|name| name.strip_prefix("refs/heads/")) {
        let branch = escape(branch);
        let _ = write!(html, " <a href=\"/{name}/commits/{branch}\">{branch}</a>");
    }
    html + "</p>"
}

fn state(issue: &Issue) -> (&'static str, &'static str) {
    match &issue.pull {
        Some(pull) if pull.merged.is_some() => ("Merged", "merged"),
        _ if !issue.open => ("Closed", "closed"),
        Some(pull) if pull.draft => ("Draft", "draft"),
        _ => ("Open", "open"),
    }
}

fn conversation(repository: &Repository, number: &str) -> Result<Page, Refusal> {
    let number: u64 = number.parse().map_err(|_| Refusal::NOT_FOUND)?;
    let issue = repository.issues.get(&number).ok_or(Refusal::NOT_FOUND)?;
    let (label, class) = state(issue);
    let title = escape(&issue.title);
    let mut html = heading(repository);
    let _ = write!(html, "<h1>{title} <small>#{number}</small></h1><p><span class=\"state {class}\">{label}</span>");
    if let Some(pull) = &issue.pull {
        let _ = write!(html, " <code>{}</code> into <code>{}</code>", escape(&pull.head_branch), escape(&pull.base_branch));
    }
    html += "</p>";
    html += &card(&issue.author, &issue.created_at.to_string(), issue.body.as_deref().unwrap_or_default());
    for comment in repository.comments.values().filter(|comment| comment.number == number) {
        let when = match comment.edits.len() {
            0 => comment.created_at.to_string(),
            edits => format!("{}, edited {edits} times", comment.created_at),
        };
        html += &card(&comment.author, &when, &comment.body);
    }
    if let Some(pull) = &issue.pull {
        html += &statuses(repository, &pull.head_sha);
    }
    Ok((format!("{} #{number}", issue.title), html))
}

fn card(author: &str, when: &str, markdown: &str) -> String {
    format!(
        "<section class=\"card\"><header><b>{}</b> <time>{}</time></header><div class=\"text\">{}</div></section>",
        escape(author),
        escape(when),
        markdown::render(markdown)
    )
}

/// The newest status of each context.
fn statuses(repository: &Repository, sha: &str) -> String {
    let mut newest = BTreeMap::new();
    for status in repository.statuses.iter().filter(|status| status.sha == sha) {
        newest.insert(&status.context, status);
    }
    let mut html = String::new();
    for (context, status) in newest {
        let name = escape(context);
        let target = status.target_url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let name = target.map_or(name.clone(), |url| format!("<a href=\"{}\">{name}</a>", escape(url)));
        let description = escape(status.description.as_deref().unwrap_or_default());
        let _ = write!(html, "<tr><td>{}</td><td>{name}</td><td>{description}</td></tr>", escape(&status.state));
    }
    if html.is_empty() { html } else { format!("<h2>Statuses</h2><table>{html}</table>") }
}

fn commits(repository: &Repository, branch: &str) -> Result<Page, Refusal> {
    let tip = repository.branch(branch).ok_or(Refusal::NOT_FOUND)?;
    let mut html = heading(repository);
    let _ = write!(html, "<h2>Commits on {}</h2>", escape(branch));
    for commit in repository.git.log(&["-n", COMMITS_MAX, tip])? {
        let _ = write!(
            html,
            "<section class=\"card\"><header><code>{}</code> <b>{}</b> <time>{}</time></header><div class=\"text\"><pre>{}</pre></div></section>",
            escape(commit.sha.get(..10).unwrap_or(&commit.sha)),
            escape(&commit.author.name),
            commit.committer.time,
            escape(&commit.message),
        );
    }
    Ok((format!("Commits on {branch}"), html))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
