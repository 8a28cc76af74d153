//! How is the text of a script read?

use super::syntax::{Expression, Operator, Part, Statement, Term, Word};

/// Blocks and brackets inside each other beyond this are refused.
const DEEP_MAX: usize = 64;

/// The statements of a script.
///
/// # Errors
/// In the words of a router, with line and column.
pub(super) fn parse(text: &str) -> Result<Vec<Statement>, String> {
    let mut parser = Parser { characters: joined(text).chars().collect(), position: 0, depth: 0 };
    let statements = parser.statements(None)?;
    Ok(statements)
}

/// Lines that end in a backslash go on in the next one, whose indentation says nothing.
fn joined(text: &str) -> String {
    let mut pieces = text.split("\\\n").flat_map(|piece| piece.split("\\\r\n"));
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |joined, piece| joined + piece.trim_start_matches([' ', '\t']))
}

struct Parser {
    characters: Vec<char>,
    position: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(index, character)| self.characters.get(self.position + index) == Some(&character))
    }

    fn error<T>(&self, what: &str) -> Result<T, String> {
        let before = &self.characters[..self.position.min(self.characters.len())];
        let line = before.iter().filter(|character| **character == '\n').count() + 1;
        let column = before.iter().rev().take_while(|character| **character != '\n').count() + 1;
        Err(format!("{what} (line {line} column {column})"))
    }

    /// Spaces, and where a statement may end also what separates statements.
    fn skip(&mut self, separators: bool) {
        while let Some(character) = self.peek() {
            let is_separator = matches!(character, '\n' | '\r' | ';');
            if character == '#' && separators && self.is_at_line_start() {
                while self.peek().is_some_and(|character| character != '\n') {
                    self.position += 1;
                }
            } else if matches!(character, ' ' | '\t') || (separators && is_separator) {
                self.position += 1;
            } else {
                return;
            }
        }
    }

    fn is_at_line_start(&self) -> bool {
        let before = self.characters[..self.position].iter().rev().find(|character| !matches!(character, ' ' | '\t'));
        before.is_none_or(|character| matches!(character, '\n' | ';' | '{' | '['))
    }

    fn statements(&mut self, end: Option<char>) -> Result<Vec<Statement>, String> {
        self.depth += 1;
        if self.depth > DEEP_MAX {
            return self.error("syntax error");
        }
        let mut statements = Vec::new();
        loop {
            self.skip(true);
            match (self.peek(), end) {
                (None, None) => break,
                (None, Some(_)) => return self.error("expected closing brace"),
                (Some(character), Some(end)) if character == end => {
                    self.position += 1;
                    break;
                }
                (Some('}' | ']' | ')'), _) => return self.error("syntax error"),
                _ => statements.push(self.statement()?),
            }
        }
        self.depth -= 1;
        Ok(statements)
    }

    fn is_at_statement_end(&self) -> bool {
        self.peek().is_none_or(|character| matches!(character, '\n' | '\r' | ';' | '}' | ']'))
    }

    fn statement(&mut self) -> Result<Statement, String> {
        let mut words = Vec::new();
        loop {
            self.skip(false);
            if self.is_at_statement_end() {
                return Ok(Statement { words });
            }
            let word = self.word()?;
            let begins_where = matches!(&word, Word::Plain(Term::Bare(text)) if text == "where" || text == "find" || text.ends_with("/find"));
            let is_where_only = matches!(&word, Word::Plain(Term::Bare(text)) if text == "where");
            if !is_where_only {
                words.push(word);
            }
            if begins_where {
                words.push(Word::Where(self.conditions()?));
            }
        }
    }

    /// What follows `find`, with or without `where`, up to the end of the statement.
    fn conditions(&mut self) -> Result<Option<Expression>, String> {
        self.skip(false);
        if self.starts_with("where") {
            self.position += "where".len();
            self.skip(false);
        }
        if self.is_at_statement_end() { Ok(None) } else { self.expression().map(Some) }
    }

    fn word(&mut self) -> Result<Word, String> {
        match self.peek() {
            Some('"' | '$' | '[' | '(' | '{') => self.term().map(Word::Plain),
            _ => {
                let start = self.position;
                while self.peek().is_some_and(|character| is_bare(character) && character != '=') {
                    self.position += 1;
                }
                let name: String = self.characters[start..self.position].iter().collect();
                if self.peek() == Some('=') && !name.is_empty() {
                    self.position += 1;
                    let is_empty = self.is_at_statement_end() || matches!(self.peek(), Some(' ' | '\t'));
                    let value = if is_empty { Term::Bare(String::new()) } else { self.term()? };
                    return Ok(Word::Named(name, value));
                }
                if name.is_empty() { self.error("syntax error") } else { Ok(Word::Plain(Term::Bare(name))) }
            }
        }
    }

    fn term(&mut self) -> Result<Term, String> {
        match self.peek() {
            Some('"') => self.quoted().map(Term::Quoted),
            Some('$') => self.variable().map(Term::Variable),
            Some('[') => {
                self.position += 1;
                self.statements(Some(']')).map(Term::Command)
            }
            Some('{') => {
                self.position += 1;
                self.statements(Some('}')).map(Term::Block)
            }
            Some('(') => {
                self.position += 1;
                let inner = self.expression()?;
                self.skip(true);
                if self.peek() != Some(')') {
                    return self.error("expected closing brace");
                }
                self.position += 1;
                Ok(Term::Group(Box::new(inner)))
            }
            _ => {
                let start = self.position;
                while self.peek().is_some_and(is_bare) {
                    self.position += 1;
                }
                if start == self.position {
                    return self.error("syntax error");
                }
                Ok(Term::Bare(self.characters[start..self.position].iter().collect()))
            }
        }
    }

    fn variable(&mut self) -> Result<String, String> {
        self.position += 1;
        if self.peek() == Some('"') {
            let parts = self.quoted()?;
            let [Part::Text(name)] = &parts[..] else { return self.error("syntax error") };
            return Ok(name.clone());
        }
        let start = self.position;
        while self.peek().is_some_and(char::is_alphanumeric) {
            self.position += 1;
        }
        if start == self.position { self.error("syntax error") } else { Ok(self.characters[start..self.position].iter().collect()) }
    }

    fn quoted(&mut self) -> Result<Vec<Part>, String> {
        self.position += 1;
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return self.error("expected closing quote"),
                Some('"') => {
                    self.position += 1;
                    parts.push(Part::Text(text));
                    return Ok(parts);
                }
                Some('\\') => match self.bytes() {
                    bytes if bytes.is_empty() => {
                        self.position += 1;
                        text.push(self.escaped()?);
                    }
                    bytes => text.push_str(&String::from_utf8_lossy(&bytes)),
                },
                Some('$') => {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    if self.starts_with("$[") {
                        self.position += 2;
                        parts.push(Part::Command(self.statements(Some(']'))?));
                    } else {
                        parts.push(Part::Variable(self.variable()?));
                    }
                }
                Some(other) => {
                    text.push(other);
                    self.position += 1;
                }
            }
        }
    }

    /// Bytes that are written as `\C3\A9`: together they are letters.
    fn bytes(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        while let Some(['\\', high, low]) = self.characters.get(self.position..self.position + 3) {
            let digit = |character: &char| character.to_digit(16).filter(|_| !character.is_lowercase());
            let Some((high, low)) = digit(high).zip(digit(low)) else { break };
            bytes.push((high * 16 + low) as u8);
            self.position += 3;
        }
        bytes
    }

    fn escaped(&mut self) -> Result<char, String> {
        let Some(character) = self.peek() else { return self.error("expected closing quote") };
        self.position += 1;
        let plain = match character {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '_' => ' ',
            '"' | '\\' | '$' | '?' => character,
            _ => return self.error("syntax error"),
        };
        Ok(plain)
    }

    /// `or` binds least, then `and`, comparisons, and sums.
    fn expression(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEEP_MAX {
            return self.error("syntax error");
        }
        let mut left = self.conjunction()?;
        while self.take_operator(&["||", "or"]) {
            left = binary(Operator::Or, left, self.conjunction()?);
        }
        self.depth -= 1;
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expression, String> {
        let mut left = self.comparison()?;
        loop {
            if self.take_operator(&["&&", "and"]) {
                left = binary(Operator::And, left, self.comparison()?);
                continue;
            }
            self.skip(false);
            let ends = self.is_at_statement_end() || self.peek() == Some(')') || self.is_operator(&["||", "or"]);
            if ends {
                return Ok(left);
            }
            // Conditions that stand beside each other must all hold.
            left = binary(Operator::And, left, self.comparison()?);
        }
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let left = self.sum()?;
        self.skip(false);
        let operators = [("!=", Operator::NotEqual), ("=", Operator::Equal), ("~", Operator::Matches), ("<", Operator::Less), (">", Operator::More)];
        for (text, operator) in operators {
            if self.starts_with(text) {
                self.position += text.len();
                self.skip(false);
                return Ok(binary(operator, left, self.sum()?));
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.unary()?;
        loop {
            let operator = match () {
                () if self.take_operator(&["+"]) => Operator::Plus,
                () if self.take_operator(&["-"]) => Operator::Minus,
                () if self.take_operator(&["."]) => Operator::Join,
                () => return Ok(left),
            };
            left = binary(operator, left, self.unary()?);
        }
    }

    fn unary(&mut self) -> Result<Expression, String> {
        self.skip(false);
        if self.peek() == Some('!') {
            self.position += 1;
            return Ok(Expression::Not(Box::new(self.unary()?)));
        }
        match self.peek() {
            Some('"' | '$' | '[' | '(' | '{') => self.term().map(Expression::Term),
            _ => {
                let start = self.position;
                while self.peek().is_some_and(|character| is_bare(character) && !matches!(character, '=' | '~' | '<' | '>' | '!' | ')')) {
                    self.position += 1;
                }
                if start == self.position {
                    return self.error("syntax error");
                }
                Ok(Expression::Term(Term::Bare(self.characters[start..self.position].iter().collect())))
            }
        }
    }

    /// An operator that stands between spaces, or is made of signs that no word has.
    fn is_operator(&mut self, operators: &[&str]) -> bool {
        self.skip(false);
        operators.iter().any(|text| {
            let after = self.characters.get(self.position + text.len());
            let is_apart = after.is_none_or(|character| matches!(character, ' ' | '"' | '$' | '[' | '('));
            self.starts_with(text) && is_apart
        })
    }

    fn take_operator(&mut self, operators: &[&str]) -> bool {
        if !self.is_operator(operators) {
            return false;
        }
        let length = operators.iter().find(|text| self.starts_with(text)).map_or(0, |text| text.len());
        self.position += length;
        true
    }
}

fn binary(operator: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, Box::new(left), Box::new(right))
}

/// Part of a word that stands without quotes.
fn is_bare(character: char) -> bool {
    !matches!(character, ' ' | '\t' | '\n' | '\r' | ';' | '"' | '$' | '[' | ']' | '(' | ')' | '{' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_too_early_or_too_late_is_refused_with_its_place() {
        for (text, expected) in [
            (":put \"a", "expected closing quote (line 1 column 8)"),
            ("/ip address\nadd [", "expected closing brace (line 2 column 6)"),
            ("}", "syntax error (line 1 column 1)"),
        ] {
            assert_eq!(parse(text), Err(expected.to_owned()), "{text}");
        }
        let deep = "[".repeat(1000);
        assert!(parse(&deep).is_err());
    }

    #[test]
    fn lines_words_and_comments_are_told_apart() {
        let script = "# head\n/ip address\nadd address=1.2.3.4/24 \\\n    comment=\"a b\"; remove [find comment=\"x\"]";
        let statements = parse(script).expect("a script");
        assert_eq!(statements.iter().map(|statement| statement.words.len()).collect::<Vec<_>>(), [2, 3, 2]);
        assert_eq!(statements[1].words[2], Word::Named("comment".to_owned(), Term::Quoted(vec![Part::Text("a b".to_owned())])));
    }
}
