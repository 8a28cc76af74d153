//! How does a set come to its members? What is missing is added first, and what is not wanted goes last.

use engine_api::{EngineError, ErrorKind};
use serde_json::{Map, Value, json};

use crate::apply::Task;
use crate::client::Parameters;
use crate::config::text_of;
use crate::firewall::words;

/// One member, in the one form that is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// `10.0.0.0/8`, or `dc/office` for an alias.
    pub(crate) key: String,
    nomatch: bool,
    comment: Option<String>,
    /// As Proxmox has it, which is what its calls name.
    raw: String,
}

impl Member {
    pub(crate) fn of_blueprint(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
        let alias = value.get("alias").and_then(|link| link.get("name")).and_then(Value::as_str);
        let key = text("cidr").or_else(|| alias.map(scoped)).unwrap_or_default();
        Self { raw: key.clone(), key, nomatch: value.get("nomatch") == Some(&json!(true)), comment: text("comment") }
    }

    pub(crate) fn of_row(row: &Value) -> Self {
        let text = |field: &str| row.get(field).filter(|value| !value.is_null()).map(text_of).filter(|text| !text.trim().is_empty());
        let raw = text("cidr").unwrap_or_default();
        let key = words::masked(&raw).unwrap_or_else(|| scoped(&raw.to_ascii_lowercase()));
        Self { key, nomatch: text("nomatch").is_some_and(|flag| flag != "0"), comment: text("comment").map(|text| text.trim().to_owned()), raw }
    }

    pub(crate) fn to_blueprint(&self) -> Value {
        let mut value = Map::new();
        match self.alias() {
            Some(name) => value.insert("alias".to_owned(), json!({"external": name, "name": name})),
            None => value.insert("cidr".to_owned(), json!(self.key)),
        };
        value.extend(self.nomatch.then(|| ("nomatch".to_owned(), json!(true))));
        value.extend(self.comment.as_ref().map(|comment| ("comment".to_owned(), json!(comment))));
        Value::Object(value)
    }

    /// The alias that it is, by the name that blueprints have for it.
    pub(crate) fn alias(&self) -> Option<&str> {
        let is_alias = words::masked(&self.key).is_none();
        is_alias.then(|| self.key.strip_prefix("dc/").unwrap_or(&self.key))
    }

    fn is_so(&self, other: &Self) -> bool {
        (self.nomatch, &self.comment) == (other.nomatch, &other.comment)
    }

    fn parameters(&self) -> Parameters {
        let nomatch = self.nomatch.then(|| ("nomatch".to_owned(), "1".to_owned()));
        nomatch.into_iter().chain(self.comment.clone().map(|comment| ("comment".to_owned(), comment))).collect()
    }
}

fn scoped(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("dc/{name}") }
}

