//! Which words does a text have? Each with its place in the text as written and with its folded form, by which it is looked up.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::clean::{Clean, Glyph};
use crate::lexicon::CONCEPTS;
use crate::source::Source;

/// The most words that are read.
pub(crate) const TOKENS_MAX: usize = 600;

/// A word, or a punctuation mark that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// As written, without what stands around it.
    pub(crate) text: String,
    /// Lower case, without accents and width forms: what lexicons hold.
    pub(crate) fold: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// From inline code or a quotation: a value, never an instruction.
    pub(crate) is_data: bool,
}

impl Token {
    pub(crate) fn is_punctuation(&self) -> bool {
        self.text.chars().all(|character| !character.is_alphanumeric()) && self.text != "+"
    }

    /// Whether a sentence ends here.
    pub(crate) fn ends_sentence(&self) -> bool {
        matches!(self.fold.as_str(), "." | "!" | "?" | "\n")
    }
}

/// The words of one text of a conversation.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    pub(crate) tokens: Vec<Token>,
    pub(crate) text: &'a str,
    pub(crate) turn: u32,
    /// There are more words than are read: nothing may be concluded from the first of them.
    pub(crate) is_cut: bool,
}

impl<'a> Words<'a> {
    pub(crate) fn new(clean: &Clean, text: &'a str, turn: u32) -> Self {
        let mut tokens = tokens(clean);
        write_out(&mut tokens);
        let is_cut = tokens.len() >= TOKENS_MAX;
        Self { tokens, text, turn, is_cut }
    }

    /// The source of what the tokens `from..to` say.
    pub(crate) fn source(&self, from: usize, to: usize) -> Source {
        let (Some(first), Some(last)) = (self.tokens.get(from), self.tokens.get(to.saturating_sub(1).max(from))) else {
            return Source::Author { turn: self.turn, start: 0, end: 0, words: String::new() };
        };
        let words = self.text.get(first.start..last.end).unwrap_or_default().to_owned();
        Source::Author { turn: self.turn, start: first.start, end: last.end, words }
    }

    pub(crate) fn fold(&self, place: usize) -> &str {
        self.tokens.get(place).map_or("", |token| &token.fold)
    }

    /// The fold of a token that may instruct: data gives nothing.
    pub(crate) fn word(&self, place: usize) -> &str {
        self.tokens.get(place).filter(|token| !token.is_data).map_or("", |token| &token.fold)
    }
}

/// Words as they are typed on phones, and what they are for.
#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    ("nn", "non"), ("cmq", "comunque"), ("xche", "perche"), ("xke", "perche"), ("xk", "perche"), ("qnd", "quando"), ("dv", "dove"), ("tt", "tutto"), ("qst", "questo"), ("qsta", "questa"), ("sn", "sono"), ("pure", "anche"),
    ("u", "you"), ("ur", "your"), ("w/", "with"), ("w/o", "without"), ("thru", "through"), ("abt", "about"), ("bc", "because"), ("b/c", "because"), ("cuz", "because"), ("coz", "because"), ("gonna", "going"), ("wanna", "want"), ("gotta", "must"),
];

/// Writes short forms out, for the lexicons. `x` is `per`, but not in "2 x 50 GB".
fn write_out(tokens: &mut [Token]) {
    let is_number = |token: Option<&Token>| token.is_some_and(|token| token.fold.starts_with(|letter: char| letter.is_ascii_digit()));
    for place in 0..tokens.len() {
        if tokens[place].is_data {
            continue;
        }
        let is_times = is_number(place.checked_sub(1).and_then(|before| tokens.get(before))) && is_number(tokens.get(place + 1));
        let long = match tokens[place].fold.as_str() {
            "x" if !is_times => Some("per"),
            fold => SHORT.iter().chain(crate::lexicon::MISSPELLED).find(|(short, _)| *short == fold).map(|(_, long)| *long),
        };
        if let Some(long) = long {
            tokens[place].fold = long.to_owned();
        }
    }
}

