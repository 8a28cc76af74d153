//! How is a session opened, and why not? One login: what the BMC can do, the handshake, the privilege.

use std::net::SocketAddr;

use zeroize::Zeroizing;

use super::MalformedPacket;
use super::capabilities::{capabilities, suites};
use super::cipher::{Suite, SuiteChoice, candidates};
use super::handshake::{Challenge, Console, Refusal, Stopped};
use super::keys::SessionKeys;
use super::link::{Link, NoAnswer, Patience};
use super::message::Request;
use super::packet::{Packet, Setup, decode, encode_setup};
use super::session::{Resend, Session, SessionError};

/// What a login needs.
pub(crate) struct Login<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) user: &'a str,
    pub(crate) password: &'a str,
    pub(crate) bmc_key: Option<&'a str>,
    pub(crate) privilege: u8,
    pub(crate) suites: SuiteChoice,
    /// What the same BMC agreed to before.
    pub(crate) agreed_before: Option<Suite>,
    pub(crate) patience: Patience,
}

/// Why there is no session.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// Nothing of ours could be sent.
    Socket(std::io::Error),
    NoRandomness,
    /// Nobody answers the very first question.
    NoAnswer(NoAnswer),
    Malformed(MalformedPacket),
    /// It speaks IPMI 1.5 alone, whose sessions are not protected.
    OldBmc,
    NeedsBmcKey,
    /// The BMC offers none of the suites that may be used; these are its own.
    NoCommonSuite(Option<Vec<u8>>),
    Refused {
        suite: Suite,
        status: u8,
    },
    /// The password, or the BMC's key, is not the one the BMC knows.
    WrongCode {
        suite: Suite,
    },
    /// Again and again the BMC did not know the beginning of the handshake any more. The password is right.
    LostTrack,
    /// The BMC fell silent in the middle.
    Silent(NoAnswer),
    /// The session is there, and the privilege was refused.
    Privilege {
        completion: u8,
    },
}

/// How often a handshake is begun. More would be failed logins to some BMCs, which lock accounts after a few.
const HANDSHAKES_MAX: u32 = 3;

/// Set Session Privilege Level.
const SET_PRIVILEGE: (u8, u8) = (0x06, 0x3b);

pub(crate) async fn open(login: &Login<'_>) -> Result<Session, OpenError> {
    let link = Link::to(login.address, login.patience).await.map_err(OpenError::Socket)?;
    let capabilities = capabilities(&link).await.map_err(OpenError::NoAnswer)?.map_err(OpenError::Malformed)?;
    if !capabilities.speaks_2_0 {
        return Err(OpenError::OldBmc);
    }
    if capabilities.needs_bmc_key && login.bmc_key.is_none() {
        return Err(OpenError::NeedsBmcKey);
    }
    let offered = suites(&link).await;
    let mut refused = OpenError::NoCommonSuite(offered.clone());
    for suite in candidates(login.suites, offered.as_deref(), login.agreed_before) {
        match handshakes(&link, login, suite).await {
            Ok((keys, console_id, bmc_id)) => return privileged(Session::new(link, keys, console_id, bmc_id), login).await,
            Err(OpenError::Refused { status, .. }) if is_about_the_suite(status) => refused = OpenError::Refused { suite, status },
            Err(error) => return Err(error),
        }
    }
    Err(refused)
}

const NO_MATCHING_SUITE: u8 = 0x11;

/// Invalid authentication, integrity or confidentiality algorithm; no matching suite: IPMI 2.0, table 13-15.
fn is_about_the_suite(status: u8) -> bool {
    matches!(status, 0x04 | 0x05 | 0x10 | NO_MATCHING_SUITE)
}

/// What can come of a repeated packet: the BMC has forgotten the beginning, or made a second challenge of it. It can only be
/// that: the BMC has shown that it knows the password before.
fn may_be_begun_anew(status: u8) -> bool {
    matches!(status, 0x02 | 0x08 | 0x0f)
}

async fn handshakes(link: &Link, login: &Login<'_>, suite: Suite) -> Result<(SessionKeys, u32, u32), OpenError> {
    for _ in 0..HANDSHAKES_MAX {
        match handshake(link, login, suite).await {
            Err(OpenError::Refused { status, .. }) if may_be_begun_anew(status) => {}
            other => return other,
        }
    }
    Err(OpenError::LostTrack)
}

async fn handshake(link: &Link, login: &Login<'_>, suite: Suite) -> Result<(SessionKeys, u32, u32), OpenError> {
    let mut random = Zeroizing::new([0; 20]);
    getrandom::fill(&mut *random).map_err(|_| OpenError::NoRandomness)?;
    let (number, id) = random.split_at(16);
    let console = Console {
        suite,
        id: u32::from_le_bytes(id.try_into().expect("four bytes")).max(1),
        random: number.try_into().expect("sixteen bytes"),
        privilege: login.privilege,
        user: login.user,
        password: login.password.as_bytes(),
        bmc_key: login.bmc_key.map(str::as_bytes),
    };
    let bmc_id = ask(link, &console, Setup::OpenRequest, console.open_request(), |bytes| console.read_open_reply(bytes)).await?;
    let challenge: Challenge = ask(link, &console, Setup::Rakp1, console.rakp1(bmc_id), |bytes| console.read_rakp2(bmc_id, bytes)).await?;
    let keys = ask(link, &console, Setup::Rakp3, console.rakp3(&challenge), |bytes| console.read_rakp4(&challenge, bytes)).await?;
    Ok((keys, console.id, bmc_id))
}

/// One message of the handshake and its answer. What is malformed is passed over: the real answer may still come.
async fn ask<T>(
    link: &Link,
    console: &Console<'_>,
    kind: Setup,
    payload: Vec<u8>,
    read: impl Fn(&[u8]) -> Result<T, Stopped>,
) -> Result<T, OpenError> {
    let reply_kind = match kind {
        Setup::OpenRequest => Setup::OpenReply,
        Setup::Rakp1 => Setup::Rakp2,
        _ => Setup::Rakp4,
    };
    let datagram = encode_setup(kind, &payload);
    let take = |bytes: &[u8]| match decode(bytes)? {
        Packet::Setup(found, payload) if found == reply_kind => match read(payload) {
            Err(Stopped::Malformed(why)) => Err(why),
            other => Ok(other),
        },
        _ => Err(MalformedPacket("it is another message than the one that is due")),
    };
    let suite = console.suite;
    match link.ask(|| datagram.clone(), take).await.map_err(OpenError::Silent)? {
        Ok(answer) => Ok(answer),
        Err(Stopped::Refused(Refusal(status))) => Err(OpenError::Refused { suite, status }),
        Err(Stopped::AnotherSuite) => Err(OpenError::Refused { suite, status: NO_MATCHING_SUITE }),
        Err(Stopped::WrongCode) => Err(OpenError::WrongCode { suite }),
        Err(Stopped::Malformed(why)) => Err(OpenError::Malformed(why)),
    }
}

/// A new session has the least privilege, whatever was asked for.
async fn privileged(mut session: Session, login: &Login<'_>) -> Result<Session, OpenError> {
    let (function, command) = SET_PRIVILEGE;
    let data = [login.privilege];
    let reply = session.exchange(&Request { function, command, data: &data }, Resend::Anew).await.map_err(|error| match error {
        SessionError::NoAnswer(no_answer) => OpenError::Silent(no_answer),
        SessionError::NoRandomness => OpenError::NoRandomness,
    })?;
    if reply.completion == 0 {
        return Ok(session);
    }
    session.close().await;
    Err(OpenError::Privilege { completion: reply.completion })
}
