//! What must be known to reach a Proxmox VE cluster? Its nodes, a credential, whose certificate is believed, whose objects
//! are ours, and how long we wait.

use std::ops::RangeInclusive;
use std::time::Duration;

use core_model::Secret;
use engine_api::{EngineError, ErrorKind};
use engine_tls::Trust;

/// One cluster (or one node alone), as the daemon's configuration has it.
#[derive(Debug, Clone)]
pub struct ProxmoxOptions {
    /// `https://pve1.example:8006`. Several nodes of one cluster are several ways in: the first that answers is used.
    pub endpoints: Vec<String>,
    pub credential: Credential,
    pub trust: Trust,
    /// The owner whose objects this daemon may change. Orders for another owner are refused.
    pub owner_id: String,
    /// Where the VMIDs of new machines are taken from.
    pub vmid_range: RangeInclusive<u32>,
    /// Where disks go when neither the blueprint nor a template says it.
    pub disk_storage: Option<String>,
    /// Where our cloud-init images go; any storage of the node that takes ISO images when left out.
    pub iso_storage: Option<String>,
    pub timeouts: Timeouts,
}

impl ProxmoxOptions {
    /// VMIDs from 10000 on, so that hand-made machines keep the low ones; timeouts that suit a cluster nearby.
    pub fn new(endpoints: Vec<String>, credential: Credential, trust: Trust, owner_id: impl Into<String>) -> Self {
        Self {
            endpoints,
            credential,
            trust,
            owner_id: owner_id.into(),
            vmid_range: 10_000..=99_999,
            disk_storage: None,
            iso_storage: None,
            timeouts: Timeouts::default(),
        }
    }
}

/// How we say who we are.
#[derive(Debug, Clone)]
pub enum Credential {
    /// `USER@REALM!TOKENID=UUID`: needs no renewal, and its privileges can be fewer than its user's.
    Token(Secret),
    /// A user's own password, for a ticket that is renewed before its two hours are over.
    Password { user: String, password: Secret },
}

impl Credential {
    /// Whether this is `root@pam` itself. A token of it is not: some options are refused to it.
    pub(crate) fn is_root(&self) -> bool {
        matches!(self, Self::Password { user, .. } if user == "root@pam")
    }

    /// `USER@REALM!TOKENID` with the token's secret, or `USER@REALM` with a password.
    pub fn new(user: impl Into<String>, secret: Secret) -> Result<Self, EngineError> {
        let user = user.into();
        let refused = |why: &str| EngineError::new(ErrorKind::Rejected, "read the credential of the Proxmox target", why);
        let (person, token) = user.split_once('!').map_or((user.as_str(), None), |(person, token)| (person, Some(token)));
        if person.rsplit_once('@').is_none_or(|(name, realm)| name.is_empty() || realm.is_empty()) || token.is_some_and(str::is_empty) {
            return Err(refused("the user must be an API token, `USER@REALM!TOKENID`, or `USER@REALM`"));
        }
        if !user.bytes().chain(secret.expose().bytes()).all(|byte| byte.is_ascii_graphic()) && token.is_some() {
            return Err(refused("the token holds a character that no token has; is there a space around it?"));
        }
        match token {
            Some(_) => Ok(Self::Token(Secret::new(format!("{user}={}", secret.expose())))),
            None => Ok(Self::Password { user, password: secret }),
        }
    }
}

/// How long each kind of call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// To reach a node at all.
    pub connect: Duration,
    pub read: Duration,
    pub write: Duration,
    /// Tasks that copy disks: clone, create from an image, move, migrate, delete.
    pub copy: Duration,
    /// The longest pause between two looks at a task. The first pauses are shorter.
    pub poll: Duration,
    /// How long a guest may take to shut down by itself before it is switched off.
    pub shutdown: Duration,
    /// How long a node may take to answer after its network was reloaded.
    pub network: Duration,
    /// The longest wait for a port to answer, where the blueprint does not say.
    pub ready_max: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(30),
            write: Duration::from_secs(120),
            copy: Duration::from_secs(60 * 60),
            poll: Duration::from_secs(2),
            shutdown: Duration::from_secs(180),
            network: Duration::from_secs(60),
            ready_max: Duration::from_secs(5 * 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_told_apart_and_never_printed() {
        let secret = || Secret::new("11111111-2222-3333-4444-555555555555");
        let token = Credential::new("ipr@pve!daemon", secret());
        assert!(matches!(&token, Ok(Credential::Token(text)) if text.expose().starts_with("ipr@pve!daemon=1111")));
        assert!(!format!("{token:?}").contains("1111"));
        assert!(matches!(Credential::new("root@pam", secret()), Ok(Credential::Password { user, .. }) if user == "root@pam"));
        for bad in ["", "root", "@pve!x", "ipr@pve!", "ipr@pve!a b"] {
            assert!(Credential::new(bad, secret()).is_err(), "{bad}");
        }
    }
}