/// Stands alone wherever it is.
fn is_separator(character: char) -> bool {
    matches!(character, ',' | ';' | '!' | '?' | '(' | ')' | '[' | ']' | '|' | '\u{2026}' | '"' | '\u{2192}')
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{00B4}')
}

fn tokens(clean: &Clean) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word: Vec<&Glyph> = Vec::new();
    for glyph in &clean.glyphs {
        let character = glyph.character;
        let is_decimal_comma = character == ',' && word.last().is_some_and(|last| last.character.is_ascii_digit()) && next_is_digit(clean, glyph);
        let breaks_data = word.last().is_some_and(|last| last.is_data != glyph.is_data);
        if breaks_data {
            finish(&mut word, &mut tokens);
        }
        if character == '\n' {
            finish(&mut word, &mut tokens);
            push_mark(glyph, &mut tokens);
        } else if character.is_whitespace() {
            finish(&mut word, &mut tokens);
        } else if is_separator(character) && !is_decimal_comma && !is_in_value(&word, clean, glyph) {
            finish(&mut word, &mut tokens);
            if character == '\u{2192}' { push_arrow(&[glyph], &mut tokens) } else { push_mark(glyph, &mut tokens) }
        } else if is_apostrophe(character) {
            finish(&mut word, &mut tokens);
        } else {
            word.push(glyph);
        }
        if tokens.len() >= TOKENS_MAX {
            return tokens;
        }
    }
    finish(&mut word, &mut tokens);
    tokens
}

/// Within `DATABASE_URL=postgres://u@h/db?sslmode=disable` a mark ends nothing as long as the value goes on.
fn is_in_value(word: &[&Glyph], clean: &Clean, glyph: &Glyph) -> bool {
    let is_assignment = word.iter().skip(1).any(|letter| letter.character == '=');
    let next = clean.glyphs.iter().find(|other| other.bytes.start >= glyph.bytes.end);
    is_assignment
        && matches!(glyph.character, '?' | ',' | '!')
        && next.is_some_and(|next| !next.character.is_whitespace() && next.is_data == glyph.is_data)
}

fn next_is_digit(clean: &Clean, glyph: &Glyph) -> bool {
    let next = clean.glyphs.iter().find(|other| other.bytes.start >= glyph.bytes.end && other.bytes.start > glyph.bytes.start);
    next.is_some_and(|next| next.character.is_ascii_digit())
}

fn push_mark(glyph: &Glyph, tokens: &mut Vec<Token>) {
    let text = glyph.character.to_string();
    tokens.push(Token { fold: text.clone(), text, start: glyph.bytes.start, end: glyph.bytes.end, is_data: false });
}

