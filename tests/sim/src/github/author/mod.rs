//! What can people do on the forge, as a test tells their story?
//!
//! Each action has the consequences it has on GitHub: git objects, refs, states and webhooks.

mod deliveries;
mod handle;

use super::error::ForgeError;
use super::forge::Forge;
use super::refusal::Refusal;
use super::world::World;

pub use handle::RepositoryHandle;

/// Files by path; `None` removes one.
pub type Changes<'a> = &'a [(&'a str, Option<&'a str>)];

/// A commit to push.
#[derive(Clone, Copy, Debug)]
pub struct Push<'a> {
    pub branch: &'a str,
    /// Where a new branch starts, or what a forced push goes back to. `None`: the branch itself, or the default branch.
    pub from: Option<&'a str>,
    pub author: &'a str,
    pub message: &'a str,
    pub changes: Changes<'a>,
}

/// A pull request to open.
#[derive(Clone, Copy, Debug)]
pub struct NewPull<'a> {
    pub author: &'a str,
    /// `branch`, or `owner:branch` for a fork.
    pub head: &'a str,
    pub base: &'a str,
    pub title: &'a str,
    pub body: &'a str,
    pub draft: bool,
}

/// What a review says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    Approved,
    ChangesRequested,
    Commented,
}

impl Forge {
    /// Creates a repository whose default branch holds these files.
    pub async fn repository(&self, full_name: &str, default_branch: &str, files: &[(&str, &str)]) -> Result<RepositoryHandle, ForgeError> {
        let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect();
        let (name, branch) = (full_name.to_owned(), default_branch.to_owned());
        self.act(move |world| world.create_repository(&name, &branch, &files)).await?;
        Ok(self.at(full_name))
    }

    /// Makes somebody a member of an organisation's team. Both are made if need be.
    pub async fn team_member(&self, organisation: &str, team: &str, login: &str) -> Result<(), ForgeError> {
        let (organisation, team, login) = (organisation.to_owned(), team.to_owned(), login.to_owned());
        self.act(move |world| {
            world.add_to_team(&organisation, &team, &login);
            Ok(())
        })
        .await
    }

    /// A handle to a repository that exists.
    pub fn at(&self, full_name: &str) -> RepositoryHandle {
        RepositoryHandle::new(self.clone(), full_name)
    }

    /// A personal access token of a user, who is made if need be. The same user always gets the same token.
    pub fn token_for(&self, login: &str) -> String {
        let mut world = self.shared().lock();
        world.add_user(login, if login.ends_with("[bot]") { "Bot" } else { "User" });
        let token = format!("pat_{}", login.replace(['[', ']'], "_"));
        world.tokens.insert(token.clone(), login.to_owned());
        token
    }

    /// Makes all tokens of a user worthless.
    pub fn revoke_tokens_of(&self, login: &str) {
        self.shared().lock().tokens.retain(|_, owner| owner != login);
    }

    pub(super) async fn act<T: Send + 'static>(
        &self,
        action: impl FnOnce(&mut World) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, ForgeError> {
        let outcome = self.shared().change(action).await;
        self.shared().outbox().wake();
        Ok(outcome??)
    }
}
