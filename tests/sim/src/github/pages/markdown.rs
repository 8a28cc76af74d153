//! How does a comment's Markdown become HTML that is safe to show?

use comrak::nodes::NodeValue;
use comrak::{Arena, Options};

use super::escape;

/// The tags that comments may bring; all others are shown as text.
const TAGS: &[&str] = &["details", "summary", "br", "sub", "sup", "kbd"];

/// GitHub's Markdown as HTML. Comments fold with `<details>`, so some HTML stays; the rest is escaped.
pub(super) fn render(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &options);
    for node in root.descendants() {
        match &mut node.data.borrow_mut().value {
            NodeValue::HtmlBlock(block) => defuse(&mut block.literal),
            NodeValue::HtmlInline(html) => defuse(html),
            // The renderer drops such addresses only together with all HTML.
            NodeValue::Link(link) | NodeValue::Image(link) if !is_web(&link.url) => link.url.clear(),
            _ => {}
        }
    }
    options.render.r#unsafe = true;
    let mut html = String::new();
    match comrak::format_html(root, &options, &mut html) {
        Ok(()) => html,
        Err(_) => escape(markdown),
    }
}

fn is_web(url: &str) -> bool {
    ["https://", "http://", "/", "#"].iter().any(|start| url.starts_with(start))
}

fn defuse(html: &mut String) {
    if !is_harmless(html) {
        *html = escape(html);
    }
}

/// Whether HTML consists of comments, text and allowed tags without attributes.
fn is_harmless(html: &str) -> bool {
    let mut rest = html;
    while let Some((_, from_tag)) = rest.split_once('<') {
        if let Some(comment) = from_tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((tag, after)) = from_tag.split_once('>') else { return false };
        let tag = tag.trim_start_matches('/').trim_end_matches('/').trim();
        let name = tag.strip_suffix(" open").unwrap_or(tag);
        if !TAGS.contains(&name) {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn keeps_folds_and_escapes_everything_else() {
        let html = render("<details>\n<summary>Plan</summary>\n\n| a |\n|---|\n| 1 |\n\n</details>\n\n<script>alert(1)</script>");
        assert!(html.contains("<details>\n<summary>Plan</summary>"), "{html}");
        assert!(html.contains("<table>"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }

    #[test]
    fn lets_no_attribute_and_no_script_address_through() {
        let html = render("a <details ontoggle=alert(1)> b [c](javascript:alert(1)) <!-- x --> <b onclick=x>d</b>");
        assert!(!html.contains("<details ontoggle"), "{html}");
        assert!(!html.contains("javascript:"), "{html}");
        assert!(!html.contains("<b "), "{html}");
    }
}