/// Ends the word: marks at its end become tokens of their own when they end a sentence.
fn finish(word: &mut Vec<&Glyph>, tokens: &mut Vec<Token>) {
    if let Some((place, length)) = arrow(word) {
        // "4->8GB": from, to.
        let mut rest = word.split_off(place + length);
        let sign = word.split_off(place);
        finish(word, tokens);
        push_arrow(&sign, tokens);
        finish(&mut rest, tokens);
        return;
    }
    let mut end = None;
    while let Some(last) = word.last().copied().filter(|last| matches!(last.character, '.' | ':' | '-' | '\u{2013}' | '\u{2014}' | '*' | '_')) {
        if last.character == '.' {
            end = Some(last);
        }
        word.pop();
    }
    let is_negative = |word: &[&Glyph]| {
        word.first().is_some_and(|first| first.character == '-') && word.get(1).is_some_and(|second| second.character.is_ascii_digit())
    };
    while !is_negative(word)
        && word.first().is_some_and(|first| matches!(first.character, '-' | '\u{2013}' | '\u{2014}' | '*' | '_' | '\u{2022}' | '.' | ':'))
        && !is_decimal(word)
    {
        word.remove(0);
    }
    // "tags=[monitoring]": the list stands alone.
    if word.len() > 1
        && word.last().is_some_and(|last| last.character == '=')
        && word[..word.len() - 1].iter().all(|glyph| glyph.character.is_lowercase())
    {
        word.pop();
    }
    drop_path(word);
    if let Some(place) = at_sign(word).or_else(|| slash_of_environment(word)) {
        let rest = word.split_off(place + 1);
        word.pop();
        push_word(word, tokens);
        *word = rest;
    }
    if let Some(place) = field_sign(word) {
        // `memory=32GB` is a field and its value; `LOG_LEVEL=debug` is one word.
        let mut rest = word.split_off(place);
        let sign = rest.remove(0);
        finish(word, tokens);
        push_mark(sign, tokens);
        *word = rest;
    }
    if let Some(place) = hyphen_of_amount(word) {
        // "4-core", "dual-core", "16-gig": the number and what it is of.
        let mut rest = word.split_off(place);
        rest.remove(0);
        push_word(word, tokens);
        *word = rest;
    }
    if let Some(parts) = amounts(word) {
        for part in parts {
            push_word(part, tokens);
        }
        word.clear();
    }
    push_word(word, tokens);
    word.clear();
    if let Some(end) = end {
        push_mark(end, tokens);
    }
}

/// ".5 cores".
fn is_decimal(word: &[&Glyph]) -> bool {
    word.len() > 1 && word[0].character == '.' && word[1..].iter().all(|glyph| glyph.character.is_ascii_digit())
}

/// The place of the sign in "db@prod": two plain words, and no address or digest.
fn at_sign(word: &[&Glyph]) -> Option<usize> {
    let is_plain = |glyph: &&&Glyph| !glyph.is_data && (glyph.character.is_ascii_alphanumeric() || glyph.character == '-');
    let place = word.iter().position(|glyph| glyph.character == '@').filter(|place| *place > 0 && *place + 1 < word.len())?;
    word.iter().enumerate().all(|(index, glyph)| index == place || is_plain(&glyph)).then_some(place)
}

/// The place of the slash in "shop-app/staging", "prod/tools": an environment and a blueprint, and no image.
fn slash_of_environment(word: &[&Glyph]) -> Option<usize> {
    let is_plain = |glyph: &&&Glyph| !glyph.is_data && (glyph.character.is_ascii_alphanumeric() || glyph.character == '-');
    let place = word.iter().position(|glyph| glyph.character == '/').filter(|place| *place > 0 && *place + 1 < word.len())?;
    let side = |glyphs: &[&Glyph]| glyphs.iter().map(|glyph| glyph.character.to_ascii_lowercase()).collect::<String>();
    // "acme/test" may be an image.
    let is_environment = |glyphs: &[&Glyph]| {
        matches!(side(glyphs).as_str(), "prod" | "production" | "produzione" | "dev" | "staging" | "stg" | "preprod" | "collaudo")
    };
    let (before, behind) = (is_environment(&word[..place]), is_environment(&word[place + 1..]));
    (word.iter().enumerate().all(|(index, glyph)| index == place || is_plain(&glyph)) && before != behind).then_some(place)
}

/// The first arrow in a word that is no data, with its number of characters. In `URL=x=>y` it is a part of the value.
fn arrow(word: &[&Glyph]) -> Option<(usize, usize)> {
    let head = word.iter().skip(1).position(|glyph| glyph.character == '>').map(|place| place + 1)?;
    let shaft = word[..head].iter().rev().take_while(|glyph| matches!(glyph.character, '-' | '=' | '\u{2013}')).count();
    let start = head - shaft;
    let is_plain = shaft > 0 && word.iter().all(|glyph| !glyph.is_data) && !word[..start].iter().any(|glyph| glyph.character == '=');
    is_plain.then_some((start, shaft + 1))
}

