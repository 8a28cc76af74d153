//! Which part of a Rust file is code, which is comment, which is text in quotes?
//!
//! Rules about code must not stumble over a comment or a message that speaks of the same word. This is a
//! reader of characters, not a parser: it knows comments, strings, raw strings and character literals.

/// A Rust file in three views. Each has the lines of the file; what a view leaves out is blank.
#[derive(Debug)]
pub(crate) struct RustSource {
    /// Code alone.
    pub(crate) code: String,
    /// Code and literals, without comments.
    pub(crate) code_and_literals: String,
    /// Comments alone, documentation included.
    pub(crate) comments: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Code,
    Literal,
    Comment,
}

impl RustSource {
    /// Splits the text of a file.
    pub(crate) fn split(text: &str) -> RustSource {
        let characters: Vec<char> = text.chars().collect();
        let classes = classify(&characters);
        let view = |shown: &[Class]| -> String {
            let pairs = characters.iter().zip(&classes);
            pairs
                .map(|(&character, class)| {
                    let visible = character == '\n' || shown.contains(class);
                    if visible { character } else { ' ' }
                })
                .collect()
        };
        RustSource { code: view(&[Class::Code]), code_and_literals: view(&[Class::Code, Class::Literal]), comments: view(&[Class::Comment]) }
    }
}

fn classify(characters: &[char]) -> Vec<Class> {
    let mut classes = Vec::with_capacity(characters.len());
    while classes.len() < characters.len() {
        let rest = &characters[classes.len()..];
        let in_word = classes.len().checked_sub(1).is_some_and(|last| is_word(characters[last]));
        let (class, length) = next_piece(rest, in_word);
        classes.resize(classes.len() + length, class);
    }
    classes
}

/// The class and length of what `rest` starts with. `in_word` says that it goes on with a name.
fn next_piece(rest: &[char], in_word: bool) -> (Class, usize) {
    match rest {
        ['/', '/', ..] => (Class::Comment, until_line_end(rest)),
        ['/', '*', ..] => (Class::Comment, block_comment(rest)),
        ['"', ..] => (Class::Literal, quoted(rest)),
        ['r', '"' | '#', ..] if !in_word => raw_string(rest),
        ['b', 'r', '"' | '#', ..] if !in_word => raw_string(rest),
        ['\'', ..] => character_or_lifetime(rest),
        _ => (Class::Code, 1),
    }
}

fn until_line_end(rest: &[char]) -> usize {
    rest.iter().position(|&character| character == '\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut position = 0;
    while position < rest.len() {
        match rest[position..] {
            ['/', '*', ..] => {
                depth += 1;
                position += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                position += 2;
                if depth == 0 {
                    return position;
                }
            }
            _ => position += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &[char]) -> usize {
    let mut position = 1;
    while position < rest.len() {
        match rest[position] {
            '\\' => position += 2,
            '"' => return position + 1,
            _ => position += 1,
        }
    }
    rest.len()
}

/// `r"..."`, `r#"..."#` and so on; `r#name` is code.
fn raw_string(rest: &[char]) -> (Class, usize) {
    let prefix = rest.iter().take_while(|character| matches!(character, 'b' | 'r')).count();
    let hashes = rest[prefix..].iter().take_while(|&&character| character == '#').count();
    let open = prefix + hashes;
    if rest.get(open) != Some(&'"') {
        return (Class::Code, open);
    }
    let closes =
        |position: usize| rest[position] == '"' && rest[position + 1..].iter().take(hashes).filter(|&&character| character == '#').count() == hashes;
    let end = (open + 1..rest.len()).find(|&position| closes(position));
    (Class::Literal, end.map_or(rest.len(), |position| position + 1 + hashes))
}

fn character_or_lifetime(rest: &[char]) -> (Class, usize) {
    match rest {
        ['\'', '\\', _, tail @ ..] => {
            let end = tail.iter().position(|&character| character == '\'');
            (Class::Literal, end.map_or(rest.len(), |position| position + 4))
        }
        ['\'', _, '\'', ..] => (Class::Literal, 3),
        _ => (Class::Code, 1),
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, code: &str, comments: &str) {
        let source = RustSource::split(text);
        let squeeze = |view: &str| view.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(squeeze(&source.code), code, "code of {text}");
        assert_eq!(squeeze(&source.comments), comments, "comments of {text}");
        assert_eq!(source.code.matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn comments_end_where_they_end() {
        check("a // b\nc", "a c", "// b");
        check("a /* b /* c */ d */ e", "a e", "/* b /* c */ d */");
        check("/* open", "", "/* open");
    }

    #[test]
    fn literals_hide_what_they_quote() {
        check(r#"a("// no \" comment") b"#, "a( ) b", "");
        check(r##"a(r#"x " y"#) b"##, "a( ) b", "");
        check("a('\"') b('\\'') c", "a( ) b( ) c", "");
        check("fn f<'a>(x: &'a str) {} // t", "fn f<'a>(x: &'a str) {}", "// t");
        check("let r#type = barr\"x\";", "let r#type = barr ;", "");
    }

    #[test]
    fn literals_stay_in_the_view_that_shows_them() {
        let source = RustSource::split("run(\"git\") // \"git\"");
        assert_eq!(source.code_and_literals.trim_end(), "run(\"git\")");
    }
}
