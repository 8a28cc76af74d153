//! How is a long line broken? As a terminal of 80 columns has it: a backslash at the end, and the next line set in.

const COLUMNS: usize = 80;
const INDENT: &str = "    ";

/// A command and its arguments. A line is broken before an argument, behind its `=`, or inside of a text that is longer than a line.
pub(super) fn wrapped(words: &[String]) -> String {
    let mut text = Lines { text: String::new(), column: 0 };
    for (index, word) in words.iter().enumerate() {
        text.word(word, index == 0);
    }
    text.text
}

struct Lines {
    text: String,
    column: usize,
}

impl Lines {
    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.column += piece.chars().count();
    }

    fn next_line(&mut self) {
        self.text.push_str("\\\n");
        self.text.push_str(INDENT);
        self.column = INDENT.len();
    }

    /// Columns stay free for the blank and the backslash behind the word.
    fn fits(&self, length: usize) -> bool {
        self.column + length < COLUMNS - 2
    }

    fn word(&mut self, word: &str, is_first: bool) {
        if is_first {
            return self.push(word);
        }
        if self.fits(word.chars().count() + 1) {
            return self.push(&format!(" {word}"));
        }
        match word.split_once('=') {
            Some((name, value)) if self.column + name.chars().count() + 2 <= COLUMNS => {
                self.push(&format!(" {name}="));
                self.next_line();
                self.value(value);
            }
            _ => {
                self.push(" ");
                self.next_line();
                self.value(word);
            }
        }
    }

    /// Only texts in quotes are broken. A blank that would begin a line is written as `\_`, for blanks there say nothing.
    fn value(&mut self, value: &str) {
        if !value.ends_with('"') {
            return self.push(value);
        }
        for unit in units(value) {
            let is_broken = !self.fits(unit.len());
            if is_broken {
                self.next_line();
            }
            self.push(if is_broken && unit == " " { "\\_" } else { unit });
        }
    }
}

/// Letters and escapes, none of which may be torn.
fn units(text: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_byte = rest.len() > 2 && rest.bytes().skip(1).take(2).all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
        let length = match first {
            '\\' if is_byte => 3,
            '\\' => 2,
            other => other.len_utf8(),
        };
        let (unit, after) = rest.split_at(length.min(rest.len()));
        units.push(unit);
        rest = after;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split('|').map(str::to_owned).collect();
        wrapped(&words).lines().map(str::to_owned).collect()
    }

    /// The breaks are those of exports that routers wrote.
    #[test]
    fn lines_are_broken_as_routers_break_them() {
        for (line, expected) in [
            (
                "set [ find default-name=ether1 ]|comment=b-valen|mac-address=74:DF:BF:88:37:11|name=ether1-isp1",
                ["set [ find default-name=ether1 ] comment=b-valen mac-address=\\", "    74:DF:BF:88:37:11 name=ether1-isp1"],
            ),
            (
                "set [ find default-name=ether3 ]|disabled=yes|mac-address=74:DF:BF:88:37:33|name=ether3-isp3",
                ["set [ find default-name=ether3 ] disabled=yes mac-address=74:DF:BF:88:37:33 \\", "    name=ether3-isp3"],
            ),
            (
                "set [ find default-name=wlan1 ]|band=2ghz-b/g/n|disabled=no|frequency=auto|mode=ap-bridge|ssid=TEST-RADIUS",
                ["set [ find default-name=wlan1 ] band=2ghz-b/g/n disabled=no frequency=auto mode=\\", "    ap-bridge ssid=TEST-RADIUS"],
            ),
        ] {
            assert_eq!(lines(line), expected);
        }
    }

    #[test]
    fn a_long_text_is_broken_and_no_escape_is_torn() {
        let text = format!("comment=\"{}\"", "a b\\\"\\C3\\A9 ".repeat(30));
        let broken = wrapped(&["add".to_owned(), text.clone()]);
        assert!(broken.lines().count() > 3 && broken.lines().all(|line| line.chars().count() <= COLUMNS), "{broken}");
        assert_eq!(broken.replace("\\\n    ", "").replace("\\_", " "), format!("add {text}"));
        assert!(broken.lines().skip(1).all(|line| !line[INDENT.len()..].starts_with(' ')), "{broken}");
    }
}
