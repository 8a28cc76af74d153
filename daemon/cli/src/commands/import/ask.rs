//! What is at each of these addresses? Some at a time, each with a deadline; one that does not answer is told, and stops nothing.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use core_model::{Diagnostic, TargetName};
use engine_api::Member;
use futures::StreamExt as _;

use crate::config::TargetConfig;
use crate::engines::{self, Reach};
use crate::failure::Failure;
use crate::terminal::Progress;

/// Half of the sessions that the engine of bare machines holds at once.
const AT_ONCE_MAX: usize = 32;
/// How long one member may take to tell everything.
const MEMBER_MAX: Duration = Duration::from_secs(120);

/// More of one mistake says nothing more.
const REFUSED_SHOWN_MAX: usize = 5;

/// What is at an address, or why that is not known.
pub(super) type Answers = BTreeMap<IpAddr, Result<Member, String>>;

/// Where the members are. All of them are looked at before any packet: an address that the credential is not meant for is a mistake.
pub(super) fn places(target: &TargetConfig, group: &TargetName, addresses: &[IpAddr]) -> Result<Vec<(IpAddr, String)>, Failure> {
    let (mut places, mut refused) = (Vec::new(), Vec::new());
    for address in addresses {
        match engines::place(target, group, Some(&address.to_string())) {
            Ok(place) => places.push((*address, place)),
            Err(why) => refused.push(format!("{address}: {why}.")),
        }
    }
    if refused.is_empty() {
        return Ok(places);
    }
    let more = refused.split_off(refused.len().min(REFUSED_SHOWN_MAX)).len();
    if more > 0 {
        refused.push(format!("And {more} more."));
    }
    let hint = format!("`targets.{}.endpoint` of the daemon's configuration says where the members of the group may be", target.name);
    Err(Failure::new(Diagnostic::error("Nothing imported", refused.join("\n"))).hint(hint))
}

pub(super) async fn all(target: &TargetConfig, places: Vec<(IpAddr, String)>) -> Result<Answers, Failure> {
    let progress = Progress::new();
    // What is wrong with the configuration is wrong for all of them.
    if let Some((_, place)) = places.first() {
        let reach = Reach::read(target, place).map_err(|why| Failure::new(Diagnostic::error("Nothing imported", why)))?;
        engines::connect(reach).map_err(|error| Failure::of("Nothing imported", error))?;
    }
    let number = places.len();
    let questions = places.into_iter().map(|(address, place)| async move { (address, one(target, &place).await) });
    let mut coming = futures::stream::iter(questions).buffer_unordered(AT_ONCE_MAX);
    let mut answers = Answers::new();
    progress.say(&format!("asking {number} addresses"));
    while let Some((address, answer)) = coming.next().await {
        answers.insert(address, answer);
        progress.say(&format!("asking {number} addresses, {} are done", answers.len()));
    }
    Ok(answers)
}

async fn one(target: &TargetConfig, place: &str) -> Result<Member, String> {
    let engine = Reach::read(target, place).and_then(|reach| engines::connect(reach).map_err(|error| error.to_string()))?;
    match tokio::time::timeout(MEMBER_MAX, engine.member()).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err(format!("it did not tell everything within {} s", MEMBER_MAX.as_secs())),
    }
}
