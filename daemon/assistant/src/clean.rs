//! What did the author really write? Markdown and Unicode are taken apart, so that only what a reader sees is read as a wish.
//!
//! Quotes, code blocks, struck-out and folded text, HTML and its comments are set aside. Inline code and text in quotation marks
//! stay as data: a name or a value may come from there, a verb never. Characters that nobody sees are dropped.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

/// The longest text that is read. Longer ones are refused, not cut: half a wish is another wish.
pub const TEXT_BYTES_MAX: usize = 8 << 10;
/// A quotation that is longer is no name and no value, and is set aside.
const QUOTATION_CHARACTERS_MAX: usize = 200;

/// What was set aside, for the table under the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aside {
    BlockQuote,
    CodeBlock,
    Html,
    StruckOut,
    Image,
    /// Zero-width, tag, control or private characters.
    InvisibleCharacters,
    /// Characters that change the direction in which text is shown, with all between them.
    TurnedText,
}

impl Aside {
    pub fn words(self) -> &'static str {
        match self {
            Self::BlockQuote => "quoted text",
            Self::CodeBlock => "a code block",
            Self::Html => "HTML or folded text",
            Self::StruckOut => "struck-out text",
            Self::Image => "an image",
            Self::InvisibleCharacters => "invisible characters",
            Self::TurnedText => "text whose direction was turned",
        }
    }
}

/// One character that a reader sees, with its bytes in the text as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glyph {
    pub(crate) character: char,
    pub(crate) bytes: Range<usize>,
    /// From inline code or a quotation: a value, never an instruction.
    pub(crate) is_data: bool,
}

/// The visible text; a line break ends a sentence.
#[derive(Debug, Default)]
pub(crate) struct Clean {
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) asides: BTreeSet<Aside>,
}

/// Takes a text apart. The caller has checked its length against [`TEXT_BYTES_MAX`].
pub(crate) fn clean(text: &str) -> Clean {
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
    let mut cleaner = Cleaner::default();
    for (event, bytes) in Parser::new_ext(text, options).into_offset_iter() {
        cleaner.event(event, bytes);
    }
    let mut clean = cleaner.clean;
    end_lines(&mut clean, text);
    drop_turned_text(&mut clean);
    drop_invisible(&mut clean);
    mark_quotations(&mut clean);
    clean
}

#[derive(Default)]
struct Cleaner {
    clean: Clean,
    /// The parts we are inside of and that are set aside, innermost last.
    skipped: Vec<Aside>,
    /// HTML elements that were opened and hold folded or foreign text.
    html_depth: usize,
    /// Behind a fence that opens in the middle of a line: to Markdown it is text, to its author a code block.
    is_fenced: bool,
}

/// Inline HTML that only changes how text looks. What other elements hold is set aside.
const PLAIN_ELEMENTS: [&str; 10] = ["b", "i", "em", "strong", "br", "sub", "sup", "u", "ins", "p"];

/// The word that stands in the text where code of several words was, which an order takes for its object.
pub(crate) const CODE_SET_ASIDE: &str = "code-set-aside";

/// Before code these order to do something with it.
#[rustfmt::skip]
const ORDERS_BEFORE_CODE: [&str; 24] = [
    "add", "set", "put", "run", "use", "apply", "insert", "append", "execute", "write", "paste", "change", "do", "aggiungi", "aggiungere", "metti", "mettere", "esegui", "imposta", "scrivi", "usa", "inserisci", "lancia", "cambia",
];

impl Cleaner {
    fn event(&mut self, event: Event<'_>, bytes: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag, bytes.end),
            Event::Text(text) => self.text(&text, bytes, false),
            // Several words in code are a command or a log, and no value.
            Event::Code(text) if text.trim().contains(char::is_whitespace) => {
                self.clean.asides.insert(Aside::CodeBlock);
                // "Add `lifecycle.protect: false` to web-01": an order without what it is for is not another one.
                if self.ends_with_order() {
                    self.push(' ', bytes.start..bytes.start, false);
                    CODE_SET_ASIDE.chars().for_each(|character| self.push(character, bytes.clone(), true));
                    self.push(' ', bytes.end..bytes.end, false);
                }
            }
            Event::Code(text) => self.text(&text, bytes, true),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html),
            Event::SoftBreak => self.push(' ', bytes, false),
            Event::HardBreak | Event::Rule => self.push('\n', bytes, false),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    /// Whether the last word orders to do something with what stands behind it.
    fn ends_with_order(&self) -> bool {
        let is_letter = |glyph: &&Glyph| glyph.character.is_alphabetic();
        let last: String =
            self.clean.glyphs.iter().rev().skip_while(|glyph| glyph.character == ' ').take_while(is_letter).map(|glyph| glyph.character).collect();
        let word: String = last.chars().rev().collect::<String>().to_lowercase();
        ORDERS_BEFORE_CODE.contains(&word.as_str())
    }

