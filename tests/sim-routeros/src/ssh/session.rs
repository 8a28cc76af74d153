//! Who is on the other side, and what do they ask?

use russh::keys::PublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, VerifiedPublicKey};
use russh::{Channel, ChannelId, server};

use super::console;
use crate::calls::Via;
use crate::commands::Caller;
use crate::fault::Fault;
use crate::shared::Shared;

/// One client.
pub(super) struct Session {
    shared: Shared,
    connection: u64,
    caller: Option<Caller>,
}

impl Session {
    pub(super) fn new(shared: Shared, connection: u64) -> Self {
        Self { shared, connection, caller: None }
    }

    fn admitted(&mut self, caller: Option<Caller>) -> Auth {
        self.caller = caller;
        if self.caller.is_some() { Auth::Accept } else { Auth::reject() }
    }

    fn by_key(&self, user: &str, key: &PublicKey) -> Option<Caller> {
        let text = key.to_openssh().ok()?;
        self.shared.lock().log_in_by_key(user, &text, self.connection)
    }
}

impl Handler for Session {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Self::Error> {
        let caller = self.shared.lock().log_in(user, password, Via::Ssh, self.connection);
        Ok(self.admitted(caller))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        let is_known = self.by_key(user, offer.public_key).is_some();
        Ok(if is_known { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let caller = self.by_key(user, key.public_key);
        Ok(self.admitted(caller))
    }

    async fn channel_open_session(
        &mut self,
        _channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut server::Session,
    ) -> Result<(), Self::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn exec_request(&mut self, channel: ChannelId, command: &[u8], session: &mut server::Session) -> Result<(), Self::Error> {
        let Some(caller) = &self.caller else { return session.channel_failure(channel) };
        session.channel_success(channel)?;
        let said = console::run(&mut self.shared.lock(), caller, &String::from_utf8_lossy(command));
        self.shared.settle();
        let output = match said.fault {
            None | Some(Fault::TrapBefore(_) | Fault::TrapAfterEffect(_)) => said.output,
            Some(Fault::Garbage) => "\u{0}\u{1}\u{2}".to_owned(),
            Some(Fault::SilenceBefore | Fault::SilenceAfterEffect) => return Ok(()),
            Some(Fault::Truncated) => {
                let half = said.output.chars().take(said.output.chars().count() / 2).collect::<String>();
                session.data(channel, half.into_bytes())?;
                return session.disconnect(russh::Disconnect::ByApplication, "", "");
            }
            Some(Fault::DisconnectBefore | Fault::DisconnectAfterEffect | Fault::PowerCutAfterEffect | Fault::Fatal(_)) => {
                return session.disconnect(russh::Disconnect::ByApplication, "", "");
            }
        };
        session.data(channel, output.into_bytes())?;
        session.exit_status_request(channel, 0)?;
        session.eof(channel)?;
        session.close(channel)
    }
}
