//! A client of the binary API that knows nothing of the simulator's code.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use test_sim_routeros::Router;

/// A reply: its word, such as `!re`, and its attributes; the tag among them as `.tag`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) word: String,
    pub(crate) attributes: BTreeMap<String, String>,
}

impl Reply {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map(String::as_str).unwrap_or_default()
    }
}

pub(crate) struct Client {
    stream: TcpStream,
}

impl Client {
    /// Comes in over the plain API as the router's own user.
    pub(crate) async fn log_in(router: &Router) -> Self {
        Self::log_in_at(router, router.api_address()).await
    }

    /// The same, at another door.
    pub(crate) async fn log_in_at(router: &Router, address: SocketAddr) -> Self {
        let mut client = Self::connect(address).await;
        let replies = client.ask(&["/login", &format!("=name={}", router.user()), &format!("=password={}", router.password())]).await;
        assert_eq!(words(&replies), ["!done"]);
        client
    }

    pub(crate) async fn connect(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.expect("the router listens") }
    }

    pub(crate) async fn send(&mut self, words: &[&str]) {
        assert!(self.try_send(words).await, "the router reads {words:?}");
    }

    /// Whether the other side still takes anything; a connection that was cut may not.
    pub(crate) async fn try_send(&mut self, words: &[&str]) -> bool {
        let mut bytes = Vec::new();
        for word in words {
            let length = u16::try_from(word.len()).expect("short words");
            match length {
                0..0x80 => bytes.push(length.to_be_bytes()[1]),
                0x80..0x4000 => bytes.extend((length | 0x8000).to_be_bytes()),
                _ => panic!("this client sends short words only"),
            }
            bytes.extend_from_slice(word.as_bytes());
        }
        bytes.push(0);
        self.stream.write_all(&bytes).await.is_ok()
    }

    /// The next reply, or nothing if the router ended the conversation.
    pub(crate) async fn receive(&mut self) -> Option<Reply> {
        let mut reply: Option<Reply> = None;
        loop {
            let length = self.length().await?;
            let Some(length) = length else { return reply };
            let mut word = vec![0; length];
            self.stream.read_exact(&mut word).await.ok()?;
            let word = String::from_utf8(word).expect("text");
            match (&mut reply, word.strip_prefix('=').and_then(|rest| rest.split_once('='))) {
                (None, _) => reply = Some(Reply { word, attributes: BTreeMap::new() }),
                (Some(reply), Some((name, value))) => drop(reply.attributes.insert(name.to_owned(), value.to_owned())),
                (Some(reply), None) => {
                    let (name, value) = word.split_once('=').unwrap_or(("message", &word));
                    reply.attributes.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }

    async fn length(&mut self) -> Option<Option<usize>> {
        let first = self.stream.read_u8().await.ok()?;
        let (more, high) = match first {
            0 => return Some(None),
            1..0x80 => (0, first),
            0x80..0xC0 => (1, first & 0x3F),
            0xC0..0xE0 => (2, first & 0x1F),
            _ => return None,
        };
        let mut length = usize::from(high);
        for _ in 0..more {
            length = (length << 8) | usize::from(self.stream.read_u8().await.ok()?);
        }
        Some(Some(length))
    }

    /// All replies up to `!done`, `!fatal` or the end of the conversation.
    pub(crate) async fn ask(&mut self, words: &[&str]) -> Vec<Reply> {
        self.send(words).await;
        let mut replies = Vec::new();
        while let Some(reply) = self.receive().await {
            let is_last = matches!(reply.word.as_str(), "!done" | "!fatal");
            replies.push(reply);
            if is_last {
                break;
            }
        }
        replies
    }

    /// The `ret` of a request that must go well.
    pub(crate) async fn ret(&mut self, words: &[&str]) -> String {
        let replies = self.ask(words).await;
        match &replies[..] {
            [done] if done.word == "!done" => done.get("ret").to_owned(),
            other => panic!("{words:?} was answered with {other:?}"),
        }
    }

    /// The words of a refusal.
    pub(crate) async fn refusal(&mut self, words: &[&str]) -> String {
        let replies = self.ask(words).await;
        match &replies[..] {
            [trap, done] if trap.word == "!trap" && done.word == "!done" => trap.get("message").to_owned(),
            other => panic!("{words:?} was answered with {other:?}"),
        }
    }

    /// The rows of a request.
    pub(crate) async fn rows(&mut self, words: &[&str]) -> Vec<Reply> {
        let mut replies = self.ask(words).await;
        assert_eq!(replies.pop().map(|reply| reply.word).as_deref(), Some("!done"), "{words:?}");
        replies.retain(|reply| reply.word != "!empty");
        assert!(replies.iter().all(|reply| reply.word == "!re"), "{words:?} was answered with {replies:?}");
        replies
    }
}

pub(crate) fn words(replies: &[Reply]) -> Vec<&str> {
    replies.iter().map(|reply| reply.word.as_str()).collect()
}