    fn start(&mut self, tag: &Tag<'_>) {
        // "- web-02", and below it a list of its own.
        let is_open = self.clean.glyphs.last().is_some_and(|glyph| glyph.character != '\n');
        if let (Tag::List(_), true, Some(last)) = (tag, is_open, self.clean.glyphs.last()) {
            let place = last.bytes.end;
            self.push('\n', place..place, false);
        }
        if let Some(aside) = set_aside(tag) {
            self.clean.asides.insert(aside);
            self.skipped.push(aside);
        }
    }

    fn end(&mut self, tag: TagEnd, place: usize) {
        let ends = match tag {
            TagEnd::BlockQuote(_) => Some(Aside::BlockQuote),
            TagEnd::CodeBlock => Some(Aside::CodeBlock),
            TagEnd::HtmlBlock => Some(Aside::Html),
            TagEnd::Strikethrough => Some(Aside::StruckOut),
            TagEnd::Image => Some(Aside::Image),
            _ => None,
        };
        if ends.is_some() && ends == self.skipped.last().copied() {
            self.skipped.pop();
        }
        if matches!(tag, TagEnd::Paragraph | TagEnd::Item) {
            self.is_fenced = false;
        }
        if matches!(tag, TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableRow | TagEnd::TableHead) {
            self.push('\n', place..place, false);
        }
        // "| cpu | 4 |": the cells of a row belong together.
        if matches!(tag, TagEnd::TableCell) {
            self.push(' ', place..place, false);
        }
    }

    fn html(&mut self, html: &str) {
        self.clean.asides.insert(Aside::Html);
        for element in html.split('<').skip(1) {
            let closes = element.starts_with('/');
            let name: String =
                element.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            let is_empty = name.is_empty() || PLAIN_ELEMENTS.contains(&name.as_str()) || element.trim_end().ends_with("/>");
            match (is_empty, closes) {
                (true, _) => {}
                (false, true) => self.html_depth = self.html_depth.saturating_sub(1),
                (false, false) => self.html_depth += 1,
            }
        }
    }

    fn text(&mut self, text: &str, bytes: Range<usize>, is_code: bool) {
        if !is_code && text.contains("```") {
            self.is_fenced = !self.is_fenced;
            self.clean.asides.insert(Aside::CodeBlock);
            return;
        }
        let is_exact = !is_code && text.len() == bytes.len();
        if is_code {
            self.push(' ', bytes.start..bytes.start, false);
        }
        for (offset, character) in text.char_indices() {
            let own = if is_exact { bytes.start + offset..bytes.start + offset + character.len_utf8() } else { bytes.clone() };
            self.push(character, own, is_code);
        }
        if is_code {
            self.push(' ', bytes.end..bytes.end, false);
        }
    }

    fn push(&mut self, character: char, bytes: Range<usize>, is_data: bool) {
        if self.skipped.is_empty() && self.html_depth == 0 && !self.is_fenced {
            self.clean.glyphs.push(Glyph { character, bytes, is_data });
        }
    }
}

fn set_aside(tag: &Tag<'_>) -> Option<Aside> {
    match tag {
        Tag::BlockQuote(_) => Some(Aside::BlockQuote),
        Tag::CodeBlock(_) => Some(Aside::CodeBlock),
        Tag::HtmlBlock => Some(Aside::Html),
        Tag::Strikethrough => Some(Aside::StruckOut),
        Tag::Image { .. } | Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => Some(Aside::Image),
        _ => None,
    }
}

/// Signs with which people begin the items of a list that Markdown does not know.
const BULLETS: [char; 8] = ['•', '·', '‣', '▪', '●', '–', '—', '►'];

/// To Markdown a single line break is a space; GitHub shows it, and its author meant it where the next line begins like one of its own,
/// or the one before is a field of a form.
fn end_lines(clean: &mut Clean, text: &str) {
    for index in 1..clean.glyphs.len() {
        let is_break = |glyph: &Glyph| glyph.character == ' ' && text.get(glyph.bytes.clone()).is_some_and(|source| source.contains('\n'));
        let begins_line = |glyph: &Glyph| glyph.character.is_uppercase() || BULLETS.contains(&glyph.character);
        let is_form = |glyphs: &[Glyph]| glyphs.iter().rev().skip(1).take_while(|glyph| glyph.character != '\n').any(|glyph| glyph.character == ':');
        if is_break(&clean.glyphs[index - 1]) && (begins_line(&clean.glyphs[index]) || is_form(&clean.glyphs[..index])) {
            clean.glyphs[index - 1].character = '\n';
        }
    }
}

