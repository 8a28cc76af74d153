//! How does a conversation with a router go? Connect, log in, and one or several commands at a time, told apart by their tags.

use std::collections::BTreeMap;
use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::command::Command;
use super::decoder::Decoder;
use super::reply::{Reply, ReplyKind, Row};
use super::trap;

/// The most rows of one answer: more than any menu of a router that still works.
const ROWS_MAX: usize = 500_000;
/// The most bytes of the answers to commands that were sent together.
const EXCHANGE_BYTES_MAX: usize = 256 << 20;
/// How many commands are under way at once. The router answers them one after the other in any case; this hides the way there.
const COMMANDS_AT_ONCE: usize = 16;
const READ_BYTES: usize = 16 << 10;

/// What a connection reads from and writes to.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The whole answer to a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<Row>,
    /// The properties of `!done`; `ret` is what a command returns.
    pub(crate) done: Row,
}

/// A failed command, before it is said what was attempted with it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
}

impl Failure {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn into_error(self, attempted: impl Into<String>) -> EngineError {
        EngineError::new(self.kind, attempted, self.message)
    }
}

/// One logged-in connection. Commands follow one another; a connection that failed on the way stays failed.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    decoder: Decoder,
    piece: Vec<u8>,
    last_tag: u32,
    /// Set while bytes are on their way: whoever is cancelled there leaves a connection that nobody can go on with.
    is_broken: bool,
    answer_within: Duration,
    bytes_max: usize,
}

/// What has come in of the answers that are waited for.
struct Waiting {
    tags: BTreeMap<u32, usize>,
    answers: Vec<Partial>,
    rows: usize,
}

#[derive(Default)]
struct Partial {
    answer: Answer,
    trap: Option<Failure>,
}

impl Connection {
    pub(crate) fn new(stream: Box<dyn Stream>, answer_within: Duration) -> Self {
        let piece = vec![0; READ_BYTES];
        Self { stream, decoder: Decoder::default(), piece, last_tag: 0, is_broken: false, answer_within, bytes_max: EXCHANGE_BYTES_MAX }
    }

    /// Proves who we are. Routers before 6.43 asked for a challenge first and are not supported.
    pub(crate) async fn log_in(&mut self, user: &str, password: &str) -> Result<(), Failure> {
        let answer = self.one(Command::new("/login").argument("name", user).argument("password", password)).await?;
        if answer.done.contains_key("ret") {
            return Err(Failure::new(ErrorKind::Protocol, "the router asks for a challenge, as versions before 6.43 do; version 7 is needed"));
        }
        Ok(())
    }

    /// Carries out one command that only reads.
    pub(crate) async fn read(&mut self, command: Command) -> Result<Answer, Failure> {
        self.read_all(vec![command]).await?.pop().unwrap_or_else(|| Err(no_answer()))
    }

    /// Carries out commands that only read; each has a result of its own. The outer error is that of the connection.
    pub(crate) async fn read_all(&mut self, commands: Vec<Command>) -> Result<Vec<Result<Answer, Failure>>, Failure> {
        if let Some(writing) = commands.iter().find(|command| !command.is_read()) {
            return Err(Failure::new(
                ErrorKind::Rejected,
                format!("`{}` is no command that only reads; this is a bug in the daemon", writing.path()),
            ));
        }
        let mut results = Vec::with_capacity(commands.len());
        for group in commands.chunks(COMMANDS_AT_ONCE) {
            results.extend(self.exchange(group).await?);
        }
        Ok(results)
    }

    /// Carries out a command that changes the router. The permit comes from the write gate.
    pub(crate) async fn send_change(&mut self, _permit: WritePermit, command: Command) -> Result<Answer, Failure> {
        self.one(command).await
    }

    async fn one(&mut self, command: Command) -> Result<Answer, Failure> {
        self.exchange(std::slice::from_ref(&command)).await?.pop().unwrap_or_else(|| Err(no_answer()))
    }

