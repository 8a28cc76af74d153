//! Who may log in? Accounts that are made and deleted, or slots that are filled and emptied.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::refusal::Refusal;
use super::state::LocalAccount;

pub(super) const ROLES: &[&str] = &["Administrator", "Operator", "ReadOnly"];

pub(super) struct Accounts {
    pub(super) by_id: BTreeMap<usize, LocalAccount>,
    slots: Option<usize>,
    next: usize,
    /// Nobody logs in with one of these, whatever the password.
    pub(super) locked: BTreeSet<String>,
}

fn nobody() -> LocalAccount {
    LocalAccount { name: String::new(), password: String::new(), role: "None".to_owned(), enabled: false }
}

impl Accounts {
    pub(super) fn new(slots: Option<usize>) -> Self {
        let admin = LocalAccount::new("admin", "password", "Administrator");
        let mut by_id = BTreeMap::from([(2, admin), (3, LocalAccount::new("oper", "opassword", "Operator"))]);
        for id in 1..=slots.unwrap_or(0) {
            by_id.entry(id).or_insert_with(nobody);
        }
        Self { by_id, slots, next: 4, locked: BTreeSet::new() }
    }

    pub(super) fn who(&self, name: &str, password: &str) -> Option<&LocalAccount> {
        let is_let_in = |account: &&LocalAccount| account.enabled && !self.locked.contains(name) && account.password == password;
        self.by_id.values().find(|account| !name.is_empty() && account.name == name && is_let_in(account))
    }

    pub(super) fn told(&self, id: usize) -> Option<Value> {
        let account = self.by_id.get(&id)?;
        Some(json!({
            "Id": id.to_string(),
            "UserName": account.name,
            "Password": null,
            "RoleId": account.role,
            "Enabled": account.enabled,
            "AccountTypes": ["Redfish"],
            "Locked": self.locked.contains(&account.name),
        }))
    }

    pub(super) fn make(&mut self, body: &Value) -> Result<usize, Refusal> {
        if self.slots.is_some() {
            return Err(Refusal::method());
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let (Some(name), Some(_), Some(_)) = (text("UserName"), text("Password"), text("RoleId")) else {
            return Err(Refusal::new(400, "CreateFailedMissingReqProperties", "The create operation failed because a required property is missing."));
        };
        if self.by_id.values().any(|account| account.name == name) {
            return Err(Refusal::new(409, "ResourceAlreadyExists", format!("There is an account {name} already.")));
        }
        let mut account = LocalAccount { enabled: true, ..nobody() };
        set(&mut account, body)?;
        let id = self.next;
        self.next += 1;
        self.by_id.insert(id, account);
        Ok(id)
    }

    pub(super) fn change(&mut self, id: usize, body: &Value) -> Result<(), Refusal> {
        if self.slots.is_some() && id == 1 {
            return Err(Refusal::new(400, "PropertyNotWritable", "The first slot is reserved."));
        }
        let account = self.by_id.get_mut(&id).ok_or_else(|| Refusal::missing("the account"))?;
        let mut changed = account.clone();
        set(&mut changed, body)?;
        // As iDRAC does: of a request that empties a slot, everything else is dropped.
        *account = if changed.name.is_empty() { LocalAccount { role: account.role.clone(), enabled: account.enabled, ..nobody() } } else { changed };
        Ok(())
    }

    pub(super) fn delete(&mut self, id: usize) -> Result<(), Refusal> {
        if self.slots.is_some() {
            return Err(Refusal::method());
        }
        self.by_id.remove(&id).map(|_| ()).ok_or_else(|| Refusal::missing("the account"))
    }
}

fn set(account: &mut LocalAccount, body: &Value) -> Result<(), Refusal> {
    const PASSWORD_LENGTH_MAX: usize = 40;
    for (name, value) in body.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("UserName", Value::String(text)) => account.name.clone_from(text),
            ("Password", Value::String(text)) if text.len() <= PASSWORD_LENGTH_MAX && !text.contains("refused") => account.password.clone_from(text),
            ("RoleId", Value::String(text)) if ROLES.contains(&text.as_str()) => account.role.clone_from(text),
            ("Enabled", Value::Bool(flag)) => account.enabled = *flag,
            ("UserName" | "Password" | "RoleId" | "Enabled", value) => return Err(Refusal::value(name, value)),
            _ => return Err(Refusal::unknown(name)),
        }
    }
    Ok(())
}
