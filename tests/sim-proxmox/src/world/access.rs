//! Who may do what?
//!
//! Source: pve-access-control `src/PVE/AccessControl.pm` (`$privgroups`, `create_roles`, `roles`).

use std::collections::{BTreeMap, BTreeSet};

use super::World;

/// A person's account.
#[derive(Clone, Debug, Default)]
pub struct User {
    pub password: String,
    pub enabled: bool,
    pub groups: BTreeSet<String>,
    /// Ticket answers with a challenge instead of a ticket.
    pub needs_second_factor: bool,
}

impl User {
    /// An enabled account with this password.
    pub fn with_password(password: &str) -> Self {
        Self { password: password.to_owned(), enabled: true, ..Self::default() }
    }

    pub(crate) fn defaults() -> BTreeMap<String, Self> {
        BTreeMap::from([("root@pam".to_owned(), Self::with_password("secret"))])
    }
}

/// An API token of a user.
#[derive(Clone, Debug, Default)]
pub struct Token {
    pub secret: String,
    /// Has only the privileges that its own ACL entries give, and never more than its user.
    pub separate: bool,
}

/// One line of the access control list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclEntry {
    /// `/`, `/vms/100`, `/storage/local`, ...
    pub path: String,
    /// A user, a token `user@realm!name`, or a group `@name`.
    pub who: String,
    pub role: String,
    pub propagate: bool,
}

/// The privileges of each group: those of root alone, of the group's administrators, of its users and of its auditors.
const PRIVILEGES: &[(&str, [&[&str]; 4])] = &[
    (
        "VM",
        [
            &[],
            &[
                "VM.Config.Disk",
                "VM.Config.CPU",
                "VM.Config.Memory",
                "VM.Config.Network",
                "VM.Config.HWType",
                "VM.Config.Options",
                "VM.Allocate",
                "VM.Clone",
                "VM.GuestAgent.Unrestricted",
                "VM.Migrate",
                "VM.Replicate",
                "VM.Snapshot",
                "VM.Snapshot.Rollback",
            ],
            &[
                "VM.Config.CDROM",
                "VM.Config.Cloudinit",
                "VM.Console",
                "VM.Backup",
                "VM.GuestAgent.FileRead",
                "VM.GuestAgent.FileSystemMgmt",
                "VM.GuestAgent.FileWrite",
                "VM.PowerMgmt",
            ],
            &["VM.Audit", "VM.GuestAgent.Audit"],
        ],
    ),
    ("Sys", [&["Sys.PowerMgmt", "Sys.Modify", "Sys.Incoming", "Sys.AccessNetwork"], &["Sys.Console", "Sys.Syslog"], &[], &["Sys.Audit"]]),
    ("Datastore", [&[], &["Datastore.Allocate", "Datastore.AllocateTemplate"], &["Datastore.AllocateSpace"], &["Datastore.Audit"]]),
    ("SDN", [&[], &["SDN.Allocate", "SDN.Audit"], &["SDN.Use"], &["SDN.Audit"]]),
    ("User", [&["Realm.Allocate"], &["User.Modify", "Group.Allocate", "Realm.AllocateUser"], &[], &[]]),
    ("Pool", [&[], &["Pool.Allocate"], &["Pool.Audit"], &["Pool.Audit"]]),
    ("Mapping", [&[], &["Mapping.Modify"], &["Mapping.Use"], &["Mapping.Audit"]]),
];