    /// Sends commands and waits for all their answers.
    async fn exchange(&mut self, commands: &[Command]) -> Result<Vec<Result<Answer, Failure>>, Failure> {
        if self.is_broken {
            return Err(Failure::new(ErrorKind::Unreachable, "the connection broke earlier"));
        }
        self.is_broken = true;
        let result = match tokio::time::timeout(self.answer_within, self.send_and_wait(commands)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::new(ErrorKind::Timeout, format!("no whole answer within {} s", self.answer_within.as_secs()))),
        };
        self.is_broken = result.is_err();
        result
    }

    async fn send_and_wait(&mut self, commands: &[Command]) -> Result<Vec<Result<Answer, Failure>>, Failure> {
        let tags = self.send(commands).await?.into_iter().enumerate().map(|(index, tag)| (tag, index));
        let mut waiting = Waiting { tags: tags.collect(), answers: commands.iter().map(|_| Partial::default()).collect(), rows: 0 };
        let mut received = 0_usize;
        while !waiting.tags.is_empty() {
            let (length, replies) = self.receive().await?;
            received += length;
            if received > self.bytes_max {
                return Err(nonsense(&format!("more than {} bytes", self.bytes_max)));
            }
            replies.into_iter().try_for_each(|reply| waiting.take(reply))?;
        }
        Ok(waiting.answers.into_iter().map(|partial| partial.trap.map_or(Ok(partial.answer), Err)).collect())
    }

    /// Sends commands; their answers carry these tags.
    pub(super) async fn send(&mut self, commands: &[Command]) -> Result<Vec<u32>, Failure> {
        let (mut bytes, mut tags) = (Vec::new(), Vec::with_capacity(commands.len()));
        for command in commands {
            self.last_tag = self.last_tag.wrapping_add(1);
            tags.push(self.last_tag);
            command.encode(self.last_tag, &mut bytes);
        }
        self.stream.write_all(&bytes).await.map_err(|error| broken(&error))?;
        self.stream.flush().await.map_err(|error| broken(&error))?;
        Ok(tags)
    }

    /// The next piece of what the router says: so many bytes, and the sentences that end in it. Nothing is lost when it is cancelled.
    pub(super) async fn receive(&mut self) -> Result<(usize, Vec<Reply>), Failure> {
        let length = self.stream.read(&mut self.piece).await.map_err(|error| broken(&error))?;
        if length == 0 {
            return Err(Failure::new(ErrorKind::Unreachable, "the router closed the connection"));
        }
        self.decoder.feed(&self.piece[..length]);
        let mut replies = Vec::new();
        while let Some(words) = self.decoder.next_sentence().map_err(|error| nonsense(&error.words()))? {
            let reply = Reply::parse(&words).ok_or_else(|| nonsense("a sentence of a kind that the protocol does not know"))?;
            if reply.kind == ReplyKind::Fatal {
                return Err(closes(&reply.text));
            }
            replies.push(reply);
        }
        Ok((length, replies))
    }
}

impl Waiting {
    fn take(&mut self, reply: Reply) -> Result<(), Failure> {
        // Tags of commands that were given up are skipped. Only `!fatal` comes without one.
        let Some(index) = reply.tag.and_then(|tag| self.tags.get(&tag)).copied() else { return Ok(()) };
        let partial = &mut self.answers[index];
        match reply.kind {
            ReplyKind::Row => {
                self.rows += 1;
                if self.rows > ROWS_MAX {
                    return Err(nonsense(&format!("more than {ROWS_MAX} rows")));
                }
                partial.answer.rows.push(reply.row);
            }
            ReplyKind::Trap => {
                let (kind, message) = trap::of_row(&reply.row);
                partial.trap.get_or_insert(Failure::new(kind, message));
            }
            ReplyKind::Done => {
                partial.answer.done = reply.row;
                self.tags.retain(|_, waiting| *waiting != index);
            }
            ReplyKind::Empty | ReplyKind::Fatal => {}
        }
        Ok(())
    }
}

/// What a `!fatal` means.
fn closes(text: &str) -> Failure {
    let kind = match trap::kind_of(None, text) {
        ErrorKind::Rejected => ErrorKind::Unreachable,
        kind => kind,
    };
    Failure::new(kind, format!("the router closes the connection: {text}"))
}

