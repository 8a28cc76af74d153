//! How is a router, before anything is planned for it? Whether exports of it can be kept.

use engine_api::{Check, Checkup, ErrorKind};

use crate::export;
use crate::ssh::{Question, SshClient};

pub(crate) async fn checkup(ssh: Option<&SshClient>) -> Checkup {
    Checkup { unix_time_s: None, checks: vec![exports(ssh).await] }
}

async fn exports(ssh: Option<&SshClient>) -> Check {
    let Some(ssh) = ssh else {
        return Check::ok("no export is kept beside records: `settings` has no `ssh_host_key`").detail();
    };
    match ssh.ask(Question::Trial).await {
        Ok(text) if export::version(&text).is_some() => Check::ok("exports can be had over SSH, and are kept beside records").detail(),
        Ok(text) => {
            let said: String = text.trim().lines().next().unwrap_or("nothing").chars().take(200).collect();
            Check::warning(
                format!("no export is kept beside records: asked over SSH, it answers: {said}"),
                "give the user of SSH the policies ssh and read",
            )
        }
        Err(error) => Check::warning(format!("no export is kept beside records: {error}"), hint(error.kind)),
    }
}

fn hint(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthorised => "see that the user has the policy ssh, and this key or password",
        ErrorKind::Rejected => "see what the page of the engine says of the host key",
        _ => "see that /ip/service has ssh enabled for this machine, and that `ssh_host_key` is the router's",
    }
}
