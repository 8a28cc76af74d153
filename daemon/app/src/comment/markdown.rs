//! How does a text that somebody else wrote stand in a comment without becoming markup, a mention or a lie?
//!
//! Values, names and messages come from blueprints and targets. Each leaves this module as a code span, as escaped prose or
//! as lines of a fence; nothing else in the comment is built from them.

/// How many characters of one foreign text are shown before it is cut.
pub(crate) const PROSE_LENGTH_MAX: usize = 500;
const CODE_LENGTH_MAX: usize = 120;
/// GitHub notifies at most fifty people of one comment.
const MENTIONS_MAX: usize = 50;

/// A code span of one line. Mentions and references inside it notify nobody.
pub(crate) fn code(text: &str) -> String {
    let text = capped(&visible(text), CODE_LENGTH_MAX);
    if text.trim().is_empty() {
        return "`(empty)`".to_owned();
    }
    let delimiter = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{delimiter}{pad}{text}{pad}{delimiter}")
}

/// A mention that notifies: the one way for a `@` to leave this module alive. What is no login or team is shown as code.
pub(crate) fn mention(person: &str) -> String {
    let name = person.strip_prefix('@').unwrap_or(person);
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_name = name.split('/').count() <= 2 && name.split('/').all(is_part);
    if is_name { format!("@{name}") } else { code(person) }
}

/// A name in a command that is shown to be copied: only what a name can hold.
pub(crate) fn command_word(name: &str) -> String {
    name.chars().filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '/')).take(CODE_LENGTH_MAX).collect()
}

/// The people to tell, on a line of their own; nothing where there are none.
pub(crate) fn mentions(people: &[String]) -> String {
    people.iter().take(MENTIONS_MAX).map(|person| mention(person)).collect::<Vec<_>>().join(" ")
}

/// A code span for a cell of a table, where even code ends at a `|`.
pub(crate) fn cell(text: &str) -> String {
    in_cell(&code(text))
}

/// Markdown made fit for a cell of a table: every `|` is escaped once. Where an odd number of backslashes stands before it, it
/// is already.
pub(crate) fn in_cell(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len() + 4);
    let mut backslashes = 0;
    for letter in markdown.chars() {
        if letter == '|' && backslashes % 2 == 0 {
            out.push('\\');
        }
        backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
        out.push(letter);
    }
    out
}

/// Running text on one line: spans between backticks stay code, words that GitHub would link or notify become code, and
/// everything else means only itself.
pub(crate) fn prose(text: &str) -> String {
    let text = capped(&visible(text.trim()), PROSE_LENGTH_MAX);
    let parts: Vec<&str> = text.split('`').collect();
    // An odd number of backticks leaves the last one without a partner: it is text.
    let paired = if parts.len() % 2 == 1 { parts.len() } else { parts.len() - 1 };
    let mut out = String::with_capacity(text.len() + 16);
    for (index, part) in parts.iter().enumerate() {
        match index {
            index if index >= paired => out.push_str(&format!("\\`{}", words(part))),
            index if index % 2 == 1 && !part.trim().is_empty() => out.push_str(&code(part)),
            index if index % 2 == 1 => out.push_str("\\`\\`"),
            _ => out.push_str(&words(part)),
        }
    }
    match out.find(|letter: char| !letter.is_ascii_digit()) {
        Some(0) if out.starts_with(['#', '+', '-', '=']) => format!("\\{out}"),
        Some(end) if end > 0 && out[end..].starts_with(['.', ')']) => format!("{}\\{}", &out[..end], &out[end..]),
        _ => out,
    }
}

fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        if is_linked_by_github(word) {
            let name = word.trim_end_matches([',', '.', ';', ':', ')', '?']);
            out.push_str(&code(name));
            out.push_str(&word[name.len()..]);
        } else {
            out.push_str(&escaped(word));
        }
    }
    out
}

/// Mentions, references to issues and commits, addresses of pages and mailboxes.
fn is_linked_by_github(word: &str) -> bool {
    let is_hexadecimal = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lower = word.to_ascii_lowercase();
    word.contains(['@', '#']) || lower.contains("://") || lower.contains("www.") || lower.contains("gh-") || is_hexadecimal
}

fn escaped(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            letter => out.push(letter),
        }
    }
    out
}

/// A fence that its content cannot close.
pub(crate) fn fence(info: &str, lines: &[String]) -> String {
    let body = lines.iter().map(|line| visible(line)).collect::<Vec<_>>().join("\n");
    let delimiter = "`".repeat(longest_run(&body, '`').max(2) + 1);
    format!("{delimiter}{info}\n{body}\n{delimiter}\n")
}

/// A part that is closed until the reader opens it. `summary` is ours: it is put into HTML as it is.
pub(crate) fn details(summary: &str, body: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{}\n\n</details>\n", body.trim_end())
}

/// A loud block. `kind` is one of GitHub's alerts.
pub(crate) fn alert(kind: &str, lines: &[String]) -> String {
    let mut out = format!("> [!{kind}]\n");
    for line in lines {
        out.push_str(format!("> {line}").trim_end());
        out.push('\n');
    }
    out
}

/// One line in which nothing is hidden: line breaks, control characters and characters that turn the direction of writing
/// are shown as what they are.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => out.push('⏎'),
            '\t' => out.push(' '),
            letter if letter.is_control() || is_invisible(letter) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out
}

fn is_invisible(letter: char) -> bool {
    matches!(u32::from(letter), 0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xE0000..=0xE007F)
}

/// The first `length` characters, with a mark where something is missing.
pub(crate) fn capped(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn longest_run(text: &str, wanted: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for letter in text.chars() {
        run = if letter == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// `dev`, `dev and prod`, `dev, staging and prod`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

/// `1 update`, `4 updates`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a⏎b`");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(code(""), "`(empty)`");
    }

    #[test]
    fn prose_keeps_code_and_loses_markup() {
        assert_eq!(prose("`app.web` is *new*"), "`app.web` is \\*new\\*");
        assert_eq!(prose("ask @acme/oncall about #12."), "ask `@acme/oncall` about `#12`.");
        assert_eq!(prose("a lone ` stays"), "a lone \\` stays");
        assert_eq!(prose("<b>x</b>"), "&lt;b&gt;x&lt;/b&gt;");
        assert_eq!(prose("1. one"), "1\\. one");
        assert_eq!(prose("- one"), "\\- one");
    }

    #[test]
    fn a_pipe_never_ends_a_cell() {
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(cell("a\\|b"), "`a\\|b`");
        assert_eq!(cell("a\\\\|b"), "`a\\\\\\|b`");
        assert_eq!(in_cell(&prose("a|b `c|d`")), "a\\|b `c\\|d`");
    }

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(visible("a\u{202e}b\u{0}"), "a⟨U+202E⟩b⟨U+0000⟩");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("diff", &["+ ````".to_owned()]), "`````diff\n+ ````\n`````\n");
    }

    #[test]
    fn nothing_is_cut_inside_a_character() {
        assert_eq!(capped("𝒶𝒷𝒸", 2), "𝒶𝒷…");
        assert_eq!(capped("ab", 2), "ab");
    }
}