pub(crate) fn built_in_roles() -> BTreeMap<String, Vec<String>> {
    let mut roles: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut give = |role: String, privileges: &[&[&'static str]]| roles.entry(role).or_default().extend(privileges.concat());
    give("Administrator".to_owned(), &[&["Permissions.Modify"]]);
    give("NoAccess".to_owned(), &[]);
    give("PVETemplateUser".to_owned(), &[&["VM.Clone", "VM.Audit"]]);
    for (group, [root, admin, user, audit]) in PRIVILEGES {
        give("Administrator".to_owned(), &[root, admin, user, audit]);
        give(format!("PVE{group}Admin"), &[admin, user, audit]);
        give("PVEAdmin".to_owned(), &[admin, user, audit]);
        if !user.is_empty() {
            give(format!("PVE{group}User"), &[user, audit]);
        }
        give("PVEAuditor".to_owned(), &[audit]);
    }
    let mut roles: BTreeMap<String, Vec<String>> =
        roles.into_iter().map(|(role, privileges)| (role, privileges.into_iter().map(str::to_owned).collect())).collect();
    if let Some(admin) = roles.get_mut("PVEAdmin") {
        admin.retain(|privilege| privilege != "Mapping.Modify");
    }
    roles
}

impl World {
    /// The privileges of a user or token on a path, each with whether it reaches below.
    pub(crate) fn privileges(&self, actor: &str, path: &str) -> BTreeMap<String, bool> {
        let user = actor.split('!').next().unwrap_or(actor);
        let of_user = match user {
            "root@pam" => self.role("Administrator").map(|privilege| (privilege.clone(), true)).collect(),
            _ => self.granted(user, path),
        };
        match self.tokens.get(actor) {
            Some(token) if token.separate => {
                let own = self.granted(actor, path);
                own.into_iter().filter(|(privilege, _)| of_user.contains_key(privilege)).collect()
            }
            _ => of_user,
        }
    }

    /// Whether a user or token has a privilege on a path. Lists ask this for every guest.
    pub(crate) fn is_allowed(&self, actor: &str, path: &str, privilege: &str) -> bool {
        let is_root = actor == "root@pam" || (actor.starts_with("root@pam!") && self.tokens.get(actor).is_some_and(|token| !token.separate));
        is_root || self.privileges(actor, path).contains_key(privilege)
    }

    fn role(&self, role: &str) -> impl Iterator<Item = &String> {
        self.roles.get(role).into_iter().flatten()
    }

    /// What the list gives one user or token, and through a guest's or storage's pool.
    fn granted(&self, who: &str, path: &str) -> BTreeMap<String, bool> {
        let mut all = self.granted_on(who, path);
        let through_pools = self.pools.iter().filter(|(_, pool)| match path.trim_matches('/').split('/').collect::<Vec<_>>()[..] {
            ["vms", vmid] => vmid.parse().is_ok_and(|vmid| pool.guests.contains(&vmid)),
            ["storage", storage] => pool.storages.contains(storage),
            _ => false,
        });
        for (pool, _) in through_pools {
            all.extend(self.granted_on(who, &format!("/pool/{pool}")));
        }
        all
    }

    /// Walks from the root to the path: roles set on a deeper path replace those that were inherited.
    fn granted_on(&self, who: &str, path: &str) -> BTreeMap<String, bool> {
        let mut roles: BTreeMap<&str, bool> = BTreeMap::new();
        let groups = self.users.get(who).map(|user| &user.groups);
        for (step, is_last) in prefixes(path) {
            let here = |who_fits: &dyn Fn(&str) -> bool| -> BTreeMap<&str, bool> {
                let entries = self.acl.iter().filter(|entry| entry.path == step && who_fits(&entry.who) && (is_last || entry.propagate));
                entries.map(|entry| (entry.role.as_str(), entry.propagate)).collect()
            };
            let of_groups = here(&|name| name.strip_prefix('@').is_some_and(|name| groups.is_some_and(|groups| groups.contains(name))));
            let own = here(&|name| name == who);
            if let Some(found) = [own, of_groups].into_iter().find(|found| !found.is_empty()) {
                roles = found;
            }
        }
        if roles.contains_key("NoAccess") {
            return BTreeMap::new();
        }
        let privileges = roles.iter().flat_map(|(role, propagate)| self.role(role).map(|privilege| (privilege.clone(), *propagate)));
        privileges.collect()
    }
}

/// `/`, `/vms`, `/vms/100` for `/vms/100`; the last is marked.
pub(crate) fn prefixes(path: &str) -> Vec<(String, bool)> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let join = |count: usize| format!("/{}", parts[..count].join("/"));
    (0..=parts.len()).map(|count| (join(count), count == parts.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::{AclEntry, Token, User, World};

    fn world(entries: &[(&str, &str, &str)]) -> World {
        let mut world = World::new(&[]);
        world.users.insert("ci@pve".to_owned(), User::with_password("x"));
        world.tokens.insert("ci@pve!a".to_owned(), Token { secret: "s".to_owned(), separate: true });
        let entry = |(path, who, role): &(&str, &str, &str)| AclEntry {
            path: (*path).to_owned(),
            who: (*who).to_owned(),
            role: (*role).to_owned(),
            propagate: true,
        };
        world.acl = entries.iter().map(entry).collect();
        world
    }

    #[test]
    fn a_deeper_entry_replaces_an_inherited_one() {
        let world = world(&[("/", "ci@pve", "PVEAdmin"), ("/vms/100", "ci@pve", "PVEAuditor")]);
        assert!(world.privileges("ci@pve", "/vms/101").contains_key("VM.Allocate"));
        assert!(!world.privileges("ci@pve", "/vms/100").contains_key("VM.Allocate"));
        assert!(world.privileges("ci@pve", "/vms/100").contains_key("VM.Audit"));
    }

    #[test]
    fn a_separate_token_has_what_both_it_and_its_user_have() {
        let world = world(&[("/vms", "ci@pve", "PVEVMUser"), ("/", "ci@pve!a", "PVEVMAdmin")]);
        let privileges = world.privileges("ci@pve!a", "/vms/100");
        assert!(privileges.contains_key("VM.PowerMgmt"));
        assert!(!privileges.contains_key("VM.Allocate"));
    }

    #[test]
    fn a_pool_gives_its_guests() {
        let mut world = world(&[("/pool/dev", "ci@pve", "PVEVMAdmin")]);
        assert!(world.privileges("ci@pve", "/vms/100").is_empty());
        world.pools.entry("dev".to_owned()).or_default().guests.insert(100);
        assert!(world.privileges("ci@pve", "/vms/100").contains_key("VM.Allocate"));
    }
}
