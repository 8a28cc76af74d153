//! How is a command given and its answer understood? One session, reopened where that is harmless, and failures with their kind.

use std::net::SocketAddr;
use std::time::Duration;

use engine_api::{EngineError, ErrorKind, WritePermit};

use super::command::{Change, Command};
use super::fault;
use super::lan::{self, Login, NoAnswer, Request, Resend, Session, SessionError, Suite};
use super::options::IpmiOptions;

/// What a BMC says that has something else to do.
const BUSY: u8 = 0xc0;
/// How often a BMC that says "busy" is asked again.
const BUSY_TRIES_MAX: u32 = 6;
/// The pause before it is asked again; each further one is twice as long.
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// A BMC that we are logged in to.
pub(super) struct Client {
    options: IpmiOptions,
    address: SocketAddr,
    session: Session,
    /// A BMC that restarts forgets its sessions; it is logged in to again once.
    was_reopened: bool,
}

/// Why a command has no answer of use.
enum Failure {
    Completion(u8),
    Error(EngineError),
}

impl Client {
    pub(super) async fn open(options: IpmiOptions, address: SocketAddr, agreed_before: Option<Suite>) -> Result<Self, EngineError> {
        let session = login(&options, address, agreed_before).await?;
        Ok(Self { options, address, session, was_reopened: false })
    }

    pub(super) fn suite(&self) -> Suite {
        self.session.suite()
    }

    /// Asks for something.
    pub(super) async fn ask<C: Command>(&mut self, command: &C) -> Result<C::Reply, EngineError> {
        self.read(command).await.map_err(|failure| failure.into_error::<C>())
    }

    /// Asks for something that not every BMC has.
    pub(super) async fn ask_if_there<C: Command>(&mut self, command: &C) -> Result<Option<C::Reply>, EngineError> {
        match self.read(command).await {
            Ok(reply) => Ok(Some(reply)),
            Err(Failure::Completion(code)) if fault::means_not_there(code) => Ok(None),
            Err(failure) => Err(failure.into_error::<C>()),
        }
    }

    async fn read<C: Command>(&mut self, command: &C) -> Result<C::Reply, Failure> {
        let answered = match self.exchange(command, Resend::Anew).await {
            Err(SessionError::NoAnswer(_)) if !self.was_reopened => {
                self.reopen().await.map_err(Failure::Error)?;
                self.exchange(command, Resend::Anew).await
            }
            answered => answered,
        };
        finished::<C>(answered)
    }

    /// Changes something.
    pub(super) async fn order<C: Change>(&mut self, _: &WritePermit, command: &C) -> Result<(), EngineError> {
        let resend = if C::TAKES_EFFECT_EACH_TIME { Resend::SameBytes } else { Resend::Anew };
        let answered = self.exchange(command, resend).await;
        finished::<C>(answered).map_err(|failure| failure.into_error::<C>())
    }

    /// A busy BMC has done nothing, so asking again is harmless whatever the command is.
    async fn exchange<C: Command>(&mut self, command: &C, resend: Resend) -> Result<lan::Reply, SessionError> {
        let data = command.data();
        let request = Request { function: C::FUNCTION, command: C::COMMAND, data: &data };
        let mut pause = BUSY_PAUSE;
        for _ in 1..BUSY_TRIES_MAX {
            let reply = self.session.exchange(&request, resend).await?;
            if reply.completion != BUSY && Some(reply.completion) != C::BUSY {
                return Ok(reply);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.session.exchange(&request, resend).await
    }

    async fn reopen(&mut self) -> Result<(), EngineError> {
        self.was_reopened = true;
        self.session = login(&self.options, self.address, Some(self.suite())).await?;
        Ok(())
    }

    pub(super) async fn close(self) {
        self.session.close().await;
    }
}

fn finished<C: Command>(answered: Result<lan::Reply, SessionError>) -> Result<C::Reply, Failure> {
    let reply = answered.map_err(|error| Failure::Error(of_session(C::ATTEMPT, error)))?;
    if reply.completion != 0 {
        return Err(Failure::Completion(reply.completion));
    }
    let malformed = |why: lan::MalformedPacket| Failure::Error(EngineError::new(ErrorKind::Protocol, C::ATTEMPT, why.to_string()));
    C::read(&reply.data).map_err(malformed)
}

fn of_session(attempt: &str, error: SessionError) -> EngineError {
    let silence: NoAnswer = match error {
        SessionError::NoAnswer(no_answer) => no_answer,
        SessionError::NoRandomness => return EngineError::new(ErrorKind::Busy, attempt, "the operating system gives no random numbers"),
    };
    fault::silence(attempt, &silence)
}

impl Failure {
    fn into_error<C: Command>(self) -> EngineError {
        match self {
            Self::Completion(code) if Some(code) == C::BUSY => fault::completion(C::ATTEMPT, BUSY),
            Self::Completion(code) => fault::completion(C::ATTEMPT, code),
            Self::Error(error) => error,
        }
    }
}

async fn login(options: &IpmiOptions, address: SocketAddr, agreed_before: Option<Suite>) -> Result<Session, EngineError> {
    let login = Login {
        address,
        user: &options.user,
        password: options.password.expose(),
        bmc_key: options.bmc_key.as_ref().map(core_model::Secret::expose),
        privilege: options.privilege as u8,
        suites: options.suites,
        agreed_before,
        patience: options.patience,
    };
    lan::open(&login).await.map_err(|error| fault::opening(&address.to_string(), &options.user, error))
}
