//! How do repositories, forks and people come to be?

use std::collections::BTreeMap;

use crate::github::git::Git;
use crate::github::refusal::Refusal;
use crate::github::world::{Permission, Repository, World};

use super::NewWork;

impl World {
    /// Creates a repository whose default branch holds the files in one commit.
    pub(crate) fn create_repository(&mut self, full_name: &str, default_branch: &str, files: &[(String, Option<String>)]) -> Result<(), Refusal> {
        let git = self.create_bare(full_name, default_branch)?;
        self.insert_repository(full_name, default_branch, git)?;
        if !files.is_empty() {
            let owner = self.repository(full_name)?.owner.clone();
            let parent = None;
            let work = NewWork { author: &owner, message: "Initial commit", parent, changes: files };
            let commit = self.write_work(full_name, &work)?;
            let name = format!("refs/heads/{default_branch}");
            let repository = self.repository_mut(full_name)?;
            repository.git.set_ref(&name, Some(&commit))?;
            repository.refs.insert(name, commit);
        }
        Ok(())
    }

    /// Copies a repository under another owner, who becomes its administrator.
    pub(crate) fn fork(&mut self, full_name: &str, owner: &str) -> Result<String, Refusal> {
        let source = self.repository(full_name)?;
        let (path, default_branch) = (source.git.directory().to_string_lossy().into_owned(), source.default_branch.clone());
        let fork_name = format!("{owner}/{}", source.name);
        let git = self.create_bare(&fork_name, &default_branch)?;
        git.text(&["fetch", "--quiet", &path, "+refs/heads/*:refs/heads/*"])?;
        self.insert_repository(&fork_name, &default_branch, git)?;
        self.add_user(owner, "User");
        let fork = self.repository_mut(&fork_name)?;
        fork.fork = true;
        fork.refs = fork.git.refs()?;
        Ok(fork_name)
    }

    fn create_bare(&self, full_name: &str, default_branch: &str) -> Result<Git, Refusal> {
        let is_safe = |part: &str| !part.is_empty() && !part.starts_with('.') && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let safe = full_name.split_once('/').is_some_and(|(owner, name)| is_safe(owner) && is_safe(name));
        if !safe || self.repositories.contains_key(full_name) {
            return Err(Refusal::field("Repository", "name", "invalid"));
        }
        Ok(Git::create(self.root.join(format!("{full_name}.git")), default_branch)?)
    }

    fn insert_repository(&mut self, full_name: &str, default_branch: &str, git: Git) -> Result<(), Refusal> {
        let (owner, name) = full_name.split_once('/').ok_or(Refusal::NOT_FOUND)?;
        self.add_user(owner, "Organization");
        let (id, now) = (self.next_id(), self.clock.tick());
        let repository = Repository {
            id,
            owner: owner.to_owned(),
            name: name.to_owned(),
            default_branch: default_branch.to_owned(),
            fork: false,
            git,
            refs: BTreeMap::new(),
            permissions: BTreeMap::new(),
            last_number: 0,
            issues: BTreeMap::new(),
            comments: BTreeMap::new(),
            reactions: Vec::new(),
            statuses: Vec::new(),
            labels: BTreeMap::new(),
            hooks: Vec::new(),
            rulesets: Vec::new(),
            created_at: now,
            pushed_at: now,
        };
        self.repositories.insert(full_name.to_owned(), repository);
        Ok(())
    }

    /// Forgets a repository; pull requests from it lose their head repository.
    pub(crate) fn delete_repository(&mut self, full_name: &str) -> Result<(), Refusal> {
        self.repositories.remove(full_name).ok_or(Refusal::NOT_FOUND)?;
        for repository in self.repositories.values_mut() {
            for pull in repository.issues.values_mut().filter_map(|issue| issue.pull.as_mut()) {
                if pull.head_repository.as_deref() == Some(full_name) {
                    pull.head_repository = None;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn grant(&mut self, full_name: &str, login: &str, permission: Permission) -> Result<(), Refusal> {
        self.add_user(login, if login.ends_with("[bot]") { "Bot" } else { "User" });
        self.repository_mut(full_name)?.permissions.insert(login.to_owned(), permission);
        Ok(())
    }

    pub(crate) fn add_ruleset(&mut self, full_name: &str, branches: &str, rules: &[String]) -> Result<(), Refusal> {
        self.repository_mut(full_name)?.rulesets.push((branches.to_owned(), rules.to_vec()));
        Ok(())
    }

    pub(crate) fn add_to_team(&mut self, organisation: &str, team: &str, login: &str) {
        self.add_user(login, "User");
        self.teams.entry((organisation.to_owned(), team.to_owned())).or_default().insert(login.to_owned());
    }

    pub(crate) fn repository(&self, full_name: &str) -> Result<&Repository, Refusal> {
        self.repositories.get(full_name).ok_or(Refusal::NOT_FOUND)
    }

    pub(crate) fn repository_mut(&mut self, full_name: &str) -> Result<&mut Repository, Refusal> {
        self.repositories.get_mut(full_name).ok_or(Refusal::NOT_FOUND)
    }
}
