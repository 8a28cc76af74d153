//! What is a script made of?

/// One command with its words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Plain(Term),
    /// `name=value`.
    Named(String, Term),
    /// What follows `find` or `where`: which entries.
    Where(Option<Expression>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// A word as it stands.
    Bare(String),
    /// A text in quotes, with what is to be put in.
    Quoted(Vec<Part>),
    Variable(String),
    /// `[command]`: what the command gives back.
    Command(Vec<Statement>),
    /// `(expression)`.
    Group(Box<Expression>),
    /// `{commands}`.
    Block(Vec<Statement>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Variable(String),
    Command(Vec<Statement>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    More,
    Matches,
    Plus,
    Minus,
    Join,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Term(Term),
    Not(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
}