fn push_arrow(sign: &[&Glyph], tokens: &mut Vec<Token>) {
    if let (Some(first), Some(last)) = (sign.first(), sign.last()) {
        let text = "->".to_owned();
        tokens.push(Token { fold: text.clone(), text, start: first.bytes.start, end: last.bytes.end, is_data: false });
    }
}

/// The hyphen between a number and its unit.
fn hyphen_of_amount(word: &[&Glyph]) -> Option<usize> {
    let text: String = word.iter().map(|glyph| glyph.character.to_ascii_lowercase()).collect();
    let (number, unit) = text.split_once('-')?;
    let is_number =
        number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty() || matches!(number, "single" | "dual" | "quad" | "hexa" | "octa");
    let is_unit = matches!(unit, "core" | "cores" | "cpu" | "cpus" | "vcpu" | "vcpus" | "gig" | "gigs" | "giga" | "gb" | "mb" | "meg" | "tb");
    (is_number && is_unit && word.iter().all(|glyph| !glyph.is_data)).then_some(number.len())
}

/// "4vcpu" is "4" and "vcpu"; "2c/4g/40g" are three amounts.
fn amounts<'a, 'g>(word: &'a [&'g Glyph]) -> Option<Vec<&'a [&'g Glyph]>> {
    let mut parts = Vec::new();
    // "dmz/10.0.30.9": a network and an address in it.
    if let Some(sign) = word.iter().position(|glyph| glyph.character == '/') {
        let (head, tail) = (&word[..sign], &word[sign + 1..]);
        let text: String = tail.iter().map(|glyph| glyph.character).collect();
        if !head.is_empty() && head.iter().all(|glyph| glyph.character.is_ascii_alphabetic()) && text.parse::<std::net::Ipv4Addr>().is_ok() {
            return Some(vec![head, tail]);
        }
    }
    for piece in word.split(|glyph| glyph.character == '/') {
        let end = piece.iter().position(|glyph| !glyph.character.is_ascii_digit() && glyph.character != '.');
        // "4 cores/16 gig/200 gig": the unit of the number before, and a number whose unit is the next word.
        let end = end.or_else(|| (parts.len() == 1 && !piece.is_empty()).then_some(piece.len()))?;
        if end == piece.len() && parts.first().is_none_or(|first: &&[&Glyph]| first.iter().any(|glyph| glyph.character.is_ascii_digit())) {
            return None;
        }
        let (number, unit) = piece.split_at(end);
        let unit_text: String = unit.iter().map(|glyph| glyph.character.to_ascii_lowercase()).collect();
        match unit_text.as_str() {
            // "1 core/1G/10G": its number stands before.
            "cpu" | "cpus" | "vcpu" | "vcpus" | "core" | "cores" if number.is_empty() && parts.is_empty() => parts.push(unit),
            // "2c/4g ram/100g disk".
            "ram" | "mem" | "memory" | "disk" | "hdd" | "ssd" if number.is_empty() && parts.is_empty() => parts.push(unit),
            "g" | "gb" | "gig" | "gigs" | "giga" | "tb" | "tera" | "mb" if number.is_empty() && parts.is_empty() => parts.push(unit),
            "" if !number.is_empty() => parts.push(piece),
            _ if number.is_empty() => return None,
            "c" | "cpu" | "cpus" | "vcpu" | "vcpus" | "core" | "cores" => parts.extend([number, unit]),
            "g" | "gb" | "gib" | "gig" | "m" | "mb" | "mib" | "t" | "tb" | "tib" => parts.push(piece),
            _ => return None,
        }
    }
    (parts.len() > 1).then_some(parts)
}

fn push_word(word: &[&Glyph], tokens: &mut Vec<Token>) {
    if let (Some(first), Some(last)) = (word.first(), word.last()) {
        let text: String = word.iter().map(|glyph| glyph.character).collect();
        tokens.push(Token { fold: fold(&text), text, start: first.bytes.start, end: last.bytes.end, is_data: first.is_data });
    }
}

