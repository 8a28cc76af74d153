//! Who are we to the cluster? A token says it in each request; a password is exchanged for a ticket that lasts two hours.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use tokio::time::Instant;
use url::Url;

use super::answer;
use crate::fault;
use crate::options::Credential;

/// Tickets end after two hours.
const TICKET_AGE_MAX: Duration = Duration::from_secs(90 * 60);
const ATTEMPT: &str = "log in to the Proxmox cluster";

#[derive(Clone)]
pub(super) struct Ticket {
    pub(super) cookie: Secret,
    pub(super) csrf: Secret,
    made: Instant,
}

pub(super) struct Login {
    credential: Credential,
    ticket: Mutex<Option<Ticket>>,
}

impl Login {
    pub(super) fn new(credential: Credential) -> Self {
        Self { credential, ticket: Mutex::new(None) }
    }

    pub(super) fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The ticket is no longer believed; the next call gets a new one.
    pub(super) fn forget(&self) {
        *self.held() = None;
    }

    fn held(&self) -> MutexGuard<'_, Option<Ticket>> {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ticket in use, or a new one.
    pub(super) async fn ticket(&self, http: &reqwest::Client, url: Url, limit: Duration) -> Result<Ticket, EngineError> {
        let held = self.held().clone();
        if let Some(ticket) = held.filter(|ticket| ticket.made.elapsed() < TICKET_AGE_MAX) {
            return Ok(ticket);
        }
        let Credential::Password { user, password } = &self.credential else {
            return Err(EngineError::new(ErrorKind::Rejected, ATTEMPT, "a token needs no ticket; this is a bug in the daemon"));
        };
        let form = [("username", user.as_str()), ("password", password.expose())];
        let response = http.request(reqwest::Method::POST, url).timeout(limit).form(&form).send().await;
        let body = answer::body(ATTEMPT, response.map_err(|error| engine_http::unanswered(ATTEMPT, error))?).await?;
        let answer = body.answer(ATTEMPT)?;
        if answer.data.get("NeedTFA").is_some_and(|needs| needs.as_i64() == Some(1) || needs.as_bool() == Some(true)) {
            return Err(EngineError::new(ErrorKind::Unauthorised, ATTEMPT, "the user has a second factor; make an API token for the daemon instead"));
        }
        let text = |name: &str| {
            let text = answer.data.get(name).and_then(serde_json::Value::as_str);
            text.map(Secret::new).ok_or_else(|| fault::senseless(ATTEMPT, format!("the answer holds no `{name}`")))
        };
        let ticket = Ticket { cookie: text("ticket")?, csrf: text("CSRFPreventionToken")?, made: Instant::now() };
        *self.held() = Some(ticket.clone());
        Ok(ticket)
    }
}
