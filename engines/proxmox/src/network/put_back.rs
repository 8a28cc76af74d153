//! How does a node get back what it had before its network was applied?
//!
//! By the same calls that stage any change, in an order that Proxmox takes: a port is in one bridge, a node has one default gateway,
//! and what others name must be there. What its API cannot write, such as `post-up` lines, is told.

use std::collections::BTreeMap;

use engine_api::{EngineError, ErrorKind};

use super::batch::{Batch, State, error};
use super::compare::{beyond, is_as_before};
use super::reach::{Reach, prove};
use super::{Session, form, unreachable};
use crate::reader::Interface;

const GATEWAYS: [&str; 2] = ["gateway", "gateway6"];

impl Batch {
    /// Puts back what was there before. The error says what came of it.
    pub(super) async fn put_back(&mut self, session: Session<'_>, node: &str, why: &str) -> EngineError {
        match self.restore(session, node).await {
            Ok(lost) => {
                self.state = State::Staging;
                let but = if lost.is_empty() { String::new() } else { format!(", but for {}", cannot_be_written(&lost)) };
                error(ErrorKind::Rejected, node, format!("{why}; what was there before was put back{but}"))
            }
            Err(second) => {
                self.state = State::Lost;
                unreachable(node, &format!("{why}; to put back what was there before failed: {second}. {}", self.way_back_in(node)))
            }
        }
    }

    /// [`Batch::put_back`] of what came true in the midst of a batch that is given up.
    pub(super) async fn take_back(&mut self, session: Session<'_>, node: &str) -> Result<(), EngineError> {
        match self.restore(session, node).await {
            Ok(lost) if lost.is_empty() => Ok(()),
            Ok(lost) => Err(error(ErrorKind::Rejected, node, format!("what was there before was put back, but for {}", cannot_be_written(&lost)))),
            Err(second) => {
                let names: Vec<String> = self.expected.keys().map(|name| format!("`{name}`")).collect();
                let why = format!("changes of {} are in force; to put back what was there before failed: {second}. ", names.join(", "));
                Err(error(second.kind, node, format!("{why}{}", self.way_back_in(node))))
            }
        }
    }

    /// Stages and applies what was there before. Gives what Proxmox's API cannot write.
    async fn restore(&self, session: Session<'_>, node: &str) -> Result<Vec<String>, EngineError> {
        let now = session.reader.network(node).await?.interfaces;
        let names: Vec<&str> =
            self.expected.keys().map(String::as_str).filter(|name| !is_as_before(now.get(*name), self.before.get(*name))).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut back = Back { session, node, before: &self.before, now };
        let lost = names.iter().flat_map(|name| back.cannot_write(name)).collect();
        if let Err(first) = back.stage(names).await {
            // Half of it must not come true at the next start of the node.
            return Err(match session.calls.revert_network(node).await {
                Ok(()) => first,
                Err(second) => {
                    error(first.kind, node, format!("{first}; part of it stays staged ({second}); run `pvesh delete /nodes/{node}/network`"))
                }
            });
        }
        session.calls.apply_network(node).await?;
        match prove(session, node, &self.ways).await {
            Reach::Answers => Ok(lost),
            Reach::OnlyThroughOthers(_) => Err(unreachable(node, "it still does not answer at its own address")),
            Reach::Gone(why) => Err(unreachable(node, &why)),
        }
    }

    /// What a person at the console does.
    pub(super) fn way_back_in(&self, node: &str) -> String {
        let stanzas = self.expected.keys().map(|name| match self.before.get(name) {
            Some(before) => form::stanza(name, before),
            None => format!("(no stanza of {name})"),
        });
        let stanzas: Vec<String> = stanzas.collect();
        format!(
            "To get back in: log in as root on the console of `{node}` (its screen, or its BMC), keep a copy with `cp \
             /etc/network/interfaces /etc/network/interfaces.broken`, edit /etc/network/interfaces so that these stanzas are as before, and run \
             `ifreload -a`:\n{}",
            stanzas.join("\n\n")
        )
    }
}

