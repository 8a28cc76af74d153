//! What follows when refs move?
//!
//! A push, a merge button and the Git Data API all end here: events leave, pull requests follow their branches.

use serde_json::{Value, json};

use crate::github::git::Commit;
use crate::github::refusal::Refusal;
use crate::github::webhook::Event;
use crate::github::world::World;

/// GitHub sends no push event when more branches than this moved at once.
const BRANCHES_MAX: usize = 5_000;
/// GitHub lists at most this many commits in one push event.
const COMMITS_MAX: &str = "2048";

/// A ref before and after; `None` is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefMove {
    pub(crate) name: String,
    pub(crate) old: Option<String>,
    pub(crate) new: Option<String>,
}

impl World {
    /// Moves one ref on disk and lets everything follow.
    pub(crate) fn move_ref(&mut self, full_name: &str, by: &str, name: &str, new: Option<&str>) -> Result<(), Refusal> {
        let repository = self.repository(full_name)?;
        let old = repository.refs.get(name).cloned();
        if old.as_deref() == new {
            return Ok(());
        }
        repository.git.set_ref(name, new)?;
        let moved = RefMove { name: name.to_owned(), old, new: new.map(str::to_owned) };
        self.refs_moved(full_name, by, vec![moved])
    }

    /// Takes note of refs that have moved on disk already.
    pub(crate) fn refs_moved(&mut self, full_name: &str, by: &str, moves: Vec<RefMove>) -> Result<(), Refusal> {
        if moves.is_empty() {
            return Ok(());
        }
        let now = self.clock.tick();
        let repository = self.repository_mut(full_name)?;
        repository.pushed_at = now;
        for moved in &moves {
            match &moved.new {
                Some(new) => repository.refs.insert(moved.name.clone(), new.clone()),
                None => repository.refs.remove(&moved.name),
            };
        }
        let silent = moves.len() > BRANCHES_MAX;
        for moved in moves {
            if !silent {
                self.emit_move(full_name, by, &moved)?;
            }
            if let Some(branch) = moved.name.strip_prefix("refs/heads/") {
                self.pulls_follow(full_name, by, branch, &moved)?;
            }
        }
        Ok(())
    }

    fn emit_move(&mut self, full_name: &str, by: &str, moved: &RefMove) -> Result<(), Refusal> {
        let named = ["branch", "tag"].into_iter().zip(["refs/heads/", "refs/tags/"]);
        let Some((kind, short)) = named.into_iter().find_map(|(kind, prefix)| Some((kind, moved.name.strip_prefix(prefix)?))) else {
            return Ok(());
        };
        let repository = self.repository(full_name)?;
        if repository.hooks.is_empty() {
            return Ok(());
        }
        let default_branch = repository.default_branch.clone();
        let push = self.push_json(full_name, by, moved)?;
        self.emit(full_name, Event::plain("push"), by, |_| push);
        let mut fields = json!({ "ref": short, "ref_type": kind, "pusher_type": "user" });
        match (&moved.old, &moved.new) {
            (None, Some(_)) => {
                fields["master_branch"] = json!(default_branch);
                fields["description"] = Value::Null;
                self.emit(full_name, Event::plain("create"), by, |_| fields);
            }
            (Some(_), None) => self.emit(full_name, Event::plain("delete"), by, |_| fields),
            _ => {}
        }
        Ok(())
    }

    fn push_json(&self, full_name: &str, by: &str, moved: &RefMove) -> Result<Value, Refusal> {
        let git = &self.repository(full_name)?.git;
        let zero = "0".repeat(40);
        let before = moved.old.as_deref().unwrap_or(&zero);
        let after = moved.new.as_deref().unwrap_or(&zero);
        let forced = match (&moved.old, &moved.new) {
            (Some(old), Some(new)) => !git.is_ancestor(old, new)?,
            _ => false,
        };
        let mut commits = Vec::new();
        for commit in self.pushed_commits(full_name, moved)? {
            let files = git.changes(commit.parents.first().map(String::as_str), &commit.sha, false)?;
            commits.push(self.pushed_commit_json(full_name, &commit, &files));
        }
        let head = match &moved.new {
            Some(new) if git.resolve_commit(new).is_some() => {
                let commit = git.commit(new)?;
                let files = git.changes(commit.parents.first().map(String::as_str), new, false)?;
                self.pushed_commit_json(full_name, &commit, &files)
            }
            _ => Value::Null,
        };
        Ok(json!({
            "ref": moved.name, "before": before, "after": after, "base_ref": null,
            "created": moved.old.is_none(), "deleted": moved.new.is_none(), "forced": forced,
            "compare": format!("{}/{full_name}/compare/{}...{}", self.web_url, short(before), short(after)),
            "commits": commits, "head_commit": head,
            "pusher": { "name": by, "email": crate::github::json::email(by) },
            "repository": self.pushed_repository_json(full_name),
        }))
    }

    /// What the push brought that no other branch had, oldest first.
    fn pushed_commits(&self, full_name: &str, moved: &RefMove) -> Result<Vec<Commit>, Refusal> {
        let repository = self.repository(full_name)?;
        let Some(new) = &moved.new else { return Ok(Vec::new()) };
        if !moved.name.starts_with("refs/heads/") {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["--reverse", "--topo-order", "-n", COMMITS_MAX, new.as_str(), "--not"];
        let others = repository.refs.iter().filter(|(name, _)| name.starts_with("refs/heads/") && **name != moved.name);
        match &moved.old {
            Some(old) => arguments.push(old),
            None => arguments.extend(others.map(|(_, sha)| sha.as_str())),
        }
        if arguments.last() == Some(&"--not") {
            arguments.pop();
        }
        Ok(repository.git.log(&arguments)?)
    }
}

fn short(sha: &str) -> &str {
    sha.get(..12).unwrap_or(sha)
}
