//! Which lines of a comment did its author say to us? Those of top-level paragraphs, read from the Markdown tree.
//!
//! Not: quotes, code, lists, tables, headings, links, HTML and its comments, and what an e-mail program left below.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The lines that start with a written `/`, with the markup inside them taken away.
pub(super) fn of(comment: &str) -> Vec<String> {
    let source = without_quoted_mail(comment);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM;
    let mut reader = Reader { source, depth: 0, in_paragraph: false, spans: 0, line: Line::default(), found: Vec::new() };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        reader.read(&event, &range);
    }
    reader.found
}

struct Reader<'a> {
    source: &'a str,
    /// How many blocks are open.
    depth: usize,
    /// Inside a paragraph of the document itself.
    in_paragraph: bool,
    /// How many links, emphases and the like are open.
    spans: usize,
    line: Line,
    found: Vec<String>,
}

#[derive(Default)]
struct Line {
    text: String,
    /// Decided by the first thing on the line.
    is_command: Option<bool>,
}

impl Reader<'_> {
    fn read(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Paragraph) => {
                self.in_paragraph = self.depth == 0;
                self.depth += 1;
            }
            Event::End(TagEnd::Paragraph) => {
                self.end_line();
                self.in_paragraph = false;
                self.depth -= 1;
            }
            Event::Start(_) if self.in_paragraph => self.spans += 1,
            Event::End(_) if self.in_paragraph => self.spans -= 1,
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth -= 1,
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Text(text) if self.in_paragraph => self.text(text, self.is_written_slash(range)),
            Event::Code(text) if self.in_paragraph => self.text(text, false),
            _ => {}
        }
    }

    /// Not escaped, not an entity, and not inside a link or an emphasis.
    fn is_written_slash(&self, range: &Range<usize>) -> bool {
        let before = self.source[..range.start].chars().next_back();
        self.spans == 0 && self.source[range.clone()].starts_with('/') && before != Some('\\')
    }

    fn text(&mut self, text: &str, starts_command: bool) {
        if self.line.is_command.is_none() && !text.trim().is_empty() {
            self.line.is_command = Some(starts_command);
        }
        self.line.text.push_str(text);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_command == Some(true) && self.in_paragraph {
            self.found.push(line.text.trim().to_owned());
        }
    }
}

/// Answers by e-mail carry the mail they answer: below "On Monday, somebody wrote:" everything is somebody else's, unless
/// the quoted lines are marked as such, and then Markdown knows.
fn without_quoted_mail(comment: &str) -> &str {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in comment.split_inclusive('\n') {
        if !line.trim().is_empty() {
            lines.push((offset, line.trim_end()));
        }
        offset += line.len();
    }
    let is_quote = |place: usize| lines.get(place).is_some_and(|(_, line)| line.trim_start().starts_with('>'));
    for (place, (offset, line)) in lines.iter().enumerate() {
        let text = line.trim_start();
        let wraps = lines.get(place + 1).is_some_and(|(_, next)| next.ends_with("wrote:") && !next.starts_with('/'));
        let is_whole = text.ends_with("wrote:");
        if text.starts_with("-----Original Message") || (text.starts_with("On ") && (is_whole || wraps)) {
            let after = if is_whole { place + 1 } else { place + 2 };
            if !is_quote(after) {
                return &comment[..*offset];
            }
        }
    }
    comment
}
