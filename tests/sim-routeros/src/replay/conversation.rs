//! How is a router asked, and what of its answer is compared?

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::requests::Request;
use crate::api::words::{read_sentence, write_sentence};
use crate::error::RouterError;

/// A router that says nothing for this long is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Replies to one request beyond this are not read.
const REPLIES_MAX: usize = 10_000;

/// Menus in which requests make something, from what stands on others to what others stand on.
const MADE_IN: &[(&str, &str)] = &[
    ("/ip/firewall/filter", "chain=ipr-replay"),
    ("/ip/firewall/address-list", "list=ipr-replay"),
    ("/ip/dns/static", "name=ipr-replay.example"),
    ("/ip/address", "address=192.0.2.1/24"),
    ("/system/scheduler", "name=ipr-replay"),
    ("/ip/pool", "name=ipr-replay"),
    ("/interface/vlan", "name=ipr-replay-10"),
    ("/interface/vlan", "name=ipr-replay-20"),
    ("/interface/bridge", "name=ipr-replay"),
];

pub(super) struct Conversation {
    stream: TcpStream,
    /// Identities by the name under which a request keeps them.
    kept: BTreeMap<String, String>,
}

impl Conversation {
    pub(super) async fn begin(address: SocketAddr, user: &str, password: &str) -> Result<Self, RouterError> {
        let connecting = tokio::time::timeout(ANSWER_TIMEOUT, TcpStream::connect(address)).await;
        let stream = connecting.map_err(io::Error::from).and_then(|stream| stream).map_err(failed("connect to the router"))?;
        let mut conversation = Self { stream, kept: BTreeMap::new() };
        let words = ["/login".to_owned(), format!("=name={user}"), format!("=password={password}")];
        let replies = conversation.talk(&words).await?;
        match replies.first().and_then(|reply| reply.first()).map(String::as_str) {
            Some("!done") => Ok(conversation),
            _ => Err(RouterError::Refused { command: "/login".to_owned(), message: replies.concat().join(" ") }),
        }
    }

    /// As the router itself names its release.
    pub(super) async fn release(&mut self) -> Result<String, RouterError> {
        let replies = self.talk(&["/system/resource/print".to_owned()]).await?;
        let version = replies.iter().flatten().find_map(|word| word.strip_prefix("=version="));
        Ok(version.unwrap_or_default().to_owned())
    }

    /// The answer to a request, as far as two routers must agree: not in identities, and in values only where the request says
    /// which.
    pub(super) async fn ask(&mut self, request: &Request) -> Result<Vec<String>, RouterError> {
        let words: Vec<String> = request.words.iter().map(|word| self.filled(word)).collect();
        let replies = self.talk(&words).await?;
        let ret = replies.iter().flatten().find_map(|word| word.strip_prefix("=ret="));
        if let (Some(name), Some(ret)) = (&request.kept_as, ret) {
            self.kept.insert(name.clone(), ret.to_owned());
        }
        let names_values = request.words.iter().any(|word| word.starts_with("=.proplist=") || word == "=count-only=");
        Ok(replies.iter().map(|reply| shown(reply, names_values)).collect())
    }

    fn filled(&self, word: &str) -> String {
        self.kept.iter().fold(word.to_owned(), |word, (name, id)| word.replace(&format!("{{{name}}}"), id))
    }

    /// Removes what the requests made, wherever they stopped.
    pub(super) async fn tidy_up(&mut self) -> Result<(), RouterError> {
        for (menu, query) in MADE_IN {
            let words = [format!("{menu}/print"), "=.proplist=.id".to_owned(), format!("?{query}")];
            let replies = self.talk(&words).await?;
            let ids: Vec<String> = replies.iter().flatten().filter_map(|word| word.strip_prefix("=.id=").map(str::to_owned)).collect();
            for id in ids {
                self.talk(&[format!("{menu}/remove"), format!("=.id={id}")]).await?;
            }
        }
        Ok(())
    }

    async fn talk(&mut self, words: &[String]) -> Result<Vec<Vec<String>>, RouterError> {
        let talking = tokio::time::timeout(ANSWER_TIMEOUT, self.exchange(words)).await;
        talking.map_err(io::Error::from).and_then(|replies| replies).map_err(failed("talk with the router"))
    }

    async fn exchange(&mut self, words: &[String]) -> io::Result<Vec<Vec<String>>> {
        let mut bytes = Vec::new();
        write_sentence(&mut bytes, words.iter().map(String::as_str));
        self.stream.write_all(&bytes).await?;
        let mut replies = Vec::new();
        while replies.len() < REPLIES_MAX {
            let reply = read_sentence(&mut self.stream).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            let is_last = matches!(reply.first().map(String::as_str), Some("!done" | "!fatal"));
            replies.push(reply);
            if is_last {
                return Ok(replies);
            }
        }
        Err(io::ErrorKind::InvalidData.into())
    }
}

fn failed(attempt: &'static str) -> impl FnOnce(io::Error) -> RouterError {
    move |source| RouterError::Start { attempt, source: Box::new(source) }
}

fn shown(reply: &[String], names_values: bool) -> String {
    let Some((word, attributes)) = reply.split_first() else { return String::new() };
    let mut attributes: Vec<&str> = attributes.iter().map(String::as_str).filter(|attribute| is_compared(word, attribute, names_values)).collect();
    attributes.sort_unstable();
    [&[word.as_str()], &attributes[..]].concat().join(" ")
}

fn is_compared(word: &str, attribute: &str, names_values: bool) -> bool {
    match word {
        "!trap" => true,
        "!done" => names_values,
        _ => names_values && !attribute.starts_with("=.id="),
    }
}
