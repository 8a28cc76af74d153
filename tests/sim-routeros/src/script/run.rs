//! What does a script do?

use std::collections::HashMap;

use super::syntax::{Expression, Operator, Part, Statement, Term, Word};
use super::value::{Value, matches_pattern};
use crate::commands::{self, Caller, Request, Row, row};
use crate::tables::Shape;
use crate::trap::Trap;
use crate::world::World;

/// A script that does more than this is stopped.
const STATEMENTS_MAX: u32 = 100_000;

/// A script at work.
pub(super) struct Runner<'world> {
    pub(super) world: &'world mut World,
    pub(super) caller: Caller,
    /// The menu in which the script stands, as after `/ip address` on a line of its own.
    menu: String,
    variables: HashMap<String, Value>,
    done: u32,
}

impl<'world> Runner<'world> {
    pub(super) fn new(world: &'world mut World, caller: Caller) -> Self {
        Self { world, caller, menu: String::new(), variables: HashMap::new(), done: 0 }
    }

    /// Runs statements; the value of the last is what they give.
    pub(super) fn statements(&mut self, statements: &[Statement]) -> Result<Value, Trap> {
        let mut last = Value::Nothing;
        for statement in statements {
            self.done += 1;
            if self.done > STATEMENTS_MAX {
                return Err(Trap::script("script is running too long"));
            }
            last = self.statement(statement)?;
        }
        Ok(last)
    }

    fn statement(&mut self, statement: &Statement) -> Result<Value, Trap> {
        let Some((first, rest)) = statement.words.split_first() else { return Ok(Value::Nothing) };
        match first {
            Word::Plain(Term::Bare(word)) if word.starts_with(':') => super::builtin::run(self, &word[1..], rest),
            Word::Plain(Term::Bare(_)) => self.command(&statement.words),
            Word::Plain(term) => self.term(term),
            _ => Err(Trap::script("syntax error")),
        }
    }

    /// A command of a menu, or a step into a menu.
    fn command(&mut self, words: &[Word]) -> Result<Value, Trap> {
        let tree = self.world.tree.clone();
        let mut path = match words.first() {
            Some(Word::Plain(Term::Bare(word))) if word.starts_with('/') => String::new(),
            _ => self.menu.clone(),
        };
        let mut taken = 0;
        let mut command = None;
        while let Some(Word::Plain(Term::Bare(word))) = words.get(taken) {
            if command.is_some() {
                break;
            }
            for part in word.split('/').filter(|part| !part.is_empty()) {
                match tree.root.at(&path) {
                    Some(menu) if menu.children.get(part).is_some_and(|child| child.is_menu()) => path = format!("{path}/{part}"),
                    Some(menu) if menu.command(part).is_some() || part == "find" => command = Some(part.to_owned()),
                    _ => return Err(Trap::script(format!("bad command name {part}"))),
                }
            }
            taken += 1;
        }
        match command {
            None => {
                self.menu = path;
                Ok(Value::Nothing)
            }
            Some(command) if command == "find" => self.find(&path, &words[taken..]),
            Some(command) => self.call(&path, &command, &words[taken..]),
        }
    }

    /// Values are worked out in the menu of the command: `[find]` alone finds its entries.
    fn call(&mut self, menu: &str, command: &str, words: &[Word]) -> Result<Value, Trap> {
        let before = std::mem::replace(&mut self.menu, menu.to_owned());
        let arguments = self.arguments(menu, command, words);
        self.menu = before;
        let arguments = arguments?;
        // A command on no entries is done at once.
        if arguments.iter().any(|(name, value)| name == "numbers" && value.is_empty()) {
            return Ok(Value::Nothing);
        }
        let request = Request { menu: menu.to_owned(), command: command.to_owned(), arguments, ..Request::default() };
        let answer = commands::execute(self.world, &self.caller, &request)?;
        Ok(answer.ret.map_or(Value::Nothing, Value::Text))
    }

    fn arguments(&mut self, menu: &str, command: &str, words: &[Word]) -> Result<Vec<(String, String)>, Trap> {
        let mut arguments = Vec::new();
        let mut positional = positional(command, self.world.menu(menu).map(|menu| menu.shape)).iter();
        for word in words {
            match word {
                Word::Named(name, term) => arguments.push((name.clone(), self.argument(term)?)),
                Word::Plain(Term::Bare(flag)) if flag.starts_with('!') => arguments.push((flag.clone(), String::new())),
                Word::Plain(term) => match positional.next() {
                    Some(name) => {
                        let value = self.argument(term)?;
                        arguments.push(((*name).to_owned(), self.numbered(menu, value)));
                    }
                    None => arguments.push((self.term(term)?.text(), String::new())),
                },
                Word::Where(_) => {}
            }
        }
        Ok(arguments)
    }

    /// A terminal and an export call entries by their place: the first is 0.
    fn numbered(&self, menu: &str, text: String) -> String {
        let item = text.parse::<usize>().ok().and_then(|index| self.world.config.entries(menu).items.get(index));
        item.map_or(text, |item| item.id.to_string())
    }

    /// A value as a command takes it: entries of a list are separated by commas.
    fn argument(&mut self, term: &Term) -> Result<String, Trap> {
        Ok(match self.term(term)? {
            Value::List(items) => items.iter().map(Value::text).collect::<Vec<_>>().join(","),
            other => other.text(),
        })
    }

