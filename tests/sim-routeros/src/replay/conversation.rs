//! How is a router asked, and what of its answer is compared?

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::requests::Request;
use super::told::Told;
use super::way::{Stream, Way};
use crate::api::words::{read_sentence, write_sentence};
use crate::error::RouterError;
use crate::tables::Menu;

/// A router that says nothing for this long is given up.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// Replies to one request beyond this are not read.
const REPLIES_MAX: usize = 200_000;

/// Menus in which requests make something, from what stands on others to what others stand on.
const MADE_IN: &[(&str, &str)] = &[
    ("/ip/firewall/filter", "chain=ipr-replay"),
    ("/ip/firewall/address-list", "list=ipr-replay"),
    ("/ip/dns/static", "name=ipr-replay.example"),
    ("/ip/address", "address=192.0.2.1/24"),
    ("/ip/address", "address=192.0.2.1/32"),
    ("/system/scheduler", "name=ipr-replay"),
    ("/ip/pool", "name=ipr-replay"),
    ("/interface/vlan", "name=ipr-replay"),
    ("/interface/vlan", "name=ipr-replay-10"),
    ("/interface/vlan", "name=ipr-replay-20"),
    ("/interface/bridge", "name=ipr-replay"),
];

pub(super) struct Conversation {
    stream: Box<dyn Stream>,
    /// Identities by the name under which a request keeps them, and the user's name.
    kept: BTreeMap<String, String>,
}

impl Conversation {
    pub(super) async fn begin(address: SocketAddr, way: Way, user: &str, password: &str) -> Result<Self, RouterError> {
        let connecting = tokio::time::timeout(ANSWER_TIMEOUT, way.connect(address)).await;
        let stream = connecting.map_err(io::Error::from).and_then(|stream| stream).map_err(failed("connect to the router"))?;
        let mut conversation = Self { stream, kept: BTreeMap::from([("user".to_owned(), user.to_owned())]) };
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
        let replies = self.talk(&self.filled(request)).await?;
        let ret = replies.iter().flatten().find_map(|word| word.strip_prefix("=ret="));
        if let (Some(name), Some(ret)) = (&request.kept_as, ret) {
            self.kept.insert(name.clone(), ret.to_owned());
        }
        let names_values = request.words.iter().any(|word| word.starts_with("=.proplist=") || word == "=count-only=");
        Ok(replies.iter().map(|reply| shown(reply, names_values)).collect())
    }

    /// What a router tells that is only looked at. Nothing else is sent to it from here, whatever the record says.
    pub(super) async fn hear(&mut self, request: &Request, menu: Option<&Menu>) -> Result<Told, RouterError> {
        if !request.only_reads() {
            return Err(RouterError::Refused { command: request.text.clone(), message: "it is no read, and not sent".to_owned() });
        }
        let mut told = Told::default();
        let words = self.filled(request);
        self.exchange(&words, |reply| told.take(&reply, menu)).await?;
        Ok(told)
    }

    fn filled(&self, request: &Request) -> Vec<String> {
        let fill = |word: &String| self.kept.iter().fold(word.clone(), |word, (name, id)| word.replace(&format!("{{{name}}}"), id));
        request.words.iter().map(fill).collect()
    }

    /// What stands where requests would make something, as `menu with query`. It would be removed with what they make.
    pub(super) async fn in_the_way(&mut self) -> Result<Vec<String>, RouterError> {
        let mut found = Vec::new();
        for (menu, query) in MADE_IN {
            if !self.ids(menu, query).await?.is_empty() {
                found.push(format!("{menu} with {query}"));
            }
        }
        Ok(found)
    }

    /// Removes what the requests made, wherever they stopped.
    pub(super) async fn tidy_up(&mut self) -> Result<(), RouterError> {
        for (menu, query) in MADE_IN {
            for id in self.ids(menu, query).await? {
                self.talk(&[format!("{menu}/remove"), format!("=.id={id}")]).await?;
            }
        }
        Ok(())
    }

    async fn ids(&mut self, menu: &str, query: &str) -> Result<Vec<String>, RouterError> {
        let replies = self.talk(&[format!("{menu}/print"), "=.proplist=.id".to_owned(), format!("?{query}")]).await?;
        Ok(replies.iter().flatten().filter_map(|word| word.strip_prefix("=.id=").map(str::to_owned)).collect())
    }

    async fn talk(&mut self, words: &[String]) -> Result<Vec<Vec<String>>, RouterError> {
        let mut replies = Vec::new();
        self.exchange(words, |reply| replies.push(reply)).await?;
        Ok(replies)
    }

    async fn exchange(&mut self, words: &[String], mut take: impl FnMut(Vec<String>)) -> Result<(), RouterError> {
        let mut bytes = Vec::new();
        write_sentence(&mut bytes, words.iter().map(String::as_str));
        let sending = tokio::time::timeout(ANSWER_TIMEOUT, self.stream.write_all(&bytes)).await;
        sending.map_err(io::Error::from).and_then(|sent| sent).map_err(failed("ask the router"))?;
        for _ in 0..REPLIES_MAX {
            let reading = tokio::time::timeout(ANSWER_TIMEOUT, read_sentence(&mut self.stream)).await;
            let reply = reading.map_err(io::Error::from).and_then(|reply| reply).map_err(failed("hear the router"))?;
            let reply = reply.ok_or_else(|| failed("hear the router")(io::ErrorKind::UnexpectedEof.into()))?;
            let is_last = matches!(reply.first().map(String::as_str), Some("!done" | "!fatal"));
            take(reply);
            if is_last {
                return Ok(());
            }
        }
        Err(failed("hear the router out: its answer has no end")(io::ErrorKind::InvalidData.into()))
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