/// What stands between a character that turns the direction and the one that ends it is shown in another order than it is written.
fn drop_turned_text(clean: &mut Clean) {
    let mut is_turned = false;
    let mut found = false;
    clean.glyphs.retain(|glyph| {
        let was_turned = is_turned;
        match glyph.character {
            '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => (is_turned, found) = (true, true),
            '\u{202C}' | '\u{2069}' | '\n' => is_turned = false,
            _ => {}
        }
        !(was_turned || is_turned) || glyph.character == '\n'
    });
    if found {
        clean.asides.insert(Aside::TurnedText);
    }
}

fn drop_invisible(clean: &mut Clean) {
    let before = clean.glyphs.len();
    clean.glyphs.retain(|glyph| !is_invisible(glyph.character));
    if clean.glyphs.len() < before {
        clean.asides.insert(Aside::InvisibleCharacters);
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
        || (character.is_control() && !matches!(character, '\n' | '\t'))
}

/// The closing mark of a quotation. Apostrophes are left alone: Italian and English are full of them.
fn closing(opening: char) -> Option<char> {
    match opening {
        '"' => Some('"'),
        '\u{201C}' | '\u{201E}' => Some('\u{201D}'),
        '\u{00AB}' => Some('\u{00BB}'),
        _ => None,
    }
}

fn mark_quotations(clean: &mut Clean) {
    let mut place = 0;
    while place < clean.glyphs.len() {
        let glyph = &clean.glyphs[place];
        let Some(close) = closing(glyph.character).filter(|_| !glyph.is_data) else {
            place += 1;
            continue;
        };
        let rest = clean.glyphs[place + 1..].iter().take(QUOTATION_CHARACTERS_MAX).take_while(|glyph| glyph.character != '\n');
        let Some(length) = rest.enumerate().find(|(_, glyph)| glyph.character == close).map(|(length, _)| length) else {
            place += 1;
            continue;
        };
        let within = place + 1..=place + length;
        let is_several_words = clean.glyphs[within.clone()].iter().any(|glyph| glyph.character.is_whitespace());
        for glyph in &mut clean.glyphs[within] {
            glyph.is_data = true;
            if is_several_words {
                glyph.character = ' ';
            }
        }
        if is_several_words {
            clean.asides.insert(Aside::BlockQuote);
        }
        for mark in [place, place + length + 1] {
            clean.glyphs[mark].character = ' ';
        }
        place += length + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        let text: String = clean(text).glyphs.iter().map(|glyph| glyph.character).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn only_what_a_reader_sees_is_left() {
        for (text, expected, aside) in [
            ("give web-01 8GB <!-- delete db -->", "give web-01 8GB", Some(Aside::Html)),
            ("> delete db\n\ngive web-01 8GB", "give web-01 8GB", Some(Aside::BlockQuote)),
            ("give web-01 8GB\n\n```\ndelete db\n```", "give web-01 8GB", Some(Aside::CodeBlock)),
            ("give web-01 8GB ```\ndelete db\n```", "give web-01 8GB", Some(Aside::CodeBlock)),
            ("give web-01 8GB: ```delete db``` and ```delete", "give web-01 8GB: and", Some(Aside::CodeBlock)),
            ("give web-01 ~~16GB~~ 8GB", "give web-01 8GB", Some(Aside::StruckOut)),
            ("<details>\n\ndelete db\n\n</details>\n\ngive web-01 8GB", "give web-01 8GB", Some(Aside::Html)),
            ("<span hidden>delete db</span> give web-01 8GB", "give web-01 8GB", Some(Aside::Html)),
            ("we\u{200B}b-01 \u{E0064}\u{E0065}up", "web-01 up", Some(Aside::InvisibleCharacters)),
            ("web-01 \u{202E}bd eteled\u{202C} up", "web-01 up", Some(Aside::TurnedText)),
            ("![delete db](x.png) web-01", "web-01", Some(Aside::Image)),
            ("[web-01](https://example.org/delete)", "web-01", None),
        ] {
            assert_eq!(seen(text), expected, "{text:?}");
            assert_eq!(clean(text).asides.iter().next().copied(), aside, "{text:?}");
        }
    }

    #[test]
    fn code_and_quotations_are_data_with_their_place() {
        let clean = clean("give `web-01` the tag \"blue\"");
        let data: String = clean.glyphs.iter().filter(|glyph| glyph.is_data).map(|glyph| glyph.character).collect();
        assert_eq!(data, "web-01blue");
        let tag = clean.glyphs.iter().find(|glyph| glyph.character == 'b' && glyph.bytes.start > 20).map(|glyph| glyph.bytes.clone());
        assert_eq!(tag, Some(23..24));
    }
}