    fn find(&mut self, path: &str, words: &[Word]) -> Result<Value, Trap> {
        let menu = self.world.menu(path);
        let rows: Vec<Row> = match menu {
            Some(menu) => self.world.config.entries(path).items.iter().map(|item| row(self.world, &self.caller, &menu, item)).collect(),
            None => {
                let request = Request { menu: path.to_owned(), command: "print".to_owned(), ..Request::default() };
                commands::carry_out(self.world, &self.caller, &request)?.rows
            }
        };
        let condition = words.iter().find_map(|word| if let Word::Where(condition) = word { Some(condition.as_ref()) } else { None });
        let mut found = Vec::new();
        for row in rows {
            let is_wanted = match condition.flatten() {
                Some(condition) => self.expression(condition, Some(&row))?.truth(),
                None => true,
            };
            let id = row.into_iter().find(|(name, _)| name == ".id");
            found.extend(id.filter(|_| is_wanted).map(|(_, id)| Value::Text(id)));
        }
        Ok(Value::List(found))
    }

    pub(super) fn term(&mut self, term: &Term) -> Result<Value, Trap> {
        match term {
            Term::Bare(text) => Ok(Value::Text(text.clone())),
            Term::Quoted(parts) => self.quoted(parts).map(Value::Text),
            Term::Variable(name) => Ok(self.variable(name)),
            Term::Command(statements) => {
                let menu = self.menu.clone();
                let value = self.statements(statements);
                self.menu = menu;
                value
            }
            Term::Group(expression) => self.expression(expression, None),
            Term::Block(statements) => self.statements(statements),
        }
    }

    fn quoted(&mut self, parts: &[Part]) -> Result<String, Trap> {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Variable(name) => text.push_str(&self.variable(name).text()),
                Part::Command(statements) => text.push_str(&self.statements(statements)?.text()),
            }
        }
        Ok(text)
    }

    pub(super) fn variable(&self, name: &str) -> Value {
        self.variables.get(name).cloned().unwrap_or(Value::Nothing)
    }

    pub(super) fn assign(&mut self, name: &str, value: Value) {
        self.variables.insert(name.to_owned(), value);
    }

    /// With a row, a bare word on the left of a comparison or alone is one of the row's values.
    pub(super) fn expression(&mut self, expression: &Expression, row: Option<&Row>) -> Result<Value, Trap> {
        let of_row = |name: &str, row: &Row| {
            let found = row.iter().find(|(given, _)| given == name);
            found.map_or(Value::Nothing, |(_, value)| Value::Text(value.clone()))
        };
        match expression {
            Expression::Term(Term::Bare(name)) if row.is_some() => Ok(row.map_or(Value::Nothing, |row| of_row(name, row))),
            Expression::Term(term) => self.term(term),
            Expression::Not(inner) => Ok(Value::Bool(!self.expression(inner, row)?.truth())),
            Expression::Binary(Operator::And, left, right) => {
                Ok(Value::Bool(self.expression(left, row)?.truth() && self.expression(right, row)?.truth()))
            }
            Expression::Binary(Operator::Or, left, right) => {
                Ok(Value::Bool(self.expression(left, row)?.truth() || self.expression(right, row)?.truth()))
            }
            Expression::Binary(operator, left, right) => {
                let left = self.expression(left, row)?;
                // What a value is compared with is written, not looked up.
                let right = self.expression(right, None)?;
                operate(*operator, &left, &right)
            }
        }
    }
}

/// The arguments that a command takes without their names.
fn positional(command: &str, shape: Option<Shape>) -> &'static [&'static str] {
    match (command, shape) {
        ("get", Some(Shape::Single) | None) => &["value-name"],
        ("get", _) => &["number", "value-name"],
        ("set", Some(Shape::Single)) => &[],
        ("set" | "remove" | "enable" | "disable" | "comment" | "reset-counters", _) => &["numbers"],
        ("move", _) => &["numbers", "destination"],
        ("unset", _) => &["numbers", "value-name"],
        ("run", _) => &["number"],
        ("import", _) => &["file-name"],
        _ => &[],
    }
}

fn operate(operator: Operator, left: &Value, right: &Value) -> Result<Value, Trap> {
    let numbers = || left.number().zip(right.number()).ok_or_else(|| Trap::script("expected a number"));
    Ok(match operator {
        Operator::Equal => Value::Bool(left.compare(right).is_eq()),
        Operator::NotEqual => Value::Bool(left.compare(right).is_ne()),
        Operator::Less => Value::Bool(left.compare(right).is_lt()),
        Operator::More => Value::Bool(left.compare(right).is_gt()),
        Operator::Matches => Value::Bool(matches_pattern(&left.text(), &right.text())),
        Operator::Join => Value::Text(format!("{}{}", left.text(), right.text())),
        Operator::Plus => numbers().map(|(left, right)| Value::Number(left.saturating_add(right)))?,
        Operator::Minus => numbers().map(|(left, right)| Value::Number(left.saturating_sub(right)))?,
        Operator::And => Value::Bool(left.truth() && right.truth()),
        Operator::Or => Value::Bool(left.truth() || right.truth()),
    })
}