/// What is to be done next with a set; a call for each.
enum Next<'m> {
    Add(&'m Member),
    Change(&'m Member, &'m Member),
    Remove(&'m Member),
}

fn next<'m>(seen: &'m [Member], wanted: &'m [Member]) -> Option<Next<'m>> {
    let same = |members: &'m [Member], member: &Member| members.iter().find(|other| other.key == member.key);
    let is_new = |member: &&Member| same(seen, member).is_none();
    let is_gone = |member: &&Member| same(wanted, member).is_none();
    let differs = |member: &'m Member| same(seen, member).filter(|found| !found.is_so(member)).map(|found| Next::Change(found, member));
    let add = |nomatch: bool| wanted.iter().filter(|member| member.nomatch == nomatch).find(is_new).map(Next::Add);
    let change = |nomatch: bool| wanted.iter().filter(|member| member.nomatch == nomatch).find_map(differs);
    let remove = |nomatch: bool| seen.iter().filter(|member| member.nomatch == nomatch).find(is_gone).map(Next::Remove);
    // An exception comes before the network that it is an exception of, and goes after it.
    let coming = add(true).or_else(|| change(true)).or_else(|| add(false));
    coming.or_else(|| remove(false)).or_else(|| change(false)).or_else(|| remove(true))
}

/// More calls than any set needs that nobody else changes.
const CALLS_BEYOND_MEMBERS: usize = 64;

/// Brings the set of the step to its members. What was neither reviewed nor is wanted is somebody else's doing.
pub(super) async fn bring(task: &Task<'_>, reviewed: Option<&[Member]>) -> Result<(), EngineError> {
    let values = task.firewall_values();
    let wanted: Vec<Member> = values.get("specs.members").and_then(Value::as_array).into_iter().flatten().map(Member::of_blueprint).collect();
    let calls_max = wanted.len() + reviewed.map_or(0, <[Member]>::len) + CALLS_BEYOND_MEMBERS;
    for _ in 0..calls_max {
        let gone = || task.error(ErrorKind::NotFound, "it was deleted meanwhile");
        let rows = task.reader.members(task.name()).await?.ok_or_else(gone)?;
        let digest = rows.first().and_then(|row| row.get("digest")).map(text_of);
        let seen: Vec<Member> = rows.iter().map(Member::of_row).collect();
        let is_known = |member: &Member| [reviewed.unwrap_or(&seen), &wanted].iter().any(|known| known.iter().any(|other| other.key == member.key));
        if let Some(stranger) = seen.iter().find(|member| !is_known(member)) {
            return Err(task.conflict(format!("`{}` was added meanwhile by somebody else; plan again", stranger.key)));
        }
        let result = match next(&seen, &wanted) {
            None => return Ok(()),
            Some(Next::Add(member)) => task.calls.add_member(task.name(), &member.key, member.parameters()).await,
            Some(Next::Change(found, member)) => task.calls.change_member(task.name(), &found.raw, member.parameters(), digest.as_deref()).await,
            Some(Next::Remove(member)) => task.calls.remove_member(task.name(), &member.raw, digest.as_deref()).await,
        };
        // Somebody else was faster: the next look tells.
        if !matches!(&result, Err(error) if error.kind == ErrorKind::Conflict) {
            result?;
        }
    }
    Err(task.conflict("its members were changed again and again by somebody else; plan again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calls from one set to another; `!` for what is left out.
    fn calls(from: &[&str], to: &[&str]) -> Vec<String> {
        let member = |text: &&str| {
            let (nomatch, cidr) = text.strip_prefix('!').map_or((false, *text), |cidr| (true, cidr));
            Member { key: cidr.to_owned(), raw: cidr.to_owned(), nomatch, comment: None }
        };
        let (mut seen, wanted): (Vec<Member>, Vec<Member>) = (from.iter().map(member).collect(), to.iter().map(member).collect());
        let mut calls = Vec::new();
        loop {
            let (call, left) = match next(&seen, &wanted) {
                None => return calls,
                Some(Next::Add(member)) => (format!("add {}", member.key), seen.iter().chain([member]).cloned().collect()),
                Some(Next::Change(found, member)) => {
                    let others = seen.iter().filter(|other| other.key != found.key);
                    (format!("change {}", member.key), others.chain([member]).cloned().collect())
                }
                Some(Next::Remove(member)) => {
                    (format!("remove {}", member.key), seen.iter().filter(|other| other.key != member.key).cloned().collect())
                }
            };
            calls.push(call);
            seen = left;
        }
    }

    /// In between, nobody is in the set who is in neither.
    #[test]
    fn an_exception_comes_first_and_goes_last() {
        assert_eq!(calls(&[], &["10.0.0.0/8", "!10.9.0.0/16"]), ["add 10.9.0.0/16", "add 10.0.0.0/8"]);
        assert_eq!(calls(&["10.0.0.0/8", "!10.9.0.0/16"], &[]), ["remove 10.0.0.0/8", "remove 10.9.0.0/16"]);
        assert_eq!(calls(&["10.0.0.1"], &["!10.0.0.1", "10.0.0.0/8"]), ["change 10.0.0.1", "add 10.0.0.0/8"]);
        assert_eq!(calls(&["!10.0.0.1", "10.0.0.0/8"], &["10.0.0.1"]), ["remove 10.0.0.0/8", "change 10.0.0.1"]);
    }

    #[test]
    fn members_round_trip() {
        for value in [json!({"cidr": "10.0.0.0/8", "nomatch": true, "comment": "not these"}), json!({"alias": {"external": "mail", "name": "mail"}})]
        {
            let member = Member::of_blueprint(&value);
            assert_eq!(member.to_blueprint(), value);
            let mut row: Map<String, Value> = member.parameters().into_iter().map(|(name, text)| (name, json!(text))).collect();
            row.insert("cidr".to_owned(), json!(member.key));
            assert_eq!(Member::of_row(&Value::Object(row)), member);
        }
        assert_eq!(Member::of_row(&json!({"cidr": "Mail", "comment": " "})).to_blueprint(), json!({"alias": {"external": "mail", "name": "mail"}}));
    }
}