fn broken(error: &std::io::Error) -> Failure {
    Failure::new(ErrorKind::Unreachable, error.to_string())
}

fn nonsense(what: &str) -> Failure {
    Failure::new(ErrorKind::Protocol, format!("the router sent {what}"))
}

fn no_answer() -> Failure {
    Failure::new(ErrorKind::Protocol, "the router sent no answer")
}

#[cfg(test)]
mod tests {
    use super::super::decoder::encode_word;
    use super::*;
    use proptest::prelude::*;
    use tokio::io::DuplexStream;

    fn sentence(words: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        words.iter().for_each(|word| encode_word(word.as_bytes(), &mut bytes));
        bytes.push(0);
        bytes
    }

    async fn pair(replies: &[&[&str]]) -> (Connection, DuplexStream) {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        for words in replies {
            theirs.write_all(&sentence(words)).await.unwrap();
        }
        (Connection::new(Box::new(ours), Duration::from_secs(5)), theirs)
    }

    #[tokio::test]
    async fn answers_find_their_commands_in_any_order() {
        let (mut connection, _router) = pair(&[
            &["!re", "=name=b", ".tag=2"],
            &["!empty", ".tag=3"],
            &["!done", ".tag=3"],
            &["!re", "=name=stale", ".tag=99"],
            &["!done", ".tag=2"],
            &["!trap", "=category=0", "=message=no such command", ".tag=1"],
            &["!done", ".tag=1"],
        ])
        .await;
        let answers = connection.read_all(vec![Command::print("/a"), Command::print("/b"), Command::print("/c")]).await.unwrap();
        assert_eq!(answers[0].as_ref().unwrap_err().kind, ErrorKind::Rejected);
        assert_eq!(answers[1].as_ref().unwrap().rows, [Row::from([("name".to_owned(), "b".to_owned())])]);
        assert_eq!(*answers[2].as_ref().unwrap(), Answer::default());
    }

    #[tokio::test]
    async fn an_answer_without_end_is_refused() {
        let row = ["!re", "=name=a", ".tag=1"];
        let (mut connection, _router) = pair(&[row.as_slice(); 100]).await;
        connection.bytes_max = 1_000;
        let failure = connection.read(Command::print("/a")).await.unwrap_err();
        assert_eq!((failure.kind, failure.message.as_str()), (ErrorKind::Protocol, "the router sent more than 1000 bytes"));
    }

    #[tokio::test]
    async fn a_fatal_ends_the_connection_for_good() {
        let (mut connection, _router) = pair(&[&["!fatal", "session terminated on request"]]).await;
        assert_eq!(connection.read(Command::print("/a")).await.unwrap_err().kind, ErrorKind::Unreachable);
        assert_eq!(connection.read(Command::print("/a")).await.unwrap_err().message, "the connection broke earlier");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_router_is_a_timeout() {
        let (mut connection, _router) = pair(&[]).await;
        assert_eq!(connection.read(Command::print("/a")).await.unwrap_err().kind, ErrorKind::Timeout);
    }

    #[tokio::test]
    async fn what_writes_cannot_be_read() {
        let (mut connection, _router) = pair(&[]).await;
        let error = connection.read(Command::new("/system/reboot")).await.unwrap_err();
        assert!(error.message.contains("bug"), "{}", error.message);
    }

    #[tokio::test]
    async fn a_wrong_password_is_unauthorised() {
        let (mut connection, _router) = pair(&[&["!trap", "=message=invalid user name or password (6)", ".tag=1"], &["!done", ".tag=1"]]).await;
        assert_eq!(connection.log_in("ipr", "canary").await.unwrap_err().kind, ErrorKind::Unauthorised);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nonsense_from_the_router_ends_in_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            runtime.block_on(async {
                let (ours, mut theirs) = tokio::io::duplex(1 << 16);
                theirs.write_all(&bytes).await.unwrap();
                theirs.shutdown().await.unwrap();
                let mut connection = Connection::new(Box::new(ours), Duration::from_secs(5));
                assert!(connection.read(Command::print("/a")).await.is_err());
            });
        }
    }
}
