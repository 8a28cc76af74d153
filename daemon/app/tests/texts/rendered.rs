//! What does GitHub make of a text? The HTML of a renderer that others wrote.

use comrak::Options;

/// The Markdown and its HTML, one snapshot each.
#[macro_export]
macro_rules! assert_text {
    ($name:literal, $text:expr) => {{
        let text: String = $text;
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(concat!($name, ".md"), text);
            insta::assert_snapshot!(concat!($name, ".html"), $crate::rendered::html(&text));
        });
    }};
}

pub(crate) fn html(markdown: &str) -> String {
    comrak::markdown_to_html(markdown, &github())
}

pub(crate) fn github() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.alerts = true;
    options.render.r#unsafe = true;
    options.render.github_pre_lang = true;
    options
}
