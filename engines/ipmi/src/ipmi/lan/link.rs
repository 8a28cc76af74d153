//! How are datagrams sent and waited for? One question at a time, repeated until it is answered or nobody can be expected to.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::Instant;

use super::MalformedPacket;
use super::packet::DATAGRAM_BYTES_MAX;

/// How long and how often a BMC is asked for one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long the first answer is waited for. Each further one is waited for half as long again.
    pub reply: Duration,
    /// How often one question is sent at most.
    pub tries: u32,
}

impl Default for Patience {
    /// About nine seconds in all. A busy BMC takes a second or two now and then; a dead one should not hold up a plan.
    fn default() -> Self {
        Self { reply: Duration::from_millis(700), tries: 5 }
    }
}

impl Patience {
    fn of_try(self, number: u32) -> Duration {
        (0..number).fold(self.reply, |wait, _| wait + wait / 2)
    }
}

/// So many datagrams that answer nothing are read for one try; more would be a flood.
const STRAYS_MAX: u32 = 256;

/// Nobody gave an answer that makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoAnswer {
    /// The machine said that nothing listens there.
    pub(crate) refused: bool,
    /// What was wrong with the last datagram that came in place of an answer.
    pub(crate) strange: Option<MalformedPacket>,
}

pub(super) struct Link {
    socket: UdpSocket,
    patience: Patience,
}

impl Link {
    pub(super) async fn to(address: SocketAddr, patience: Patience) -> std::io::Result<Self> {
        let any: SocketAddr = if address.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
        let socket = UdpSocket::bind(any).await?;
        // Only datagrams from there are received.
        socket.connect(address).await?;
        Ok(Self { socket, patience })
    }

    /// How often one question is sent at most; never less than once.
    pub(super) fn tries(&self) -> u32 {
        self.patience.tries.max(1)
    }

    /// Sends what `datagram` makes, again and again, until `take` makes an answer of what comes. `take` says why not otherwise.
    pub(super) async fn ask<T>(
        &self,
        mut datagram: impl FnMut() -> Vec<u8>,
        mut take: impl FnMut(&[u8]) -> Result<T, MalformedPacket>,
    ) -> Result<T, NoAnswer> {
        let mut failed = NoAnswer { refused: false, strange: None };
        let mut buffer = vec![0; DATAGRAM_BYTES_MAX];
        for number in 0..self.tries() {
            let until = Instant::now() + self.patience.of_try(number);
            // What cannot be sent is lost, as it may be anywhere on its way.
            failed.refused |= self.socket.send(&datagram()).await.is_err_and(|error| is_refusal(&error));
            for _ in 0..STRAYS_MAX {
                match tokio::time::timeout_at(until, self.socket.recv(&mut buffer)).await {
                    Err(_) => break,
                    Ok(Err(error)) => failed.refused |= is_refusal(&error),
                    Ok(Ok(length)) => match take(&buffer[..length]) {
                        Ok(answer) => return Ok(answer),
                        Err(why) => failed.strange = Some(why),
                    },
                }
            }
        }
        Err(failed)
    }

    /// Sends without waiting, if that is possible at once.
    pub(super) fn send_and_forget(&self, datagram: &[u8]) {
        // Whoever forgets does not want to know.
        let _ = self.socket.try_send(datagram);
    }
}

fn is_refusal(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::ConnectionRefused
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn strange_answers_are_passed_over_and_lost_questions_asked_again() {
        let bmc = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let link = Link::to(bmc.local_addr().unwrap(), Patience { reply: Duration::from_millis(20), tries: 3 }).await.unwrap();
        let answering = async {
            let mut buffer = [0; 16];
            let (_, _) = bmc.recv_from(&mut buffer).await.unwrap();
            let (length, console) = bmc.recv_from(&mut buffer).await.unwrap();
            assert_eq!(&buffer[..length], b"2");
            bmc.send_to(b"noise", console).await.unwrap();
            bmc.send_to(b"answer", console).await.unwrap();
        };
        let mut number = 0;
        let question = || {
            number += 1;
            format!("{number}").into_bytes()
        };
        let take = |bytes: &[u8]| if bytes == b"answer" { Ok(()) } else { Err(MalformedPacket("it is noise")) };
        let (asked, ()) = tokio::join!(link.ask(question, take), answering);
        assert_eq!(asked, Ok(()));
    }

    #[tokio::test]
    async fn a_closed_port_is_told_from_silence() {
        let gone = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let patience = Patience { reply: Duration::from_millis(5), tries: 2 };
        let link = Link::to(gone, patience).await.unwrap();
        let asked = link.ask(|| b"?".to_vec(), |_| Ok(())).await;
        assert_eq!(asked, Err(NoAnswer { refused: true, strange: None }));
        let silent = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let link = Link::to(silent.local_addr().unwrap(), patience).await.unwrap();
        let asked = link.ask(|| b"?".to_vec(), |_| Ok(())).await;
        assert_eq!(asked, Err(NoAnswer { refused: false, strange: None }));
    }
}
