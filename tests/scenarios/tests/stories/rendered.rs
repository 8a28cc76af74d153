//! What do people see of a comment? Its Markdown, and the HTML of a renderer that others wrote.

use comrak::Options;

/// The Markdown and its HTML, one snapshot each.
macro_rules! assert_comment {
    ($name:literal, $text:expr) => {{
        let text: String = $text;
        insta::with_settings!({omit_expression => true}, {
            insta::assert_snapshot!(concat!($name, ".md"), text);
            insta::assert_snapshot!(concat!($name, ".html"), $crate::rendered::html(&text));
        });
    }};
}

pub(crate) use assert_comment;

pub(crate) fn html(markdown: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.alerts = true;
    options.render.r#unsafe = true;
    options.render.github_pre_lang = true;
    comrak::markdown_to_html(markdown, &options)
}