fn cannot_be_written(lost: &[String]) -> String {
    format!("what Proxmox's API cannot write, which is to be added to /etc/network/interfaces by hand: {}", lost.join("; "))
}

/// The way back, as far as it has been staged.
struct Back<'b> {
    session: Session<'b>,
    node: &'b str,
    before: &'b BTreeMap<String, Interface>,
    /// What is there, with what was staged so far.
    now: BTreeMap<String, Interface>,
}

impl Back<'_> {
    /// What an interface had and will not have again: it went, and these lines with it.
    fn cannot_write(&self, name: &str) -> Option<String> {
        let had = self.before.get(name).map(beyond).unwrap_or_default();
        let has = self.now.get(name).map(beyond).unwrap_or_default();
        let lost = had.iter().filter(|(option, text)| has.get(*option) != Some(text));
        let lost: Vec<String> = lost.map(|(option, text)| format!("`{option} {}`", text.replace('\n', "`, `"))).collect();
        (!lost.is_empty()).then(|| format!("of `{name}` {}", lost.join(", ")))
    }

    /// First everybody gives up what another one may be waiting for. Then whatever is taken, round by round: what is refused in
    /// one round may be taken after the others of it.
    async fn stage(&mut self, names: Vec<&str>) -> Result<(), EngineError> {
        for name in &names {
            self.strip(name).await?;
        }
        let mut left = names;
        while !left.is_empty() {
            let mut refused = None;
            let mut still = Vec::new();
            for name in &left {
                match self.one(name, self.before.get(*name).cloned()).await {
                    Ok(()) => {}
                    Err(error) if is_refusal(&error) => {
                        still.push(*name);
                        refused = Some(error);
                    }
                    Err(error) => return Err(error),
                }
            }
            if let Some(error) = refused.filter(|_| still.len() == left.len()) {
                return Err(error);
            }
            left = still;
        }
        Ok(())
    }

    /// Takes off the ports and the gateways that an interface did not have.
    async fn strip(&mut self, name: &str) -> Result<(), EngineError> {
        let (Some(now), Some(before)) = (self.now.get(name), self.before.get(name)) else { return Ok(()) };
        let mut less = now.clone();
        for gateway in GATEWAYS.iter().filter(|gateway| now.get(gateway) != before.get(gateway)) {
            less.options.remove(*gateway);
        }
        let had: Vec<&str> = form::list(before, "bridge_ports").collect();
        let kept: Vec<&str> = form::list(now, "bridge_ports").filter(|port| had.contains(port)).collect();
        less.options.insert("bridge_ports".to_owned(), kept.join(" "));
        if is_as_before(Some(&less), Some(now)) {
            return Ok(());
        }
        self.one(name, Some(less)).await
    }

    async fn one(&mut self, name: &str, wanted: Option<Interface>) -> Result<(), EngineError> {
        let (calls, now) = (self.session.calls, self.now.get(name));
        let Some(wanted) = wanted else {
            if now.is_some() {
                calls.stage_gone(self.node, name).await?;
            }
            self.now.remove(name);
            return Ok(());
        };
        let mark = crate::comment::mark(wanted.get("comments"), &format!("{}/{name}", self.node));
        let parameters = form::parameters(name, &wanted, now, mark.as_ref());
        match now {
            Some(_) => calls.stage_changed(self.node, name, parameters).await?,
            None => calls.stage_new(self.node, name, parameters).await?,
        }
        self.now.insert(name.to_owned(), wanted);
        Ok(())
    }
}

/// Proxmox looked at it and said no. After anything else nothing more is asked.
fn is_refusal(error: &EngineError) -> bool {
    matches!(error.kind, ErrorKind::Rejected | ErrorKind::Conflict | ErrorKind::NotFound)
}
