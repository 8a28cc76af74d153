//! How does a conversation over the binary API go?

use std::io;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{broadcast, mpsc};
use tokio::time::Instant;

use super::sentence::{Replies, Sentence};
use super::words::read_sentence;
use crate::calls::{Call, Via};
use crate::commands::{Answer, Caller, execute, row};
use crate::fault::Fault;
use crate::shared::Shared;
use crate::trap::Trap;
use crate::world::{Changed, World};

/// Sentences that wait for their turn; a client that sends more waits itself.
const SENTENCES_WAITING_MAX: usize = 256;

/// Talks until one side is done.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: &Shared, connection: u64) {
    let (reader, writer) = tokio::io::split(stream);
    let (sender, receiver) = mpsc::channel(SENTENCES_WAITING_MAX);
    let mut reading = pin!(read_all(reader, sender));
    let changes = shared.lock().changes.subscribe();
    let session = Session { shared, connection, caller: None, writer, changes, listens: Vec::new() };
    let mut answering = pin!(session.answer_all(receiver));
    tokio::select! {
        biased;
        _ = &mut answering => {}
        // What the client sent before it left is still carried out.
        () = &mut reading => drop(answering.await),
    }
}

/// Hands on what the client says, each sentence with the moment in which it came.
async fn read_all<R: AsyncRead + Unpin>(mut reader: ReadHalf<R>, sender: mpsc::Sender<(Instant, Vec<String>)>) {
    while let Ok(Some(words)) = read_sentence(&mut reader).await {
        if sender.send((Instant::now(), words)).await.is_err() {
            return;
        }
    }
}

struct Session<'shared, S> {
    shared: &'shared Shared,
    connection: u64,
    /// Nobody before the login.
    caller: Option<Caller>,
    writer: WriteHalf<S>,
    changes: broadcast::Receiver<Changed>,
    /// Menus that the client listens to, with the tag of the sentence that asked.
    listens: Vec<(String, Option<String>)>,
}

/// Whether the conversation goes on.
type Outcome = io::Result<bool>;

