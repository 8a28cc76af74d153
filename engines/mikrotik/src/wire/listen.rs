//! Has something changed in a menu? `listen` of the API: the router answers with each change, and not before there is one.

use std::collections::BTreeSet;
use std::time::Duration;

use engine_api::ErrorKind;

use super::command::Command;
use super::connection::{Connection, Failure};
use super::reply::{Reply, ReplyKind, Row};
use super::trap;

/// After so much silence the router is asked for a sign of life: a way that was cut is silent, too.
const SILENCE: Duration = Duration::from_secs(60);

/// So many rows of the router's own are remembered.
const ITS_OWN_MAX: usize = 1_000;

/// What is listened to on one connection.
struct Listening {
    /// A command each. One that the router refuses falls out; the others go on.
    tags: BTreeSet<u32>,
    refusal: Option<Failure>,
    /// Rows that the router made itself while we listened: when they go, that is no change either.
    its_own: BTreeSet<(u32, String)>,
    /// The question for a sign of life that has no answer yet.
    asked: Option<u32>,
}

/// Returns with the first change in one of the menus that the router does not make by itself. Nobody can go on with the connection:
/// it is closed, and the router listens no more.
pub(crate) async fn listen(mut connection: Connection, menus: &BTreeSet<String>) -> Result<(), Failure> {
    let commands: Vec<Command> = menus.iter().map(|menu| Command::new(format!("{menu}/listen"))).collect();
    let tags = connection.send(&commands).await?.into_iter().collect();
    let mut listening = Listening { tags, refusal: None, its_own: BTreeSet::new(), asked: None };
    loop {
        match tokio::time::timeout(SILENCE, connection.receive()).await {
            Ok(received) => {
                for reply in received?.1 {
                    if listening.hears(&reply)? {
                        return Ok(());
                    }
                }
            }
            Err(_) if listening.asked.is_some() => {
                return Err(Failure::new(ErrorKind::Timeout, format!("no sign of life within {} s", SILENCE.as_secs())));
            }
            Err(_) => listening.asked = connection.send(&[Command::print("/system/identity").only(&["name"])]).await?.pop(),
        }
    }
}

impl Listening {
    /// Whether this is a change. What is gone is told by its id alone.
    fn hears(&mut self, reply: &Reply) -> Result<bool, Failure> {
        if reply.tag.is_some() && reply.tag == self.asked {
            if reply.kind == ReplyKind::Done {
                self.asked = None;
            }
            return Ok(false);
        }
        let Some(tag) = reply.tag.filter(|tag| self.tags.contains(tag)) else { return Ok(false) };
        match reply.kind {
            ReplyKind::Row => return Ok(!self.is_its_own(tag, &reply.row)),
            ReplyKind::Trap => {
                let (kind, message) = trap::of_row(&reply.row);
                self.refusal = Some(Failure::new(kind, message));
            }
            ReplyKind::Done => _ = self.tags.remove(&tag),
            ReplyKind::Empty | ReplyKind::Fatal => {}
        }
        if self.tags.is_empty() {
            return Err(self.refusal.take().unwrap_or_else(|| Failure::new(ErrorKind::Protocol, "the router ended it without a word")));
        }
        Ok(false)
    }
}

impl Listening {
    fn is_its_own(&mut self, tag: u32, row: &Row) -> bool {
        let key = (tag, row.get(".id").cloned().unwrap_or_default());
        if row.contains_key(".dead") {
            return self.its_own.remove(&key);
        }
        let is_dynamic = row.get("dynamic").is_some_and(|dynamic| dynamic == "true");
        if is_dynamic && self.its_own.len() < ITS_OWN_MAX {
            self.its_own.insert(key);
        }
        is_dynamic
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

    use super::super::decoder::{Decoder, encode_word};
    use super::*;

    /// The other end of the connection.
    struct Router {
        stream: DuplexStream,
        decoder: Decoder,
    }

    impl Router {
        async fn says(&mut self, words: &[&str]) {
            let mut bytes = Vec::new();
            words.iter().for_each(|word| encode_word(word.as_bytes(), &mut bytes));
            bytes.push(0);
            self.stream.write_all(&bytes).await.unwrap();
        }

        /// The command that comes next.
        async fn is_asked(&mut self) -> String {
            loop {
                if let Some(words) = self.decoder.next_sentence().unwrap() {
                    return String::from_utf8(words[0].clone()).unwrap();
                }
                let mut piece = [0; 1_024];
                let length = self.stream.read(&mut piece).await.unwrap();
                self.decoder.feed(&piece[..length]);
            }
        }
    }

    fn listening(menus: &[&str]) -> (tokio::task::JoinHandle<Result<(), Failure>>, Router) {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let connection = Connection::new(Box::new(ours), Duration::from_secs(5));
        let menus = menus.iter().map(|menu| (*menu).to_owned()).collect();
        let task = tokio::spawn(async move { listen(connection, &menus).await });
        (task, Router { stream: theirs, decoder: Decoder::default() })
    }

    #[tokio::test]
    async fn what_the_router_makes_by_itself_is_no_change() {
        let (task, mut router) = listening(&["/a", "/b"]);
        router.says(&["!re", "=.id=*1", "=dynamic=true", ".tag=1"]).await;
        router.says(&["!re", "=.id=*1", "=.dead=true", ".tag=1"]).await;
        router.says(&["!re", "=.id=*1", ".tag=77"]).await;
        assert_eq!((router.is_asked().await, router.is_asked().await), ("/a/listen".to_owned(), "/b/listen".to_owned()));
        assert!(!task.is_finished());
        router.says(&["!re", "=.id=*1", "=.dead=true", ".tag=2"]).await;
        task.await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_router_is_asked_for_a_sign_of_life() {
        let (task, mut router) = listening(&["/a"]);
        assert_eq!(router.is_asked().await, "/a/listen");
        assert_eq!(router.is_asked().await, "/system/identity/print");
        router.says(&["!re", "=name=edge", ".tag=2"]).await;
        router.says(&["!done", ".tag=2"]).await;
        assert_eq!(router.is_asked().await, "/system/identity/print", "it lives, and is asked again");
        assert_eq!(task.await.unwrap().unwrap_err().kind, ErrorKind::Timeout);
    }

    #[tokio::test]
    async fn a_menu_that_cannot_be_listened_to_leaves_the_others() {
        let (task, mut router) = listening(&["/a", "/b"]);
        for tag in [".tag=1", ".tag=2"] {
            assert!(!task.is_finished());
            router.says(&["!trap", "=category=0", "=message=no such command", tag]).await;
            router.says(&["!done", tag]).await;
        }
        let failure = task.await.unwrap().unwrap_err();
        assert_eq!((failure.kind, failure.message.as_str()), (ErrorKind::Rejected, "no such command"));
    }

    #[tokio::test]
    async fn a_router_that_goes_is_an_error() {
        let (task, mut router) = listening(&["/a"]);
        router.says(&["!fatal", "session terminated on request"]).await;
        assert_eq!(task.await.unwrap().unwrap_err().kind, ErrorKind::Unreachable);
    }
}