/// `network.ip=10.0.30.5/24` and `specs.memory=4GB` name their field by its path; its last part says which it is. A link is to what it
/// is a link of: `network.link=dmz`.
fn drop_path(word: &mut Vec<&Glyph>) {
    let Some(sign) = word.iter().position(|glyph| glyph.character == '=').filter(|_| word.iter().all(|glyph| !glyph.is_data)) else { return };
    let is_path = word[..sign].iter().all(|glyph| glyph.character.is_ascii_lowercase() || glyph.character == '.');
    let Some(dot) = word[..sign].iter().rposition(|glyph| glyph.character == '.').filter(|_| is_path) else { return };
    if word[dot + 1..sign].iter().map(|glyph| glyph.character).eq("link".chars()) {
        word.drain(dot..sign);
        drop_path(word);
    } else {
        word.drain(..=dot);
    }
}

/// Names of fields that people write in capitals.
const FIELDS_IN_CAPITALS: [&str; 9] = ["RAM", "CPU", "VCPU", "OS", "IP", "HDD", "SSD", "VLAN", "MEM"];

/// The place of a `=` behind the name of a field.
fn field_sign(word: &[&Glyph]) -> Option<usize> {
    let place = word.iter().position(|glyph| glyph.character == '=').filter(|place| *place > 0 && *place + 1 < word.len())?;
    let name: String = word[..place].iter().map(|glyph| glyph.character).collect();
    // `vCPU=4`, `RAM=16GiB`; `PORT=8080` is a variable.
    let is_variable = name.len() > 1 && name.chars().all(|letter| !letter.is_lowercase()) && !FIELDS_IN_CAPITALS.contains(&name.as_str());
    let name = if is_variable { name } else { name.to_lowercase() };
    let is_field = CONCEPTS.iter().any(|(_, phrases)| phrases.contains(&name.as_str()))
        || matches!(name.as_str(), "name" | "nome" | "network" | "rete" | "net" | "env" | "environment" | "ambiente" | "blueprint");
    is_field.then_some(place)
}

/// Lower case, compatibility forms resolved, accents dropped: `Più` is `piu`, a full-width `８` is `8`.
pub(crate) fn fold(text: &str) -> String {
    let folded = text.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase);
    folded.map(|character| if character == '\u{00D7}' { 'x' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

    fn folds(text: &str) -> Vec<String> {
        Words::new(&clean(text), text, 0).tokens.into_iter().map(|token| token.fold).filter(|fold| fold != "\n").collect()
    }

    #[test]
    fn words_keep_what_belongs_to_a_name_or_a_number() {
        for (text, expected) in [
            ("Give web-01 1,5 GB, please.", &["give", "web-01", "1,5", "gb", ",", "please", "."][..]),
            ("l'immagine è nginx:1.27", &["l", "immagine", "e", "nginx:1.27"]),
            ("web-01's disk", &["web-01", "s", "disk"]),
            ("4vCPU 2c/4g/40g", &["4", "vcpu", "2", "c", "4g", "40g"]),
            ("set LOG_LEVEL=debug (now)", &["set", "log_level=debug", "(", "now", ")"]),
            ("10.0.20.11/24. Più!", &["10.0.20.11/24", ".", "piu", "!"]),
            ("\u{FF12}\u{00D7}50G", &["2x50g"]),
            ("4->8GB 2 \u{2192} 4 a=>b --> ", &["4", "->", "8gb", "2", "->", "4", "a", "->", "b", "->"]),
        ] {
            assert_eq!(folds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_knows_where_it_was_written() {
        let text = "Più RAM a `web-01`";
        let words = Words::new(&clean(text), text, 2);
        let name = words.tokens.iter().position(|token| token.fold == "web-01").unwrap_or_default();
        assert_eq!(words.source(name, name + 1), Source::Author { turn: 2, start: 11, end: 19, words: "`web-01`".to_owned() });
    }
}