impl<S: AsyncWrite + Unpin> Session<'_, S> {
    async fn answer_all(mut self, mut receiver: mpsc::Receiver<(Instant, Vec<String>)>) -> io::Result<()> {
        loop {
            tokio::select! {
                biased;
                received = receiver.recv() => {
                    let Some((arrived, words)) = received else { return Ok(()) };
                    self.shared.wait_for_latency(arrived).await;
                    if !self.answer(&words).await? {
                        return self.writer.shutdown().await;
                    }
                }
                Ok(changed) = self.changes.recv(), if !self.listens.is_empty() => self.report(&changed).await?,
            }
        }
    }

    async fn answer(&mut self, words: &[String]) -> Outcome {
        let Some(sentence) = Sentence::parse(words) else { return Ok(true) };
        self.shared.lock().calls.add_question(words);
        match (sentence.request.path().as_str(), &self.caller) {
            ("/login", _) => self.log_in(&sentence).await,
            (_, None) => self.refuse_stranger().await,
            ("/quit", _) => self.quit().await,
            ("/cancel", _) => self.cancel(&sentence).await,
            (_, Some(_)) if sentence.request.command == "listen" => self.listen(&sentence).await,
            (_, Some(caller)) => {
                let caller = caller.clone();
                self.run(&caller, &sentence).await
            }
        }
    }

    async fn log_in(&mut self, sentence: &Sentence) -> Outcome {
        let argument = |name| sentence.request.argument(name).unwrap_or_default();
        let mut replies = Replies::new(sentence.tag.as_deref());
        let fault = {
            let mut world = self.shared.lock();
            let caller = world.log_in(argument("name"), argument("password"), Via::Api, self.connection);
            let refused = caller.is_none().then(|| Trap::bad_login().message);
            let arguments = vec![("name".to_owned(), argument("name").to_owned())];
            world.note(Call { via: Via::Api, command: "/login".to_owned(), arguments, refused });
            match &caller {
                Some(_) => replies.done(None),
                None => replies.refusal(&Trap::bad_login()),
            }
            self.caller = caller;
            world.faults.take("/login")
        };
        self.send(replies.bytes, fault).await
    }

    async fn refuse_stranger(&mut self) -> Outcome {
        self.end("not logged in").await
    }

    async fn quit(&mut self) -> Outcome {
        self.end("session terminated on request").await
    }

    async fn end(&mut self, message: &str) -> Outcome {
        let mut replies = Replies::new(None);
        replies.fatal(message);
        self.send(replies.bytes, None).await?;
        Ok(false)
    }

    /// Ends what a tag listens to; without a tag everything.
    async fn cancel(&mut self, sentence: &Sentence) -> Outcome {
        let wanted = sentence.request.argument("tag").map(str::to_owned);
        let is_meant = |tag: &Option<String>| wanted.is_none() || *tag == wanted;
        let (ended, kept) = std::mem::take(&mut self.listens).into_iter().partition(|(_, tag)| is_meant(tag));
        self.listens = kept;
        let ended: Vec<(String, Option<String>)> = ended;
        for (_, tag) in &ended {
            let mut replies = Replies::new(tag.as_deref());
            replies.refusal(&Trap::interrupted());
            self.send(replies.bytes, None).await?;
        }
        let mut replies = Replies::new(sentence.tag.as_deref());
        match (ended.is_empty(), wanted) {
            (true, Some(_)) => replies.refusal(&Trap::new(Some(0), "no such command")),
            _ => replies.done(None),
        }
        self.send(replies.bytes, None).await
    }

    /// From now on every change of the menu is sent, until `/cancel`.
    async fn listen(&mut self, sentence: &Sentence) -> Outcome {
        let menu = sentence.request.menu.clone();
        let (refused, fault) = {
            let mut world = self.shared.lock();
            let command = sentence.request.path();
            let fault = world.faults.take(&command);
            let is_known = world.menu(&menu).is_some() || menu == "/interface";
            let refused = match &fault {
                Some(Fault::TrapBefore(message)) => Some(Trap::failure(message)),
                _ => (!is_known).then(Trap::no_such_command),
            };
            world.note(Call { via: Via::Api, command, arguments: Vec::new(), refused: refused.as_ref().map(|trap| trap.message.clone()) });
            (refused, fault)
        };
        if let Some(trap) = refused {
            let mut replies = Replies::new(sentence.tag.as_deref());
            replies.refusal(&trap);
            return self.send(replies.bytes, None).await;
        }
        self.listens.push((menu, sentence.tag.clone()));
        match fault {
            None => Ok(true),
            fault => self.send(Vec::new(), fault).await,
        }
    }

    /// Sends a change to those who listen to its menu.
    async fn report(&mut self, changed: &Changed) -> io::Result<()> {
        let Some(caller) = &self.caller else { return Ok(()) };
        let row = {
            let world = self.shared.lock();
            let menu = world.menu(&changed.menu);
            let item = world.config.entries(&changed.menu).get(changed.id);
            match (menu, item) {
                (Some(menu), Some(item)) if !changed.is_dead => row(&world, caller, &menu, item),
                _ => vec![(".id".to_owned(), changed.id.to_string()), (".dead".to_owned(), "true".to_owned())],
            }
        };
        let tags: Vec<Option<String>> = self.listens.iter().filter(|(menu, _)| *menu == changed.menu).map(|(_, tag)| tag.clone()).collect();
        for tag in tags {
            let mut replies = Replies::new(tag.as_deref());
            replies.row(&row);
            self.send(replies.bytes, None).await?;
        }
        Ok(())
    }

    async fn run(&mut self, caller: &Caller, sentence: &Sentence) -> Outcome {
        let mut replies = Replies::new(sentence.tag.as_deref());
        let fault = {
            let mut world = self.shared.lock();
            let fault = world.faults.take(&sentence.request.path());
            let outcome = carry_out(&mut world, caller, sentence, fault.as_ref());
            match outcome {
                Ok(answer) => replies.answer(answer, world.version, &sentence.request.command),
                Err(trap) => replies.refusal(&trap),
            }
            if fault == Some(Fault::PowerCutAfterEffect) {
                world.reboot();
            }
            fault
        };
        self.shared.settle();
        self.send(replies.bytes, fault).await
    }

    /// Sends an answer, unless a fault or the router's own configuration keeps it back.
    async fn send(&mut self, bytes: Vec<u8>, fault: Option<Fault>) -> Outcome {
        if !self.shared.lock().may_answer(self.connection) {
            return Ok(true);
        }
        match fault {
            Some(Fault::DisconnectBefore | Fault::DisconnectAfterEffect | Fault::PowerCutAfterEffect) => return Ok(false),
            Some(Fault::SilenceBefore | Fault::SilenceAfterEffect) => return Ok(true),
            Some(Fault::Truncated) => {
                self.writer.write_all(&bytes[..bytes.len() / 2]).await?;
                self.writer.flush().await?;
                return Ok(false);
            }
            Some(Fault::Garbage) => self.writer.write_all(&[0xFF; 16]).await?,
            Some(Fault::Fatal(message)) => {
                let mut replies = Replies::new(None);
                replies.fatal(&message);
                self.writer.write_all(&replies.bytes).await?;
                self.writer.flush().await?;
                return Ok(false);
            }
            Some(Fault::TrapBefore(_) | Fault::TrapAfterEffect(_)) | None => self.writer.write_all(&bytes).await?,
        }
        self.writer.flush().await?;
        Ok(true)
    }
}

/// What comes of a request under a fault.
fn carry_out(world: &mut World, caller: &Caller, sentence: &Sentence, fault: Option<&Fault>) -> Result<Answer, Trap> {
    match fault {
        Some(Fault::TrapBefore(message)) => Err(Trap::failure(message)),
        Some(fault) if fault.is_before_effect() => Ok(Answer::default()),
        Some(Fault::TrapAfterEffect(message)) => execute(world, caller, &sentence.request).and(Err(Trap::failure(message))),
        _ => execute(world, caller, &sentence.request),
    }
}
